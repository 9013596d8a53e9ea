"""Connections to PostgreSQL with psycopg 3: statements, values and errors as the store's port has them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg.adapt import Dumper
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg.types.numeric import IntDumper
from psycopg.types.string import StrDumperUnknown

from bot.shared.threads import rows_giving_way
from bot.store.database import Params, Row, StoreBusy, StoreError, StoreUnsure, StoreUnusable, to_restore, to_text

WAIT_MS: Final = 5_000  # wait for the writer's lock as long as SQLite does
# Unless DATABASE_URL sets others: a server whose host is gone is noticed within a minute, not in hours.
_LINE: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}

Connection = psycopg.Connection[DictRow]

# Quoted text is left alone; a percent sign has a meaning in psycopg, two stand for one.
_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|(?P<name>(?<!:):[a-z_]\w*)|%", re.IGNORECASE)
# Why a server does not answer or lets nobody in, in our own words: the driver's may repeat parts of the address. libpq
# gives a failed connection no code, so its English message is read.
_NO_ANSWER: Final = {
    "Connection refused": "nothing is listening there",
    "No such file or directory": "there is no socket",
    "translate host name": "its host name was not found",
    "resolve host": "its host name was not found",
    "Name or service not known": "its host name was not found",
    "timeout expired": "it does not answer",
    "timed out": "it does not answer",
    "unreachable": "there is no network route",
}
_REFUSED: Final = {
    r'database ".*" does not exist': "names a database that does not exist on the server: create it (createdb NAME), "
    "or correct the name.",
    r'role ".*" (does not exist|is not permitted to log in)|authentication failed|no password supplied': "has a user "
    "or a password that the server does not accept: correct them, or create the user (createuser NAME).",
    r"pg_hba\.conf": "has a user or a database that the server's pg_hba.conf does not allow from this machine: add a "
    "line for them there and reload it, or correct them.",
    r"permission denied for database": "names a database that its user may not connect to: GRANT CONNECT ON DATABASE "
    "NAME TO USER.",
}


def connect(url: str) -> Connection:
    """Return a connection that commits each statement unless it is in a transaction."""
    with plain_errors():
        parts = conninfo_to_dict(url)
        try:
            conn = psycopg.connect(**(_LINE | parts), autocommit=True, row_factory=dict_row)
        except (psycopg.OperationalError, errors.ConnectionTimeout) as error:
            message = str(error)
            if refused := next((words for sign, words in _REFUSED.items() if re.search(sign, message)), ""):
                raise StoreUnusable(f"DATABASE_URL {refused}") from error
            if error.sqlstate is None and (
                reason := next((words for sign, words in _NO_ANSWER.items() if sign in str(error)), "")
            ):
                where = f"{parts.get('host') or 'this machine'}, port {parts.get('port') or 5432}"
                raise StoreBusy(
                    f"The database server at {where} cannot be reached now: {reason}. Check that it is running "
                    "and that DATABASE_URL has its host and port."
                ) from error
            raise
        conn.execute(f"SET lock_timeout = {WAIT_MS}")
    conn.adapters.register_dumper(bool, _Number)
    conn.adapters.register_dumper(str, _Text)
    conn.adapters.register_dumper(datetime, _Time)
    conn.adapters.register_dumper(date, _Day)
    return conn


def is_gone(conn: Connection, error: psycopg.Error) -> bool:
    """Whether the server ended the connection; its last message may come before the broken connection is noticed."""
    if isinstance(error, errors.AdminShutdown | errors.CrashShutdown | errors.CannotConnectNow):
        conn.close()
    return conn.closed


def fetch_rows(conn: Connection, sql: str, params: Params | None = None) -> list[Row]:
    return fetched(conn.execute(translated(sql), params or {}))


def fetched(cursor: psycopg.Cursor[DictRow]) -> list[Row]:
    """Return a statement's rows, if it returns rows. (`description` says so too, but describes each column first.)"""
    return [] if cursor.rownumber is None else list(rows_giving_way(cursor.fetchmany))


@functools.lru_cache(512)  # a list of each length is a statement
def translated(sql: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match["name"]:
            return f"%({match['name'][1:]})s"
        return match[0].replace("%", "%%")

    return _TOKEN.sub(one, sql)


class _Number(Dumper):
    """True and False are stored as 1 and 0 in both engines."""

    oid = IntDumper.oid

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class _Text(StrDumperUnknown):
    """PostgreSQL's text can contain everything but NUL."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\x00", "\ufffd"))


class _Time(Dumper):
    def dump(self, obj: datetime) -> bytes:
        return to_text(obj).encode()


class _Day(Dumper):
    def dump(self, obj: date) -> bytes:
        return obj.isoformat().encode()


@contextmanager
def plain_errors(lost: type[StoreError] = StoreBusy) -> Iterator[None]:
    """Turn errors that an operator can act on into plain words, without address or password.

    `lost`: the error to raise for a lost server. A restarted server comes back, and uncommitted work never happened, so
    trying again is right, except for the commit itself.
    """
    try:
        yield
    except (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure) as error:
        raise StoreBusy("The database is in use by another process; try again.") from error
    except (errors.DiskFull, errors.ReadOnlySqlTransaction) as error:
        raise StoreUnusable(f"The database cannot be written ({_message(error)}).") from error
    except errors.InsufficientPrivilege as error:
        raise StoreUnusable(f"The user in DATABASE_URL may not use the database ({_message(error)}).") from error
    except (errors.DataCorrupted, errors.IndexCorrupted) as error:
        raise StoreUnusable(f"The database is damaged ({_message(error)}). {to_restore()}") from error
    except errors.UndefinedTable as error:
        raise StoreUnusable(f"A table is missing ({_message(error)}). {to_restore()}") from error
    except errors.ProgramLimitExceeded:  # of the values, such as one that no index takes: the server is there
        raise
    except (psycopg.OperationalError, errors.IdleInTransactionSessionTimeout) as error:
        unsure = " It is not known whether the last change was saved." if lost is StoreUnsure else ""
        raise lost(f"The database server cannot be reached now ({_message(error)}).{unsure}") from error


def _message(error: psycopg.Error) -> str:
    return error.diag.message_primary or type(error).__name__
