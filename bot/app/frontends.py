"""The front ends that the settings allow, each over the app's dispatcher. Imports a library only if needed."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bot import wiring
from bot.app.application import App
from bot.app.runtime import Frontend
from bot.chat.platforms import NAMES
from bot.chat.stopwatch import UNTIMED, Stopwatch
from bot.config import installation
from bot.config.settings import Settings
from bot.deadlines import agenda
from bot.outbox import connections
from bot.people.sessions import Sessions
from bot.store import memo
from bot.store.database import StoreError, StoreUnusable

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.app.letterbox import Letterbox
    from bot.chat.web.frontend import WebFrontend
    from bot.chat.web.site import Figures, Pages, Route
    from bot.ops.metrics import Metrics

log = logging.getLogger(__name__)

SHARED_DISCORD: Final = "shared discord"  # the front end of an application of several coalitions


def frontends(settings: Settings, app: App) -> dict[str, Frontend]:
    """Return the Slack and Discord front ends whose tokens are set, and the web site. Does no network I/O."""
    metrics = _metrics(app) if settings.metrics_token else None
    by_platform, pages = _of_one(settings, app, metrics)
    if settings.serves_web:
        from bot.chat.web.site import Monitoring, Site, application

        monitoring = Monitoring(_problems(settings, app), _figures(settings.metrics_token, [(app, metrics)]))
        build = partial(application, *pages, monitoring=monitoring)
        by_platform["web"] = Site(build, *settings.site_bind, ticks=time.monotonic)
    return by_platform


def frontends_of_several(
    settings: Sequence[Settings], apps: Sequence[App]
) -> tuple[list[dict[str, Frontend]], dict[str, Frontend]]:
    """Return the chat front ends of each coalition, and those of several: the one web site, which tells them apart by
    host, and the connection of a Discord application that they share.
    """
    host, token = settings[0], installation.host_metrics_token(settings[0])
    metrics = [_metrics(app) if token or one.metrics_token else None for one, app in zip(settings, apps, strict=True)]
    tokens = Counter(one.discord_bot_token for one in settings)
    faces, sites, sharing = [], {}, []
    for one, app, figures in zip(settings, apps, metrics, strict=True):
        shares = one.discord_bot_token is not None and tokens[one.discord_bot_token] > 1
        sharing += [(one, app, figures)] if shares else []
        by_platform, pages = _of_one(one, app, figures, discord=not shares)
        faces.append(by_platform)
        if one.web_url:
            own = _figures(one.metrics_token, [(app, figures)], process=False)
            sites[urlsplit(one.web_url).netloc] = app.config.coalition.id, pages, own
    common: dict[str, Frontend] = {SHARED_DISCORD: _discord(sharing)} if sharing else {}
    if sites or token:
        from bot.chat.web.site import Monitoring, Site, by_host

        every = _figures(token, list(zip(apps, metrics, strict=True)))
        monitoring = Monitoring(lambda: _problems_of_all(settings, apps), every, partial(_lost_stores, apps))
        common["web"] = Site(partial(by_host, sites, monitoring), *host.site_bind, ticks=time.monotonic)
    return faces, common


def _of_one(
    settings: Settings, app: App, metrics: Metrics | None, *, discord: bool = True
) -> tuple[dict[str, Frontend], Pages]:
    """Return the chat front ends of one coalition, and what its web site serves. `discord`: whether it has a Discord
    application to itself, if any.
    """
    by_platform: dict[str, Frontend] = {}
    routes: list[Route] = []
    if settings.slack_bot_token and (settings.slack_mode == "http" or settings.slack_app_token):
        from bot.chat.slack.frontend import SlackFrontend

        slack = by_platform["slack"] = SlackFrontend(
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
        routes += slack.routes
    elif settings.slack_bot_token:
        log.warning("commands in Slack are off: SLACK_APP_TOKEN is not set (docs/connect.md)")
    if settings.discord_bot_token and discord:
        by_platform["discord"] = _discord([(settings, app, metrics)])
    letterbox = _add_mail(settings, app, by_platform, routes) if settings.smtp_url else None
    pages = _pages(settings, app, routes, letterbox)
    served = {*by_platform} if discord else {*by_platform, "discord"}
    for platform in {*NAMES} - served:
        # The front end may have been removed while its connection was down.
        if memo.get_memo(app.db, app.config.coalition.id, connections.memo_name(platform)):
            _remember(app, connections.memo_name(platform), connections.dump(None))
    return by_platform, pages


def _discord(members: Sequence[tuple[Settings, App, Metrics | None]]) -> Frontend:
    """Return the front end of one Discord application, for the coalitions that have it."""
    from bot.chat.discord.frontend import DiscordFrontend
    from bot.chat.discord.responder import Responder

    def responder(settings: Settings, app: App, metrics: Metrics | None) -> Responder:
        return Responder(
            app.dispatcher,
            clock=app.clock,
            zone=app.zone,
            cdn=settings.discord_cdn_url,
            guild=settings.discord_guild_id,
            coalition=app.config.coalition.id if len(members) > 1 else "",
            name=lambda: app.config.coalition.short,
            acknowledging=_acknowledging("discord", metrics),
        )

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
        [responder(*member) for member in members],
        first.dispatcher.table,
        clock=first.clock,
        recall=recall,
        remember=remember,
        tell=tell,
        dice=first.dice,
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


def _problems_of_all(settings: Sequence[Settings], apps: Sequence[App]) -> list[str]:
    """What is not ready, without the coalition: anyone can read it, and it would name the others at each one's host."""
    every = [(one, app) for one, app in zip(settings, apps, strict=True) if _is_usable(app)]
    if not every:
        return ["store"]
    return list(dict.fromkeys(problem for one, app in every for problem in _problems(one, app)()))


def _is_usable(app: App) -> bool:
    """Whether a coalition's store can be used: where another process serves it, no loop of this one finds that out."""
    try:
        app.db.read("SELECT 1 AS one FROM coalition")
    except StoreError as error:
        return not isinstance(error, StoreUnusable)
    return True


def _lost_stores(apps: Sequence[App]) -> str:
    """How many coalitions' stores cannot be used: the site is ready for the others."""
    lost = sum(not app.pulse.usable for app in apps)
    return f"; the store of {lost} of {len(apps)} coalitions cannot be used" if lost else ""


def _figures(
    token: SecretStr | None, coalitions: Sequence[tuple[App, Metrics | None]], *, process: bool = True
) -> Figures:
    """Return the page of these coalitions' figures by the token that opens it; nothing without a token."""
    if not token:
        return {}
    from bot.ops.metrics import page

    metrics = {app.config.coalition.id: each for app, each in coalitions if each}
    return {token.get_secret_value(): partial(page, metrics, process=process)}


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
        "changed": lambda: app.stir(),  # noqa: PLW0108 - the runtime sets it after this
    }
    sign_on = SignOnPages(app.db, lambda: app.config, **shared)
    page = CampaignPages(app.db, lambda: app.config, mails=settings.smtp_url is not None, **shared)
    return [*sign_on.routes(), *page.routes()]


def _remember(app: App, name: str, value: str) -> None:
    with app.db.write() as tx:
        memo.set_memo(tx, app.config.coalition.id, name, value)
