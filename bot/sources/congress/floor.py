"""The House's weekly floor schedule (docs.house.gov): bills that may come to a vote, and bills taken off.

A week's file is revised many times. The Senate publishes no such schedule; its floor of the day is a feed of
congress.gov.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory, NotModified
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.bill_steps import SCHEDULED, UNSCHEDULED
from bot.shared.calendar import day_in_words
from bot.shared.dates import EASTERN
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, day
from bot.sources.model import HttpSource, SourceConfig

if TYPE_CHECKING:
    from lxml import etree

FLOOR_URL: Final = "https://docs.house.gov/floor/Download.aspx?file=/billsthisweek/{week}/{week}.xml"
_NEXT_WEEK_FROM: Final = 3  # Thursday: by then the coming week's schedule is usually there
_MOST: Final = 1_000  # items of one week


@dataclass(frozen=True, slots=True)
class _Item:
    """One line of the schedule. `removed` is the day it was taken off, None while it is on."""

    id: str
    bill: BillNumber | None
    written: str  # the number as the schedule writes it
    title: str
    category: str
    published: date | None
    removed: date | None


@dataclass(frozen=True, slots=True)
class _Schedule:
    monday: date
    updated: datetime | None
    items: tuple[_Item, ...]


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
        schedules: list[_Schedule] = []
        validators: dict[str, Mapping[str, str]] = {}
        not_found: FetchFailed | None = None
        for monday in _mondays(now):
            url = self.url.replace("{week}", f"{monday:%Y%m%d}")
            response = await self.fetcher.get(url, memory.validators.get(url, {}), now=now, accept="application/xml")
            if isinstance(response, FetchFailed):
                if response.health is not Health.GONE:
                    return response
                not_found = response
                continue
            validators[url] = response.validators
            if isinstance(response, Body):
                schedule = await asyncio.to_thread(_read, response)
                if isinstance(schedule, FetchFailed):
                    return schedule
                schedules.append(schedule)
        if not_found and not validators and memory.first_success_at is None:
            return not_found  # a wrong address looks like a week without votes
        return self._answer(schedules, replace(memory, validators=validators), now)

    def _answer(self, schedules: list[_Schedule], memory: Memory, now: datetime) -> Answer:
        if not schedules:
            if memory.validators:
                return NotModified(memory)
            detail = "there is no schedule: no votes this week"
            return Fetched(entries=(), memory=memory, health=Health.EMPTY_EXPECTED, detail=detail)
        before = frozenset(memory.cursor.get("on", ()))
        weeks = {f"{schedule.monday:%Y%m%d}" for schedule in schedules}
        oldest = f"{now - timedelta(days=14):%Y%m%d}"
        still_listed = [mark for mark in before if mark.partition(":")[0] not in weeks and mark >= oldest]
        on = [_mark(schedule, item) for schedule in schedules for item in schedule.items if item.removed is None]
        entries = tuple(entry for schedule in schedules for entry in _entries(self.id, schedule, before))
        next_memory = replace(memory, cursor={"on": sorted({*still_listed, *on})})
        return Fetched(entries=entries, memory=next_memory, health=Health.OK if entries else Health.EMPTY_EXPECTED)


def _mondays(now: datetime) -> list[date]:
    today = now.astimezone(EASTERN).date()
    monday = today - timedelta(today.weekday())
    return [monday, monday + timedelta(7)] if today.weekday() >= _NEXT_WEEK_FROM else [monday]


def _mark(schedule: _Schedule, item: _Item) -> str:
    return f"{schedule.monday:%Y%m%d}:{item.id}"


def _entries(source: str, schedule: _Schedule, before: frozenset[str]) -> Iterator[Entry]:
    """Entries for items on the schedule, and for removed items that were seen on it before."""
    week = f"the week of {day_in_words(schedule.monday)}"
    for item in schedule.items:
        mark = _mark(schedule, item)
        if item.removed and mark not in before:
            continue
        prefix = (
            f"Removed from the House floor schedule for {week}" if item.removed else f"On the House floor in {week}"
        )
        yield Entry(
            source=source,
            kind=Kind.BILL if item.bill else Kind.NEWS,
            identity=(f"floor:{mark}{':off' if item.removed else ''}",),
            thread=f"bill:{item.bill.id}" if item.bill else f"floor:{mark}",
            title=f"{prefix}: {item.category}" if item.bill else f"{prefix}: {item.title or item.written}",
            url=item.bill.page if item.bill else "https://docs.house.gov/floor/",
            publication_date=item.removed or item.published,
            type=UNSCHEDULED if item.removed else SCHEDULED,
            bill=item.bill.id if item.bill else None,
            bill_title=item.title or None,
            outlet=None if item.bill else "House floor schedule",
            as_of=schedule.updated,
        )


def _read(body: Body) -> _Schedule | FetchFailed:
    root = read_xml(body, "floorschedule", "the floor schedule")
    if isinstance(root, FetchFailed):
        return root
    monday = day(root.get("week-date"))
    if monday is None:
        return FetchFailed(Health.NOT_A_FEED, "the floor schedule names no week")
    congress = clean(root.get("congress-num") or "")
    items = [
        item
        for category in root.iter("category")
        for element in category.iter("floor-item")
        if (item := _item(element, clean(category.get("type") or ""), congress))
    ]
    return _Schedule(monday, _eastern(root.get("update-date")), tuple(items[:_MOST]))


def _item(element: etree._Element, category: str, congress: str) -> _Item | None:
    number = clean(element.findtext("legis-num") or "")
    title = clean(element.findtext("floor-text") or "").removesuffix(", as amended")
    id_ = clean(element.get("id") or "") or number
    if not id_ or not (number or title):
        return None
    return _Item(
        id=id_,
        bill=_bill(number, congress),
        written=number,
        title=title,
        category=category or "no category given",
        published=day(element.get("publish-date")),
        removed=day(element.get("remove-date")),
    )


def _bill(number: str, congress: str) -> BillNumber | None:
    named: Any = parse_bill_number(number)
    return BillNumber(int(congress), named.type, named.number) if named and congress.isdecimal() else None


def _eastern(text: str | None) -> datetime | None:
    """A time in UTC. The schedule's times have no zone and are Eastern."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC) if text else None
    except ValueError:
        return None
