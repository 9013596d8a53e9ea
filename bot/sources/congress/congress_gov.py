"""congress.gov's API v3, asked with the coalition's key, which has 5,000 requests an hour; and two of its lists.

Civilian nominations before the Senate: the list has a nomination's latest action alone, usually the next morning, so a
step that another one followed on the same day may be missed. Nobody else publishes them as data.

Reports of the Congressional Research Service: a second road next to EveryCRSReport's feed. The list is by last change,
and most changes are of old reports, so only what was published lately counts.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bot.fetch.payload import object_of, read_object, read_rows, text_of
from bot.shared.agencies import agencies
from bot.shared.answer import Answer, Body, Failure, Fetched, Health, Memory, NotModified, checked
from bot.shared.bill_number import nth
from bot.shared.bill_record import sessions_between
from bot.shared.entry import Agency, Entry, Kind
from bot.shared.plain_text import EASTERN, clean, cut, day, instant, short_hash
from bot.shared.urls import canonical_key
from bot.sources.feeds.feed import FeedSource
from bot.sources.feeds.parse import TITLE, Item, Reading
from bot.sources.model import HttpSource

if TYPE_CHECKING:
    from bot.fetch.http import Fetcher

API_URL: Final = "https://api.congress.gov/v3"
KEY_HEADER: Final = "X-Api-Key"  # the key travels in a header, never in the URL
_PAGE_SIZE: Final = 250  # the API's maximum; more is cut to it without a word
_MOST_PAGES: Final = 20  # of a list
_OVERLAP: Final = timedelta(hours=1)
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
_NOMINATION_PAGE: Final = "https://www.congress.gov/nomination/{congress}-congress/{number}"
_LOOK_BACK: Final = timedelta(days=30)
_CITATION: Final = re.compile(r"PN\d{1,5}(?:-\d{1,4})?", re.ASCII)
_OFFICE: Final = re.compile(r"^(?:U\.S\. )?(?:Office (?:of the|for|of|on|to) )?")  # what an office's title leaves out
_DISTINCT: Final = 3  # words of an office's name by which it is known
_STEPS: Final = (  # a part of the Senate's words, and what it means
    ("received in the senate", "Nomination received"),
    ("confirmed by the senate", "Confirmed"),
    ("returned to the president", "Returned"),
    ("withdrawal", "Withdrawn"),
    ("hearings held", "Hearing held"),
    ("ordered to be reported", "Ordered reported"),
    ("reported by", "Reported"),
    ("cloture", "Cloture"),
    ("executive calendar", "Placed on calendar"),
)
_LIST: Final = f"{API_URL}/crsreport?format=json&limit=250"
_REPORT_PAGE: Final = "https://www.congress.gov/crs-product/{id}"
_EVERY_CRS_REPORT: Final = "https://www.everycrsreport.com/reports/{id}.html"  # under which that feed has a report
_ID: Final = re.compile(r"[A-Z0-9]{1,8}(?:-\d{1,5}[A-Z]?)?", re.ASCII)  # R48123, LSB11234, 98-202
_LATELY: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, repr=False)
class CongressApi:
    """The API at `url`. Its methods raise `Failure`."""

    fetcher: Fetcher
    url: str
    key: str

    async def read(self, path: str, now: datetime) -> Mapping[str, Any]:
        """The object at a path below ``v3/``. `format` is always sent: the default became XML in 2026."""
        if not self.key:
            raise Failure(Health.NEEDS_KEY, "it needs a key: set CONGRESS_API_KEY in .env")
        address = f"{self.url}/{path}{'&' if '?' in path else '?'}format=json"
        options = {"accept": "application/json", "headers": {KEY_HEADER: self.key}}
        return await self.fetcher.read(address, read_object, now, **options)

    async def rows(self, path: str, key: str, now: datetime) -> list[Any]:
        """All rows of the list `key` at a path, page by page."""
        rows: list[Any] = []
        before: list[Any] = []
        for _ in range(_MOST_PAGES):
            paging = f"{'&' if '?' in path else '?'}limit={_PAGE_SIZE}&offset={len(rows)}"
            page = await self.read(f"{path}{paging}", now)
            rows_of_page = page.get(key)
            if not isinstance(rows_of_page, list):
                raise Failure(Health.MALFORMED, f"the API's list of {key} is missing")
            if rows_of_page == before:  # whatever `count` says, nothing new comes
                return rows
            before = rows_of_page
            rows += rows_of_page
            # `pagination.next` has come with a raw space, so the offset is counted here.
            count = object_of(page, "pagination").get("count")
            total = count if isinstance(count, int) else None
            if len(rows_of_page) < _PAGE_SIZE if total is None else len(rows) >= total:
                return rows
        raise Failure(Health.MALFORMED, f"the API's list of {key} does not end after {_MOST_PAGES} pages")

    async def changed(self, path: str, key: str, since: datetime, now: datetime) -> tuple[list[Any], datetime]:
        """The rows of a list that changed since then or shortly before, and when the newest of them changed."""
        period = f"fromDateTime={since - _OVERLAP:{_MOMENT}}&toDateTime={now:{_MOMENT}}"
        rows = await self.rows(f"{path}?{period}", key, now)
        stamps = (stamp for row in rows if (stamp := instant(text_of(row, "updateDate"))))
        return rows, min(max([since, *stamps]), now)


class Nominations(HttpSource, kind="nominations", brings=Kind.NOMINATION, key_setting="congress_api_key"):
    """Civilian nominations before the Senate.

    The nominations that changed since the last poll, in a Congress's first month also those of the last one.
    Cursor: ``{"since": instant}``, when the newest that was listed last changed.
    """

    default_url = API_URL
    key: str = ""

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        since = instant(memory.cursor.get("since")) or now - _LOOK_BACK
        api = CongressApi(self.fetcher, self.url.rstrip("/"), self.key)
        civilian, newest = list[tuple[int, Any]](), list[datetime]()
        # The Senate returns what it left undone at a Congress's end (Rule XXXI): the record of that comes days later.
        sessions = sessions_between(*(at.astimezone(EASTERN).date() for at in (since, now)))
        for congress in dict.fromkeys(congress for congress, _ in sessions):
            rows, changed = await api.changed(f"nomination/{congress}", "nominations", since, now)
            newest.append(changed)
            of_civilians = (row for row in rows if object_of(row, "nominationType").get("isCivilian") in (True, "True"))
            civilian += [(congress, row) for row in of_civilians]
        after = replace(memory, validators={}, cursor={"since": max(newest).isoformat()})
        entries = [entry for congress, row in civilian if (entry := _entry(self.id, row, congress))]
        if not entries and memory.first_success_at:
            return NotModified(after)
        health = Health.OK if entries else Health.EMPTY_EXPECTED
        broken = len(civilian) - len(entries)
        return Fetched(entries=tuple(entries), memory=after, health=health, broken=broken)


def _entry(source: str, row: Mapping[str, Any], congress: int) -> Entry | None:
    """The latest step of a nomination; None without its number, description or a dated action."""
    citation, description = text_of(row, "citation"), clean(text_of(row, "description"))
    action = object_of(row, "latestAction")
    on, text = day(text_of(action, "actionDate")), clean(text_of(action, "text"))
    if not _CITATION.fullmatch(citation) or not description or on is None or not text:
        return None
    thread = f"nomination:{congress}-{citation}"
    organization = clean(text_of(row, "organization"))
    # The agencies of the catalog that the position is in, by their names or what these say after "Office of".
    named = [(words, agency) for words, agency in _by_words() if words in description]
    offices = (agency for words, agency in named if not any(words in other != words for other, _ in named))
    return Entry(
        source=source,
        kind=Kind.NOMINATION,
        identity=(f"{thread}:{on}:{short_hash(text, 12)}",),
        thread=thread,
        title=description,
        url=_NOMINATION_PAGE.format(congress=nth(congress), number=citation[2:].replace("-", "/")),
        agencies=(*dict.fromkeys(offices), *([Agency(organization)] if organization else ())) or None,
        type=next((step for words, step in _STEPS if words in text.casefold()), "Nomination"),
        publication_date=on,
        as_of=instant(text_of(row, "updateDate")),
        notes=(f"{citation}: {text}",),
    )


@cache
def _by_words() -> tuple[tuple[str, Agency], ...]:
    return tuple(
        (words, Agency(section["name"], next(iter(section.get("register", ())), None)))
        for section in agencies().values()
        for name in (section["name"], *section.get("also", ()))
        if len((words := _OFFICE.sub("", name)).split()) >= _DISTINCT
    )


class CrsReports(FeedSource, kind="crs-reports", brings=Kind.NEWS, key_setting="congress_api_key"):
    """Reports of the Congressional Research Service, by congress.gov.

    The reports that were published or revised in the last two weeks.
    """

    default_url = _LIST
    accept = "application/json"
    key: str = ""
    may_be_empty: bool = True

    @property
    def headers(self) -> Mapping[str, str]:
        return {KEY_HEADER: self.key}

    async def _read(self, body: Body, memory: Memory, now: datetime) -> Reading:  # noqa: ARG002 - of paged lists
        rows = checked(await asyncio.to_thread(read_rows, body, "CRSReports"))
        items = [item for row in rows if (item := _item(row))]
        lately = (item for item in items if item.published and item.published > now - _LATELY)
        return Reading(tuple(lately), broken=len(rows) - len(items))

    def _entry(self, item: Item, identity: tuple[str, ...], now: datetime) -> Entry:
        page = f"url:{canonical_key(_EVERY_CRS_REPORT.format(id=item.guid))}"
        return super()._entry(item, (page, *identity), now)


def _item(row: Any) -> Item | None:
    """The item of a row; None without a number or a title."""
    id_, title = text_of(row, "id"), clean(text_of(row, "title"))
    if not _ID.fullmatch(id_) or not title:
        return None
    published = instant(text_of(row, "publishDate"))
    return Item(cut(title, TITLE), _REPORT_PAGE.format(id=id_), id_, summary="", published=published, outlet="")
