"""Threads for what people wait for, and how background work gives way to them.

The threads of `asyncio.to_thread` store what sources bring. A page or an answer that had to wait for one of them came
after the whole flood. Python runs one thread at a time, and what people wait for loses its turn with every row that it
reads, so background work pauses between its statements while it works, and while the bot posts. What calls `give_way`
is the store, which most long work goes through, and what reads the items of a source.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import cache, partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

P = ParamSpec("P")
T = TypeVar("T")

_LONGEST: Final = 0.02  # seconds that background work waits before it gets a turn
# Seconds of processor time that it then gets, so that it continues however many people read. On a busy machine an
# answer takes long because others have the processor; measured by the clock, background work would hardly get any.
_TURN: Final = 0.004
_SHORT: Final = 0.02  # seconds of processor time after which an answer, such as an import, counts as background work
_PART: Final = 100  # rows that a database gives before background work gives way again: half a millisecond of work


# A child process gives way, too, and has no event loop: to import one would take it as long as Python itself.
@cache
def _pool() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(4, "people")


async def for_people(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `asyncio.to_thread`, before background work, and in a thread that it never takes."""
    import asyncio

    first = partial(copy_context().run, PRIORITY.run, partial(work, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_pool(), first)


async def for_posts(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `asyncio.to_thread`, before background work once a thread is free: background work may have them all."""
    import asyncio

    return await asyncio.to_thread(PRIORITY.run, partial(work, *args, **kwargs))


class Priority:
    """Lets background work give way to short work: answers, pages and posts.

    `worked`: seconds of processor time of the calling thread; `longest`: seconds of `clock` that it waits before it
    gets a turn.
    """

    def __init__(
        self,
        worked: Callable[[], float] = time.thread_time,
        longest: float = _LONGEST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worked = worked
        self._clock = clock
        self._longest = longest
        # `long_at` of short work that goes first; `turn_ends` and `waited` of other work
        self._thread = threading.local()
        self._first = 0  # threads with short work that could go on now
        self._turn = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()

    def run(self, work: Callable[[], T]) -> T:
        """Run short work in the calling thread. It goes first until it has worked for long."""
        self._go_first(self._worked() + _SHORT)
        try:
            return work()
        finally:
            self._go_first(None)

    @contextmanager
    def blocked(self) -> Iterator[None]:
        """While the calling thread waits for a lock that background work may have, or for another process."""
        long_at = self._long_at
        self._go_first(None)
        try:
            yield
        finally:
            self._go_first(long_at)

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
        if self._long_at is not None:
            if self._worked() < self._long_at:
                return
            self._go_first(None)
        if self._worked() >= getattr(self._thread, "turn_ends", 0.0) and not _is_event_loop():
            # Wait for what goes first. Many short waits count as a long one
            waited = getattr(self._thread, "waited", 0.0)
            started = self._clock()
            self._idle.wait(self._longest - waited)
            self._thread.waited = waited + self._clock() - started
            if self._thread.waited >= self._longest:
                self._thread.waited = 0.0
                self._thread.turn_ends = self._worked() + _TURN

    @property
    def _long_at(self) -> float | None:
        """When the calling thread's short work counts as long; None if it does not go first."""
        return getattr(self._thread, "long_at", None)

    def _go_first(self, long_at: float | None) -> None:
        """Let the calling thread go first until then, or no more."""
        change = (long_at is not None) - (self._long_at is not None)
        self._thread.long_at = long_at
        with self._turn:
            self._first += change
            if self._first:
                self._idle.clear()
            else:
                self._idle.set()


PRIORITY: Final = Priority()


def _is_event_loop() -> bool:
    """Whether the calling thread runs one. What goes first needs it, so it never waits."""
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def giving_way(items: Iterable[T]) -> Iterator[T]:
    """The items, for work of a tenth of a millisecond or more on each: pages go first between two."""
    for item in items:
        PRIORITY.give_way()
        yield item


def rows_giving_way(fetch_many: Callable[[int], Iterable[T]]) -> Iterator[T]:
    """The rows that `fetchmany` of a cursor gives, for reads of any length: pages go first between two parts."""
    while part := fetch_many(_PART):
        yield from part
        PRIORITY.give_way()
