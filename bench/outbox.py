"""Committing a message to the outbox, against the bare commit of the same row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bench.measure import Figure, Round, Size, in_turn
from bot.outbox.model import to_json
from bot.outbox.records import NewDelivery, enqueue
from bot.shared.card import Card, Due, Line, Link, Mark
from bot.store import address, sqlite

_NOW: Final = datetime.now(UTC)
_CARD: Final = Card(
    mark=Mark.ALERT,
    head="An agency asks for comments on a rule that one of our asks is about",
    badge="Ask 1",
    byline="An agency · Proposed Rule · published Mon 5 Jan 2026",
    lines=(Line("Dates, in its own words: comments must be received on or before March 2, 2026."),),
    why=('"a phrase" in the title; agency An agency → Ask 1, the ask in a few words',),
    dues=(Due("Comments close", _NOW.date()),),
    links=(Link("Document", "https://www.example.org/d/2026-00001"), Link("PDF", "https://www.example.org/1.pdf")),
    foot="Federal Register 2026-00001",
)


def commits(size: Size) -> list[Figure]:
    """One message, one transaction, WAL and FULL."""
    messages = size.of(800)
    contestants = {"ours": partial(ours, messages), "bare": partial(bare, messages)}
    found = in_turn(contestants, size.rounds)
    return [
        Figure(
            what="messages into the outbox",
            unit="commits/s",
            ours=found["ours"],
            rival="bare sqlite3, the same row",
            theirs=found["bare"],
            aim=0.7,
        )
    ]


@contextmanager
def ours(messages: int) -> Iterator[Round]:
    with _database() as path:
        db, numbers = sqlite.Sqlite(path), count()

        def play() -> float:
            started = perf_counter()
            for number in [next(numbers) for _ in range(messages)]:
                with db.write() as tx:
                    enqueue(tx, message(number), new_id=partial(format, number, "032"), now=_NOW)
            return messages / (perf_counter() - started)

        yield play
        db.close()


@contextmanager
def bare(messages: int) -> Iterator[Round]:
    with _database() as path, closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = FULL")
        numbers, card, now = count(), to_json(_CARD), _NOW.isoformat()

        def play() -> float:
            started = perf_counter()
            for number in [next(numbers) for _ in range(messages)]:
                db.execute("BEGIN IMMEDIATE")
                db.execute(
                    "INSERT INTO delivery (id, seq, channel, platform, key, kind, thread, card, state,"
                    " due_at, attempts, may_repeat, created_at)"
                    " VALUES (?, ?, 'policy', 'console', ?, 'alert', ?, ?, 'pending', ?, 0, 0, ?)",
                    (f"{number:032}", number, f"alert:{number}", f"thread:{number}", card, now, now),
                )
                db.execute("COMMIT")
            return messages / (perf_counter() - started)

        yield play


@contextmanager
def _database() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        with closing(sqlite.create(path)) as db, db.write() as tx:
            address.take(tx, "bench", "Bench", _NOW)
        yield path


def message(number: int) -> NewDelivery:
    return NewDelivery(
        channel="policy",
        platform="console",
        key=f"alert:{number}",
        kind="alert",
        card=_CARD,
        due_at=_NOW,
        thread=f"thread:{number}",
    )
