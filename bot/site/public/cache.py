"""What the public pages read and render, reused: anyone may ask as often as they like.

A letter with 10,000 signers takes a third of a second to read and more to render. It is rendered once for what it
shows, and read again so that reading takes at most a twentieth of the time: an ordinary page after a tenth of a second.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from bot.shared.threads import for_people

T = TypeVar("T")

_SHARE: Final = 20
_OLDEST: Final = 10.0  # seconds: what is hidden is gone by then


class Recent(Generic[T]):
    """What was read last. `ticks`: seconds of a monotonic clock."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._turn = asyncio.Lock()
        self._values: list[T] = []
        self._until = 0.0

    async def get(self, read: Callable[[], T]) -> T:
        """Return what `read` returned a moment ago, or returns now, in a thread. Visitors at one moment share it.

        Its age is counted from when reading began: what was hidden meanwhile may be in it.
        """
        asked = self._ticks()
        async with self._turn:
            if not self._values or asked >= self._until:
                began = self._ticks()
                self._values = [await for_people(read)]
                took = self._ticks() - began
                self._until = began + max(took, min(took + _SHARE * took, _OLDEST))
            return self._values[0]


class Rendered:
    """Bytes by what is in them: those asked for last, `most` bytes together. One is made at a time, in a thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turn = asyncio.Lock()
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    async def get(self, key: str, render: Callable[[], bytes]) -> bytes:
        """Return the bytes with this key, made by `render` if there are none."""
        if key not in self._bodies:
            async with self._turn:
                if key not in self._bodies:
                    self._add(key, await for_people(render))
        self._bodies.move_to_end(key)
        return self._bodies[key]

    def _add(self, key: str, body: bytes) -> None:
        self._bodies[key] = body
        self._size += len(body)
        while self._size > self._most and len(self._bodies) > 1:
            _, oldest = self._bodies.popitem(last=False)
            self._size -= len(oldest)
