"""The one web site of a running bot. Each part contributes its routes: Slack its events, the board its pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.chat.web import listener, safety
from bot.chat.web.listener import DEFAULT, Limits
from bot.config.logs import Throttle

Route = web.AbstractRouteDef
Calendar = Callable[[str], bytes | None]  # the calendar, for anyone who knows the secret in its address

_PRIVATE: Final = {"Cache-Control": "private, no-cache"}


class Site:
    """Serves `routes` at `host` and `port` (0: any free one). `ticks` is a monotonic clock in seconds."""

    def __init__(
        self,
        routes: Iterable[Route],
        host: str,
        port: int,
        *,
        ticks: Callable[[], float],
        calendar: Calendar | None = None,
        middleware: Middleware | None = None,
    ) -> None:
        self._routes = tuple(routes)
        self._middleware = middleware
        self._where = host, port
        self._calendar = calendar
        self._lines = Throttle(logging.getLogger(__name__), ticks)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set. Raises `OSError` if the address cannot be used."""
        site = application(self._routes, calendar=self._calendar, middleware=self._middleware)
        await listener.serve(site, *self._where, stop, self._lines)


def application(
    routes: Iterable[Route],
    *,
    calendar: Calendar | None = None,
    middleware: Middleware | None = None,
    limits: Limits = DEFAULT,
) -> web.Application:
    """Return the site: `routes`, `/healthz` for the host, and the calendar at its secret address."""
    site = web.Application(client_max_size=limits.size, middlewares=[middleware] if middleware else [])
    site.on_response_prepare.append(safety.add_headers)
    site.add_routes([*routes, web.get("/healthz", _healthz)])
    if calendar:
        site.add_routes([web.get("/calendar/{token:[0-9A-Za-z]+}.ics", _serving(calendar))])
    return site


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _serving(calendar: Calendar) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def subscribed(request: web.Request) -> web.Response:
        data = await asyncio.to_thread(calendar, request.match_info["token"])
        if data is None:
            return web.Response(status=404)
        return web.Response(body=data, content_type="text/calendar", charset="utf-8", headers=_PRIVATE)

    return subscribed
