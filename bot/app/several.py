"""Several coalitions in one process: each a bot with its own store, over one network, one web site and, if they share
one, one Discord application.

Of several processes on PostgreSQL, one does the work of all coalitions; the others answer people and take over when it
ends. The rest of the program knows one coalition.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bot.app import wiring
from bot.app.application import App, Reopening, build, utc_now
from bot.app.frontends import discord_frontend, figures_page, frontends_of_one, new_metrics, problems, responder
from bot.app.loops import Frontend, Served, pause
from bot.config import installation
from bot.config.load import Config
from bot.config.settings import Settings
from bot.fetch.http import Limits, Pacing
from bot.shared import journey
from bot.shared.errors import Outage
from bot.shared.wording import listed, number
from bot.sources.sharing import Sharing
from bot.store.address import lock_together
from bot.store.database import StoreError, StoreUnusable
from bot.store.lock import Lock

if TYPE_CHECKING:
    from bot.chat.discord.responder import Responder
    from bot.chat.web.site import Pages
    from bot.ops.metrics import Metrics

log = logging.getLogger(__name__)

Coalition = tuple[str, Settings, Callable[[], Config]]  # its name, its settings, and what reads its two files

SHARED_DISCORD: Final = "shared discord"
_LOOK: Final = 2.0  # seconds between two looks at the lock, which all loops of all coalitions ask for
# Coalitions that a process can look at every few seconds, and how many times as long it waits at most: 50 seconds.
_QUICK: Final = 25
_MOST_SLOWDOWN: Final = 10.0
_OPENED: Final = 0.2  # seconds between two looks whether a coalition with the shared Discord application is open


@dataclass(eq=False, repr=False)
class Tenant:
    """One coalition of several. `leads`: whether this process does its work now; `works`: whether it may.

    `shares_discord`: others have its Discord application, too.
    """

    name: str
    settings: Settings
    build: Callable[[], App]
    _: KW_ONLY
    leads: Callable[[str], bool]
    works: bool = True
    shares_discord: bool = False

    def __post_init__(self) -> None:
        self.app: App | None = None  # once it is open, with its front ends
        self.metrics: Metrics | None = None
        self.responder: Responder | None = None  # in the Discord application that it shares
        self._built: App | None = None
        self._refused = False  # the last attempt to open it failed, and not because the database was away
        self._pages: Callable[[], Pages] | None = None

    def open(self) -> Served:
        """Return the bot with its front ends. Raises `ConfigError`, `StoreError`; what failed can be tried again."""
        try:
            app = self._built = self._built or self.build()
            self.metrics = new_metrics(app) if self.settings.metrics_token else None
            own, self._pages = frontends_of_one(self.settings, app, self.metrics, discord=not self.shares_discord)
            if self.shares_discord:
                self.responder = responder(self.settings, app, self.metrics, shared=True)
        except Exception as error:
            self._refused = isinstance(error, StoreUnusable) or not isinstance(error, StoreError)
            raise
        self._refused, self.app = False, app
        return Served(app, own, self.name, works=self.works)

    def pages(self) -> Pages:
        """Make its pages, for the first visitor. Raises `NotOpen`."""
        if self._pages is None:
            raise NotOpen
        return self._pages()

    @property
    def is_lost(self) -> bool:
        """Whether it could not be opened, or its store was lost since."""
        return self._refused or (self.app is not None and not self.app.pulse.usable)

    def close(self) -> None:
        if self._built:
            self._built.__exit__()


class NotOpen(Outage):
    """A coalition has not been opened yet, or cannot be; the log says why."""

    def __init__(self) -> None:
        super().__init__("it is not open")


class _Work:
    """Whether this process does the work of the coalitions that share a lock: one process does; one without `works`
    never does.

    It has a lock for each: another installation on the database has others, and a process that does not know all of
    them yet has some. All ask in the same order, so that none waits for one that waits for it.
    """

    def __init__(self, lock: Lock, names: Iterable[str], *, works: bool) -> None:
        self._lock = lock
        self._parts = [f"work of {name}" for name in sorted(names)]
        self._works = works
        self._is_ours = False
        self._look_at = 0.0
        self._turn = threading.Lock()

    def leads(self, part: str) -> bool:  # noqa: ARG002 - one process does all parts, so it knows what there is to do
        """Whether this process does the work. If the lock fails, one caller per look gets the error; `StoreUnusable` (a
        newer version migrated the stores) goes to every caller.
        """
        with self._turn, journey.serve(""):
            if (now := time.monotonic()) >= self._look_at:
                self._look_at = now + _LOOK
                try:
                    self._lock.keep()
                except StoreUnusable:
                    self._look_at = now
                    raise
                self._is_ours = self._works and all(map(self._lock.leads, self._parts))
            return self._is_ours


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
    options |= {"clock": clock, "limits": limits, "dry_run": dry_run, "clients": {}}
    options["sharing"] = Sharing(clock, Pacing(limits))
    discords = Counter(settings.discord_bot_token for _, settings, _ in coalitions)
    with ExitStack() as opened:
        locks: Sequence[Lock | None] = [None] * len(coalitions)
        if not dry_run:
            locks = lock_together([wiring.store_address(settings) for _, settings, _ in coalitions])
        work = {lock: _Work(lock, (name for name, *_ in coalitions), works=works) for lock in locks if lock}
        for lock in work:
            opened.callback(lock.release)
        tenants = []
        slowdown = min(max(1.0, len(coalitions) / _QUICK), _MOST_SLOWDOWN)
        for coalition, its_lock in zip(coalitions, locks, strict=True):
            name, settings, _ = coalition
            leads = work[its_lock].leads if its_lock else lambda _: True
            tenant = Tenant(
                name,
                settings,
                partial(_build, coalition, its_lock, slowdown, options | {"leads": leads}),
                leads=leads,
                works=works,
                shares_discord=settings.discord_bot_token is not None and discords[settings.discord_bot_token] > 1,
            )
            opened.callback(tenant.close)
            tenants.append(tenant)
        yield tenants


def _build(coalition: Coalition, lock: Lock | None, slowdown: float, options: dict[str, Any]) -> App:
    _, settings, load = coalition
    config = load()
    for variable, channels in installation.unserved(settings, config).items():
        log.warning("%s is not set: messages for %s wait until you set it", variable, listed(channels))
    app = build(settings, config, **options)
    app.slowdown = slowdown
    app.reopening = Reopening(wiring.store_address(settings), lock) if lock else None
    return app


def common_frontends(tenants: Sequence[Tenant]) -> dict[str, Frontend]:
    """The one web site, which tells the coalitions apart by host, and the Discord application that they share."""
    host = tenants[0].settings
    common: dict[str, Frontend] = {}
    if sharing := [tenant for tenant in tenants if tenant.shares_discord]:
        common[SHARED_DISCORD] = _SharedDiscord(sharing)
    sites = {urlsplit(tenant.settings.web_url).netloc: tenant for tenant in tenants if tenant.settings.web_url}
    if sites or host.metrics_token:
        from bot.chat.web.site import Hosted, Monitoring, Site, by_host

        figures = figures_page(host.metrics_token, lambda: {tenant.name: tenant.metrics for tenant in tenants})
        monitoring = Monitoring(partial(_problems, tenants), figures, partial(_lost, tenants))
        hosted = {site: Hosted(tenant.name, tenant.pages) for site, tenant in sites.items()}
        common["web"] = Site(
            partial(by_host, hosted, monitoring), *host.site_bind, ticks=time.monotonic, proxies=host.proxies
        )
    return common


class _SharedDiscord:
    """One Discord application of several coalitions: its connection answers for those that are open."""

    single = True

    def __init__(self, sharing: Sequence[Tenant]) -> None:
        self._sharing = sharing

    def _apps(self) -> list[App]:
        return [tenant.app for tenant in self._sharing if tenant.app]

    def _responders(self) -> list[Responder]:
        return [tenant.responder for tenant in self._sharing if tenant.responder]

    async def run(self, stop: asyncio.Event) -> None:
        while not self._responders():
            if stop.is_set():
                return
            await pause(stop, _OPENED)
        guilds = [tenant.settings.discord_guild_id for tenant in self._sharing]
        await discord_frontend(self._sharing[0].settings, self._apps, self._responders, guilds).run(stop)


def _problems(tenants: Sequence[Tenant]) -> list[str]:
    """What is not ready, without the coalition: anyone can read it, and it would name the others at each one's host.

    One store is asked, not each: a lost one does not make the others unready, and a host's monitoring asks every few
    seconds.
    """
    if not all(tenant.app or tenant.is_lost for tenant in tenants):
        return ["coalitions are being opened"]
    usable = [(tenant.settings, tenant.app) for tenant in tenants if tenant.app and not tenant.is_lost]
    if not usable:
        return ["store"]
    stuck = (f"loop {name}" for _, app in usable for name in app.pulse.stuck())
    return list(dict.fromkeys([*problems(*usable[0])(), *stuck]))


def _lost(tenants: Sequence[Tenant]) -> str:
    """How many coalitions this process cannot serve: the site is ready for the others."""
    lost = sum(tenant.is_lost for tenant in tenants)
    return f"; {lost} of {number(len(tenants), 'coalition')} cannot be served" if lost else ""
