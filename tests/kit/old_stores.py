"""Stores of earlier releases, as those made them: `old_stores/` has a dump of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.store import postgres, sqlite
from bot.store.address import Address
from tests.kit import stores

RELEASES = ("0.1.0", "0.2.0", "0.3-dev")
_FOLDER = Path(__file__).with_name("old_stores")
_APPLIED = "_sqlite_migrations"


def load(release: str, path: Path) -> Address:
    """Make the store of that release at `path`, with the tables and migrations that the release had."""
    (_load_postgres if stores.CHOSEN == "postgres" else load_file)(release, path)
    return stores.at(path)


def load_file(release: str, path: Path) -> None:
    """Make a backup of that release at `path`."""
    sqlite.create_private(path)
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(f"BEGIN; {_dump(release)} PRAGMA application_id = {sqlite.APPLICATION_ID}; COMMIT;")


def rows(release: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows of each table of that release's store."""
    with closing(_in_memory(release)) as conn:
        return {name: list(map(dict, conn.execute(f"SELECT * FROM {name}"))) for name, _ in _tables(conn)}


def add_coalition(place: Address, id_: str = "other") -> None:
    """As a second installation on the same database did, by mistake."""
    with closing(place.open_as_is()) as db, db.write() as tx:
        tx.execute("INSERT INTO coalition (id, name, created_at) VALUES (:id, 'Other', '2026-11-24')", {"id": id_})


def _dump(release: str) -> str:
    return (_FOLDER / f"{release}.sql").read_text(encoding="utf-8")


def _in_memory(release: str) -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:")
    conn.row_factory = sqlite3.Row
    conn.executescript(_dump(release))
    return conn


def _tables(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """Our tables with their statements, in the order in which they were made: after those that they refer to."""
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name <> ? ORDER BY rowid"
    return [(row["name"], row["sql"]) for row in conn.execute(made, (_APPLIED,))]


def _load_postgres(release: str, path: Path) -> None:
    with closing(_in_memory(release)) as old, postgres.connect(stores.url(path)) as conn, conn.cursor() as cursor:
        for name, sql in _tables(old):
            cursor.execute(sql.replace(" TEXT", ' TEXT COLLATE "C"'))
            found = [tuple(row) for row in old.execute(f"SELECT * FROM {name}")]
            values = ", ".join(["%s"] * len(found[0]))
            cursor.executemany(f"INSERT INTO {name} VALUES ({values})", found)
        for (sql,) in old.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"):
            if _APPLIED not in sql:
                cursor.execute(sql)
        cursor.execute(f"CREATE TABLE {postgres.APPLIED} (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)")
        applied = [tuple(row) for row in old.execute(f"SELECT name FROM {_APPLIED}")]
        cursor.executemany(f"INSERT INTO {postgres.APPLIED} VALUES (%s, now())", applied)
