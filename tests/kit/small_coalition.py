"""A coalition of a few lines, in two commented files, and administrators who change it from chat."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app.command_table import COMMANDS, ROOMS
from bot.commands.model import Call, Refusal, Reply, Role
from bot.config.load import Config, load
from bot.people import records
from bot.people.dispatch import Dispatcher
from bot.people.model import Account, Person
from bot.settings.records import EffectiveConfig
from bot.store import address
from tests.kit import stores

FEEDS = """\
# What is read.
sources:
  - register # the whole Register
  - county-news: {kind: feed, name: County news, url: "https://county.example/rss"}
lists:
  water: [river, creek]
watches:
  flow: # the first ask
    asks: [1]
    all: [list:water, flow]
  dams: {asks: [2], level: alert, query: 'dam OR "dam removal"'}
# Where it goes.
channels:
  main: {to: "console:main"} # everyone reads it
  staff:
    to: console:staff
    quiet: ["20:00", "07:00"] # nobody reads then
routes:
  - {to: main}
  - {to: staff, asks: [1]} # ours
admin: staff
"""
COALITION = """\
# Who we are.
id: river
name: "River Coalition" # in full
short: RC
contact: rc@rivers.example
zone: America/Denver

# What we ask.
asks:
  1: {title: Publish the flow, text: "Publish the flow, daily."} # since 2024
  2:
    # the old one
    title: Remove the dams
  3: {title: Fund the restoration}
members:
  trout: {name: Trout United}
offices: [interior, epa] # of the catalog
spokespeople:
  - {name: Maria Lopez, asks: [1]} # the flow
letters: {approvals: 2} # both
"""


def written(folder: Path, feeds: str = FEEDS, coalition: str = COALITION) -> Config:
    """The two files, written into a folder and read."""
    (folder / "feeds.yml").write_text(feeds, encoding="utf-8")
    (folder / "coalition.yml").write_text(coalition, encoding="utf-8")
    return load(folder / "feeds.yml", folder / "coalition.yml")


class Desk:
    """Two administrators, Ada and Bo, with their own store."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.files = written(folder)
        self.db = stores.create(folder / "desk.db")
        self.now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
        self._ids = itertools.count()
        with self.db.write() as tx:
            address.take(tx, "river", "River Coalition", self.now)
            for name in ("ada", "bo"):
                who = (Account("slack", "T1", name),)
                person = Person(id=name, name=name.title(), roles=frozenset({Role.ADMINISTRATOR}), accounts=who)
                records.add(tx, person, by=None, now=self.now)
        self.start()

    def start(self, files: Config | None = None) -> None:
        """Begin a new life of the program on the same store."""
        self.files = files or self.files
        in_force = EffectiveConfig(self.db, self.files, lambda: self.now)
        self.in_force = in_force.config
        self.dispatcher = Dispatcher(
            self.db, COMMANDS, in_force.config, clock=lambda: self.now, new_id=self.new_id, rooms=ROOMS,
        )  # fmt: skip

    def new_id(self) -> str:
        return f"{next(self._ids):032x}"

    def ask(self, path: str, by: str = "ada", /, **args: str) -> Reply | Refusal:
        self.now += timedelta(minutes=1)
        given = {name.replace("_", "-"): value for name, value in args.items()}
        call = Call(path=path, args=given, platform="slack", team="T1", user=by, id=self.new_id())
        return asyncio.run(self.dispatcher.answer(call))

    def exported(self, into: Path) -> Config:
        """Both exported files, read from a separate folder."""
        into.mkdir(exist_ok=True)
        for name in ("feeds.yml", "coalition.yml"):
            reply = self.ask("settings export", file=name)
            assert isinstance(reply, Reply), reply
            assert reply.file
            (into / name).write_bytes(reply.file.data)
        return load(into / "feeds.yml", into / "coalition.yml")
