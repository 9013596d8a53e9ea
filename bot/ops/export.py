"""Export a coalition as one ZIP: the store as one SQLite file, its two files, its templates, and tables for people.

The store and the files are complete; the tables and the OPML are for use in other tools. A copy is encrypted with age
(https://age-encryption.org) to a public key, so the host cannot read its own backups.
"""

from __future__ import annotations

import io
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final
from xml.etree import ElementTree as ET

import pyrage  # type: ignore[import-untyped]

from bot.config.load import Config
from bot.letters.allies import records as allies
from bot.ops.retention import TABLES
from bot.outbox import queued
from bot.people import sessions
from bot.shared.csv_cells import write_csv
from bot.shared.errors import WrongUse
from bot.shared.private_files import open_private, write_private
from bot.shared.yaml_text import Unreadable, plain_yaml
from bot.store import sqlite
from bot.store.database import Database, Reader, StoreUnusable, Transaction
from bot.store.shape import copy_store, read_tables, rows_of

_HEADER: Final = b"age-encryption.org/"
STORE: Final = "coalition.db"
FEEDS: Final = "feeds.yml"
COALITION: Final = "coalition.yml"
_TEMPLATES: Final = "templates"
_CHUNK: Final = 1 << 20  # bytes read at a time
_MOST_RATIO: Final = 100  # limit on the unpacked store or files, times the export's size; ours unpack to about 6 times
_MOST_FILES: Final = 2_000
_LARGEST_FILE: Final = 20_000_000  # limit in bytes on a template or one of the two files, unpacked
# What reading a broken, encrypted or unusually packed file raises.
_UNREADABLE: Final = (OSError, KeyError, EOFError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)
_README: Final = """\
{name}: everything its bot stored on {day}.

coalition.db   all of it, as one SQLite file
feeds.yml, coalition.yml, templates/   what was watched, who the coalition is, its letters
feeds.opml     the feeds, for any reader
tables/        the rest that people read, as CSV (UTF-8)

To go on with it elsewhere: coalition-bot import FILE, then put the tokens into .env: none is in here.
"""


class WrongKey(WrongUse):
    """A key cannot be used; the message says why and what to do."""


def is_encrypted(path: Path) -> bool:
    """Whether a file was encrypted with age. Raises `OSError` if it cannot be read."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def encrypt(source: Path, target: Path, recipient: str) -> None:
    """Encrypt a file to a public key in a new file, piece by piece. Raises `WrongKey`, `FileExistsError`."""
    key = public_key(recipient)
    with source.open("rb") as plain, open_private(target, new=True) as file:
        try:
            pyrage.encrypt_io(plain, file, [key])
        except BaseException:
            target.unlink()  # a partial file must not look like a backup
            raise


def decrypt(source: Path, target: Path, key_file: Path) -> None:
    """Decrypt a file with the secret keys in `key_file`, which `age-keygen` made, piece by piece. Raises `WrongKey`."""
    try:
        lines = map(str.strip, key_file.read_text(encoding="utf-8").splitlines())
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except OSError as error:
        raise WrongKey(f"The key file {key_file} cannot be read: {error.strerror}.") from error
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise WrongKey(f"{key_file} is not a key file: `age-keygen -o backup-key.txt` makes one.") from error
    with source.open("rb") as file, open_private(target) as plain:
        try:
            pyrage.decrypt_io(file, plain, keys)
        except pyrage.DecryptError as error:
            raise WrongKey(f"{key_file} does not open {source}: {error}. Use the key that it was made for.") from error
        except OSError as error:
            if error.errno is not None:  # of the disk; what age itself finds wrong has no number
                raise
            raise WrongKey(f"{source} is damaged: it was cut short or changed. Use another backup.") from error


def public_key(text: str) -> pyrage.x25519.Recipient:
    """Return a public key. Raises `WrongKey` for anything else."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        what = "a secret key: keep it away from the bot" if text.strip().startswith("AGE-SECRET-KEY-") else "not a key"
        raise WrongKey(
            f"--to is {what}. It takes the public key, age1…, that `age-keygen -o backup-key.txt` prints."
        ) from error


