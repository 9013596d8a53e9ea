"""Several coalitions in one process: each a bot with its own store, opened when it is needed, over one network."""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bot import wiring
from bot.app.application import App, Reopening, utc_now
from bot.app.building import build
from bot.config import installation
from bot.config.load import Config
from bot.config.settings import Settings
from bot.outbox.admission import AT_ONCE
from bot.shared.wording import listed
from bot.sources.fetch.http import Limits, Pacing
from bot.sources.sharing import Sharing
from bot.store.address import lock_together
from bot.store.database import StoreError, StoreUnusable
from bot.store.lock import Lock

if TYPE_CHECKING:  # the driver is an extra
    from bot.store.postgres_answers import Answers

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

Coalition = tuple[str, Settings, Callable[[], Config]]  # its name, its settings, and what reads its two files


class Tenant:
    """One coalition of several: opened when this process has a part of its work, or when someone asks for its pages.

    So a process starts, and has memory, for its share of the coalitions and not for all of them.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        build: Callable[[], App],
        shares: Shares | None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.name = name
        self.clock = clock
        self.settings = settings
        self.app: App | None = None  # if it has been opened
        self._build = build
        self._shares = shares
        self._turn = threading.Lock()
        self._opened = ExitStack()

    def open(self) -> App:
        """Return the bot, opened once. Raises `ConfigError`, `StoreError`; what failed can be tried again."""
        with self._turn:
            if self.app is None:
                self.app = self._opened.enter_context(self._build())
            return self.app

    @property
    def works(self) -> bool:
        """Whether this process may have a part of the work at all."""
        return self._shares is None or self._shares.works

    def wanted(self) -> bool:
        """Whether this process needs the bot. Raises as `keep` of the lock does."""
        return self.app is not None or self._shares is None or self._shares.wants(self.name)

    def leads(self, part: str) -> bool:
        """Whether this process does that part of the coalition's work now. Raises as `keep` of the lock does."""
        return self._shares is None or self._shares.leads(self.name, part)

    def is_changed(self) -> bool:
        """Whether there may be new work. Raises as `keep` of the lock does."""
        return self._shares is not None and self._shares.is_changed(self.name)

    def close(self) -> None:
        with self._turn:  # a page that is being asked for may be opening it
            self._opened.close()


@contextmanager
def open_all(
    coalitions: Iterable[Coalition],
    *,
    clock: Callable[[], datetime] = utc_now,
    limits: Limits | None = None,
    dry_run: bool = False,
    works: bool = True,
    **options: Any,
) -> Iterator[list[Tenant]]:
    """Take the locks of the coalitions' stores for a run, and give each a bot that can be opened, with requests shared;
    `options` are those of `build`. Without `works` this process only answers people.

    A dry run uses no store, so it takes no lock. Raises `StoreUnusable`, `AlreadyRunning`.
    """
    coalitions, limits = list(coalitions), limits or Limits()
    slots = asyncio.Semaphore(AT_ONCE)
    options |= {"clock": clock, "limits": limits, "dry_run": dry_run, "clients": {}, "slots": slots}
    locks: list[Lock] = []
    with ExitStack() as opened:
        if not dry_run:
            locks = lock_together([wiring.store_address(settings) for _, settings, _ in coalitions])
        served = Counter(map(id, locks))
        shares = {id(lock): Shares(lock, served[id(lock)], works=works) for lock in locks}
        for each in shares.values():
            opened.callback(each.lock.release)
        answers = _answers(locks) if works else None
        if answers:
            opened.callback(answers.close)
        options["sharing"] = Sharing(clock, Pacing(limits), answers, locks[0] if answers else None)
        tenants = []
        for number, coalition in enumerate(coalitions):
            shared = shares[id(locks[number])] if locks else None
            tenants.append(Tenant(*coalition[:2], partial(_build, coalition, shared, options), shared, clock))
            opened.callback(tenants[-1].close)
        yield tenants


def _answers(locks: Sequence[Lock]) -> Answers | None:
    """Return what shares the answers of sources with other processes; None if there is no other, or it may not, or if
    the coalitions are in several databases, of which one may be away.
    """
    try:
        return locks[0].answers(secrets.token_hex(8)) if len(set(map(id, locks))) == 1 else None
    except StoreUnusable as error:
        log.warning("each process asks for its own coalitions, because answers cannot be shared: %s", error)
        return None


def _build(coalition: Coalition, shares: Shares | None, options: dict[str, Any]) -> App:
    name, settings, load = coalition
    config = load()
    for variable, channels in installation.unserved(settings, config).items():
        log.warning("%s is not set: messages for %s wait until you set it", variable, listed(channels))
    app = build(settings, config, leads=partial(shares.leads, name) if shares else None, **options)
    if shares:
        app.slowdown, app.wake_others = shares.slowdown, partial(shares.change, name)
        app.reopening = Reopening(wiring.store_address(settings), shares.lock)
    return app


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
