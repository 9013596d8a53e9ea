"""Roll calls on tracked bills: how each member voted.

The Senate's come from senate.gov: a vote is listed about 40 minutes after it closed, and only listed votes are asked
for, because other addresses lead to a web page. The House's come here by congress.gov's API, a second road next to the
Clerk's pages (`house_floor.py`): later than the Clerk, without voice votes, a vote's members in a record of their own.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final
from urllib.parse import urljoin

from bot.fetch.payload import list_of, object_of, read_xml, text_of
from bot.shared.answer import Answer, Body, Failure, Fetched, FetchFailed, Health, Memory, NotModified, checked, outcome
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.bill_record import AHEAD, FLOOR_VOTE, HOUSE, SENATE, MemberVote, RollCall, sessions_between
from bot.shared.calendar import is_recent
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import EASTERN, clean, eastern, instant
from bot.shared.urls import web_address
from bot.sources.congress.congress_gov import API_URL, CongressApi
from bot.sources.model import HttpSource

_SESSIONS: Final = {"1st": 1, "2nd": 2}
_NUMBER: Final = re.compile(r"\d{1,5}", re.ASCII)
_MOST_MEMBERS: Final = 600  # members of a vote
_ROLL: Final = "/legislative/LIS/roll_call_votes/vote{congress}{session}/vote_{congress}_{session}_{number:05}.xml"
_MOST_VOTES: Final = 2_000  # votes of a session
_READS: Final = 40  # roll calls in one poll
_SEAT: Final = ("party", "state")
_REREAD: Final = timedelta(hours=1)
_DONE: Final = timedelta(days=2)  # after which a vote is not read again

_TRAITS: Final = {"brings": Kind.BILL, "of_bills": True, "never_old": True}

Session = tuple[int, int]  # a Congress and its session
State = Mapping[str, Any]  # of a session: the cursor's "session", "listed" and "votes"
Listed = tuple[Mapping[str, str] | None, Mapping[str, Mapping[str, str]]]


def read_house(body: Body, url: str) -> RollCall | None:
    """A roll call of the Clerk; None for one that is not about a bill."""
    root = checked(read_xml(body, "rollcall-vote", "a roll call of the House"))
    about, total = root.find("vote-metadata"), "vote-metadata/vote-totals/totals-by-vote/"
    congress, number = _int(root.findtext("vote-metadata/congress")), _int(root.findtext("vote-metadata/rollcall-num"))
    session = _SESSIONS.get(clean(root.findtext("vote-metadata/session") or ""))
    if about is None or not congress or not number or not session:
        raise Failure(Health.MALFORMED, "a roll call of the House lacks its Congress, session or number")
    bill = bill_of(clean(about.findtext("legis-num") or ""), congress)
    if bill is None:
        return None
    rows, clock = root.findall("vote-data/recorded-vote")[:_MOST_MEMBERS], about.find("action-time")
    hour = clock.get("time-etz") if clock is not None else None
    return RollCall(
        chamber=HOUSE,
        congress=congress,
        session=session,
        number=number,
        bill=bill.id,
        question=clean(about.findtext("vote-question") or ""),
        result=clean(about.findtext("vote-result") or ""),
        at=eastern(f"{clean(about.findtext('action-date') or '')} {hour}", "%d-%b-%Y %H:%M"),
        yeas=_int(root.findtext(f"{total}yea-total")),
        nays=_int(root.findtext(f"{total}nay-total")),
        votes=tuple(
            MemberVote(member, clean(row.findtext("vote") or ""), _named("Rep.", person.text, *map(person.get, _SEAT)))
            for row in rows
            if (person := row.find("legislator")) is not None and (member := clean(person.get("name-id") or ""))
        ),
        url=url,
    )


def read_senate(body: Body, url: str) -> RollCall | None:
    """A roll call of the Senate; None for one that is not about a bill."""
    root = checked(read_xml(body, "roll_call_vote", "a roll call of the Senate"))
    congress, session = _int(root.findtext("congress")), _int(root.findtext("session"))
    number = _int(root.findtext("vote_number"))
    if not congress or session not in (1, 2) or not number:
        raise Failure(Health.MALFORMED, "a roll call of the Senate lacks its Congress, session or number")
    bill = bill_of(clean(root.findtext("document/document_name") or ""), congress)
    if bill is None or clean(root.findtext("amendment/amendment_number") or ""):
        return None
    return RollCall(
        chamber=SENATE,
        congress=congress,
        session=session,
        number=number,
        bill=bill.id,
        question=clean(root.findtext("question") or ""),
        result=clean(root.findtext("vote_result") or ""),
        at=eastern(clean(root.findtext("vote_date") or ""), "%B %d, %Y, %I:%M %p"),
        yeas=_int(root.findtext("count/yeas")),
        nays=_int(root.findtext("count/nays")),
        votes=tuple(
            MemberVote(
                member,
                clean(row.findtext("vote_cast") or ""),
                _named("Sen.", f"{row.findtext('last_name')}, {row.findtext('first_name')}", *map(row.findtext, _SEAT)),
            )
            for row in root.findall("members/member")[:_MOST_MEMBERS]
            if (member := clean(row.findtext("lis_member_id") or ""))
        ),
        url=url,
        kind="Yea-Nay Vote",  # the Senate has no other (Rule XII)
    )


def bill_of(written: str, congress: int) -> BillNumber | None:
    """The bill of ``H RES 488`` or ``S.J.Res. 181``; None for ``ADJOURN``, ``QUORUM``, a nomination."""
    named: Any = parse_bill_number(written)
    return BillNumber(congress, named.type, named.number) if named and named.congress is None else None


def _named(style: str, name: str | None, party: str | None, state: str | None) -> str:
    """A member as bills' records name them, with the seat at the vote: "Sen. Alexander, Lamar [R-TN]"."""
    return f"{style} {clean(name)} [{party or ''}-{state or ''}]" if name else ""


