"""The Discord frontend: one application's connection, which leads each interaction to its coalition.

Its client is replaced whenever its connection breaks. The sender's client needs no connection, so messages go out
meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.discord import incoming, render
from bot.chat.discord.responder import Conversation, Responder
from bot.chat.wording import OUR_FAULT, UNAVAILABLE
from bot.commands.model import Command
from bot.config.settings import Settings
from bot.outbox.connections import Uptime, wait_unless
from bot.shared.errors import CoalitionBotError
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

MOST_AN_HOUR: Final = 20  # Discord resets the token of a bot that identifies a thousand times a day
_HOUR: Final = 3_600.0
_LONGEST: Final = 50.0  # seconds between two tries
_LASTED: Final = 600.0  # a connection that lasted this long was a good one
_GRACE: Final = 5.0  # seconds for answers in progress when the connection is closed
# A retry is useless until a person has acted (discord/discord-api-docs, topics/opcodes-and-status-codes).
_FATAL: Final = {
    4004: "Discord rejected the token. Set DISCORD_BOT_TOKEN to the bot's current token.",
    4010: "Discord says that this bot's shard is invalid.",
    4011: "Discord requires sharding: the bot is in too many servers.",
    4012: "Discord no longer speaks this version of its gateway: update coalition-bot.",
    4013: "Discord says that this bot's intents are invalid: update coalition-bot.",
    4014: "Discord does not allow this bot's intents: check the Bot page of the application.",
}
REGISTERED: Final = "discord commands"  # the digest of the registered commands is stored under this name
_WHICH: Final = "You are in several coalitions. Use the command in the server of the one that it is for, not here."
_NOT_ALL_OPEN: Final = (
    "One of the bot's coalitions cannot be reached now, so nothing was done. Use the command in your coalition's "
    "server, or try again in a few minutes."
)
_NOBODYS: Final = "This server is not connected to a coalition yet. Its id is {}: the bot's host can connect it."
_UNKNOWN: Final = (
    "Your account is not linked yet. To see the name of your account, type /campaign me in your coalition's server, "
    "not here."
)


class Pace:
    """When the next connection may be opened. `ticks`: seconds of a monotonic clock; `dice`: 0 to 1."""

    def __init__(self, ticks: Callable[[], float], dice: Callable[[], float]) -> None:
        self._ticks = ticks
        self._dice = dice
        self._identified: deque[float] = deque(maxlen=MOST_AN_HOUR)
        self._tried = float("-inf")
        self._in_a_row = 0
        self._not_before = float("-inf")

    def wait(self) -> float:
        """Seconds to wait; 0 when the next may be opened now."""
        full = len(self._identified) == MOST_AN_HOUR
        when = max(self._not_before, self._identified[0] + _HOUR) if full else self._not_before
        return max(0.0, when - self._ticks())

    def open(self) -> None:
        """Record an opened connection. Each that follows soon after another doubles the next wait."""
        now = self._ticks()
        self._in_a_row = 0 if now - self._tried >= _LASTED else self._in_a_row + 1
        self._tried = now
        self._not_before = now + min(2.0**self._in_a_row, _LONGEST) * (1 + self._dice()) / 2

    def identified(self) -> None:
        """Record an identify, which is what Discord counts."""
        self._identified.append(self._ticks())


class TooSoon(CoalitionBotError):
    """discord.py wants to reconnect at once after a short connection."""


async def _one_connection(client: discord.Client, token: str, stopped: asyncio.Task[Any]) -> tuple[str, bool]:
    """Serve until the connection ends. Return why it ended, and whether a retry is useless."""
    try:
        async with client:
            await wait_unless(stopped, client.start(token, reconnect=False))
    except discord.LoginFailure:
        return _FATAL[4004], True
    except discord.ConnectionClosed as closed:
        log.warning("Discord closed the connection (%s)", closed.code)
        return _FATAL.get(closed.code, f"Discord closed it: {closed.code}"), closed.code in _FATAL
    except TooSoon:
        log.warning("The connection to Discord keeps ending")
        return "it keeps ending", False
    except asyncio.CancelledError:
        # A stop while discord.py closes by itself also cancels its close, which raises here.
        if not stopped.done():
            raise
    except Exception as error:  # noqa: BLE001 - discord.py raises whatever a broken line makes it trip over
        log.warning("No connection to Discord: %s: %s", type(error).__name__, error)
        return type(error).__name__, False
    return "it ended", False


@dataclass(eq=False, repr=False)
class DiscordFrontend:
    """Answers people on Discord.

    `responders` returns those of each coalition that has the application and is open now; without a server, it is the
    only one. `guilds`: the servers of all that have it, if several do. `recall` and `remember` load and save a text by
    name; `tell` tells the administrators what to fix; `ticks` is a monotonic clock in seconds, `dice` gives 0 to 1.
    Raises `ValueError` without a token.
    """

    single = True

    settings: Settings
    responders: Callable[[], Sequence[Responder]]
    commands: Sequence[Command]
    _: KW_ONLY
    clock: Callable[[], datetime]
    recall: Callable[[str], str | None]
    remember: Callable[[str, str], None]
    tell: Callable[[str], None]
    dice: Callable[[], float]
    guilds: Collection[str] = ()
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def __post_init__(self) -> None:
        if self.settings.discord_bot_token is None:
            raise ValueError("no Discord bot token is set")
        self._token = self.settings.discord_bot_token.get_secret_value()
        self._api = self.settings.discord_api_url.rstrip("/")
        self._gateway = self.settings.discord_gateway_url
        self.pace = Pace(self.ticks, self.dice)
        self.uptime = Uptime("discord", clock=self.clock, ticks=self.ticks, remember=self.remember, tell=self.tell)

    def client(self) -> discord.Client:
        """A client that answers interactions, not logged in yet. Does no I/O; call it inside a running loop."""
        Route.BASE = self._api
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway)
        return _Client(self)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve, and reconnect, until `stop`. What only a person can fix is reported once; then this waits."""
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                await wait_unless(stopped, self.sleep(self.pace.wait()))
                if stop.is_set():
                    return
                self.pace.open()
                why, fatal = await _one_connection(self.client(), self._token, stopped)
                if stop.is_set():
                    return
                if fatal:
                    log.error("Giving up the connection to Discord: %s", why)
                    await self.uptime.down(why, report=f"Commands and buttons do not work on Discord. {why}")
                    await stopped
                    return
                await self.uptime.down(why)
        finally:
            stopped.cancel()

    async def register(self, client: discord.Client) -> None:
        """Register the commands with Discord if they changed since the last time."""
        wanted = render.tree(self.commands)
        digest = hashlib.sha256(json.dumps([client.application_id, wanted]).encode()).hexdigest()
        if await asyncio.to_thread(self.recall, REGISTERED) == digest:
            return
        route = Route("PUT", "/applications/{application_id}/commands", application_id=client.application_id)
        try:
            await client.http.request(route, json=wanted)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.exception("The commands could not be registered")  # buttons and the old commands still work
            await asyncio.to_thread(self.tell, f"Discord rejected the list of commands: {error}")
            return
        await asyncio.to_thread(self.remember, REGISTERED, digest)

    async def answer(self, interaction: discord.Interaction[Any]) -> None:
        """Answer an interaction. On any error the person gets a message, and the connection stays up."""
        if interaction.user.bot:
            return
        conversation = Conversation(interaction)
        try:
            await self._lead(interaction, conversation)
        except Exception:
            log.exception("An interaction with Discord failed")
            try:
                await conversation.say(render.refusal(OUR_FAULT))
            except Exception as error:  # noqa: BLE001 - the first is in the log; there is nobody left to tell
                log.warning("The error message to the person could not be sent either: %s", error)

    async def _lead(self, interaction: discord.Interaction[Any], conversation: Conversation) -> None:
        """Lead an interaction to the coalition that it is for, and to no other."""
        responders = await self._responders_for(interaction)
        if responders and len(responders) == 1:
            await responders[0].respond(conversation)
        elif interaction.type is discord.InteractionType.autocomplete:
            await conversation.offer([])
        elif responders is None:
            await conversation.say(render.refusal(_NOT_ALL_OPEN))
        elif responders:
            await conversation.say(render.refusal(_WHICH))
        elif str(interaction.guild_id) in self.guilds:
            await conversation.say(render.refusal(UNAVAILABLE))
        else:
            what = _NOBODYS.format(interaction.guild_id) if interaction.guild_id else _UNKNOWN
            await conversation.say(render.refusal(what))

    async def _responders_for(self, interaction: discord.Interaction[Any]) -> Sequence[Responder] | None:
        """The coalitions that an interaction may be for: that of its server, or in a direct message that of the
        message whose button was pressed, else those in which the person is known. None if one that it may be for is
        not open, or cannot say who is linked in it.
        """
        if interaction.guild_id:
            return [each for each in self.responders() if each.guild in ("", str(interaction.guild_id))]
        data: Mapping[str, Any] = interaction.data or {}
        tag = incoming.tag_of(data.get("custom_id", ""))
        tagged = [each for each in self.responders() if tag in ("", each.tag)]
        if len(tagged) < sum(tag in ("", incoming.tag(guild)) for guild in self.guilds):
            return None
        if len(tagged) == 1:
            return tagged
        user = str(interaction.user.id)
        answers = await for_people(lambda: [each.knows(user) for each in tagged])
        return None if None in answers else [each for each, yes in zip(tagged, answers, strict=True) if yes]


class _Client(discord.Client):
    """A client of one connection, which it may resume if it lasted."""

    def __init__(self, frontend: DiscordFrontend) -> None:
        # Guilds, to find where a person who writes to the bot directly is linked. No messages are read.
        super().__init__(intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
        self._frontend = frontend
        self._at_work: set[asyncio.Task[Any]] = set()  # answers in progress
        self._connected = False
        self._ws_connect = self.http.ws_connect
        self.http.ws_connect = self._paced  # type: ignore[method-assign]

    async def _paced(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        pace = self._frontend.pace
        if self._connected:
            if pace.wait():
                raise TooSoon
            pace.open()
        self._connected = True
        opened = await self._ws_connect(url, compress=compress)
        pace.identified()
        return opened

    async def close(self) -> None:
        under_way = self._at_work - {asyncio.current_task()}
        if under_way and not self.is_closed():
            await asyncio.wait(under_way, timeout=_GRACE)
        await super().close()

    async def setup_hook(self) -> None:
        await self._frontend.register(self)

    async def on_connect(self) -> None:
        await self._frontend.uptime.up()

    async def on_resumed(self) -> None:
        await self._frontend.uptime.up()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        await self._frontend.answer(interaction)
