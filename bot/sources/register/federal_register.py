"""The Federal Register's API: documents as published, and filings on public inspection.

Undocumented behavior of the search (federalregister-api-core): `fields[]` replaces the default set; `per_page` of 1
or above 2000 becomes 20; a page beyond 50, or beyond 10,000 documents, is page 1 again; `count` stops at 10,000; with
nothing found `results` is missing, or the answer is 404.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from pydantic import Field

from bot.fetch.payload import list_of, read_object
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Health, Memory, NotModified, Unchanged, checked
from bot.shared.calendar import business_day, day_in_words
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import EASTERN, day, instant
from bot.shared.values import Duration
from bot.sources.model import HttpSource
from bot.sources.register.documents import document_entry, filing_entry

_FIELDS: Final = (
    "document_number", "title", "type", "subtype", "action", "abstract", "dates", "agencies", "publication_date",
    "html_url", "pdf_url", "comments_close_on", "effective_on", "docket_ids", "regulation_id_numbers", "toc_subject",
    "toc_doc", "correction_of", "citation",
)  # fmt: skip
_PER_PAGE: Final = 1000
_MOST_PAGES: Final = 50
_MOST_COUNTED: Final = 10_000
_LONGEST_ABSENCE: Final = timedelta(days=90)  # some 7,000 documents; nobody reads older ones as news
_ISSUE_IS_OUT: Final = time(9, 10)  # the Office of the Federal Register promises 6 a.m.
_INSPECTION_HOURS: Final = (time(8, 50), time(19))  # regular filings appear at 8:45


@dataclass(slots=True)
class _SearchResult:
    """Documents of a search by number, and whether the list is complete."""

    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    counted: int = 0
    broken: int = 0
    complete: bool = True
    validators: Mapping[str, str] = field(default_factory=dict)

    def add(self, results: Iterable[Any]) -> bool:
        """Add documents; whether any of them was new."""
        before = len(self.documents)
        for document in results:
            number = document.get("document_number") if isinstance(document, Mapping) else None
            if isinstance(number, str) and number:
                self.documents.setdefault(number, document)
            else:
                self.broken += 1
        return len(self.documents) > before


class FederalRegister(HttpSource, kind="federal-register", brings=Kind.DOCUMENT, missing_means_empty=True):
    """Documents of the Federal Register.

    Every poll returns the whole window, because documents come late and change. After downtime the window starts before
    the last answer, so a bot that was down for two weeks misses nothing. `may_be_empty` is for agencies that
    publish little.
    """

    default_url = "https://www.federalregister.gov/api/v1/documents.json"
    agencies: tuple[str, ...] = Field(default=(), description="agency slugs; the whole Register if left out")
    lookback: Duration = Field(
        default=timedelta(days=7), description="how far back each poll looks, by publication date"
    )
    may_be_empty: bool = False

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        last = max(memory.last_success_at or now, now - _LONGEST_ABSENCE)
        overlap = (
            self.lookback if memory.first_success_at else timedelta()
        )  # a first check may be asked to start earlier
        usual = now.astimezone(EASTERN).date() - self.lookback
        since = min(last.astimezone(EASTERN).date() - overlap, usual)
        url = self._address(gte=since)
        result = await self._search(url, memory.validators.get(url, {}), now)
        if isinstance(result, Unchanged):
            unchanged = replace(memory, validators={url: result.validators})
            # A problem once the day's issue is due and still missing.
            health, detail = await asyncio.to_thread(self._quiet, day(memory.cursor.get("newest")), since, now)
            late = Fetched(entries=(), memory=unchanged, health=health, detail=detail)
            return NotModified(unchanged) if health is Health.OK else late
        if isinstance(result, _SearchResult) and not result.complete:
            result = await self._day_by_day(since, now)
        if isinstance(result, FetchFailed):
            # 404 means "nothing found", but at a first poll it more likely means a wrong address.
            if result.health is not Health.GONE or memory.first_success_at is None:
                return result
            detail = f"{result.detail}: nothing found since {day_in_words(since)}, or the API has moved"
            return Fetched(entries=(), memory=memory, health=Health.EMPTY, detail=detail)
        entries = await asyncio.to_thread(self._entries, result)
        newest = max((entry.publication_date for entry in entries if entry.publication_date), default=None)
        health, detail = await asyncio.to_thread(self._quiet, newest, since, now)
        if not result.complete:
            health = Health.OVERRUN
            detail = f"{len(entries)} of {result.counted} documents were returned: the rest may be missing"
        elif result.broken and not detail:
            detail = f"{result.broken} documents without a number were left out"
        after = replace(
            memory,
            validators={url: result.validators} if result.validators else {},
            cursor={"newest": newest.isoformat() if newest else None},
        )
        return Fetched(entries=entries, memory=after, health=health, detail=detail, broken=result.broken)

    def _address(self, **published: date) -> str:
        query = [
            *(("fields[]", name) for name in _FIELDS),
            *(("conditions[agencies][]", slug) for slug in self.agencies),
            *((f"conditions[publication_date][{name}]", on.isoformat()) for name, on in published.items()),
            ("order", "newest"),
            ("per_page", str(_PER_PAGE)),
        ]
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(query)}"

    async def _search(
        self, first: str, validators: Mapping[str, str], now: datetime
    ) -> _SearchResult | Unchanged | FetchFailed:
        """All pages from `first` on, until one has nothing new. If a later page fails, the result is incomplete."""
        result, address, pages = _SearchResult(), first, 0
        while address and pages < _MOST_PAGES:
            page = await self._page(address, {} if pages else validators, now)
            if not isinstance(page, tuple):
                result.complete = False
                return result if pages else page
            body, answer = page
            pages += 1
            result.counted = max(result.counted, _whole_number(answer.get("count")))
            more = result.add(list_of(answer, "results"))
            # Validators cover one page only, so they are kept only for a single-page result.
            result.validators = body.validators if pages == 1 else {}
            base, following = urlsplit(first), answer.get("next_page_url")  # paging never leaves the source
            is_ours = isinstance(following, str) and following.startswith(f"{base.scheme}://{base.netloc}/")
            address = str(following) if more and is_ours else ""
        result.complete = len(result.documents) + result.broken >= result.counted < _MOST_COUNTED
        return result

    async def _page(
        self, address: str, validators: Mapping[str, str], now: datetime
    ) -> tuple[Body, Mapping[str, Any]] | Unchanged | FetchFailed:
        response = await self.fetcher.get(address, validators, now=now, accept="application/json")
        if not isinstance(response, Body):
            return response
        answer = await asyncio.to_thread(read_object, response)
        return answer if isinstance(answer, FetchFailed) else (response, answer)

    async def _day_by_day(self, since: date, now: datetime) -> _SearchResult | FetchFailed:
        whole, until = _SearchResult(), now.astimezone(EASTERN).date()
        for days in range((until - since).days + 1):
            result = await self._search(self._address(**{"is": since + timedelta(days)}), {}, now)
            if isinstance(result, _SearchResult):
                whole.documents |= result.documents
                whole.counted += result.counted
                whole.broken += result.broken
                whole.complete = whole.complete and result.complete
            elif isinstance(result, FetchFailed) and result.health is not Health.GONE:
                return result
        return whole

    def _entries(self, result: _SearchResult) -> tuple[Entry, ...]:
        entries = (document_entry(document, self.id) for document in result.documents.values())
        return tuple(sorted(entries, key=lambda e: (e.publication_date or date.min, e.number or "")))

    def _quiet(self, newest: date | None, since: date, now: datetime) -> tuple[Health, str]:
        """Health and detail by the newest publication date in the window: too few documents are a problem."""
        local = now.astimezone(EASTERN)
        today = local.date()
        if newest is None:
            days = sum(business_day(since + timedelta(n)) for n in range((today - since).days + 1))
            health = Health.EMPTY if days and not self.may_be_empty else Health.EMPTY_EXPECTED
            return health, f"the Register answers, with 0 documents on {days} business days since {day_in_words(since)}"
        issue_is_due = business_day(today) and local.time() >= _ISSUE_IS_OUT
        if issue_is_due and newest < today and not self.agencies:
            return Health.EMPTY, f"the Register answers, with 0 documents dated {day_in_words(today)}, a business day"
        return Health.OK, ""


class PublicInspection(HttpSource, kind="public-inspection", brings=Kind.DOCUMENT):
    """Filings that the Register publishes on the next days.

    All filings on public inspection now, including those for later issues.
    """

    default_url = "https://www.federalregister.gov/api/v1/public-inspection-documents/current.json"

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self.ask(memory, now, "application/json")
        if isinstance(answer, NotModified):
            filings = _whole_number(memory.cursor.get("filings"))
            health, detail = await asyncio.to_thread(_filings_health, filings, now)
            unchanged = Fetched(entries=(), memory=answer.memory, health=health, detail=detail)
            return answer if health is Health.OK else unchanged
        body, after = answer
        listed = checked(await asyncio.to_thread(read_object, body))
        entries, broken = await asyncio.to_thread(self._entries, listed)
        health, detail = await asyncio.to_thread(_filings_health, len(entries), now)
        if broken and not detail:
            detail = f"{broken} filings without a number were left out"
        after = replace(after, cursor={"filings": len(entries)})
        return Fetched(entries=entries, memory=after, health=health, detail=detail, broken=broken)

    def _entries(self, answer: Mapping[str, Any]) -> tuple[tuple[Entry, ...], int]:
        result = _SearchResult()
        result.add(list_of(answer, "results"))
        as_of = {kind: instant(answer.get(f"{kind}_filings_updated_at")) for kind in ("special", "regular")}
        entries = (
            filing_entry(filing, self.id, as_of["special" if filing.get("filing_type") == "special" else "regular"])
            for filing in result.documents.values()
        )
        oldest_first = sorted(entries, key=lambda e: (e.published is None, e.published, e.number or ""))
        return tuple(oldest_first), result.broken


def _filings_health(filings: int, now: datetime) -> tuple[Health, str]:
    """Health and detail: no filings during business hours is a problem."""
    local = now.astimezone(EASTERN)
    opens, closes = _INSPECTION_HOURS
    if filings:
        return Health.OK, ""
    if business_day(local.date()) and opens <= local.time() < closes:
        return Health.EMPTY, "the Register answers, with 0 filings on public inspection on a business day"
    return Health.EMPTY_EXPECTED, "nothing is on public inspection"


def _whole_number(value: Any) -> int:
    return value if isinstance(value, int) else 0
