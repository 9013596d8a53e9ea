"""Read an attached announcement in the child process `attachment_child.py`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from bot.shared import isolation
from bot.sources.grants.sentences import Sentence

_TIMEOUT = 90  # seconds of wall time


@dataclass(frozen=True, slots=True)
class Attached:
    """An announcement's text. `pages` is 0 for a file without pages, such as a Word file that was never laid out."""

    sentences: tuple[Sentence, ...]
    pages: int


async def read_attachment(data: bytes) -> Attached | str:
    """The text of a PDF or Word file, or why it cannot be read: `locked by a password`."""
    out = await isolation.ask("bot.sources.grants.attachment_child", None, data, _TIMEOUT)
    if out is None:
        return "too large to be read safely"
    return await asyncio.to_thread(_unpacked, out)


def _unpacked(output: bytes) -> Attached | str:
    answer = json.loads(output)
    if "unreadable" in answer:
        return str(answer["unreadable"])
    return Attached(tuple(Sentence(text, page) for text, page in answer["sentences"]), answer["pages"])
