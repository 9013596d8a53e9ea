"""The public campaign page, its letters, its feed and calendar, and the form to get its news by mail.

All of it is absent until an administrator shows something (`/public show`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from aiohttp import web

from bot.chat.web.pages import Cell, Page, Table, View
from bot.chat.web.safety import network
from bot.chat.web.shell import shared_templates
from bot.chat.wording import clean
from bot.commands.model import ADMINISTRATOR, Context, Refused
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import records as congress
from bot.deadlines import agenda
from bot.letters import lookup
from bot.letters.allies.records import letters_with_page
from bot.letters.documents import render
from bot.letters.model import Signature
from bot.shared.language import NAMES, current, gettext, gettext_noop, ngettext
from bot.shared.states import STATES
from bot.shared.threads import for_people
from bot.shared.wording import first_sentence
from bot.site.public import campaign, subscribers
from bot.site.public.campaign import KIT, PATH, SCORECARD, CampaignPage, LetterShown
from bot.site.public.commands import PREVIEW
from bot.site.public.pages import (
    LOGO,
    LOOK,
    TEMPLATES,
    TRAP,
    PublicPages,
    Recent,
    conditional,
    digest_of,
    field_view,
    progress,
    signers_page,
    texts,
)
from bot.site.scorecard import table_of, whole_table

_CALENDAR: Final = f"{PATH}/deadlines.ics"
_CARD: Final = f"{PATH}/card.png"
_LINE: Final = 120  # characters of a sentence on the card
FEED: Final = f"{PATH}/feed.atom"
_FEED_TYPE: Final = "application/atom+xml"
_ENTRIES: Final = 100  # of the feed, the newest
_ADDRESS: Final = (
    *("address", "email", gettext_noop("Your email address")),
    gettext_noop("We email you a link to confirm. At most one email a day; each has a link that ends it"),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The page, and digests of what it and each of its letters show. `is_seen`: it or a letter's page is public."""

    page: CampaignPage
    shows: str
    letters: Mapping[str, str]
    is_seen: bool


