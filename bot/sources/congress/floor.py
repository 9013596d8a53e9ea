"""The House's weekly floor schedule (docs.house.gov): bills that may come to a vote, and bills taken off.

A week's file is revised many times. The Senate publishes no such schedule; its floor of the day is a feed of
congress.gov.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory, NotModified
from bot.shared.bill_steps import SCHEDULED, UNSCHEDULED
from bot.shared.calendar import day_in_words
from bot.shared.dates import EASTERN, eastern
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, day
from bot.sources.congress.roll_call_parsing import bill_of
from bot.sources.model import HttpSource, SourceConfig

if TYPE_CHECKING:
    from lxml import etree

FLOOR_URL: Final = "https://docs.house.gov/billsthisweek/{week}/{week}.xml"
_NEXT_WEEK_FROM: Final = 3  # Thursday: by then the coming week's schedule is usually there
_MOST: Final = 1_000  # items of one week


class _Line(NamedTuple):
    """A line of a schedule. `mark`: ``20260720:409675``, its Monday and its number there."""

    mark: str
    removed: bool
    entry: Entry


class HouseFloorConfig(SourceConfig):
    """The House's floor schedule of the week."""

    brings: ClassVar = Kind.BILL
    never_old: ClassVar = True
    missing_means_empty: ClassVar = True
    kind: Literal["house-floor"]


class HouseFloor(HttpSource, settings=HouseFloorConfig):
    """The schedule of this week, and from Thursday on of the next. Satisfies `Source`.

    `url` has ``{week}`` in place of the Monday (``20260720``). In a week without votes there is no file. Cursor:
    ``{"on": ["20260720:409675", …]}``, the items that were on a schedule when it was last read.
    """

    default_url = FLOOR_URL

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        lines_by_week: dict[str, list[_Line]] = {}
        validators: dict[str, Mapping[str, str]] = {}
        not_found: FetchFailed | None = None
        today = now.astimezone(EASTERN).date()
        this, coming = (today + timedelta(days - today.weekday()) for days in (0, 7))
        for monday in (this, coming) if today.weekday() >= _NEXT_WEEK_FROM else (this,):
            week = f"{monday:%Y%m%d}"
            url = self.url.replace("{week}", week)
            response = await self.fetcher.get(url, memory.validators.get(url, {}), now=now, accept="application/xml")
            if isinstance(response, FetchFailed):
                if response.health is not Health.GONE:
                    return response
                not_found = response
                continue
            validators[url] = response.validators
            if isinstance(response, Body):
                lines = await asyncio.to_thread(_read, response, self.id)
                if isinstance(lines, FetchFailed):
                    return lines
                lines_by_week[week] = lines
        if not_found and not validators and memory.first_success_at is None:
            return not_found  # a wrong address looks like a week without votes
        return self._answer(lines_by_week, replace(memory, validators=validators), now)

    def _answer(self, lines_by_week: Mapping[str, list[_Line]], memory: Memory, now: datetime) -> Answer:
        if not lines_by_week:
            if memory.validators:
                return NotModified(memory)
            detail = "there is no schedule: no votes this week"
            return Fetched(entries=(), memory=memory, health=Health.EMPTY_EXPECTED, detail=detail)
        before = frozenset(memory.cursor.get("on", ()))
        oldest = f"{now - timedelta(days=14):%Y%m%d}"
        still_listed = {mark for mark in before if mark.partition(":")[0] not in lines_by_week and mark >= oldest}
        lines = [line for lines in lines_by_week.values() for line in lines]
        on = {line.mark for line in lines if not line.removed}
        # What was removed is news only if it was seen on the schedule before.
        entries = tuple(line.entry for line in lines if not line.removed or line.mark in before)
        next_memory = replace(memory, cursor={"on": sorted(still_listed | on)})
        return Fetched(entries=entries, memory=next_memory, health=Health.OK if entries else Health.EMPTY_EXPECTED)


def _read(body: Body, source: str) -> list[_Line] | FetchFailed:
    root = read_xml(body, "floorschedule", "the floor schedule")
    if isinstance(root, FetchFailed):
        return root
    monday = day(root.get("week-date"))
    if monday is None:
        return FetchFailed(Health.NOT_A_FEED, "the floor schedule names no week")
    rows = [(category, row) for category in root.iter("category") for row in category.iter("floor-item")]
    lines = (_line(row, clean(category.get("type") or ""), root, monday, source) for category, row in rows)
    return list(filter(None, lines))[:_MOST]


def _line(row: etree._Element, category: str, root: etree._Element, monday: date, source: str) -> _Line | None:
    number = clean(row.findtext("legis-num") or "")
    title = clean(row.findtext("floor-text") or "").removesuffix(", as amended")
    id_, congress = clean(row.get("id") or "") or number, clean(root.get("congress-num") or "")
    if not id_ or not (number or title):
        return None
    bill = bill_of(number, int(congress)) if congress.isdecimal() else None
    mark, removed = f"{monday:%Y%m%d}:{id_}", day(row.get("remove-date"))
    prefix = "Removed from the House floor schedule for" if removed else "On the House floor in"
    what = category or "no category given" if bill else title or number
    entry = Entry(
        source=source,
        kind=Kind.BILL if bill else Kind.NEWS,
        identity=(f"floor:{mark}{':off' if removed else ''}",),
        thread=f"bill:{bill.id}" if bill else f"floor:{mark}",
        title=f"{prefix} the week of {day_in_words(monday)}: {what}",
        url=bill.page if bill else "https://docs.house.gov/floor/",
        publication_date=removed or day(row.get("publish-date")),
        type=UNSCHEDULED if removed else SCHEDULED,
        bill=bill.id if bill else None,
        bill_title=title or None,
        outlet=None if bill else "House floor schedule",
        as_of=eastern(root.get("update-date")),
    )
    return _Line(mark, removed is not None, entry)
