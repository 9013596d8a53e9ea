"""The two pages that a mail links to: one stops mail, one confirms an address.

A page that is opened does nothing, because programs that scan mail open every link. Only a pressed button does, or the
one-click request of a mail program (RFC 8058), which is the same request. A token that we did not sign reaches neither
the store nor its lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.chat.web import safety
from bot.chat.web.shell import shared_templates
from bot.shared.keyring import Keyring

_HEADERS: Final = {"Cache-Control": "no-store"}
_PER_MINUTE: Final = 30  # presses with one token, and requests of one visitor without one of ours
# By the purpose of a token, which is in the page's address: what the page asks, and what its answer says.
_TITLES: Final = {
    "stop": ("Stop email from {}?", "No more email is sent to this address"),
    "confirm": ("Get email from {} at this address?", "Thank you"),
}
_TOO_OLD: Final = "Open the newest email from the coalition and use its link, or write to the coalition."


class MailPages:
    """The pages' routes. `stop` and `confirm` take what a token is for, once its signature was checked."""

    def __init__(
        self,
        coalition: str,
        keyring: Keyring,
        *,
        stop: Callable[[str], None],
        confirm: Callable[[str], None],
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
    ) -> None:
        self._coalition = coalition
        self._keyring = keyring
        self._clock = clock
        self._limit = safety.RateLimit(_PER_MINUTE, 60, ticks)
        self._templates = shared_templates(Path(__file__).parent / "templates")
        self._acts = {"stop": stop, "confirm": confirm}

    def routes(self) -> list[web.RouteDef]:
        return [
            route(f"/mail/{purpose}/{{token:[0-9a-zA-Z-]{{1,120}}}}", self._handler(purpose, pressed=pressed))
            for purpose in self._acts
            for route, pressed in ((web.get, False), (web.post, True))
        ]

    def _handler(self, purpose: str, *, pressed: bool) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            subject = self._keyring.subject(purpose, request.match_info["token"], self._clock())
            # Mail programs press for many readers from one address, so what is signed counts for itself alone.
            if (pressed or subject is None) and not self._limit.allows(subject or safety.visitor(request)):
                raise web.HTTPTooManyRequests
            if subject is None:
                return self._html("message.html", 410, title="Old link", head="This link is too old", text=_TOO_OLD)
            if pressed:
                await asyncio.to_thread(self._acts[purpose], subject)
            question, done = _TITLES[purpose]
            title = done if pressed else question.format(self._coalition)
            return self._html("mail_press.html", 200, title=title, purpose=purpose, pressed=pressed)

        return handle

    def _html(self, template: str, status: int, **values: object) -> web.Response:
        shared: dict[str, object] = {"nav": {}, "actor": None, "here": "", "site": self._coalition}
        text = self._templates.render(template, **shared, **values)
        return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)
