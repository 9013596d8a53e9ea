"""What the tables look like, as SQLite describes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import groupby
from operator import itemgetter
from typing import Final

from bot.store import sqlite

# `pk`: the column's place in the primary key, 0 for others.
_COLUMNS: Final = """
    SELECT m.name AS "table", c.name, c.type, c.pk FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' ORDER BY m.rowid, c.cid
"""
_REFERENCES: Final = """
    SELECT m.name, f."from", f."table", f.on_delete FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
    WHERE m.type = 'table' ORDER BY m.rowid, f.seq
"""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that refers to a row of another table or its own. `when_gone`: "CASCADE", "SET NULL" or "NO ACTION"."""

    table: str
    column: str
    to: str
    when_gone: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, which of them are text, its primary key, its references."""

    name: str
    columns: Sequence[str]
    texts: Sequence[str]
    key: Sequence[str]
    references: Sequence[Reference]


def read_tables() -> Mapping[str, Table]:
    """Return every table; referenced tables come first."""
    with closing(sqlite.in_memory()) as db:
        columns = db.execute(_COLUMNS).fetchall()
        references = [Reference(*row) for row in db.execute(_REFERENCES)]
    tables = {
        name: Table(
            name,
            columns=[row["name"] for row in rows],
            texts=[row["name"] for row in rows if row["type"] == "TEXT"],
            key=[row["name"] for row in sorted(rows, key=itemgetter("pk")) if row["pk"]],
            references=[each for each in references if each.table == name],
        )
        for name, rows in ((name, list(group)) for name, group in groupby(columns, itemgetter("table")))
    }
    named = {name: {each.to for each in shape.references} - {name} for name, shape in tables.items()}
    return {name: tables[name] for name in TopologicalSorter(named).static_order()}


def references_to(to: str) -> list[Reference]:
    """Return every column that refers to rows of a table."""
    return [each for shape in SCHEMA.values() for each in shape.references if each.to == to]


SCHEMA: Final = read_tables()
