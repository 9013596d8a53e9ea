"""Discord's postman, by REST alone: it needs no gateway, so alerts go out while that is down.

A nonce derived from the message makes posting idempotent for the few minutes that Discord remembers it. Later, our
mark in the footer of the message is looked for in the channel's history.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import aiohttp
import discord
from discord.http import Route

from bot.card import Card
from bot.chat.network import failed
from bot.config.settings import Settings
from bot.outbox.model import Ambiguous, CannotTell, Delivered, Found, NotFound, Outcome, Parcel, Rejected, RetryAt

log = logging.getLogger(__name__)

# Discord says "the past few minutes" and no more (discord/discord-api-docs, resources/message).
NONCE_REMEMBERED: Final = timedelta(minutes=2)
CLOCKS_APART: Final = timedelta(minutes=10)  # how far this host's clock may be off Discord's
# Longer pauses go through the outbox, which remembers them over a restart.
_LONGEST_PAUSE: Final = 5.0
_PAGES: Final = 10  # of history; more was said since than a look can cover
_PAGE: Final = 100
_BAD_TOKEN: Final = Rejected(
    "Discord does not know this token: put the bot's current token into the settings", scope="platform"
)
_GONE: Final = (10008, 50005)  # of a message to be changed: unknown, written by another user
_MARKED: Final = re.compile(r"#([a-z2-7]{10})$")


class Render(Protocol):
    """bot.chat.discord.render.message"""

    def __call__(self, card: Card, today: Any, *, short: bool = False, may_repeat: bool = False) -> dict[str, Any]: ...


def create_discord_client(settings: Settings) -> discord.Client:
    """A client for REST calls: no mentions. Does no I/O; call it inside a running loop."""
    Route.BASE = settings.discord_api_url.rstrip("/")
    # Intents are the gateway's, which is not opened; without `guilds` discord.py logs a warning at every start.
    client = discord.Client(intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
    # As an option discord.py raises it to at least 30 s, which is longer than a send may take.
    client.http.max_ratelimit_timeout = _LONGEST_PAUSE
    return client


class DiscordCourier:
    """`connect` makes a client that is not logged in yet; `zone` is the coalition's, for the day cards count from."""

    platform = "discord"

    def __init__(
        self,
        connect: Callable[[], discord.Client],
        token: str,
        render: Render,
        *,
        clock: Callable[[], datetime],
        zone: tzinfo,
    ) -> None:
        self._connect = connect
        self._token = token
        self._render = render
        self._clock = clock
        self._zone = zone
        self._client: discord.Client | None = None
        self._logging_in = asyncio.Lock()

    async def send(self, parcel: Parcel) -> Outcome:
        outcome = await self._post(parcel, short=False)
        if isinstance(outcome, Rejected) and outcome.scope == "message":
            return await self._post(parcel, short=True)
        return outcome

    async def edit(self, parcel: Parcel) -> Outcome:
        return await self.send(parcel)

    async def find(self, parcel: Parcel) -> Found | NotFound | CannotTell | RetryAt | Rejected:
        """Look for our mark, unless Discord still remembers the nonce: then posting again is safe by itself."""
        assert parcel.attempted_at is not None
        if timedelta(0) <= self._clock() - parcel.attempted_at <= NONCE_REMEMBERED:
            return NotFound()
        after = discord.utils.time_snowflake(parcel.attempted_at - CLOCKS_APART)
        try:
            client = await self._logged_in()
            for _ in range(_PAGES):
                page = await client.http.logs_from(int(parcel.channel.address), _PAGE, after=after)
                for said in page:
                    if _mark_of(said) == parcel.mark[:10]:
                        return Found(str(said["id"]))
                if len(page) < _PAGE:
                    return NotFound()
                after = max(int(said["id"]) for said in page)
        except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken answer makes it trip over
            return self._unread(error)
        return CannotTell("too much was said in the channel since")

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _post(self, parcel: Parcel, *, short: bool) -> Outcome:
        today = self._clock().astimezone(self._zone).date()
        try:
            body = _addressed(self._render(parcel.card, today, short=short, may_repeat=parcel.may_repeat), parcel)
        except Exception as error:  # noqa: BLE001 - whatever a renderer trips over is a fault of this one message
            return Rejected(f"the message cannot be rendered: {type(error).__name__}")
        try:
            client = await self._logged_in()
            answer = await client.http.request(_route(parcel), json=body)
        except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken answer makes it trip over
            return self._outcome(error)
        if not isinstance(answer, dict) or "id" not in answer:
            return Ambiguous("not an answer of Discord's: is there a proxy or a login page between?")
        return Delivered(str(answer["id"]))

    async def _logged_in(self) -> discord.Client:
        """Proves the token once, at the first message. A client that failed to log in cannot be used again."""
        async with self._logging_in:
            if self._client is None:
                client = self._connect()
                try:
                    await client.login(self._token)
                except BaseException:
                    await client.close()
                    raise
                self._client = client
            return self._client

    def _outcome(self, error: Exception) -> Outcome:
        match error:
            case discord.RateLimited():
                return RetryAt("Discord asks for a pause", self._clock() + timedelta(seconds=error.retry_after))
            case discord.LoginFailure():
                return _BAD_TOKEN
            case discord.HTTPException():
                return self._refused(error)
            case aiohttp.ClientError() | OSError():
                return failed(error, urlsplit(Route.BASE).hostname or "Discord")
            case _:
                log.error("discord.py stumbled over an answer", exc_info=error)
                return Ambiguous(
                    f"discord.py stumbled over Discord's answer ({type(error).__name__}); the log has more"
                )

    def _refused(self, error: discord.HTTPException) -> Outcome:
        """`code` is Discord's own, 0 in an answer that came from something in front of Discord."""
        if error.status == 401:
            return _BAD_TOKEN
        if error.status == 429:
            return RetryAt("Discord's front door asks for a pause", self._after(error))
        if error.status >= 500:
            return Ambiguous(f"Discord had trouble of its own ({error.status})")
        if error.code and error.status in (403, 404) and error.code not in _GONE:
            return Rejected(f"Discord refuses the channel: {error.text} ({error.code})", scope="channel")
        if error.code and error.status in (400, 403, 404):
            return Rejected(f"Discord finds fault with its form, even when shortened: {error.text} ({error.code})")
        return RetryAt(f"refused with status {error.status}, by Discord or something in front of it")

    def _unread(self, error: Exception) -> CannotTell | RetryAt | Rejected:
        """Why the history could not be read. Where only reading is forbidden, there is nothing to wait for."""
        outcome = self._outcome(error)
        match outcome:
            case Rejected(scope="platform") | RetryAt():
                return outcome
            case Ambiguous(why):
                return RetryAt(why)
            case _:
                return CannotTell("the channel's history cannot be read: the bot lacks Read Message History there")

    def _after(self, error: discord.HTTPException) -> datetime:
        try:
            seconds = float(error.response.headers.get("Retry-After", 60))
        except ValueError:
            seconds = 60
        return self._clock() + timedelta(seconds=seconds)


