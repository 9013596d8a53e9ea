"""The Discord frontend: one application's connection, which leads each interaction to its coalition.

It has its own client, which is replaced whenever its connection breaks. The sender's client needs no connection, so
messages go out meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.connection import Uptime
from bot.chat.discord import incoming, render
from bot.chat.discord.conversation import Conversation
from bot.chat.discord.gateway import Pace, PacedClient, keep_up
from bot.chat.discord.responder import Responder
from bot.chat.wording import OUR_FAULT, UNAVAILABLE
from bot.commands.model import Command
from bot.config.settings import Settings
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

REGISTERED: Final = "discord commands"  # the digest of the registered commands is stored under this name
_WHICH: Final = "You are in several coalitions. Use the command in the server of the one that it is for, not here."
_NOBODYS: Final = "This server is not connected to a coalition yet. Its id is {}: the bot's host can connect it."
_UNKNOWN: Final = (
    "Your account is not linked yet. To see the name of your account, type /campaign me in your coalition's server, "
    "not here."
)


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
        self._pace = Pace(self.ticks, self.dice)
        self.uptime = Uptime("discord", clock=self.clock, ticks=self.ticks, remember=self.remember, tell=self.tell)

    def client(self) -> PacedClient:
        """A client that answers interactions, not logged in yet. Does no I/O; call it inside a running loop."""
        Route.BASE = self._api
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway)
        return _Client(self, self._pace)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set, and reconnect when needed."""
        await keep_up(self.client, self._token, self._pace, stop=stop, uptime=self.uptime, sleep=self.sleep)

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
        if len(responders) == 1:
            await responders[0].respond(conversation)
        elif interaction.type is discord.InteractionType.autocomplete:
            await conversation.offer([])
        elif responders:
            await conversation.say(render.refusal(_WHICH))
        elif str(interaction.guild_id) in self.guilds:
            await conversation.say(render.refusal(UNAVAILABLE))
        else:
            what = _NOBODYS.format(interaction.guild_id) if interaction.guild_id else _UNKNOWN
            await conversation.say(render.refusal(what))

    async def _responders_for(self, interaction: discord.Interaction[Any]) -> Sequence[Responder]:
        """The coalitions that an interaction may be for: that of its server, or in a direct message that of the
        message whose button was pressed, else those in which the person is known.
        """
        if interaction.guild_id:
            return [each for each in self.responders() if each.guild in ("", str(interaction.guild_id))]
        data: Mapping[str, Any] = interaction.data or {}
        tag = incoming.tag_of(data.get("custom_id", ""))
        tagged = [each for each in self.responders() if not tag or each.tag == tag]
        if len(tagged) == 1:
            return tagged
        user = str(interaction.user.id)
        return await for_people(lambda: [each for each in tagged if each.knows(user)])


class _Client(PacedClient):
    def __init__(self, frontend: DiscordFrontend, pace: Pace) -> None:
        # Guilds, to find where a person who writes to the bot directly is linked. No messages are read.
        super().__init__(pace, intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
        self._frontend = frontend

    async def setup_hook(self) -> None:
        await self._frontend.register(self)

    async def on_connect(self) -> None:
        await self._frontend.uptime.up()

    async def on_resumed(self) -> None:
        await self._frontend.uptime.up()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.at_work.add(task)
        task.add_done_callback(self.at_work.discard)
        await self._frontend.answer(interaction)
