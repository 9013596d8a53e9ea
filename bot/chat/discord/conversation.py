"""One interaction, from its acknowledgment to its answer, however long that takes.

Discord waits three seconds for the first response and accepts follow-ups for 15 minutes; a later answer goes to the
person as a direct message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, TypeVar

import discord
from discord.http import Route

from bot.chat.discord import incoming
from bot.chat.discord.sender import attachment, content
from bot.commands.model import File

log = logging.getLogger(__name__)

T = TypeVar("T")
Payload = dict[str, Any]

PATIENCE: Final = 0.15  # seconds: a faster answer is the first response; a form must be, as Discord opens none later
_MESSAGE, _DEFER, _DEFER_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_PRIVATE: Final = {"flags": 1 << 6}
_ANSWERED: Final = 40060
_TOO_LATE: Final = (10015, 10062, 50027)  # unknown webhook, unknown interaction, token no longer valid


class Conversation:
    """Answers one interaction. Raises discord.py's and aiohttp's errors when Discord cannot be reached."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self.interaction = interaction
        self._http = interaction.client.http
        self._deferred = False
        self._tag = ""
        self._observe_ack: Callable[[float], None] | None = None  # until it was acknowledged
        self._arrived = asyncio.get_running_loop().time()
        # For a button, or a form that a button opened: the answer may change the message.
        self._message = interaction.message

    def serve(self, tag: str, observe_ack: Callable[[float], None]) -> None:
        """From now on it is one coalition's, which buttons and forms say by its `tag`.

        `observe_ack` gets the seconds until Discord had an acknowledgment.
        """
        self._tag = tag
        self._observe_ack = observe_ack

    @property
    def can_open(self) -> bool:
        """Whether a form may still be opened: only as the first response, and not in answer to a form."""
        return not self._deferred and self.interaction.type is not discord.InteractionType.modal_submit

    async def while_waiting(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`. If it takes longer, the response to Discord is deferred."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if not done:
            self._deferred = True
            try:
                await (self._callback(_DEFER_UPDATE, {}) if self._message else self._callback(_DEFER, _PRIVATE))
            except discord.HTTPException as error:
                if error.code not in (_ANSWERED, *_TOO_LATE):  # with these the answer has other ways
                    log.warning("Could not tell Discord that an answer follows: %s", error)
        return await task

    async def say(
        self, payload: Payload, *, file: File | None = None, public: bool = False, replaces: bool = False
    ) -> None:
        """Show a message: to the person alone, to all, or instead of the message whose button was pressed."""
        replaces = replaces and self._message is not None
        payload = incoming.tagged(payload, self._tag)
        if file:
            payload = payload | {"attachments": [attachment(0, file)]}
        try:
            await self._respond(payload, file, public=public, replaces=replaces)
        except discord.HTTPException as error:
            if error.code == _ANSWERED:
                return
            if error.code not in _TOO_LATE:
                raise
            await self._post(payload, file, public=public, replaces=replaces)

    async def open(self, form: Payload) -> None:
        await self._callback(_MODAL, incoming.tagged(form, self._tag))

    async def offer(self, choices: Sequence[Payload]) -> None:
        await self._callback(_CHOICES, {"choices": list(choices)})

    async def _respond(self, payload: Payload, file: File | None, *, public: bool, replaces: bool) -> None:
        seen = payload if public else payload | _PRIVATE
        if not self._deferred:
            await (self._callback(_UPDATE, payload, file) if replaces else self._callback(_MESSAGE, seen, file))
        elif replaces or (self._message is None and not public):
            await self._send(self._webhook("PATCH", "/messages/@original"), payload, file)
        else:
            if self._message is None:  # the deferred response is private and cannot be made public
                note = {"content": "Posted here, where everyone can see it."}
                await self._send(self._webhook("PATCH", "/messages/@original"), note, None)
            await self._send(self._webhook("POST", ""), seen, file)

    async def _post(self, payload: Payload, file: File | None, *, public: bool, replaces: bool) -> None:
        """Post the answer as an ordinary message. A private answer goes only to the person."""
        if replaces and self._message is not None and not self._message.flags.ephemeral:
            path = "/channels/{channel_id}/messages/{message_id}"
            route = Route("PATCH", path, channel_id=self._message.channel.id, message_id=self._message.id)
            await self._send(route, payload, file)
            return
        channel = self.interaction.channel_id
        if not public:
            recipient = {"recipient_id": str(self.interaction.user.id)}
            channel = (await self._http.request(Route("POST", "/users/@me/channels"), json=recipient))["id"]
        await self._send(Route("POST", "/channels/{channel_id}/messages", channel_id=channel), payload, file)

    async def _callback(self, kind: int, data: Payload, file: File | None = None) -> None:
        # The names give each interaction its own rate limit in discord.py: with one for all they would queue.
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = Route("POST", path, webhook_id=self.interaction.id, webhook_token=self.interaction.token)
        await self._send(route, {"type": kind, "data": data}, file)
        if self._observe_ack:
            self._observe_ack(asyncio.get_running_loop().time() - self._arrived)
            self._observe_ack = None

    def _webhook(self, method: str, path: str) -> Route:
        whole = "/webhooks/{webhook_id}/{webhook_token}" + path
        return Route(method, whole, webhook_id=self.interaction.application_id, webhook_token=self.interaction.token)

    async def _send(self, route: Route, body: Payload, file: File | None) -> None:
        await self._http.request(route, **content(body, [file] if file else []))
