"""Moving a whole store to another: every table, row by row, and then a look whether all of it arrived."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, Final

from bot.store.database import Database, Reader, Row, StoreUnusable
from bot.store.schema import MIGRATIONS

_TABLE: Final = re.compile(r"(?:CREATE|ALTER) TABLE (\w+)")
_REFERENCE: Final = re.compile(r"(\w+) TEXT[^,]*? REFERENCES (\w+)")
_LOT: Final = 500  # rows a statement


@dataclass(frozen=True, slots=True)
class Copied:
    """One table; `digest` stands for all its rows, whatever their order."""

    table: str
    rows: int
    digest: str


def copy(source: Database, target: Database, *, progress: Callable[[str, int], None]) -> list[Copied]:
    """Fill the empty `target` with everything in `source`, in one transaction.

    `progress` hears of each table and its rows. Raises `StoreUnusable` where the target holds something already, or
    where what arrived is not what was sent; then nothing is kept.
    """
    references, order = _references(), tables()
    with source.snapshot() as old, target.write() as new:
        full = [table for table in order if new.read(f"SELECT 1 AS one FROM {table} LIMIT 1")]
        if full:
            raise StoreUnusable(
                f"The target is not empty (it has rows in {', '.join(full[:3])}). Copy into a new store."
            )
        done = []
        for table in order:
            rows = _parents_first(old.read(f"SELECT * FROM {table}"), table, references[table])
            progress(table, len(rows))
            for lot in _lots(rows):
                columns = list(lot[0])
                values = ", ".join(f":{column}" for column in columns)
                new.execute_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})", lot)
            done.append(_copied(new, table))
            if done[-1] != _copied(old, table):
                raise StoreUnusable(f"The rows of {table} did not arrive as they were sent. Nothing was kept.")
    return done


def tables() -> list[str]:
    """Every table, those that are named by others before them."""
    named = {table: set(references.values()) - {table} for table, references in _references().items()}
    return list(TopologicalSorter(named).static_order())


def _references() -> dict[str, dict[str, str]]:
    """Each table, and the columns by which its rows name rows of another (or of the same)."""
    found: dict[str, dict[str, str]] = {}
    for statement in (statement for _, statements in MIGRATIONS for statement in statements):
        if named := _TABLE.search(statement):
            found.setdefault(named[1], {}).update(dict(_REFERENCE.findall(statement)))
    return found


def _parents_first(rows: list[Row], table: str, references: dict[str, str]) -> list[Row]:
    own = [column for column, to in references.items() if to == table]
    return sorted(rows, key=lambda row: any(row[column] is not None for column in own))


def _lots(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for first in range(0, len(rows), _LOT):
        yield rows[first : first + _LOT]


def _copied(db: Reader, table: str) -> Copied:
    rows = sorted(json.dumps(dict(row), sort_keys=True, default=_plain) for row in db.read(f"SELECT * FROM {table}"))
    return Copied(table, len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())


def _plain(value: Any) -> str:
    return bytes(value).hex()
