"""The front ends that the settings allow, each over the app's dispatcher. Imports a library only if needed."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from bot import wiring
from bot.app.application import App
from bot.app.runtime import Frontend, Served
from bot.app.several import SHARED_DISCORD, Tenant
from bot.chat.platforms import NAMES
from bot.chat.stopwatch import UNTIMED, Stopwatch
from bot.config import installation
from bot.config.settings import Settings
from bot.deadlines import agenda
from bot.outbox import connections
from bot.people.sessions import Sessions
from bot.shared.threads import for_people
from bot.shared.wording import number
from bot.store import memo
from bot.store.database import StoreError, StoreUnusable

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.app.letterbox import Letterbox
    from bot.chat.discord.frontend import DiscordFrontend
    from bot.chat.discord.responder import Responder
    from bot.chat.slack.frontend import SlackFrontend
    from bot.chat.slack.web import Endpoint
    from bot.chat.web.frontend import WebFrontend
    from bot.chat.web.site import Figures, Hosted, Pages, Route
    from bot.ops.metrics import Metrics

log = logging.getLogger(__name__)

_AGAIN: Final = 30.0  # seconds between two tries to open those that share a Discord application
_Member = tuple[Settings, App, "Metrics | None"]  # of a Discord application


def frontends(settings: Settings, app: App) -> dict[str, Frontend]:
    """Return the Slack and Discord front ends whose tokens are set, and the web site. Does no network I/O."""
    metrics = _metrics(app) if settings.metrics_token else None
    by_platform, pages = _of_one(settings, app, metrics)

    async def slack() -> SlackFrontend:
        return cast("SlackFrontend", by_platform["slack"])

    if settings.serves_web:
        from bot.chat.web.site import Monitoring, Site, application

        routes, calendar, middleware = pages()
        if endpoint := _slack_endpoint(settings, slack, app.clock):
            routes += endpoint.routes()
        figures = _figures(settings.metrics_token, lambda: {app.config.coalition.id: metrics})
        monitoring = Monitoring(_problems(settings, app), figures)
        build = partial(application, routes, calendar, middleware, monitoring=monitoring)
        by_platform["web"] = Site(build, *settings.site_bind, ticks=time.monotonic)
    return by_platform


class OneOfSeveral:
    """A coalition of several as the run serves it. It is opened with its front ends and its pages, when it is needed.

    `figured`: its figures are collected. `shares_discord`: others have its Discord application, too.
    """

    def __init__(self, tenant: Tenant, *, figured: bool, shares_discord: bool) -> None:
        self.name = tenant.name
        self.clock = tenant.clock
        self.settings = tenant.settings
        self.wanted = tenant.wanted
        self.is_changed = tenant.is_changed
        self.leads = tenant.leads
        self.shares_discord = shares_discord
        self.metrics: Metrics | None = None
        self._tenant = tenant
        self._figured = figured
        self._served: Served | None = None
        self._pages: Callable[[], Pages] | None = None  # if it has been opened
        self._refused = False  # the last attempt to open it failed, and not because the database was away
        self._turn = threading.Lock()

    @property
    def app(self) -> App | None:
        """The bot, if it has been opened."""
        return self._tenant.app

    @property
    def is_lost(self) -> bool:
        """Whether it could not be opened, or its store was lost since."""
        return self._refused or (self.app is not None and not self.app.pulse.usable)

    def open(self) -> Served:
        """Return the bot with its front ends. Raises `ConfigError`, `StoreError`."""
        with self._turn:
            if self._served is None:
                app = self._open_app()
                self.metrics = _metrics(app) if self._figured else None
                by_platform, self._pages = _of_one(self.settings, app, self.metrics, discord=not self.shares_discord)
                self._served = Served(app, by_platform, self.name, works=self._tenant.works)
            return self._served

    def _open_app(self) -> App:
        try:
            app = self._tenant.open()
        except Exception as error:
            self._refused = isinstance(error, StoreUnusable) or not isinstance(error, StoreError)
            raise
        self._refused = False
        return app

    def pages(self) -> Pages:
        """Make its pages, which only a process needs that is asked for them. Raises as `open` does."""
        self.open()
        assert self._pages is not None
        return self._pages()

    async def slack(self) -> SlackFrontend:
        """Return its Slack front end. Raises `ConfigError`, `StoreError`."""
        served = await for_people(self.open) if self._served is None else self._served
        return cast("SlackFrontend", served.frontends["slack"])

    def try_open(self) -> Served | None:
        """Return what `open` does; None while it cannot be opened, which the run reports."""
        try:
            return self.open()
        except Exception as error:  # noqa: BLE001 - one coalition's error must not fail what is for all of them
            log.debug("%s cannot be opened: %s", self.name, error)
            return None

    def is_usable(self) -> bool:
        """Whether its store can be used now, which a loop finds out only at its next look."""
        served = self.try_open()
        try:
            return served is not None and bool(served.app.db.read("SELECT 1 AS one FROM coalition"))
        except StoreError as error:
            return not isinstance(error, StoreUnusable)


def frontends_of_several(tenants: Sequence[Tenant]) -> tuple[list[OneOfSeveral], dict[str, Frontend]]:
    """Return each coalition with its chat front ends, and the front ends of several: the one web site, which tells them
    apart by host, and the connection of a Discord application that they share.
    """
    host, token = tenants[0].settings, installation.host_metrics_token(tenants[0].settings)
    tokens = Counter(tenant.settings.discord_bot_token for tenant in tenants)
    every = []
    for tenant in tenants:
        discord = tenant.settings.discord_bot_token
        figured = token is not None or tenant.settings.metrics_token is not None
        every.append(OneOfSeveral(tenant, figured=figured, shares_discord=discord is not None and tokens[discord] > 1))
    common: dict[str, Frontend] = {}
    if sharing := [one for one in every if one.shares_discord]:
        common[SHARED_DISCORD] = _SharedDiscord(sharing)
    sites = {urlsplit(one.settings.web_url).netloc: one for one in every if one.settings.web_url}
    if sites or token:
        from bot.chat.web.site import Monitoring, Site, by_host

        monitoring = Monitoring(
            partial(_problems_of_several, every),
            _figures(token, partial(_metrics_of, every)),
            partial(_lost, every),
        )
        served = {site: _site(one) for site, one in sites.items()}
        common["web"] = Site(partial(by_host, served, monitoring), *host.site_bind, ticks=time.monotonic)
    return every, common


class _SharedDiscord:
    """One Discord application of several coalitions: they are opened where its connection is."""

    single = True

    def __init__(self, sharing: Sequence[OneOfSeveral]) -> None:
        self._sharing = sharing

    async def run(self, stop: asyncio.Event) -> None:
        waiting = [*self._sharing]
        members = await _open_waiting(waiting)
        if not members:
            return
        frontend = _discord(members, guilds=[one.settings.discord_guild_id for one in self._sharing])
        opening = asyncio.create_task(self._open_others(waiting, members, frontend))
        try:
            await frontend.run(stop)
        finally:
            opening.cancel()

    @staticmethod
    async def _open_others(waiting: list[OneOfSeveral], members: list[_Member], frontend: DiscordFrontend) -> None:
        """Answer for those that could not be opened, too, once they can be."""
        while waiting:
            await asyncio.sleep(_AGAIN)
            for member in await _open_waiting(waiting):
                members.append(member)
                frontend.add(_responder(*member, shared=True))


async def _open_waiting(waiting: list[OneOfSeveral]) -> list[_Member]:
    """Open the coalitions that wait; those that can be opened wait no more."""
    every = await asyncio.to_thread(lambda: [(one, one.try_open()) for one in waiting])
    waiting[:] = [one for one, served in every if not served]
    return [(one.settings, served.app, one.metrics) for one, served in every if served]


def _site(one: OneOfSeveral) -> Hosted:
    from bot.chat.web.site import Hosted

    opening = partial(_pages_and_figures, one)
    endpoint = _slack_endpoint(one.settings, one.slack, one.clock)
    return Hosted(one.name, opening, endpoint.routes(), endpoint.finish) if endpoint else Hosted(one.name, opening)


def _pages_and_figures(one: OneOfSeveral) -> tuple[Pages, Figures]:
    """Open a coalition's site. Raises `ConfigError`, `StoreError`."""
    return one.pages(), _figures(one.settings.metrics_token, partial(_metrics_of, [one]), process=False)


