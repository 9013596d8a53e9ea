"""The front ends that the settings allow, each over the app's dispatcher. Imports a library only if needed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from bot.app import wiring
from bot.app.application import App
from bot.app.loops import Frontend
from bot.config.settings import Settings
from bot.deadlines import agenda
from bot.letters import lookup
from bot.letters import records as letters
from bot.outbox import connections
from bot.people.sessions import Sessions
from bot.shared.calendar import business_day
from bot.shared.platforms import NAMES
from bot.store import memo

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.app.letterbox import Letterbox
    from bot.chat.discord.frontend import DiscordFrontend
    from bot.chat.discord.responder import Responder
    from bot.chat.mail.domain_records import MailExchanges
    from bot.chat.web.frontend import WebFrontend
    from bot.chat.web.site import Figures, Pages, Route
    from bot.ops.metrics import Metrics

log = logging.getLogger(__name__)


def frontends(settings: Settings, app: App) -> dict[str, Frontend]:
    """Return the Slack and Discord front ends whose tokens are set, and the web site. Does no network I/O."""
    metrics = new_metrics(app) if settings.metrics_token else None
    by_platform, pages = frontends_of_one(settings, app, metrics)

    if settings.serves_web:
        from bot.chat.web.site import Monitoring, Site, application

        figures = figures_page(settings.metrics_token, lambda: {app.config.coalition.id: metrics})
        monitoring = Monitoring(problems(settings, app), figures)
        build = partial(application, *pages(), monitoring=monitoring)
        by_platform["web"] = Site(build, *settings.site_bind, ticks=time.monotonic, proxies=settings.proxies)
    return by_platform


def frontends_of_one(
    settings: Settings, app: App, metrics: Metrics | None, *, discord: bool = True
) -> tuple[dict[str, Frontend], Callable[[], Pages]]:
    """Return the chat front ends of one coalition, and what makes its pages. `discord`: whether it has a Discord
    application to itself, if any.
    """
    by_platform: dict[str, Frontend] = {}
    routes: list[Route] = []
    if settings.slack_bot_token and (settings.slack_mode == "http" or settings.slack_app_token):
        from bot.chat.slack.frontend import SlackFrontend
        from bot.chat.slack.web import Endpoint

        by_platform["slack"] = slack = SlackFrontend(
            settings,
            app.dispatcher,
            app.dispatcher.table,
            clock=app.clock,
            zone=app.zone,
            remember=lambda name, value: _remember(app, name, value),
            tell=app.tell,
            dice=app.dice,
            observe_ack=_observe_ack("slack", metrics),
        )
        if settings.slack_mode == "http":
            routes += Endpoint(settings, slack, clock=app.clock, ticks=time.monotonic).routes()
    elif settings.slack_bot_token:
        log.warning("commands in Slack are off: SLACK_APP_TOKEN is not set (docs/connect.md)")
    if settings.discord_bot_token and discord:
        one = responder(settings, app, metrics)
        by_platform["discord"] = discord_frontend(settings, lambda: [app], lambda: [one])
    letterbox = _add_mail(settings, app, by_platform, routes) if settings.smtp_url else None
    served = {*by_platform} if discord else {*by_platform, "discord"}
    unserved = [connections.memo_name(platform) for platform in NAMES if platform not in served]
    for name, down in memo.get_memos(app.db, unserved).items():
        if down:  # the front end was removed while its connection was down
            _remember(app, name, connections.dump(None))
    return by_platform, partial(_pages, settings, app, routes, letterbox)


def discord_frontend(
    settings: Settings,
    apps: Callable[[], Sequence[App]],
    responders: Callable[[], Sequence[Responder]],
    guilds: Collection[str] = (),
) -> DiscordFrontend:
    """Return the front end of one Discord application, for the coalitions that have it and are open now: at least one.

    `guilds`: the servers of all that share it, whether or not they can be opened.
    """
    from bot.chat.discord.frontend import DiscordFrontend

    def usable() -> Sequence[App]:
        """The coalitions whose stores can be used: one that is lost must not cut off the others."""
        return [app for app in apps() if app.pulse.usable] or apps()

    def recall(name: str) -> str | None:
        return memo.get_memo(usable()[0].db, name)

    def remember(name: str, value: str) -> None:
        for app in usable():
            _remember(app, name, value)

    def tell(what: str) -> None:
        for app in usable():
            app.tell(what)

    first = apps()[0]
    return DiscordFrontend(
        settings,
        responders,
        first.dispatcher.table,
        clock=first.clock,
        recall=recall,
        remember=remember,
        tell=tell,
        dice=first.dice,
        guilds=guilds,
    )


def responder(settings: Settings, app: App, metrics: Metrics | None, *, shared: bool = False) -> Responder:
    from bot.chat.discord.responder import Responder

    return Responder(
        app.dispatcher,
        clock=app.clock,
        zone=app.zone,
        cdn=settings.discord_cdn_url,
        guild=settings.discord_guild_id,
        coalition=app.config.coalition.id if shared else "",
        observe_ack=_observe_ack("discord", metrics),
    )


def _observe_ack(platform: str, metrics: Metrics | None) -> Callable[[float], None]:
    return partial(metrics.acknowledged, platform) if metrics else lambda _: None


def _add_mail(settings: Settings, app: App, by_platform: dict[str, Frontend], routes: list[Route]) -> Letterbox:
    """Add what comes back to mail: in the mailbox, if it is read, and on pages, if there is a web site."""
    from bot.app.letterbox import Letterbox

    letterbox = Letterbox(
        db=app.db,
        config=lambda: app.config,
        clock=app.clock,
        new_id=app.new_id,
        channel=app.direct_channel,
        report_holds=app.report_holds,
    )
    if settings.imap_url:
        from bot.chat.mail.frontend import MailFrontend

        by_platform["mail"] = MailFrontend(
            settings,
            letterbox,
            keyring=app.keyring,
            clock=app.clock,
            recall=lambda name: memo.get_memo(app.db, name),
            remember=lambda name, value: _remember(app, name, value),
            tell=app.tell,
        )
    if settings.web_url:
        from bot.chat.mail.frontend import MailPages

        routes += MailPages(
            app.config.coalition.name,
            app.keyring,
            stop=letterbox.unsubscribe,
            confirm=letterbox.confirm,
            clock=app.clock,
            ticks=time.monotonic,
        ).routes()
    return letterbox


def new_metrics(app: App) -> Metrics:
    from bot.ops.metrics import Metrics

    metrics = Metrics(app.db, lambda: app.config, app.pulse, app.clock)
    app.attempted, app.pulse.on_late = metrics.attempted, metrics.late
    return metrics


def _pages(settings: Settings, app: App, routes: list[Route], letterbox: Letterbox | None) -> Pages:
    """Return the routes of a coalition's site, its calendar, and what shows an error as a page."""
    board = _board(app, letterbox) if settings.web_url else None
    if board:
        routes += [*board.routes(), *_public_routes(app)]

    def calendar(token: str) -> bytes | None:
        return agenda.subscribed_file(app.db, app.config.coalition, app.clock(), token)

    return routes, calendar, board.middleware if board else None


