"""Threads for what people wait for, and how background work gives way to them.

The threads of `asyncio.to_thread` store what sources bring. A page or an answer that had to wait for one of them came
after the whole flood. Python runs one thread at a time, and a page loses its turn with every row that it reads, so
background work pauses while a page is being made, and while another coalition in the process answers or posts.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, ParamSpec, TypeVar

from bot.shared import journey
from bot.shared.fair_threads import FairThreads

P = ParamSpec("P")
T = TypeVar("T")

_POOL: Final = FairThreads(4, "people")  # started when first used
_LONGEST: Final = 0.1  # seconds that background work waits at once
# Seconds of processor time that it then gets at least, so that it continues however many people read. On a busy machine
# a page takes long because others have the processor; measured by the clock, background work would hardly get any.
_TURN: Final = 0.01
_SHORT: Final = 0.05  # seconds of processor time after which an answer, such as an import, counts as background work


async def for_people(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `asyncio.to_thread`, in a thread that background work never takes."""
    context = contextvars.copy_context()
    first = partial(PRIORITY.first, partial(work, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_POOL, partial(context.run, first))


async def for_posts(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `asyncio.to_thread`, before the background work of other coalitions."""
    return await asyncio.to_thread(partial(PRIORITY.first, partial(work, *args, **kwargs)))


class Priority:
    """Lets background work give way while someone waits for a page, and to the short work of another coalition.

    `worked`: seconds of processor time of the calling thread; `longest`: seconds that it waits at once.
    """

    def __init__(self, worked: Callable[[], float] = time.thread_time, longest: float = _LONGEST) -> None:
        self._worked = worked
        self._longest = longest
        self._pages = 0
        self._short: Counter[str] = Counter()  # by coalition: work that goes before the others' background work
        self._turn = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._thread = threading.local()

    @contextmanager
    def page(self) -> Iterator[None]:
        """While a page is being made, on the event loop. Only for a page that reads: background work that waits may
        have the writer's lock.
        """
        self._count(pages=1)
        try:
            yield
        finally:
            self._count(pages=-1)

    def first(self, work: Callable[[], T]) -> T:
        """Run `work` before other coalitions' background work, until it gives way after it has worked for long.

        Not before its own coalition's, which may have the writer's lock that it needs.
        """
        coalition = journey.served()
        self._thread.short = coalition, self._worked() + _SHORT
        self._count(coalition, 1)
        try:
            return work()
        finally:
            self._end_short()

    def give_way(self) -> None:
        """Wait until nothing goes first, but not for long. Background work calls it every few milliseconds.

        Not while short work of the same coalition waits, perhaps for the writer's lock: two coalitions whose answers
        wait for their imports would slow each other down.
        """
        short = getattr(self._thread, "short", None)
        if short:
            if self._worked() < short[1]:
                return
            self._end_short()
        if self._goes_first() and self._worked() >= getattr(self._thread, "turn_ends", 0.0):
            self._idle.wait(self._longest)
            self._thread.turn_ends = self._worked() + _TURN

    def _goes_first(self) -> bool:
        return self._pages > 0 or (bool(self._short) and journey.served() not in self._short)

    def _end_short(self) -> None:
        if short := getattr(self._thread, "short", None):
            self._thread.short = None
            self._count(short[0], -1)

    def _count(self, coalition: str | None = None, short: int = 0, *, pages: int = 0) -> None:
        with self._turn:
            self._pages += pages
            if coalition is not None:
                self._short[coalition] += short
                if not self._short[coalition]:
                    del self._short[coalition]
            if self._pages or self._short:
                self._idle.clear()
            else:
                self._idle.set()


PRIORITY: Final = Priority()


def giving_way(items: Iterable[T]) -> Iterator[T]:
    """The items, for long work in the background: pages go first between any two of them."""
    for item in items:
        PRIORITY.give_way()
        yield item
