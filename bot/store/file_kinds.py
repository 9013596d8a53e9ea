"""Detect a file's format from its first bytes. Name and suffix are not reliable: a store may end in `.zip`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

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
