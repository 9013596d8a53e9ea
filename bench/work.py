"""How much work the main paths are, counted: function calls of Python, SQL statements and SQLite's own steps.

Counts do not depend on the machine or on who else uses it. So `work.json`, which `python -m bench.work` writes, is
committed, and a test compares with it. Its history is the trend.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.contestants import bot_on, feed
from bench.growth import SOURCE, document_of, news_of
from bench.material import Story, Writer, rss
from bot.alerts.intake import ingest, record_unchanged
from bot.app.application import App
from bot.commands.model import Call, Context, Job, Role
from bot.entries.source_records import source_states
from bot.media.news.intake import refresh
from bot.people import records
from bot.people.model import Account, Person
from bot.shared.answer import Fetched, Memory, NotModified
from bot.shared.entry import Entry
from bot.site.board.pages import PAGES
from bot.sources.feeds.parse import parse

FILE: Final = Path(__file__).with_name("work.json")
MORE: Final = 4 / 3  # a path that needs a third more has become slower
_ANSWER: Final = 40  # entries that one answer brings, and sources that have nothing new
_ANSWERS: Final = 5  # that are counted, and before them stored without counting
_NOW: Final = datetime(2026, 11, 24, 15, tzinfo=UTC)  # pages show more or fewer deadlines on other days
_STEP: Final = 10  # SQLite's steps are counted in tens
_SHOWN: Final = 4  # times that a page is counted: one needs so few steps that a ten more or less would be a third

Counts = dict[str, float]  # by what is counted


@dataclass(slots=True)
class Tally:
    """What was counted so far. SQLite calls C functions, so that counting adds no calls of Python."""

    calls: int = 0
    statements: list[str] = field(default_factory=list)
    steps: list[None] = field(default_factory=list)

    def each(self, number: int) -> Counts:
        """For each of `number` equal pieces of work."""
        figures = {"calls": self.calls, "statements": len(self.statements), "tens of steps": len(self.steps)}
        return {name: float(f"{figure / number:.3g}") for name, figure in figures.items()}

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count what this thread does, on the connections that are open."""
        connections = [each for each in gc.get_objects() if isinstance(each, sqlite3.Connection)]
        for conn in connections:
            conn.set_trace_callback(self.statements.append)
            conn.set_progress_handler(partial(self.steps.append, None), _STEP)
        sys.setprofile(self._profile)
        try:
            yield
        finally:
            sys.setprofile(None)
            for conn in connections:
                conn.set_progress_handler(None, 0)
                conn.set_trace_callback(None)

    def _profile(self, _frame: object, event: str, _arg: object) -> None:
        self.calls += event in ("call", "c_call")


def work() -> Mapping[str, Counts]:
    """The counts of each path, for one entry, source or page."""
    now = _NOW
    with bot_on({SOURCE: feed("http://127.0.0.1:9/wire")}, clock=lambda: now) as app, asyncio.Runner() as runner:
        person = _person(app, now)
        counts = {
            "an item of a plain feed, parsed": _parsed(),
            "a news entry, taken in": _taken_in(app, news_of, Writer(1), now),
            "a Register document, taken in": _taken_in(app, document_of, Writer(2), now),
            "a source that has nothing new": _unchanged(now),
        }
        for path, names in {"/today": {}, "/asks/{ask}": {"ask": "4"}, "/deadlines": {}, "/sources": {}}.items():
            counts[f"the page {path}"] = runner.run(_page(app, path, names, person))
        runner.run(app.close())
    return counts


def more(before: Mapping[str, Counts], now: Mapping[str, Counts]) -> list[str]:
    """What needs a third more than before, or a quarter less, which the file should then say: one line each."""
    return [
        f"{path}: {now[path][name]:g} {name}, {counts[name]:g} in {FILE.name}"
        for path, counts in before.items()
        for name in counts
        if not before[path][name] / MORE <= now[path][name] <= before[path][name] * MORE
    ]


def _parsed() -> Counts:
    body = rss("wire", Writer(3).stories(_ANSWER))
    parse(body, "", "https://wire.example.org/feed")
    tally = Tally()
    with tally.counting():
        parse(body, "", "https://wire.example.org/feed")
    return tally.each(_ANSWER)


def _taken_in(app: App, make: Any, writer: Writer, now: datetime) -> Counts:
    """Answers of new entries on top of as many that are stored, the baseline among them."""
    tally = Tally()
    for turn in range(2 * _ANSWERS):
        at = now + timedelta(minutes=turn - 2 * _ANSWERS)
        take = partial(_take_in, app, _entries(make, writer.stories(_ANSWER), at), at)
        if turn < _ANSWERS:
            take()
        else:
            with tally.counting():
                take()
    return tally.each(_ANSWERS * _ANSWER)


def _entries(make: Any, stories: Sequence[Story], at: datetime) -> tuple[Entry, ...]:
    return tuple(make(story, at) for story in stories)


def _take_in(app: App, entries: tuple[Entry, ...], at: datetime) -> None:
    answer = Fetched(entries=entries, memory=Memory(last_success_at=at))
    with Job(app.db, app.config, at, app.new_id).write() as work:
        ingest(work, answer, SOURCE, due_at=at, hooks=(refresh,), press=app.press)


def _unchanged(now: datetime) -> Counts:
    """What is read and noted of one source of many, all of which have nothing new."""
    sources = {f"feed-{n}": feed(f"http://127.0.0.1:9/feed/{n}") for n in range(_ANSWER)}
    answers = {id_: NotModified(Memory(last_success_at=now)) for id_ in sources}
    with bot_on(sources, clock=lambda: now) as app:
        _note_unchanged(app, answers, now)
        tally = Tally()
        with tally.counting():
            _note_unchanged(app, answers, now)
    return tally.each(_ANSWER)


def _note_unchanged(app: App, answers: Mapping[str, NotModified], now: datetime) -> None:
    with Job(app.db, app.config, now, app.new_id).write() as work:
        asked, due_at = dict.fromkeys(answers) | source_states(work.tx), dict.fromkeys(answers, now)
        record_unchanged(work, answers, asked=asked, due_at=due_at)


def _person(app: App, now: datetime) -> Account:
    account = Account("slack", "T0HOME", "U1")
    person = Person(id=app.new_id(), name="P", roles=frozenset({Role.POLICY}), accounts=(account,))
    with app.db.write() as tx:
        records.add(tx, person, by=None, now=now)
    return account


async def _page(app: App, path: str, names: Mapping[str, str], reader: Account) -> Counts:
    page = next(page for page in PAGES if page.path == path)
    call = Call(path=path, args={}, platform=reader.platform, team=reader.team, user=reader.user, id=path)
    tally = Tally()

    def show(ctx: Context) -> None:
        page.show(ctx, names, {"days": "90"})
        with tally.counting():
            for _ in range(_SHOWN):
                page.show(ctx, names, {"days": "90"})

    await app.dispatcher.view(call, page.who, show)
    return tally.each(_SHOWN)


if __name__ == "__main__":
    FILE.write_text(json.dumps(work(), indent=1) + "\n", encoding="utf-8")
