"""Move a coalition into one file and back, replace the store with a backup, and track such copies.

They are tracked because an erased person's data is in those, too.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.commands.model import Job, Work
from bot.config.load import Config
from bot.config.settings import Settings
from bot.ops import erase, export, restore
from bot.ops.erase import Agree, Erased, MustStayErased, never
from bot.ops.restore import ChannelReport, Restored, TakenBack, contents_of
from bot.outbox import messages
from bot.outbox.channels import channels_of
from bot.outbox.model import DIRECT, CannotTell, Channel, Rejected, RetryAt, Sender
from bot.people import records as people
from bot.people.contacts import scrub
from bot.settings.records import EffectiveConfig
from bot.store import address, sqlite
from bot.store.address import Address, File
from bot.store.database import Database, Reader, StoreError, StoreUnusable, Transaction, from_text
from bot.store.names import Names
from bot.store.shape import copy_store

_LIVE: Final = ("", "-wal", "-shm", ".lock")  # suffixes of the files of a store in use
# File types that may be copies or exports of the store; other files in a folder are ignored.
_KINDS: Final = re.compile(r"\.db|\.(?:sqlite3?|bak|zip|gz|xz|zst|bz2|7z|tar|gpg|age|enc|dump|sql)$", re.IGNORECASE)
_PATIENCE: Final = 600  # seconds for one channel's history

Clock = Callable[[], datetime]
Connect = Callable[[tzinfo], Mapping[str, Sender]]  # the senders by platform, which show times in that zone
Gone = tuple[MustStayErased, TakenBack | None]  # None: that cannot be read
_NOTHING_GONE: Final[Gone] = (MustStayErased(), None)


@dataclass(frozen=True, slots=True)
class Copy:
    path: Path
    made_at: datetime


@dataclass(frozen=True, slots=True)
class EarlierCopies:
    """Files from before an erasure that may name the erased. `gone`: recorded, but deleted or on another machine."""

    there: Sequence[Path]
    gone: Sequence[Path]


def record_copy(db: Database, path: Path, now: datetime, *, before_baseline: bool = False) -> None:
    """Record a copy. `before_baseline`: in a store of a release before 0.3, where each row has the coalition's id."""
    columns, values = "path, made_at", "VALUES (:path, :now)"
    if before_baseline:
        columns, values = f"coalition_id, {columns}", "SELECT id, :path, :now FROM coalition WHERE 1 = 1"
    sql = f"""
        INSERT INTO backup ({columns}) {values}
        ON CONFLICT ({columns.removesuffix(", made_at")}) DO UPDATE SET made_at = excluded.made_at
    """
    with db.write() as tx:
        tx.execute(sql, {"path": str(path.absolute()), "now": now})


def recorded_copies(db: Reader) -> Sequence[Copy]:
    """Return every recorded copy, oldest first, whether or not it still exists."""
    sql = "SELECT path, made_at FROM backup ORDER BY made_at, path"
    return [Copy(Path(row["path"]), from_text(row["made_at"])) for row in db.read(sql)]


def earlier_copies(copies: Sequence[Copy], live: Path | None, home: Path) -> EarlierCopies:
    """Find the recorded copies, and files like them next to them, next to the `live` store or in `home`."""
    made = [copy.path for copy in copies]
    stores = (live.absolute(), live.resolve()) if live else ()  # as written, and with links resolved
    ours = {store.with_name(store.name + end) for store in stores for end in _LIVE}
    folders = {home, *(path.parent for path in (*made, *stores))}
    # A copy, a replaced store or its log: `coalition.db.until-…`, `nightly.db-wal`.
    others = [path for folder in folders if folder.is_dir() for path in folder.iterdir() if _KINDS.search(path.name)]
    there = [path for path in sorted({*made, *others} - ours) if path.is_file()]
    return EarlierCopies(there, [path for path in made if not path.exists()])


