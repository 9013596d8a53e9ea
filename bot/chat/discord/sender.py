"""Post to Discord over REST only: alerts go out while the gateway is down.

A nonce derived from the message makes posting idempotent for the few minutes that Discord remembers it. After that we
search the channel's history for our mark in the message's footer. Files are posted in the same request.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta, tzinfo
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import discord
from discord.http import Route

from bot.chat.discord import incoming
from bot.chat.platform import CLOCKS_APART, TOO_MUCH, Render, TooMuch, failed, retry_at
from bot.chat.wording import ALT, file_name
from bot.commands.model import File
from bot.config.settings import Settings
from bot.outbox.model import (
    Ambiguous,
    CannotTell,
    Channel,
    Delivered,
    Found,
    NotFound,
    Outcome,
    Outgoing,
    PostedMessage,
    Rejected,
    RetryAt,
    alphanumeric,
)
from bot.shared.plain_text import short_hash
from bot.shared.wording import dotted

log = logging.getLogger(__name__)
# The bot has no voice: stop discord.py from warning at each start that the voice libraries are missing.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

# Discord says "the past few minutes" and no more (discord/discord-api-docs, resources/message).
NONCE_REMEMBERED: Final = timedelta(minutes=2)
_NONCE: Final = 24  # characters of 25
_PAGES: Final = 10  # of history; a search reads no more than this
_ALL_PAGES: Final = 50  # all that is read after a restore
_PAGE: Final = 100
NOT_OURS: Final = "the channel is not in this coalition's server (DISCORD_GUILD_ID)"
_BAD_TOKEN: Final = Rejected(
    "Discord rejected the token: set DISCORD_BOT_TOKEN to the bot's current token", scope="platform"
)
_GONE, _FIXED = 10008, 50005  # when a message is edited: unknown, written by another user
_TOO_LARGE: Final = 413
_TOO_FAST: Final = 40003  # opening direct messages
_ARCHIVED: Final = 50083  # a new message opens such a thread again, an edit does not
_LOCKED_THREAD: Final = "the thread is locked: unlock it, or give the bot the permission Manage Threads"
# Of direct messages and threads: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_BLOCKED: Final = {
    50007: "they do not accept direct messages from the bot",
    50278: "they no longer share a server with the bot",
    10013: "Discord has no user with that id",
    _ARCHIVED: _LOCKED_THREAD,
    160005: _LOCKED_THREAD,
    160006: "the server has as many active threads as Discord allows: close some",
}
_MARKED: Final = re.compile(r"#([a-z2-7]{10})$")
# Longer pauses go through the outbox, which remembers them after a restart.
_LONGEST_PAUSE: Final = 5.0
# Requests a second for each token; Discord allows 50, answers to interactions not counted
# (discord/discord-api-docs, topics/rate-limits).
_A_SECOND: Final = 45
# For so long no sender tries a token again that Discord rejected: it bans addresses that go on.
_REFUSED: Final = timedelta(minutes=1)
_LINK: Final = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\((https?://[^\s)]+)\)")


@dataclass(eq=False, repr=False)
class DiscordSender:
    """`zone`: for the day from which cards count; `guild`: the only server whose channels it posts to, "" for any."""

    platform = "discord"
    deadline = None

    rest: Rest
    render: Render
    _: KW_ONLY
    clock: Callable[[], datetime]
    zone: tzinfo
    guild: str = ""

    def __post_init__(self) -> None:
        self._tag = incoming.tag(self.guild)
        self._ours: set[str] = set()  # channels of our server
        self._opened: dict[str, str] = {}  # user → their direct messages

    async def send(self, outgoing: Outgoing) -> Outcome:
        where = await self._open(outgoing.channel)
        if not isinstance(where, str):
            return where
        outcome = await self._post(outgoing, where, short=False)
        if isinstance(outcome, Rejected) and outcome.scope == "message":
            outcome = await self._post(outgoing, where, short=True)
        if isinstance(outcome, Delivered):
            await self._pin(outgoing, where, outcome.ref)
        return outcome

    async def _pin(self, outgoing: Outgoing, where: str, ref: str) -> None:
        """Pin a message that is kept pinned. Without the permission Pin Messages it is posted all the same."""
        if not outgoing.card.pinned or outgoing.edits:
            return
        try:
            await (await self.rest.client(self)).http.pin_message(where, ref)
        except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken answer makes it trip over
            log.info("Discord did not pin the card (%s); pin it by hand", error)

    async def edit(self, outgoing: Outgoing) -> Outcome:
        return await self.send(outgoing)

    async def find(self, outgoing: Outgoing) -> Found | NotFound | CannotTell | RetryAt | Rejected:
        """Search for our mark. If the history cannot be read, posting again is safe while Discord has the nonce.

        The nonce alone is not enough: once the clock was set back, an old attempt looks like a recent one.
        """
        assert outgoing.attempted_at is not None
        where = await self._open(outgoing.channel)
        if not isinstance(where, str):
            return where
        outcome: NotFound | CannotTell | RetryAt | Rejected = NotFound()
        try:
            async for message in self._messages(where, outgoing.attempted_at, _PAGES):
                if _mark_of(message) == outgoing.mark[:10]:
                    await self._pin(outgoing, where, str(message["id"]))
                    return Found(str(message["id"]))
        except TooMuch:
            outcome = TOO_MUCH
        except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken answer makes it trip over
            outcome = self._unread(error)
        recent = timedelta(0) <= self.clock() - outgoing.attempted_at <= NONCE_REMEMBERED
        return NotFound() if isinstance(outcome, CannotTell) and recent else outcome

    async def read_history(
        self, channel: Channel, since: datetime
    ) -> tuple[PostedMessage, ...] | CannotTell | RetryAt | Rejected:
        if self.guild and channel.person:  # one channel with the application, for all coalitions that share it
            return CannotTell("other coalitions write to this person there, too")
        where = await self._open(channel)
        if not isinstance(where, str):
            return where
        try:
            messages = self._messages(where, since, _ALL_PAGES)
            return tuple([ours async for message in messages for ours in _ours(message)])
        except TooMuch:
            return TOO_MUCH
        except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken answer makes it trip over
            return self._unread(error)

    async def _messages(self, where: str, since: datetime, pages: int) -> AsyncIterator[Any]:
        """Our messages since then. Raises `TooMuch` after that many pages, and what discord.py raises."""
        client = await self.rest.client(self)
        after = discord.utils.time_snowflake(since - CLOCKS_APART)
        for _ in range(pages):
            page = list(await client.http.logs_from(int(where), _PAGE, after=after))
            for message in page:
                if client.user and message["author"]["id"] == str(client.user.id):  # others can write our mark
                    yield message
            if len(page) < _PAGE:
                return
            after = max(int(message["id"]) for message in page)
        raise TooMuch

    async def close(self) -> None:
        await self.rest.close(self)

    async def _open(self, channel: Channel) -> str | RetryAt | Rejected:
        """The channel id to post to; for a person their direct messages, which can be opened any number of times."""
        if not channel.person:
            return await self._own(channel.address)
        if channel.address not in self._opened:
            try:
                client = await self.rest.client(self)
                answer = await client.http.start_private_message(channel.address)
                self._opened[channel.address] = str(answer["id"])
            except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken answer makes it trip over
                return self._unopened(error)
        return self._opened[channel.address]

    async def _own(self, address: str) -> str | RetryAt | Rejected:
        """The channel id, if it is in our server. Another coalition's server may have the same application."""
        if self.guild and address not in self._ours:
            try:
                client = await self.rest.client(self)
                guild: Any = (await client.http.get_channel(address)).get("guild_id")
            except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken answer makes it trip over
                return self._unopened(error)
            if str(guild) != self.guild:
                return Rejected(NOT_OURS, scope="channel")
            self._ours.add(address)
        return address

    async def _post(self, outgoing: Outgoing, where: str, *, short: bool) -> Outcome:
        today = self.clock().astimezone(self.zone).date()
        try:
            rendered = self.render(outgoing.card, today, short=short, may_repeat=outgoing.may_repeat)
            body = self._addressed(incoming.tagged(rendered, self._tag), outgoing)
        except Exception as error:  # noqa: BLE001 - whatever a renderer trips over is a fault of this one message
            return Rejected(f"the message cannot be rendered: {type(error).__name__}")
        try:
            client = await self.rest.client(self)
            route = Route("POST", "/channels/{channel_id}/messages", channel_id=where)  # after it set the base address
            if outgoing.edits is not None:
                path = "/channels/{channel_id}/messages/{message_id}"
                route = Route("PATCH", path, channel_id=where, message_id=outgoing.edits)
            try:
                answer = await client.http.request(route, **content(body, outgoing.files))
            except discord.HTTPException as error:
                if error.code != _ARCHIVED:
                    raise
                with suppress(discord.Forbidden):  # locked: the request fails as before
                    await client.http.edit_channel(where, archived=False)
                answer = await client.http.request(route, **content(body, outgoing.files))
        except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken answer makes it trip over
            return self._outcome(error)
        if not isinstance(answer, dict) or "id" not in answer:
            return Ambiguous("the answer is not from Discord: is there a proxy or a login page in between?")
        return Delivered(str(answer["id"]))

    def _addressed(self, body: dict[str, Any], outgoing: Outgoing) -> dict[str, Any]:
        """The rendered message with its nonce, its mark in the last footer, and the message it replies to."""
        *others, last = body.get("embeds") or [{}]
        text = dotted(last.get("footer", {}).get("text"), f"#{outgoing.mark[:10]}")
        body |= {
            "embeds": [*others, last | {"footer": {"text": text}}],
            "allowed_mentions": {"parse": [], "replied_user": False},
        }
        if outgoing.files:
            body["attachments"] = [attachment(n, file) for n, file in enumerate(outgoing.files)]
        if outgoing.edits is not None:
            return body
        # Discord compares the nonces of an application in all servers, where coalitions may have the same channel and
        # news, so the server's whole id is part of it; two servers may have the same tag of four characters.
        nonce = short_hash(f"{self.guild}\n{outgoing.mark}", _NONCE) if self.guild else outgoing.mark[:_NONCE]
        body |= {"nonce": nonce, "enforce_nonce": True}
        if outgoing.reply_to is not None:
            body["message_reference"] = {"message_id": outgoing.reply_to, "fail_if_not_exists": False}
        return body

    def _unopened(self, error: Exception) -> RetryAt | Rejected:
        """The outcome if opening the channel failed: nothing was posted yet, so a retry is safe."""
        if isinstance(error, discord.HTTPException) and error.code == _TOO_FAST:
            return RetryAt("Discord's rate limit was reached", retry_at(error.response.headers, self.clock(), 60))
        match self._outcome(error):
            case Rejected(why, scope="message"):
                return Rejected(why, scope="channel")
            case Ambiguous(why):
                return RetryAt(why)
            case outcome:
                return outcome

    def _outcome(self, error: Exception) -> RetryAt | Rejected | Ambiguous:
        match error:
            case discord.RateLimited():
                return RetryAt("Discord's rate limit was reached", self.clock() + timedelta(seconds=error.retry_after))
            case discord.LoginFailure() | discord.HTTPException(status=401):
                self.rest.refused()
                return _BAD_TOKEN
            case discord.HTTPException(status=429):
                at = retry_at(error.response.headers, self.clock(), 60)
                return RetryAt("Cloudflare's rate limit for Discord was reached", at)
            case discord.HTTPException():
                return _refused(error)
            case aiohttp.ClientError() | OSError():
                return failed(error, urlsplit(Route.BASE).hostname or "Discord")
            case _:
                log.error("discord.py could not process an answer", exc_info=error)
                return Ambiguous(
                    f"discord.py could not process Discord's answer ({type(error).__name__}); the log has details"
                )

    def _unread(self, error: Exception) -> CannotTell | RetryAt | Rejected:
        """Why the history could not be read. If only reading is forbidden, waiting does not help."""
        outcome = self._outcome(error)
        match outcome:
            case Rejected(scope="platform") | RetryAt():
                return outcome
            case Ambiguous(why):
                return RetryAt(why)
            case _:
                return CannotTell(
                    "the channel's history cannot be read: the bot lacks the permission Read Message History there"
                )


