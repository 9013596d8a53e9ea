"""The one web site of a running bot. Each part contributes its routes: Slack its events, the board its pages."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web, web_urldispatcher
from aiohttp.typedefs import Handler, Middleware

from bot.chat.web import listener, safety
from bot.config.logs import Throttle
from bot.shared import journey
from bot.shared.errors import CoalitionBotError, Outage
from bot.shared.language import gettext_noop
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

Route = web.RouteDef
Calendar = Callable[[str], bytes | None]  # the calendar, for anyone who knows the secret in its address
Pages = tuple[list[Route], Calendar, Middleware | None]  # what a coalition's site serves; the last shows its errors

Figures = tuple[str, Callable[[], tuple[bytes, str]]]  # a token, and what gives the body and its content type

_PRIVATE: Final = {"Cache-Control": "private, no-cache"}
_NO_STORE: Final = {"Cache-Control": "no-store"}
# Which the board's middleware shows in the visitor's language.
_AWAY: Final = gettext_noop("Please try again in a moment")
_NO_STORE_NOW: Final = gettext_noop("The bot cannot use its database now.")
_UNSURE: Final = gettext_noop("We cannot tell whether this was done")
_LOOK_AGAIN: Final = gettext_noop(
    "The connection to the database was lost. Open the page or the link again to see whether it was."
)
_UNAVAILABLE: Final = "This site cannot be shown now. Try again in a few minutes."
_NO_SITE: Final = (
    "There is no site at this address. If you run the bot: a coalition's WEB_URL has to name this host, and the proxy "
    "has to send the Host header as it came."
)
_CALENDARS: Final = 60  # requests for a calendar a minute from one visitor, who may be guessing its secret
_CHECK_EVERY: Final = 2.0  # seconds between two checks of the store, however often strangers ask


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What the host's monitoring asks for.

    `problems` names what is not ready, and `remark` follows the word "ready". `metrics` has the token that opens
    the page of figures; without it there is no such page.
    """

    problems: Callable[[], Sequence[str]]
    metrics: Figures | None = field(default=None, repr=False)
    remark: Callable[[], str] = str


class Site:
    """Serves what `build` makes. `port` 0: any. `ticks`: monotonic seconds. `proxies`: may say for whom they ask."""

    single = False

    def __init__(
        self,
        build: Callable[[], web.Application],
        host: str,
        port: int,
        *,
        ticks: Callable[[], float],
        proxies: Sequence[safety.Network] = (),
    ) -> None:
        self._build = build
        self._where = host, port
        self._proxies = proxies
        self._lines = Throttle(logging.getLogger(__name__), ticks)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set. Raises `CannotListen`."""
        site = self._build()
        site.middlewares.insert(0, safety.behind(self._proxies))
        await listener.serve(site, *self._where, stop, self._lines)


def application(
    routes: Iterable[Route],
    calendar: Calendar | None = None,
    middleware: Middleware | None = None,
    *,
    monitoring: Monitoring | None = None,
    ticks: Callable[[], float] = time.monotonic,
    limits: listener.Limits = listener.DEFAULT,
) -> web.Application:
    """Return the site: `routes`, the pages for the host's monitoring, and the calendar at its secret address."""
    outer = [middleware] if middleware else []
    inner = _answering_outages(Throttle(log, ticks), limits.answer)
    site = web.Application(client_max_size=limits.size, middlewares=[*outer, inner])
    site.on_response_prepare.append(safety.add_headers)
    site.add_routes([*routes, web.get("/healthz", _healthz)])
    if monitoring:
        site.add_routes([web.get("/readyz", _readyz(monitoring, ticks))])
        if monitoring.metrics:
            site.add_routes([web.get("/metrics", _metrics(monitoring.metrics))])
    if calendar:
        site.add_routes([web.get("/calendar/{token:[0-9A-Za-z]+}.ics", _serving(calendar, ticks))])
    return site


def _answering_outages(lines: Throttle, longest: float) -> Middleware:
    """Answer while the store cannot be used: an outage is no error of each visit, which strangers may repeat.

    A store that does not answer is waited for in `longest` seconds, or longer by what may have changed something.
    """

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                return await handler(request)
            try:
                async with asyncio.timeout(longest):
                    return await handler(request)
            except TimeoutError as error:
                raise Outage(f"no answer in {longest} seconds") from error
        except Outage as error:
            lines.warning("a page cannot be shown now: %s", error)
            head, text = (_UNSURE, _LOOK_AGAIN) if error.is_unsure else (_AWAY, _NO_STORE_NOW)
            raise web.HTTPServiceUnavailable(reason=head, text=text, headers=safety.RETRY_AFTER) from error

    return answer


