"""The store a test runs on: SQLite in its folder or, with ``--store postgres``, a database of a server of our own."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from bot.store.address import Address, address
from bot.store.database import Database
from bot.store.postgres import Postgres
from bot.store.postgres_connection import Connection
from bot.store.sqlite import Sqlite
from tests.peers.postgres import Server

CHOSEN = "sqlite"  # set from the command line, before any test is collected
_made: dict[Path, str] = {}
_open: list[Database] = []
_left: list[str] = []  # databases of the last test: the server takes 0.1 s to drop one whose connections just closed


def url(path: Path) -> str:
    """The DATABASE_URL of the store for `path`; on PostgreSQL it is created, empty, if it does not exist."""
    if CHOSEN == "sqlite":
        return f"sqlite:///{path}"
    if path not in _made:
        _made[path] = server().database()
    return _made[path]


def at(path: Path) -> Address:
    return address(url(path))


def create(path: Path) -> Database:
    """A new, open store at `path`: a copy of one that the program has made. Its migrations take longer."""
    if CHOSEN == "postgres":
        _made[path] = server().database(template=_template(CHOSEN), instead=_made.get(path, ""))
        _open.append(at(path).open())
    else:
        shutil.copy(_template(CHOSEN), path)  # with its permissions
        _open.append(Sqlite(path))  # as `open` returns it; to check the copy, and that it is up to date, takes longer
    return _open[-1]


@cache
def _template(kind: str) -> str:
    """The file, or the database, that is copied."""
    if kind == "postgres":
        made = server().database()
        address(made).create().close()
        return made
    path = Path(tempfile.mkdtemp(prefix="coalition-bot-template-")) / "template.db"
    atexit.register(shutil.rmtree, path.parent)
    at(path).create().close()
    return str(path)


class Past:
    """What is in a store, for others to get that would do the same: to fill one takes longer."""

    def __init__(self, db: Database) -> None:
        if isinstance(db, Postgres):
            with db.write() as tx:
                self._rows = {table: _copied(tx.conn, table) for table in _filled(tx.conn)}
            return
        self._store = sqlite3.connect(":memory:", check_same_thread=False)
        atexit.register(self._store.close)
        with closing(sqlite3.connect(_file(db))) as conn:
            conn.backup(self._store)

    def repeat(self, db: Database) -> None:
        if isinstance(db, Postgres):
            with db.write() as tx:
                # No reference is checked, in whatever order tables are filled.
                emptied = "".join(f"; DELETE FROM {table}" for table in _filled(tx.conn))
                tx.conn.execute(f"SET LOCAL session_replication_role = replica{emptied}")
                for table, rows in self._rows.items():
                    with tx.conn.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                        copy.write(rows)
            return
        with closing(sqlite3.connect(_file(db))) as conn:
            self._store.backup(conn)


def last_change(db: Database) -> object:
    """Differs after every commit."""
    if isinstance(db, Postgres):
        return db.read("SELECT txid_snapshot_xmax(txid_current_snapshot()) AS next")
    path = _file(db)
    files = (path, path.with_name(f"{path.name}-wal"))
    return [(file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.exists()]


def _file(db: Database) -> Path:
    assert isinstance(db, Sqlite)
    return db.path


def _filled(conn: Connection) -> list[str]:
    """The tables of a server that have had a row."""
    ours = "relkind = 'r' AND relnamespace = current_schema()::regnamespace AND pg_relation_size(oid) > 0"
    return [row["relname"] for row in conn.execute(f"SELECT relname FROM pg_class WHERE {ours}")]


def _copied(conn: Connection, table: str) -> bytes:
    with conn.cursor().copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


@contextmanager
def let_go_after() -> Iterator[None]:
    """Close the stores made meanwhile, and drop their databases after the next test: a process has few files."""
    before, opened = set(_made), len(_open)
    yield
    while len(_open) > opened:
        _open.pop().close()
    while _left:
        server().drop(_left.pop())
    _left.extend(_made.pop(path) for path in set(_made) - before)


@cache
def server() -> Server:
    running = Server()
    atexit.register(running.stop)
    return running
