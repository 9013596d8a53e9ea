"""The store's port: what a room may ask of a database, and nothing that only one engine has.

Portable SQL is the rule of the house: text ids made in Python, UTC times as fixed-width text, JSON as text, no
dialect words. Rooms keep their statements in `records.py` and run them through a `Reader` or a `Transaction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol, overload

from bot.shared.errors import CoalitionBotError

Row = Mapping[str, Any]
Params = Mapping[str, Any]


class Reader(Protocol):
    """Runs a SELECT with ``:name`` parameters and returns its rows."""

    def read(self, sql: str, params: Params | None = None) -> list[Row]: ...


class Transaction(Reader, Protocol):
    """A write transaction. Commits when its block ends, rolls back on any exception."""

    def execute(self, sql: str, params: Params | None = None) -> list[Row]:
        """Run one statement; the rows of its RETURNING clause, if any."""

    def execute_many(self, sql: str, rows: Iterable[Params]) -> None: ...

    def execute_each(self, sql: str, rows: Iterable[Params]) -> list[list[Row]]:
        """Run one statement once for each of the parameters, in order; what each returned, as `execute` gives it."""


class Database(Reader, Protocol):
    """A store that any thread may use; each thread gets its own connection.

    `write()` takes the writer's lock at once (``BEGIN IMMEDIATE`` on SQLite, an advisory lock on PostgreSQL), so what
    is read inside the block is still true when it is written. With `alone=False` it may share the store with other
    writers where the engine can: for statements that guard themselves, as a claim and its end do. Raises `StoreBusy`
    when another process holds the lock too long or the server is not there, `StoreUnsure` when it went away in the
    commit, `StoreUnusable` for a missing, foreign, damaged, full or newer database.
    """

    @property
    def skip_locked(self) -> str:
        """Ends a SELECT that is to pass over rows another writer is changing; empty where writers take turns."""

    def write(self, *, alone: bool = True) -> AbstractContextManager[Transaction]: ...

    def snapshot(self) -> AbstractContextManager[Reader]:
        """Everything read inside the block is of one moment; waits for no writer, and no writer waits for it."""

    def backup(self, target: str) -> None:
        """Copy everything, as of one moment, into a new SQLite file that its owner alone may read.

        Others go on writing meanwhile. Raises `FileExistsError` where something is there already.
        """

    def scrub(self) -> None:
        """Let the store's files hold nothing any more of what was deleted or overwritten.

        Takes as long as copying the store; raises `StoreBusy` where somebody is reading or writing, and is then to be
        tried again.
        """

    def analyze(self) -> None:
        """Refresh the statistics that the query planner chooses indexes by. Costs next to nothing if little changed."""

    def close(self) -> None: ...


class StoreError(CoalitionBotError):
    """The store could not do it; the text says what to do next."""


class StoreBusy(StoreError):
    """Another process holds the writer's lock; trying again is right."""


class StoreUnsure(StoreError):
    """The line was lost while a change was being committed: whether it was kept is not known."""


class StoreUnusable(StoreError):
    """Trying again will not help before a person has acted."""


@overload
def to_text(moment: datetime) -> str: ...
@overload
def to_text(moment: datetime | None) -> str | None: ...
def to_text(moment: datetime | None) -> str | None:
    """A UTC instant as 27 characters that sort like time: ``2026-11-24T13:45:00.000000Z``; None as it is."""
    return None if moment is None else f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


@overload
def from_text(text: str) -> datetime: ...
@overload
def from_text(text: str | None) -> datetime | None: ...
def from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def one(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None
