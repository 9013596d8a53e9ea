"""Threads for what people wait for, and how background work gives way to them.

The threads of `asyncio.to_thread` store what sources bring. A page or an answer that had to wait for one of them came
after the whole flood. Python runs one thread at a time, and a page loses its turn with every row that it reads, so
background work pauses while a page is being made.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, ParamSpec, TypeVar

from bot.shared.fair_threads import FairThreads

P = ParamSpec("P")
T = TypeVar("T")

_POOL: Final = FairThreads(4, "people")  # started when first used
_LONGEST: Final = 0.1  # seconds that background work waits at once
# Seconds of processor time that it then gets at least, so that it continues however many people read. On a busy machine
# a page takes long because others have the processor; measured by the clock, background work would hardly get any.
_TURN: Final = 0.01


async def for_people(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `asyncio.to_thread`, in a thread that background work never takes."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_POOL, partial(context.run, work, *args, **kwargs))


class Priority:
    """Lets background work give way while someone waits for a page.

    `worked`: seconds of processor time of the calling thread; `longest`: seconds that it waits at once.
    """

    def __init__(self, worked: Callable[[], float] = time.thread_time, longest: float = _LONGEST) -> None:
        self._worked = worked
        self._longest = longest
        self._pages = 0
        self._idle = threading.Event()
        self._idle.set()
        self._thread = threading.local()

    @contextmanager
    def page(self) -> Iterator[None]:
        """While a page is being made, on the event loop. Only for a page that reads: background work that waits may
        have the writer's lock.
        """
        self._pages += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._pages -= 1
            if not self._pages:
                self._idle.set()

    def give_way(self) -> None:
        """Wait until no page is being made, but not for long. Background work calls it every few milliseconds."""
        if self._pages and self._worked() >= getattr(self._thread, "turn_ends", 0.0):
            self._idle.wait(self._longest)
            self._thread.turn_ends = self._worked() + _TURN


PRIORITY: Final = Priority()


def giving_way(items: Iterable[T]) -> Iterator[T]:
    """The items, for long work in the background: pages go first between any two of them."""
    for item in items:
        PRIORITY.give_way()
        yield item
