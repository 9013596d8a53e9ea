"""Several coalitions in one process: each a bot with its own store, over one network."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Final

from bot import wiring
from bot.app.application import App, Reopening, build, utc_now
from bot.config.load import Config
from bot.config.settings import Settings
from bot.sources.fetch.http import Limits, Pacing
from bot.sources.sharing import Sharing
from bot.store.address import Lock, lock_together

_FOR_ALL: Final = "poll"  # one process reads the sources of all, so that each is read once


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
    locks: Sequence[Lock | None] = [None] * len(coalitions)
    shares = Shares(len(coalitions))
    with ExitStack() as opened:
        if not dry_run:
            locks = lock_together([wiring.store_address(settings) for settings, _ in coalitions])
        for taken in filter(None, locks):
            opened.callback(taken.release)
        apps = []
        for (settings, config), lock in zip(coalitions, locks, strict=True):
            leads = partial(shares.leads, lock, config.coalition.id) if lock else None
            app = opened.enter_context(build(settings, config, leads=leads, **options))
            if lock:
                app.reopening = Reopening(wiring.store_address(settings), lock)
            apps.append(app)
        yield apps


class Shares:
    """Divides each part of the work evenly: of n coalitions and m processes, one process has it for n / m, rounded up.

    A process with more gives one up before that coalition's next step, and takes others when a process has ended.
    """

    def __init__(self, coalitions: int) -> None:
        self._coalitions = coalitions
        self._own: defaultdict[str, set[str]] = defaultdict(set)  # the coalitions for which this process has a part
        self._turn = threading.Lock()

    def leads(self, lock: Lock, coalition: str, part: str) -> bool:
        """Whether this process does that part of a coalition's work now. Raises as `keep` of the lock does."""
        lock.keep()
        if part == _FOR_ALL:
            return lock.leads(part)
        most, key = math.ceil(self._coalitions / lock.processes()), f"{part}:{coalition}"
        with self._turn:
            own = self._own[part]
            if coalition in own and len(own) > most:
                lock.give_up(key)
                own.discard(coalition)
                return False
            if (coalition in own or len(own) < most) and lock.leads(key):
                own.add(coalition)
                return True
            own.discard(coalition)
            return False
