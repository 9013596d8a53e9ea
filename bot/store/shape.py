"""What the tables look like, read from the migrations, the only place that defines them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Final

from bot.store.schema import MIGRATIONS

_CREATE: Final = re.compile(r"\s*CREATE TABLE (\w+) \((.*)\)\s*", re.DOTALL)
_ADD: Final = re.compile(r"\s*ALTER TABLE (\w+) ADD COLUMN (.+)", re.DOTALL)
_DROP: Final = re.compile(r"\s*DROP TABLE (\w+)")
_KEY: Final = re.compile(r"PRIMARY KEY \(([^)]+)\)")
_REFERENCE: Final = re.compile(r"REFERENCES (\w+) \(\w+\)(?: ON DELETE (CASCADE|SET NULL))?")
_OTHER: Final = ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK")  # lines of a table that are not columns


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that refers to a row of another table or its own. `when_gone`: "CASCADE", "SET NULL" or ""."""

    table: str
    column: str
    to: str
    when_gone: str


@dataclass(slots=True)
class Table:
    """One table: its columns in order, which of them are text, its primary key, its references."""

    name: str
    columns: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    key: tuple[str, ...] = ()
    references: list[Reference] = field(default_factory=list)


def read_tables() -> Mapping[str, Table]:
    """Return every table; referenced tables come first."""
    tables: dict[str, Table] = {}
    for statement in (statement for _, statements in MIGRATIONS for statement in statements):
        if made := _CREATE.fullmatch(statement):
            shape = tables[made[1]] = Table(made[1])
            for line in _split_columns(made[2]):
                _read_column(shape, line)
        elif added := _ADD.fullmatch(statement):
            _read_column(tables[added[1]], added[2].strip())
        elif dropped := _DROP.fullmatch(statement):
            del tables[dropped[1]]
    named = {name: {each.to for each in shape.references} - {name} for name, shape in tables.items()}
    return {name: tables[name] for name in TopologicalSorter(named).static_order()}


def references_to(to: str) -> list[Reference]:
    """Return every column that refers to rows of a table."""
    return [each for shape in SCHEMA.values() for each in shape.references if each.to == to]


def _read_column(shape: Table, line: str) -> None:
    name, kind, *_ = line.split()
    if keyed := _KEY.match(line):
        shape.key = tuple(column.strip() for column in keyed[1].split(","))
    if name in _OTHER:
        return
    shape.columns.append(name)
    shape.texts += [name] if kind == "TEXT" else []
    if "PRIMARY KEY" in line:
        shape.key = (name,)
    if named := _REFERENCE.search(line):
        shape.references.append(Reference(shape.name, name, named[1], named[2] or ""))


def _split_columns(body: str) -> Iterator[str]:
    """Split at the commas outside parentheses."""
    depth, start = 0, 0
    for at, sign in enumerate(body):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield body[start:at].strip()
            start = at + 1
    yield body[start:].strip()


SCHEMA: Final = read_tables()
