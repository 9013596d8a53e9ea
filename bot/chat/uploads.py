"""Limits for files that people upload in a form, the same on every platform."""

from __future__ import annotations

from bot.chat.wording import file_name
from bot.commands.model import LARGEST_HANDED, File, Refused


def check(name: str, size: int) -> None:
    """Check a file before its download. Raises `Refused`."""
    if size > LARGEST_HANDED:
        most = f"{LARGEST_HANDED // 1_000_000} MB"
        raise Refused(f"“{file_name(name)}” is {size / 1_000_000:.1f} MB; the limit is {most}.")


def taken(name: str, data: bytes) -> File:
    """The file, with a name that is safe to show. Raises `Refused`."""
    check(name, len(data))
    return File(file_name(name), "application/octet-stream", data)
