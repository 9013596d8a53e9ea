"""PostgreSQL behind the store's port, with psycopg 3. Contains no business logic.

The rooms' statements run unchanged but for three things: ``:name`` becomes ``%(name)s`` (`translated`); text columns
get the collation "C", so that both stores sort alike, by code point; and the port offers what only this engine
can say (`skip_locked`).
"""

from __future__ import annotations

import re
import threading
import time
import weakref
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.shared.threads import PRIORITY
from bot.store import schema, sqlite
from bot.store.database import Params, Row, StoreBusy, StoreUnsure, StoreUnusable, to_create_or_restore
from bot.store.postgres_connection import (
    WAIT_MS,
    Connection,
    connect,
    fetch_rows,
    fetched,
    is_gone,
    plain_errors,
    translated,
)
from bot.store.shape import copy_store

# Advisory locks are identified by numbers. "CoBo", the mark in our SQLite files, and each lock's purpose.
_WRITER: Final = 0x436F426F_0001
_MIGRATING: Final = 0x436F426F_0002
MIGRATED: Final = "coalition_bot_migrated"  # what NOTIFY is for: running bots of an older version must end
# By its id the server can say later whether it was committed. Not pg_current_xact_id(), which is new in PostgreSQL 13.
# Only in the same run of the same server: after a crash or a failover the ids that were lost are given again. When one
# of its processes crashes, the server recovers without a new start, and resets its statistics.
_RUN: Final = "CAST(pg_postmaster_start_time() AS TEXT) || (SELECT CAST(stats_reset AS TEXT) FROM pg_stat_bgwriter)"
_TRANSACTION_ID: Final = f"SELECT txid_current() AS id, {_RUN} AS run"
_COMMIT_STATUS: Final = f"SELECT CASE WHEN {_RUN} = :run THEN txid_status(:id) ELSE 'lost' END AS status"
_ASK_AGAIN: Final = 0.1  # seconds
_SCHEMA_WRITER: Final = 0x436F4277  # plus the CRC of the options that name the schema
# The server keeps what it has read about a coalition's tables in each connection, some 0.85 MB, as long as that lasts.
_MOST_PATHS: Final = 200
APPLIED: Final = "coalition_bot_migration"
_THE_DATABASE: Final = "The database"
_MIGRATIONS_OF: Final = f"SELECT name FROM {APPLIED} ORDER BY name"

T = TypeVar("T")

# Only the owner's tables: VACUUM and ANALYZE only warn about tables of others.
_OURS: Final = """
    SELECT c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = current_schema() AND pg_get_userbyid(c.relowner) = current_user
"""
# Those of twice the size that they had when statistics were last gathered.
_GROWN: Final = "AND pg_relation_size(c.oid) > 2 * c.relpages * current_setting('block_size')::bigint"

_SEARCH_PATH: Final = re.compile(r'-csearch_path=("[^"]+")')  # in the options of one coalition of several
_TEXT_COLUMN: Final = re.compile(r"\bTEXT\b")


@dataclass(slots=True, eq=False)
class _Line:
    """A connection with its search path, "" for the usual one, and all that it has had."""

    conn: Connection
    path: str
    had: set[str]

    def switch(self, path: str) -> Connection:
        if path != self.path:
            self.conn.execute(f"SET search_path = {path}")
            self.path = path
            self.had.add(path)
        return self.conn

    def begin(self, path: str, begin: str, *others: str) -> Row | None:
        """Start a transaction with that search path, in one round trip. Return the last row, if any."""
        self.had.add(path)
        switch = f"SET LOCAL search_path = {path}" if path != self.path else ""
        cursor = self.conn.execute("; ".join(filter(None, (begin, switch, *others))), prepare=False)
        while cursor.nextset():
            pass
        return cursor.fetchone() if cursor.description else None


