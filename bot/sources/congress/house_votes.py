"""The House's floor on the day itself (clerk.house.gov): what happens to followed bills, and how each member voted.

The page of a day is rewritten every 15 minutes; its times are Eastern. A roll call is read when the page names one on a
followed bill. The bill's record confirms or corrects all of it, usually the next morning.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal
from urllib.parse import parse_qs, urljoin, urlsplit

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory, NotModified
from bot.shared.bill_events import ACTION
from bot.shared.bill_number import BillNumber
from bot.shared.bill_steps import DECISIONS, FLOOR_VOTE, type_of
from bot.shared.calendar import is_recent
from bot.shared.dates import EASTERN
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, instant
from bot.shared.roll_call import AHEAD, HOUSE, RollCall, decision_key, vote_key
from bot.sources.congress.roll_call_parsing import bill_of, eastern, read_house
from bot.sources.model import HttpSource, SourceConfig

if TYPE_CHECKING:
    from lxml import etree

HOUSE_VOTES_URL: Final = "https://clerk.house.gov/floor/{day}.xml"
_ROLL: Final = "/evs/{year}/roll{number:03}.xml"
_PAGE: Final = "https://clerk.house.gov/FloorSummary"
_FAILED: Final = re.compile(
    r"on (?:passage|agreeing to the resolution|motion to suspend the rules and .{1,200}?) failed\b", re.IGNORECASE
)
_MOST: Final = 2_000  # actions of a day
_REREAD: Final = timedelta(hours=1)  # a roll call may be corrected, and its file has no validators
_DONE: Final = timedelta(days=2)
_PATIENCE: Final = timedelta(hours=3)  # until a roll call that the page names should be there


@dataclass(frozen=True, slots=True)
class _Action:
    """What the floor's page says of one followed bill. `roll`: (year, number) of a roll call."""

    bill: BillNumber
    text: str
    at: datetime
    updated: datetime | None
    session: int
    roll: tuple[int, int] | None

    @property
    def key(self) -> str:
        if self.roll:
            return vote_key(HOUSE, self.bill.congress, self.session, self.roll[1])
        return decision_key(self.bill.id, self.at.astimezone(EASTERN).date(), self.type)

    @property
    def type(self) -> str:
        if _FAILED.match(self.text):
            return "Failed in House"
        type_ = type_of(self.text)
        return FLOOR_VOTE if type_ == ACTION else type_


@dataclass(slots=True)
class _Poll:
    actions: list[_Action] = field(default_factory=list)
    validators: dict[str, Mapping[str, str]] = field(default_factory=dict)
    rolls: dict[str, dict[str, Any]] = field(default_factory=dict)
    read: list[RollCall] = field(default_factory=list)
    notes: list[FetchFailed] = field(default_factory=list)
    pages: int = 0


class HouseVotesConfig(SourceConfig):
    """The House's floor on the day itself: followed bills and the votes on them."""

    brings: ClassVar = Kind.BILL
    of_bills: ClassVar = True
    never_old: ClassVar = True
    kind: Literal["house-votes"]


