"""The two pages that a mail links to: one stops mail, one confirms an address.

A page that is opened does nothing, because programs that scan mail open every link. Only a pressed button does, or the
one-click request of a mail program (RFC 8058), which is the same request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import escape
from typing import Final

from aiohttp import web

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}
_STYLE: Final = (
    "font:18px/1.5 system-ui,sans-serif;max-width:32em;margin:3em auto;padding:0 1em;color-scheme:light dark"
)


def routes(coalition: str, stop: Callable[[str], None], confirm: Callable[[str], None]) -> list[web.RouteDef]:
    """Return the pages' routes. `stop` and `confirm` take a token; one that nobody has does nothing.

    The answer is the same for every token, so nobody learns which ones exist.
    """
    name = escape(coalition)
    return [
        *_page(
            "/mail/stop/{token:[0-9a-zA-Z-]{1,64}}",
            f"Stop email from {name}?",
            "Stop email",
            "No more email is sent to this address.",
            stop,
        ),
        *_page(
            "/mail/confirm/{token:[0-9a-zA-Z-]{1,64}}",
            f"Get email from {name} at this address?",
            "Confirm this address",
            "Thank you. If the link is still valid, the address is confirmed.",
            confirm,
        ),
    ]


def _page(path: str, question: str, label: str, done: str, act: Callable[[str], None]) -> list[web.RouteDef]:
    async def show(_: web.Request) -> web.Response:
        return _html(
            question, f"<form method=post><button style='font:inherit;padding:.5em 1em'>{label}</button></form>"
        )

    async def press(request: web.Request) -> web.Response:
        await asyncio.to_thread(act, request.match_info["token"])
        return _html(done, "")

    return [web.get(path, show), web.post(path, press)]


def _html(title: str, body: str) -> web.Response:
    page = (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{title}</title><body style='{_STYLE}'><main><h1 style='font-size:1.3em'>{title}</h1>{body}</main>"
    )
    return web.Response(text=page, content_type="text/html", headers=_HEADERS)
