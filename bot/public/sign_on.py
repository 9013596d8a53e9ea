"""The public sign-on page of a letter, and the page behind the link in an ally's mail.

A GET shows, and only a pressed button does something: mail scanners open every link, and some run scripts. There is
no captcha: a field that only programs fill in, a least time and limits per mailbox, domain and network stop most.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.chat.web import safety
from bot.chat.web.forms import FieldView
from bot.chat.web.html import Templates
from bot.chat.web.posted import read_post
from bot.commands.model import Choice, Job, Refused, Work
from bot.config.load import Config
from bot.letters import wording
from bot.letters.allies import signing
from bot.letters.allies.model import Stage, checked
from bot.letters.lifecycle import Dossier
from bot.letters.model import Paragraph, Shape
from bot.shared.calendar import day_in_words
from bot.store.database import Database

TRAP: Final = "fax"  # a field that people do not see
_TIME: Final = "time"
_LARGEST: Final = 20_000  # bytes of a form
_LEAST: Final = 3.0  # seconds from the page to its form
_MOST: Final = 24 * 3600.0
_PER_MINUTE: Final = 60  # requests of one address
_HEADERS: Final = {"Cache-Control": "no-store"}
_INDEXED: Final = {**_HEADERS, "X-Robots-Tag": "all"}
_FIELDS: Final = (
    ("legal_name", "Organization", "Its full legal name, as the letter should show it"),
    ("website", "Website", "Such as www.example.org"),
    ("signatory", "Who signs", "The name of the person who signs for the organization"),
    ("title", "Title", "That person's title, such as Executive Director"),
    ("address", "E-mail", "At your organization's own domain. A link to confirm goes there; it is never shown"),
)
_LISTED: Final = (Choice("yes", "The organization, the person and the title"), Choice("no", "Only the organization"))

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter's text. `kind`: "p", "h3" or "ul", whose `items` are its lines."""

    kind: str
    items: tuple[str, ...]


