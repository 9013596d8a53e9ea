"""Rows of a table as dataclasses and back, and IN lists for SQL that works on both engines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from itertools import repeat
from types import MappingProxyType, UnionType
from typing import Any, Final, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.store.database import Params, Reader, Row, Transaction, to_text

_T = TypeVar("_T")
_CHUNK: Final = 512  # values in one list; SQLite takes 32,766 parameters, older builds 999


class Rows(Generic[_T]):
    """The rows of a table as instances of a dataclass. Times, dates and enums are text in the store.

    `columns`: the column of each field that is not called like it. `computed`: makes a field from the whole row.
    """

    def __init__(
        self, cls: type[_T], columns: Mapping[str, str] | None = None, **computed: Callable[[Row], object]
    ) -> None:
        names = [field.name for field in fields(cls) if field.init]  # type: ignore[arg-type]
        named = {name: name for name in names} | dict(columns or {})
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

    def all(self, db: Reader, sql: str, params: Params | None = None) -> list[_T]:
        """Run a SELECT and return its rows as instances."""
        return [self.read(row) for row in db.read(sql, params)]

    def first(self, db: Reader, sql: str, params: Params | None = None) -> _T | None:
        """Run a SELECT and return its first row as an instance; None if there is none."""
        return next(iter(self.all(db, sql, params)), None)

    def params(self, value: _T, **more: object) -> dict[str, Any]:
        """Return the fields that are not computed, and `more`, as a statement's parameters."""
        given = {name: getattr(value, name) for name, _ in self._columns} | more
        return {name: _stored(item) for name, item in given.items()}

    def insert(self, tx: Transaction, table: str, values: Iterable[_T], **more: object) -> None:
        """Insert the instances. The table's columns are those of the fields that are not computed, and of `more`."""
        insert_rows(tx, table, [self.row(value, **more) for value in values])

    def save(
        self, tx: Transaction, table: str, value: _T, *, key: str = "id", keep: Collection[str] = (), **more: object
    ) -> None:
        """Insert an instance as `insert` does; if a row has its `key`, update all columns of that row but `keep`."""
        save_row(tx, table, self.row(value, **more), key=key, keep=keep)

    def row(self, value: _T, **more: object) -> dict[str, object]:
        """Return an instance as a row of the table: its fields that are not computed, and `more`."""
        return {column: getattr(value, name) for name, column in self._columns} | more


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
        tx.execute_many(sql, [{column: _stored(value) for column, value in row.items()} for row in rows])


def _parser(hint: Any) -> Callable[[str], object] | None:
    """What reads a field of this type from text; None if the store has the value itself."""
    for kind in get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind
        if kind in (datetime, date):
            parse: Callable[[str], object] = kind.fromisoformat
            return parse
    return None


def _stored(value: Any) -> Any:
    if type(value) is str:  # most are
        return value
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def chunks(values: Collection[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(values)
    return (ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK))


def select_in(db: Reader, sql: str, values: Iterable[str], more: Params = MappingProxyType({})) -> Iterator[Row]:
    """Run a SELECT in which `{}` is the list of an IN, for each of the values once, some at a time.

    `more`: the statement's other parameters.
    """
    for chunk in chunks(set(values)):
        yield from db.read(sql.format(placeholders(chunk)), params(chunk) | dict(more))


def placeholders(chunk: Sequence[str]) -> str:
    """Return `:v0, :v1, :v2, :v3` for three or four values; for none NULL, which nothing is `IN`."""
    return f":{', :'.join(names)}" if (names := _names(_padded(chunk))) else "NULL"


def params(chunk: Sequence[str]) -> dict[str, Any]:
    """Return the values for `placeholders`, the last one repeated."""
    names = _names(_padded(chunk))
    return dict(zip(names, (*chunk, *repeat(chunk[-1], len(names) - len(chunk))), strict=True)) if names else {}


def spans(column: str, begins: Sequence[datetime]) -> tuple[str, dict[str, str]]:
    """Return SQL for the place in `begins`, which are in order, of the last one that is not after a column's time."""
    later = {f"begin_{place}": to_text(begin) for place, begin in enumerate(begins)}
    whens = " ".join(f"WHEN {column} >= :begin_{place} THEN {place}" for place in range(len(begins) - 1, 0, -1))
    return f"CASE {whens} ELSE 0 END", later


@cache  # there are few lengths
def _names(count: int) -> tuple[str, ...]:
    return tuple(f"v{number}" for number in range(count))


def _padded(chunk: Sequence[str]) -> int:
    """Return the length of the list: a power of two. Each connection keeps its last statements compiled, and lists of
    every length would be as many statements.
    """
    return 1 << (len(chunk) - 1).bit_length() if chunk else 0
