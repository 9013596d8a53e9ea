"""A Discord of our own on the loopback: REST with a memory for nonces, which simulators in process do not have.

Bodies come as exactly ``application/json``: with a charset discord.py leaves them a string. A 429 of Discord's own
carries ``Via``; without it discord.py takes it for a block by the network in front.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiohttp import web

from tests.peers.chat import Fault, Peer, serve

EPOCH_MS = 1_420_070_400_000
ARCHIVED = "Thread is archived"
SETTLE = 60.0  # seconds simcord may wait for the bot: the 5 it waits by itself are too few on a busy machine


@dataclass
class DiscordPeer(Peer):
    """`remembers` is for how many seconds a nonce is known; `gone` channels are refused."""

    TOKEN: ClassVar[str] = "discord-peer-token"
    token: str = TOKEN
    remembers: float = 180.0
    gone: set[str] = field(default_factory=set)
    blind: set[str] = field(default_factory=set)  # channels whose history the bot may not read
    blocked: set[str] = field(default_factory=set)  # users who take no direct messages
    archived: set[str] = field(default_factory=set)  # threads: a new message opens one again, an edit does not
    locked: set[str] = field(default_factory=set)  # threads that only moderators open again
    guild_of: dict[str, str] = field(default_factory=dict)  # of a channel
    portal: bool = False  # a login page answers instead when it is asked about a channel
    largest: int = 10 * 1024 * 1024  # bytes of a file
    pinned: list[str] = field(default_factory=list)
    cannot_pin: bool = False
    _nonces: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    _last: int = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/users/@me", self.me),
            web.get("/oauth2/applications/@me", self.application),
            web.get("/applications/@me", self.application),
            web.post("/users/@me/channels", self.open),
            web.get("/channels/{channel}", self.channel),
            web.patch("/channels/{channel}", self.reopen),
            web.post("/channels/{channel}/messages", self.post),
            web.get("/channels/{channel}/messages", self.history),
            web.patch("/channels/{channel}/messages/{message}", self.update),
            web.put("/channels/{channel}/messages/pins/{message}", self.pin),
        ]

    def forget(self) -> None:
        super().forget()
        self._nonces.clear()

    def text_of(self, message: dict[str, Any]) -> str:
        return " ".join((str(message["content"]), *(file["name"] for file in message.get("files", ()))))

    async def me(self, request: web.Request) -> web.StreamResponse:
        if not self._known(request):
            self.calls["login"] += 1
            return self._error(401, 0, "401: Unauthorized")
        bot = {"id": "1", "username": "coalition", "discriminator": "0000", "avatar": None, "bot": True}
        return await self.answer(request, "login", "", lambda: bot)

    async def application(self, request: web.Request) -> web.StreamResponse:
        owner = {"id": "2", "username": "owner", "discriminator": "0000", "avatar": None}
        return self.reply(
            {
                "id": "1",
                "name": "coalition",
                "icon": None,
                "description": "",
                "bot_public": False,
                "bot_require_code_grant": False,
                "verify_key": "",
                "owner": owner,
                "flags": 0,
                "summary": "",
            }
        )

    async def post(self, request: web.Request) -> web.StreamResponse:
        channel, body = request.match_info["channel"], await read_body(request)
        self.bodies.append(body)
        if any(len(file["data"]) > self.largest for file in body.get("files", ())):
            self.calls["post"] += 1
            return self._error(413, 40005, "Request entity too large")
        if refusal := self._refusal(request, channel, body) or self._locked(channel):
            self.calls["post"] += 1
            return refusal
        self.archived.discard(channel)
        return await self.answer(request, "post", channel, lambda: self._store(channel, body))

    async def open(self, request: web.Request) -> web.StreamResponse:
        user = str((await request.json())["recipient_id"])
        made = {"id": f"9{user}", "type": 1, "recipients": [{"id": user}]}
        return await self.answer(request, "open", user, lambda: made)

    async def channel(self, request: web.Request) -> web.StreamResponse:
        if self.portal:
            return web.Response(text="<html>Log in</html>", content_type="text/html")
        id_ = request.match_info["channel"]
        made = {"id": id_, "type": 0, "guild_id": self.guild_of[id_], "name": "policy", "position": 0}
        return self._refusal(request, id_, {}) or self.reply(made)

    async def reopen(self, request: web.Request) -> web.StreamResponse:
        id_ = request.match_info["channel"]
        assert await request.json() == {"archived": False}
        if id_ in self.locked:
            return self._error(403, 50013, "Missing Permissions")
        self.archived.discard(id_)
        return self.reply({"id": id_, "type": 11})

    def files(self, channel: str) -> list[str]:
        """The names of the files that a person sees there, oldest first."""
        return [file["name"] for message in self.messages[channel] for file in message.get("files", ())]

    async def pin(self, request: web.Request) -> web.StreamResponse:
        if self.cannot_pin:
            return self._error(403, 50013, "Missing Permissions")
        self.pinned.append(request.match_info["message"])
        return web.Response(status=204)

    async def update(self, request: web.Request) -> web.StreamResponse:
        channel, body = request.match_info["channel"], await request.json()
        self.bodies.append(body)
        target = next((m for m in self.messages[channel] if m["id"] == request.match_info["message"]), None)
        if target is None:
            self.calls["update"] += 1
            return self._error(404, 10008, "Unknown Message")
        if refusal := self._locked(channel) or (channel in self.archived and self._error(400, 50083, ARCHIVED)):
            self.calls["update"] += 1
            return refusal

        def change() -> dict[str, Any]:
            target.update(body)
            return target

        return await self.answer(request, "update", channel, change)

    async def history(self, request: web.Request) -> web.StreamResponse:
        channel = request.match_info["channel"]
        if refusal := self._refusal(request, channel, {}):
            self.calls["history"] += 1
            return refusal
        if channel in self.blind:
            self.calls["history"] += 1
            return self._error(403, 50001, "Missing Access")
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        newer = [m for m in self.messages[channel] if int(m["id"]) > after][:limit]
        body: Any = [{k: v for k, v in m.items() if k not in ("nonce", "files")} for m in reversed(newer)]
        return await self.answer(request, "history", channel, lambda: body)

    def refuse(self, fault: Fault) -> web.Response:
        match fault.kind:
            case "429":
                body = {"message": "You are being rate limited.", "retry_after": fault.seconds, "global": False}
                headers = {"Via": "1.1 google", "Retry-After": f"{fault.seconds:g}"}
                return self.reply(body, status=429, **headers)
            case "cloudflare":
                headers = {"Retry-After": f"{fault.seconds:g}"}
                return web.Response(status=429, text="error code: 1015", headers=headers)
            case "no-ok":
                return self.reply({"hello": "world"})
            case "error":
                return self._error(fault.status, fault.code, "Refused")
        raise AssertionError(fault)

    def _known(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bot {self.token}"

    def _refusal(self, request: web.Request, channel: str, body: dict[str, Any]) -> web.Response | None:
        if not self._known(request):
            return self._error(401, 0, "401: Unauthorized")
        if channel in self.gone:
            return self._error(404, 10003, "Unknown Channel")
        if channel in {f"9{user}" for user in self.blocked}:
            return self._error(403, 50007, "Cannot send messages to this user")
        texts = [e.get("description", "") + e.get("footer", {}).get("text", "") for e in body.get("embeds", [])]
        if len(body.get("content", "")) > 2_000 or sum(map(len, texts)) > 6_000:
            return self._error(400, 50035, "Invalid Form Body")
        return None

    def _locked(self, channel: str) -> web.Response | None:
        if channel not in self.locked:
            return None
        archived = channel in self.archived
        return self._error(400, 50083, ARCHIVED) if archived else self._error(403, 160005, "Thread is locked")

    def _error(self, status: int, code: int, message: str) -> web.Response:
        return self.reply({"message": message, "code": code}, status=status)

    def _store(self, channel: str, body: dict[str, Any]) -> dict[str, Any]:
        """Discord compares nonces per author, not per channel, and answers with the first message."""
        now = time.time()
        nonce = body.get("nonce")
        if nonce and body.get("enforce_nonce"):
            earlier = self._nonces.get(nonce)
            if earlier and now - earlier[0] < self.remembers:
                return _shown(earlier[1])
        self._last = max(int(now * 1000) - EPOCH_MS, self._last + 1)
        message = body | {"id": str(self._last << 22), "channel_id": channel, "author": {"id": "1", "bot": True}}
        self.messages[channel].append(message)
        if nonce:
            self._nonces[nonce] = (now, message)
        return _shown(message)


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "files"}


async def read_body(request: web.Request) -> dict[str, Any]:
    """A message as JSON, or as a form with its files."""
    if not request.content_type.startswith("multipart/"):
        return dict(await request.json())
    form = await request.post()
    body: dict[str, Any] = json.loads(str(form["payload_json"]))
    uploads = [form[f"files[{each['id']}]"] for each in body["attachments"]]
    return body | {
        "files": [{"name": file.filename, "data": file.file.read()} for file in uploads if not isinstance(file, str)]
    }


if __name__ == "__main__":
    serve(DiscordPeer(remembers=float(sys.argv[1]) if len(sys.argv) > 1 else 180.0))
