"""Time that passes at once: a loop that waits for nothing but its timers, and a clock that goes with it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from tests.kit.outbox import Clock


class AtOnce(ThreadPoolExecutor):
    """Runs what is given to it before it returns: simulated time must not pass meanwhile."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - raised to who waits
            future.set_exception(error)
        return future


class SimulatedTime(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer instead of waiting for it."""

    def __init__(self):
        self.now = 0.0
        super().__init__()
        self.set_default_executor(AtOnce())

    def time(self):
        return self.now

    def _run_once(self):
        if self._scheduled and not self._ready:
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


class SimulatedClock(Clock):
    def __init__(self, loop):
        super().__init__()
        self.loop, self.start = loop, super().__call__()

    def __call__(self):
        return self.start + timedelta(seconds=self.loop.time()) + self.ahead
