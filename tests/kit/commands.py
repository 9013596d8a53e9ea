"""People who ask things of the alerts and tuning rooms: a real store, the real dispatcher, a clock to turn."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.alerts import commands as alerts_commands
from bot.commands.model import Call, Form, Refusal, Reply, Role
from bot.config.feeds import Feeds
from bot.config.load import Config, watch_of
from bot.people.dispatch import Dispatcher
from bot.people.model import Account, Person
from bot.people.records import add
from bot.settings import commands as settings_commands
from bot.settings import feeds_commands, learn_commands, records, watch_commands
from bot.settings.changes import fitting
from bot.shared.card import Button, Card
from tests.kit.alerts import COALITION, FEEDS, TUESDAY, Room

PEOPLE = {
    "ada": ("Ada Smith", Role.POLICY),
    "bo": ("Bo Li", Role.ADMINISTRATOR),
    "cy": ("Cy Young", Role.PRESS),
    "dee": ("Dee Ray", Role.REPRESENTATIVE),
}
WATCHES = {
    "gloves": {"name": "Gloves", "query": '"forced labor" OR gloves', "level": "alert", "asks": [4]},
    "relief": {"query": "relief", "level": "digest", "asks": [8]},
    "field": {"name": "The field", "query": "trafficking", "level": "digest"},
    "wire-only": {"query": "strike", "level": "digest", "sources": ["wire"]},
}


def config(changes: Mapping[str, Any] | None = None) -> Config:
    """The small coalition of the alerts kit with the watches above, its text as YAML's subset JSON."""
    raw = FEEDS | {"watches": WATCHES} | dict(changes or {})
    made = Feeds.model_validate(raw)
    watches = tuple(watch_of(id_, watch) for id_, watch in made.watches.items())
    return Config(made, COALITION, watches, text=json.dumps(raw))


class Office:
    """The rooms behind a dispatcher. `files` is the configuration without what chat has changed."""

    def __init__(self, folder: Path, files: Config | None = None, fetching: Any = None) -> None:
        self.files = files or config()
        self.room = Room(folder, self.files, now=TUESDAY)
        self.db = self.room.db
        self._calls = itertools.count()
        modules = (alerts_commands, watch_commands, learn_commands, feeds_commands, settings_commands)
        commands = [command for module in modules for command in module.slash.commands]
        self.dispatcher = Dispatcher(
            self.db, commands, lambda: self.config, clock=lambda: self.room.now,
            new_id=self.room.new_id, fetching=fetching,
        )  # fmt: skip
        with self.db.write() as tx:
            for user, (name, role) in PEOPLE.items():
                person = Person(
                    id=f"p-{user}", name=name, roles=frozenset({role}), accounts=(Account("slack", "T1", user),),
                    organisation="cast" if role is Role.REPRESENTATIVE else None,
                )  # fmt: skip
                add(tx, person, by=None, now=TUESDAY)

    @property
    def config(self) -> Config:
        muted = records.muted(self.db, self.room.now)
        return fitting(self.files, records.changes(self.db), muted)

    async def answer(self, user: str, path: str, **args: str) -> Reply | Refusal:
        call = Call(path=path, args=args, platform="slack", team="T1", user=user, id=str(next(self._calls)))
        return await self.dispatcher.answer(call)

    async def ask(self, user: str, path: str, **args: str) -> Card:
        reply = await self.answer(user, path, **args)
        assert isinstance(reply, Reply), reply
        assert reply.card, reply
        return reply.card

    async def form(self, user: str, path: str, **args: str) -> Form:
        reply = await self.answer(user, path, **args)
        assert isinstance(reply, Reply), reply
        assert reply.form, reply
        return reply.form

    async def refused(self, user: str, path: str, **args: str) -> Refusal:
        reply = await self.answer(user, path, **args)
        assert isinstance(reply, Refusal), reply
        return reply

    async def press(self, user: str, card: Card, label: str) -> Reply | Refusal:
        button = button_of(card, label)
        return await self.answer(user, button.path, **dict(button.args))

    async def send(self, user: str, form: Form, **given: str) -> Reply | Refusal:
        """Send a form with its initial values, except those given."""
        filled = {field.param.name: field.initial for field in form.fields} | given
        return await self.answer(user, form.path, **dict(form.args) | {k: v for k, v in filled.items() if v})

    def audit(self) -> list[tuple[str, str, str, str]]:
        rows = self.db.read("SELECT * FROM audit ORDER BY seq")
        return [(row["who"], row["subject"], row["before_text"], row["after_text"]) for row in rows]


def button_of(card: Card, label: str) -> Button:
    return next(button for button in card.buttons if button.label == label)


def words_of(card: Card) -> str:
    """All the words of a card, a line each."""
    lines = [card.head, *(line.text for line in card.lines)]
    for section in card.sections:
        lines += [section.title, *(line.text for line in section.lines)]
    return "\n".join((*lines, card.foot))
