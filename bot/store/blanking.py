"""Remove names from every text that a coalition stores, in all tables, including ones added later.

What others published stays as it is: its source would bring it back at the next poll.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

from bot.store.database import Reader, Row, Transaction
from bot.store.names import REDACTED, Names
from bot.store.shape import SCHEMA, Table

__all__ = ["REDACTED", "Names", "count_public_entries", "count_surnames", "redact"]

# What others published, and `erasure`, which remembers who must not be restored.
KEPT: Final = frozenset({
    "bill", "committee", "committee_seat", "directory", "docket_document", "docket_lookup", "entry", "entry_key",
    "entry_reference", "erasure", "legislator", "roll_call", "sighting", "source",
})  # fmt: skip
_LOT: Final = 2_000  # rows read at a time


def redact(tx: Transaction, names: Names, own: Collection[str] = ()) -> Counter[str]:
    """Replace all these names with `REDACTED`; return how many rows of each table named them.

    `own`: "table.column" for columns in which other people share a name.
    """
    changed: Counter[str] = Counter()
    for shape in _with_names():
        columns = [column for column in shape.texts if f"{shape.name}.{column}" not in own]
        for row in _rows(tx, shape):
            new = {column: names.taken_out(row[column]) for column in columns if row[column]}
            if new := {column: text for column, text in new.items() if text != row[column]}:
                sets = ", ".join(f"{column} = :new_{column}" for column in new)
                where = " AND ".join(f"{column} = :{column}" for column in shape.key)
                params = {f"new_{column}": text for column, text in new.items()} | {key: row[key] for key in shape.key}
                tx.execute(f"UPDATE {shape.name} SET {sets} WHERE {where}", params)
                changed[shape.name] += 1
    return changed


def count_public_entries(db: Reader, names: Names) -> int:
    """Count the entries published by others that name them."""
    shape = SCHEMA["entry"]
    rows = _rows(db, shape)
    return sum(any(names.are_in(row[column] or "") for column in shape.texts) for row in rows)


def count_surnames(db: Reader, names: Names) -> Counter[str]:
    """Count the rows of each table that contain one of their surnames alone, which may be another person's."""
    counts: Counter[str] = Counter()
    for shape in _with_names() if names.surnames else ():
        for row in _rows(db, shape):
            counts[shape.name] += any(names.surname_is_in(row[column] or "") for column in shape.texts)
    return +counts


def _with_names() -> Iterator[Table]:
    return (shape for shape in SCHEMA.values() if shape.name not in KEPT)


def _rows(db: Reader, shape: Table) -> Iterator[Row]:
    """Return every row, some thousands at a time, in the order of their keys."""
    columns = ", ".join(dict.fromkeys((*shape.key, *shape.texts)))
    order, marks = ", ".join(shape.key), ", ".join(f":after_{column}" for column in shape.key)
    after = dict[str, object]()
    while True:
        where = f"WHERE ({order}) > ({marks})" if after else ""
        sql = f"SELECT {columns} FROM {shape.name} {where} ORDER BY {order} LIMIT {_LOT}"
        rows = db.read(sql, after)
        yield from rows
        if len(rows) < _LOT:
            return
        after = {f"after_{column}": rows[-1][column] for column in shape.key}
