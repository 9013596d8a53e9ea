"""How long a platform waits for an acknowledgment, for the metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final


class Stopwatch:
    """Reports how long each timed block took. `ticks`: a monotonic clock in seconds; `observe` gets the seconds."""

    def __init__(self, ticks: Callable[[], float], observe: Callable[[float], None]) -> None:
        self.start = ticks
        self.observe = observe

    def stop(self, started: float) -> None:
        """Report the time since `started`, a value of `start`."""
        self.observe(self.start() - started)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Report how long the block took, unless it fails."""
        started = self.start()
        yield
        self.stop(started)


UNTIMED: Final = Stopwatch(lambda: 0.0, lambda _: None)
