"""The tables as SQLite describes them, and what goes through all of them: copying a store, and blanking names."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from bot.store import sqlite
from bot.store.database import Database, Reader, Row, StoreUnusable, Transaction, insert_rows, update_rows
from bot.store.names import Names

# By table, the columns of words, and for JSON its keys.
Words = Mapping[str, Mapping[str, Collection[str]]]

# `pk`: the column's place in the primary key, 0 for others.
_COLUMNS: Final = """
    SELECT m.name AS "table", c.name, c.type, c.pk FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' ORDER BY m.rowid, c.cid
"""
_REFERENCES: Final = """
    SELECT m.name, f."from", f."table", f.on_delete FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
    WHERE m.type = 'table' ORDER BY m.rowid, f.seq
"""
# What a card shows; not its addresses, dates and buttons.
_CARD: Final = (
    "head", "badge", "byline", "lines", "sections", "enclosed", "text", "title", "why", "dues", "links", "label",
    "detail", "updated", "foot", "event", "organizations",
)  # fmt: skip
# The only texts from which a name is ever taken out: what people wrote, and what they were shown; of JSON, the texts
# under these keys. Every other column is a code, a time or a link, or what people decided, signed or set, or what
# others published: no name changes it. A test holds that every column is decided one way or the other.
WORDS: Final[Words] = {
    "account_notice": {"text": ()},  # to a person about their account: who changed it
    "audit": {"subject": (), "before_text": (), "after_text": ()},  # what a person changed, in words
    "delivery": {"card": _CARD},
    "hold": {"why": ()},  # who paused it, or what they wrote
    "letter_filing": {"why": ()},  # who found that it was not received
    "letter_mail": {"note": ()},  # about sending, and their answer
    "lobbying_entry": {"legislation": (), "what": ()},
    "meeting": {"purpose": (), "role": (), "next_step": ()},
    "meeting_ask": {"asked": (), "reply": ()},
    "mention": {"body": ("reporter", "excerpt")},  # the byline, and text that may have one
    "office_contact": {"role": (), "notes": (), "source": ()},
    "press_agreement": {"evidence": ()},
    "press_contact": {"title": (), "beat": (), "deadlines": (), "source": ()},
    "press_embargo": {"about": ()},
    "press_inquiry": {"reporter": (), "question": (), "outcome": ()},
    "press_log": {"text": (), "answer": (), "result": ()},
    "story": {"clip_note": (), "spokesperson": (), "reporter": ()},
    "story_note": {"text": ()},
}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")  # in JSON
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
    the target contains rows already, if the rows contradict each other, or if the copy differs from the source; then
    nothing is stored.
    """
    try:
        return _copy(source, target, progress, then)
    except sqlite.BROKEN as error:
        raise StoreUnusable(f"The rows contradict each other ({error}). Nothing was changed.") from error


def _copy(
    source: Database, target: Database, progress: Callable[[str, int], None], then: Callable[[Transaction], None]
) -> list[CopiedTable]:
    # The target first: whatever fails in its first transaction leaves no empty store.
    with target.write() as new, source.snapshot() as old:
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
    return db.read(f"SELECT {', '.join(shape.columns)} FROM {shape.name}")


def _copied(table: str, rows: Sequence[Row]) -> CopiedTable:
    texts = sorted(json.dumps(dict(row), sort_keys=True, default=lambda value: bytes(value).hex()) for row in rows)
    return CopiedTable(table, len(texts), hashlib.sha256("\n".join(texts).encode()).hexdigest())


def redact(tx: Transaction, names: Names, words: Words = WORDS) -> Counter[str]:
    """Replace all these names in `words` with `REDACTED`; return how many rows of each table named them."""
    changed: Counter[str] = Counter()
    for shape, row, new in _named(tx, names, words):
        update_rows(tx, shape.name, new, **{column: row[column] for column in shape.key})
        changed[shape.name] += 1
    return changed


def count_redactable(db: Reader, names: Names, words: Words = WORDS) -> Counter[str]:
    """Count the rows of each table that `redact` would change."""
    return Counter(shape.name for shape, _, _ in _named(db, names, words))


def count_named(db: Reader, names: Names) -> Counter[str]:
    """Count the rows of each table that name them, whatever they record."""
    return _count(db, names.are_in)


def count_surnames(db: Reader, names: Names) -> Counter[str]:
    """Count the rows of each table that contain one of their surnames alone, which may be another person's."""
    return _count(db, names.surname_is_in) if names.surnames else Counter()


def _count(db: Reader, is_in: Callable[[str], bool]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for shape in read_tables().values():
        texts = [column for column in shape.texts if column not in shape.key]
        for row in _rows(db, shape, texts):
            counts[shape.name] += any(is_in(_unescaped(row[column] or "")) for column in texts)
    return +counts


def _named(db: Reader, names: Names, words: Words) -> Iterator[tuple[Table, Row, Mapping[str, str]]]:
    """Return each row of words that names them, with what its columns become."""
    for table, columns in words.items():
        shape = read_tables()[table]
        for row in _rows(db, shape, columns):
            new = {column: _taken_out(row[column] or "", names, keys) for column, keys in columns.items()}
            if new := {column: text for column, text in new.items() if text != (row[column] or "")}:
                yield shape, row, new


def _taken_out(stored: str, names: Names, keys: Collection[str]) -> str:
    if not keys:
        return names.taken_out(stored)
    if not names.are_in(_unescaped(stored)):
        return stored
    new = _without(old := json.loads(stored), names, keys)
    return stored if new == old else json.dumps(new, ensure_ascii=False, separators=(",", ":"))


def _without(value: Any, names: Names, keys: Collection[str]) -> Any:
    """Take names out of every text that is reached by `keys` alone."""
    if isinstance(value, dict):
        return {key: _without(each, names, keys) if key in keys else each for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, names, keys) for each in value]
    return names.taken_out(value) if isinstance(value, str) else value


def _unescaped(stored: str) -> str:
    """Return a text without the escapes of JSON, in which a name could hide."""
    return _ESCAPE.sub(lambda sign: chr(int(sign[1], 16)) if sign[1] else "\n" if sign[2] in "nrt" else sign[2], stored)


def _rows(db: Reader, shape: Table, columns: Iterable[str]) -> Iterator[Row]:
    """Return these columns and the key of every row, some thousands at a time, in the order of their keys."""
    listed = ", ".join(dict.fromkeys((*shape.key, *columns)))
    order, marks = ", ".join(shape.key), ", ".join(f":after_{column}" for column in shape.key)
    after = dict[str, object]()
    while True:
        next_ = f"({order}) > ({marks})" if after else "TRUE"
        sql = f"""
            SELECT {listed} FROM {shape.name} WHERE {next_}
            ORDER BY {order} LIMIT {_READ_AT_ONCE}
        """
        rows = db.read(sql, after)
        yield from rows
        if len(rows) < _READ_AT_ONCE:
            return
        after = {f"after_{column}": rows[-1][column] for column in shape.key}