def _of_one(
    settings: Settings, app: App, metrics: Metrics | None, *, discord: bool = True
) -> tuple[dict[str, Frontend], Callable[[], Pages]]:
    """Return the chat front ends of one coalition, and what makes its pages. `discord`: whether it has a Discord
    application to itself, if any.
    """
    by_platform: dict[str, Frontend] = {}
    routes: list[Route] = []
    if settings.slack_bot_token and (settings.slack_mode == "http" or settings.slack_app_token):
        from bot.chat.slack.frontend import SlackFrontend

        by_platform["slack"] = SlackFrontend(
            settings,
            app.dispatcher,
            app.dispatcher.table,
            clock=app.clock,
            zone=app.zone,
            remember=lambda name, value: _remember(app, name, value),
            tell=app.tell,
            dice=app.dice,
            acknowledging=_acknowledging("slack", metrics),
        )
    elif settings.slack_bot_token:
        log.warning("commands in Slack are off: SLACK_APP_TOKEN is not set (docs/connect.md)")
    if settings.discord_bot_token and discord:
        by_platform["discord"] = _discord([(settings, app, metrics)])
    letterbox = _add_mail(settings, app, by_platform, routes) if settings.smtp_url else None
    served = {*by_platform} if discord else {*by_platform, "discord"}
    unserved = [connections.memo_name(platform) for platform in NAMES if platform not in served]
    for name, down in memo.get_memos(app.db, app.config.coalition.id, unserved).items():
        if down:  # the front end was removed while its connection was down
            _remember(app, name, connections.dump(None))
    return by_platform, partial(_pages, settings, app, routes, letterbox)


