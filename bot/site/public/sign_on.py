"""The public sign-on page of a letter, and the page behind the link in an ally's mail.

A GET shows, and only a pressed button does something: mail scanners open every link, and some run scripts.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from aiohttp import web

from bot.chat.web.safety import FRAMED, network
from bot.commands.model import Choice, Refused
from bot.letters import wording
from bot.letters.allies import signing
from bot.letters.allies.model import Stage, checked
from bot.letters.lifecycle import Dossier, letter_name
from bot.shared.calendar import deadline_in_words
from bot.shared.language import current, gettext, gettext_noop, ngettext, pgettext
from bot.shared.threads import for_people
from bot.site.public.pages import (
    TRAP,
    PublicPages,
    Recent,
    SignersPage,
    digest_of,
    field_view,
    progress,
    signers_page,
    texts,
)

# A field's name, what the browser fills in, its label, and its help.
_FIELDS: Final = (
    ("legal_name", "organization", gettext_noop("Organization"),
     gettext_noop("Its full legal name, as the letter should show it")),
    ("website", "url", gettext_noop("Website"), gettext_noop("Such as www.example.org")),
    ("signatory", "name", gettext_noop("Who signs"),
     gettext_noop("The name of the person who signs for the organization")),
    ("title", "organization-title", gettext_noop("Title"),
     gettext_noop("That person's title, such as Executive Director")),
    ("address", "email", gettext_noop("Email"),
     gettext_noop("At your organization's own domain. A link to confirm goes there; it is never shown")),
)  # fmt: skip
_NUMBER: Final = re.compile(r"[Ll]-?(\d{1,8})", re.ASCII)
_LETTERS: Final = 32  # whose signers stay in memory
_LISTED: Final = ("listed", "off", gettext_noop("What this page may show"), gettext_noop("You can ask for less"))
_SHOWN: Final = (
    Choice("yes", gettext_noop("The organization, the person and the title")),
    Choice("no", gettext_noop("Only the organization")),
)


class SignOnPages(PublicPages):
    """Routes of the public pages of letters."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._letters: OrderedDict[str, Recent[tuple[signing.SignOnPage, str] | None]] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sign/{letter}", self._spoken(self._show)),
            web.post("/sign/{letter}", self._spoken(self._ask)),
            web.get("/sign/{letter}/card.png", self._spoken(self._share)),
            web.get("/sign/{letter}/embed", self._spoken(self._embed)),
            web.get("/ally/{secret}", self._spoken(self._link_page)),
            web.post("/ally/{secret}", self._spoken(self._press)),
        ]

    # --- a letter's page ---------------------------------------------------------------------------------------------

    async def _show(self, request: web.Request) -> web.Response:
        page, shows = await self._letter(request)
        signers = signers_page(request, page.members, page.allies)
        shows = f"{shows} {signers.number}"
        return await self._page_for_all(request, "sign.html", shows, lambda time: self._values(page, signers, time))

    async def _ask(self, request: web.Request) -> web.Response:
        """Take a request to sign. What cannot be right is shown at its field, with what was typed."""
        page, _ = await self._letter(request)
        typed = await self._posted(request)

        async def ask() -> None:
            texts_ = (typed.get(name, "") for name, *_ in _FIELDS)
            # In a thread: the lists of domains take a fifth of a second to read, the first time.
            given = await for_people(partial(checked, *texts_, listed=typed.get("listed", "yes") == "yes"))
            await self._check_domain(given.address)
            await self._write(lambda work: signing.ask(work, page.letter.id, given, network=network(request)))

        if wrong := await self._take(typed, pgettext("button", "Sign"), ask):
            signers = signers_page(request, page.members, page.allies)
            return await self._html("sign.html", status=422, **self._values(page, signers, self._stamp(), typed, wrong))
        address = typed.get("address", "")[:200]
        return await self._html("asked.html", title=gettext("Almost done"), letter=page.letter, address=address)

    async def _share(self, request: web.Request) -> web.Response:
        page, shows = await self._letter(request)
        count = len(page.members) + len(page.allies)
        line = ngettext("%(num)s organization signed.", "%(num)s organizations signed.", count)
        if page.is_open:
            line += " " + gettext("Sign until %(until)s.", until=self._until(page.letter))
        drawing = progress(self.config(), page.members) if page.members else ""
        title = page.letter.version.subject_in(current())
        return await self._document_for_all(
            request, f"{current()} {shows}", "image/png", lambda: self._card(title, line, drawing)
        )

    async def _embed(self, request: web.Request) -> web.Response:
        """The progress alone, without a form, for a frame on another site."""
        page, shows = await self._letter(request)
        signers = signers_page(request, page.members, page.allies)
        values = self._values(page, signers, "") | {"title": page.letter.version.subject}
        response = await self._page_for_all(request, "embed.html", shows, lambda _: values)
        response.headers["Content-Security-Policy"] = FRAMED
        return response

    async def _letter(self, request: web.Request) -> tuple[signing.SignOnPage, str]:
        """The letter's page, and a digest of what it shows."""
        key = request.match_info["letter"]
        if number := _NUMBER.fullmatch(key):
            key = letter_name(int(number[1]))  # many spellings, one reading

        def read() -> tuple[signing.SignOnPage, str] | None:
            page = signing.page(self.db, self.config(), key, self.clock())
            return (page, digest_of(repr(page).encode("utf-8", "surrogateescape"))) if page else None

        recent = self._letters.get(key) or Recent(self.ticks)
        current = await recent.get(read)
        if current is None:
            self._letters.pop(key, None)
            raise web.HTTPNotFound
        self._letters[key] = recent
        self._letters.move_to_end(key)
        if len(self._letters) > _LETTERS:
            self._letters.popitem(last=False)
        return current

    def _values(
        self,
        page: signing.SignOnPage,
        signers: SignersPage,
        time: str,
        typed: Mapping[str, str] | None = None,
        wrong: Refused | None = None,
    ) -> dict[str, Any]:
        return {
            "title": page.letter.version.subject_in(current()),
            "card": f"/sign/{page.letter.name}/card.png",
            "page": page,
            "signers": signers,
            "progress": progress(self.config(), page.members),
            "texts": texts(page.letter),
            "to": wording.recipients(page.letter),
            "introduction": wording.introduction(page.letter),
            "until": self._until(page.letter),
            "fields": [
                *(field_view(spec, typed or {}, wrong) for spec in _FIELDS),
                field_view(_LISTED, typed or {}, wrong, _SHOWN),
            ],
            "error": wrong.what if wrong and not wrong.param else "",
            "time": time,
            "trap": TRAP,
        }

    # --- the page behind a link in a mail ----------------------------------------------------------------------------

    async def _press(self, request: web.Request) -> web.Response:
        secret, typed = request.match_info["secret"], await self._posted(request)
        wrong = ""
        try:
            if typed.get("action") == "disown":
                await self._write(lambda work: signing.disown(work, secret))
            else:
                await self._write(lambda work: signing.confirm(work, secret, typed.get("shown", "")))
        except Refused as refused:
            wrong = refused.what
        return await self._link_page(request, wrong)

    async def _link_page(self, request: web.Request, wrong: str = "") -> web.Response:
        secret = request.match_info["secret"]
        try:
            link = await for_people(signing.linked_letter, self.db, secret, self.clock())
        except Refused as unknown:
            return await self._html(
                "asked.html", status=404, title=gettext("Unknown link"), letter=None, address="", text=unknown.what
            )
        return await self._html(
            "ally.html",
            status=422 if wrong else 200,
            title=gettext("Sign %(letter)s", letter=link.letter.name),
            link=link,
            stages=Stage,
            given=link.request.given,
            texts=texts(link.letter),
            until=self._until(link.letter),
            secret=secret,
            error=wrong,
        )

    # --- helpers -----------------------------------------------------------------------------------------------------

    def _until(self, letter: Dossier) -> str:
        return deadline_in_words(letter.closes_at, self.config().coalition.tz)