def export_store(store: Address, settings: Settings, config: Config, path: Path, clock: Clock) -> int:
    """Write everything to the ZIP `path` and return the number of rows. Raises `FileExistsError`."""
    with closing(address.open_own(store, config.coalition.id)) as db:
        with db.write() as tx:  # a database that was never started has none
            address.take(tx, config.coalition.id, config.coalition.name, clock())
        files = {export.FEEDS: settings.feeds_file, export.COALITION: settings.coalition_file}
        rows = export.export(db, EffectiveConfig(db, config, clock).config(), files, path, f"{clock():%Y-%m-%d}")
        record_copy(db, path, clock())
        return rows


def back_up(db: Database, path: Path) -> None:
    """Copy the store into the new SQLite file, without keys and waiting mail with secrets. Raises `FileExistsError`."""
    db.backup(str(path))
    with closing(File(path).open_as_is()) as copy, copy.write() as tx:
        export.drop_secrets(tx)


def back_up_encrypted(db: Database, path: Path, recipient: str) -> None:
    """As `back_up`, encrypted to a public key; meanwhile the plain copy is in a private folder. Raises `WrongKey`."""
    export.public_key(recipient)
    if path.exists():
        raise FileExistsError(path)
    with TemporaryDirectory(prefix=".coalition-bot-", dir=path.parent) as folder:
        plain = Path(folder) / "plain.db"
        back_up(db, plain)
        export.encrypt(plain, path, recipient)


def import_store(store: Address, config: Config, path: Path) -> list[str]:
    """Create the store, which must not exist yet, from an export or a backup; return what it contains."""
    with _open_private_copy(path, config, None) as old, closing(store.create_to_fill()) as db:
        copy_store(old, db)
        return contents_of(db)


async def restore_backup(
    store: Address,
    config: Config,
    path: Path,
    *,
    connect: Connect,
    clock: Clock,
    new_id: Callable[[], str],
    key: Path | None = None,
    last: Path | None = None,
) -> Restored:
    """Replace the store with a backup, and ask Slack and Discord what was posted after it was made.

    The old store stays in its place until the new one is full. People erased after the backup was made are erased
    again. `key`: the file with the secret key of an encrypted backup. `last`: the last backup of the old store, for one
    that is elsewhere. Raises `AlreadyRunning`, `StoreUnusable`, `WrongKey`.
    """
    lock = store.lock()
    try:
        with _open_private_copy(path, config, key) as old:
            since, gone = restore.made_at(old), _must_stay_erased(store, config, old, last, key)
            new = store.staging()
            with closing(new.create_to_fill()) as db:
                count, again = _fill_and_erase(db, old, config, gone or _NOTHING_GONE, clock, new_id)
        aside = store.put_in_place(new, clock())
        db = store.open()
        effective = EffectiveConfig(db, config, clock).config()
        seen = await _read_channels(connect, effective, db, since)
        with Job(db, effective, clock(), new_id).write() as work:
            done = restore.reconcile(work, since, seen)
        done.erased, done.taken_back, done.erasures_unknown = count, again, gone is None
        done.contents, done.aside = contents_of(db), aside
        if count or again:
            db.scrub()
        for place in filter(None, (path, aside, last)):
            record_copy(db, place, clock())
        db.close()
    finally:
        lock.release()
    return done


def erase_names(
    store: Address,
    config: Config,
    *,
    person: str | None = None,
    organization: str | None = None,
    reporter: str | None = None,
    agree: Agree = never,
    clock: Clock,
    new_id: Callable[[], str],
) -> tuple[Erased, EarlierCopies]:
    """Erase a person or organization, from the store's files too, and return the copies that were made before.

    `agree`: whether to take the name out of texts, too; asked before anything is stored.

    Raises `AlreadyRunning`, `NothingToErase`.
    """
    lock = store.lock()
    try:
        db = address.open_own(store, config.coalition.id)
        with Job(db, config, clock(), new_id).write() as work:
            if person is not None:
                done = erase.erase_person(work, person, agree)
            elif reporter is not None:
                done = erase.erase_contact(work, reporter, agree)
            else:
                done = erase.erase_organization(work, organization or "", agree)
        done.scrubbed = scrub(db)
        copies = recorded_copies(db)
        db.close()
    finally:
        lock.release()
    live = store.path if isinstance(store, File) else None
    return done, earlier_copies(copies, live, config.folder.absolute())