class SignOnPages:
    """Routes of the public pages. `key`: a secret of this process; `changed`: called after something was stored."""

    def __init__(
        self,
        db: Database,
        config: Callable[[], Config],
        *,
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
        new_id: Callable[[], str],
        key: str,
        changed: Callable[[], None],
    ) -> None:
        self._db = db
        self._config = config
        self._clock = clock
        self._ticks = ticks
        self._new_id = new_id
        self._key = key.encode()
        self._changed = changed
        self._templates = Templates([Path(__file__).parent / "templates"])
        self._visits = safety.RateLimit(_PER_MINUTE, 60, ticks)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sign/{letter}", self._limited(self._show)),
            web.post("/sign/{letter}", self._limited(self._ask)),
            web.get("/ally/{secret}", self._limited(self._show_link)),
            web.post("/ally/{secret}", self._limited(self._press)),
        ]

    # --- a letter's page ---------------------------------------------------------------------------------------------

    async def _show(self, request: web.Request) -> web.Response:
        page = await self._page(request)
        return self._letter_page(page)

    async def _ask(self, request: web.Request) -> web.Response:
        """Take a request to sign. What cannot be right is shown at its field, with what was typed."""
        page = await self._page(request)
        typed = (await self._posted(request)).copy()
        if typed.get(TRAP):
            return self._sent(page.letter, typed)  # as if it had worked: programs try again otherwise
        if problem := self._time_problem(typed.get(_TIME, "")):
            return self._letter_page(page, typed, problem)
        try:
            given = checked(
                *(typed.get(name, "") for name, _, _ in _FIELDS), listed=typed.get("listed", "yes") == "yes"
            )
            await self._write(
                lambda work: signing.ask(work, page.letter.id, given, network=_network(safety.address(request)))
            )  # fmt: skip
        except Refused as refused:
            return self._letter_page(page, typed, refused)
        return self._sent(page.letter, typed)

    def _letter_page(
        self, page: signing.Page, typed: Mapping[str, str] | None = None, wrong: Refused | None = None
    ) -> web.Response:
        return self._html(
            "sign.html",
            status=422 if wrong else 200,
            headers=_INDEXED,
            title=page.letter.version.subject,
            page=page,
            texts=_texts(page.letter),
            to=wording.recipients(page.letter),
            until=self._until(page.letter),
            fields=_fields(typed or {}, wrong),
            error=wrong.what if wrong and not wrong.param else "",
            time=self._stamp(),
            trap=TRAP,
        )

    def _sent(self, letter: Dossier, typed: Mapping[str, str]) -> web.Response:
        return self._html("asked.html", title="Almost done", letter=letter, address=typed.get("address", "")[:200])

    # --- the page behind a link in a mail ----------------------------------------------------------------------------

    async def _show_link(self, request: web.Request) -> web.Response:
        return await self._link_page(request.match_info["secret"])

    async def _press(self, request: web.Request) -> web.Response:
        secret, typed = request.match_info["secret"], await self._posted(request)
        wrong = ""
        try:
            if typed.get("action") == "disown":
                await self._write(lambda work: signing.disown(work, secret))
            else:
                shown = typed.get("shown", "")
                await self._write(lambda work: signing.confirm(work, secret, shown))
        except Refused as refused:
            wrong = refused.what
        return await self._link_page(secret, wrong)

    async def _link_page(self, secret: str, wrong: str = "") -> web.Response:
        try:
            link = await asyncio.to_thread(signing.linked_letter, self._db, self._config(), secret, self._clock())
        except Refused as unknown:
            return self._html(
                "asked.html", status=404, title="Unknown link", letter=None, address="", text=unknown.what
            )
        return self._html(
            "ally.html",
            status=422 if wrong else 200,
            title=f"Sign {link.letter.name}",
            link=link,
            stages=Stage,
            given=link.request.given,
            texts=_texts(link.letter),
            until=self._until(link.letter),
            secret=secret,
            error=wrong,
        )

    # --- helpers -----------------------------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> signing.Page:
        key = request.match_info["letter"]
        page = await asyncio.to_thread(signing.page, self._db, self._config(), key, self._clock())
        if page is None:
            raise web.HTTPNotFound
        return page

    def _limited(self, page: Page) -> Page:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not self._visits.allows(safety.address(request)):
                raise web.HTTPTooManyRequests
            return await page(request)

        return handle

    async def _posted(self, request: web.Request) -> dict[str, str]:
        if not safety.is_own(request):
            raise web.HTTPForbidden
        return dict((await read_post(request, _LARGEST)).fields)

    async def _write(self, change: Callable[[Work], object]) -> None:
        def run() -> None:
            with Job(self._db, self._config(), self._clock(), self._new_id).write() as work:
                change(work)

        await asyncio.to_thread(run)
        self._changed()

    def _until(self, letter: Dossier) -> str:
        closes = letter.closes_at.astimezone(self._config().coalition.tz) if letter.closes_at else None
        return f"{day_in_words(closes.date())} {closes:%H:%M %Z}" if closes else ""

    def _stamp(self) -> str:
        """When the form was shown, in a form that only we can write."""
        at = f"{self._ticks():.1f}"
        return f"{at} {self._signed(at)}"

    def _time_problem(self, stamp: str) -> Refused | None:
        at, _, signature = stamp.partition(" ")
        if not hmac.compare_digest(signature.encode("utf-8", "surrogateescape"), self._signed(at).encode()):
            return Refused("This page was open for a long time. Check the form and press Sign once more.")
        age = self._ticks() - float(at)
        if age < _LEAST:
            return Refused("That was quick. Check the form and press Sign once more.")
        return (
            Refused("This page was open for a day. Check the form and press Sign once more.") if age > _MOST else None
        )

    def _signed(self, at: str) -> str:
        return hmac.new(self._key, at.encode("utf-8", "surrogateescape"), sha256).hexdigest()

    def _html(
        self, template: str, *, status: int = 200, headers: Mapping[str, str] = _HEADERS, **values: Any
    ) -> web.Response:
        coalition = self._config().coalition
        values = {
            "nav": (), "actor": None, "here": "", "site": coalition.short, "coalition": coalition, "text": "",
        } | values  # fmt: skip
        text = self._templates.render(template, **values)
        return web.Response(text=text, status=status, content_type="text/html", headers=dict(headers))


def _fields(typed: Mapping[str, str], wrong: Refused | None) -> list[FieldView]:
    fields = [(name, label, help_, ()) for name, label, help_ in _FIELDS]
    return [
        FieldView(
            name=name,
            label=label,
            help=help_,
            widget="radios" if options else "text",
            required=True,
            value=typed.get(name, "yes" if options else "")[:1_000],
            options=options,
            error=wrong.what if wrong and wrong.param == name else "",
        )
        for name, label, help_, options in (
            *fields,
            ("listed", "What this page may show", "You can ask for less", _LISTED),
        )
    ]


def _texts(letter: Dossier) -> list[tuple[Block, ...]]:
    return [blocks(text.written.body) for text in letter.version.texts]


def blocks(body: tuple[Paragraph, ...]) -> tuple[Block, ...]:
    """A text as a page shows it: neighboring paragraphs of one shape are one block."""
    kinds = {Shape.TEXT: "p", Shape.HEADING: "h3", Shape.ITEM: "ul"}
    return tuple(
        Block(kinds[shape], tuple(part.text for part in group))
        for shape, group in groupby(body, lambda part: part.shape)
    )


def _network(address: str) -> str:
    """The network of an address, as providers give them out: /24 of IPv4, /48 of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
