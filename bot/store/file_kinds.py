"""What kind of file something is, by its first bytes. Its name and its end say nothing: a store may end in a ZIP."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

_HEADS: Final = 16  # bytes that tell the kinds apart


class Format(StrEnum):
    SQLITE = "an SQLite file"
    ZIP = "a ZIP"
    OTHER = "neither an SQLite file nor a ZIP"


def format_of(path: Path) -> Format:
    """Raises `OSError` where the file cannot be read."""
    with path.open("rb") as file:
        return format_of_bytes(file.read(_HEADS))


def format_of_bytes(data: bytes) -> Format:
    if data.startswith(b"SQLite format 3\0"):
        return Format.SQLITE
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # the second is a ZIP with nothing in it
        return Format.ZIP
    return Format.OTHER
