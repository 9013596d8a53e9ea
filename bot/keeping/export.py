"""A whole coalition in one ZIP: its store as one SQLite file, its two files and templates, and tables for people.

Everything is in the store and the files; the tables and the OPML are for those who go on with other tools.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final
from xml.etree import ElementTree as ET

from bot.config.feeds import SourceKind
from bot.config.load import Config
from bot.keeping.tables import TABLES
from bot.people.table import written
from bot.store import sqlite
from bot.store.copying import copy, rows_of
from bot.store.database import Database, Reader, StoreUnusable
from bot.store.shape import SHAPES

STORE: Final = "coalition.db"
FEEDS: Final = "feeds.yml"
COALITION: Final = "coalition.yml"
_TEMPLATES: Final = "templates"
_README: Final = """\
{name}: everything its bot kept on {day}.

coalition.db   all of it, as one SQLite file
feeds.yml, coalition.yml, templates/   what was watched, who the coalition is, its letters
feeds.opml     the feeds, for any reader
tables/        the rest that people read, as CSV (UTF-8)

To go on with it elsewhere: coalition-bot import FILE, then put the tokens into .env: none is in here.
"""


def export(db: Database, config: Config, files: Mapping[str, Path], path: Path, day: str) -> int:
    """Write the ZIP `path`, for its owner's eyes alone; how many rows its store has.

    `config` as it is in force; `files`: feeds.yml and coalition.yml as they stand. Raises `FileExistsError`.
    """
    sqlite.create_private(path)
    try:
        with (
            TemporaryDirectory(prefix="coalition-bot-") as folder,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as to,
        ):
            alone = sqlite.create(Path(folder) / STORE)
            done = copy(db, alone, progress=lambda _table, _rows: None, coalition=config.coalition.id)
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
    """Copy the store that a backup or an export holds to `store`. Raises `StoreUnusable` where there is none."""
    if not path.is_file():
        raise StoreUnusable(f"There is no file {path}.")
    sqlite.create_private(store)
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed, packed.open(STORE) as source, store.open("wb") as target:
                _pour(source.read, target.write)
        else:
            for end in ("", "-wal"):  # a copy that was made by hand may have its log beside it
                if (beside := path.with_name(path.name + end)).exists() or not end:
                    store.with_name(store.name + end).write_bytes(beside.read_bytes())
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise StoreUnusable(f"{path} holds no copy of a store ({error}).") from error


def unpack_files(path: Path, feeds: Path, coalition: Path) -> list[Path]:
    """Put the two files and the templates of an export in their places, where nothing is yet; what was put.

    Raises `StoreUnusable` for what is no export.
    """
    places = {FEEDS: feeds, COALITION: coalition}
    put = []
    try:
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                target = places.get(name) or _template(name, coalition.parent)
                if target and not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(packed.read(name))
                    put.append(target)
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreUnusable(f"{path} is no export ({error}): `coalition-bot export FILE` makes one.") from error
    return put


def opml(config: Config) -> bytes:
    """The feeds, as readers take them in: http://opml.org/spec2.opml"""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = f"{config.coalition.short}: feeds"
    body = ET.SubElement(root, "body")
    for source in config.feeds.sources.values():
        if source.kind is SourceKind.FEED:
            ET.SubElement(body, "outline", type="rss", text=source.name, title=source.name, xmlUrl=source.url)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _tables(db: Reader, config: Config) -> Iterator[tuple[str, bytes]]:
    feeds, asks = config.feeds, config.coalition.asks
    yield "asks", written(("number", "title", "text"), ([str(n), ask.title, ask.text] for n, ask in asks.items()))
    watches = (
        [id_, w.name, w.level.value, " ".join(map(str, w.asks)), w.query, w.note] for id_, w in feeds.watches.items()
    )
    yield "watches", written(("id", "name", "level", "asks", "query", "note"), watches)
    sources = ([id_, s.kind.value, s.name, s.url, "yes" if s.enabled else "no"] for id_, s in feeds.sources.items())
    yield "sources", written(("id", "kind", "name", "url", "on"), sources)
    for name, keeping in TABLES.items():
        if keeping.sheet:
            columns = [column for column in SHAPES[name].columns if column != "coalition_id"]
            rows = rows_of(db, SHAPES[name], None)
            yield name, written(columns, ([_cell(row[column]) for column in columns] for row in rows))


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _templates(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((folder / _TEMPLATES).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def _template(name: str, folder: Path) -> Path | None:
    """Where a template belongs; None for a name that leads anywhere else."""
    parts = PurePosixPath(name).parts
    inside = parts[:1] == (_TEMPLATES,) and len(parts) > 1 and ".." not in parts and not name.endswith("/")
    return folder.joinpath(*parts) if inside else None


def _pour(read: Callable[[int], bytes], write: Callable[[bytes], object]) -> None:
    while part := read(1 << 20):
        write(part)
