"""The two pages that a mail links to: one stops mail, one confirms an address.

A page that is opened does nothing, because programs that scan mail open every link. Only a pressed button does, or the
one-click request of a mail program (RFC 8058), which is the same request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.chat.web.html import Templates, shared_templates

_HEADERS: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page asks, its button, and what the answer says. `to_board`: the answer leads to the board."""

    question: str
    help: str
    label: str
    done: str
    next: str
    to_board: bool = False


def routes(coalition: str, stop: Callable[[str], None], confirm: Callable[[str], None]) -> list[web.RouteDef]:
    """Return the pages' routes. `stop` and `confirm` take a token; one that nobody has does nothing.

    The answer is the same for every token, so nobody learns which ones exist.
    """
    templates = shared_templates(Path(__file__).parent / "templates")
    stopping = _Page(
        f"Stop email from {coalition}?",
        "You get nothing more at this address: no digest, no reminder, no news.",
        "Stop email",
        "No more email is sent to this address",
        f"If you change your mind, ask {coalition} to add the address again.",
    )
    confirming = _Page(
        f"Get email from {coalition} at this address?",
        "If you did not expect this, close the page: nothing is sent.",
        "Confirm this address",
        "Thank you",
        "If the link is still valid, the address is confirmed.",
        to_board=True,
    )
    return [
        *_routes("/mail/stop/{token:[0-9a-zA-Z-]{1,64}}", stopping, stop, coalition, templates),
        *_routes("/mail/confirm/{token:[0-9a-zA-Z-]{1,64}}", confirming, confirm, coalition, templates),
    ]


def _routes(
    path: str, page: _Page, act: Callable[[str], None], coalition: str, templates: Templates
) -> list[web.RouteDef]:
    def html(title: str, *, pressed: bool) -> web.Response:
        values = {"nav": (), "actor": None, "here": "", "site": coalition, "page": page, "pressed": pressed}
        text = templates.render("mail_press.html", title=title, **values)
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)

    async def show(_: web.Request) -> web.Response:
        return html(page.question, pressed=False)

    async def press(request: web.Request) -> web.Response:
        await asyncio.to_thread(act, request.match_info["token"])
        return html(page.done, pressed=True)

    return [web.get(path, show), web.post(path, press)]
