"""SQLite behind the store's port, opened and migrated with sqlite-utils. Contains no business logic."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final
from urllib.parse import quote

from bot.shared.journey import shell_command
from bot.shared.private_files import write_private
from bot.shared.threads import PRIORITY, rows_giving_way
from bot.store import schema
from bot.store.database import (
    Params,
    Row,
    StoreBusy,
    StoreError,
    StoreUnusable,
    to_create_or_restore,
    to_restore,
    to_text,
)

# "CoBo": tells our files from any other SQLite file; `file(1)` shows it too.
APPLICATION_ID: Final = 0x436F426F
VERSION: Final = sqlite3.sqlite_version_info
BUSY_TIMEOUT_MS: Final = 5_000
# What rows that contradict each other or the tables raise.
BROKEN: Final = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.OperationalError)
_CACHE: Final = -1_000  # KB for each connection; with SQLite's own 2,000 no page of the board is faster
# KB for a transaction: 200 news entries change 2 to 3 MB of pages, and one without room is written before the commit,
# perhaps several times. After the commit what is over `_CACHE` is free again.
_CHANGES: Final = -4_000
_STATEMENTS: Final = 64  # that each connection keeps compiled, some 10 kB each; with Python's own 128 nothing is faster
_UNUSED: Final = 2  # connections kept for the next reads: a rush opens up to eight, and each grows to 2 MB
_SET: Final = "coalition-bot"
_PROBE: Final = bytes(128 * 1024)  # more than the smallest file that SQLite needs next to a database
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM)
sqlite3.register_adapter(datetime, to_text)
sqlite3.register_adapter(date, date.isoformat)


class Sqlite:
    """One database file: a connection that writes, and as many as read at one moment.

    A thread has a connection to itself while it uses it. One for each thread would take more memory: each connection
    keeps pages and compiled statements.
    """

    skip_locked: Final = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lost = ""
        self.commits = 0
        self._writer: list[sqlite3.Connection] = []  # unless it is in use
        self._readers: list[sqlite3.Connection] = []  # those not in use, the last used last: its pages are cached
        # SQLite's own wait is random and ends after a while: among many threads some would never get the lock.
        self._turn = threading.RLock()

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        with self._lent(self._readers) as conn, _plain_errors(self.path):
            return _rows(conn.execute(sql, params or {}))

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[_Transaction]:  # noqa: ARG002 - here every writer is alone
        """Start a transaction with BEGIN IMMEDIATE.

        sqlite-utils' `atomic()` is a deferred BEGIN: a read followed by a write then fails at once under
        contention (SQLITE_BUSY_SNAPSHOT), whatever the busy timeout.
        """
        with PRIORITY.locked(self._turn), self._lent(self._writer) as conn:
            with _plain_errors(self.path):
                conn.execute("BEGIN IMMEDIATE")
            try:
                yield _Transaction(conn, self.path)
            except BaseException:
                conn.rollback()
                raise
            with _plain_errors(self.path):
                try:
                    conn.commit()
                except sqlite3.Error:
                    conn.rollback()
                    raise
            self.commits += 1

    @contextmanager
    def snapshot(self) -> Iterator[_Transaction]:
        with self._lent(self._readers) as conn:
            with _plain_errors(self.path):
                conn.execute("BEGIN")
            try:
                yield _Transaction(conn, self.path)
            finally:
                conn.rollback()

    def backup(self, target: str) -> None:
        """Copy the live database to `target` while others write; only the owner can read the copy."""
        path = Path(target)
        with self._lent(self._readers) as conn:
            create_private(path)
            try:
                with _plain_errors(path), closing(sqlite3.connect(path)) as copy:
                    conn.backup(copy)
            except BaseException:
                path.unlink()  # a partial copy must not look like a backup
                raise

    def scrub(self) -> None:
        """Run VACUUM, which rewrites every page into the log; then write the log into the file and truncate it."""
        with self._turn, self._lent(self._writer) as conn, _plain_errors(self.path):
            conn.execute("VACUUM")
            busy = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise StoreBusy(f"{self.path} is being read; deleted data is still in its log.")

    def analyze(self) -> None:
        """Gather statistics. Without them SQLite takes every index for equally selective.

        0x10002 covers all tables, and at most 1,000 rows of each index: https://sqlite.org/pragma.html#pragma_optimize
        """
        with self._turn, self._lent(self._writer) as conn, _plain_errors(self.path):
            conn.execute("PRAGMA analysis_limit = 1000")
            conn.execute("PRAGMA optimize = 0x10002")

    def close(self) -> None:
        """Close the connections.

        One that a thread is reading with closes when that read ends: closing it under the thread would crash the
        process.
        """
        for connections in self._writer, self._readers:
            with suppress(IndexError):
                while True:
                    connections.pop().close()
        self._writer, self._readers = [], []

    @contextmanager
    def _lent(self, unused: list[sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
        """A connection that no other thread uses meanwhile: the last of `unused`, or a new one if there is none."""
        if self.lost:  # a file that was deleted would take what is written to it, and a new one may be half made
            raise StoreUnusable(self.lost)
        try:
            conn = unused.pop()
        except IndexError:
            with _plain_errors(self.path):
                conn = _connect(self.path)
        try:
            yield conn
        finally:
            unused.append(conn)
            if len(unused) > _UNUSED:
                with suppress(IndexError):  # another thread closes them too
                    unused.pop(0).close()


class _ToFill(Sqlite):
    """A new database that is deleted if its first transaction fails: empty, it would pass for that of a first run."""

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[_Transaction]:
        try:
            with super().write(alone=alone) as tx:
                yield tx
        except BaseException:
            if not self.commits:
                self.close()
                for end in ("", "-wal", "-shm"):
                    Path(f"{self.path}{end}").unlink(missing_ok=True)
            raise


class _Connection(sqlite3.Connection):
    """A connection that closes with its last user: its store, or a read on a store that was closed meanwhile.

    From Python 3.13 an open connection that is collected is a warning.
    """

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # it could not be opened
            self.close()


class _Transaction:
    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        self._conn = conn
        self._path = path

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        return self.execute(sql, params)

    def execute(self, sql: str, params: Params | None = None) -> list[Row]:
        with _plain_errors(self._path):
            return _rows(self._conn.execute(sql, params or {}))

    def execute_many(self, sql: str, rows: Iterable[Params]) -> None:
        with _plain_errors(self._path):
            self._conn.executemany(sql, rows)

    def execute_each(self, sql: str, rows: Iterable[Params]) -> list[list[Row]]:
        return [self.execute(sql, params) for params in rows]


def create(path: Path) -> Sqlite:
    """Create a new database. Raises `StoreUnusable` if a file is already there."""
    return _create(path, Sqlite)


def create_to_fill(path: Path) -> Sqlite:
    """As `create`, for one transaction that fills it: if that fails, there is no file."""
    return _create(path, _ToFill)


def _create(path: Path, kind: type[Sqlite]) -> Sqlite:
    if path.exists():
        raise StoreUnusable(f"{path} already exists. Use it as it is, or move it away before `coalition-bot init`.")
    create_private(path)
    with _plain_errors(path), closing(_connect(path)) as conn:
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _migrate(path)
    return kind(path)


def open_existing(path: Path) -> Sqlite:
    """Open our own database and bring it up to date. Refuses, in plain words, any other file."""
    _refuse_foreign(path)
    _migrate(path)
    return Sqlite(path)


def open_as_is(path: Path) -> Sqlite:
    """Open our own database without bringing it up to date."""
    _refuse_foreign(path)
    return Sqlite(path)


def pending(path: Path) -> list[str]:
    """The migrations that opening it would apply. Changes nothing."""
    _refuse_foreign(path)
    with _plain_errors(path), closing(_opened(path)) as conn:
        return _pending(conn, path)


def in_memory() -> sqlite3.Connection:
    """Return a database with our tables and no rows: it shows what they look like."""
    conn = sqlite3.connect(":memory:")
    conn.row_factory = sqlite3.Row
    for _, statements in schema.MIGRATIONS:
        for statement in statements:
            conn.execute(statement)
    return conn


def create_private(path: Path) -> None:
    """Create an empty file that only its owner may read: it will contain drafts and contacts.

    Raises `FileExistsError` if one is already there, `StoreUnusable` if none can be created.
    """
    try:
        write_private(path, b"", new=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise unwritable(path, error) from error


def _refuse_foreign(path: Path) -> None:
    """Refuse a file that is not ours. SQLite opens an empty file as a healthy database, which would hide a lost disk.

    It reads without changing anything: a journal mode set on another program's file would stay.
    """
    hint = to_create_or_restore()
    if not path.exists():
        raise StoreUnusable(f"There is no database at {path}. {hint}")
    if path.stat().st_size == 0:
        raise StoreUnusable(f"The database {path} is empty (0 bytes): its disk may have been lost. {hint}")
    if not os.access(path, os.W_OK):  # SQLite would open it anyway, and fail at the first change
        raise unwritable(path, _obstacle(path) or OSError(errno.EACCES, ""))
    with _plain_errors(path), closing(_opened(path)) as conn:
        application_id = conn.execute("PRAGMA application_id").fetchone()[0]
        healthy = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        hidden = conn.execute("SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()
    if application_id != APPLICATION_ID:
        raise StoreUnusable(f"{path} is a database of another program. Set DATABASE_URL to another file.")
    if healthy != "ok":
        raise StoreUnusable(f"{path} is damaged ({healthy}). {to_restore()}")
    if hidden:
        raise StoreUnusable(
            f"{path} has a {hidden[0]} ({hidden[1]}), and coalition-bot creates none: someone has changed it. Use a "
            "backup that you trust."
        )


def _migrate(path: Path) -> None:
    """Apply pending migrations in one transaction; another program that opens it meanwhile waits."""
    with _plain_errors(path), closing(_connect(path)) as conn:
        if not _pending(conn, path):
            return
        from sqlite_utils import Database, Migrations  # 2 MB, and few starts apply anything

        conn.execute("BEGIN IMMEDIATE")
        applied = _applied(conn)
        migrations = Migrations(_SET)
        for name, statements in schema.MIGRATIONS:
            migrations(name=name)(_step(name, statements, applied))
        migrations.apply(Database(conn))
        conn.execute("COMMIT")
        if applied and schema.BASELINE not in applied:  # half of the file is free now
            with suppress(sqlite3.Error):  # a full disk, or another program reads: the store is complete as it is
                conn.execute("VACUUM")
                conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _pending(conn: sqlite3.Connection, path: Path) -> list[str]:
    applied = _applied(conn)
    schema.refuse_newer(applied, str(path))
    waiting = schema.pending(applied)
    if applied and schema.BASELINE in waiting:
        schema.refuse_several(lambda sql: _rows(conn.execute(sql)))
    return waiting


def _applied(conn: sqlite3.Connection) -> list[str]:
    """The migrations that sqlite-utils has noted in its own table."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    return [name for (name,) in conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (_SET,))]


