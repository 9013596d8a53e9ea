"""The web site over a board's store, and a browser without script that a test reads and fills in."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp.test_utils import TestServer
from lxml import html

from bot.chat.web.frontend import WebFrontend
from bot.chat.web.pages import Page
from bot.chat.web.site import application
from bot.people import sessions
from bot.people.model import Account, Person
from tests.kit.board import TUESDAY, Board

ZONE = ZoneInfo("America/New_York")
OWN = {"Sec-Fetch-Site": "same-origin"}


def frontend(board: Board, *, pages: Sequence[Page] = (), templates: Sequence[Path] = (), **rest: Any) -> WebFrontend:
    def ticks() -> float:
        return (board.now - TUESDAY).total_seconds()

    given: dict[str, Any] = {"ticks": ticks, "secure": False} | rest
    return WebFrontend(
        board.dispatcher,
        sessions.Sessions(board.db, board.coalition, clock=lambda: board.now, new_id=board.new_id),
        name=lambda: board.config.coalition.short,
        clock=lambda: board.now,
        zone=ZONE,
        new_id=board.new_id,
        pages=pages,
        templates=templates,
        **given,
    )


@asynccontextmanager
async def web_site(board: Board, **rest: Any) -> AsyncIterator[str]:
    """The site on loopback, whose address is that in the configuration."""
    face = frontend(board, **rest)
    async with TestServer(application(face.routes(), middleware=face.middleware)) as server:
        url = str(server.make_url("/")).rstrip("/")
        board.config = replace(board.config, site=url)
        yield url


@dataclass
class Answered:
    """A response, and its page."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def page(self) -> Any:
        return html.fromstring(self.body.decode("utf-8", "replace"))

    @property
    def text(self) -> str:
        return " ".join(self.page.xpath("//main")[0].text_content().split())

    @property
    def forms(self) -> list[Any]:
        return list(self.page.xpath("//main//form"))


class Browser:
    """A browser without script. Cookies are kept, redirects followed."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self._session.cookie_jar}

    async def get(self, path: str, **headers: str) -> Answered:
        return await self._ask("GET", path, headers=headers)

    async def post(self, path: str, fields: Any, headers: Mapping[str, str] = OWN) -> Answered:
        return await self._ask("POST", path, data=fields, headers=headers)

    async def log_in(self, token: str) -> Answered:
        answer = await self.get(f"/in/{token}")
        return await self.submit(answer.forms[0])

    async def submit(self, form: Any, filled: Mapping[str, Any] | None = None, button: tuple[str, str] | None = None):
        """Send a form with what is in it, and `filled`; a value that is bytes is a file."""
        fields = form_fields(form)
        files = {name: value for name, value in (filled or {}).items() if isinstance(value, bytes)}
        fields |= {name: value for name, value in (filled or {}).items() if isinstance(value, str)}
        fields |= dict([button] if button else [])
        if form.get("method") == "get":
            return await self._ask("GET", form.get("action"), params=fields)
        if form.get("enctype"):
            data = aiohttp.FormData()
            for name, value in fields.items():
                data.add_field(name, value)
            for name in form.xpath(".//input[@type='file']/@name"):
                data.add_field(name, io.BytesIO(files.get(name, b"")), filename="mine.docx" if name in files else "",
                               content_type="application/octet-stream")  # fmt: skip
            return await self.post(form.get("action"), data)
        return await self.post(form.get("action"), fields)

    async def _ask(self, method: str, path: str, **given: Any) -> Answered:
        url = path if path.startswith("http") else f"{self.site}{path}"
        async with self._session.request(method, url, **given) as response:
            return Answered(response.status, str(response.url), response.headers, await response.read())


def form_fields(form: Any) -> dict[str, str]:
    """What a browser sends of a form as it stands, but for its buttons and files."""
    fields: dict[str, str] = {}
    for element in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        name, kind = element.get("name"), element.get("type", "text")
        if element.tag == "textarea":
            fields[name] = (element.text or "").removeprefix("\n")
        elif element.tag == "select":
            chosen = element.xpath("./option[@selected]/@value") or element.xpath("./option/@value")
            fields[name] = str(chosen[0]) if chosen else ""
        elif kind == "radio":
            if element.get("checked") is not None:
                fields[name] = fields.get(name) or element.get("value")
        elif kind != "file":
            fields[name] = element.get("value", "")
    return fields


def make_link(board: Board, person: Person | Account) -> str:
    """The token of a link that somebody asked for in chat."""
    card = board.card(person, "campaign board")
    (url,) = [line.url for line in card.lines if line.url]
    return url.rpartition("/")[2]
