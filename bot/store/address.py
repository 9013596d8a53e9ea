"""The store's address, as DATABASE_URL gives it: an SQLite file or a PostgreSQL database; and whose store it is."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Final, TypeAlias
from urllib.parse import unquote, urlsplit

from bot.store import sqlite
from bot.store.database import Database, Reader, StoreUnusable, Transaction, save_row
from bot.store.lock import ALIVE, Lock, SqliteLock

_SCHEMA: Final = re.compile(r'search_path="([^"]+)"')  # in the address of one coalition of several


@dataclass(frozen=True, slots=True)
class File:
    """An SQLite file. As text it names the place, as `Server` does without a password."""

    path: Path

    shared: ClassVar[bool] = False  # whether several processes can run on it together

    def __str__(self) -> str:
        return str(self.path)

    def exists(self) -> bool:
        return self.path.exists()

    @property
    def real(self) -> Path:
        """The file itself if `path` is a link to it: SQLite puts its log next to the file."""
        return self.path.resolve() if self.path.is_symlink() else self.path

    def create(self) -> Database:
        """Create a new store. Raises `StoreUnusable` if one is already there."""
        return sqlite.create(self.real)

    def create_to_fill(self) -> Database:
        """As `create`, for one transaction that fills it: if that fails, there is no store."""
        return sqlite.create_to_fill(self.real)

    def open(self) -> Database:
        """Open the existing store and bring it up to date. Raises `StoreUnusable` for anything else."""
        return sqlite.open_existing(self.real)

    def open_as_is(self) -> Database:
        """Open the existing store without bringing it up to date. Raises `StoreUnusable` as `open` does."""
        return sqlite.open_as_is(self.real)

    def pending(self) -> list[str]:
        """The changes to its tables that `open` would make, by name. Raises `StoreUnusable` as `open` does."""
        return sqlite.pending(self.real)

    def staging(self) -> File:
        """Return where a new store is filled before it takes this one's place; removes what an earlier try left."""
        new = File(self.real.with_name(f"{self.real.name}.new"))
        for end in ("", "-wal", "-shm"):
            Path(f"{new.path}{end}").unlink(missing_ok=True)
        return new

    def put_in_place(self, new: File | Server, now: datetime) -> Path | None:
        """Let the closed store `new` take this one's place; return the new path of the old one, None if there was none.

        At each moment one of them is in the place. The old one has no log, or cannot be read: it was opened before.
        """
        path, aside = self.real, None
        if path.exists():
            aside = path.with_name(f"{path.name}.until-{now:%Y%m%dT%H%M%S}")
            try:
                os.link(path, aside)
            except OSError:  # a disk without hard links: for a moment none is
                path.rename(aside)
            for end in ("-wal", "-shm"):
                there = path.with_name(path.name + end)
                if there.exists():
                    there.rename(aside.with_name(aside.name + end))
        if isinstance(new, File):
            new.path.replace(path)
        return aside

    def lock(self, *, shared: bool = False) -> Lock:  # noqa: ARG002 - as in `Server`
        """Keep other bots from running on it until the lock is released. Raises `AlreadyRunning`.

        Locks the file itself, whatever links lead to it; one process runs on it, because SQLite has one writer.
        """
        lock = SqliteLock(self.path.resolve(), str(self))
        lock.resume()
        return lock

    def running(self, now: datetime, *, working: bool = False) -> bool:  # noqa: ARG002 - the only process works
        """Whether a bot that runs on it gave a sign of life within `ALIVE`; `working`: one that watches and posts."""
        try:
            confirmed = Path(f"{self.path.resolve()}.lock").stat().st_mtime
        except FileNotFoundError:
            return False
        return now.timestamp() - confirmed < ALIVE.total_seconds()


