"""Reports of the Congressional Research Service by congress.gov's API: a second road next to EveryCRSReport's feed.

The list is by last change, and most changes are of old reports, so only what was published lately counts.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from bot.fetch.payload import read_rows, text_of
from bot.shared.answer import Body, FetchFailed, Memory
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import clean, cut, instant
from bot.shared.urls import canonical_key
from bot.sources.congress.api import API_URL, KEY_HEADER
from bot.sources.feeds.feed import FeedSource
from bot.sources.feeds.parse import TITLE, Item, Reading
from bot.sources.model import SourceConfig

_LIST: Final = f"{API_URL}/crsreport?format=json&limit=250"
_PAGE: Final = "https://www.congress.gov/crs-product/{id}"
_EVERY_CRS_REPORT: Final = "https://www.everycrsreport.com/reports/{id}.html"  # under which that feed has a report
_ID: Final = re.compile(r"[A-Z0-9]{1,8}(?:-\d{1,5}[A-Z]?)?", re.ASCII)  # R48123, LSB11234, 98-202
_LATELY: Final = timedelta(days=14)


class CrsReportsConfig(SourceConfig):
    """Reports of the Congressional Research Service, by congress.gov."""

    brings: ClassVar = Kind.NEWS
    key_setting: ClassVar = "congress_api_key"
    kind: Literal["crs-reports"]


class CrsReports(FeedSource, settings=CrsReportsConfig):
    """The reports that were published or revised in the last two weeks. Satisfies `Source`."""

    default_url = _LIST
    accept = "application/json"
    key: str = ""
    may_be_empty: bool = True

    @property
    def headers(self) -> Mapping[str, str]:
        return {KEY_HEADER: self.key}

    async def _read(self, body: Body, memory: Memory, now: datetime) -> Reading | FetchFailed:  # noqa: ARG002 - of paged lists
        rows = await asyncio.to_thread(read_rows, body, "CRSReports")
        if isinstance(rows, FetchFailed):
            return rows
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
    return Item(cut(title, TITLE), _PAGE.format(id=id_), id_, summary="", published=published, outlet="")
