"""Slack's requests over HTTP, for hosts that are reachable from outside. Rejects unsigned, old and repeated ones.

Slack waits three seconds, and opening a coalition can take longer while its database restarts. So what is answered
with nothing (commands, button presses, events) is acknowledged first, from the coalition's settings alone.

This module checks the signature instead of Bolt, which answers 500 to a non-numeric time or a non-ASCII signature,
logs the body of a rejected request, and accepts the same request twice.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.chat.slack import incoming, render
from bot.chat.slack.answers import TROUBLE, Answers
from bot.chat.slack.incoming import Payload, Recent
from bot.chat.slack.sender import create_slack_client
from bot.chat.web.listener import DEFAULT, Limits, trust
from bot.chat.wording import UNAVAILABLE
from bot.config.logs import Throttle
from bot.config.settings import Settings
from bot.shared.errors import CoalitionBotError

if TYPE_CHECKING:
    from bot.chat.slack.frontend import SlackFrontend

log = logging.getLogger(__name__)

PATH: Final = "/slack/events"
_FRESH: Final = 300  # most seconds between a request's time and our clock
_TIME: Final = re.compile(r"[0-9]{1,12}")
_STOPPED: Final = (
    "The bot was stopped before it could open your coalition's data, so nothing was done. Try again in a few minutes."
)
_NOTING: Final = 0.5  # seconds; the acknowledgment waits no longer for a coalition that has to be opened
_GRACE: Final = 5.0  # seconds for answers in progress at shutdown
_UNANSWERED: Final = "a request from Slack cannot be answered, because the coalition cannot be opened: %s"


class Endpoint:
    """Where Slack sends one coalition's requests.

    `opened` returns the front end of the coalition, opened if needed; it raises a `CoalitionBotError` while that is not
    possible. `ticks` is a monotonic clock in seconds.
    """

    def __init__(
        self,
        settings: Settings,
        opened: Callable[[], Awaitable[SlackFrontend]],
        *,
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
        limits: Limits = DEFAULT,
    ) -> None:
        assert settings.slack_signing_secret is not None
        self._settings = settings
        self._verifier = SignatureVerifier(settings.slack_signing_secret.get_secret_value())
        self._opened = opened
        self._clock = clock
        self._ticks = ticks
        self._recent = Recent(ticks)
        self._lines = Throttle(log, ticks)  # anyone can cause them
        self._limits = limits
        self._at_work: set[asyncio.Task[None]] = set()
        self._opening: set[asyncio.Future[SlackFrontend]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return the web site's route for Slack's requests."""
        return [web.post(PATH, self._receive)]

    async def finish(self) -> None:
        """Let what was acknowledged end at the stop. Who waits for the coalition to be opened gets a message."""
        for opening in self._opening:
            opening.cancel()
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=_GRACE)

    async def _receive(self, request: web.Request) -> web.Response:
        arrived = self._ticks()
        asked = await self._read(request)
        if isinstance(asked, web.Response):
            return asked
        if incoming.is_answered_empty(asked.body):
            return await self._acknowledge(request, asked, arrived)
        return await self._answer(asked, arrived)

    async def _read(self, request: web.Request) -> AsyncBoltRequest | web.Response:
        """Return what Slack sent, or the answer to what it did not send or has sent before."""
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (signature and _fresh(stamp, self._clock())):
            return _refused(self._lines)
        try:
            async with asyncio.timeout(self._limits.body):
                raw = await request.read()
        except TimeoutError:
            self._lines.warning("A request whose body did not arrive in time was refused")
            return _closing(web.Response(status=408))
        if not _signed(self._verifier, raw, stamp, signature):
            return _refused(self._lines)
        trust(request)
        if not self._recent.first(signature):
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
        """Handle what is acknowledged at once, and return when it is answered.

        `noted` is set once the front end acknowledges it: from then on it is answered even if the program ends.
        """
        opening = asyncio.ensure_future(self._opened())
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            frontend = await opening
        except asyncio.CancelledError:
            await self._say_why(asked.body, _STOPPED)
        except CoalitionBotError as error:
            self._lines.warning(_UNANSWERED, error)
            await self._say_why(asked.body, UNAVAILABLE)
        except Exception:
            log.exception("A request from Slack failed")
            await self._say_why(asked.body, UNAVAILABLE)
        else:
            await frontend.app.async_dispatch(asked)
            noted.set()
            frontend.acknowledging.observe(self._ticks() - arrived)
            await frontend.finish()  # it may have been opened for this request alone

    async def _answer(self, asked: AsyncBoltRequest, arrived: float) -> web.Response:
        """Return an answer that has content, which only the opened coalition can give."""
        try:
            frontend = await self._opened()
        except CoalitionBotError as error:
            self._lines.warning(_UNANSWERED, error)
            return web.Response(status=503)  # Slack should leave the form open (verified: no)
        answer = await to_aiohttp_response(await frontend.app.async_dispatch(asked))
        frontend.acknowledging.observe(self._ticks() - arrived)
        return answer

    async def _say_why(self, body: Payload, why: str) -> None:
        """Tell the person why nothing was done."""
        asked, content = incoming.asked(body), render.refusal(why)
        if not incoming.is_person(asked, body):
            return
        answers = Answers(create_slack_client(self._settings))
        with suppress(*TROUBLE):
            if asked.back.at_home:
                await answers.publish(asked, render.home(content))
            else:
                await answers.say(asked, content)


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