def _int(text: str | None) -> int | None:
    stripped = (text or "").strip()
    return int(stripped) if _NUMBER.fullmatch(stripped) else None


@dataclass(slots=True)
class _Round:
    """A poll so far, of this session and of one before it whose last votes are still to come."""

    memory: Memory
    now: datetime
    states: list[State] = field(default_factory=list)
    validators: dict[str, Mapping[str, str]] = field(default_factory=dict)
    read: list[RollCall] = field(default_factory=list)
    failed: list[FetchFailed] = field(default_factory=list)
    detail: str = ""


class SenateVotes(HttpSource, kind="senate-votes", **_TRAITS):
    """Roll calls of the Senate on tracked bills.

    The list at `url`, which has ``{session}``, and the roll calls on `bills`, the followed ones.
    Cursor: ``{"session": "119_2", "listed": {"292": bill id}, "votes": {"292": {"first", "read": instants}}, "before":
    the same of the last session, "bills": [bill id]}``. `bills` are those whose votes are news: what was listed when a
    bill was first followed is not.
    """

    default_url = "https://www.senate.gov/legislative/LIS/roll_call_lists/vote_menu_{session}.xml"
    read_at: ClassVar = "Senate roll call"
    bills: Sequence[str]

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        cursor, last = memory.cursor, memory.last_success_at or now
        remembered = {state.get("session"): state for state in (cursor.get("before", {}), cursor)}
        *earlier, session = sessions_between(*(at.astimezone(EASTERN).date() for at in (last, now)))
        this = _Round(memory, now)
        for each in (*(each for each in earlier if _name(each) in remembered), session):
            answer = await outcome(self._read(each, remembered.get(_name(each), {}), this))
            if isinstance(answer, FetchFailed):
                is_new = memory.first_success_at and _name(each) not in remembered
                if is_new and answer.health in (Health.NOT_A_FEED, Health.GONE):
                    # Before a new session's first vote its list is not there, which the site says with a web page.
                    this.detail = "no roll call in this session yet"
                    break
                return answer
        fresh = {*self.bills} - {*cursor.get("bills", self.bills)}
        unread = {bill for state in this.states for n, bill in state["listed"].items() if n not in state["votes"]}
        newest: State = this.states[-1] if this.states else {}
        after = {**newest, "before": this.states[-2] if this.states[1:] else {}}
        after["bills"] = sorted({*self.bills} - (fresh & unread))
        memory = replace(memory, validators=this.validators, cursor=after)
        is_usual = newest.get("session") in remembered and not this.detail
        health = Health.OK if newest.get("listed") and not this.detail else Health.EMPTY_EXPECTED
        if not this.read and not this.failed and memory.first_success_at and is_usual:
            return NotModified(memory)
        return Fetched(
            entries=tuple(_entry(self.id, vote, self.read_at) for vote in this.read),
            memory=memory,
            health=this.failed[0].health if this.failed else health,
            detail="; ".join(filter(None, (this.detail, *(failure.detail for failure in this.failed[:3])))),
            roll_calls=tuple(this.read),
            baseline=frozenset(vote.key for vote in this.read if vote.bill in fresh),
        )

    async def _read(self, session: Session, before: State, this: _Round) -> None:
        """Read a session's list, and those of its roll calls that are due. Raises `Failure` for the list."""
        listed, validators = await self._list(session, this.memory, this.now)
        bills = dict(before.get("listed", {}) if listed is None else listed)
        votes = {key: dict(vote) for key, vote in before.get("votes", {}).items()}
        read, failed = await self._read_rolls(bills, votes, session, this.now)
        this.validators |= validators
        this.read += read
        this.failed += failed
        this.states.append({"session": _name(session), "listed": bills, "votes": votes})

    async def _list(self, session: Session, memory: Memory, now: datetime) -> Listed:
        """The bill of each listed vote, by number, None if the list is unchanged; and the validators of the list."""
        url = self.url.replace("{session}", _name(session))
        response = await self.get(url, now, memory.validators.get(url, {}), accept="text/xml")
        listed = await asyncio.to_thread(_read_list, response, session[0]) if isinstance(response, Body) else None
        return listed, {url: response.validators}

    async def _roll_call(self, session: Session, number: int, now: datetime) -> RollCall | None:
        """A roll call; None for one that is not about a bill."""
        url = urljoin(self.url, _ROLL.format(congress=session[0], session=session[1], number=number))
        return await self.fetcher.read(url, partial(read_senate, url=url), now, accept="text/xml")

    async def _read_rolls(
        self, bills: Mapping[str, str], votes: dict[str, dict[str, Any]], session: Session, now: datetime
    ) -> tuple[list[RollCall], list[FetchFailed]]:
        """The roll calls on tracked bills that are due, and why some could not be read."""
        read: list[RollCall] = []
        failed: list[FetchFailed] = []
        due = []
        for number in (number for number, bill in bills.items() if bill in self.bills):
            began, last = (instant(votes.get(number, {}).get(name)) for name in ("first", "read"))
            if began is None or last is None or (now - began < _DONE and not is_recent(last, now, _REREAD)):
                due.append(number)
        for number in sorted(due, key=int, reverse=True)[:_READS]:
            vote = await outcome(self._roll_call(session, int(number), now))
            if isinstance(vote, FetchFailed):
                failed.append(replace(vote, detail=f"roll call {number}: {vote.detail}"))
                continue
            first = votes.get(number, {}).get("first") or now.isoformat()
            votes[number] = {"first": first, "read": now.isoformat()}
            if isinstance(vote, RollCall) and vote.number == int(number):
                read.append(vote)
        return read, failed


