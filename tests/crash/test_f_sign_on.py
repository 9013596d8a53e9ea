"""Twelve representatives press Sign at once, twice each, on both platforms, while the program is killed.

The platforms send what they could not deliver again with the same id; people who saw no answer press again.
"""

from __future__ import annotations

import asyncio
import random
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import tests.peers.discord
import tests.peers.slack
from bot.commands.model import Call, Role, Work
from bot.letters import records
from bot.letters.lifecycle import Decision, Dossier, State, Text, Version
from bot.letters.model import Paragraph, Translation, Written
from bot.letters.notices import announce, ask_members
from bot.people import records as people
from bot.people.model import Account, Person
from bot.store import address
from bot.store.sqlite import create, open_existing
from tests.crash import signing
from tests.crash.program import Life, World
from tests.kit.letters import rendering_of
from tests.kit.own_coalition import own
from tests.scenario.kit import DISCORD, ROOT, SLACK, shipped

TEAMS = {"slack": "T0HOME", "discord": "100000000000"}
NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
LEASE = 160  # seconds: more than the program's own lease, and what it gives Slack's history


def user(platform: str, n: int) -> str:
    return f"U0{n:05}" if platform == "slack" else f"2000000{n:05}"


@pytest.fixture
def world(monkeypatch):
    world = World(NOW)
    monkeypatch.setattr(tests.peers.slack, "time", world)
    monkeypatch.setattr(tests.peers.discord, "time", world)
    return world


class Campaign:
    """A letter that is open for sign-on, and everybody who may sign it, with an account on each platform."""

    def __init__(self, folder: Any, world: World, slack: Any, discord_: Any) -> None:
        config = shipped(folder, {}, {"policy": f"slack:{SLACK}", "news": f"discord:{DISCORD}"})
        how = config.coalition.letters.model_copy(update={"channel": "policy"})
        coalition = own(config.coalition, letters=how)
        self.config, self.world, self.path = (
            replace(config, coalition=coalition, folder=ROOT),
            world,
            folder / "coalition.db",
        )
        self.life = Life(f"sqlite:///{self.path}", self.config, slack.url, discord_.url, ahead=world.ahead)
        self._ids = iter(range(10**9))
        self.letter = self._open()

    def new_id(self) -> str:
        return f"{next(self._ids):032x}"

    def _open(self) -> Dossier:
        coalition = self.config.coalition
        body = (Paragraph("We ask for this."),)
        other = Translation(language="es", subject="Que termine", body=(Paragraph("Lo pedimos."),), sent=True)
        texts = (Text(Written(subject="An end to it", body=body, translation=other), ("office:ovc",)),)
        letter = Dossier(
            id=self.new_id(), number=1, state=State.OPEN, template="joint-applications", template_digest="",
            lobbying="none", lobbying_why="", created_by="pol", created_at=NOW,
            facts={"names": {"office:ovc": "the Director"}},
            version=Version(number=1, texts=texts, by="pol", at=NOW), closes_at=NOW + timedelta(days=3),
        )  # fmt: skip
        db = create(self.path)
        with db.write() as tx:
            address.take(tx, coalition.id, coalition.name, NOW)
            people.add(tx, Person(id="pol", name="Pol", roles=frozenset({Role.POLICY})), by=None, now=NOW)
            for n, id_ in enumerate(coalition.members):
                first, then = (Account(name, TEAMS[name], user(name, n)) for name in sorted(TEAMS, reverse=n % 2 == 0))
                who = {"id": id_, "name": id_, "organisation": id_, "roles": frozenset({Role.REPRESENTATIVE})}
                rep = Person(**who, accounts=(first,))
                both = Person(**who, accounts=(first, then))
                people.add(tx, rep, by=None, now=NOW)
                people.change(tx, rep, both, by=None, now=NOW + timedelta(seconds=1))
            records.add(tx, letter, rendering_of(self.config, letter.version, NOW.date()))
            records.save(tx, letter)
            records.open_version(tx, letter.id, letter.version.number, NOW)
            work = Work(tx=tx, config=self.config, now=NOW, new_id=self.new_id)
            announce(work, letter)
            ask_members(work, letter, "ask:1")
        db.close()
        return letter

    def presses(self, round_: int) -> tuple[Call, ...]:
        """Everybody, twice on each platform. `round_` 0 is what comes again with the same ids."""
        args = {"letter": self.letter.id, "text": self.letter.version.digest, "agree": "yes"}
        args |= {"signatory": "Maria Lopez", "title": "Director"}
        calls = [
            Call(
                path="letter sign", args=args, platform=name, team=team, user=user(name, n),
                id=f"{round_}-{n}-{press}",
            )
            for n in range(len(self.config.coalition.members)) for name, team in TEAMS.items() for press in (1, 2)
        ]  # fmt: skip
        random.shuffle(calls)
        return tuple(calls)

    async def live(self, forks: Any, round_: int, *, killed_at: int = 99) -> int | None:
        """One life of the program. It is killed as soon as so many have signed."""
        self.world.ahead += LEASE
        life = replace(self.life, ahead=self.world.ahead)
        ready, theirs = forks.Pipe(duplex=False)
        process = forks.Process(target=signing.child, args=(signing.Presses(life, self.presses(round_)), theirs))
        process.start()
        theirs.close()
        await asyncio.to_thread(ready.poll, 30)
        while process.is_alive() and len(self.signed()) < killed_at:  # noqa: ASYNC110 - another process signs
            await asyncio.sleep(0.002)
        if killed_at < 99:
            process.kill()
        await asyncio.to_thread(process.join, 60)
        return process.exitcode

    def signed(self) -> dict[str, str]:
        """Organisation → who signed for it."""
        db = open_existing(self.path)
        stored = records.sign_ons(db, self.letter.id)
        assert all(
            each.decision is Decision.SIGNED and each.digest == self.letter.version.digest for each in stored.values()
        )
        db.close()
        return {id_: each.person for id_, each in stored.items()}


@pytest.mark.long
async def test_f_twelve_sign_at_once_while_the_program_dies_again_and_again(tmp_path, forks, world, slack, discord_):
    campaign = Campaign(tmp_path, world, slack, discord_)
    reached = []
    for some in (1, 4, 7, 10):
        assert await campaign.live(forks, 0, killed_at=some) == -signal.SIGKILL
        reached.append(len(campaign.signed()))
    assert all(some <= had for some, had in zip((1, 4, 7, 10), reached, strict=True))
    assert reached[0] < 12  # the first kill at least came in the middle, however busy the machine
    for round_ in (0, 1):  # those that come again, and those that press again
        assert await campaign.live(forks, round_) == 0

    members = campaign.config.coalition.members
    assert campaign.signed() == {id_: id_ for id_ in members}
    (card,) = [text for text in slack.visible(SLACK) if "L-001: sign-on" in text]
    assert "12 of 12" in card
    for n, id_ in enumerate(members):
        peer, place = (slack, f"D{user('slack', n)[1:]}") if n % 2 == 0 else (discord_, f"9{user('discord', n)}")
        (own,) = peer.visible(place)
        assert "has signed L-001" in own, id_
