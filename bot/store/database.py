"""The store's port: what rooms may use of a database, without features that only one engine has.

Portable SQL is the rule: text ids made in Python, UTC times as fixed-width text, JSON as text, no
dialect words. Rooms define their statements in `records.py` and run them through a `Reader` or a `Transaction`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol, overload

from bot.shared.errors import CoalitionBotError, Outage
from bot.shared.journey import shell_command
from bot.shared.threads import PRIORITY

Row = Mapping[str, Any]
Params = Mapping[str, Any]


class Reader(Protocol):
    """Runs a SELECT with ``:name`` parameters and returns its rows."""

    def read(self, sql: str, params: Params | None = None) -> list[Row]: ...


class Transaction(Reader, Protocol):
    """A write transaction. Commits when its block ends, rolls back on any exception."""

    def execute(self, sql: str, params: Params | None = None) -> list[Row]:
        """Run one statement and return the rows of its RETURNING clause, if any."""

    def execute_many(self, sql: str, rows: Iterable[Params]) -> None: ...

    def execute_each(self, sql: str, rows: Iterable[Params]) -> list[list[Row]]:
        """Run one statement once for each set of parameters, in order; return each result as `execute` does."""


class Database(Reader, Protocol):
    """A store that any thread may use; each thread gets its own connection.

    `write()` takes the writer's lock at once (``BEGIN IMMEDIATE`` on SQLite, an advisory lock on PostgreSQL), so what
    is read inside the block is still true when it is written. With `alone=False` it may share the store with other
    writers where the engine can: for statements that guard themselves, as a claim and its end do. Raises `StoreBusy`
    when another process holds the lock too long or the server is not there, `StoreUnsure` when it went away in the
    commit and did not say soon how that had ended, `StoreUnusable` for a missing, foreign, damaged, full or newer
    database.

    `lost`: why it must not be used for now, "" if it may be; then each use raises `StoreUnusable`. `commits`: how many
    transactions have written through this object.
    """

    lost: str
    commits: int

    @property
    def skip_locked(self) -> str:
        """The end of a SELECT that skips rows another writer is changing; empty on engines with a single writer."""

    def write(self, *, alone: bool = True) -> AbstractContextManager[Transaction]: ...

    def snapshot(self) -> AbstractContextManager[Reader]:
        """Start a read of one moment: it waits for no writer, and no writer waits for it."""

    def backup(self, target: str) -> None:
        """Copy everything, as of one moment, into a new SQLite file that only its owner may read.

        Other processes can write meanwhile. Raises `FileExistsError` if the file already exists.
        """

    def scrub(self) -> None:
        """Remove from the store's files all data that was deleted or overwritten.

        Takes as long as copying the store. Raises `StoreBusy` while another process reads or writes; then try
        again.
        """

    def analyze(self) -> None:
        """Refresh the statistics that the query planner chooses indexes by. Costs next to nothing if little changed.

        On SQLite writers wait meanwhile, on PostgreSQL nobody does.
        """

    def close(self) -> None: ...


def to_restore() -> str:
    """Say what to do, at the end of an error."""
    return f"Restore a backup: `{shell_command('restore FILE')}`."


def to_create_or_restore() -> str:
    """Say what to do where our tables are missing."""
    init, restore = shell_command("init"), shell_command("restore FILE")
    return f"If this is a new install, run `{init}`. If not, restore a backup: `{restore}`."


class StoreError(Outage):
    """The store failed; the message says what to do next."""


class StoreBusy(StoreError):
    """Another process has the writer's lock; trying again is right."""


class StoreUnsure(StoreError):
    """The server was lost during a commit, and stayed away: whether the change was stored is unknown."""

    is_unsure = True


class StoreUnusable(StoreError):
    """Trying again will not help until a person has acted."""


@overload
def to_text(moment: datetime) -> str: ...
@overload
def to_text(moment: datetime | None) -> str | None: ...
def to_text(moment: datetime | None) -> str | None:
    """Format a UTC instant as 27 characters that sort like time: ``2026-11-24T13:45:00.000000Z``; None as it is."""
    return None if moment is None else f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


@overload
def from_text(text: str) -> datetime: ...
@overload
def from_text(text: str | None) -> datetime | None: ...
def from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def one(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None


class StopRequested(CoalitionBotError):
    """The program was stopped in the middle of a long transaction."""


class InterruptibleTransaction:
    """Wraps `tx`: between two statements or rows to write it gives way to short work, and raises `StopRequested` once
    `stopping` returns true. `wrote`: whether anything was written.
    """

    def __init__(self, tx: Transaction, stopping: Callable[[], bool] = lambda: False) -> None:
        self._tx = tx
        self._stopping = stopping
        self.wrote = False

    def check(self) -> None:
        """Raise if the program was stopped; call it also during long computations between two statements."""
        PRIORITY.give_way()
        if self._stopping():
            raise StopRequested

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        self.check()
        return self._tx.read(sql, params)

    def execute(self, sql: str, params: Params | None = None) -> list[Row]:
        self.check()
        self.wrote = True
        return self._tx.execute(sql, params)

    def execute_many(self, sql: str, rows: Iterable[Params]) -> None:
        self._tx.execute_many(sql, self._checked(rows))

    def execute_each(self, sql: str, rows: Iterable[Params]) -> list[list[Row]]:
        return self._tx.execute_each(sql, self._checked(rows))

    def _checked(self, rows: Iterable[Params]) -> Iterator[Params]:
        for row in rows:
            self.check()
            self.wrote = True
            yield row
