"""Threads in which coalitions take turns: the long work of one keeps no other waiting."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from bot.shared import journey

T = TypeVar("T")


class FairThreads(ThreadPoolExecutor):
    """A pool for the work of several coalitions (`journey.served`).

    One of them has half of the threads at most, and the last free thread goes to one that has none: two coalitions with
    long work leave a thread for the others. When more work waits than there are threads, the coalitions take turns.
    Work for no single coalition may take all threads.
    """

    def __init__(self, threads: int, name: str) -> None:
        super().__init__(threads, thread_name_prefix=name)
        self._free = threads
        self._most = max(1, threads // 2)
        self._busy: Counter[str] = Counter()
        self._waiting: dict[str, deque[tuple[Future[Any], Callable[[], Any]]]] = {}  # next first
        self._turn = threading.Lock()

    def submit(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        with self._turn:
            queue = self._waiting.setdefault(journey.served(), deque())
            queue.append((future, partial(work, *args, **kwargs)))
            self._start()
        return future

    def is_full(self) -> bool:
        """Whether work for the coalition that is served now would wait for a thread."""
        with self._turn:
            return not (self._free and self._may_start(journey.served()))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Finish what has started. What waits is canceled."""
        with self._turn:
            waiting = [future for queue in self._waiting.values() for future, _ in queue]
            self._waiting.clear()
        for future in waiting:
            future.cancel()
        super().shutdown(wait, cancel_futures=cancel_futures)

    def _start(self) -> None:
        """Start what waits, as far as there are threads. The caller has the lock."""
        while self._free and (coalition := next(filter(self._may_start, self._waiting), None)) is not None:
            queue = self._waiting.pop(coalition)
            future, work = queue.popleft()
            if queue:
                self._waiting[coalition] = queue  # behind the others
            self._free -= 1
            self._busy[coalition] += 1
            super().submit(self._run, coalition, future, work)

    def _may_start(self, coalition: str) -> bool:
        return not coalition or self._busy[coalition] < (self._most if self._free > 1 else 1)

    def _run(self, coalition: str, future: Future[Any], work: Callable[[], Any]) -> None:
        try:
            if future.set_running_or_notify_cancel():
                future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - as the base class does
            future.set_exception(error)
        finally:
            del work
            with self._turn:
                self._free += 1
                self._busy[coalition] -= 1
                self._start()
