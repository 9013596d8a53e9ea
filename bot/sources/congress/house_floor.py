"""The House floor: the schedule of the week (docs.house.gov), and what happens on the day itself (clerk.house.gov).

A week's file is revised many times; it says which bills may come to a vote, and which were taken off. The Senate
publishes no such schedule; its floor of the day is a feed of congress.gov.

The page of a day is rewritten every 15 minutes; its times are Eastern. A roll call is read when the page names one on a
tracked bill. The bill's record confirms or corrects all of it, usually the next morning.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs, urljoin, urlsplit

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Failure, Fetched, FetchFailed, Health, Memory, NotModified, checked, outcome
from bot.shared.bill_events import ACTION, event_of
from bot.shared.bill_record import (
    AHEAD,
    DECISIONS,
    FLOOR_VOTE,
    HOUSE,
    SCHEDULED,
    UNSCHEDULED,
    RollCall,
    decision_key,
    vote_key,
)
from bot.shared.calendar import day_in_words, is_recent
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import EASTERN, clean, day, eastern, instant
from bot.sources.congress.roll_calls import bill_of, read_house
from bot.sources.model import HttpSource

if TYPE_CHECKING:
    from lxml import etree

_NEXT_WEEK_FROM: Final = 3  # Thursday: by then the coming week's schedule is usually there
_MOST_ITEMS: Final = 1_000  # items of one week
_ROLL: Final = "/evs/{year}/roll{number:03}.xml"
_FAILED: Final = re.compile(
    r"on (?:passage|agreeing to the resolution|motion to suspend the rules and .{1,200}?) failed\b", re.IGNORECASE
)
_MOST_ACTIONS: Final = 2_000  # actions of a day
_REREAD: Final = timedelta(hours=1)  # a roll call may be corrected, and its file has no validators
_DONE: Final = timedelta(days=2)
_PATIENCE: Final = timedelta(hours=3)  # until a roll call that the page names should be there


class _Line(NamedTuple):
    """A line of a schedule. `mark`: ``20260720:409675``, its Monday and its number there."""

    mark: str
    removed: bool
    entry: Entry


class HouseFloor(HttpSource, kind="house-floor", brings=Kind.BILL, never_old=True, missing_means_empty=True):
    """The House's floor schedule of the week.

    The schedule of this week, and from Thursday on of the next.

    `url` has ``{week}`` in place of the Monday (``20260720``). In a week without votes there is no file. Cursor:
    ``{"turns": {"20260720:409675": 1}}``, how often an item was put on the schedule or taken off: each time is news.
    """

    default_url = "https://docs.house.gov/billsthisweek/{week}/{week}.xml"

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
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
                lines_by_week[week] = await asyncio.to_thread(_read, response, self.id)
        if not_found and not validators and memory.first_success_at is None:
            return not_found  # a wrong address looks like a week without votes
        return self._answer(lines_by_week, replace(memory, validators=validators), now)

    def _answer(self, lines_by_week: Mapping[str, list[_Line]], memory: Memory, now: datetime) -> Answer:
        if not lines_by_week:
            if memory.validators:
                return NotModified(memory)
            detail = "there is no schedule: no votes this week"
            return Fetched(entries=(), memory=memory, health=Health.EMPTY_EXPECTED, detail=detail)
        before = dict.fromkeys(memory.cursor.get("on", ()), 1)  # of an older version: what was on the schedule
        turns: dict[str, int] = dict(memory.cursor.get("turns", before))
        oldest, entries = f"{now - timedelta(days=14):%Y%m%d}", []
        every = sorted(chain.from_iterable(lines_by_week.values()), key=attrgetter("removed"), reverse=True)
        for line in {line.mark: line for line in every}.values():  # one listed twice is on, if one of both is
            turn = turns.get(line.mark, 0)
            turn += line.removed == bool(turn % 2)
            if turn:  # what was removed is news only if it was seen on the schedule before
                turns[line.mark] = turn
                which = {1: "", 2: ":off"}.get(turn, f":{turn}")
                entries.append(replace(line.entry, identity=(f"floor:{line.mark}{which}",)))
        next_memory = replace(memory, cursor={"turns": {mark: turn for mark, turn in turns.items() if mark >= oldest}})
        health = Health.OK if entries else Health.EMPTY_EXPECTED
        return Fetched(entries=tuple(entries), memory=next_memory, health=health)


def _read(body: Body, source: str) -> list[_Line]:
    root = checked(read_xml(body, "floorschedule", "the floor schedule"))
    monday = day(root.get("week-date"))
    if monday is None:
        raise Failure(Health.NOT_A_FEED, "the floor schedule names no week")
    rows = [(category, row) for category in root.iter("category") for row in category.iter("floor-item")]
    lines = (_line(row, clean(category.get("type") or ""), root, monday, source) for category, row in rows)
    return list(filter(None, lines))[:_MOST_ITEMS]


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
        identity=(f"floor:{mark}",),
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


@dataclass(slots=True)
class _Poll:
    entries: list[Entry] = field(default_factory=list)
    validators: dict[str, Mapping[str, str]] = field(default_factory=dict)
    rolls: dict[str, dict[str, Any]] = field(default_factory=dict)
    read: list[RollCall] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pages: int = 0


class HouseVotes(HttpSource, kind="house-votes", brings=Kind.BILL, of_bills=True, never_old=True):
    """The House's floor on the day itself: tracked bills and the votes on them.

    The floor pages of today and yesterday at `url`, which has ``{day}``.

    `bills`: the ids of those that are followed.
    Cursor: ``{"rolls": {"2026:108": {"bill", "seen", "read"}}}``, read hourly for two days.
    """

    default_url = "https://clerk.house.gov/floor/{day}.xml"
    bills: Sequence[str]

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        result = _Poll(rolls={key: dict(roll) for key, roll in memory.cursor.get("rolls", {}).items()})
        today = now.astimezone(EASTERN).date()
        for on in (today - timedelta(1), today):
            await self._read_day(on, result, memory, now)
        await self._read_rolls(result, now)
        return self._answer(result, memory)

    async def _read_day(self, day: date, result: _Poll, memory: Memory, now: datetime) -> None:
        url = self.url.replace("{day}", f"{day:%Y%m%d}")
        response = await self.fetcher.get(url, memory.validators.get(url, {}), now=now, accept="application/xml")
        if isinstance(response, FetchFailed):
            if response.health is Health.GONE:
                return  # no session on that day, or not yet
            raise response.error
        result.pages += 1
        result.validators[url] = response.validators
        if isinstance(response, Body):
            for entry, roll in await asyncio.to_thread(self._read_page, response):
                result.entries.append(entry)
                if roll:
                    result.rolls.setdefault(roll, {"bill": entry.bill, "seen": now.isoformat(), "read": None})

    async def _read_rolls(self, result: _Poll, now: datetime) -> None:
        for key, roll in list(result.rolls.items()):
            seen = instant(roll["seen"]) or now
            if now - seen > _DONE:
                del result.rolls[key]
            if key not in result.rolls or is_recent(instant(roll["read"]), now, _REREAD):
                continue
            year, number = map(int, key.split(":"))
            url = urljoin(self.url, _ROLL.format(year=year, number=number))
            vote = await outcome(self.fetcher.read(url, partial(read_house, url=url), now, accept="application/xml"))
            if isinstance(vote, RollCall) and (vote.number, vote.bill) == (number, roll["bill"]):
                roll["read"] = now.isoformat()
                result.read.append(vote)
            elif now - seen > _PATIENCE and roll["read"] is None:
                why = vote.detail if isinstance(vote, FetchFailed) else "it is on something else"
                result.notes.append(f"roll call {number} is on the floor's page and cannot be read: {why}")

    def _answer(self, result: _Poll, memory: Memory) -> Answer:
        cursor = {"rolls": result.rolls}
        after = replace(memory, validators=result.validators, cursor=cursor)
        if result.pages and not (result.entries or result.read or result.notes) and memory.first_success_at:
            return NotModified(after)
        entries = tuple(sorted(result.entries, key=attrgetter("published")))
        detail = "; ".join(result.notes) or ("" if result.pages else "no floor page: no session")
        health = Health.MALFORMED if result.notes else Health.OK if entries else Health.EMPTY_EXPECTED
        return Fetched(entries=entries, memory=after, health=health, detail=detail, roll_calls=tuple(result.read))

    def _read_page(self, body: Body) -> list[tuple[Entry, str]]:
        """The decisions and roll calls on tracked bills; a roll call with its year and number, ``2026:108``."""
        root = checked(read_xml(body, "legislative_activity", "the House's floor page"))
        about = root.find("legislative_congress")
        names = ("congress", "session")
        congress, session = (about.get(name) or "" for name in names) if about is not None else ("", "")
        if not re.fullmatch(r"[1-9]\d{0,2}", congress) or session not in ("1", "2"):
            raise Failure(Health.MALFORMED, "the House's floor page names no Congress")
        rows = list(root.iter("floor_action"))[:_MOST_ACTIONS]
        read = (self._action(row, int(congress), int(session)) for row in rows)
        return [action for action in read if action]

    def _action(self, row: etree._Element, congress: int, session: int) -> tuple[Entry, str] | None:
        """None for debate, and for whatever is not on a tracked bill."""
        bill = bill_of(clean(row.findtext("action_item") or ""), congress)
        clock = row.find("action_time")
        at = eastern(clock.get("for-search") or "", "%Y%m%dT%H:%M:%S") if clock is not None else None
        description = row.find("action_description")
        if bill is None or bill.id not in self.bills or at is None or description is None:
            return None
        written = clean(" ".join(" ".join(map(str, description.itertext())).split()))
        text = re.sub(r" +([.,)])", r"\1", written)
        type_ = "Failed in House" if _FAILED.match(text) else event_of(text).step
        year, number = next(filter(None, map(_roll, description.iter("a"))), ("", ""))
        if not number and type_ not in DECISIONS:
            return None
        type_ = FLOOR_VOTE if type_ == ACTION else type_
        on = at.astimezone(EASTERN).date()
        decision = decision_key(bill.id, on, type_)
        entry = Entry(
            source=self.id,
            kind=Kind.BILL,
            identity=(vote_key(HOUSE, congress, session, int(number)) if number else decision,),
            thread=f"bill:{bill.id}",
            title=text,
            url="https://clerk.house.gov/FloorSummary",
            published=at,
            publication_date=on,
            type=type_,
            bill=bill.id,
            as_of=eastern(row.get("update-date-time") or "", "%Y%m%dT%H:%M"),
            notes=(AHEAD.format("House floor page"),),
        )
        return entry, f"{year}:{number}" if number else ""


def _roll(link: etree._Element) -> tuple[str, str] | None:
    """The year and number of the roll call that a link names."""
    if link.get("rel") != "vote":
        return None
    query = parse_qs(urlsplit(link.get("href") or "").query)
    year, number = (query.get(name, [""])[0] for name in ("year", "rollnumber"))
    valid = re.fullmatch(r"20\d\d", year) and re.fullmatch(r"[1-9]\d{0,3}", number)
    return (year, number) if valid else None
