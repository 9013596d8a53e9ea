"""The Senate's roll calls of this session (senate.gov): how each senator voted on followed bills.

A vote is listed about 40 minutes after it closed. Only listed votes are asked for: other addresses lead to a web page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final, Literal
from urllib.parse import urljoin

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory, NotModified
from bot.shared.bill_steps import FLOOR_VOTE, type_of
from bot.shared.calendar import is_recent
from bot.shared.dates import EASTERN
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, instant
from bot.shared.roll_call import AHEAD, HOUSE, RollCall, congress_on, session_of
from bot.sources.congress.roll_call_parsing import bill_of, read_senate
from bot.sources.model import HttpSource, SourceConfig

SENATE_VOTES_URL: Final = "https://www.senate.gov/legislative/LIS/roll_call_lists/vote_menu_{session}.xml"
_ROLL: Final = "/legislative/LIS/roll_call_votes/vote{congress}{session}/vote_{congress}_{session}_{number:05}.xml"
_MOST: Final = 2_000  # votes of a session
_READS: Final = 40  # roll calls in one poll
_REREAD: Final = timedelta(hours=1)
_DONE: Final = timedelta(days=2)  # after which a vote is not read again

Session = tuple[int, int]  # a Congress and its session
Listed = tuple[Mapping[str, str] | None, Mapping[str, Mapping[str, str]]]


class SenateVotesConfig(SourceConfig):
    """Roll calls of the Senate on followed bills."""

    brings: ClassVar = Kind.BILL
    of_bills: ClassVar = True
    never_old: ClassVar = True
    kind: Literal["senate-votes"]


class SenateVotes(HttpSource, settings=SenateVotesConfig):
    """The list at `url`, which has ``{session}``, and the roll calls on `bills`, the followed ones. Satisfies `Source`.

    Cursor: ``{"session": "119_2", "listed": {"292": bill id}, "votes": {"292": {"first", "read": instants}}, "bills":
    [bill id]}``. `bills` are those whose votes are news: what was listed when a bill was first followed is not.
    """

    default_url = SENATE_VOTES_URL
    read_at: ClassVar = "Senate roll call"
    bills: Sequence[str]

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        day = now.astimezone(EASTERN).date()
        congress = congress_on(day)
        session = congress, session_of(congress, day)
        name = f"{congress}_{session[1]}"
        cursor = memory.cursor if memory.cursor.get("session") == name else {}
        answer = await self._list(session, memory, now)
        if isinstance(answer, FetchFailed):
            if cursor or not memory.first_success_at or answer.health not in (Health.NOT_A_FEED, Health.GONE):
                return answer
            # Before a new session's first vote its list is not there, which the site says with a web page.
            empty, detail = Health.EMPTY_EXPECTED, "no roll call in this session yet"
            return Fetched(entries=(), memory=replace(memory, validators={}), health=empty, detail=detail)
        listed, validators = answer
        bills: Mapping[str, str] = cursor.get("listed", {}) if listed is None else listed
        votes: dict[str, dict[str, Any]] = {key: dict(vote) for key, vote in cursor.get("votes", {}).items()}
        read, failed = await self._read_rolls(bills, votes, session, now)
        fresh = {*self.bills} - {*memory.cursor.get("bills", self.bills)}
        unread = {bill for number, bill in bills.items() if bill in fresh and number not in votes}
        after = replace(
            memory,
            validators=validators,
            cursor={"session": name, "listed": dict(bills), "votes": votes, "bills": sorted({*self.bills} - unread)},
        )
        if not read and not failed and memory.first_success_at and cursor:
            return NotModified(after)
        return Fetched(
            entries=tuple(_entry(self.id, vote, self.read_at) for vote in read),
            memory=after,
            health=failed[0].health if failed else Health.OK if bills else Health.EMPTY_EXPECTED,
            detail="; ".join(failure.detail for failure in failed[:3]),
            roll_calls=tuple(read),
            baseline=frozenset(vote.key for vote in read if vote.bill in fresh),
        )

    async def _list(self, session: Session, memory: Memory, now: datetime) -> Listed | FetchFailed:
        """The bill of each listed vote, by number, None if the list is unchanged; and the validators of the list."""
        url = self.url.replace("{session}", f"{session[0]}_{session[1]}")
        response = await self.fetcher.get(url, memory.validators.get(url, {}), now=now, accept="text/xml")
        if isinstance(response, FetchFailed):
            return response
        listed = await asyncio.to_thread(_read_list, response, session[0]) if isinstance(response, Body) else None
        return listed if isinstance(listed, FetchFailed) else (listed, {url: response.validators})

    async def _roll_call(self, session: Session, number: int, now: datetime) -> RollCall | FetchFailed | None:
        """A roll call; None for one that is not about a bill."""
        url = urljoin(self.url, _ROLL.format(congress=session[0], session=session[1], number=number))
        return await self.fetcher.read(url, partial(read_senate, url=url), now=now, accept="text/xml")

    async def _read_rolls(
        self, bills: Mapping[str, str], votes: dict[str, dict[str, Any]], session: Session, now: datetime
    ) -> tuple[list[RollCall], list[FetchFailed]]:
        """The roll calls on followed bills that are due, and why some could not be read."""
        read: list[RollCall] = []
        failed: list[FetchFailed] = []
        due = []
        for number in (number for number, bill in bills.items() if bill in self.bills):
            began, last = (instant(votes.get(number, {}).get(name)) for name in ("first", "read"))
            if began is None or last is None or (now - began < _DONE and not is_recent(last, now, _REREAD)):
                due.append(number)
        for number in sorted(due, key=int, reverse=True)[:_READS]:
            vote = await self._roll_call(session, int(number), now)
            if isinstance(vote, FetchFailed):
                failed.append(replace(vote, detail=f"roll call {number}: {vote.detail}"))
                continue
            first = votes.get(number, {}).get("first") or now.isoformat()
            votes[number] = {"first": first, "read": now.isoformat()}
            if isinstance(vote, RollCall) and vote.number == int(number):
                read.append(vote)
        return read, failed


def _read_list(body: Body, congress: int) -> dict[str, str] | FetchFailed:
    """The bill of each listed vote, by number. Nominations and votes without an issue are left out."""
    root = read_xml(body, "vote_summary", "the Senate's list of roll calls")
    if isinstance(root, FetchFailed):
        return root
    if clean(root.findtext("congress") or "") != str(congress):
        return FetchFailed(Health.MALFORMED, "the Senate's list of roll calls is that of another Congress")
    rows = ((clean(row.findtext("vote_number") or ""), row) for row in root.findall("votes/vote")[:_MOST])
    bills = ((number, bill_of(clean(row.findtext("issue") or ""), congress)) for number, row in rows)
    return {str(int(number)): bill.id for number, bill in bills if bill and number.isdecimal() and number.isascii()}


def _entry(source: str, vote: RollCall, read_at: str) -> Entry:
    """A vote in our words, with the chamber's question and result. Passage and failure come from the result alone."""
    kind = vote.kind or "a vote of unknown kind"
    counts = f" by {kind}. {vote.yeas} - {vote.nays}" if None not in (vote.yeas, vote.nays) else ""
    numbered = f" (Roll no. {vote.number})" if vote.chamber == HOUSE else f". Record Vote Number: {vote.number}"
    decided = vote.on_passage and vote.passed is not None
    step = (f"Passed {vote.chamber}" if vote.passed else f"Failed in {vote.chamber}") if decided else FLOOR_VOTE
    type_ = type_of(vote.result) if type_of(vote.result) == "Senate overrode veto" else step
    return Entry(
        source=source,
        kind=Kind.BILL,
        identity=(vote.key,),
        thread=f"bill:{vote.bill}",
        title=f"{vote.question}: {vote.result}{counts}{numbered}.",
        url=vote.url,
        published=vote.at,
        publication_date=vote.at.astimezone(EASTERN).date() if vote.at else None,
        type=type_,
        bill=vote.bill,
        notes=(AHEAD.format(read_at),),
    )