def problems(settings: Settings, app: App) -> Callable[[], Sequence[str]]:
    from bot.ops.pulse import not_ready

    return partial(not_ready, wiring.store_address(settings), app.db, app.pulse)


def figures_page(token: SecretStr | None, metrics: Callable[[], Mapping[str, Metrics | None]]) -> Figures | None:
    """Return the token that opens the page of these coalitions' figures, and the page; None without a token."""
    if not token:
        return None
    from bot.ops.metrics import page

    return token.get_secret_value(), lambda: page(metrics())


def sessions(app: App) -> Sessions:
    """The sessions of people in the board, and of their assistants."""
    return Sessions(app.db, clock=app.clock, new_id=app.new_id)


def get_ready(app: App) -> None:
    """Do what first answers would wait for: a child process tells the holidays, and a letter's statements are read."""
    today = app.config.coalition.day(app.clock())
    business_day(today)
    for letter in letters.letters(app.db)[:1]:
        lookup.citations_of(app.db, app.config.coalition, letter, today)


def _board(app: App, letterbox: Letterbox | None) -> WebFrontend:
    from bot.chat.web.frontend import WebFrontend
    from bot.site.board.pages import PAGES, PREVIEWS, TEMPLATES, TRIALS
    from bot.site.public.campaign_pages import PREVIEW_PAGE
    from bot.site.public.pages import TEMPLATES as PUBLIC_TEMPLATES

    def mail_link(address: str, to: str) -> None:
        assert letterbox is not None
        letterbox.mail_link(app.config.site, address, to)
        app.stir()

    return WebFrontend(
        app.dispatcher,
        sessions(app),
        name=lambda: app.config.coalition.short,
        clock=app.clock,
        zone=app.zone,
        new_id=app.new_id,
        keyring=app.keyring,
        ticks=time.monotonic,
        secure=app.config.site.startswith("https:"),
        pages=(*PAGES, PREVIEW_PAGE),
        templates=[TEMPLATES, PUBLIC_TEMPLATES],
        previews=PREVIEWS,
        trials=TRIALS,
        mail_link=mail_link if letterbox else None,
        mailbox=letterbox.mailbox if letterbox else lambda _: "",
    )


def _public_routes(app: App) -> list[Route]:
    """The pages without an account: a letter's sign-on and the campaign's own."""
    from bot.site.public.campaign_pages import CampaignPages
    from bot.site.public.sign_on import SignOnPages

    @cache
    def exchanges() -> MailExchanges:
        """Made for the first who asks to sign: the resolver takes 2 MB."""
        from bot.chat.mail.domain_records import MailExchanges

        return MailExchanges(time.monotonic)

    async def takes_mail(domain: str) -> bool:
        return await exchanges().takes_mail(domain)

    shared: dict[str, Any] = {
        "clock": app.clock,
        "ticks": time.monotonic,
        "new_id": app.new_id,
        "keyring": app.keyring,
        "changed": app.stir,
        "takes_mail": takes_mail,
    }
    sign_on = SignOnPages(app.db, lambda: app.config, **shared)
    page = CampaignPages(app.db, lambda: app.config, **shared)
    return [*sign_on.routes(), *page.routes()]


def _remember(app: App, name: str, value: str) -> None:
    with app.db.write() as tx:
        memo.set_memo(tx, name, value)