@dataclass(frozen=True, slots=True)
class Hosted:
    """The site of one coalition of several. `make` returns its pages, and raises an `Outage` while it is not open."""

    coalition: str
    make: Callable[[], Pages]


def by_host(sites: Mapping[str, Hosted], monitoring: Monitoring) -> web.Application:
    """Return the sites of several coalitions, each at its host alone; the pages for monitoring are at every host.

    `sites`: by host, with the port where the address names one, as browsers send it.
    """
    site = application((), monitoring=monitoring)
    site.router.register_resource(_Hosts(site, sites, monitoring))
    site.router.add_route("*", "/{path:.*}", _no_site)  # at another host, what is not for monitoring
    return site


class _Hosts(web_urldispatcher.MatchedSubAppResource):
    """The site of each host, made at its first request: aiohttp's own `add_domain` needs all of them at the start."""

    def __init__(self, outer: web.Application, sites: Mapping[str, Hosted], monitoring: Monitoring) -> None:
        super().__init__(web_urldispatcher.MaskDomain("*"), outer)
        self._sites = sites
        self._monitoring = monitoring
        self._made: dict[str, web.Application] = {}
        self._lines = Throttle(log, time.monotonic)  # strangers may ask as often as they like

    async def resolve(self, request: web.Request) -> tuple[web_urldispatcher.UrlMappingMatchInfo | None, set[str]]:
        host = (request.headers.get("Host") or "").lower()
        if host not in self._sites:
            return None, set()
        try:
            site = self._made.get(host) or await self._make(host)
        except Outage as error:
            self._lines.warning("the site of %s cannot be shown: %s", host, error)
            return web_urldispatcher.MatchInfoError(
                web.HTTPServiceUnavailable(text=_UNAVAILABLE, headers=safety.RETRY_AFTER)
            ), set()
        match = await site.router.resolve(request)
        match.add_app(site)
        wrong_method = match.http_exception
        return match, wrong_method.allowed_methods if isinstance(wrong_method, web.HTTPMethodNotAllowed) else set()

    async def _make(self, host: str) -> web.Application:
        hosted = self._sites[host]
        with journey.serve(hosted.coalition):
            pages = await for_people(hosted.make)
        site = application(*pages, monitoring=self._monitoring)
        site.middlewares.insert(0, _serving_for(hosted.coalition))
        site.freeze()
        return self._made.setdefault(host, site)  # another request may have made it meanwhile


def _serving_for(coalition: str) -> Middleware:
    @web.middleware
    async def serving(request: web.Request, handler: Handler) -> web.StreamResponse:
        with journey.serve(coalition):
            return await handler(request)

    return serving


async def _no_site(_: web.Request) -> web.Response:
    return web.Response(status=404, text=_NO_SITE)


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _readyz(monitoring: Monitoring, ticks: Callable[[], float]) -> Handler:
    turn = asyncio.Lock()
    checked_at = -math.inf
    latest: Sequence[str] = ()

    async def ready(_: web.Request) -> web.Response:
        nonlocal checked_at, latest
        async with turn:
            if ticks() - checked_at >= _CHECK_EVERY:
                latest = await for_people(monitoring.problems)
                checked_at = ticks()
        if latest:
            return web.Response(status=503, text=f"not ready: {', '.join(latest)}", headers=_NO_STORE)
        return web.Response(text=f"ready{monitoring.remark()}", headers=_NO_STORE)

    return ready


def _metrics(metrics: Figures) -> Handler:
    token, figures = metrics
    turn = asyncio.Lock()
    lines = Throttle(log, time.monotonic)

    async def page(request: web.Request) -> web.Response:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() != "bearer" or not safety.is_token(given, token):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer", **_NO_STORE})
        try:
            async with turn:
                body, kind = await for_people(figures)
        except CoalitionBotError as error:  # an outage of the database: monitoring asks every few seconds
            lines.warning("the figures cannot be read now: %s", error)
            return web.Response(status=503, text="not ready: store", headers=_NO_STORE)
        return web.Response(body=body, headers={"Content-Type": kind, **_NO_STORE})

    return page


def _serving(calendar: Calendar, ticks: Callable[[], float]) -> Handler:
    limit = safety.RateLimit(_CALENDARS, 60, ticks)

    async def subscribed(request: web.Request) -> web.Response:
        if not limit.allows(safety.visitor(request)):
            raise web.HTTPTooManyRequests
        data = await for_people(calendar, request.match_info["token"])
        if data is None:
            return web.Response(status=404)
        return web.Response(body=data, content_type="text/calendar", charset="utf-8", headers=_PRIVATE)

    return subscribed
