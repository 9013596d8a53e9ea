"""Threads for what people wait for, and how background work gives way to them.

The threads of `asyncio.to_thread` store what sources bring. A page or an answer that had to wait for one of them came
after the whole flood. Python runs one thread at a time, and a page loses its turn with every row that it reads, so
background work pauses while a page is being made, and while the bot answers or posts, whichever coalition it is for.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_POOL: Final = ThreadPoolExecutor(4, "people")  # started when first used
_LONGEST: Final = 0.02  # seconds that background work waits before it gets a turn
# Seconds of processor time that it then gets, so that it continues however many people read. On a busy machine a page
# takes long because others have the processor; measured by the clock, background work would hardly get any.
_TURN: Final = 0.004
_SHORT: Final = 0.02  # seconds of processor time after which an answer, such as an import, counts as background work
_PART: Final = 100  # rows that a database gives before background work gives way again: half a millisecond of work


async def for_people(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `asyncio.to_thread`, before background work, and in a thread that it never takes."""
    context = copy_context()
    with PRIORITY.short(queued=True) as short:
        first = partial(context.run, short.run, partial(work, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(_POOL, first)


async def for_posts(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `asyncio.to_thread`, before background work once a thread is free: background work may have them all."""
    with PRIORITY.short(queued=True) as short:
        return await asyncio.to_thread(short.run, partial(work, *args, **kwargs))


_PAGE: Final[ContextVar[Short | None]] = ContextVar("page", default=None)  # the page that is being made


class Priority:
    """Lets background work give way while someone waits for a page, and to short work.

    `worked`: seconds of processor time of the calling thread; `longest`: seconds of `clock` that it waits before it
    gets a turn.
    """

    def __init__(
        self,
        worked: Callable[[], float] = time.thread_time,
        longest: float = _LONGEST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.worked = worked
        self._clock = clock
        self.thread = threading.local()
        self._longest = longest
        self._first = 0  # pages and short work that could go on now
        self._turn = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()

    @contextmanager
    def page(self) -> Iterator[None]:
        """While a page is being made, on the event loop. Only for a page that reads: background work that waits may
        have the writer's lock.
        """
        with self.short() as page:
            token = _PAGE.set(page)
            try:
                yield
            finally:
                _PAGE.reset(token)

    @contextmanager
    def short(self, *, queued: bool = False) -> Iterator[Short]:
        """While an answer or a post waits for a thread, works in it, and is taken up by the event loop.

        `queued`: not while it waits for a thread, because background work that paused for it would end later.
        """
        short = Short(self, _PAGE.get())
        short.go_first(not queued)
        try:
            yield short
        finally:
            short.end()

    @contextmanager
    def blocked(self) -> Iterator[None]:
        """While the calling thread waits for a lock that background work may have, or for another process."""
        short: Short | None = getattr(self.thread, "short", None)
        if short:
            short.go_first(False)
        try:
            yield
        finally:
            if short:
                short.go_first(True)

    @contextmanager
    def locked(self, lock: threading.RLock) -> Iterator[None]:
        """While the calling thread has a lock that background work may have."""
        if not lock.acquire(blocking=False):
            with self.blocked():
                lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def give_way(self) -> None:
        """Wait until nothing goes first, but not for long. Background work calls it every few milliseconds."""
        if not self._first:
            return
        short: Short | None = getattr(self.thread, "short", None)
        if short and not short.is_long():
            return
        if self.worked() >= getattr(self.thread, "turn_ends", 0.0) and not _is_event_loop():
            self._wait()

    def _wait(self) -> None:
        """Wait for what goes first. Many short waits count as a long one."""
        waited = getattr(self.thread, "waited", 0.0)
        started = self._clock()
        self._idle.wait(self._longest - waited)
        self.thread.waited = waited + self._clock() - started
        if self.thread.waited >= self._longest:
            self.thread.waited = 0.0
            self.thread.turn_ends = self.worked() + _TURN

    def count(self, change: int) -> None:
        """Note that more or less goes first."""
        with self._turn:
            self._first += change
            if self._first:
                self._idle.clear()
            else:
                self._idle.set()


class Short:
    """An answer or a post. It goes first until it has worked for long, except while it is blocked.

    `page`: that it is a part of, which then does not go first either: it would wait for itself.
    """

    def __init__(self, priority: Priority, page: Short | None = None) -> None:
        self._priority = priority
        self._page = page
        self._turn = threading.Lock()
        self._goes_first = self._ended = False
        self._long_at = 0.0

    def run(self, work: Callable[[], T]) -> T:
        """Run `work` in the calling thread."""
        thread = self._priority.thread
        self._long_at = self._priority.worked() + _SHORT
        thread.short = self
        self.go_first(True)
        try:
            return work()
        finally:
            thread.short = None

    def is_long(self) -> bool:
        """Whether it has worked for long, so that it counts as background work from now on."""
        if not self._ended and self._priority.worked() >= self._long_at:
            self.end()
            if self._page:
                self._page.end()
        return self._ended

    def go_first(self, first: bool) -> None:
        if self._page:
            self._page.go_first(first)
        self._count(first)

    def _count(self, first: bool) -> None:
        with self._turn:
            first = first and not self._ended
            if first != self._goes_first:
                self._goes_first = first
                self._priority.count(1 if first else -1)

    def end(self) -> None:
        """Let it go first no more. Its caller may end it while its thread still works."""
        with self._turn:
            self._ended = True
        self._count(False)


PRIORITY: Final = Priority()


def _is_event_loop() -> bool:
    """Whether the calling thread runs one. What goes first needs it, so it never waits."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def giving_way(items: Iterable[T]) -> Iterator[T]:
    """The items, for long work in the background: pages go first between any two of them."""
    for item in items:
        PRIORITY.give_way()
        yield item


def rows_giving_way(fetch_many: Callable[[int], Iterable[T]]) -> Iterator[T]:
    """The rows that `fetchmany` of a cursor gives, for reads of any length: pages go first between two parts."""
    while part := fetch_many(_PART):
        yield from part
        PRIORITY.give_way()
