"""What the tests of commands share: a real store, the shipped configuration, and a dispatcher to ask.

`Board` speaks only of people and of what they ask; every answer comes through the one path that the faces use.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib
from collections.abc import Coroutine, Sequence
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bot.alerts.intake import ingest
from bot.app.command_table import ROOMS, in_order, with_own_examples
from bot.commands.model import Call, Command, Form, Group, Job, Refusal, Reply, Role
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.entries.records import StoredEntry, seen_since
from bot.media.news.intake import Press, refresh
from bot.people import audit, records
from bot.people.audit import Change
from bot.people.dispatch import Dispatcher
from bot.people.model import Account, Person
from bot.settings.records import EffectiveConfig
from bot.shared.answer import Fetched, Health, Memory
from bot.shared.card import Card
from bot.shared.entry import Entry
from bot.store import address
from bot.store.database import Database
from bot.store.shape import read_tables
from tests.kit import configs, stores
from tests.kit.own_coalition import checked_by

ROOT = Path(__file__).parents[2]
TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
_SHIPPED = configs.shipped()
CONFIG: Config = replace(_SHIPPED, coalition=checked_by(_SHIPPED.coalition, TUESDAY.date()))
TEAM = "T0HOME"
T = TypeVar("T")
SOURCE = next(iter(CONFIG.feeds.sources))


def every_command(config: Config = CONFIG) -> tuple[Command, ...]:
    """Every module's commands, found by their files: a new command is covered from its first day."""
    return with_own_examples(in_order(_groups()), config)


@cache
def _groups() -> tuple[Group, ...]:
    """To read every file of the bot takes longer than to make a board."""
    files = [path for path in ROOT.glob("bot/**/*.py") if "Group(" in path.read_text(encoding="utf-8")]
    modules = sorted(path.relative_to(ROOT).with_suffix("") for path in files)
    values = (value for module in modules for value in vars(importlib.import_module(".".join(module.parts))).values())
    return tuple(dict.fromkeys(value for value in values if isinstance(value, Group)))


def account(user: str, team: str = TEAM) -> Account:
    return Account("slack", team, user)


@cache
def _runner() -> asyncio.Runner:
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
    atexit.register(runner.close)
    return runner


