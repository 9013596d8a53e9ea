"""The public sign-on page of a letter, and the page behind the link in an ally's mail.

A GET shows, and only a pressed button does something: mail scanners open every link, and some run scripts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from bot.chat.web.forms import FieldView
from bot.chat.web.safety import network
from bot.commands.model import Choice, Refused
from bot.letters import wording
from bot.letters.allies import signing
from bot.letters.allies.model import Stage
from bot.letters.allies.typed import checked
from bot.letters.lifecycle import Dossier
from bot.public.pages import INDEXED, TIME, TRAP, PublicPages, texts
from bot.shared.calendar import day_in_words
from bot.shared.threads import for_people

# A field's name, what the browser fills in, its label, and its help.
_FIELDS: Final = (
    ("legal_name", "organization", "Organization", "Its full legal name, as the letter should show it"),
    ("website", "url", "Website", "Such as www.example.org"),
    ("signatory", "name", "Who signs", "The name of the person who signs for the organization"),
    ("title", "organization-title", "Title", "That person's title, such as Executive Director"),
    ("address", "email", "Email", "At your organization's own domain. A link to confirm goes there; it is never shown"),
)
_LISTED: Final = (Choice("yes", "The organization, the person and the title"), Choice("no", "Only the organization"))


class SignOnPages(PublicPages):
    """Routes of the public pages of letters."""

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
        if problem := self._time_problem(typed.get(TIME, ""), "Sign"):
            return self._letter_page(page, typed, problem)
        try:
            texts_ = (typed.get(name, "") for name, *_ in _FIELDS)
            given = checked(*texts_, listed=typed.get("listed", "yes") == "yes")
            await self._check_domain(given.address)
            await self._write(lambda work: signing.ask(work, page.letter.id, given, network=network(request)))
        except Refused as refused:
            return self._letter_page(page, typed, refused)
        return self._sent(page.letter, typed)

    def _letter_page(
        self, page: signing.Page, typed: Mapping[str, str] | None = None, wrong: Refused | None = None
    ) -> web.Response:
        return self._html(
            "sign.html",
            status=422 if wrong else 200,
            headers=INDEXED,
            title=page.letter.version.subject,
            page=page,
            texts=texts(page.letter),
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
            link = await for_people(signing.linked_letter, self._db, self._config(), secret, self._clock())
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
            texts=texts(link.letter),
            until=self._until(link.letter),
            secret=secret,
            error=wrong,
        )

    # --- helpers -----------------------------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> signing.Page:
        key = request.match_info["letter"]
        page = await for_people(signing.page, self._db, self._config(), key, self._clock())
        if page is None:
            raise web.HTTPNotFound
        return page

    def _until(self, letter: Dossier) -> str:
        closes = letter.closes_at.astimezone(self._config().coalition.tz) if letter.closes_at else None
        return f"{day_in_words(closes.date())} {closes:%H:%M %Z}" if closes else ""


def _fields(typed: Mapping[str, str], wrong: Refused | None) -> list[FieldView]:
    listed = ("listed", "off", "What this page may show", "You can ask for less")
    return [
        FieldView(
            name=name,
            label=label,
            help=help_,
            widget="radios" if name == "listed" else "text",
            required=True,
            value=typed.get(name, "yes" if name == "listed" else "")[:1_000],
            options=_LISTED if name == "listed" else (),
            error=wrong.what if wrong and wrong.param == name else "",
            autofill=autofill,
        )
        for name, autofill, label, help_ in (*_FIELDS, listed)
    ]
