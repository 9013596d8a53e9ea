"""congress.gov's API v3, asked with the coalition's key, which has 5,000 requests an hour."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.fetch.payload import object_of, read_object, text_of
from bot.shared.answer import Body, FetchFailed
from bot.shared.health import Health
from bot.shared.plain_text import instant

if TYPE_CHECKING:
    from bot.fetch.http import Fetcher

API_URL: Final = "https://api.congress.gov/v3"
KEY_HEADER: Final = "X-Api-Key"  # the key travels in a header, never in the URL
_PAGE: Final = 250  # the API's maximum; more is cut to it without a word
_MOST_PAGES: Final = 20  # of a list
_OVERLAP: Final = timedelta(hours=1)
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True, repr=False)
class CongressApi:
    """The API at `url`. Failures are values, as those of a fetcher."""

    fetcher: Fetcher
    url: str
    key: str

    async def read(self, path: str, now: datetime) -> Mapping[str, Any] | FetchFailed:
        """The object at a path below ``v3/``. `format` is always sent: the default became XML in 2026."""
        if not self.key:
            return FetchFailed(Health.NEEDS_KEY, "it needs a key: set CONGRESS_API_KEY in .env")
        address = f"{self.url}/{path}{'&' if '?' in path else '?'}format=json"
        response = await self.fetcher.get(address, now=now, accept="application/json", headers={KEY_HEADER: self.key})
        if isinstance(response, Body):
            return await asyncio.to_thread(read_object, response)
        unchanged = FetchFailed(Health.MALFORMED, "the API says nothing changed")
        return response if isinstance(response, FetchFailed) else unchanged

    async def rows(self, path: str, key: str, now: datetime) -> list[Any] | FetchFailed:
        """All rows of the list `key` at a path, page by page."""
        rows: list[Any] = []
        before: list[Any] = []
        for _ in range(_MOST_PAGES):
            paging = f"{'&' if '?' in path else '?'}limit={_PAGE}&offset={len(rows)}"
            page = await self.read(f"{path}{paging}", now)
            if isinstance(page, FetchFailed):
                return page
            rows_of_page = page.get(key)
            if not isinstance(rows_of_page, list):
                return FetchFailed(Health.MALFORMED, f"the API's list of {key} is missing")
            if rows_of_page == before:  # whatever `count` says, nothing new comes
                return rows
            before = rows_of_page
            rows += rows_of_page
            # `pagination.next` has come with a raw space, so the offset is counted here.
            count = object_of(page, "pagination").get("count")
            total = count if isinstance(count, int) else None
            if len(rows_of_page) < _PAGE if total is None else len(rows) >= total:
                return rows
        return FetchFailed(Health.MALFORMED, f"the API's list of {key} does not end after {_MOST_PAGES} pages")

    async def changed(
        self, path: str, key: str, since: datetime, now: datetime
    ) -> tuple[list[Any], datetime] | FetchFailed:
        """The rows of a list that changed since then or shortly before, and when the newest of them changed."""
        period = f"fromDateTime={since - _OVERLAP:{_MOMENT}}&toDateTime={now:{_MOMENT}}"
        rows = await self.rows(f"{path}?{period}", key, now)
        if isinstance(rows, FetchFailed):
            return rows
        stamps = (stamp for row in rows if (stamp := instant(text_of(row, "updateDate"))))
        return rows, min(max([since, *stamps]), now)
