"""Which coalitions of several this process serves: the processes on one PostgreSQL share them evenly."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Final

from bot.store.database import StoreError
from bot.store.lock import Lock

log = logging.getLogger(__name__)

# Coalitions that a process can look at every few seconds, and how many times as long it waits at most: 50
# seconds. All looks at one take some 40 statements, and what another process changes is heard of meanwhile.
_QUICK: Final = 25
_MOST_SLOWDOWN: Final = 10.0
_LOOK: Final = 2.0  # seconds between two looks at what other processes have, and have changed
# Seconds that the coalitions of a process that has ended wait for it to be started again. If the others took them at
# once, they would be opened twice, by the others and soon after by the new process, whose share they are.
_RESTART: Final = 10.0
SHARED_DISCORD: Final = "shared discord"  # the connection of an application of several coalitions: one process has it


class Shares:
    """Divides the coalitions of one lock evenly: of n and m processes, one process has n / m, rounded up.

    A process with more gives some up, each once no step of its work is under way, and takes others when a process has
    ended and is not back soon. What the others have is looked up every `_LOOK` seconds, not for each step of each
    coalition.
    """

    def __init__(
        self, lock: Lock, coalitions: int, clock: Callable[[], float] = time.monotonic, *, works: bool = True
    ) -> None:
        self.lock = lock
        self.works = works
        self._coalitions = self._most = coalitions
        self._alive, self._alive_at = 0, -math.inf  # how many processes share them, and when as many were last seen
        self._clock = clock
        self._look_at = -math.inf
        self._own: dict[str, set[str]] = {}  # this process's coalitions, each with the parts of its work under way
        self._leaving: set[str] = set()  # those of them that are being given up
        self._changed: set[str] = set()  # by this process since its last look
        self._heard: set[str] = set()  # changed by others
        self._turn = threading.Lock()
        if works:
            lock.join()

    def leads(self, coalition: str, part: str) -> bool:
        """Whether this process does that part of a coalition's work now. Raises as `keep` of the lock does."""
        with self._turn:
            self._look()
            if not self.works:
                return False
            if part == SHARED_DISCORD:
                return self._has(part)
            return self._serves(coalition) and self._continues(coalition, part)

    def wants(self, coalition: str) -> bool:
        """Whether this process has a coalition. Raises as `keep` of the lock does."""
        with self._turn:
            self._look()
            return self.works and self._serves(coalition)

    def change(self, coalition: str) -> None:
        """Let the process that serves it look soon, because something may be due that was not."""
        self._changed.add(coalition)

    def is_changed(self, coalition: str) -> bool:
        """Whether another process changed something, or this one has just taken the coalition over from another.

        Raises as `keep` of the lock does.
        """
        with self._turn:
            self._look()
            if not self.works:
                return False
            is_taken_over = coalition not in self._own and self._serves(coalition)
            is_heard = coalition in self._heard
            self._heard.discard(coalition)
            return is_taken_over or is_heard

    def slowdown(self) -> float:
        """How many times as long loops wait, so that idle coalitions do not fill the processor."""
        return min(max(1.0, len(self._own) / _QUICK), _MOST_SLOWDOWN)

    def _look(self) -> None:
        if self._clock() >= self._look_at:
            self.lock.keep()
            changed = {self._changed.pop() for _ in range(len(self._changed))}
            try:
                alive, heard = self.lock.look(changed)
            except StoreError:
                self._changed |= changed
                raise
            now = self._clock()
            if alive >= self._alive or now - self._alive_at > _RESTART:
                self._alive, self._alive_at = alive, now
            self._most = math.ceil(self._coalitions / self._alive)
            self._heard |= heard
            self._look_at = now + _LOOK

    def _has(self, key: str) -> bool:
        return not self.lock.is_taken(key) and self.lock.leads(key)

    def _serves(self, coalition: str) -> bool:
        """Whether this process has a coalition, or has just taken it."""
        room = coalition in self._own or len(self._own) < self._most
        if room and self._has(f"serve:{coalition}"):
            if coalition not in self._own:
                log.info("serve:%s: this process takes it", coalition)
                self._own[coalition] = set()
            return True
        self._own.pop(coalition, None)
        self._leaving.discard(coalition)
        return False

    def _continues(self, coalition: str, part: str) -> bool:
        """Whether that part continues: not if the coalition is given up, which its last part does."""
        if len(self._own) - len(self._leaving) > self._most:
            self._leaving.add(coalition)
        working = self._own[coalition]
        if coalition not in self._leaving:
            working.add(part)
            return True
        working.discard(part)
        if not working:
            self.lock.give_up(f"serve:{coalition}")
            del self._own[coalition]
            self._leaving.discard(coalition)
        return False
