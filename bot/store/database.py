"""The store's port: what rooms may use of a database, without features that only one engine has; and a table's rows as
dataclasses, inserted, saved and selected by lists.

Portable SQL is the rule: text ids made in Python, JSON as text, no dialect words. A parameter may be a time or a day:
both engines store `to_text`, which has a fixed width, and the day in ISO's form. Rooms define their statements in
`records.py` and run them through a `Reader` or a `Transaction`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from itertools import repeat
from types import MappingProxyType, UnionType
from typing import Any, Final, Generic, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from bot.shared.errors import CoalitionBotError, Outage
from bot.shared.journey import shell_command
from bot.shared.threads import PRIORITY

_T = TypeVar("_T")
_CHUNK: Final = 512  # values in one list; SQLite takes 32,766 parameters, older builds 999
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


class Rows(Generic[_T]):
    """The rows of a `table` as instances of a dataclass. Times, dates and enums are text in the store.

    `columns`: the column of each field that is not called like it. `computed`: makes a field from the whole row.
    """

    def __init__(
        self,
        cls: type[_T],
        table: str = "",
        columns: Mapping[str, str] = MappingProxyType({}),
        **computed: Callable[[Row], object],
    ) -> None:
        self._table = table
        names = [field.name for field in fields(cls) if field.init]  # type: ignore[arg-type]
        named = {name: name for name in names} | dict(columns)
        hints = get_type_hints(cls)
        self._cls = cls
        self._computed = tuple(computed.items())
        self._columns = tuple((name, column) for name, column in named.items() if name not in computed)
        parsers = ((name, _parser(hints[name])) for name, _ in self._columns)
        self._parsers = tuple((name, parse) for name, parse in parsers if parse)

    def read(self, row: Row) -> _T:
        """Return the instance. Raises `KeyError` if the row has no column for a field."""
        values = {name: row[column] for name, column in self._columns}
        for name, parse in self._parsers:
            if values[name] is not None:
                values[name] = parse(values[name])
        for name, compute in self._computed:
            values[name] = compute(row)
        return self._cls(**values)

    def get(self, db: Reader, /, **key: object) -> _T | None:
        """Return the row of the table that has the key; None if there is none."""
        return self.select_one(db, f"WHERE {_equal(key)}", **key)

    def select_one(self, db: Reader, rest: str, /, **params: object) -> _T | None:
        """Return the first of the rows that `select` returns; None if there is none."""
        return next(iter(self.select(db, rest, **params)), None)

    def select(self, db: Reader, rest: str, /, **params: object) -> list[_T]:
        """Return rows of the table. `rest`: the end of the SELECT: a condition, an order."""
        return self.all(db, f"SELECT * FROM {self._table} {rest}", params)

    def all(self, db: Reader, sql: str, params: Params | None = None) -> list[_T]:
        """Run a SELECT and return its rows as instances."""
        return [self.read(row) for row in db.read(sql, params)]

    def first(self, db: Reader, sql: str, params: Params | None = None) -> _T | None:
        """Run a SELECT and return its first row as an instance; None if there is none."""
        return next(iter(self.all(db, sql, params)), None)

    def params(self, value: _T, **more: object) -> dict[str, Any]:
        """Return the fields that are not computed, and `more`, as a statement's parameters."""
        return {name: getattr(value, name) for name, _ in self._columns} | more

    def insert(self, tx: Transaction, values: Iterable[_T], **more: Any) -> None:
        """Insert the instances. The table's columns are those of the fields that are not computed, and of `more`."""
        insert_rows(tx, self._table, [self.row(value, **more) for value in values])

    def save(self, tx: Transaction, value: _T, *, key: str = "id", keep: Collection[str] = (), **more: Any) -> None:
        """Insert an instance as `insert` does; if a row has its `key`, update all columns of that row but `keep`."""
        save_row(tx, self._table, self.row(value, **more), key=key, keep=keep)

    def row(self, value: _T, *, only: Collection[str] = (), **more: object) -> dict[str, object]:
        """Return an instance as a row of the table: its fields that are not computed, or `only` these, and `more`."""
        names = ((name, column) for name, column in self._columns if not only or name in only)
        return {column: getattr(value, name) for name, column in names} | more


