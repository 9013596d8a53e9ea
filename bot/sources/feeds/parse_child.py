"""An ordinary feed is parsed in a thread; a large or odd one in a process of its own, under limits.

Odd is what a regular expression may take for ever on (feedparser has several that are quadratic): one such call in a
thread holds up the whole bot, because Python's `re` does not let go of the interpreter.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime
from typing import Any, Final

from bot.sources.feeds.parse import Item, Reading, parse
from bot.sources.fetch import child
from bot.sources.model import FetchFailed, Health

_LARGE: Final = 256_000  # bytes
_LONGEST_WORD: Final = 1_000
_LONGEST_TAG: Final = 4_000
_BLANKS: Final = bytes.maketrans(b"\t\n\v\f\r", b"     ")
_MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
_CPU: Final = 10  # seconds
# Parsing is all Python, so threads of it only take turns, and make the event loop wait for its own.
_ONE_AT_A_TIME: Final = threading.Lock()


async def parse_feed(data: bytes, content_type: str, address: str) -> Reading | FetchFailed:
    """What `parse` says, off the event loop."""
    found = await asyncio.to_thread(_parse_ordinary, data, content_type, address)
    return found or await parse_apart(data, content_type, address)


def _parse_ordinary(data: bytes, content_type: str, address: str) -> Reading | FetchFailed | None:
    """None: not to be parsed beside everything else."""
    with _ONE_AT_A_TIME:
        return parse(data, content_type, address) if ordinary(data) else None


def ordinary(data: bytes) -> bool:
    """Whether a body is neither large nor odd: no endless words, no endless blanks, no endless tags."""
    if len(data) > _LARGE:
        return False
    flat = data.translate(_BLANKS)
    words = flat.replace(b"<", b" ").replace(b">", b" ").split()
    tags = (tag.partition(b">")[0] for tag in flat.split(b"<")[1:])
    return (
        max(map(len, words), default=0) < _LONGEST_WORD
        and b" " * _LONGEST_WORD not in flat
        and max(map(len, tags), default=0) < _LONGEST_TAG
    )


async def parse_apart(data: bytes, content_type: str, address: str) -> Reading | FetchFailed:
    """What `parse` says, or a refusal where it took too long or too much."""
    out = await child.ask("bot.sources.feeds.parse_child", [content_type, address], data)
    if out is None:
        return FetchFailed(Health.REFUSED, f"reading it took more than {_CPU} seconds or {_MEMORY >> 20} MB")
    return await asyncio.to_thread(_unpacked, out)


def _unpacked(out: bytes) -> Reading | FetchFailed:
    first, *lines = out.splitlines()
    head = json.loads(first)
    if "failed" in head:
        health, detail = head["failed"]
        return FetchFailed(Health(health), detail)
    return Reading(tuple(_item(*json.loads(line)) for line in lines), head["broken"], head["beyond"], head["cut_off"])


def _item(title: str, link: str, guid: str, summary: str, when: str | None, outlet: str, author: str) -> Item:
    return Item(title, link, guid, summary, datetime.fromisoformat(when) if when else None, outlet, author)


def _packed(found: Reading | FetchFailed) -> Iterator[Any]:
    """A line for the whole and one for each item: to read one long text of JSON would hold up the event loop."""
    if isinstance(found, FetchFailed):
        yield {"failed": (found.health, found.detail)}
        return
    yield {"broken": found.broken, "beyond": found.beyond, "cut_off": found.cut_off}
    yield from map(astuple, found.items)


def main() -> None:
    (content_type, address), data = child.question(_MEMORY, _CPU)
    found = parse(data, content_type, address)
    for line in _packed(found):
        print(json.dumps(line, default=datetime.isoformat))  # noqa: T201 - standard output is the way back


if __name__ == "__main__":
    main()
