"""Search a file of any format for names: text, a Word file, a ZIP of those, a store."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum, StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from bot.shared.private_files import open_private
from bot.store import sqlite
from bot.store.database import StoreUnusable
from bot.store.names import Names

_CHUNK: Final = 1 << 20  # bytes read at a time
_LARGEST: Final = 50_000_000  # bytes searched of one file in a ZIP; a store has no limit
_DEEPEST: Final = 3  # ZIPs within ZIPs: letters in an archive in a store in an export
_PARAGRAPH: Final = re.compile(r"</w:p>|<w:(?:tab|br|cr)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")
_CLOSED: Final = (OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)


_HEADS: Final = 16  # bytes that tell the formats apart


class Format(StrEnum):
    SQLITE = "an SQLite file"
    ZIP = "a ZIP"
    OTHER = "neither an SQLite file nor a ZIP"


def format_of(path: Path) -> Format:
    """Return the file's format. Raises `OSError` if it cannot be read."""
    with path.open("rb") as file:
        return format_of_bytes(file.read(_HEADS))


def format_of_bytes(data: bytes) -> Format:
    if data.startswith(b"SQLite format 3\0"):
        return Format.SQLITE
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # the second is an empty ZIP
        return Format.ZIP
    return Format.OTHER


class ScanResult(Enum):
    """The result of searching a file; `CLOSED`: its format cannot be searched (a PDF, an encrypted file)."""

    NAMED = "named"
    CLEAN = "clean"
    CLOSED = "closed"


def scan_file(path: Path, names: Names) -> ScanResult:
    """Search one file. Raises `OSError` if it cannot be read."""
    needles = names.needles()
    longest = max(map(len, needles), default=0)
    with path.open("rb") as file:  # a store's free pages and its log contain deleted rows
        if any(needle in part for part in _overlapping(file, longest) for needle in needles):
            return ScanResult.NAMED
    match format_of(path):
        case Format.SQLITE:
            return _scan_store(path, names)
        case Format.ZIP:
            with path.open("rb") as file:
                return _scan_zip(file, names, 1)
        case Format.OTHER:
            with path.open("rb") as file:
                data = file.read(_LARGEST + 1)
            return _scan_text(data, names) if len(data) <= _LARGEST else ScanResult.CLOSED


def scan_bytes(data: bytes, names: Names, depth: int = 0) -> ScanResult:
    match format_of_bytes(data):
        case Format.ZIP:
            return _scan_zip(io.BytesIO(data), names, depth + 1)
        case Format.SQLITE:
            with TemporaryDirectory(prefix="coalition-bot-") as folder:
                path = Path(folder) / "inside.db"
                with open_private(path) as file:
                    file.write(data)
                return _scan_store(path, names)
        case Format.OTHER:
            return _scan_text(data, names)


def _scan_store(path: Path, names: Names) -> ScanResult:
    """Search every text and every document in a store."""
    try:
        return combine(_scan_value(value, names) for value in sqlite.values(path))
    except StoreUnusable:
        return ScanResult.CLOSED


def _scan_value(value: str | bytes, names: Names) -> ScanResult:
    if isinstance(value, bytes):
        return scan_bytes(value, names, 1)
    return ScanResult.NAMED if names.are_in(value) else ScanResult.CLEAN


def _scan_zip(file: IO[bytes], names: Names, depth: int) -> ScanResult:
    if depth > _DEEPEST:
        return ScanResult.CLOSED
    try:
        with zipfile.ZipFile(file) as packed:
            return combine(_scan_zip_member(packed, part, names, depth) for part in packed.infolist())
    except _CLOSED:
        return ScanResult.CLOSED


def _scan_zip_member(packed: zipfile.ZipFile, part: zipfile.ZipInfo, names: Names, depth: int) -> ScanResult:
    if names.are_in(part.filename):
        return ScanResult.NAMED
    with packed.open(part) as source:
        head = source.read(_CHUNK)
        if format_of_bytes(head) is Format.SQLITE:
            with TemporaryDirectory(prefix="coalition-bot-") as folder:
                path = Path(folder) / "inside.db"
                with open_private(path) as file:
                    file.write(head)
                    while chunk := source.read(_CHUNK):
                        file.write(chunk)
                return scan_file(path, names)
        data = head + source.read(_LARGEST)
    return scan_bytes(data, names, depth) if len(data) < _LARGEST else ScanResult.CLOSED


def _scan_text(data: bytes, names: Names) -> ScanResult:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ScanResult.CLOSED
    if "\0" in text or text.startswith("%PDF-"):
        return ScanResult.CLOSED
    named = names.are_in(text)
    if not named and text.lstrip().startswith("<"):  # in a Word file tags may split a name, and separate paragraphs
        named = names.are_in(html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n", text))))
    return ScanResult.NAMED if named else ScanResult.CLEAN


def combine(looks: Iterable[ScanResult]) -> ScanResult:
    """Combine the results of files that belong together: the names are found if one file has them.

    A letter is sent as a Word file and as a PDF of the same words, so one can speak for the other: the result is
    "closed" only if more files could not be searched than could.
    """
    counts: Counter[ScanResult] = Counter()
    for look in looks:
        if look is ScanResult.NAMED:
            return look
        counts[look] += 1
    return ScanResult.CLOSED if counts[ScanResult.CLOSED] > counts[ScanResult.CLEAN] else ScanResult.CLEAN


def _overlapping(file: IO[bytes], by: int) -> Iterator[bytes]:
    """Return the lowercase file in chunks that overlap, so that no name is cut in two."""
    tail = b""
    while part := file.read(_CHUNK):
        part = part.lower()
        yield tail + part
        tail = (tail + part)[-by:] if by else b""
