"""A Slack of our own on the loopback: the Web API that the sender uses, with the faults local Slacks do not have."""

from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.peers.chat import Fault, Peer, serve


@dataclass
class SlackPeer(Peer):
    """`lag` is how long a message takes to show in the history; `rate` messages a second are taken in a channel."""

    lag: float = 0.0
    rate: float | None = None
    scopes: set[str] = field(
        default_factory=lambda: {
            "chat:write",
            "channels:history",
            "im:write",
            "im:history",
            "files:write",
            "channels:read",
            "groups:read",
            "users:read",
        }
    )
    gone: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)  # channels that the bot is not in
    blocked: dict[str, str] = field(default_factory=dict)  # user → why there are no direct messages with them
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)  # by file id, seen by nobody yet
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)  # id → flags; a private one where none are given
    people: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"U0ADA": {}}
    )  # user → flags; all in each channel
    strangers: list[str] = field(default_factory=list)  # in each channel, of another workspace
    page: int = 1_000  # entries of a list at a time
    pinned: list[str] = field(default_factory=list)
    _recent: dict[str, deque[float]] = field(default_factory=dict)
    _last: float = 0.0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/auth.test", self.auth_test),
            web.post("/chat.postMessage", self.post),
            web.post("/chat.update", self.update),
            web.post("/pins.add", self.pin),
            web.get("/conversations.history", self.history),
            web.get("/conversations.replies", self.history),
            web.post("/conversations.open", self.open),
            web.post("/conversations.info", self.info),
            web.post("/conversations.members", self.members),
            web.post("/users.list", self.users),
            web.get("/conversations.info", self.info),
            web.get("/conversations.members", self.members),
            web.get("/users.list", self.users),
            web.post("/files.getUploadURLExternal", self.upload_url),
            web.post("/upload/{id}", self.upload),
            web.post("/files.completeUploadExternal", self.complete),
        ]

    def text_of(self, message: dict[str, Any]) -> str:
        return " ".join((str(message["text"]), *(file["name"] for file in message.get("files", ()))))

    async def auth_test(self, request: web.Request) -> web.StreamResponse:
        if not self._known(request):
            return self._error("invalid_auth")
        answer = await self.answer(
            request, "auth.test", "", lambda: {"ok": True, "team": "Peer", "user_id": "U0BOT", "bot_id": "B0BOT"}
        )
        answer.headers["X-OAuth-Scopes"] = ",".join(sorted(self.scopes))
        return answer

    async def post(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        channel = body["channel"]
        if not self._known(request):
            self.calls["post"] += 1
            return self._error("invalid_auth")
        if channel in self.gone:
            self.calls["post"] += 1
            return self._error("channel_not_found")
        if self._too_fast(channel):
            self.calls["post"] += 1
            return self.reply({"ok": False, "error": "ratelimited"}, status=429, **{"Retry-After": "1"})
        return await self.answer(request, "post", channel, lambda: self._store(body))

    async def pin(self, request: web.Request) -> web.StreamResponse:
        if "pins:write" not in self.scopes:
            return self._error("missing_scope")
        self.pinned.append((await request.post() or request.query)["timestamp"])
        return self.reply({"ok": True})

    async def update(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        if not self._known(request):
            return self._error("invalid_auth")
        target = next((m for m in self.messages[body["channel"]] if m["ts"] == body["ts"]), None)
        if target is None:
            self.calls["update"] += 1
            return self._error("message_not_found")

        def change() -> dict[str, Any]:
            target.update(body)
            return {"ok": True, "channel": body["channel"], "ts": body["ts"], "text": body["text"]}

        return await self.answer(request, "update", body["channel"], change)

    async def history(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        if not self._known(request):
            self.calls["history"] += 1
            return self._error("invalid_auth")
        if ("im:history" if query["channel"].startswith("D") else "channels:history") not in self.scopes:
            self.calls["history"] += 1
            return self._error("missing_scope")
        if query["channel"] in self.outside:
            return self._error("not_in_channel")
        return await self.answer(request, "history", query["channel"], lambda: self._read(dict(query)))

    async def open(self, request: web.Request) -> web.StreamResponse:
        user = request.query["users"]
        if refusal := (None if "im:write" in self.scopes else "missing_scope") or self.blocked.get(user):
            self.calls["open"] += 1
            return self._error(refusal)
        return await self.answer(request, "open", user, lambda: {"ok": True, "channel": {"id": f"D{user[1:]}"}})

    async def upload_url(self, request: web.Request) -> web.StreamResponse:
        if "files:write" not in self.scopes:
            self.calls["upload-url"] += 1
            return self._error("missing_scope")
        id_ = f"F{len(self.uploads)}"
        self.uploads[id_] = {"id": id_, "name": request.query["filename"], "size": int(request.query["length"]),
                             "alt": request.query.get("alt_txt", "")}  # fmt: skip
        url = f"{request.url.origin()}/upload/{id_}"
        return await self.answer(request, "upload-url", "", lambda: {"ok": True, "upload_url": url, "file_id": id_})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        self.uploads[request.match_info["id"]]["data"] = await request.read()
        return await self.answer(request, "upload", "", lambda: {"ok": True})

    async def complete(self, request: web.Request) -> web.StreamResponse:
        body = dict(request.query)
        files = json.loads(body["files"])

        def share() -> dict[str, Any]:
            shown = [self.uploads[file["id"]] for file in files]
            assert all(len(file["data"]) == file["size"] for file in shown)
            shared = {"channel": body["channel_id"], "thread_ts": body["thread_ts"], "files": shown}
            self._store(shared | {"text": body.get("initial_comment") or ""})
            return {"ok": True, "files": files}

        return await self.answer(request, "complete", body["channel_id"], share)

    async def info(self, request: web.Request) -> web.StreamResponse:
        given = {**request.query, **(await request.post())}
        if not {"channels:read", "groups:read"} <= self.scopes:
            return self.reply({"ok": False, "error": "missing_scope", "needed": "channels:read,groups:read"})
        target = {"id": given["channel"], "is_private": True} | self.channels.get(str(given["channel"]), {})
        return await self.answer(request, "info", str(given["channel"]), lambda: {"ok": True, "channel": target})

    async def members(self, request: web.Request) -> web.StreamResponse:
        return await self._paged(request, "conversations.members", [*self.people, *self.strangers])

    async def users(self, request: web.Request) -> web.StreamResponse:
        if "users:read" not in self.scopes:
            return self.reply({"ok": False, "error": "missing_scope", "needed": "users:read"})
        return await self._paged(request, "users.list", [{"id": id_} | flags for id_, flags in self.people.items()])

    async def _paged(self, request: web.Request, method: str, every: list[Any]) -> web.StreamResponse:
        given = {**request.query, **(await request.post())}
        start = int(str(given.get("cursor") or 0))
        more = str(start + self.page) if start + self.page < len(every) else ""
        body = {"ok": True, "members": every[start : start + self.page], "response_metadata": {"next_cursor": more}}
        return await self.answer(request, method, "", lambda: body)

    def files(self, channel: str) -> list[str]:
        """The names of the files that a person sees there, oldest first."""
        return [file["name"] for message in self.messages[channel] for file in message.get("files", ())]

    def refuse(self, fault: Fault) -> web.Response:
        match fault.kind:
            case "429":
                headers = {"Retry-After": f"{fault.seconds:g}"}
                return self.reply({"ok": False, "error": "ratelimited"}, status=429, **headers)
            case "no-ok":
                return self.reply({"hello": "world"})
            case "error":
                return self._error(fault.code)
        raise AssertionError(fault)

    def _known(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def _error(self, code: str) -> web.Response:
        return self.reply({"ok": False, "error": code})

    def _too_fast(self, channel: str) -> bool:
        """A burst of three, then `rate`."""
        if self.rate is None:
            return False
        now = time.monotonic()
        recent = self._recent.setdefault(channel, deque(maxlen=3))
        if len(recent) == 3 and now - recent[0] < 2 / self.rate:
            return True
        recent.append(now)
        return False

    def _store(self, body: dict[str, Any]) -> dict[str, Any]:
        self._last = max(time.time(), self._last + 0.000002)
        ts = f"{self._last:.6f}"
        self.messages[body["channel"]].append({"user": "U0BOT", "bot_id": "B0BOT"} | body | {"ts": ts})
        return {"ok": True, "channel": body["channel"], "ts": ts, "message": {"text": body["text"]}}

    def _read(self, query: dict[str, str]) -> dict[str, Any]:
        """Newest first, as Slack does; replies only in their thread; metadata only where asked for."""
        root, oldest, latest = query.get("ts"), float(query.get("oldest", 0)), time.time() - self.lag
        target = [
            m | {"files": [{"name": f["name"], "size": f["size"]} for f in m.get("files", ())]}
            for m in reversed(self.messages[query["channel"]])
            if (m.get("thread_ts") == root or (root is not None and m["ts"] == root))
            and oldest < float(m["ts"]) <= latest
        ]
        for message in target:  # as of conversations.history: https://docs.slack.dev/messaging/retrieving-messages
            replies = [m["ts"] for m in self.messages[query["channel"]] if m.get("thread_ts") == message["ts"]]
            message.update({"reply_count": len(replies), "latest_reply": max(replies)} if replies else {})
        if query.get("include_all_metadata") not in ("1", "true"):
            for message in target:
                message.pop("metadata", None)
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 100))
        more = start + limit < len(target)
        return {
            "ok": True,
            "messages": target[start : start + limit],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }


if __name__ == "__main__":
    serve(SlackPeer())