class _Pool:
    """The connections to one database that are not in use.

    The stores of all coalitions in it share them: with some for each, a hundred coalitions would need more than a
    server allows. There are as many as were used at one moment, which the process's threads limit.
    """

    def __init__(self) -> None:
        self._idle: list[_Line] = []  # the last used last
        self._turn = threading.Lock()
        weakref.finalize(self, _close, self._idle)

    def take(self, path: str) -> _Line | None:
        """Return a connection; None if all are in use.

        Best one with this search path, or that has had it: its server process has read about the tables, which takes
        longer than most statements. Otherwise the one that has had the fewest.
        """
        with self._turn:
            if not self._idle:
                return None
            line = max(reversed(self._idle), key=lambda each: (each.path == path, path in each.had, -len(each.had)))
            self._idle.remove(line)
            return line

    def give(self, line: _Line) -> None:
        with self._turn:
            if len(line.had) <= _MOST_PATHS:
                self._idle.append(line)
                return
        line.conn.close()

    def close(self, path: str) -> None:
        """Close those with this search path."""
        with self._turn:
            closing = [each for each in self._idle if each.path == path]
            self._idle[:] = [each for each in self._idle if each.path != path]
        _close(closing)


_POOLS: Final[weakref.WeakValueDictionary[str, _Pool]] = weakref.WeakValueDictionary()
_MAKING_POOLS: Final = threading.Lock()


class Postgres:
    """The tables of one coalition: a database, or a schema of it."""

    skip_locked: Final = "FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str) -> None:
        self.url = url
        self.lost = ""
        self.commits = 0
        self._writer = _writer_key(url)
        database, self._path = _apart(url)
        with _MAKING_POOLS:
            self._pool = _POOLS.setdefault(database, _Pool())

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        with plain_errors():
            line, rows = self._connect_and_run(lambda line: fetch_rows(line.switch(self._path), sql, params))
        self._give_back(line)
        return rows

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[_Transaction]:
        """Start a transaction; with `alone` under the single writer's lock, as in SQLite, so that reads stay true."""
        lock = f"SELECT pg_advisory_xact_lock({self._writer})" if alone else ""
        with self._begin("BEGIN", lock, _TRANSACTION_ID) as (conn, row):
            yield _Transaction(conn)
            try:
                with plain_errors(lost=StoreUnsure):
                    conn.execute("COMMIT")
            except StoreUnsure as unsure:
                assert row is not None
                self._check_commit(row, unsure)
            self.commits += 1

    def _check_commit(self, transaction: Row, unsure: StoreUnsure) -> None:
        """Ask the server whether it committed a transaction whose COMMIT was not answered; return if it did.

        Raises `StoreBusy` if it did not, and `unsure` if the server does not say within seconds: it may be away, or not
        have noticed yet that the connection was lost; or if it was started since, or is another one.
        """
        end = time.monotonic() + WAIT_MS / 1000
        while time.monotonic() < end:
            status = None
            with suppress(StoreBusy):
                status = self.read(_COMMIT_STATUS, dict(transaction))[0]["status"]
            if status == "lost":
                break
            if status == "committed":
                return
            if status == "aborted":
                raise StoreBusy("The connection to the database server was lost, and nothing was saved; try again.")
            time.sleep(_ASK_AGAIN)
        raise unsure

    @contextmanager
    def snapshot(self) -> Iterator[_Transaction]:
        with self._begin("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY") as (conn, _):
            yield _Transaction(conn)

    def backup(self, target: str) -> None:
        """Copy everything, as of one moment, into a new SQLite file; either kind of store can be restored from it."""
        path = Path(target)
        if path.exists():
            raise FileExistsError(target)
        copy = sqlite.create(path)
        try:
            copy_store(self, copy)
        except BaseException:
            copy.close()
            path.unlink()
            raise
        copy.close()

    def scrub(self) -> None:
        """Run a full VACUUM, which rewrites every table; the server's log and archives are up to its operator."""
        self._run_on_each("VACUUM (FULL)", _OURS)

    def analyze(self) -> None:
        """Gather statistics of tables that grew much. The server's autovacuum does so a minute or more later, and until
        then plans are those for an empty table: all rows are read.
        """
        self._run_on_each("ANALYZE (SKIP_LOCKED)", f"{_OURS} {_GROWN}")

    def _run_on_each(self, command: str, tables: str) -> None:
        with plain_errors():
            line, rows = self._connect_and_run(lambda line: fetch_rows(line.switch(self._path), tables))
            try:
                for row in rows:
                    line.conn.execute(f'{command} "{row["name"]}"')
            finally:
                self._give_back(line)

    def close(self) -> None:
        """Close the connections that this store has used last and that are not in use."""
        self._pool.close(self._path)

    @contextmanager
    def _begin(self, begin: str, lock: str = "", then: str = "") -> Iterator[tuple[Connection, Row | None]]:
        """Start a transaction that is rolled back unless it was committed. Yields the row of `then`, too."""
        with plain_errors(), PRIORITY.blocked() if lock else nullcontext():
            line, row = self._connect_and_run(lambda line: line.begin(self._path, begin, lock, then))
        try:
            yield line.conn, row
        finally:
            self._give_back(line)

    def _connect_and_run(self, work: Callable[[_Line], T]) -> tuple[_Line, T]:
        """Return a connection and the result of `work` on it.

        A connection that died while it waited, as in a restart of the server, is dropped: no work had begun on it.
        """
        if self.lost:
            raise StoreUnusable(self.lost)
        while True:
            idle = self._pool.take(self._path)
            line = idle or _Line(connect(self.url), self._path, {self._path})
            try:
                return line, work(line)
            except psycopg.Error as error:
                gone = is_gone(line.conn, error)
                self._give_back(line)
                if not idle or not gone:
                    raise

    def _give_back(self, line: _Line) -> None:
        with suppress(psycopg.Error):  # a lost connection has already rolled back
            line.conn.rollback()
        if not line.conn.closed:
            self._pool.give(line)