def insert_rows(tx: Transaction, table: str, rows: Iterable[Mapping[str, object]], *, if_new: bool = False) -> None:
    """Insert rows of the same columns. `if_new`: leave out those whose key is there."""
    _insert(tx, table, list(rows), "ON CONFLICT DO NOTHING" if if_new else "")


def save_row(
    tx: Transaction, table: str, row: Mapping[str, object], *, key: str = "id", keep: Collection[str] = ()
) -> None:
    save_rows(tx, table, [row], key=key, keep=keep)


def save_rows(
    tx: Transaction, table: str, rows: Sequence[Mapping[str, object]], *, key: str = "id", keep: Collection[str] = ()
) -> None:
    """Insert rows of the same columns; where one has the `key` (columns), update all columns of that one but `keep`."""
    same = {*key.replace(" ", "").split(","), *keep}
    updated = (column for column in (rows[0] if rows else ()) if column not in same)
    updates = ", ".join(f"{column} = excluded.{column}" for column in updated)
    _insert(tx, table, rows, f"ON CONFLICT ({key}) DO UPDATE SET {updates}")


def _insert(tx: Transaction, table: str, rows: Sequence[Mapping[str, object]], end: str) -> None:
    if rows:
        columns = rows[0].keys()
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES (:{', :'.join(columns)}) {end}"
        tx.execute_many(sql, rows)


def update_rows(tx: Transaction, table: str, values: Mapping[str, object], /, **key: object) -> int:
    """Set these columns in the rows that have the key, where None is NULL; return how many."""
    sets = ", ".join(f"{column} = :new_{column}" for column in values)
    given = {f"new_{column}": value for column, value in values.items()} | key
    return len(tx.execute(f"UPDATE {table} SET {sets} WHERE {_equal(key)} RETURNING 1 AS one", given))


def delete_rows(tx: Transaction, table: str, /, **key: object) -> int:
    """Delete the rows that have the key, where None is NULL; return how many."""
    return len(tx.execute(f"DELETE FROM {table} WHERE {_equal(key)} RETURNING 1 AS one", key))


def _equal(key: Mapping[str, object]) -> str:
    return " AND ".join(f"{each} IS NULL" if value is None else f"{each} = :{each}" for each, value in key.items())


def _parser(hint: Any) -> Callable[[str], object] | None:
    """What reads a field of this type from text; None if the store has the value itself."""
    for kind in get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind
        if kind in (datetime, date):
            parse: Callable[[str], object] = kind.fromisoformat
            return parse
    return None


def chunks(values: Collection[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(values)
    return (ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK))


def select_in(db: Reader, sql: str, values: Iterable[str], more: Params = MappingProxyType({})) -> Iterator[Row]:
    """Run a SELECT with `{}` for the list of an IN, for each value once, some at a time. `more`: other parameters."""
    for chunk in chunks(set(values)):
        yield from db.read(sql.format(placeholders(chunk)), params(chunk) | dict(more))


def placeholders(chunk: Sequence[str]) -> str:
    """Return `:v0, :v1, :v2, :v3` for three or four values; for none NULL, which nothing is `IN`."""
    return f":{', :'.join(names)}" if (names := _names(_padded(chunk))) else "NULL"


def params(chunk: Sequence[str]) -> dict[str, Any]:
    """Return the values for `placeholders`, the last one repeated."""
    names = _names(_padded(chunk))
    return dict(zip(names, (*chunk, *repeat(chunk[-1], len(names) - len(chunk))), strict=True)) if names else {}


def spans(column: str, begins: Sequence[datetime]) -> tuple[str, dict[str, Any]]:
    """Return SQL for the place in `begins`, which are in order, of the last one that is not after a column's time."""
    later = {f"begin_{place}": begin for place, begin in enumerate(begins)}
    whens = " ".join(f"WHEN {column} >= :begin_{place} THEN {place}" for place in range(len(begins) - 1, 0, -1))
    return f"CASE {whens} ELSE 0 END", later


@cache  # there are few lengths
def _names(count: int) -> tuple[str, ...]:
    return tuple(f"v{number}" for number in range(count))


def _padded(chunk: Sequence[str]) -> int:
    """A list's length as a power of two: a connection keeps its last statements compiled, too few for every length."""
    return 1 << (len(chunk) - 1).bit_length() if chunk else 0
