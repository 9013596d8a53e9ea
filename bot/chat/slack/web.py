"""Slack's requests over HTTP, for hosts that are reachable from outside. Rejects unsigned, old and repeated ones.

Slack waits three seconds, and a database that restarts can take longer to note who waits for an answer. So what is
answered with nothing (commands, button presses, events) is acknowledged half a second after it came at the latest.

This module checks the signature instead of Bolt, which answers 500 to a non-numeric time or a non-ASCII signature,
logs the body of a rejected request, and accepts the same request twice.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.chat.slack import incoming
from bot.chat.web.listener import DEFAULT, Limits, trust
from bot.config.logs import Throttle
from bot.config.settings import Settings

if TYPE_CHECKING:
    from bot.chat.slack.frontend import SlackFrontend

log = logging.getLogger(__name__)

PATH: Final = "/slack/events"
_FRESH: Final = 300  # most seconds between a request's time and our clock
_TIME: Final = re.compile(r"[0-9]{1,12}")
_NOTING: Final = 0.5  # seconds; the acknowledgment waits no longer for the database


@dataclass(eq=False, repr=False)
class Endpoint:
    """Where Slack sends one coalition's requests. `ticks` is a monotonic clock in seconds."""

    settings: Settings
    frontend: SlackFrontend
    _: KW_ONLY
    clock: Callable[[], datetime]
    ticks: Callable[[], float]
    limits: Limits = DEFAULT

    def __post_init__(self) -> None:
        assert self.settings.slack_signing_secret is not None
        self._verifier = SignatureVerifier(self.settings.slack_signing_secret.get_secret_value())
        self._seen = incoming.Seen(self.ticks)
        self._lines = Throttle(log, self.ticks)  # anyone can cause them
        self._at_work: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return the web site's route for Slack's requests."""
        return [web.post(PATH, self._receive)]

    async def _receive(self, request: web.Request) -> web.Response:
        arrived = self.ticks()
        asked = await self._read(request)
        if isinstance(asked, web.Response):
            return asked
        if asked.body.get("type") in (None, "block_actions", "event_callback"):  # a command has no type
            return await self._acknowledge(request, asked, arrived)
        answer = await to_aiohttp_response(await self.frontend.app.async_dispatch(asked))
        self.frontend.observe_ack(self.ticks() - arrived)
        return answer

    async def _read(self, request: web.Request) -> AsyncBoltRequest | web.Response:
        """Return what Slack sent, or the answer to what it did not send or has sent before."""
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        is_fresh = _TIME.fullmatch(stamp) and abs(self.clock().timestamp() - int(stamp)) <= _FRESH
        if not (signature and is_fresh):
            return _refused(self._lines)
        try:
            async with asyncio.timeout(self.limits.body):
                raw = await request.read()
        except TimeoutError:
            self._lines.warning("A request whose body did not arrive in time was refused")
            return _closing(web.Response(status=408))
        if not _signed(self._verifier, raw, stamp, signature):
            return _refused(self._lines)
        trust(request)
        if not self._seen.first(signature):
            return web.Response()
        asked = _asked(raw, request)
        if asked is None:
            self._lines.warning("A signed request that is not one of Slack's was refused")
            return web.Response(status=400)
        return asked

    async def _acknowledge(self, request: web.Request, asked: AsyncBoltRequest, arrived: float) -> web.Response:
        answer, noted = web.Response(), asyncio.Event()
        work = asyncio.create_task(self._handle(asked, noted, arrived))
        self._at_work.add(work)
        work.add_done_callback(self._at_work.discard)
        with suppress(TimeoutError):
            async with asyncio.timeout(_NOTING):
                await noted.wait()
        with suppress(ConnectionError):  # Slack may have given up; the person still gets an answer
            await answer.prepare(request)
            await answer.write_eof()
        return answer

    async def _handle(self, asked: AsyncBoltRequest, noted: asyncio.Event, arrived: float) -> None:
        """Hand on what is acknowledged at once. `noted` is set once the front end has: from then on it is answered even
        if the program ends.
        """
        await self.frontend.app.async_dispatch(asked)
        noted.set()
        self.frontend.observe_ack(self.ticks() - arrived)


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


def _signed(verifier: SignatureVerifier, raw: bytes, stamp: str, signature: str) -> bool:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    try:
        right = verifier.generate_signature(timestamp=stamp, body=raw)
    except UnicodeDecodeError:
        return False
    return right is not None and hmac.compare_digest(right.encode(), signature.encode("utf-8", "surrogateescape"))