def _name(session: Session) -> str:
    return f"{session[0]}_{session[1]}"


def _read_list(body: Body, congress: int) -> dict[str, str]:
    """The bill of each listed vote, by number. Nominations and votes without an issue are left out."""
    root = checked(read_xml(body, "vote_summary", "the Senate's list of roll calls"))
    if clean(root.findtext("congress") or "") != str(congress):
        raise Failure(Health.MALFORMED, "the Senate's list of roll calls is that of another Congress")
    rows = ((clean(row.findtext("vote_number") or ""), row) for row in root.findall("votes/vote")[:_MOST_VOTES])
    bills = ((number, bill_of(clean(row.findtext("issue") or ""), congress)) for number, row in rows)
    return {str(int(number)): bill.id for number, bill in bills if bill and number.isdecimal() and number.isascii()}


def _entry(source: str, vote: RollCall, read_at: str) -> Entry:
    """A vote in our words, with the chamber's question and result. Passage and failure come from the result alone."""
    kind = vote.kind or "a vote of unknown kind"
    counts = f" by {kind}. {vote.yeas} - {vote.nays}" if None not in (vote.yeas, vote.nays) else ""
    numbered = f" (Roll no. {vote.number})" if vote.chamber == HOUSE else f". Record Vote Number: {vote.number}"
    decided = vote.on_passage and vote.passed is not None
    won = f"{vote.chamber} overrode veto" if vote.over_veto else f"Passed {vote.chamber}"
    step = (won if vote.passed else f"Failed in {vote.chamber}") if decided else FLOOR_VOTE
    return Entry(
        source=source,
        kind=Kind.BILL,
        identity=(vote.key,),
        thread=f"bill:{vote.bill}",
        title=f"{vote.question}: {vote.result}{counts}{numbered}.",
        url=vote.url,
        published=vote.at,
        publication_date=vote.at.astimezone(EASTERN).date() if vote.at else None,
        type=step,
        bill=vote.bill,
        notes=(AHEAD.format(read_at),),
    )


