"""Slack's requests over HTTP, for hosts that are reachable from outside. Rejects unsigned, old and repeated ones.

This module checks the signature instead of Bolt, which answers 500 to a non-numeric time or a non-ASCII signature,
logs the body of a rejected request, and accepts the same request twice.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.chat.slack import incoming
from bot.chat.slack.incoming import Recent
from bot.chat.stopwatch import UNTIMED, Stopwatch
from bot.chat.web.listener import DEFAULT, Limits, trust
from bot.config.logs import Throttle

PATH: Final = "/slack/events"
_FRESH: Final = 300  # most seconds between a request's time and our clock
_TIME: Final = re.compile(r"[0-9]{1,12}")


def routes(
    app: AsyncApp,
    secret: str,
    *,
    clock: Callable[[], datetime],
    recent: Recent,
    lines: Throttle,
    limits: Limits = DEFAULT,
    acknowledging: Stopwatch = UNTIMED,
) -> list[web.RouteDef]:
    """Return the web site's route for Slack's requests. `lines`: limits the log lines that anyone can cause."""
    verifier = SignatureVerifier(secret)

    async def events(request: web.Request) -> web.Response:
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (signature and _fresh(stamp, clock())):
            return _refused(lines)
        try:
            async with asyncio.timeout(limits.body):
                raw = await request.read()
        except TimeoutError:
            lines.warning("A request whose body did not arrive in time was refused")
            return _closing(web.Response(status=408))
        if not _signed(verifier, raw, stamp, signature):
            return _refused(lines)
        trust(request)
        if not recent.first(signature):
            return web.Response()
        asked = _asked(raw, request)
        if asked is None:
            lines.warning("A signed request that is not one of Slack's was refused")
            return web.Response(status=400)
        with acknowledging.timed():
            return await to_aiohttp_response(await app.async_dispatch(asked))

    return [web.post(PATH, events)]


def _refused(lines: Throttle) -> web.Response:
    lines.warning("A request that Slack did not sign was refused")
    return _closing(web.Response(status=401))


def _closing(answer: web.Response) -> web.Response:
    """Close the connection: the rest of the request is not read."""
    answer.force_close()
    return answer


def _asked(raw: bytes, request: web.Request) -> AsyncBoltRequest | None:
    """The request for Bolt; None if the body is not in Slack's documented format."""
    try:
        asked = AsyncBoltRequest(body=raw.decode(), query=request.query_string, headers=dict(request.headers))
    except (ValueError, AttributeError, TypeError, LookupError):
        return None
    return asked if incoming.is_readable(asked.body) else None


def _fresh(stamp: str, now: datetime) -> bool:
    return bool(_TIME.fullmatch(stamp)) and abs(now.timestamp() - int(stamp)) <= _FRESH


def _signed(verifier: SignatureVerifier, raw: bytes, stamp: str, signature: str) -> bool:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    try:
        right = verifier.generate_signature(timestamp=stamp, body=raw)
    except UnicodeDecodeError:
        return False
    return right is not None and hmac.compare_digest(right.encode(), signature.encode("utf-8", "surrogateescape"))
