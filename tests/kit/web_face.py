"""The web site over a board's store, and a browser without script that a test reads and fills in."""

from __future__ import annotations

import io
import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp.test_utils import TestServer
from lxml import html
from yarl import URL

from bot.chat.web.frontend import WebFrontend
from bot.chat.web.pages import is_read
from bot.chat.web.site import application
from bot.commands.model import Command, Kind
from bot.people import records, sessions
from bot.people.model import Account, Person
from bot.site.board.pages import PAGES, PREVIEWS, TEMPLATES, TRIALS
from tests.kit.board import TUESDAY, Board
from tests.kit.mail import KEYRING
from tests.kit.shown import Field, Shown, words

ZONE = ZoneInfo("America/New_York")
BOARD = {"pages": PAGES, "templates": [TEMPLATES], "previews": PREVIEWS, "trials": TRIALS}  # the board of a running bot
OWN = {"Sec-Fetch-Site": "same-origin"}


def frontend(board: Board, **rest: Any) -> WebFrontend:
    def ticks() -> float:
        return (board.now - TUESDAY).total_seconds()

    given: dict[str, Any] = {"ticks": ticks, "secure": False, "new_id": board.new_id, "keyring": KEYRING} | rest
    return WebFrontend(
        board.dispatcher,
        sessions.Sessions(board.db, clock=lambda: board.now, new_id=board.new_id),
        name=lambda: board.config.coalition.short,
        clock=lambda: board.now,
        zone=ZONE,
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

    def set_cookie(self, name: str, value: str) -> None:
        self._session.cookie_jar.update_cookies({name: value}, URL(self.site))

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
    """What a browser sends for an unchanged form, without buttons and files."""
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
    """The token of a link requested in chat."""
    card = board.card(person, "campaign board")
    (url,) = [line.url for line in card.lines if line.url]
    return url.rpartition("/")[2]


# --- the same words as in the chats -----------------------------------------------------------------------------------


class InWeb:
    """One person asks in a browser; see `tests/kit/faces.py`."""

    def __init__(self, board: Board, browser: Browser, log_in: Callable[[], None]) -> None:
        self._board, self._browser, self._log_in = board, browser, log_in

    async def type(self, line: str, command: Command, args: Mapping[str, str]) -> Shown:
        """The command's page; its form is sent if only what is known already is in it."""
        path = f"/do/{command.path.replace(' ', '/')}"
        if is_read(command):  # it is answered at once
            return await self._shown(await self._get(path, args))
        home = await self._get("/", {})
        (token,) = home.page.xpath("//footer//input[@name='_token']/@value")
        return await self._shown(await self._browser.post(path, {"_token": token, **args}))

    async def press(self, path: str, args: Mapping[str, str]) -> Shown:
        answer = await self._get("/do/try/press", {"path": path, "given": urlencode(args)})
        (button,) = answer.page.xpath("//ul[@class='buttons']/li/*")
        pressed = await (self._get(button.get("href"), {}) if button.tag == "a" else self._browser.submit(button))
        return await self._shown(pressed)

    async def fill_in(self, path: str, values: Mapping[str, str]) -> Shown:
        answer = await self._get(f"/do/{path.replace(' ', '/')}", {})
        (command,) = (each for each in self._board.commands if each.path == path)
        files = {param.name for param in command.params if param.kind is Kind.FILE}
        given = {name: value.encode() if name in files else value for name, value in values.items()}
        return await self._shown(await self._browser.submit(_main_form(answer), given))

    async def _get(self, path: str, query: Mapping[str, str]) -> Answered:
        self._log_in()
        return await self._browser.get(f"{path}?{urlencode(query)}" if query else path)

    async def _shown(self, answer: Answered) -> Shown:
        page = answer.page
        if sure := page.xpath("//main//form[contains(., 'Yes, do it')]"):  # the second page of a command about people
            return await self._shown(await self._browser.submit(sure[0]))
        if errors := page.xpath("//p[@class='error'] | //div[@class='errors']/ul/li[not(a)]"):
            return Shown(words=words(" ".join(each.text_content().replace("Error: ", "") for each in errors)))
        if (form := _main_form(answer)) is not None:
            return Shown(form=tuple(_field(each) for each in form.xpath("./div[starts-with(@class, 'field')]")))
        file = None
        if paths := page.xpath("//a[@download]"):
            file = (paths[0].get("download"), (await self._browser.get(paths[0].get("href"))).body)
        cards = page.xpath("//article")
        if not cards:
            return Shown(words=words(page.xpath("//main/p[1]")[0].text_content()), file=file)
        buttons = cards[0].xpath("./ul[@class='buttons']")
        labels = [" ".join(each.text_content().split()) for each in cards[0].xpath("./ul[@class='buttons']/li")]
        for each in buttons:
            each.getparent().remove(each)
        return Shown(
            words=words(_lines(cards[0])),
            links=frozenset(cards[0].xpath(".//a[starts-with(@href, 'http')]/@href")),
            buttons=tuple(labels),
            file=file,
        )


def _lines(element: Any) -> str:
    """The text with each paragraph, heading and item on its own line."""
    for block in element.iter("p", "li", "h1", "h2", "h3"):
        block.tail = f"\n{block.tail or ''}"
    return str(element.text_content())


def _main_form(answer: Answered) -> Any:
    forms = answer.page.xpath("//form[@class='main']")
    return forms[0] if forms else None


def _field(div: Any) -> Field:
    element = div.xpath(".//*[@name and not(self::button)]")[0]
    label = div.xpath("(./label | ./fieldset/legend)[1]")[0].text_content().replace("(optional)", "").strip()
    choices = div.xpath(".//option[not(ancestor::datalist)]/@value | ./fieldset/label/input/@value")
    initial = form_fields(div).get(element.get("name"), "")
    needed = element.get("required") is not None
    return Field(element.get("name"), label, needed, initial, tuple(filter(None, choices)))


@asynccontextmanager
async def in_web(board: Board) -> AsyncIterator[InWeb]:
    """Eve's session in a browser. The site takes its own ids, so the store's are those of the other chats."""
    numbers = itertools.count()

    def new_id() -> str:
        return f"{next(numbers):032d}"

    eve = Account("console", "", "eve")

    def log_in() -> None:
        if sessions.find(board.db, cookie, board.now) is None:
            open_session(board, eve, cookie)

    cookie = "c" * 32
    face = frontend(board, new_id=new_id)
    async with (
        TestServer(application(face.routes(), middleware=face.middleware)) as server,
        Browser(str(server.make_url("/")).rstrip("/")) as browser,
    ):
        browser.set_cookie("session", cookie)
        yield InWeb(board, browser, log_in)


def open_session(board: Board, account: Account, cookie: str) -> None:
    """A session with that cookie, as if a link of the account had been pressed."""
    person = records.person_of_account(board.db, account)
    assert person
    tokens = iter(["l" * 32, "5" * 32, cookie])
    with board.db.write() as tx:
        link = sessions.make_link(tx, person.id, account, now=board.now, new_id=lambda: next(tokens))
        assert sessions.redeem(tx, link, now=board.now, new_id=lambda: next(tokens))
