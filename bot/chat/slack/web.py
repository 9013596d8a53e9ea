"""Slack's requests over HTTP, for hosts that can be reached from outside. Nothing unsigned, old or repeated gets in.

The signature is looked at here and not by Bolt, which answers 500 to a time that is no number or a signature that is
not ASCII, writes the body of a refused request into the log, and takes the same request twice.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.chat.slack.recent import Recent

log = logging.getLogger(__name__)

PATH: Final = "/slack/events"
Calendar = Callable[[str], bytes | None]  # the calendar's file for who knows the secret in its address
_FRESH: Final = 300  # seconds that a request may be off our clock
_LARGEST: Final = 1_000_000  # bytes: a form of Slack's has at most 250 kB
_TIME: Final = re.compile(r"[0-9]{1,12}")


def site(
    app: AsyncApp, secret: str, *, clock: Callable[[], datetime], recent: Recent, calendar: Calendar | None = None
) -> web.Application:
    """The web application: Slack's requests at `PATH`, `/healthz` for the host, the calendar at its secret address."""
    verifier = SignatureVerifier(secret)

    async def events(request: web.Request) -> web.Response:
        raw = await request.read()
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _genuine(verifier, raw, stamp, signature, clock()):
            log.warning("A request that Slack did not sign was refused")
            return web.Response(status=401)
        if not recent.first(signature):
            return web.Response()
        asked = AsyncBoltRequest(body=raw.decode(), query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await app.async_dispatch(asked))

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    application = web.Application(client_max_size=_LARGEST)
    application.add_routes([web.post(PATH, events), web.get("/healthz", healthz)])
    if calendar:
        application.add_routes([web.get("/calendar/{token:[0-9A-Za-z]+}.ics", _serving(calendar))])
    return application


def _serving(calendar: Calendar) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def subscribed(request: web.Request) -> web.Response:
        data = await asyncio.to_thread(calendar, request.match_info["token"])
        if data is None:
            return web.Response(status=404)
        private = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
        return web.Response(body=data, content_type="text/calendar", charset="utf-8", headers=private)

    return subscribed


async def serve(site: web.Application, host: str | None, port: int, stop: asyncio.Event) -> None:
    """Serve until `stop` is set. Raises `OSError` when the port is taken."""
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await stop.wait()
    finally:
        await runner.cleanup()


def _genuine(verifier: SignatureVerifier, raw: bytes, stamp: str, signature: str, now: datetime) -> bool:
    """Signed by Slack, and just now: https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    if not _TIME.fullmatch(stamp) or abs(now.timestamp() - int(stamp)) > _FRESH:
        return False
    try:
        right = verifier.generate_signature(timestamp=stamp, body=raw)
    except UnicodeDecodeError:
        return False
    return right is not None and hmac.compare_digest(right.encode(), signature.encode("utf-8", "surrogateescape"))