class HouseRollCalls(SenateVotes, kind="house-roll-calls", key_setting="congress_api_key", **_TRAITS):
    """Roll calls of the House on tracked bills, by congress.gov: a fallback of `house-votes`.

    The votes of this session, and the roll calls on `bills`. Cursor: that of `SenateVotes`.
    """

    default_url = API_URL
    read_at: ClassVar = "congress.gov roll call"
    key: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._api = CongressApi(self.fetcher, self.url.rstrip("/"), self.key)

    async def _list(self, session: Session, memory: Memory, now: datetime) -> Listed:  # noqa: ARG002 - an answer of several pages has no validators
        rows = await self._api.rows(f"house-vote/{session[0]}/{session[1]}", "houseRollCallVotes", now)
        bills: dict[str, str] = {}
        for row in rows:
            number = text_of(row, "rollCallNumber")
            bill = bill_of(f"{text_of(row, 'legislationType')} {text_of(row, 'legislationNumber')}", session[0])
            if bill and number.isdecimal() and number.isascii():
                bills[number] = bill.id
        return bills, {}

    async def _roll_call(self, session: Session, number: int, now: datetime) -> RollCall | None:
        answer = await self._api.read(f"house-vote/{session[0]}/{session[1]}/{number}/members", now)
        about = object_of(answer, "houseRollCallVoteMemberVotes")
        bill = bill_of(f"{text_of(about, 'legislationType')} {text_of(about, 'legislationNumber')}", session[0])
        rows = list_of(about, "results")
        if bill is None or text_of(about, "rollCallNumber") != str(number) or not rows:
            raise Failure(Health.MALFORMED, "its record lacks its bill, its number or its votes")
        votes = tuple(
            MemberVote(
                member,
                clean(text_of(row, "voteCast")),
                _named("Rep.", *(text_of(row, each) for each in ("lastName", "voteParty", "voteState"))),
            )
            for row in rows
            if (member := clean(text_of(row, "bioguideID") or text_of(row, "bioguideId")))
        )
        counts = Counter(vote.in_favor for vote in votes)
        return RollCall(
            chamber=HOUSE,
            congress=session[0],
            session=session[1],
            number=number,
            bill=bill.id,
            question=clean(text_of(about, "voteQuestion")),
            result=clean(text_of(about, "result")),
            at=instant(text_of(about, "startDate")),
            yeas=counts[True],
            nays=counts[False],
            votes=votes,
            url=web_address(text_of(about, "sourceDataURL")) or "https://clerk.house.gov/Votes",
            kind=clean(text_of(about, "voteType")),
        )
