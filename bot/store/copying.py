"""Copy a whole store to another: every table, row by row, and then verify that all of it arrived."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.store.database import Database, Reader, Row, StoreUnusable, Transaction
from bot.store.shape import SCHEMA, Table

_LOT: Final = 500  # rows per statement


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """One table; `digest` is a hash of all its rows in any order."""

    table: str
    rows: int
    digest: str


def copy_store(
    source: Database,
    target: Database,
    *,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
    then: Callable[[Transaction], None] = lambda _: None,
) -> list[CopiedTable]:
    """Fill the empty `target` with everything in `source`, in one transaction.

    `progress` is called with each table and its rows. `then` runs in the same transaction. Raises `StoreUnusable` if
    the target contains rows already, or if the copy differs from the source; then nothing is stored.
    """
    with source.snapshot() as old, target.write() as new:
        full = [table for table in SCHEMA if new.read(f"SELECT 1 AS one FROM {table} LIMIT 1")]
        if full:
            raise StoreUnusable(
                f"The target is not empty (it has rows in {', '.join(full[:3])}). Copy into a new database."
            )
        done = []
        for shape in SCHEMA.values():
            own = [each.column for each in shape.references if each.to == shape.name]
            rows = sorted(rows_of(old, shape), key=lambda row: any(row[column] is not None for column in own))
            progress(shape.name, len(rows))
            for first in range(0, len(rows), _LOT):
                columns = list(rows[first])
                values = ", ".join(f":{column}" for column in columns)
                sql = f"INSERT INTO {shape.name} ({', '.join(columns)}) VALUES ({values})"
                new.execute_many(sql, rows[first : first + _LOT])
            done.append(_copied(shape.name, rows_of(new, shape)))
            if done[-1] != _copied(shape.name, rows):
                raise StoreUnusable(f"The rows of {shape.name} were not copied correctly. The copy was discarded.")
        then(new)
    return done


def rows_of(db: Reader, shape: Table) -> list[Row]:
    return db.read(f"SELECT * FROM {shape.name}")


def _copied(table: str, rows: Sequence[Row]) -> CopiedTable:
    texts = sorted(json.dumps(dict(row), sort_keys=True, default=_plain) for row in rows)
    return CopiedTable(table, len(texts), hashlib.sha256("\n".join(texts).encode()).hexdigest())


def _plain(value: Any) -> str:
    return bytes(value).hex()
