"""When regulations.gov lets comments on a document end (its API v4, with a key), beside what the Register says.

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
from bot.deadlines.windows import windows
from bot.shared.dates import EASTERN
from bot.sources.fetch.http import Body, Fetcher
from bot.sources.fetch.payload import read_object
from bot.sources.model import FetchFailed
from bot.sources.plain_text import instant
from bot.store.database import Database

log = logging.getLogger(__name__)

API_URL: Final = "https://api.regulations.gov/v4/documents"
_ROWS: Final = 25  # of one answer; a document's number stands on a few at most
_FRESH: Final = timedelta(hours=20)  # a date is looked up about once a day
_PAUSE: Final = timedelta(minutes=15)  # between two rounds
_AFTER_FAILURE: Final = timedelta(hours=1)
_AT_ONCE: Final = 10  # documents in a round: a key allows 1,000 requests an hour


class Dockets:
    """Looks the dates of open comment periods up, a few at a time, and keeps them. Never raises for the network."""

    def __init__(self, db: Database, coalition_id: str, fetcher: Fetcher, key: str, *, url: str = API_URL) -> None:
        self._db = db
        self._coalition = coalition_id
        self._fetcher = fetcher
        self._key = key
        self._url = url
        self._next: datetime | None = None

    async def look(self, now: datetime) -> None:
        """Ask for what was not asked for within a day."""
        if self._next is not None and now < self._next:
            return
        self._next = now + _PAUSE
        for number in (await asyncio.to_thread(self._due, now))[:_AT_ONCE]:
            got = await self._closes(number, now)
            if isinstance(got, FetchFailed):
                log.warning("regulations.gov gave no comment dates: %s", got.detail)
                self._next = max(now + _AFTER_FAILURE, got.retry_at or now)
                return
            await asyncio.to_thread(self._keep, number, got, now)

    def _due(self, now: datetime) -> list[str]:
        open_ = [number for window in windows(self._db, self._coalition, now) for number in window.numbers]
        known = records.docket_dates(self._db, open_)
        return [number for number in open_ if number not in known or now - known[number].looked_at > _FRESH]

    def _keep(self, number: str, closes: date | None, now: datetime) -> None:
        with self._db.write() as tx:
            records.put_docket_date(tx, number, closes, now)

    async def _closes(self, number: str, now: datetime) -> date | FetchFailed | None:
        url = f"{self._url}?{urlencode({'filter[searchTerm]': number, 'page[size]': _ROWS})}"
        got = await self._fetcher.get(url, now=now, accept="application/json", headers={"X-Api-Key": self._key})
        if not isinstance(got, Body):
            return got if isinstance(got, FetchFailed) else None
        found = read_object(got)
        return found if isinstance(found, FetchFailed) else closing(found, number)


def closing(answer: Mapping[str, Any], number: str) -> date | None:
    """The day on which comments on the document of that number end; the latest, where it stands on several rows."""
    rows = answer.get("data")
    its = [row.get("attributes") for row in (rows if isinstance(rows, list) else []) if isinstance(row, Mapping)]
    ends = [
        instant(row.get("commentEndDate")) for row in its if isinstance(row, Mapping) and row.get("frDocNum") == number
    ]
    return max((end.astimezone(EASTERN).date() for end in ends if end), default=None)
