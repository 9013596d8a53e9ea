"""The two pages that a mail links to: one stops mail, one confirms an address.

A page that is opened does nothing, because programs that scan mail open every link. Only a pressed button does, or the
one-click request of a mail program (RFC 8058), which is the same request. A token that we did not sign reaches neither
the store nor its lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.chat.web import safety
from bot.chat.web.shell import shared_templates
from bot.shared.keyring import Keyring

_HEADERS: Final = {"Cache-Control": "no-store"}
_PER_MINUTE: Final = 30  # presses with one token, and requests of one visitor without one of ours
_TOO_OLD: Final = "Open the newest email from the coalition and use its link, or write to the coalition."


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page asks, its button, and what the answer says. `name`: in its address, and the purpose of its tokens.
    `to_board`: the answer leads to the board.
    """

    name: str
    act: Callable[[str], None]
    question: str
    help: str
    label: str
    done: str
    next: str
    to_board: bool = False


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
        self._pages = (
            _Page(
                "stop",
                stop,
                f"Stop email from {coalition}?",
                "You get nothing more at this address: no digest, no reminder, no news.",
                "Stop email",
                "No more email is sent to this address",
                f"If you change your mind, ask {coalition} to add the address again.",
            ),
            _Page(
                "confirm",
                confirm,
                f"Get email from {coalition} at this address?",
                "If you did not expect this, close the page: nothing is sent.",
                "Confirm this address",
                "Thank you",
                "If the address was still waiting for this, it is confirmed.",
                to_board=True,
            ),
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            route(f"/mail/{page.name}/{{token:[0-9a-zA-Z-]{{1,120}}}}", self._handler(page, pressed=pressed))
            for page in self._pages
            for route, pressed in ((web.get, False), (web.post, True))
        ]

    def _handler(self, page: _Page, *, pressed: bool) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            subject = self._keyring.subject(page.name, request.match_info["token"], self._clock())
            # Mail programs press for many readers from one address, so what is signed counts for itself alone.
            if (pressed or subject is None) and not self._limit.allows(subject or safety.visitor(request)):
                raise web.HTTPTooManyRequests
            if subject is None:
                return self._html("message.html", 410, title="Old link", head="This link is too old", text=_TOO_OLD)
            if pressed:
                await asyncio.to_thread(page.act, subject)
            title = page.done if pressed else page.question
            return self._html("mail_press.html", 200, title=title, page=page, pressed=pressed)

        return handle

    def _html(self, template: str, status: int, **values: object) -> web.Response:
        shared: dict[str, object] = {"nav": {}, "actor": None, "here": "", "site": self._coalition}
        text = self._templates.render(template, **shared, **values)
        return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)