class Format(StrEnum):
    SQLITE = "an SQLite file"
    ZIP = "a ZIP"
    OTHER = "neither an SQLite file nor a ZIP"


def format_of(path: Path) -> Format:
    """Return the file's format. Raises `OSError` if it cannot be read."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"SQLite format 3\0"):
        return Format.SQLITE
    return Format.ZIP if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else Format.OTHER  # the second is empty


def drop_secrets(tx: Transaction) -> None:
    """Delete from a copy of the store what would let its reader act for others. A restored one mails new links."""
    queued.drop_links(tx)
    # A backup copies the store of an earlier release as it is.
    if tx.read("SELECT 1 AS one FROM sqlite_master WHERE name = 'ally_link'"):
        allies.drop_unconfirmed_links(tx)
    sessions.drop_keys(tx)


def export(db: Database, config: Config, files: Mapping[str, Path], path: Path, day: str) -> int:
    """Write the ZIP `path`, readable by its owner only; return the number of rows in its store.

    `config` as it is active; `files`: feeds.yml and coalition.yml as written. Raises `FileExistsError`.
    """
    try:
        file = open_private(path, new=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise sqlite.unwritable(path, error) from error
    try:
        with (
            file,
            TemporaryDirectory(prefix="coalition-bot-") as folder,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as to,
        ):
            alone = sqlite.create(Path(folder) / STORE)
            done = copy_store(db, alone, then=drop_secrets)
            for name, data in _tables(alone, config):
                to.writestr(f"tables/{name}.csv", data)
            alone.close()
            to.write(Path(folder) / STORE, STORE)
            for name, source in (*files.items(), *_templates(config.folder)):
                to.write(source, name)
            to.writestr("feeds.opml", opml(config))
            to.writestr("README.txt", _README.format(name=config.coalition.name, day=day))
    except BaseException:
        path.unlink()
        raise
    return sum(each.rows for each in done)


def unpack(path: Path, store: Path) -> None:
    """Copy the store in a backup or an export to `store`. Raises `StoreUnusable` if it has none."""
    if not path.is_file():
        raise StoreUnusable(f"There is no file {path}.")
    try:
        format_ = format_of(path)
        if format_ is Format.OTHER:
            raise StoreUnusable(
                f"{path} is neither a backup (an SQLite file) nor an export (a ZIP). `coalition-bot backup FILE` and "
                "`coalition-bot export FILE` make those."
            )
        if format_ is Format.ZIP:
            with zipfile.ZipFile(path) as packed, open_private(store) as target:
                _extract(packed, STORE, target.write, path.stat().st_size * _MOST_RATIO)
        else:
            for end in ("", "-wal"):  # a copy made by hand may have its log next to it
                if (part := path.with_name(path.name + end)).exists() or not end:
                    with part.open("rb") as old, open_private(store.with_name(store.name + end)) as new:
                        shutil.copyfileobj(old, new, _CHUNK)
    except _UNREADABLE as error:
        raise StoreUnusable(f"{path} contains no copy of a database ({error}).") from error


def refuse_another(path: Path, name: str) -> None:
    """Raise `StoreUnusable` for an export of another coalition than `name`, before any of it is unpacked."""
    data = io.BytesIO()
    try:
        with zipfile.ZipFile(path) as packed:
            _extract(packed, COALITION, data.write, _LARGEST_FILE)
        values = plain_yaml(data.getvalue().decode("utf-8"))
    except (*_UNREADABLE, UnicodeDecodeError, Unreadable):
        return  # that it cannot be read is said where it is unpacked
    id_ = values.get("id") if isinstance(values, dict) else None
    if id_ != name:
        id_ = str(id_)[:80]
        raise StoreUnusable(f'{path} is an export of the coalition "{id_}": import it with --coalition {id_}.')


def unpack_files(path: Path, feeds: Path, coalition: Path) -> list[Path]:
    """Unpack the two files and the templates of an export unless they already exist; return what was written.

    A backup contains none of them. Raises `StoreUnusable` for any other file.
    """
    places = {FEEDS: feeds, COALITION: coalition}
    put = []
    try:
        if (format_ := format_of(path)) is Format.SQLITE:
            return []
        if is_encrypted(path):
            raise StoreUnusable(
                f"{path} is an encrypted backup, which is not imported but restored, with the file of its secret key: "
                f"coalition-bot restore {path} --key FILE"
            )
        if format_ is Format.OTHER:
            raise StoreUnusable(
                f"{path} is not an export or backup: it is {format_}. `coalition-bot export FILE` makes one."
            )
        with zipfile.ZipFile(path) as packed:
            wanted = {name: places.get(name) or _template(name, coalition.parent) for name in packed.namelist()}
            if len(wanted) > _MOST_FILES:
                raise StoreUnusable(f"{path} has {len(wanted):,} files; an export has at most {_MOST_FILES:,}.")
            left = max(_LARGEST_FILE, path.stat().st_size * _MOST_RATIO)
            for name, target in wanted.items():
                if target and not target.exists():
                    data = io.BytesIO()
                    _extract(packed, name, data.write, min(_LARGEST_FILE, left))
                    left -= data.tell()
                    target.parent.mkdir(parents=True, exist_ok=True)
                    write_private(target, data.getvalue())
                    put.append(target)
    except _UNREADABLE as error:
        raise StoreUnusable(f"{path} is not an export ({error}). `coalition-bot export FILE` makes one.") from error
    return put


def opml(config: Config) -> bytes:
    """Return the feeds as OPML, which feed readers import: http://opml.org/spec2.opml"""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = f"{config.coalition.short}: feeds"
    body = ET.SubElement(root, "body")
    for source in config.feeds.sources.values():
        if source.is_feed:
            ET.SubElement(body, "outline", type="rss", text=source.name, title=source.name, xmlUrl=source.url)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _tables(db: Reader, config: Config) -> Iterator[tuple[str, bytes]]:
    feeds, asks = config.feeds, config.coalition.asks
    yield "asks", write_csv(("number", "title", "text"), ([str(n), ask.title, ask.text] for n, ask in asks.items()))
    queries = {watch.id: watch.query.text for watch in config.watches}
    watches = (
        [id_, w.name, w.level.value, " ".join(map(str, w.asks)), queries[id_], w.note]
        for id_, w in feeds.watches.items()
    )
    yield "watches", write_csv(("id", "name", "level", "asks", "query", "note"), watches)
    sources = ([id_, s.kind, s.name, s.url, "yes" if s.enabled else "no"] for id_, s in feeds.sources.items())
    yield "sources", write_csv(("id", "kind", "name", "url", "on"), sources)
    for name, rule in TABLES.items():
        if rule.sheet:
            columns = read_tables()[name].columns
            stored = rows_of(db, read_tables()[name])
            rows = rule.sheet_rows(db, stored) if rule.sheet_rows else stored
            yield name, write_csv(columns, (["" if row[c] is None else str(row[c]) for c in columns] for row in rows))


def _templates(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((folder / _TEMPLATES).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def _template(name: str, folder: Path) -> Path | None:
    """Return the path of a template; None for a name that leads outside the templates."""
    parts = PurePosixPath(name).parts
    inside = parts[:1] == (_TEMPLATES,) and len(parts) > 1 and ".." not in parts and not name.endswith("/")
    return folder.joinpath(*parts) if inside else None


def _extract(packed: zipfile.ZipFile, name: str, write: Callable[[bytes], object], most: int) -> None:
    """Unpack one file in chunks. Raises `StoreUnusable` if it is larger than `most` bytes."""
    size = 0
    with packed.open(name) as source:
        while part := source.read(_CHUNK):
            size += len(part)
            if size > most:
                raise StoreUnusable(f"{name} unpacks to more than {most:,} bytes. An export never does.")
            write(part)
