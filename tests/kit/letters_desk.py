"""What the tests of letters share: a coalition that may send, its people, and a letter taken as far as a test needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.commands.model import File, Form, Refusal, Reply, Role
from bot.config.load import Config
from bot.letters import records, reminders
from bot.letters.lifecycle import Dossier
from bot.outbox import files
from bot.outbox.model import from_json
from bot.people import records as people
from bot.people.model import Person
from bot.shared.card import Card
from tests.kit import stores
from tests.kit.alerts import document
from tests.kit.board import CONFIG, Board, run
from tests.kit.own_coalition import own

# What the form of agency-request requires.
REQUEST = {"field-1": "Each office decides alone.", "field-2": "- Write the rule down.\n- Publish it."}
GRANTS = document("2026-00001", "Enhanced Collaborative Model: forced labor", comments_close_on=date(2027, 1, 12))
NEW = {"template": "joint-applications", "to": "ovc", "ask": "1"}
UNTIL = "Fri 17:00"
_CONFIGS: list[Config] = []  # of the desks so far; a configuration has no hash
_PASTS: dict[tuple[object, ...], tuple[stores.Past, datetime, int, Config]] = {}  # by the steps that led to it


@cache  # what is made of a coalition is kept for the next desk
def config(**letters: Any) -> Config:
    """The shipped files, edited for a coalition; sign-ons are announced in the first channel."""
    channel = next(iter(CONFIG.feeds.channels))
    how = CONFIG.coalition.letters.model_copy(update={"channel": channel} | letters)
    return replace(CONFIG, coalition=own(CONFIG.coalition, letters=how))


class Desk(Board):
    """`pol` writes, `app` and `bap` approve, and each member has a representative: `reps[id]`."""

    def __init__(self, folder: Path, base: Config | None = None, **rest: Any) -> None:
        base = base or config()
        super().__init__(folder, config=base, **rest)
        self.not_private: str | None = ""  # why no channel is
        self.pol = self.add("Pol", Role.POLICY)
        self.app = self.add("App", Role.APPROVER)
        self.bap = self.add("Bap", Role.APPROVER)
        self.reps: Mapping[str, Person] = {
            id_: self.add(f"Rep {id_}", Role.REPRESENTATIVE, organisation=id_, user=f"U{id_.upper()}")
            for id_ in self.config.coalition.members
        }
        if base not in _CONFIGS:
            _CONFIGS.append(base)
        self.did(*([_CONFIGS.index(base)] if not rest else []))

    def did(self, *steps: object) -> None:
        """It is as any other desk that did the same; without steps, as no other."""
        self._done = steps, self._state()

    def _state(self) -> object:
        return stores.last_change(self.db), self.now, self.ids, self._in_force

    def once(self, step: Callable[[], object], *name: object) -> None:
        """Do a step whose name says all that it depends on; or, if another desk did it after the same, get what came
        of it.
        """
        done, state = self._done
        steps = (*done, name) if done and state == self._state() else ()
        if steps in _PASTS:
            past, self.now, self.ids, files = _PASTS[steps]
            past.repeat(self.db)
            if files != self._in_force.files:
                self.config = files
        else:
            step()
            if steps:
                _PASTS[steps] = stores.Past(self.db), self.now, self.ids, self._in_force.files
        self.did(*steps)

    def letter(self, key: str = "L-1") -> Dossier:
        stored = records.find(self.db, key)
        assert stored
        return stored

    def drafted(self, **args: str) -> Dossier:
        args = NEW | args
        by, given = ("letter fill", REQUEST) if args["template"] == "agency-request" else ("letter draft", {})
        self.once(lambda: self.card(self.pol, by, **(given | args)), "drafted", *sorted(args.items()))
        return self._newest()

    def approved(self, **args: str) -> Dossier:
        def step() -> None:
            name = self.drafted(**args).name
            self.card(self.pol, "letter review", letter=name)
            self.approve(name)

        self.once(step, "approved", *sorted(args.items()))
        return self._newest()

    def opened(self, until: str = UNTIL, **args: str) -> Dossier:
        def step() -> None:
            self.card(self.pol, "letter signon", letter=self.approved(**args).name, until=until)

        self.once(step, "opened", until, *sorted(args.items()))
        return self._newest()

    def locked(self, *signers: str) -> Dossier:
        def step() -> None:
            name = self.opened().name
            for id_ in signers:
                self.signs(id_, name)
            self.lock(name)

        self.once(step, "locked", *signers)
        return self._newest()

    def _newest(self) -> Dossier:
        return records.letters(self.db)[0]

    def approve(self, name: str = "L-1", by: Person | None = None) -> Card:
        return self.card(by or self.app, "letter approve", letter=name, text=self.text(name), agree="yes")

    def signs(self, id_: str, name: str = "L-1") -> Card:
        who = {"signatory": f"Head of {id_}", "title": "Director"}
        return self.card(self.reps[id_], "letter sign", letter=name, agree="yes", text=self.text(name), **who)

    def records(self, id_: str, name: str = "L-1", **given: str) -> Card:
        """Staff record a signature that was given elsewhere."""
        given = {"evidence": "email", "note": "3 November", "signatory": "Sam Roe", "title": "Director"} | given
        return self.card(self.pol, "letter record", letter=name, member=id_, **given)

    def lock(self, name: str = "L-1") -> Card:
        return self.card(self.pol, "letter lock", letter=name, text=self.text(name))

    def text(self, name: str = "L-1") -> str:
        """The digest by which cards and forms name the text."""
        return self.letter(name).version.digest

    def form(self, person: Person, path: str, **args: str) -> Form:
        answer = self.ask(person, path, "", **args)
        assert isinstance(answer, Reply), answer
        assert answer.form, answer
        return answer.form

    def file(self, person: Person, **args: str) -> File:
        answer = self.ask(person, "letter export", "", **{("as_" if k == "as" else k): v for k, v in args.items()})
        assert isinstance(answer, Reply), answer
        assert answer.file, answer
        return answer.file

    def hand(self, person: Person, path: str, data: bytes, *, name: str = "file.csv", **args: str) -> Reply | Refusal:
        """Put a file into the form of a command."""

        async def fetch() -> File:
            return File(name, "", data)

        call = self.call(person, path, "", file=name, **args)
        return run(self.dispatcher.answer(replace(call, files={"file": fetch})))

    def compose(self, **later: float) -> None:
        """Time passes, and the bot runs twice: the second run ends what the first started."""
        self.now += timedelta(**later)
        for _ in range(2):
            job = self.job
            reminders.compose(job, not_private=lambda name: self.not_private)
            reminders.look(job, not_private=lambda name: self.not_private)

    def sent_to(self, person: Person) -> list[Card]:
        """The direct messages to a person, oldest first, in their current form."""
        return self.shown(f"dm:{person.id}")

    def shown(self, channel: str) -> list[Card]:
        return [from_json(row["card"]) for row in self._rows(channel)]

    def files(self, channel: str) -> list[list[str]]:
        """The names of the files that go with each message."""
        return [[file.name for file in files.load(self.db, row["id"])] for row in self._rows(channel)]

    def _rows(self, channel: str) -> list[dict[str, Any]]:
        sql = """
            SELECT d.id, d.thread, COALESCE(e.card, d.card) AS card FROM delivery AS d
            LEFT JOIN delivery AS e ON e.edits = d.id
            WHERE d.channel = :channel AND d.edits IS NULL AND d.kind = 'letter' ORDER BY d.seq
        """
        return [dict(row) for row in self.db.read(sql, {"channel": channel})]


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def last_change(desk: Desk) -> tuple[str, str, str]:
    change = desk.changes()[-1]
    return change.subject, change.before, change.after


def leave(desk: Desk, *who: Person) -> None:
    with desk.db.write() as tx:
        for person in who:
            people.remove(tx, person, now=desk.now)


def outdated(desk: Desk) -> None:
    """A fact that every letter prints changes."""
    coalition = desk.config.coalition.model_copy(update={"contact": "other@alliance.test"})
    desk.config = replace(desk.config, coalition=coalition)