@dataclass(eq=False, repr=False, kw_only=True)
class CampaignPages(PublicPages):
    """The routes."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._read_in = {language: Recent[_Loaded](self.ticks) for language in NAMES}
        self._logos: Recent[bytes] = Recent(self.ticks)

    def routes(self) -> list[web.RouteDef]:
        form = [web.post(f"{PATH}/subscribe", self._spoken(self._subscribe))] if self.config().mails else []
        return [
            web.get(PATH, self._spoken(self._show)),
            web.get(LOOK, self._look),
            web.get(LOGO, self._show_logo),
            web.get(_CARD, self._spoken(self._share)),
            web.get(FEED, self._limited(self._feed)),
            web.get(_CALENDAR, self._limited(self._calendar)),
            web.get(f"{KIT}/{{kit}}", self._spoken(self._kit)),
            web.get(SCORECARD, self._spoken(self._scorecard)),
            web.get(f"{SCORECARD}.csv", self._limited(self._scorecard)),
            web.get(f"{PATH}/{{letter:[Ll]-?[0-9]{{1,8}}}}", self._spoken(self._letter)),
            web.get(f"{PATH}/{{letter:[Ll]-?[0-9]{{1,8}}}}.pdf", self._limited(self._pdf)),
            *form,
        ]

    async def _show(self, request: web.Request) -> web.Response:
        loaded = await self._load()
        return await self._page_for_all(
            request, "campaign.html", loaded.shows, lambda time: self._values(loaded.page, time)
        )

    def _values(
        self, page: CampaignPage, time: str, typed: Mapping[str, str] | None = None, wrong: Refused | None = None
    ) -> dict[str, Any]:
        return _page_values(self.config(), page) | {
            "feed": FEED,
            "calendar": _CALENDAR if page.asks else "",
            "field": field_view(_ADDRESS, typed or {}, wrong) if self.config().mails else None,
            "error": wrong.what if wrong and not wrong.param else "",
            "time": time,
            "home": PATH,
            "card": _CARD,
            "title": self.config().coalition.name,
        }

    async def _letter(self, request: web.Request) -> web.Response:
        shown, shows = await self._public_letter(request)
        signers = signers_page(request, shown.members, shown.allies)

        def values(_: str) -> dict[str, Any]:
            return {
                "title": shown.title,
                "shown": shown,
                "signers": signers,
                "texts": texts(shown.letter),
                "pdf": f"{PATH}/{shown.label}.pdf",
                "home": PATH,
            }

        return await self._page_for_all(request, "campaign_letter.html", f"{shows} {signers.number}", values)

    async def _scorecard(self, request: web.Request) -> web.Response:
        """The items, and the members of the `state` in the address; or everyone as CSV."""
        loaded = await self._load()
        if (shown := loaded.page.scorecard) is None:
            raise web.HTTPNotFound
        card = shown.card
        if request.path.endswith(".csv"):
            data = whole_table(card, card.rows).csv
            return conditional(request, await self._rendered.get(f"csv {loaded.shows}", data), "text/csv")
        named = {each: STATES.get(each, gettext("Seat not known")) for each in {row.who.state for row in card.rows}}
        states = dict(sorted(named.items(), key=lambda each: (each[0] not in STATES, each[1])))
        chosen = request.query.get("state")
        rows = [row for row in card.rows if row.who.state == chosen]

        def values(_: str) -> dict[str, Any]:
            about = {"scorecard": card, "states": states, "chosen": chosen, "table": table_of(card, rows)}
            title = gettext("What Congress did on our bills")
            return about | {"title": title, "home": PATH, "keep": f"state={chosen}&" if rows else ""}

        shows = f"{loaded.shows} {chosen if rows else ''}"
        return await self._page_for_all(request, "campaign_scorecard.html", shows, values)

    async def _kit(self, request: web.Request) -> web.Response:
        """What it is, what to say and to post, and the telephones of the `state` in the address."""
        loaded = await self._load()
        shown = next((each for each in loaded.page.kits if each.name == request.match_info["kit"]), None)
        if shown is None:
            raise web.HTTPNotFound
        state = request.query.get("state", "")

        def values(_: str) -> dict[str, Any]:
            today = self.config().coalition.day(self.clock())
            members = [each for each in congress.members(self.db) if each.state == state and each.serves(today)]
            rows = [
                (
                    Cell(each.label, is_english=True),
                    Cell(each.phone, f"tel:{each.phone}") if each.phone else gettext("not known"),
                )
                for each in members
            ]
            calls = Table((gettext("Member"), gettext("Office in Washington")), rows)
            about = {"shown": shown, "states": STATES, "chosen": state, "table": calls, "home": PATH}
            keep = f"state={state}&" if members else ""
            return about | {"title": shown.title, "address": f"{self.config().site}{KIT}/{shown.name}", "keep": keep}

        shows = f"{loaded.shows} {shown.name} {state} {self.clock():%F}"  # the directory is read again each day
        return await self._page_for_all(request, "campaign_kit.html", shows, values)

    async def _pdf(self, request: web.Request) -> web.Response:
        shown, shows = await self._public_letter(request)
        response = await self._document_for_all(request, shows, "application/pdf", lambda: self._document(shown))
        response.headers["Content-Disposition"] = f'inline; filename="{shown.label}.pdf"'
        return response

    def _document(self, shown: LetterShown) -> bytes:
        """The letter to its first addressee, with the signatures as this page may show them."""
        config = self.config()
        letter = lookup.letters_for(self.db, config, shown.letter, self.clock())[0]
        signed = tuple(
            Signature(organisation=each.legal_name, signatory=each.signatory, title=each.title)
            for each in (*shown.members, *shown.allies)
        )
        return render.pdf(replace(letter, signatures=signed), config.folder)

    async def _look(self, request: web.Request) -> web.Response:
        """The coalition's color for the style sheets of the public pages, if there are any."""
        if not (await self._loaded()).is_seen:
            raise web.HTTPNotFound
        light, dark = self.config().coalition.accents
        body = f":root{{--accent:{light};--band:{light}}}@media(prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}"
        return conditional(request, body.encode(), "text/css")

    async def _show_logo(self, request: web.Request) -> web.Response:
        data = await self._logos.get(self._logo)
        if not data or not (await self._loaded()).is_seen:
            raise web.HTTPNotFound
        return conditional(request, data, "image/png")

    async def _share(self, request: web.Request) -> web.Response:
        """The picture that a link to the page shows: the letter that closes first, else who we are."""
        loaded = await self._load()
        coalition = self.config().coalition

        def card() -> bytes:
            if not loaded.page.open_letters:
                return self._card(coalition.name, first_sentence(coalition.about, _LINE), "")
            letter = loaded.page.open_letters[0]
            count = len(letter.members) + len(letter.allies)
            line = ngettext("%(num)s organization signed.", "%(num)s organizations signed.", count)
            line += f" {letter.until}"
            return self._card(letter.title, line, progress(self.config(), letter.members))

        return await self._document_for_all(request, f"{current()} {loaded.shows}", "image/png", card)

    async def _public_letter(self, request: web.Request) -> tuple[LetterShown, str]:
        """A letter that is shown, and a digest of it."""
        loaded = await self._load()
        wanted = int(request.match_info["letter"].lstrip("Ll-"))
        shown = next((each for each in loaded.page.letters if each.letter.number == wanted), None)
        if shown is None:
            raise web.HTTPNotFound
        return shown, loaded.letters[shown.name]

    async def _feed(self, request: web.Request) -> web.Response:
        loaded = await self._load()
        page, config = loaded.page, self.config()
        assert page.changed_at is not None
        key = f"{FEED} {loaded.shows} {page.changed_at} {config.site}"
        body = await self._rendered.get(key, lambda: atom(page, config.coalition, config.site))
        return conditional(request, body, _FEED_TYPE, changed_at=page.changed_at)

    async def _calendar(self, request: web.Request) -> web.Response:
        page = (await self._load()).page
        if not page.asks:
            raise web.HTTPNotFound
        asks = [int(ask.name) for ask in page.asks]
        coalition, now = self.config().coalition, self.clock()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)  # the calendar follows the day
        body = await for_people(agenda.public_file, self.db, coalition, asks, midnight, now)
        return conditional(request, body, agenda.MEDIA_TYPE)

    async def _subscribe(self, request: web.Request) -> web.Response:
        """Mail a link to confirm. The answer is the same for an address that subscribed before."""
        page = (await self._load()).page
        typed = await self._posted(request)

        async def ask() -> None:
            address = subscribers.checked(typed.get("address", "").strip())
            await self._check_domain(address)
            await self._write(lambda work: subscribers.ask(work, address, network=network(request)))

        if wrong := await self._take(typed, gettext("Subscribe"), ask):
            return await self._html("campaign.html", status=422, **self._values(page, self._stamp(), typed, wrong))
        address = typed.get("address", "")[:254]
        return await self._html("subscribed.html", title=gettext("Almost done"), address=address, home=PATH)

    async def _loaded(self) -> _Loaded:
        return await self._read_in[current()].get(self._read)

    async def _load(self) -> _Loaded:
        loaded = await self._loaded()
        if not loaded.page.news:
            raise web.HTTPNotFound
        return loaded

    def _read(self) -> _Loaded:
        page = campaign.load(self.db, self.config(), self.clock())
        letters = {each.name: f"{each.name} {campaign.digest(each)} {each.summary}" for each in page.letters}
        others = (
            page.asks,
            page.bills,
            page.open_letters,
            page.clips,
            page.scorecard,
            page.kits,
            [each.path for each in page.news],
        )
        shows = digest_of(repr((others, letters)).encode("utf-8", "surrogateescape"))
        return _Loaded(page, shows, letters, bool(page.news or letters_with_page(self.db)))