class _Transaction:
    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        return self.execute(sql, params)

    def execute(self, sql: str, params: Params | None = None) -> list[Row]:
        with plain_errors():
            return fetch_rows(self.conn, sql, params)

    def execute_many(self, sql: str, rows: Iterable[Params]) -> None:
        with plain_errors(), self.conn.cursor() as cursor:
            cursor.executemany(translated(sql), rows)

    def execute_each(self, sql: str, rows: Iterable[Params]) -> list[list[Row]]:
        """Send all statements before waiting for the first answer."""
        with plain_errors(), self.conn.cursor() as cursor:
            cursor.executemany(translated(sql), rows, returning=True)
            return [fetched(each) for each in cursor.results()]


class _ToFill(Postgres):
    """A database that gets its tables with what its first transaction writes, or neither."""

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[_Transaction]:
        try:
            with super().write(alone=alone) as tx:
                if not has_tables(tx.conn):
                    _apply_pending(tx.conn, self.url)
                yield tx
        except (errors.IntegrityError, errors.DataError) as error:
            why = error.diag.message_primary
            raise StoreUnusable(f"The rows contradict each other ({why}). Nothing was changed.") from error


def create_to_fill(url: str) -> Postgres:
    """As `create`, with the tables in the first transaction: a copy that fails must leave no empty store."""
    _prepare(url)
    return _ToFill(url)


def create(url: str) -> Postgres:
    """Create our tables in an existing database. Raises `StoreUnusable` if they are already there."""
    _prepare(url)
    _migrate(url)
    return Postgres(url)


def _prepare(url: str) -> None:
    if is_ours(url):
        raise StoreUnusable(
            f"There are coalition-bot tables in {_named(url)} already. Use it as it is, or choose another one."
        )
    with connect(url) as conn, plain_errors():
        (named,) = fetch_rows(conn, "SELECT current_schema() AS there, current_setting('search_path') AS path")
        if named["there"] is None:  # the schema of one coalition of several
            conn.execute(f"CREATE SCHEMA IF NOT EXISTS {named['path']}")


def open_existing(url: str) -> Postgres:
    """Open our own database and bring it up to date. Refuses, in plain words, a database without our tables."""
    db = Postgres(url)
    if _pending(db):
        _migrate(url)
    return db


def open_as_is(url: str) -> Postgres:
    """Open our own database without bringing it up to date."""
    if not is_ours(url):
        raise _not_ours(url)
    return Postgres(url)