@dataclass(frozen=True, slots=True)
class Server:
    url: str

    shared: ClassVar[bool] = True

    @property
    def _schema(self) -> str:
        """The schema of one coalition of several; "" if the database has a single coalition."""
        named = _SCHEMA.search(unquote(urlsplit(self.url).query))
        return named[1] if named else ""

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        part = f"the schema {self._schema} of " if self._schema else ""
        return f"{part}the PostgreSQL database {parts.path.strip('/')} on {parts.hostname or 'this machine'}"

    def exists(self) -> bool:
        from bot.store import postgres

        return postgres.is_ours(self.url)

    def create(self) -> Database:
        from bot.store import postgres

        return postgres.create(self.url)

    def create_to_fill(self) -> Database:
        """As `create`, with the tables in its first transaction: if that fails, there are none."""
        from bot.store import postgres

        return postgres.create_to_fill(self.url)

    def open(self) -> Database:
        from bot.store import postgres

        return postgres.open_existing(self.url)

    def open_as_is(self) -> Database:
        from bot.store import postgres

        return postgres.open_as_is(self.url)

    def pending(self) -> list[str]:
        from bot.store import postgres

        return postgres.pending(self.url)

    def staging(self) -> Server:
        """Raises `StoreUnusable` if there is an old store: the operator has to set it aside."""
        if self.exists() and (schema := self._schema):
            raise StoreUnusable(
                f"{self} already has tables of coalition-bot. Rename it in psql, and repeat this: "
                f'ALTER SCHEMA "{schema}" RENAME TO "{schema}-old"; No other coalition is changed.'
            )
        if self.exists():
            raise StoreUnusable(
                f"{self} already has tables of coalition-bot. Create a new, empty database, set DATABASE_URL to it, "
                "and repeat this; the old one is not changed."
            )
        return self

    def put_in_place(self, new: File | Server, now: datetime) -> None:
        """Do nothing: it was filled where it is."""

    def lock(self, *, shared: bool = False) -> Lock:
        """Lock through a separate connection: the lock is free once the process has ended, for whatever reason.

        `shared`: take it together with other running bots, and divide the work by `leads`.
        """
        from bot.store.postgres_lock import PostgresLock

        lock = PostgresLock(self.url, str(self), shared=shared, silent=ALIVE / 3)
        lock.keep()
        return lock

    def running(self, now: datetime, *, working: bool = False) -> bool:  # noqa: ARG002 - the server has its own clock
        from bot.store import postgres_lock

        return postgres_lock.is_locked(self.url, ALIVE, working=working)


Address: TypeAlias = File | Server


def lock_together(stores: Sequence[Address]) -> list[Lock]:
    """Take each store's lock of a running bot, shared where the store allows that; in the order of `stores`.

    Stores in one PostgreSQL database get the same lock, because it is on the database. Raises `AlreadyRunning`.
    """
    places = [store.url.partition("?")[0] if isinstance(store, Server) else str(store) for store in stores]
    locks: dict[str, Lock] = {}
    try:
        for place, store in zip(places, stores, strict=True):
            locks[place] = locks.get(place) or store.lock(shared=True)
    except BaseException:
        for lock in locks.values():
            lock.release()
        raise
    return [locks[place] for place in places]


def address(url: str, *, disk_lost: str = "") -> Address:
    """Return the address for `sqlite:///coalition.db` or `postgresql://user:password@host/name`.

    Raises `StoreUnusable` for anything else, and for a file on a disk that is wiped at a restart: SQLite there would
    forget what was posted. `disk_lost` is the setting that tells so, "" if the disk lasts.
    """
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):  # Heroku and others still write the short form
        if find_spec("psycopg") is None:
            raise StoreUnusable("PostgreSQL needs its driver: pip install 'coalition-bot[postgres]'.")
        return Server(url)
    if parts.scheme != "sqlite" or parts.netloc or not parts.path.strip("/"):
        begins = f"begins with {parts.scheme}:" if parts.scheme else "names no database"
        raise StoreUnusable(
            f"DATABASE_URL {begins}: write sqlite:///coalition.db (a path from here), sqlite:////var/lib/coalition.db "
            "(from the root) or postgresql://user:password@host/name."
        )
    if disk_lost:
        raise StoreUnusable(
            f"This host loses its disk at each restart ({disk_lost} is set), and with it the record of what was "
            "posted. Use PostgreSQL: set DATABASE_URL to postgresql://user:password@host/name (docs/operations.md)."
        )
    return File(Path(unquote(parts.path[1:])))


def open_own(store: Address, coalition_id: str) -> Database:
    """Open the coalition's store. Raises `StoreUnusable` as `File.open`, and for the store of another coalition."""
    db = store.open()
    try:
        refuse_another(db, coalition_id, str(store))
    except BaseException:
        db.close()
        raise
    return db


def refuse_another(db: Reader, coalition_id: str, place: str) -> None:
    """Raise `StoreUnusable` if the store in `place` belongs to another coalition. An unused one belongs to none."""
    for row in db.read("SELECT id FROM coalition WHERE id <> :id", {"id": coalition_id}):
        raise StoreUnusable(
            f'{place} belongs to another coalition: "{row["id"]}". This one is "{coalition_id}", the id in '
            "coalition.yml. Use its own, or change the id back."
        )


def is_owner(db: Reader, coalition_id: str, name: str) -> bool:
    """Whether the store belongs to the coalition under this name."""
    return bool(db.read("SELECT 1 FROM coalition WHERE id = :id AND name = :name", {"id": coalition_id, "name": name}))


def take(tx: Transaction, coalition_id: str, name: str, now: datetime) -> None:
    """Write whose store it is. Raises `StoreUnusable` if it belongs to another coalition."""
    refuse_another(tx, coalition_id, "The database")
    save_row(tx, "coalition", {"id": coalition_id, "name": name, "created_at": now}, keep=("created_at",))