def _page_values(config: Config, page: CampaignPage) -> dict[str, Any]:
    """The template's values, without what only the public page has: a form, a feed and a calendar."""
    progress_by_letter = {each.name: progress(config, each.members) for each in page.open_letters}
    blank = dict.fromkeys(("preview", "feed", "calendar", "error", "time"), "")
    return blank | {"page": page, "progress": progress_by_letter, "field": None, "trap": TRAP}


def _preview(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The page as it will be with the item `add` in the address."""
    extra = campaign.candidate(ctx.tx, ctx.config, query["add"], ctx.now)[0] if query.get("add") else None
    page = campaign.load(ctx.tx, ctx.config, ctx.now, extra=extra)
    values = _page_values(ctx.config, page) | {
        "preview": query.get("add", "") or "what is public now",
        "looks": ("board.css", "public.css"),
        "coalition": ctx.config.coalition,
    }
    return View(title="Preview of the public page", template="campaign.html", values=values)


PREVIEW_PAGE: Final = Page(path=PREVIEW, show=_preview, who=ADMINISTRATOR)


def atom(page: CampaignPage, coalition: Coalition, site: str) -> bytes:
    """Return the feed. An entry has the same id for as long as the coalition has its id, whatever its address."""

    def id_(name: str) -> str:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"coalition-bot/{coalition.id}/{name}").urn

    values = {"page": page, "most": _ENTRIES, "id": id_, "clean": clean, "title": clean(coalition.name)}
    text = shared_templates(TEMPLATES).render("campaign.atom", site=site, feed=FEED, home=PATH, **values)
    return text.encode()