def pending(url: str) -> list[str]:
    """The migrations that opening it would apply. Changes nothing."""
    with closing(Postgres(url)) as db:
        return _pending(db)


def _pending(db: Postgres) -> list[str]:
    try:  # in one statement: a bot may open a thousand at its start
        applied = [row["name"] for row in db.read(_MIGRATIONS_OF)]
    except StoreUnusable as error:
        if isinstance(error.__cause__, errors.UndefinedTable):
            raise _not_ours(db.url) from error
        raise
    schema.refuse_newer(applied, _THE_DATABASE)
    waiting = schema.pending(applied)
    if schema.BASELINE in waiting:
        schema.refuse_several(db.read)
    return waiting


def is_ours(url: str) -> bool:
    """Whether our tables exist."""
    with connect(url) as conn:
        return has_tables(conn)


def _not_ours(url: str) -> StoreUnusable:
    return StoreUnusable(f"There are no coalition-bot tables in {_named(url)}. {to_create_or_restore()}")


def _named(url: str) -> str:
    schema = _apart(url)[1].strip('"')
    return f"the schema {schema} of the database in DATABASE_URL" if schema else "the database in DATABASE_URL"


def has_tables(conn: Connection) -> bool:
    return bool(fetch_rows(conn, "SELECT to_regclass(:name) IS NOT NULL AS ours", {"name": APPLIED})[0]["ours"])


def _writer_key(url: str) -> int:
    """The key of the writer's lock: coalitions in schemas of their own do not wait for each other."""
    options = _options(url)
    return _SCHEMA_WRITER << 32 | zlib.crc32(options.encode()) if _SEARCH_PATH.search(options) else _WRITER


def _apart(url: str) -> tuple[str, str]:
    """Return the address of the database, and the search path to one coalition of several, "" for a single one."""
    options = _options(url)
    path = _SEARCH_PATH.search(options)
    return (make_conninfo(url, options=_SEARCH_PATH.sub("", options)), path[1]) if path else (url, "")


def _options(url: str) -> str:
    return str(conninfo_to_dict(url).get("options") or "")


def _migrate(url: str) -> None:
    """Apply pending migrations. Several bots may start at once: one migrates while the others wait."""
    with connect(url) as conn, plain_errors():
        conn.execute("SELECT pg_advisory_lock(%s)", (_MIGRATING,))
        _apply_pending(conn, url)


def _apply_pending(conn: Connection, url: str) -> None:
    conn.execute(f"CREATE TABLE IF NOT EXISTS {APPLIED} (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)")
    applied = applied_to(conn)
    for name, statements in schema.MIGRATIONS:
        if name in applied:
            continue
        with conn.transaction():
            # No other writer is in the middle of a transaction, with locks on tables that we wait for.
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (_writer_key(url),))
            schema.apply(
                name,
                statements,
                applied=applied,
                run=lambda sql: fetch_rows(conn, _TEXT_COLUMN.sub('TEXT COLLATE "C"', sql)),
                columns=lambda: _columns(conn),
            )
            fetch_rows(conn, f"INSERT INTO {APPLIED} (name, applied_at) VALUES (:name, now())", {"name": name})
            if applied:
                fetch_rows(conn, "SELECT pg_notify(:channel, :name)", {"channel": MIGRATED, "name": name})


def _columns(conn: Connection) -> dict[str, list[str]]:
    """Return the columns of each table, in order."""
    rows = fetch_rows(
        conn,
        """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position
        """,
    )
    return {name: [row["column_name"] for row in group] for name, group in groupby(rows, itemgetter("table_name"))}


def applied_to(conn: Connection) -> list[str]:
    """Return the migrations that the database has. Raises `StoreUnusable` if it has any that we do not."""
    applied = [row["name"] for row in fetch_rows(conn, _MIGRATIONS_OF)]
    schema.refuse_newer(applied, _THE_DATABASE)
    return applied


def _close(idle: list[_Line]) -> None:
    while idle:
        idle.pop().conn.close()