def _slack_endpoint(
    settings: Settings, opened: Callable[[], Awaitable[SlackFrontend]], clock: Callable[[], datetime]
) -> Endpoint | None:
    """Return where Slack sends its requests, in HTTP mode. Needs no opened coalition."""
    if not settings.slack_bot_token or settings.slack_mode == "socket":
        return None
    from bot.chat.slack.web import Endpoint

    return Endpoint(settings, opened, clock=clock, ticks=time.monotonic)


def _discord(members: Sequence[_Member], guilds: Collection[str] = ()) -> DiscordFrontend:
    """Return the front end of one Discord application, for the coalitions that have it; `members` may grow.

    `guilds`: the servers of all that share it, whether or not they can be opened now.
    """
    from bot.chat.discord.frontend import DiscordFrontend

    def usable() -> Sequence[App]:
        """The coalitions whose stores can be used: one that is lost must not cut off the others."""
        apps = [app for _, app, _ in members]
        return [app for app in apps if app.pulse.usable] or apps

    def recall(name: str) -> str | None:
        app = usable()[0]
        return memo.get_memo(app.db, app.config.coalition.id, name)

    def remember(name: str, value: str) -> None:
        for app in usable():
            _remember(app, name, value)

    def tell(what: str) -> None:
        for app in usable():
            app.tell(what)

    settings, first, _ = members[0]
    return DiscordFrontend(
        settings,
        [_responder(*member, shared=bool(guilds)) for member in members],
        first.dispatcher.table,
        clock=first.clock,
        recall=recall,
        remember=remember,
        tell=tell,
        dice=first.dice,
        guilds=guilds,
    )


def _responder(settings: Settings, app: App, metrics: Metrics | None, *, shared: bool) -> Responder:
    from bot.chat.discord.responder import Responder

    return Responder(
        app.dispatcher,
        clock=app.clock,
        zone=app.zone,
        cdn=settings.discord_cdn_url,
        guild=settings.discord_guild_id,
        coalition=app.config.coalition.id if shared else "",
        name=lambda: app.config.coalition.short,
        acknowledging=_acknowledging("discord", metrics),
    )


def _acknowledging(platform: str, metrics: Metrics | None) -> Stopwatch:
    return Stopwatch(time.monotonic, partial(metrics.acknowledged, platform)) if metrics else UNTIMED


def _add_mail(settings: Settings, app: App, by_platform: dict[str, Frontend], routes: list[Route]) -> Letterbox:
    """Add what people answer to mail: in the mailbox, if it is read, and on pages, if there is a web site."""
    from bot.app.letterbox import Letterbox

    letterbox = Letterbox(
        db=app.db,
        campaign=lambda: app.campaign,
        clock=app.clock,
        new_id=app.new_id,
        report_holds=app.report_holds,
    )
    if settings.imap_url:
        from bot.chat.mail.frontend import MailFrontend

        by_platform["mail"] = MailFrontend(
            settings,
            app.dispatcher,
            letterbox,
            clock=app.clock,
            remember=lambda name, value: _remember(app, name, value),
            tell=app.tell,
        )
    if settings.web_url:
        from bot.chat.mail.pages import routes as mail_pages

        routes += mail_pages(app.config.coalition.name, letterbox.unsubscribe, letterbox.confirm)
    return letterbox


