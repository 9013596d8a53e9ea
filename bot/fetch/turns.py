"""Processes ask a host by turns, so that it is not asked more often by several than by one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from bot.shared.errors import CoalitionBotError

WAIT: Final = 0.5  # seconds until a process tries again to get its turn
_TURN: Final = 5.0  # seconds in which it may start requests to a host, before the others have their turn


class HostLocks(Protocol):
    """Locks that one process at a time has. Each method raises a `CoalitionBotError`."""

    def take_turn(self, host: str) -> bool:
        """Whether this process alone may ask that host now, until `end_turn`."""

    def end_turn(self, host: str) -> None: ...


@dataclass(slots=True)
class _Turn:
    """How many requests to a host are under way, and since when this process asks it, in the loop's time."""

    since: float
    requests: int = 1


class Turns:
    """The turns of this process. `gap`: seconds between two requests to a host; the next process does not know when it
    was asked last.
    """

    def __init__(self, locks: HostLocks, gap: float) -> None:
        self._locks = locks
        self._gap = gap
        self._turns: dict[str, _Turn] = {}  # by host
        self._try_at: dict[str, float] = {}  # host that another process asks → when its turn is tried for again
        self._lock = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()

    async def take(self, host: str) -> bool:
        """Whether a request to that host may start now, until `end`. A turn ends when all its requests have."""
        now = asyncio.get_running_loop().time()
        async with self._lock:
            if turn := self._turns.get(host):
                if now - turn.since > _TURN:
                    return False
                turn.requests += 1
                return True
            if now < self._try_at.get(host, now):
                return False
            if await asyncio.to_thread(self._locks.take_turn, host):
                self._turns[host] = _Turn(now)
                self._try_at.pop(host, None)
            else:  # one try for all requests that wait, so that a process with more of them is not the next more often
                self._try_at[host] = now + WAIT
            return host in self._turns

    def end(self, host: str) -> None:
        """Note that a request has ended."""
        ending = asyncio.create_task(self._end(host))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _end(self, host: str) -> None:
        await asyncio.sleep(self._gap)
        async with self._lock:
            self._turns[host].requests -= 1
            if not self._turns[host].requests:
                del self._turns[host]
                with suppress(CoalitionBotError):  # a lost connection has ended it
                    await asyncio.to_thread(self._locks.end_turn, host)
