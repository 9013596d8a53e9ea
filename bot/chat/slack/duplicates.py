"""What came in a moment ago, so that what comes twice is done once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

REMEMBERED: Final = 600.0  # seconds; a signature is good for five minutes to either side


class Recent:
    """`ticks`: seconds of a steady clock. Not over a restart: there the dispatcher's own memory serves."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._seen: OrderedDict[str, float] = OrderedDict()

    def first(self, key: str) -> bool:
        """Whether this is the first time in ten minutes."""
        now = self._ticks()
        while self._seen and next(iter(self._seen.values())) <= now - REMEMBERED:
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True
