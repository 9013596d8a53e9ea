"""A strict Slack of our own for commands, buttons and forms: what it says is refused here is refused there.

Socket Mode, `response_url`s that take five messages, triggers that open one form within three seconds, views and
blocks held to the limits that slack_sdk's own models know, home pages, files. `SlackApp.asked` makes payloads in
Slack's shape.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.peers.slack import SlackPeer

TEAM, USER, CHANNEL = "T0HOME", "U0ADA", "C0POLICY"
APP_TOKEN = "xapp-peer-token"
SECRET = "peer-signing-secret"
PATIENCE = 60  # seconds; Slack waits three for an acknowledgment, and how soon it has it `make bench` measures
USES = 5


@dataclass
class SlackApp(SlackPeer):
    """`acks` are what was acknowledged with, by envelope; `views` the windows that are open, by id."""

    app_token: str = APP_TOKEN
    open_fault: list[str] = field(default_factory=list)  # error codes or "500", one a call; the last stays
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    deaf: bool = False  # pings are not answered
    acks: dict[str, Any] = field(default_factory=dict)
    posted: list[dict[str, Any]] = field(default_factory=list)  # at response_urls
    ephemeral: list[dict[str, Any]] = field(default_factory=list)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    handed: dict[str, bytes] = field(default_factory=dict)  # files that people put into forms, by id
    asked_for: list[str] = field(default_factory=list)  # with which authorization they were
    used: dict[str, int] = field(default_factory=dict)
    triggers: set[str] = field(default_factory=set)
    expired: set[str] = field(default_factory=set)  # triggers whose three seconds are over
    base: str = ""
    _ids: Any = field(default_factory=lambda: itertools.count(1))
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    def routes(self) -> list[web.RouteDef]:
        methods = {
            "apps.connections.open": self._open,
            "chat.postEphemeral": self._ephemeral,
            "views.open": self._views_open,
            "views.update": self._views_update,
            "views.publish": self._views_publish,
            "conversations.open": self._conversation,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete,
        }
        api = [web.post(f"/{name}", self._method(name, act)) for name, act in methods.items()]
        return [  # the first of two for one address is taken
            *api,
            web.get("/socket", self._socket),
            web.post("/respond/{id}", self._respond),
            web.post("/upload/{id}", self._upload),
            web.get(f"/files-pri/{TEAM}-{{id}}/download/{{name}}", self._download),
            *super().routes(),
        ]

    # --- what a person does -----------------------------------------------------------------------------------------

    def trigger(self) -> str:
        id_ = f"{next(self._ids)}.trigger"
        self.triggers.add(id_)
        return id_

    def url(self) -> str:
        return f"{self.base}respond/{next(self._ids)}"

    def command(self, text: str, *, user: str = USER, channel: str = CHANNEL) -> dict[str, Any]:
        word, _, rest = text.partition(" ")
        return {
            "command": word,
            "text": rest,
            "team_id": TEAM,
            "user_id": user,
            "channel_id": channel,
            "response_url": self.url(),
            "trigger_id": self.trigger(),
            "api_app_id": "A0",
        }

    def press(self, element: dict[str, Any], *, message: str = "1700000000.000100", user: str = USER) -> dict[str, Any]:
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "container": {"type": "message", "channel_id": CHANNEL, "message_ts": message},
            "actions": [{"type": "button", "block_id": "b", **element}],
            "response_url": self.url(),
            "trigger_id": self.trigger(),
        }

    def submit(self, view: dict[str, Any], user: str = USER, /, **filled: Any) -> dict[str, Any]:
        """Send a form; of a file its name and what is in it."""
        values = {block["block_id"]: {block["block_id"]: self._state(block, filled)} for block in _inputs(view)}
        return {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": self.trigger(),
            "view": view | {"state": {"values": values}},
            "response_urls": [],
        }

    def _state(self, block: dict[str, Any], filled: dict[str, Any]) -> dict[str, Any]:
        element, name = block["element"], block["block_id"]
        if element["type"] == "file_input":
            return {"type": element["type"], "files": [self._put(*filled[name])] if name in filled else []}
        initial = element.get("initial_value") or (element.get("initial_option") or {}).get("value")
        value = filled.get(name, initial) or None
        assert value or block["optional"], f"Slack would not send {name} empty"
        if element["type"] == "plain_text_input":
            return {"type": element["type"], "value": value}
        return {"type": element["type"], "selected_option": {"value": value} if value else None}

    def _put(self, name: str, data: bytes) -> dict[str, Any]:
        """A person's own file, as Slack describes it."""
        id_ = f"F{next(self._ids)}"
        self.handed[id_] = data
        url = f"{self.base}files-pri/{TEAM}-{id_}/download/{name}"
        return {"id": id_, "name": name, "size": len(data), "url_private_download": url}

    async def _download(self, request: web.Request) -> web.Response:
        """Only for the app, and only where it may read files; others get a page to sign in at."""
        self.asked_for.append(request.headers.get("Authorization", ""))
        if "files:read" not in self.scopes or self.asked_for[-1] != f"Bearer {self.token}":
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=self.handed[request.match_info["id"]])

    def search(self, view: dict[str, Any], param: str, text: str) -> dict[str, Any]:
        return {
            "type": "block_suggestion",
            "team": {"id": TEAM},
            "user": {"id": USER, "team_id": TEAM},
            "view": view,
            "action_id": param,
            "block_id": param,
            "value": text,
        }

    def home(self, user: str = USER) -> dict[str, Any]:
        event = {"type": "app_home_opened", "user": user, "tab": "home", "channel": "D0"}
        return {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{next(self._ids)}", "event": event}

    # --- by socket --------------------------------------------------------------------------------------------------

    async def connected(self, number: int = 1) -> None:
        """Wait until so many lines are open."""

        def enough() -> bool:
            return len([socket for socket in self.sockets if not socket.closed]) >= number

        async with asyncio.timeout(PATIENCE), self._arrived:
            await self._arrived.wait_for(enough)

    async def deliver(self, payload: dict[str, Any], envelope: str = "", *, socket: int = -1) -> Any:
        """Send it as Slack does; gives what it was acknowledged with."""
        kinds = {"event_callback": "events_api", None: "slash_commands"}
        id_ = envelope or f"E{next(self._ids)}"
        self._waiting[id_] = asyncio.get_running_loop().create_future()
        kind = kinds.get(payload.get("type"), "interactive")
        await self.sockets[socket].send_json(
            {"type": kind, "envelope_id": id_, "payload": payload, "accepts_response_payload": kind != "events_api"}
        )
        return await asyncio.wait_for(self._waiting[id_], PATIENCE)

    async def lose(self, payload: dict[str, Any]) -> None:
        """Send it, and lose the acknowledgment on its way: the form stays open for the person who sent it."""
        self._waiting[id_ := f"E{next(self._ids)}"] = lost = asyncio.get_running_loop().create_future()
        await self.sockets[-1].send_json(
            {"type": "interactive", "envelope_id": id_, "payload": payload, "accepts_response_payload": True}
        )
        await asyncio.wait_for(lost, PATIENCE)
        self.acks.pop(id_)

    async def disconnect(self, reason: str) -> None:
        await self.sockets[-1].send_json({"type": "disconnect", "reason": reason})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        await self._tell()
        async for message in socket:
            if message.type is aiohttp.WSMsgType.PING and not self.deaf:
                await socket.pong(message.data)
            if message.type is aiohttp.WSMsgType.TEXT:
                sentence = json.loads(message.data)
                self.acks[sentence["envelope_id"]] = sentence.get("payload")
                if not (waiting := self._waiting[sentence["envelope_id"]]).done():
                    waiting.set_result(sentence.get("payload"))
        return socket

    # --- signed -----------------------------------------------------------------------------------------------------

    def signed(self, payload: dict[str, Any], *, now: float | None = None) -> tuple[bytes, dict[str, str]]:
        """A request as Slack would sign it."""
        if payload.get("type") == "event_callback":
            body, kind = json.dumps(payload), "application/json"
        else:
            form = payload if "command" in payload else {"payload": json.dumps(payload)}
            body, kind = urlencode(form), "application/x-www-form-urlencoded"
        return body.encode(), {"Content-Type": kind} | sign(body, str(int(time.time() if now is None else now)))

    # --- what the app does ------------------------------------------------------------------------------------------

    async def heard(self, what: str, count: int = 1) -> list[Any]:
        """Wait until so many came in: `posted`, `ephemeral`, `views`, `homes`, `files`."""
        async with asyncio.timeout(PATIENCE), self._arrived:
            await self._arrived.wait_for(lambda: len(getattr(self, what)) >= count)
        collected = getattr(self, what)
        return list(collected.values()) if isinstance(collected, dict) else list(collected)

    def _method(self, name: str, act: Any) -> Any:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.calls[name] += 1
            body = await _body(request)
            wanted = self.app_token if name == "apps.connections.open" else self.token
            if request.headers.get("Authorization") != f"Bearer {wanted}":
                return self._error("invalid_auth")
            if fault := self._due(name, ""):
                return self.refuse(fault)
            answer = act(body)
            await self._tell()
            return answer if isinstance(answer, web.Response) else self.reply({"ok": True} | answer)

        return handle

    async def _tell(self) -> None:
        async with self._arrived:
            self._arrived.notify_all()

    def _open(self, _: Any) -> Any:
        if self.open_fault:
            fault = self.open_fault.pop(0) if len(self.open_fault) > 1 else self.open_fault[0]
            if fault == "500":
                return web.Response(status=500, text="oops")
            if fault:
                return self._error(fault)
        return {"url": f"{self.base.replace('http', 'ws', 1)}socket?ticket={next(self._ids)}"}

    def _ephemeral(self, body: dict[str, Any]) -> Any:
        if body["channel"] in self.outside:
            return self._error("not_in_channel")
        self._check(body)
        self.ephemeral.append(body)
        return {"message_ts": "1.2"}

    def _views_open(self, body: dict[str, Any]) -> Any:
        if body["trigger_id"] in self.expired:
            return self._error("expired_trigger_id")
        if body["trigger_id"] not in self.triggers:
            return self._error("exchanged_trigger_id")
        self.triggers.remove(body["trigger_id"])
        return self._shown(f"V{next(self._ids)}", body["view"])

    def _views_update(self, body: dict[str, Any]) -> Any:
        if body["view_id"] not in self.views:
            return self._error("not_found")
        return self._shown(body["view_id"], body["view"])

    def _views_publish(self, body: dict[str, Any]) -> Any:
        _check_view(body["view"])
        self.homes[body["user_id"]] = body["view"]
        return {"view": body["view"]}

    def _shown(self, id_: str, view: dict[str, Any]) -> dict[str, Any]:
        _check_view(view)
        self.views[id_] = view | {"id": id_, "team_id": TEAM}
        return {"view": self.views[id_]}

    def replaced(self, id_: str, ack: Any) -> dict[str, Any]:
        """What Slack does with an acknowledged `response_action: update`."""
        assert ack["response_action"] == "update", ack
        return self._shown(id_, ack["view"])["view"]

    def _conversation(self, body: dict[str, Any]) -> Any:
        return {"channel": {"id": f"D{body['users'][1:]}"}}

    def _upload_url(self, body: dict[str, Any]) -> Any:
        if "files:write" not in self.scopes:
            return self._error("missing_scope")
        id_ = f"F{next(self._ids)}"
        return {"upload_url": f"{self.base}upload/{id_}", "file_id": id_}

    async def _upload(self, request: web.Request) -> web.Response:
        data = await request.read()
        self.files.append({"id": request.match_info["id"], "data": data})
        return web.Response(text="OK")

    def _complete(self, body: dict[str, Any]) -> Any:
        files = body["files"] if isinstance(body["files"], list) else json.loads(body["files"])
        for named in files:
            collected = next(file for file in self.files if file["id"] == named["id"])
            collected |= {"title": named["title"], "channel": body["channel_id"]}
        return {"files": files}

    async def _respond(self, request: web.Request) -> web.Response:
        id_ = request.match_info["id"]
        self.used[id_] = self.used.get(id_, 0) + 1
        if self.used[id_] > USES:
            return web.Response(status=404, text="used_url")
        if fault := self._due("respond", ""):
            return self.refuse(fault)
        body = await request.json()
        self._check(body)
        self.posted.append(body)
        await self._tell()
        return web.Response(text="ok")

    @staticmethod
    def _check(body: dict[str, Any]) -> None:
        assert body["text"]
        assert 0 < len(body["blocks"]) <= 50
        for block in body["blocks"]:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.validate_json()

    @contextlib.asynccontextmanager
    async def running(self, ssl_context: Any = None) -> Any:
        self.scopes |= {"files:write", "files:read"}
        async with super().running(ssl_context) as base:
            self.base = base
            yield base
            for socket in self.sockets:
                await socket.close()


def sign(body: str, stamp: str, secret: str = SECRET) -> dict[str, str]:
    made = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={made}"}


def _inputs(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _check_view(view: dict[str, Any]) -> None:
    """Slack's limits of a view as its own models know them, and those they do not."""
    View(**view).validate_json()
    assert len(json.dumps(view)) <= 250_000
    assert len(view.get("callback_id", "")) <= 255
    assert len(view.get("private_metadata", "")) <= 3_000
    for name in ("title", "submit", "close"):
        assert name not in view or 0 < len(view[name]["text"]) <= 24
    ids = [block["block_id"] for block in _inputs(view)]
    assert len(set(ids)) == len(ids)
    for block in view["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


async def _body(request: web.Request) -> dict[str, Any]:
    """slack_sdk sends some arguments in the address, some as a form, some as JSON."""
    given = await request.json() if request.content_type == "application/json" else await request.post()
    return dict(request.query) | dict(given)
