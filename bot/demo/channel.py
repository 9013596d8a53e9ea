"""A chat channel on loopback that stores posts: the part of Discord's REST API for posting and searching."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Final

from aiohttp import web

_BOT: Final[dict[str, Any]] = {"id": "1", "username": "demo", "discriminator": "0", "avatar": None, "bot": True}


class LoopbackChannel:
    """`async with LoopbackChannel() as url` gives an address for DISCORD_API_URL; `posted` has the visible messages.

    Discord forgets a message's nonce after some minutes; this channel ignores nonces, so a message sent twice is in
    `posted` twice.
    """

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        app = web.Application()
        app.router.add_get("/users/@me", _me)
        app.router.add_get("/oauth2/applications/@me", _application)
        app.router.add_post("/channels/{id}/messages", self._post)
        app.router.add_get("/channels/{id}/messages", self._history)
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        message = {**await request.json(), "id": str(len(self.posted) + 1), "channel_id": request.match_info["id"]}
        self.posted.append(message | {"author": _BOT})
        return _json(self.posted[-1])

    async def _history(self, request: web.Request) -> web.Response:
        """The channel's messages, newest first. There are few, so `after` is ignored."""
        messages = [message for message in self.posted if message["channel_id"] == request.match_info["id"]]
        return _json(messages[::-1])


def _json(value: Any) -> web.Response:
    """A JSON response; discord.py reads JSON only without a charset."""
    return web.Response(body=json.dumps(value).encode(), content_type="application/json")


async def _me(request: web.Request) -> web.Response:  # noqa: ARG001 - aiohttp's signature
    return _json(_BOT)


async def _application(request: web.Request) -> web.Response:  # noqa: ARG001 - aiohttp's signature
    return _json(
        {"id": "1", "name": "demo", "icon": None, "description": "", "bot_public": False, "flags": 0}
        | {"bot_require_code_grant": False, "verify_key": "", "owner": _BOT}
    )
