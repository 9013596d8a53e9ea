"""The Justice Department's News API: every press release, newest first, with the offices that issued it. No key.

What running programs found in 2026: at most 50 releases a page and 4 requests a second; pages count from 0; filters
other than the title's are ignored; without both forms of the sort parameters the oldest release, of 2009, comes first;
`date` is the day as seconds since 1970, in text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import Field

from bot.fetch.payload import list_of, read_rows, text_of
from bot.shared.answer import Body, Failure, FetchFailed, Health, Memory, checked, outcome
from bot.shared.entry import Kind
from bot.shared.plain_text import clean, cut, instant
from bot.shared.urls import web_address
from bot.shared.values import Duration
from bot.sources.feeds.feed import FeedSource
from bot.sources.feeds.parse import SUMMARY, TITLE, Item, Reading

_PER_PAGE: Final = 50
_MOST_PAGES: Final = 120  # some 120 days; the fetcher asks a host at most once a second
_SINCE: Final = "since"  # in the cursor
_NEWEST_WITHIN: Final = timedelta(days=30)  # of an archive that is sorted as we asked


class DojNews(FeedSource, kind="doj-news", brings=Kind.NEWS):
    """Press releases of the Justice Department and its offices, by its News API.

    The window of `lookback` before the last answer is compared as that of a feed. If a later page fails, the next poll
    reads as far back. Cursor: that of a feed, and how far back an answer that was cut off should have gone.
    """

    default_url = (
        "https://www.justice.gov/api/v1/press_releases.json"
        "?pagesize=50&sort=date&direction=DESC&sort_by=date&sort_order=DESC"
    )
    accept = "application/json"
    components: tuple[str, ...] = Field(
        default=(), description='only releases of offices whose names begin so, such as "USAO - "; all if left out'
    )
    lookback: Duration = Field(
        default=timedelta(days=3), description="how far back each poll looks, by date of publication"
    )

    async def _read(self, body: Body, memory: Memory, now: datetime) -> Reading:
        since = self._since(memory, now)
        whole, number = Reading(()), 0
        first = await asyncio.to_thread(self._page, body)
        page: Reading | FetchFailed = first
        if first.items and _newest(first) < now - _NEWEST_WITHIN:
            raise Failure(Health.STALE, "it lists its oldest releases first, or none of this month")
        while isinstance(page, Reading) and number < _MOST_PAGES:
            whole = Reading((*whole.items, *page.items), whole.broken + page.broken)
            if len(page.items) + page.broken < _PER_PAGE or _newest(page) < since:
                return self._of_components(whole)
            number += 1
            response = await self.fetcher.get(f"{self.url}&page={number}", now=now, accept=self.accept)
            if not isinstance(response, Body):
                break
            page = await outcome(asyncio.to_thread(self._page, response))
        if not whole.items:
            checked(page)
        # Cut off: without validators, the next poll reads all pages.
        return replace(self._of_components(whole), cut_off=True)

    def _since(self, memory: Memory, now: datetime) -> datetime:
        return instant(memory.cursor.get(_SINCE)) or min(memory.last_success_at or now, now) - self.lookback

    def _next_memory(
        self, reading: Reading, body: Body, memory: Memory, now: datetime, cursor: Mapping[str, Any]
    ) -> Memory:
        rest = {key: cursor[key] for key in cursor if key != _SINCE}
        if reading.cut_off:
            rest[_SINCE] = self._since(memory, now).isoformat()
        return super()._next_memory(reading, body, memory, now, rest)

    def _page(self, body: Body) -> Reading:
        rows = checked(read_rows(body, "results"))[:_PER_PAGE]  # all pages of a longer answer would take gigabytes
        items = [item for row in rows if (item := _item(row))]
        return Reading(tuple(items), broken=len(rows) - len(items))

    def _of_components(self, reading: Reading) -> Reading:
        """The items of the offices that are wanted, with the Department's name before theirs."""
        wanted = [
            one
            for one in reading.items
            if not self.components or any(name.startswith(tuple(self.components)) for name in one.outlet.split("; "))
        ]
        named = (replace(one, outlet=one.outlet and f"{self.name}, {one.outlet}") for one in wanted)
        return replace(reading, items=tuple(named))


def _newest(page: Reading) -> datetime:
    return max((item.published for item in page.items if item.published), default=datetime.min.replace(tzinfo=UTC))


def _item(row: Any) -> Item | None:
    """The item of a row; None without a headline or an address."""
    title, link = clean(text_of(row, "title")), web_address(text_of(row, "url").strip())
    if not title or not link:
        return None
    offices = "; ".join(filter(None, (clean(text_of(component, "name")) for component in list_of(row, "component"))))
    summary = cut(clean(text_of(row, "teaser") or text_of(row, "body")), SUMMARY)
    return Item(cut(title, TITLE), link, text_of(row, "uuid"), summary, _day(clean(text_of(row, "date"))), offices)


def _day(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
