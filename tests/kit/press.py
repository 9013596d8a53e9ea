"""What the tests of the press list share: a press contact, her colleagues, and the messages that each of them gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.commands.model import File, Form, Reply, Role
from bot.config.load import Config
from bot.config.media import Spokesperson
from bot.media.contacts import records
from bot.media.contacts.model import Contact
from bot.media.press import notices
from bot.outbox.model import from_json
from bot.people.model import Person
from bot.shared.card import Card
from tests.kit.board import CONFIG, Board

JO = {"outlet": "Example Wire", "name": "Jo Sample", "beat": "labor", "email": "jo.sample@wire.example"}
SPEAKERS: tuple[Mapping[str, Any], ...] = (
    {"name": "Maria Lopez", "backup": "Tom Diaz"},
    {"name": "Ana Reyes", "asks": (4,)},
    {"name": "Kim Park", "members": ("polaris",)},
)


def config(*speakers: Mapping[str, Any], channel: str | None = "press") -> Config:
    """The shipped files with people who speak."""
    feeds = CONFIG.feeds.model_copy(update={"press": channel})
    coalition = CONFIG.coalition.model_copy(
        update={
            "spokespeople": tuple(Spokesperson.model_validate(each) for each in speakers or SPEAKERS),
        }
    )
    return replace(CONFIG, feeds=feeds, coalition=coalition)


class Press(Board):
    """`pia` is of the press role; `maria`, `tom`, `ana` and `kim` speak; `pol` is of policy."""

    def __init__(self, folder: Path, base: Config | None = None) -> None:
        super().__init__(folder, config=base or config())
        self.pia = self.add("Pia", Role.PRESS)
        self.pol = self.add("Pol", Role.POLICY)
        self.maria = self.add("Maria Lopez", Role.APPROVER, user="UMARIA")
        self.tom = self.add("Tom Diaz", Role.POLICY, user="UTOM")
        self.ana = self.add("Ana Reyes", Role.REPRESENTATIVE, organisation="ciw", user="UANA")
        self.kim = self.add("Kim Park", Role.REPRESENTATIVE, organisation="polaris", user="UKIM")

    def added(self, **args: str) -> Contact:
        self.card(self.pia, "press add", **(JO | args))
        return self.contacts()[-1]

    def contacts(self) -> list[Contact]:
        return records.all_contacts(self.db)

    def file(self, path: str = "press export", **args: str) -> File:
        answer = self.ask(self.pia, path, "", **args)
        assert isinstance(answer, Reply), answer
        assert answer.file, answer
        return answer.file

    def form(self, person: Person, path: str, **args: str) -> Form:
        answer = self.ask(person, path, "", **args)
        assert isinstance(answer, Reply), answer
        assert answer.form, answer
        return answer.form

    def compose(self, **later: float) -> None:
        """Time passes, and the bot looks."""
        self.now += timedelta(**later)
        notices.compose(self.job)

    def sent_to(self, person: Person) -> list[Card]:
        """The direct messages to a person, oldest first, in their current form."""
        return self.shown(f"dm:{person.id}")

    def shown(self, channel: str) -> list[Card]:
        sql = """
            SELECT COALESCE(e.card, d.card) AS card FROM delivery AS d LEFT JOIN delivery AS e ON e.edits = d.id
            WHERE d.channel = :channel AND d.edits IS NULL ORDER BY d.seq
        """
        return [from_json(row["card"]) for row in self.db.read(sql, {"channel": channel})]
