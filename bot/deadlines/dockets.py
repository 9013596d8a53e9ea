"""The day comments on a document close by regulations.gov (its API v4, with a key), next to the Register's date.

A period is given as its last second in Washington, in UTC: 2021-08-17T03:59:59Z is the end of 16 August.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from bot.deadlines import records
from bot.deadlines.windows import open_windows
from bot.shared.dates import EASTERN
from bot.sources.fetch.http import Body, Fetcher
from bot.sources.fetch.payload import read_object
from bot.sources.model import FetchFailed
from bot.sources.plain_text import instant
from bot.store.database import Database

log = logging.getLogger(__name__)

API_URL: Final = "https://api.regulations.gov/v4/documents"
_ROWS: Final = 25  # of one answer; a document's number is on a few at most
_FRESH: Final = timedelta(hours=20)  # a date is looked up about once a day
_PAUSE: Final = timedelta(minutes=15)  # between two rounds
_AFTER_FAILURE: Final = timedelta(hours=1)
_AT_ONCE: Final = 10  # documents in a round: a key allows 1,000 requests an hour


class Dockets:
    """Looks up and saves the closing dates of open comment periods, a few at a time. Never raises for the network."""

    def __init__(self, db: Database, coalition_id: str, fetcher: Fetcher, key: str, *, url: str = API_URL) -> None:
        self._db = db
        self._coalition = coalition_id
        self._fetcher = fetcher
        self._key = key
        self._url = url
        self._next: datetime | None = None

    async def refresh(self, now: datetime) -> None:
        """Look up the documents that were not looked up within a day."""
        if self._next is not None and now < self._next:
            return
        self._next = now + _PAUSE
        for number in (await asyncio.to_thread(self._due, now))[:_AT_ONCE]:
            answer = await self._closes(number, now)
            if isinstance(answer, FetchFailed):
                log.warning("Could not read comment dates from regulations.gov: %s", answer.detail)
                self._next = max(now + _AFTER_FAILURE, answer.retry_at or now)
                return
            await asyncio.to_thread(self._save, number, answer, now)

    def _due(self, now: datetime) -> list[str]:
        open_ = [number for window in open_windows(self._db, self._coalition, now) for number in window.numbers]
        saved = records.docket_dates(self._db, open_)
        return [number for number in open_ if number not in saved or now - saved[number].looked_at > _FRESH]

    def _save(self, number: str, closes: date | None, now: datetime) -> None:
        with self._db.write() as tx:
            records.save_docket_date(tx, number, closes, now)

    async def _closes(self, number: str, now: datetime) -> date | FetchFailed | None:
        url = f"{self._url}?{urlencode({'filter[searchTerm]': number, 'page[size]': _ROWS})}"
        answer = await self._fetcher.get(url, now=now, accept="application/json", headers={"X-Api-Key": self._key})
        if not isinstance(answer, Body):
            return answer if isinstance(answer, FetchFailed) else None
        parsed = read_object(answer)
        return parsed if isinstance(parsed, FetchFailed) else comments_close_on(parsed, number)


def comments_close_on(answer: Mapping[str, Any], number: str) -> date | None:
    """The day comments on the document of that number close; the latest if it is on several rows."""
    rows = answer.get("data")
    attributes = [row.get("attributes") for row in (rows if isinstance(rows, list) else []) if isinstance(row, Mapping)]
    ends = [
        instant(row.get("commentEndDate"))
        for row in attributes
        if isinstance(row, Mapping) and row.get("frDocNum") == number
    ]
    return max((end.astimezone(EASTERN).date() for end in ends if end), default=None)