def _route(parcel: Parcel) -> Route:
    if parcel.edits is None:
        return Route("POST", "/channels/{channel_id}/messages", channel_id=parcel.channel.address)
    ids = {"channel_id": parcel.channel.address, "message_id": parcel.edits}
    return Route("PATCH", "/channels/{channel_id}/messages/{message_id}", **ids)


def _addressed(body: dict[str, Any], parcel: Parcel) -> dict[str, Any]:
    """The rendered message with its nonce, its mark in the last footer, and the message it replies to."""
    *others, last = body.get("embeds") or [{}]
    text = " · ".join(filter(None, (last.get("footer", {}).get("text"), f"#{parcel.mark[:10]}")))
    body |= {
        "embeds": [*others, last | {"footer": {"text": text}}],
        "allowed_mentions": {"parse": [], "replied_user": False},
    }
    if parcel.edits is not None:
        return body
    body |= {"nonce": parcel.mark, "enforce_nonce": True}
    if parcel.reply_to is not None:
        body["message_reference"] = {"message_id": parcel.reply_to, "fail_if_not_exists": False}
    return body


def _mark_of(message: Any) -> str | None:
    embeds = message.get("embeds") or [{}]
    found = _MARKED.search((embeds[-1].get("footer") or {}).get("text", ""))
    return found[1] if found else None