def _step(name: str, statements: Sequence[str], applied: Sequence[str]) -> Callable[[Any], None]:
    def step(db: Any) -> None:
        schema.apply(
            name,
            statements,
            applied=applied,
            run=lambda sql: _rows(db.execute(sql)),
            columns=lambda: {table.name: list(table.columns_dict) for table in db.tables},
        )

    return step


def _connect(path: Path) -> sqlite3.Connection:
    conn = _opened(path)
    try:
        _use_wal(conn)
        # FULL: a delivery's "sent" mark must outlast a power cut; NORMAL may lose the last commits.
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute(f"PRAGMA cache_size = {_CACHE}")
        conn.execute(f"PRAGMA cache_spill = {_CHANGES}")
        conn.execute("PRAGMA secure_delete = ON")  # not every build of SQLite overwrites what is deleted
    except sqlite3.Error:  # no database
        conn.close()
        raise
    return conn


def _use_wal(conn: sqlite3.Connection) -> None:
    """Change the journal's mode. SQLite does not wait for another program that does the same; this does."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _opened(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=rw",  # one that was deleted is not created again, empty
        uri=True,
        timeout=BUSY_TIMEOUT_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
        factory=_Connection,
    )
    conn.execute("PRAGMA trusted_schema = OFF")  # a restored file may come from anywhere
    return conn


def _rows(cursor: sqlite3.Cursor) -> list[Row]:
    names = [column[0] for column in cursor.description or ()]  # once: sqlite3.Row looks for the name of each value
    return [dict(zip(names, row, strict=True)) for row in rows_giving_way(cursor.fetchmany)]


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """Turn errors that an operator can act on into plain words; programming errors keep their traceback."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if plain := _in_plain_words(path, error):
            raise plain from error
        raise


