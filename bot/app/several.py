"""Several coalitions in one process: each a bot with its own store, over one network."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Final

from bot import wiring
from bot.app.application import App, Reopening, utc_now
from bot.app.building import build
from bot.app.frontends import SHARED_DISCORD
from bot.config.load import Config
from bot.config.settings import Settings
from bot.sources.fetch.http import Limits, Pacing
from bot.sources.sharing import Sharing
from bot.store.address import Lock, lock_together

_QUICK: Final = 100  # coalitions that a process can look at every few seconds: all five looks take some 8 ms
_LOOK: Final = 2.0  # seconds between two looks at what other processes have
# One process reads the sources of all, so that each is read once, and has the connection of an application of several.
_FOR_ALL: Final = ("poll", SHARED_DISCORD)


@contextmanager
def open_all(
    coalitions: Sequence[tuple[Settings, Config]],
    *,
    clock: Callable[[], datetime] = utc_now,
    limits: Limits | None = None,
    dry_run: bool = False,
    **options: Any,
) -> Iterator[list[App]]:
    """Open each coalition's bot for a run, with its store's lock, with requests shared; `options` are those of `build`.

    A dry run uses no store, so it takes no lock. Raises `StoreUnusable`, `AlreadyRunning`.
    """
    limits = limits or Limits()
    options |= {"clock": clock, "limits": limits, "sharing": Sharing(clock, Pacing(limits)), "dry_run": dry_run}
    options["clients"] = {}
    locks: Sequence[Lock | None] = [None] * len(coalitions)
    with ExitStack() as opened:
        if not dry_run:
            locks = lock_together([wiring.store_address(settings) for settings, _ in coalitions])
        served = Counter(map(id, locks))
        shares = {id(lock): Shares(lock, served[id(lock)]) for lock in locks if lock}
        for taken in filter(None, locks):
            opened.callback(taken.release)
        apps = []
        for (settings, config), lock in zip(coalitions, locks, strict=True):
            leads = partial(shares[id(lock)].leads, config.coalition.id) if lock else None
            app = opened.enter_context(build(settings, config, leads=leads, **options))
            if lock:
                app.patience = shares[id(lock)].patience
                app.reopening = Reopening(wiring.store_address(settings), lock)
            apps.append(app)
        yield apps


class Shares:
    """Divides the coalitions of one lock evenly: of n and m processes, one process has n / m, rounded up.

    A process with more gives some up, each once no step of its work is under way, and takes others when a process has
    ended. What the others have is looked up every `_LOOK` seconds, not for each step of each coalition.
    """

    def __init__(self, lock: Lock, coalitions: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = lock
        self._coalitions = self._most = coalitions
        self._clock = clock
        self._look_at = -math.inf
        self._own: dict[str, set[str]] = {}  # this process's coalitions, each with the parts of its work under way
        self._leaving: set[str] = set()  # those of them that are being given up
        self._turn = threading.Lock()

    def leads(self, coalition: str, part: str) -> bool:
        """Whether this process does that part of a coalition's work now. Raises as `keep` of the lock does."""
        with self._turn:
            if self._clock() >= self._look_at:
                self._lock.keep()
                self._most = math.ceil(self._coalitions / self._lock.look())
                self._look_at = self._clock() + _LOOK
            if part in _FOR_ALL:
                return self._has(part)
            return self._serves(coalition) and self._continues(coalition, part)

    def patience(self) -> float:
        """How many times as long each loop waits, so that idle coalitions do not fill the processor."""
        return max(1.0, len(self._own) / _QUICK)

    def _has(self, key: str) -> bool:
        return not self._lock.is_taken(key) and self._lock.leads(key)

    def _serves(self, coalition: str) -> bool:
        """Whether this process has a coalition, or has just taken it."""
        room = coalition in self._own or len(self._own) < self._most
        if room and self._has(f"serve:{coalition}"):
            self._own.setdefault(coalition, set())
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
            self._lock.give_up(f"serve:{coalition}")
            del self._own[coalition]
            self._leaving.discard(coalition)
        return False