@dataclass(eq=False, kw_only=True)
class HouseVotes(HttpSource, settings=HouseVotesConfig):
    """The floor pages of today and yesterday at `url`, which has ``{day}``. Satisfies `Source`.

    `bills`: the ids of those that are followed.
    Cursor: ``{"rolls": {"2026:108": {"bill", "seen", "read"}}}``, read hourly for two days.
    """

    default_url = HOUSE_VOTES_URL
    bills: Sequence[str]

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        result = _Poll(rolls={key: dict(roll) for key, roll in memory.cursor.get("rolls", {}).items()})
        today = now.astimezone(EASTERN).date()
        for day in (today - timedelta(1), today):
            if failure := await self._read_day(day, result, memory, now):
                return failure
        for action in result.actions:
            if action.roll:
                key = "{}:{}".format(*action.roll)
                result.rolls.setdefault(key, {"bill": action.bill.id, "seen": now.isoformat(), "read": None})
        await self._read_rolls(result, now)
        return self._answer(result, memory)

    async def _read_day(self, day: date, result: _Poll, memory: Memory, now: datetime) -> FetchFailed | None:
        url = self.url.replace("{day}", f"{day:%Y%m%d}")
        response = await self.fetcher.get(url, memory.validators.get(url, {}), now=now, accept="application/xml")
        if isinstance(response, FetchFailed):
            return None if response.health is Health.GONE else response  # no session on that day, or not yet
        result.pages += 1
        result.validators[url] = response.validators
        if isinstance(response, Body):
            actions = await asyncio.to_thread(_read_page, response, frozenset(self.bills))
            if isinstance(actions, FetchFailed):
                return actions
            result.actions += actions
        return None

    async def _read_rolls(self, result: _Poll, now: datetime) -> None:
        for key, roll in list(result.rolls.items()):
            seen, read = instant(roll["seen"]) or now, instant(roll["read"])
            if now - seen > _DONE:
                del result.rolls[key]
            elif not is_recent(read, now, _REREAD):
                await self._read_roll(key, roll, result, now, late=now - seen > _PATIENCE)

    async def _read_roll(self, key: str, roll: dict[str, Any], result: _Poll, now: datetime, *, late: bool) -> None:
        year, number = map(int, key.split(":"))
        url = urljoin(self.url, _ROLL.format(year=year, number=number))
        response = await self.fetcher.get(url, now=now, accept="application/xml")
        vote = await asyncio.to_thread(read_house, response, url) if isinstance(response, Body) else response
        if isinstance(vote, RollCall) and (vote.number, vote.bill) == (number, roll["bill"]):
            roll["read"] = now.isoformat()
            result.read.append(vote)
        elif late and roll["read"] is None:
            why = vote.detail if isinstance(vote, FetchFailed) else "it is on something else"
            detail = f"roll call {number} is on the floor's page and cannot be read: {why}"
            result.notes.append(FetchFailed(Health.MALFORMED, detail))

    def _answer(self, result: _Poll, memory: Memory) -> Answer:
        cursor = {"rolls": result.rolls}
        after = replace(memory, validators=result.validators, cursor=cursor)
        news = result.actions or result.read or result.notes
        if result.pages and not news and memory.first_success_at:
            return NotModified(after)
        entries = tuple(
            Entry(
                source=self.id,
                kind=Kind.BILL,
                identity=(action.key,),
                thread=f"bill:{action.bill.id}",
                title=action.text,
                url=_PAGE,
                published=action.at,
                publication_date=action.at.astimezone(EASTERN).date(),
                type=action.type,
                bill=action.bill.id,
                as_of=action.updated,
                notes=(AHEAD.format("House floor page"),),
            )
            for action in sorted(result.actions, key=lambda action: action.at)
        )
        detail = "; ".join(note.detail for note in result.notes) or (
            "" if result.pages else "no floor page: no session"
        )
        health = Health.MALFORMED if result.notes else Health.OK if entries else Health.EMPTY_EXPECTED
        return Fetched(entries=entries, memory=after, health=health, detail=detail, roll_calls=tuple(result.read))


def _read_page(body: Body, followed: frozenset[str]) -> list[_Action] | FetchFailed:
    root = read_xml(body, "legislative_activity", "the House's floor page")
    if isinstance(root, FetchFailed):
        return root
    about = root.find("legislative_congress")
    congress, session = (about.get(name) or "" for name in ("congress", "session")) if about is not None else ("", "")
    if not re.fullmatch(r"[1-9]\d{0,2}", congress) or session not in ("1", "2"):
        return FetchFailed(Health.MALFORMED, "the House's floor page names no Congress")
    rows: Iterable[etree._Element] = list(root.iter("floor_action"))[:_MOST]
    actions = (_action(row, int(congress), int(session), followed) for row in rows)
    return [action for action in actions if action]


def _action(row: etree._Element, congress: int, session: int, followed: frozenset[str]) -> _Action | None:
    """A decision or roll call on a followed bill; None for debate, and for everything else."""
    bill = bill_of(clean(row.findtext("action_item") or ""), congress)
    clock = row.find("action_time")
    at = eastern(clock.get("for-search") or "", "%Y%m%dT%H:%M:%S") if clock is not None else None
    description = row.find("action_description")
    if bill is None or bill.id not in followed or at is None or description is None:
        return None
    text = clean(" ".join(" ".join(map(str, description.itertext())).split()))
    roll = next(filter(None, map(_roll, description.iter("a"))), None)
    action = _Action(
        bill=bill,
        text=re.sub(r" +([.,)])", r"\1", text),
        at=at,
        updated=eastern(row.get("update-date-time") or "", "%Y%m%dT%H:%M"),
        session=session,
        roll=roll,
    )
    return action if roll or action.type in DECISIONS else None


def _roll(link: etree._Element) -> tuple[int, int] | None:
    """The year and number of the roll call that a link names."""
    if link.get("rel") != "vote":
        return None
    query = parse_qs(urlsplit(link.get("href") or "").query)
    year, number = (query.get(name, [""])[0] for name in ("year", "rollnumber"))
    valid = re.fullmatch(r"20\d\d", year) and re.fullmatch(r"[1-9]\d{0,3}", number)
    return (int(year), int(number)) if valid else None
