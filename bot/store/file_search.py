"""Whether names are in a file, whatever it is: text, a Word file, a ZIP of those, a store."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from bot.shared.private_files import open_private
from bot.store import sqlite
from bot.store.database import StoreUnusable
from bot.store.file_kinds import Format, format_of, format_of_bytes
from bot.store.names import Names

_CHUNK: Final = 1 << 20  # bytes read at a time
_LARGEST: Final = 50_000_000  # bytes of one file in a ZIP that are looked through, a store's aside
_DEEPEST: Final = 3  # ZIPs in ZIPs: letters in an archive in a store in an export
_PARAGRAPH: Final = re.compile(r"</w:p>|<w:(?:tab|br|cr)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")
_CLOSED: Final = (OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)


class Look(Enum):
    """What a look into a file came to; `CLOSED`: it is of a kind that nobody can look into here (a PDF, a cipher)."""

    NAMED = "named"
    CLEAN = "clean"
    CLOSED = "closed"


def into_file(path: Path, names: Names) -> Look:
    """Raises `OSError` where it cannot be read."""
    with path.open("rb") as file:
        if _raw(file, names.needles()):
            return Look.NAMED
    match format_of(path):
        case Format.SQLITE:
            return _into_store(path, names)
        case Format.ZIP:
            with path.open("rb") as file:
                return _into_zip(file, names, 1)
        case Format.OTHER:
            with path.open("rb") as file:
                data = file.read(_LARGEST + 1)
            return _into_text(data, names) if len(data) <= _LARGEST else Look.CLOSED


def into_bytes(data: bytes, names: Names, depth: int = 0) -> Look:
    match format_of_bytes(data):
        case Format.ZIP:
            return _into_zip(io.BytesIO(data), names, depth + 1)
        case Format.SQLITE:
            with TemporaryDirectory(prefix="coalition-bot-") as folder:
                path = Path(folder) / "inside.db"
                with open_private(path) as file:
                    file.write(data)
                return _into_store(path, names)
        case Format.OTHER:
            return _into_text(data, names)


def _into_store(path: Path, names: Names) -> Look:
    """Every text and every document in it."""
    try:
        return together(_into_value(value, names) for value in sqlite.values(path))
    except StoreUnusable:
        return Look.CLOSED


def _into_value(value: str | bytes, names: Names) -> Look:
    if isinstance(value, bytes):
        return into_bytes(value, names, 1)
    return Look.NAMED if names.are_in(value) else Look.CLEAN


def _into_zip(file: IO[bytes], names: Names, depth: int) -> Look:
    if depth > _DEEPEST:
        return Look.CLOSED
    try:
        with zipfile.ZipFile(file) as packed:
            return together(_into_part(packed, part, names, depth) for part in packed.infolist())
    except _CLOSED:
        return Look.CLOSED


def _into_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, names: Names, depth: int) -> Look:
    if names.are_in(part.filename):
        return Look.NAMED
    with packed.open(part) as source:
        head = source.read(_CHUNK)
        if format_of_bytes(head) is Format.SQLITE:
            with TemporaryDirectory(prefix="coalition-bot-") as folder:
                path = Path(folder) / "inside.db"
                with open_private(path) as file:
                    file.write(head)
                    while chunk := source.read(_CHUNK):
                        file.write(chunk)
                return into_file(path, names)
        data = head + source.read(_LARGEST)
    return into_bytes(data, names, depth) if len(data) < _LARGEST else Look.CLOSED


def _into_text(data: bytes, names: Names) -> Look:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Look.CLOSED
    if "\0" in text or text.startswith("%PDF-"):
        return Look.CLOSED
    named = names.are_in(text) or (text.lstrip().startswith("<") and names.are_in(_words_of(text)))
    return Look.NAMED if named else Look.CLEAN


def _words_of(markup: str) -> str:
    """The words of a Word file's XML: a name may be parted by tags, and two paragraphs by nothing else."""
    return html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n", markup)))


def together(looks: Iterable[Look]) -> Look:
    """What several files that belong together come to: named where one of them is.

    A letter goes as a Word file and as a PDF of the same words, so the one tells of the other: closed only where more
    could not be looked into than could.
    """
    counts: Counter[Look] = Counter()
    for look in looks:
        if look is Look.NAMED:
            return look
        counts[look] += 1
    return Look.CLOSED if counts[Look.CLOSED] > counts[Look.CLEAN] else Look.CLEAN


def _raw(file: IO[bytes], needles: Iterable[bytes]) -> bool:
    """In the bytes as they are: a store's free pages and its log have what no row has any more."""
    longest = max(map(len, needles), default=0)
    return any(needle in part for part in _overlapping(file, longest) for needle in needles)


def _overlapping(file: IO[bytes], by: int) -> Iterator[bytes]:
    """The file in small letters, in parts that share so many bytes that nothing is cut in two."""
    tail = b""
    while part := file.read(_CHUNK):
        part = part.lower()
        yield tail + part
        tail = (tail + part)[-by:] if by else b""