def _metrics(app: App) -> Metrics:
    from bot.ops.metrics import Metrics

    metrics = Metrics(app.db, lambda: app.campaign, app.pulse, app.clock)
    app.attempted, app.pulse.on_late = metrics.attempted, metrics.late
    return metrics


def _pages(settings: Settings, app: App, routes: list[Route], letterbox: Letterbox | None) -> Pages:
    """Return the routes of a coalition's site, its calendar, and what shows an error as a page."""
    board = _board(app, letterbox) if settings.web_url else None
    if board:
        routes += [*board.routes(), *_public_routes(settings, app)]

    def calendar(token: str) -> bytes | None:
        return agenda.subscribed_file(app.db, app.config.coalition, app.clock(), token)

    return routes, calendar, board.middleware if board else None


def _problems(settings: Settings, app: App) -> Callable[[], Sequence[str]]:
    from bot.ops import readiness

    return partial(readiness.problems, wiring.store_address(settings), app.db, app.pulse)


def _problems_of_several(every: Sequence[OneOfSeveral]) -> list[str]:
    """What is not ready, without the coalition: anyone can read it, and it would name the others at each one's host.

    One store that can be used is asked, not each: a lost one does not make the others unready, and a host's monitoring
    asks every few seconds.
    """
    usable = next(filter(OneOfSeveral.is_usable, sorted(every, key=lambda one: one.app is None)), None)
    if usable is None:
        return ["store"]
    stuck = (f"loop {name}" for one in every if one.app for name in one.app.pulse.stuck())
    return list(dict.fromkeys([*_problems(usable.settings, usable.open().app)(), *stuck]))


def _lost(every: Sequence[OneOfSeveral]) -> str:
    """How many coalitions this process cannot serve: the site is ready for the others."""
    lost = sum(one.is_lost for one in every)
    return f"; {lost} of {number(len(every), 'coalition')} cannot be served" if lost else ""


def _figures(
    token: SecretStr | None, metrics: Callable[[], Mapping[str, Metrics | None]], *, process: bool = True
) -> Figures:
    """Return the page of these coalitions' figures by the token that opens it; nothing without a token."""
    if not token:
        return {}
    from bot.ops.metrics import page

    return {token.get_secret_value(): lambda: page(metrics(), process=process)}


def _metrics_of(coalitions: Sequence[OneOfSeveral]) -> dict[str, Metrics | None]:
    return {one.name: one.metrics if one.try_open() else None for one in coalitions}


def _board(app: App, letterbox: Letterbox | None) -> WebFrontend:
    from bot.board.pages import PAGES, PREVIEWS, TEMPLATES, TRIALS
    from bot.chat.web.frontend import WebFrontend
    from bot.public.campaign_pages import PREVIEW_PAGE
    from bot.public.pages import TEMPLATES as PUBLIC_TEMPLATES

    def mail_link(address: str, to: str) -> None:
        assert letterbox is not None
        letterbox.mail_link(app.config.site, address, to)
        app.stir()

    return WebFrontend(
        app.dispatcher,
        Sessions(app.db, app.config.coalition.id, clock=app.clock, new_id=app.new_id),
        name=lambda: app.config.coalition.short,
        clock=app.clock,
        zone=app.zone,
        new_id=app.new_id,
        ticks=time.monotonic,
        secure=app.config.site.startswith("https:"),
        pages=(*PAGES, PREVIEW_PAGE),
        templates=[TEMPLATES, PUBLIC_TEMPLATES],
        previews=PREVIEWS,
        trials=TRIALS,
        mail_link=mail_link if letterbox else None,
    )


def _public_routes(settings: Settings, app: App) -> list[Route]:
    """The pages without an account: a letter's sign-on and the campaign's own."""
    from bot.public.campaign_pages import CampaignPages
    from bot.public.sign_on import SignOnPages

    shared: dict[str, Any] = {
        "clock": app.clock,
        "ticks": time.monotonic,
        "new_id": app.new_id,
        "key": app.new_id(),
        "changed": app.stir,
    }
    sign_on = SignOnPages(app.db, lambda: app.config, **shared)
    page = CampaignPages(app.db, lambda: app.config, mails=settings.smtp_url is not None, **shared)
    return [*sign_on.routes(), *page.routes()]


def _remember(app: App, name: str, value: str) -> None:
    with app.db.write() as tx:
        memo.set_memo(tx, app.config.coalition.id, name, value)
