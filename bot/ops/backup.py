"""Move a coalition into one file and back, and replace the store with a backup."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.commands.model import Job, Work
from bot.config.load import Config
from bot.config.settings import Settings
from bot.ops import backup_copies, encryption, erase, export, restore
from bot.ops.backup_copies import EarlierCopies
from bot.ops.erase import Erased, MustStayErased
from bot.ops.restore import ChannelReport, Restored, contents_of
from bot.outbox import messages
from bot.outbox.channels import channels_of
from bot.outbox.model import DIRECT, CannotTell, Channel, Rejected, RetryAt, Sender
from bot.people import records as people
from bot.settings.in_force import EffectiveConfig
from bot.store import address, sqlite
from bot.store.address import Address, File
from bot.store.database import Database, StoreError, Transaction
from bot.store.names import Names
from bot.store.shape import copy_store

_PATIENCE: Final = 600  # seconds for one channel's history

Clock = Callable[[], datetime]
Connect = Callable[[tzinfo], Mapping[str, Sender]]  # the senders by platform, which show times in that zone


def export_store(store: Address, settings: Settings, config: Config, path: Path, clock: Clock) -> int:
    """Write everything to the ZIP `path` and return the number of rows. Raises `FileExistsError`."""
    with closing(address.open_own(store, config.coalition.id)) as db:
        with db.write() as tx:  # a database that was never started has none
            address.take(tx, config.coalition.id, config.coalition.name, clock())
        files = {export.FEEDS: settings.feeds_file, export.COALITION: settings.coalition_file}
        rows = export.export(db, EffectiveConfig(db, config, clock).config(), files, path, f"{clock():%Y-%m-%d}")
        backup_copies.record_copy(db, path, clock())
        return rows


def back_up(db: Database, path: Path) -> None:
    """Copy the live store into the new SQLite file `path`, without keys and mail that waits with a secret link or code.

    Raises `FileExistsError`.
    """
    db.backup(str(path))
    with closing(File(path).open_as_is()) as copy, copy.write() as tx:
        export.drop_secrets(tx)


def back_up_encrypted(db: Database, path: Path, recipient: str) -> None:
    """As `back_up`, encrypted to a public key. The plain copy is in a private folder next to `path` meanwhile.

    Raises `FileExistsError`, `WrongKey`.
    """
    encryption.public_key(recipient)
    if path.exists():
        raise FileExistsError(path)
    with TemporaryDirectory(prefix=".coalition-bot-", dir=path.parent) as folder:
        plain = Path(folder) / "plain.db"
        back_up(db, plain)
        encryption.encrypt(plain, path, recipient)


def import_store(store: Address, config: Config, path: Path) -> list[str]:
    """Create the store, which must not exist yet, from an export or a backup; return what it contains."""
    with _open_private_copy(path, config, None) as old, closing(store.create()) as db:
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
) -> Restored:
    """Replace the store with a backup, and ask Slack and Discord what was posted after it was made.

    People erased after the backup was made are erased again. `key`: the file with the secret key of an encrypted
    backup. Raises `AlreadyRunning`, `StoreUnusable`, `WrongKey`.
    """
    lock = store.lock()
    try:
        with _open_private_copy(path, config, key) as old:
            since, gone = restore.made_at(old), _must_stay_erased(store, config)
            unknown = gone is None
            aside = store.set_aside(clock())
            db = store.create()
            count = _fill_and_erase(db, old, config, gone or MustStayErased(), clock, new_id)
        effective = EffectiveConfig(db, config, clock).config()
        seen = await _read_channels(connect, effective, db, since)
        with Job(db, effective, clock(), new_id).write() as work:
            done = restore.reconcile(work, since, seen)
        done.erased, done.erasures_unknown = count, unknown
        done.contents, done.aside = contents_of(db), aside
        if count:
            db.scrub()
        for place in filter(None, (path, aside)):
            backup_copies.record_copy(db, place, clock())
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
    clock: Clock,
    new_id: Callable[[], str],
) -> tuple[Erased, EarlierCopies]:
    """Erase a person or organization, from the store's files too, and return the copies that were made before.

    Raises `AlreadyRunning`, `NothingToErase`.
    """
    lock = store.lock()
    try:
        db = address.open_own(store, config.coalition.id)
        with Job(db, config, clock(), new_id).write() as work:
            if person is not None:
                done = erase.erase_person(work.tx, person, work.now)
            elif reporter is not None:
                done = erase.erase_reporter(work, reporter)
            else:
                done = erase.erase_organization(work, organization or "")
        db.scrub()
        copies = backup_copies.recorded_copies(db)
        db.close()
    finally:
        lock.release()
    live = store.path if isinstance(store, File) else None
    return done, backup_copies.earlier_copies(copies, live, config.folder.absolute())


def count_mentions(files: Iterable[Path], names: Names) -> list[str]:
    """Find lines of the coalition's own files that still name them: "coalition.yml, line 12"."""
    return [
        f"{path.name}, line {number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if names.are_in(line) or any(name.casefold() in line.casefold() for name in names.short)
    ]


def _fill_and_erase(
    db: Database,
    old: Database,
    config: Config,
    gone: MustStayErased,
    clock: Clock,
    new_id: Callable[[], str],
) -> int:
    """Copy the rows and erase again in one transaction; return how many were erased."""
    count = 0

    def then(tx: Transaction) -> None:
        nonlocal count
        restore.pause_everything(tx, clock())
        count = erase.erase_again(Work(tx=tx, config=config, now=clock(), new_id=new_id), gone)

    copy_store(old, db, then=then)
    return count


@contextmanager
def _open_private_copy(path: Path, config: Config, key: Path | None) -> Iterator[Database]:
    """Migrate a private copy of the store in a backup or an export; the file itself is not changed."""
    with TemporaryDirectory(prefix="coalition-bot-") as folder:
        plain = path
        if path.is_file() and encryption.is_encrypted(path):
            if key is None:
                raise encryption.WrongKey(f"{path} is encrypted. Add --key with the file of its secret key.")
            plain = Path(folder) / "plain"
            encryption.decrypt(path, plain, key)
        export.unpack(plain, Path(folder) / "copy.db")
        with closing(sqlite.open_existing(Path(folder) / "copy.db")) as db:
            address.refuse_another(db, config.coalition.id, str(path))
            yield db


def _must_stay_erased(store: Address, config: Config) -> MustStayErased | None:
    """Read from the old store who must stay erased; None if the store cannot be read."""
    if not store.exists():
        return MustStayErased()
    try:
        db = store.open()
    except StoreError:
        return None
    with closing(db):
        address.refuse_another(db, config.coalition.id, str(store))
        return erase.must_stay_erased(db)


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
