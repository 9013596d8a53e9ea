"""What the tables look like, as SQLite describes them, and what goes through all of them: copying a store, and blanking
names.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from bot.store import sqlite
from bot.store.database import Database, Reader, Row, StoreUnusable, Transaction
from bot.store.names import Names
from bot.store.rows import insert_rows

# `pk`: the column's place in the primary key, 0 for others.
_COLUMNS: Final = """
    SELECT m.name AS "table", c.name, c.type, c.pk FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' ORDER BY m.rowid, c.cid
"""
_REFERENCES: Final = """
    SELECT m.name, f."from", f."table", f.on_delete FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
    WHERE m.type = 'table' ORDER BY m.rowid, f.seq
"""
# What others published, and `erasure`, which remembers who must not be restored.
KEPT: Final = frozenset({
    "bill", "committee", "committee_seat", "directory", "docket_document", "docket_lookup", "entry", "entry_key",
    "entry_reference", "erasure", "legislator", "roll_call", "sighting", "source", "source_day",
})  # fmt: skip
# Columns, and keys in JSON, that the program reads back. Ids are taken out of these and of keys, names never: a person
# may be called "In Review".
_CODES: Final = frozenset({
    "address", "args", "channel", "code", "command", "decision", "digest", "effect", "evidence_kind", "hash",
    "id", "key", "kind", "lease", "level", "mark", "needs", "object_id", "origin", "path", "platform", "ref",
    "scope", "secret", "stage", "state", "style", "submission_key", "team", "template", "template_digest",
    "thread", "token", "tracking", "type", "user_id",
})  # fmt: skip
# Columns of what people write, from which names go that a stranger or the press desk typed.
_PROSE: Final = frozenset({
    "about", "after_text", "alt", "beat", "before_text", "body", "card", "clip_note", "deadlines", "evidence", "name",
    "note", "outcome", "outlet", "question", "reporter", "result", "source", "spokesperson", "subject", "text", "title",
    "value", "who", "why", "words",
})  # fmt: skip
_TIME: Final = re.compile(r"\d{4}-\d\d(-\d\d(T[\d:.]+Z?)?)?")  # as to_text writes it, and days
# What people decided, set, signed or confirmed. Strangers type the names of allies, and the press desk those of
# reporters: a name made of a letter's or a watch's own words must not change these.
_DECIDED: Final = frozenset({
    "account", "ally_request", "coalition", "commitment", "commitment_finding", "commitment_proposal", "docket",
    "docket_comment", "entity_rule", "letter", "letter_confirmation", "letter_filing", "letter_rendering",
    "letter_version", "mail_address", "member_name", "office_mail", "overlay", "person", "preference", "public_item",
    "setting_change", "signature",
})  # fmt: skip
_COPIED_AT_ONCE: Final = 500  # rows
_READ_AT_ONCE: Final = 2_000  # rows


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


@cache
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
    return [each for shape in read_tables().values() for each in shape.references if each.to == to]


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
        full = [table for table in read_tables() if new.read(f"SELECT 1 AS one FROM {table} LIMIT 1")]
        if full:
            raise StoreUnusable(
                f"The target is not empty (it has rows in {', '.join(full[:3])}). Copy into a new database."
            )
        done = []
        for shape in read_tables().values():
            own = [each.column for each in shape.references if each.to == shape.name]
            rows = sorted(rows_of(old, shape), key=lambda row: any(row[column] is not None for column in own))
            progress(shape.name, len(rows))
            for first in range(0, len(rows), _COPIED_AT_ONCE):
                insert_rows(new, shape.name, rows[first : first + _COPIED_AT_ONCE])
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


def redact(
    tx: Transaction, names: Names, own: Collection[str] = (), within: Mapping[str, str] | None = None
) -> Counter[str]:
    """Replace all these names with `REDACTED`; return how many rows of each table named them.

    `own`: "table.column" for columns in which other people share a name. `within`, for names that anybody may have
    typed: only the prose in these tables, in each of the rows of which this SQL is true.
    """
    changed: Counter[str] = Counter()
    ids = Names(ids=names.ids, keys=names.keys)
    for shape in _with_names():
        if within is not None and shape.name not in within:
            continue
        texts = shape.texts if within is None else [column for column in shape.texts if column in _PROSE]
        columns = [column for column in texts if f"{shape.name}.{column}" not in own]
        codes = [column for column in columns if _is_code(shape, column)]
        for row in _rows(tx, shape, (within or {}).get(shape.name, "TRUE")):
            stored = {column: row[column] for column in columns if row[column]}
            new = {column: _taken_out(text, ids if column in codes else names, ids) for column, text in stored.items()}
            if new := {column: text for column, text in new.items() if text != row[column]}:
                sets = ", ".join(f"{column} = :new_{column}" for column in new)
                where = " AND ".join(f"{column} = :{column}" for column in shape.key)
                params = {f"new_{column}": text for column, text in new.items()} | {key: row[key] for key in shape.key}
                tx.execute(f"UPDATE {shape.name} SET {sets} WHERE {where}", params)
                changed[shape.name] += 1
    return changed


def _taken_out(stored: str, names: Names, ids: Names) -> str:
    """Take names out of a text, or out of each text of a JSON document, which stays one; times stay."""
    if _TIME.fullmatch(stored) or names.taken_out(stored) == stored:
        return stored
    if stored.startswith(("{", "[")):
        with suppress(ValueError):
            return json.dumps(_without(json.loads(stored), names, ids), ensure_ascii=False, separators=(",", ":"))
    return names.taken_out(stored)


def _without(value: Any, names: Names, ids: Names) -> Any:
    if isinstance(value, dict):
        return {ids.taken_out(key): _without(each, ids if key in _CODES else names, ids) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, names, ids) for each in value]
    return names.taken_out(value) if isinstance(value, str) and not _TIME.fullmatch(value) else value


def undecided() -> dict[str, str]:
    """Return the tables that hold no decision, setting or signature, as `redact` takes them."""
    return dict.fromkeys((shape.name for shape in _with_names() if shape.name not in _DECIDED), "TRUE")


def count_named(db: Reader, names: Names, own: Collection[str] = ()) -> Counter[str]:
    """Count the rows of each table that `redact` left and that still name them, and entries published by others."""
    counts: Counter[str] = Counter()
    for shape in (*_with_names(), read_tables()["entry"]):
        columns = [
            column for column in shape.texts if not _is_code(shape, column) and f"{shape.name}.{column}" not in own
        ]
        for row in _rows(db, shape):
            counts[shape.name] += any(names.are_in(row[column] or "") for column in columns)
    return +counts


def count_surnames(db: Reader, names: Names) -> Counter[str]:
    """Count the rows of each table that contain one of their surnames alone, which may be another person's."""
    counts: Counter[str] = Counter()
    for shape in _with_names() if names.surnames else ():
        for row in _rows(db, shape):
            counts[shape.name] += any(names.surname_is_in(row[column] or "") for column in shape.texts)
    return +counts


def _is_code(shape: Table, column: str) -> bool:
    return column in shape.key or column in _CODES


def _with_names() -> Iterator[Table]:
    return (shape for shape in read_tables().values() if shape.name not in KEPT)


def _rows(db: Reader, shape: Table, which: str = "TRUE") -> Iterator[Row]:
    """Return every row, or those of which `which` is true, some thousands at a time, in the order of their keys."""
    columns = ", ".join(dict.fromkeys((*shape.key, *shape.texts)))
    order, marks = ", ".join(shape.key), ", ".join(f":after_{column}" for column in shape.key)
    after = dict[str, object]()
    while True:
        next_ = f"({order}) > ({marks})" if after else "TRUE"
        sql = f"""
            SELECT {columns} FROM {shape.name} WHERE {next_} AND {which}
            ORDER BY {order} LIMIT {_READ_AT_ONCE}
        """
        rows = db.read(sql, after)
        yield from rows
        if len(rows) < _READ_AT_ONCE:
            return
        after = {f"after_{column}": rows[-1][column] for column in shape.key}