def _refused(error: discord.HTTPException) -> RetryAt | Rejected | Ambiguous:
    """The outcome of an error. `code` is Discord's; it is 0 if a proxy in front of Discord answered."""
    if error.status >= 500:
        return Ambiguous(f"Discord failed ({error.status})")
    if error.status == _TOO_LARGE:
        return Rejected("Discord rejects its files as too large (the usual limit is 10 MiB each)")
    if error.code in _BLOCKED:
        return Rejected(f"{_BLOCKED[error.code]} ({error.code})", scope="channel")
    if error.code and error.status in (403, 404) and error.code not in (_GONE, _FIXED):
        return Rejected(f"Discord refuses the channel: {error.text} ({error.code})", scope="channel")
    if error.code and error.status in (400, 403, 404):
        why = f"Discord rejects its content, even shortened: {error.text} ({error.code})"
        return Rejected(why, scope="gone" if error.code == _GONE else "message")
    return RetryAt(f"rejected with status {error.status}, by Discord or something in front of it", unknown=True)


def attachment(number: int, file: File) -> dict[str, Any]:
    """An uploaded file as a message names it, with a picture's text."""
    described = {"description": file.alt[:ALT]} if file.alt else {}
    return {"id": number, "filename": file_name(file.name), **described}


def content(body: Mapping[str, Any], files: Sequence[File]) -> dict[str, Any]:
    """The body of a request: JSON, or with files a multipart form. Discord posts all of it or nothing."""
    if not files:
        return {"json": body}
    uploads = [discord.File(BytesIO(file.data), filename=file_name(file.name)) for file in files]
    form: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body)}]
    form += [
        {"name": f"files[{n}]", "value": upload.fp, "filename": upload.filename, "content_type": file.media_type}
        for n, (upload, file) in enumerate(zip(uploads, files, strict=True))
    ]
    return {"form": form, "files": uploads}


