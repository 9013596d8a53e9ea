"""The lock of running bots on PostgreSQL, and the parts of the work that each of them has: advisory locks of a session.

The server frees them when the session ends, for whatever reason, so there is no clock on which all hosts must agree.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.store import schema
from bot.store.database import Row, StoreBusy, StoreError
from bot.store.lock import AlreadyRunning
from bot.store.postgres import APPLIED, MIGRATED, applied_to, has_tables
from bot.store.postgres_connection import Connection, connect, fetch_rows, plain_errors

log = logging.getLogger(__name__)

_RUNNING: Final = 0x436F426F_0003  # see the other locks in postgres.py
# When others were active is known of one's own user alone: those of another user count as active.
# A server process is identified by its number and start time, because numbers are reused.
_OWN_BACKEND: Final = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_HOLDERS: Final = """
    SELECT a.pid, a.backend_start, COALESCE(now() - a.state_change, '0'::interval) AS silent
    FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = :high AND l.objid::bigint = :low
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_LOCKS: Final = """
    SELECT COALESCE(now() - a.state_change, '0'::interval) AS silent,
        array_agg(l.classid::bigint << 32 | l.objid::bigint) AS keys
    FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    GROUP BY a.pid, a.state_change
"""
_STORES: Final = """
    SELECT c.oid::regclass::text AS applied FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relname = :applied AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
"""
_TRY_PART: Final = "SELECT pg_try_advisory_lock(:key) AS ours"


class PostgresLock:
    """The lock of running bots, and the parts of the work that this process has, on a separate connection.

    Satisfies `Lock`. `where`: the database as errors name it. `shared`: other running bots may have it at the same
    time; otherwise nobody else. A process whose connection is silent for longer than `silent` loses its parts to
    another. Threads may share it.
    """

    def __init__(self, url: str, where: str, *, shared: bool, silent: timedelta) -> None:
        self._url = url
        self._where = where
        self._try = f"SELECT pg_try_advisory_lock{'_shared' if shared else ''}(:key) AS ours"
        self._silent = silent
        self._parts: set[str] = set()
        self._waiting: set[str] = set()  # parts that another process has
        self._conn: Connection | None = None
        self._backend: Row | None = None  # the server process that has the locks for us
        self._migrated: set[str] = set()  # what others have changed in the tables of any coalition
        self._turn = threading.Lock()

    def keep(self) -> None:
        """Take the lock, or take it again if its connection was lost.

        Raises `AlreadyRunning` if another bot has it; `StoreBusy` if the server cannot be reached, or still has it for
        the connection that we lost; `StoreUnusable` if a newer version has migrated the database, which then runs on it
        in our place.
        """
        with self._turn:
            is_alive = self._conn is not None and _is_alive(self._conn)
            schema.refuse_newer(self._migrated, "The database")
            if is_alive:
                return
            self._let_go()
            conn = connect(self._url)
            try:
                with plain_errors():
                    self._end_lost_backend(conn)
                    if not fetch_rows(conn, self._try, {"key": _RUNNING})[0]["ours"]:
                        raise AlreadyRunning(self._where)
                    conn.add_notify_handler(lambda change: self._migrated.add(change.payload))
                    conn.execute(f"LISTEN {MIGRATED}")
                    if self._backend is not None:  # what the lost connection would have heard
                        self._migrated.update(_newer_migrations(conn))
                    self._conn, self._backend = conn, fetch_rows(conn, _OWN_BACKEND)[0]
            finally:
                if self._conn is None:
                    conn.close()
            schema.refuse_newer(self._migrated, "The database")

    def leads(self, part: str) -> bool:
        """Whether this process has a part of the work; it takes the part if no other process has it."""
        with self._turn, plain_errors():
            if self._conn is None:
                return False
            if part not in self._parts:
                key = int.from_bytes(hashlib.blake2b(part.encode(), digest_size=8).digest(), signed=True)
                if fetch_rows(self._conn, _TRY_PART, {"key": key})[0]["ours"]:
                    self._parts.add(part)
                    if part in self._waiting:
                        log.info("%s: this process takes it over", part)
                    self._waiting.discard(part)
                else:
                    if part not in self._waiting:
                        log.info("%s: another process does it; this one takes it over when that one ends", part)
                    self._waiting.add(part)
                    # End the connection of a process that has a part and is frozen, or whose host is gone. If it
                    # wakes, it takes a new connection and finds its parts with another process.
                    for row in fetch_rows(self._conn, _HOLDERS, _halves(key)):
                        if row["silent"] > self._silent:
                            fetch_rows(self._conn, "SELECT pg_terminate_backend(:pid)", {"pid": row["pid"]})
            return part in self._parts

    def release(self) -> None:
        with self._turn:
            if self._conn is not None:
                # At once: the server notices the end of a connection a little later.
                with suppress(StoreError), plain_errors():
                    self._conn.execute("SELECT pg_advisory_unlock_all()")
            self._let_go()

    def pause(self) -> None:
        """Do nothing: the lock is on the database, which other coalitions use."""

    def resume(self) -> None:
        self.keep()

    def _let_go(self) -> None:
        if self._conn is not None:
            self._conn.close()
        self._conn = None
        self._parts.clear()

    def _end_lost_backend(self, conn: Connection) -> None:
        """End the server process that still has our locks because the server has not noticed the broken connection."""
        own = self._backend
        if own is None or not any(own.items() <= row.items() for row in fetch_rows(conn, _HOLDERS, _halves(_RUNNING))):
            return
        fetch_rows(conn, "SELECT pg_terminate_backend(:pid)", {"pid": own["pid"]})
        raise StoreBusy(
            "The database server still has the lock of a lost connection; asked it to close that connection."
        )


def _halves(key: int) -> dict[str, int]:
    """The key of an advisory lock as `pg_locks` shows it."""
    return {"high": key >> 32 & 0xFFFFFFFF, "low": key & 0xFFFFFFFF}


def _is_alive(conn: Connection) -> bool:
    """Whether the connection works. Raises `StoreUnusable` if a newer version has migrated the database meanwhile."""
    try:
        with plain_errors():
            if has_tables(conn):  # a dropped schema is lost for its coalition; others have the same lock
                applied_to(conn)
    except StoreBusy:
        return False
    return True


def _newer_migrations(conn: Connection) -> Iterator[str]:
    """Return the migrations that we do not have, of the stores of all coalitions."""
    ours = {"ours": [name for name, _ in schema.MIGRATIONS], "baseline": schema.BASELINE}
    for store in fetch_rows(conn, _STORES, {"applied": APPLIED}):
        newer = f"SELECT name FROM {store['applied']} WHERE name <> ALL(:ours::text[]) AND name > :baseline"
        yield from (row["name"] for row in fetch_rows(conn, newer, ours))


def is_locked(url: str, within: timedelta, *, working: bool) -> bool:
    """Whether a process that has the lock of a running bot used its connection within that time.

    `working`: one that has a part of the work, too.
    """
    with connect(url) as conn:
        bots = [row for row in fetch_rows(conn, _LOCKS) if _RUNNING in row["keys"]]
    return any(row["silent"] < within and (len(row["keys"]) > 1 or not working) for row in bots)