def run(work: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, in one event loop: to make one takes longer than most answers."""
    return _runner().run(work, context=copy_context())


_last_press: list[tuple[Coalition, Press]] = []  # a coalition has no hash


def _press(coalition: Coalition) -> Press:
    """The one of the last board, for the same coalition: to make one takes longer than to take a document in."""
    if not _last_press or _last_press[0][0] is not coalition:
        _last_press[:] = [(coalition, Press(coalition))]
    return _last_press[0][1]


class Board:
    """A coalition in a fresh store; `admin` is its one administrator."""

    def __init__(
        self, folder: Path, commands: Sequence[Command] | None = None, *, config: Config = CONFIG, fetching: Any = None
    ) -> None:
        self.folder = folder
        self.db: Database = stores.create(folder / "board.db")
        self.now = TUESDAY
        self._in_force = EffectiveConfig(self.db, config, lambda: self.now)
        self.ids = 0  # made so far
        self.commands = every_command() if commands is None else tuple(commands)
        with self.db.write() as tx:
            address.take(tx, config.coalition.id, config.coalition.name, self.now)
        self.dispatcher = Dispatcher(
            self.db,
            self.commands,
            lambda: self.config,
            clock=lambda: self.now,
            new_id=self.new_id,
            fetching=fetching,
            rooms=ROOMS,
        )
        self.admin = self.add("Ada", Role.ADMINISTRATOR)

    @property
    def config(self) -> Config:
        """What is in force: the files with what was changed in chat."""
        return self._in_force.config()

    @config.setter
    def config(self, files: Config) -> None:
        self._in_force = EffectiveConfig(self.db, files, lambda: self.now)

    @property
    def job(self) -> Job:
        """What a step in the background gets now."""
        return Job(self.db, self.config, self.now, self.new_id)

    def bring(self, *entries: Entry) -> list[StoredEntry]:
        """What the first source brings, after a silent first look."""
        for brought in ((), entries):
            answer = Fetched(
                entries=tuple(replace(entry, source=SOURCE) for entry in brought),
                memory=Memory(first_success_at=self.now),
                health=Health.OK if brought else Health.EMPTY_EXPECTED,
                detail="",
            )
            self.take(SOURCE, answer)
        return seen_since(self.db, self.now)

    def take(self, source: str, answer: Fetched) -> None:
        """What a source answers, as the bot takes it in."""
        with self.job.write() as work:
            ingest(work, answer, source, due_at=self.now, hooks=(refresh,), press=_press(self.config.coalition))

    def new_id(self) -> str:
        self.ids += 1
        return f"{self.ids:032x}"

    def add(self, name: str, *roles: Role, organisation: str | None = None, user: str = "", team: str = TEAM) -> Person:
        """Add a person with an account."""
        who = account(user or f"U{name.upper()}", team)
        person = Person(id=self.new_id(), name=name, organisation=organisation, roles=frozenset(roles), accounts=(who,))
        with self.db.write() as tx:
            records.add(tx, person, by=None, now=self.now)
        return person

    def call(self, person: Person | Account, path: str, id_: str = "", /, **args: str) -> Call:
        who = person.accounts[0] if isinstance(person, Person) else person
        return Call(
            path=path,
            args={name.rstrip("_"): value for name, value in args.items()},
            platform=who.platform,
            team=who.team,
            user=who.user,
            id=id_ or self.new_id(),
            channel="C1",
        )

    def ask(self, person: Person | Account, path: str, id_: str = "", /, **args: str) -> Reply | Refusal:
        return self.send(self.call(person, path, id_, **args))

    def send(self, call: Call) -> Reply | Refusal:
        self.now += timedelta(minutes=1)
        return run(self.dispatcher.answer(call))

    def card(self, person: Person | Account, path: str, /, **args: str) -> Card:
        answer = self.ask(person, path, "", **args)
        assert isinstance(answer, Reply), answer
        assert answer.card, answer
        return answer.card

    def refused(self, person: Person | Account, path: str, /, **args: str) -> Refusal:
        answer = self.ask(person, path, "", **args)
        assert isinstance(answer, Refusal), answer
        return answer

    def untrue(self, person: Person | Account, path: str, /, **args: str) -> str:
        """The sentences of the card that refuses a letter because its facts have changed."""
        card = self.card(person, path, **args)
        assert card.head.endswith(" is out of date"), card
        return " ".join(line.text for line in card.lines)

    def person(self, name: str) -> Person | None:
        return next((each for each in records.people(self.db) if each.name == name), None)

    def changes(self) -> list[Change]:
        return audit.since(self.db, TUESDAY - timedelta(days=1))

    def everything(self) -> dict[str, list[Any]]:
        """The whole store but for what is only a mark that a request was seen."""
        return {
            table: sorted(map(repr, self.db.read(f"SELECT * FROM {table}")))
            for table in read_tables()
            if table != "inbox"
        }


def words(card: Card) -> str:
    lines = [card.head, card.byline, *(line.text for line in card.lines), *card.why, card.foot]
    return "\n".join([*lines, *(line.text for section in card.sections for line in section.lines)])


def send(board: Board, person: Person | Account, form: Form, /, **filled: str) -> Reply | Refusal:
    """Send a form as a face does that has room for all of it; what is not `filled` in stays as it is shown."""
    given = {field.param.name: filled.get(field.param.name, field.initial) for field in form.fields}
    args = form.carried(form.fields) | {name: text for name, text in given.items() if text}
    return board.send(replace(board.call(person, form.path), args=args))


def press(board: Board, person: Person | Account, card: Card, label: str) -> Reply | Refusal:
    button = next(button for button in card.buttons if button.label == label)
    return board.send(replace(board.call(person, button.path), args=dict(button.args)))
