"""The House's roll calls by congress.gov's API: a second road next to the Clerk's pages.

It has votes on measures and on their amendments, later than the Clerk, and no voice votes. A vote's members are a
record of their own.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import ClassVar, Final, Literal

from bot.fetch.payload import list_of, object_of, text_of
from bot.shared.answer import FetchFailed, Memory
from bot.shared.entry import Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, instant
from bot.shared.roll_call import HOUSE, MemberVote, RollCall
from bot.shared.urls import web_address
from bot.sources.congress.api import API_URL, CongressApi
from bot.sources.congress.roll_call_parsing import bill_of
from bot.sources.congress.senate_votes import Listed, SenateVotes, Session
from bot.sources.model import SourceConfig

_PAGE: Final = "https://clerk.house.gov/Votes"


class HouseRollCallsConfig(SourceConfig):
    """Roll calls of the House on followed bills, by congress.gov: a fallback of `house-votes`."""

    brings: ClassVar = Kind.BILL
    of_bills: ClassVar = True
    never_old: ClassVar = True
    key_setting: ClassVar = "congress_api_key"
    kind: Literal["house-roll-calls"]


class HouseRollCalls(SenateVotes, settings=HouseRollCallsConfig):
    """The votes of this session, and the roll calls on `bills`. Satisfies `Source`. Cursor: that of `SenateVotes`."""

    default_url = API_URL
    read_at: ClassVar = "congress.gov roll call"
    key: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._api = CongressApi(self.fetcher, self.url.rstrip("/"), self.key)

    async def _list(self, session: Session, memory: Memory, now: datetime) -> Listed | FetchFailed:  # noqa: ARG002 - an answer of several pages has no validators
        rows = await self._api.rows(f"house-vote/{session[0]}/{session[1]}", "houseRollCallVotes", now)
        if isinstance(rows, FetchFailed):
            return rows
        bills: dict[str, str] = {}
        for row in rows:
            number = text_of(row, "rollCallNumber")
            bill = bill_of(f"{text_of(row, 'legislationType')} {text_of(row, 'legislationNumber')}", session[0])
            if bill and number.isdecimal() and number.isascii():
                bills[number] = bill.id
        return bills, {}

    async def _roll_call(self, session: Session, number: int, now: datetime) -> RollCall | FetchFailed | None:
        answer = await self._api.read(f"house-vote/{session[0]}/{session[1]}/{number}/members", now)
        if isinstance(answer, FetchFailed):
            return answer
        about = object_of(answer, "houseRollCallVoteMemberVotes")
        bill = bill_of(f"{text_of(about, 'legislationType')} {text_of(about, 'legislationNumber')}", session[0])
        rows = list_of(about, "results")
        if bill is None or text_of(about, "rollCallNumber") != str(number) or not rows:
            return FetchFailed(Health.MALFORMED, "its record lacks its bill, its number or its votes")
        votes = tuple(
            MemberVote(member, clean(text_of(row, "voteCast")))
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
            url=web_address(text_of(about, "sourceDataURL")) or _PAGE,
            kind=clean(text_of(about, "voteType")),
        )
