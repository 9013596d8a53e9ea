"""The near end of `attachment_child.py`: an attached announcement, read in a process of its own."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from bot.sources.fetch import child
from bot.sources.grants.sentences import Sentence

_PATIENCE = 90  # seconds by the clock


@dataclass(frozen=True, slots=True)
class Attached:
    """An announcement's own text. `pages` is 0 where the file has none, as a Word file that was never laid out."""

    sentences: tuple[Sentence, ...]
    pages: int


async def read(data: bytes) -> Attached | str:
    """The text of a PDF or Word file, or why it cannot be read: `locked by a password`."""
    out = await child.ask("bot.sources.grants.attachment_child", None, data, _PATIENCE)
    if out is None:
        return "too large to be read safely"
    return await asyncio.to_thread(_unpacked, out)


def _unpacked(out: bytes) -> Attached | str:
    said = json.loads(out)
    if "unreadable" in said:
        return str(said["unreadable"])
    return Attached(tuple(Sentence(text, page) for text, page in said["sentences"]), said["pages"])