def _mark_of(message: Any) -> str | None:
    embeds = message.get("embeds") or [{}]
    match = _MARKED.search((embeds[-1].get("footer") or {}).get("text", ""))
    return match[1] if match else None


def _ours(message: Mapping[str, Any]) -> Iterator[PostedMessage]:
    if mark := _mark_of(message):
        text = " ".join((message.get("content", ""), *_texts(message.get("embeds", []))))
        yield PostedMessage(
            mark=mark,
            ref=str(message["id"]),
            at=discord.utils.snowflake_time(int(message["id"])),
            words=alphanumeric(_LINK.sub(lambda link: link[1], text)),
            links=tuple(dict.fromkeys(link[2] for link in _LINK.finditer(text))),
        )


def _texts(embeds: list[Mapping[str, Any]]) -> Iterator[str]:
    for embed in embeds:
        yield embed.get("title", "")
        yield embed.get("description", "")
        for field in embed.get("fields", ()):
            yield f"{field.get('name', '')} {field.get('value', '')}"


def create_discord_client(settings: Settings) -> discord.Client:
    """A client for REST calls: no mentions. Does no I/O; call it inside a running loop."""
    Route.BASE = settings.discord_api_url.rstrip("/")
    # Intents are the gateway's, which is not opened; without `guilds` discord.py logs a warning at every start.
    client = discord.Client(intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
    # As an option discord.py raises it to at least 30 s, which is longer than a send may take.
    client.http.max_ratelimit_timeout = _LONGEST_PAUSE
    return client


class Rest:
    """Gives out the client, logged in at the first request. discord.py paces requests of one route by itself."""

    def __init__(self, connect: Callable[[], discord.Client], token: str, clock: Callable[[], datetime]) -> None:
        self._connect = connect
        self._token = token
        self._clock = clock
        self._client: discord.Client | None = None
        self._users: set[object] = set()
        self._logging_in = asyncio.Lock()
        self._free_at = 0.0  # on the loop's monotonic clock
        self._refused_at: datetime | None = None

    async def client(self, user: object) -> discord.Client:
        """Return the client when the next request may be sent. `user`: who will `close` it.

        Raises `discord.RateLimited` if that takes too long, `discord.LoginFailure` while the token counts as rejected,
        and what logging in raises. A client that failed to log in cannot be used again.
        """
        if self._counts_as_rejected():
            raise discord.LoginFailure
        self._users.add(user)
        async with self._logging_in:
            if self._client is None:
                client = self._connect()
                try:
                    await client.login(self._token)
                except BaseException:
                    await client.close()
                    raise
                self._client = client
        now = asyncio.get_running_loop().time()
        starts = max(now, self._free_at)
        if starts - now > _LONGEST_PAUSE:
            raise discord.RateLimited(starts - now)
        self._free_at = starts + 1 / _A_SECOND
        await asyncio.sleep(starts - now)
        return self._client

    def refused(self) -> None:
        """Record that Discord rejected the token."""
        if not self._counts_as_rejected():
            self._refused_at = self._clock()

    def _counts_as_rejected(self) -> bool:
        return self._refused_at is not None and timedelta(0) <= self._clock() - self._refused_at < _REFUSED

    async def close(self, user: object) -> None:
        """Close the client, unless others still use it."""
        self._users.discard(user)
        if self._client is not None and not self._users:
            closing, self._client = self._client, None  # a request meanwhile gets a client that stays open
            await closing.close()