def _in_plain_words(path: Path, error: sqlite3.DatabaseError) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind of error, the rest its details
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(f"{path} is in use by another process: {error}")
    if code == sqlite3.SQLITE_NOTADB:
        return StoreUnusable(f"{path} cannot be read as a database ({error}). {to_restore()}")
    if code == sqlite3.SQLITE_CORRUPT or str(error).startswith("no such table"):
        return StoreUnusable(f"{path} is damaged ({error}). {to_restore()}")
    if code == sqlite3.SQLITE_FULL:
        return unwritable(path, OSError(errno.ENOSPC, ""))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        is_gone = code == sqlite3.SQLITE_CANTOPEN and path.parent.exists() and not path.exists()
        return gone(path) if is_gone else unwritable(path, _obstacle(path) or OSError(errno.EIO, str(error)))
    return None


def gone(path: Path) -> StoreUnusable:
    """Say that the file is no longer the one that was opened."""
    return StoreUnusable(
        f"{path} was deleted or replaced while the bot ran. What the bot stored after that is lost. Put the file back, "
        f"or restore a backup: `{shell_command('restore FILE')}`, which looks up in the channels what was posted since."
    )


def unwritable(path: Path, error: OSError) -> StoreUnusable:
    """Say why a file cannot be written and what to do about it. The database itself is not at fault."""
    if error.errno in _FULL:
        return StoreUnusable(
            f"{path} cannot be written: its disk is full. Free some space and start again. The database is fine; do "
            "not replace it."
        )
    if error.errno == errno.EROFS:
        return StoreUnusable(
            f"{path} cannot be written: its disk is mounted read-only. Mount it for writing (`mount -o remount,rw`) "
            "and start again; a disk that turned read-only by itself may be failing. The database is fine; do not "
            "replace it."
        )
    if error.errno in _FORBIDDEN:
        return StoreUnusable(
            f"{path} cannot be written: this user cannot write to it or to its folder {path.absolute().parent}. "
            "Start as the user that owns it, or change its owner (`chown`)."
        )
    if error.errno == errno.ENOENT:
        return StoreUnusable(f"{path} cannot be created: there is no folder {path.absolute().parent}. Create it first.")
    return StoreUnusable(
        f"{path} cannot be read or written ({error.strerror or error}): its disk reports an error. Check the disk and "
        "the system's log first."
    )


def _obstacle(path: Path) -> OSError | None:
    """Return what keeps SQLite from writing, None if nothing does: it needs the file and room for others next to it."""
    try:
        with TemporaryFile(dir=path.absolute().parent) as probe:
            probe.write(_PROBE)
            probe.flush()
    except OSError as error:
        return error
    # Check access without opening: closing a file that SQLite has open drops its locks.
    readonly = path.exists() and not os.access(path, os.W_OK)
    return OSError(errno.EACCES, "") if readonly else None
