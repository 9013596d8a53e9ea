"""Few of the coalitions that share a process post at a time, so that few messages are in doubt if it is killed.

A message that was claimed, and perhaps not sent, waits for two minutes, because Slack's history may lag as long. At
the hour of the digest, hundreds of coalitions would claim theirs at once, and send them one after the other.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final

AT_ONCE: Final = 4  # coalitions of one process
_LONG: Final = 0.5  # seconds that one with messages under way keeps its slot: a slow platform holds up no other


class Admission:
    """Lets one coalition post, in all its channels, while it has a slot: from its first message under way to its last.

    `slots`: those of the process. `long`: seconds after which the slot is free again; what is under way goes on.
    """

    def __init__(self, slots: asyncio.Semaphore, long: float = _LONG) -> None:
        self._slots = slots
        self._long = long
        self._entering = asyncio.Lock()
        self._under_way = 0
        self._ending: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether a message waits for a slot."""
        return self._entering.locked()

    async def __aenter__(self) -> None:
        async with self._entering:
            if not self._under_way:
                await self._slots.acquire()
                self._ending = asyncio.get_running_loop().call_later(self._long, self._free_slot)
            self._under_way += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._free_slot()

    def _free_slot(self) -> None:
        if self._ending:
            self._ending.cancel()
            self._ending = None
            self._slots.release()