def count_mentions(files: Iterable[Path], names: Names) -> list[str]:
    """Find lines of the coalition's own files that still name them: "coalition.yml, line 12"."""
    return [
        f"{path.name}, line {number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if names.are_in(line) or any(name.casefold() in line.casefold() for name in names.short)
    ]


def _fill_and_erase(
    db: Database, old: Database, config: Config, gone: Gone, clock: Clock, new_id: Callable[[], str]
) -> tuple[int, int | None]:
    """Copy the rows, erase and take back again in one transaction; return how many were erased, and taken back."""
    erased, again = 0, None

    def then(tx: Transaction) -> None:
        nonlocal erased, again
        work = Work(tx=tx, config=config, now=clock(), new_id=new_id)
        erased = erase.erase_again(work, gone[0])
        again = restore.repeat(work, gone[1]) if gone[1] else None
        restore.pause_everything(tx, clock())  # last: what people had paused since the backup stays so

    copy_store(old, db, then=then)
    return erased, again


@contextmanager
def _open_private_copy(path: Path, config: Config, key: Path | None) -> Iterator[Database]:
    """Migrate a private copy of the store in a backup or an export; the file itself is not changed."""
    with TemporaryDirectory(prefix="coalition-bot-") as folder:
        plain = path
        if path.is_file() and export.is_encrypted(path):
            if key is None:
                raise export.WrongKey(f"{path} is encrypted. Add --key with the file of its secret key.")
            plain = Path(folder) / "plain"
            export.decrypt(path, plain, key)
        copy = Path(folder) / "copy.db"
        export.unpack(plain, copy)
        try:
            with closing(sqlite.open_existing(copy)) as db:
                address.refuse_another(db, config.coalition.id, str(path))
                yield db
        except StoreUnusable as error:
            raise StoreUnusable(str(error).replace(str(copy), str(path))) from error


def _must_stay_erased(
    store: Address, config: Config, backup: Reader, last: Path | None, key: Path | None
) -> Gone | None:
    """Who must stay erased and what was taken back since the backup, by the old store; None if it cannot be read."""
    try:
        replaced = _open_private_copy(last, config, key) if last else closing(store.open())
    except StoreError:
        return None
    with replaced as db:
        address.refuse_another(db, config.coalition.id, str(store))
        erased = None
        try:
            erased = erase.must_stay_erased(db)
            return erased, restore.since(backup, db)
        except StoreError:  # a page of it is damaged, or a table missing
            return (erased, None) if erased else None


async def _read_channels(connect: Connect, config: Config, db: Database, since: datetime) -> list[ChannelReport]:
    """Read the channels one after another: platforms limit requests, and speed does not matter."""
    senders = connect(config.coalition.tz)
    try:
        direct = (messages.direct_channel(db, f"{DIRECT}{person.id}", senders) for person in people.people(db))
        theirs = [channel for channel in direct if channel and channel.platform != "console"]
        return [
            await _read_channel(channel, senders.get(channel.platform), since)
            for channel in (*channels_of(config.feeds).values(), *theirs)
        ]
    finally:
        for sender in senders.values():
            await sender.close()


async def _read_channel(channel: Channel, sender: Sender | None, since: datetime) -> ChannelReport:
    if sender is None:
        return ChannelReport(channel.name, why=f"no token for {channel.platform} is set")
    try:
        async with asyncio.timeout(_PATIENCE):
            shown = await sender.read_history(channel, since)
    except TimeoutError:
        return ChannelReport(channel.name, why=f"{channel.platform} did not answer in time")
    match shown:
        case CannotTell(why) | RetryAt(why) | Rejected(why):
            return ChannelReport(channel.name, why=why)
        case _:
            return ChannelReport(channel.name, shown)
