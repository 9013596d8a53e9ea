"""Parse a plain or small feed in a thread, and any other in a child process with limits.

feedparser has several regular expressions with quadratic time. One such call in a thread blocks the whole bot, because
Python's `re` does not release the interpreter.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import datetime
from typing import Any, Final

from bot.shared import isolation
from bot.shared.answer import FetchFailed, Health
from bot.shared.plain_text import instant
from bot.sources.feeds.parse import Item, Reading, load_parsers, parse, parse_plain

_LARGE: Final = 256_000  # bytes that feedparser may read in a thread
_LONGEST_WORD: Final = 1_000
_LONGEST_TAG: Final = 4_000
# Map each byte of a word to x and any other to a blank; map each byte inside a tag to x.
_AS_WORDS: Final = bytes(0x20 if byte in b" \t\n\v\f\r<>" else 0x78 for byte in range(256))
_AS_TAGS: Final = bytes(byte if byte in b"<>" else 0x78 for byte in range(256))
_MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
_CPU: Final = 10  # seconds
# Parsing is pure Python: parallel threads only take turns and delay the event loop.
_ONE_AT_A_TIME: Final = threading.Lock()


async def parse_feed(data: bytes, content_type: str, address: str) -> Reading | FetchFailed:
    """The result of `parse`, off the event loop."""
    import asyncio  # the child needs none

    reading = await asyncio.to_thread(_parse_here, data, content_type, address)
    return reading or await parse_apart(data, content_type, address)


def _parse_here(data: bytes, content_type: str, address: str) -> Reading | FetchFailed | None:
    """The result of `parse`; None if the body needs a child process."""
    if not ordinary(data):
        return None
    with _ONE_AT_A_TIME:
        read = parse if len(data) <= _LARGE else parse_plain
        return read(data, content_type, address)


def ordinary(data: bytes) -> bool:
    """Whether a body has no overlong words, blanks or tags. In linear time and memory."""
    words, tags = data.translate(_AS_WORDS), data.translate(_AS_TAGS)
    return not (
        b"x" * _LONGEST_WORD in words or b" " * _LONGEST_WORD in words or b"<" + b"x" * (_LONGEST_TAG - 1) in tags
    )


async def parse_apart(data: bytes, content_type: str, address: str) -> Reading | FetchFailed:
    """The result of `parse` in a child process, or a refusal if it exceeds the time or memory limit."""
    out = await isolation.ask("bot.sources.feeds.parse_child", [content_type, address], data)
    if out is None:
        return FetchFailed(Health.REFUSED, f"reading it took more than {_CPU} seconds or {_MEMORY >> 20} MB")
    import asyncio

    return await asyncio.to_thread(_unpacked, out)


def _unpacked(out: bytes) -> Reading | FetchFailed:
    first, *lines = out.splitlines()
    head = json.loads(first)
    if "failed" in head:
        health, detail = head["failed"]
        return FetchFailed(Health(health), detail)
    items = (Item(*json.loads(line)) for line in lines)
    dated = (replace(item, published=instant(item.published)) for item in items)
    return Reading(tuple(dated), head["broken"], head["beyond"], head["cut_off"])


def _packed(reading: Reading | FetchFailed) -> Iterator[Any]:
    """One line for the feed and one per item: decoding a single long JSON text would block the event loop."""
    if isinstance(reading, FetchFailed):
        yield {"failed": (reading.health, reading.detail)}
        return
    yield {"broken": reading.broken, "beyond": reading.beyond, "cut_off": reading.cut_off}
    yield from map(astuple, reading.items)


def main() -> None:
    load_parsers()
    (content_type, address), data = isolation.read_question(_MEMORY, _CPU)
    reading = parse(data, content_type, address)
    for line in _packed(reading):
        print(json.dumps(line, default=datetime.isoformat))  # noqa: T201 - standard output is the way back


if __name__ == "__main__":
    main()
