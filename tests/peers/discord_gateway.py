"""A loopback Discord gateway next to its REST API, with the connection failures that an in-process simulator lacks.

Each connection follows the next item of `script`, or `then` when that is used up:

- ``serve``: READY or RESUMED, then heartbeats until one side closes;
- ``refuse``: no WebSocket at all (503);
- ``mute``: closed before hello;
- ``op7``: asked to reconnect; ``op9``: the session is gone; ``op9-resume``: it may be resumed;
- ``1006``: the connection breaks; any other number: closed with this code.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.peers.discord import DiscordPeer, read_body

GUILD = 42
BOT = {"id": "1", "username": "coalition", "discriminator": "0000", "avatar": None, "bot": True}


@dataclass
class DiscordGateway(DiscordPeer):
    """`identified` and `resumed` are the times of each by `clock`; `callbacks` what interactions were answered with."""

    script: list[str] = field(default_factory=list)
    then: str = "serve"
    clock: Callable[[], float] = time.monotonic
    identified: list[float] = field(default_factory=list)
    resumed: list[float] = field(default_factory=list)
    tried: list[float] = field(default_factory=list)
    callbacks: dict[str, list[Any]] = field(default_factory=dict)
    acknowledged_at: dict[str, float] = field(default_factory=dict)  # for `make bench`
    unanswered: dict[int, bool] = field(default_factory=dict)  # kinds of callbacks without an answer: do they count?
    registered: list[Any] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None

    def routes(self) -> list[web.RouteDef]:
        return [
            *super().routes(),
            web.get("/", self.gateway),
            web.put("/applications/{id}/commands", self.register),
            web.post("/interactions/{id}/{token}/callback", self.callback),
            web.patch("/webhooks/{id}/{token}/messages/@original", self.callback),
        ]

    async def register(self, request: web.Request) -> web.StreamResponse:
        self.registered.append(await request.json())
        return self.reply({})

    async def callback(self, request: web.Request) -> web.StreamResponse:
        token, body = request.match_info["token"], await read_body(request)
        counts = self.unanswered.get(body.get("type", 0))
        if counts is False and request.transport:
            request.transport.abort()
            return web.Response()
        if request.method == "PATCH" and token not in self.callbacks:
            return self._error(404, 10015, "Unknown Webhook")
        self.callbacks.setdefault(token, []).append(body)
        if counts and request.transport:
            request.transport.abort()
            return web.Response()
        self.acknowledged_at.setdefault(token, time.monotonic())
        return self.reply({})

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        how = self.script.pop(0) if self.script else self.then
        self.tried.append(self.clock())
        if how == "refuse":
            return web.Response(status=503)
        self.socket = socket = web.WebSocketResponse()
        await socket.prepare(request)
        if how == "mute":
            await socket.close(code=4000)
            return socket
        await self.say(10, {"heartbeat_interval": 41_250})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            payload = json.loads(message.data)
            match payload["op"]:
                case 1:
                    await self.say(11, None)
                case 2 | 6:
                    await self._session(request, payload, how)
        return socket

    async def say(self, op: int, data: Any, event: str | None = None) -> None:
        assert self.socket is not None
        number = len(self.identified) + len(self.resumed) if event else None
        await self.socket.send_json({"op": op, "d": data, "s": number, "t": event})

    async def interact(
        self, token: str, data: dict[str, Any], user: int = 7, kind: int = 2, guild: int | None = None
    ) -> None:
        """A person uses a command in that server, or in a direct message with the bot."""
        asker = {"id": str(user), "username": f"user{user}", "discriminator": "0000", "avatar": None}
        interaction = {
            "id": str(1_000_000 + len(self.callbacks) + hash(token) % 1_000_000),
            "application_id": "1",
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
            "channel_id": "9",
            "channel": {"id": "9", "type": 1},
            "user": asker,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 1,
            "attachment_size_limit": 10_000_000,
        }
        if guild:
            member = {"user": asker, "roles": [], "joined_at": None, "permissions": "0", "flags": 0}
            interaction |= {"guild_id": str(guild), "member": member, "context": 0}
            del interaction["user"], interaction["channel"]
        await self.say(0, interaction, "INTERACTION_CREATE")

    async def _session(self, request: web.Request, payload: dict[str, Any], how: str) -> None:
        assert self.socket is not None
        if payload["op"] == 2:
            assert payload["d"]["token"] == self.token
            self.identified.append(self.clock())
            ready = {
                "v": 10,
                "user": BOT,
                "guilds": [{"id": str(GUILD), "unavailable": True}],
                "session_id": "session",
                "resume_gateway_url": f"ws://{request.host}/",
                "application": {"id": "1", "flags": 0},
            }
            if not how.isdigit() or how in ("1006", "1000", "4000"):
                await self.say(0, ready, "READY")
        else:
            self.resumed.append(self.clock())
            if how == "serve":
                await self.say(0, {}, "RESUMED")
        match how:
            case "serve":
                pass
            case "op7":
                await self.say(7, None)
            case "op9" | "op9-resume":
                await self.say(9, how == "op9-resume")
            case "1006":
                assert request.transport is not None
                request.transport.abort()
            case _:
                await self.socket.close(code=int(how))
