"""The lock of running bots on a store: what every store offers, and SQLite's. PostgreSQL's is in `postgres_lock.py`."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock, Timeout

from bot.shared.errors import CoalitionBotError
from bot.store import sqlite

# A running bot confirms its lock every few seconds. After this long without a sign it counts as stopped or frozen.
ALIVE: Final = timedelta(minutes=1)


class AlreadyRunning(CoalitionBotError):
    """Another coalition-bot uses this database in a way that excludes ours."""

    def __init__(self, where: str) -> None:
        super().__init__(f"Another coalition-bot is running on {where}. Stop it first: this needs the database alone.")


class Lock(Protocol):
    """Keeps others off a store, or, if it is shared, those who need the store alone."""

    def keep(self) -> None:
        """Check that the lock is still ours, and take it again if its connection was lost.

        Raises `AlreadyRunning` if another bot has it now, `StoreBusy` if that cannot be known yet.
        """

    def leads(self, part: str) -> bool:
        """Whether this process has this part of the work: one process at a time has it, and another takes it over
        within `ALIVE` when that process has ended, or gives no sign of life.
        """

    def release(self) -> None: ...

    def pause(self) -> None:
        """Release it while the store cannot be used, so that it can be restored; not if other stores have it, too."""

    def resume(self) -> None:
        """Take it again. Raises `AlreadyRunning`."""


class SqliteLock:
    """A lock through an open file next to the database at `path`: it lasts as long as the process lives.

    `where`: the database as errors name it.
    """

    def __init__(self, path: Path, where: str) -> None:
        self._path = path
        self._where = where
        self._lock = FileLock(f"{path}.lock", timeout=0, thread_local=False)
        self._number: tuple[int, int] | None = None  # of the database when it was locked; None: it did not exist yet

    def keep(self) -> None:
        """Check the database. No other process can take the lock; the file's modification time is the sign of life.

        Raises `StoreUnusable` if the database was deleted or replaced: new data would be lost.
        """
        if self._number is not None and _file_number(self._path) != self._number:
            raise sqlite.gone(self._path)
        with suppress(OSError):  # the next write reports a full or lost disk
            os.utime(self._lock.lock_file)

    def leads(self, part: str) -> bool:  # noqa: ARG002 - part of the port
        return True

    def release(self) -> None:
        with suppress(OSError):
            os.utime(self._lock.lock_file, (0, 0))  # a bot that stops normally counts as stopped at once
        self._lock.release()

    def pause(self) -> None:
        self.release()

    def resume(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            raise AlreadyRunning(self._where) from None
        except OSError as error:
            raise sqlite.unwritable(self._path, error) from error
        self._number = _file_number(self._path)


def _file_number(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of the same name; None if there is no file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
