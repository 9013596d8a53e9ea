"""Read the text of a statement: a text file, a Word file, a PDF or a saved web page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.shared import isolation
from bot.shared.errors import CoalitionBotError
from bot.shared.plain_text import plain

_LARGEST: Final = 20_000_000  # bytes
_LONGEST: Final = 20_000  # characters of a line of a web page
_DOCUMENTS: Final = (b"%PDF-", b"PK\x03\x04")
_OLD_WORD: Final = b"\xd0\xcf\x11\xe0"
_PAGES: Final = (b"<!doctype html", b"<html", b"<?xml")


class Unreadable(CoalitionBotError):
    """The text says why, and what to do."""


def text_of(path: Path) -> str:
    """Return the text of a statement, a blank line after each paragraph. Raises `Unreadable`."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}. Check its name, or type the asks instead.") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > _LARGEST:
        raise Unreadable(f"{path} is larger than 20 MB. Save only the statement, without pictures.")
    head = data.lstrip()[:20].lower()
    if data.startswith(_OLD_WORD):
        raise Unreadable(f"{path} is an old Word file. Save it as .docx or as a PDF.")
    if data.lstrip()[:5] == _DOCUMENTS[0] or data.startswith(_DOCUMENTS[1]):
        from bot.sources.grants.attachment_child import WHOLE

        answer = _asked("bot.sources.grants.attachment_child", WHOLE, data)
        if (lines := answer.get("paragraphs")) is None:
            raise Unreadable(f"{path} is {answer.get('unreadable', 'too large to read')}. Save it as text or .docx.")
        return "\n\n".join(lines)
    if head.startswith(_PAGES) or path.suffix.casefold() in (".html", ".htm"):
        page = {"content_type": "", "select": "body", "ignore": [], "mark_items": True, "longest": _LONGEST}
        if (lines := _asked("bot.sources.page_child", page, data).get("lines")) is None:
            raise Unreadable(f"{path} is not a readable web page. Save it as text.")
        return "\n\n".join(lines)
    return _decoded(data, path)


def _asked(module: str, head: object, data: bytes) -> Mapping[str, Any]:
    """Return the answer of the child process that reads such files; empty if it used too much time or memory."""
    answer: Mapping[str, Any] = json.loads(asyncio.run(isolation.ask(module, head, data)) or b"{}")
    return answer


def _decoded(data: bytes, path: Path) -> str:
    """Return the text in UTF-8, in UTF-16 with a mark, or as Windows wrote it, without control characters."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return "\n".join(map(plain, text.splitlines()))
    raise Unreadable(f"{path} is not text. Save the statement as text, Word (.docx) or PDF.")
