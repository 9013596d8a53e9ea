"""Several coalitions in one process: each a bot with its own store, opened when it is needed, over one network."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, cast

from bot import wiring
from bot.app.application import App, Reopening, utc_now
from bot.app.building import build
from bot.app.frontends import frontends_of_one, new_metrics
from bot.app.loops import Served
from bot.app.shares import Shares
from bot.config import installation
from bot.config.load import Config
from bot.config.settings import Settings
from bot.fetch.http import Limits, Pacing
from bot.outbox.admission import AT_ONCE
from bot.shared.threads import for_people
from bot.shared.wording import listed
from bot.sources.sharing import Sharing
from bot.store.address import lock_together
from bot.store.database import StoreError, StoreUnusable
from bot.store.lock import Lock

if TYPE_CHECKING:
    from bot.chat.slack.frontend import SlackFrontend
    from bot.chat.web.site import Pages
    from bot.ops.metrics import Metrics
    from bot.store.postgres_answers import Answers  # the driver is an extra

log = logging.getLogger(__name__)

Coalition = tuple[str, Settings, Callable[[], Config]]  # its name, its settings, and what reads its two files


class Tenant:
    """One coalition of several: opened when this process has a part of its work, or when someone asks for its pages.

    So a process starts, and has memory, for its share of the coalitions and not for all of them. `shares`: None if no
    other process can have a part of the work. `figured`: its figures are collected. `shares_discord`: others have its
    Discord application, too.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        build: Callable[[], App],
        shares: Shares | None,
        clock: Callable[[], datetime] = utc_now,
        *,
        figured: bool = False,
        shares_discord: bool = False,
    ) -> None:
        self.name = name
        self.settings = settings
        self.clock = clock
        self.shares_discord = shares_discord
        self.app: App | None = None  # if it has been opened
        self.metrics: Metrics | None = None
        self._build = build
        self._shares = shares
        self._figured = figured
        self._served: Served | None = None
        self._pages: Callable[[], Pages] | None = None
        self._refused = False  # the last attempt to open it failed, and not because the database was away
        self._turn = threading.RLock()
        self._opened = ExitStack()

    def open_app(self) -> App:
        """Return the bot alone, opened once. Raises `ConfigError`, `StoreError`; what failed can be tried again."""
        with self._turn:
            if self.app is None:
                try:
                    self.app = self._opened.enter_context(self._build())
                except Exception as error:
                    self._refused = isinstance(error, StoreUnusable) or not isinstance(error, StoreError)
                    raise
                self._refused = False
            return self.app

    def open(self) -> Served:
        """Return the bot with its front ends, opened once. Raises as `open_app` does."""
        with self._turn:
            if self._served is None:
                app = self.open_app()
                self.metrics = new_metrics(app) if self._figured else None
                own, self._pages = frontends_of_one(self.settings, app, self.metrics, discord=not self.shares_discord)
                self._served = Served(app, own, self.name, works=self._shares is None or self._shares.works)
            return self._served

    def try_open(self) -> Served | None:
        """Return what `open` does; None while it cannot be opened, which the run reports."""
        try:
            return self.open()
        except Exception as error:  # noqa: BLE001 - one coalition's error must not fail what is for all of them
            log.debug("%s cannot be opened: %s", self.name, error)
            return None

    def pages(self) -> Pages:
        """Make its pages, which only a process needs that is asked for them. Raises as `open` does."""
        self.open()
        assert self._pages is not None
        return self._pages()

    async def slack(self) -> SlackFrontend:
        """Return its Slack front end. Raises as `open` does."""
        served = await for_people(self.open) if self._served is None else self._served
        return cast("SlackFrontend", served.frontends["slack"])

    @property
    def is_lost(self) -> bool:
        """Whether it could not be opened, or its store was lost since."""
        return self._refused or (self.app is not None and not self.app.pulse.usable)

    def is_usable(self) -> bool:
        """Whether its store can be used now, which a loop finds out only at its next look."""
        served = self.try_open()
        try:
            return served is not None and bool(served.app.db.read("SELECT 1 AS one FROM coalition"))
        except StoreError as error:
            return not isinstance(error, StoreUnusable)

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
        served = Counter(map(id, locks))  # coalitions whose stores have that lock
        by_lock = {id(lock): Shares(lock, served[id(lock)], works=works) for lock in locks}
        for each in by_lock.values():
            opened.callback(each.lock.release)
        answers = _answers(locks) if works else None
        if answers:
            opened.callback(answers.close)
        options["sharing"] = Sharing(clock, Pacing(limits), answers, locks[0] if answers else None)
        host_figures = installation.host_metrics_token(coalitions[0][1]) is not None
        discords = Counter(settings.discord_bot_token for _, settings, _ in coalitions)
        tenants = []
        every_shares = [by_lock[id(lock)] for lock in locks] if locks else repeat(None, len(coalitions))
        for coalition, shares in zip(coalitions, every_shares, strict=True):
            name, settings, _ = coalition
            tenant = Tenant(
                name,
                settings,
                partial(_build, coalition, shares, options),
                shares,
                clock,
                figured=host_figures or settings.metrics_token is not None,
                shares_discord=settings.discord_bot_token is not None and discords[settings.discord_bot_token] > 1,
            )
            opened.callback(tenant.close)
            tenants.append(tenant)
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
