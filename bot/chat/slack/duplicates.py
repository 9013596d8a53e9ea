"""Recent requests, so a repeated one is handled once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

REMEMBERED: Final = 600.0  # seconds; a signature is good for five minutes to either side


class Recent:
    """Recent keys, in memory. `ticks`: seconds of a monotonic clock. After a restart the dispatcher detects repeats."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._seen: OrderedDict[str, float] = OrderedDict()

    def first(self, key: str) -> bool:
        """Whether the key is new within ten minutes."""
        now = self._ticks()
        while self._seen and next(iter(self._seen.values())) <= now - REMEMBERED:
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True
