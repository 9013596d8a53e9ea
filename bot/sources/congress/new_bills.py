"""GovInfo's feed of bill texts, and the record of each bill that is new in it.

The feed has one title a bill. Its record (BILLSTATUS) has the other titles and, days or weeks later, the subjects that
the Library of Congress gives it. So each new bill's record is read, and read again until it has subjects: what it adds
is handed on as an edit of the feed's item, which is posted only where a watch matches that did not match before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.shared.bill_number import BillNumber
from bot.shared.entry import Entry, Kind
from bot.sources.congress.bill_record import BillRecord
from bot.sources.congress.bill_status import BillStatus
from bot.sources.feeds.feed import FeedSource
from bot.sources.fetch.http import Fetcher
from bot.sources.model import Answer, Fetched, FetchFailed, Health, Memory, NotModified
from bot.sources.plain_text import instant

BILLS_URL: Final = "https://www.govinfo.gov/rss/bills.xml"
_AT_ONCE: Final = 20  # records in one poll
_MOST: Final = 1_500  # bills that wait; the oldest give way
# When a record without subjects is read, counted from the day the bill was found; then it is given up.
_LOOKS: Final = tuple(timedelta(hours=hours) for hours in (0, 6, 24, *(24 * days for days in (3, 7, 14, 28, 45, 60))))
# The source cannot be read right now, which says nothing about the bill.
_PASSING: Final = (Health.UNREACHABLE, Health.BLOCKED, Health.REFUSED)

State = Mapping[str, Any]


@dataclass(slots=True)
class _Round:
    waiting: dict[str, State]
    entries: dict[str, Entry]  # by the first key of their identity
    trouble: str = ""


class NewBills:
    """The feed at `url`, and the records of its new bills from `records_url`. Satisfies `Source`.

    What the feed shows at the first look is baseline, and no record of it is read; nor is one of `followed` bills,
    which bill-status reads. Cursor: the feed's own, and ``"records"``, a state for each bill whose record is still to
    be read: ``{"s5429-119": {"entry": {…}, "found": instant, "looks": 2}}``.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - the port's name for it
        name: str,
        url: str,
        fetcher: Fetcher,
        *,
        records_url: str = "",
        followed: Collection[str] = (),
        may_be_empty: bool = False,
        stale_after: timedelta | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self._feed = FeedSource(id, name, url or BILLS_URL, fetcher, may_be_empty=may_be_empty, stale_after=stale_after)
        self._records = BillStatus(id, name, fetcher, bills=(), url=records_url)
        self._followed = frozenset(followed)

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self._feed.poll(memory, now)
        if isinstance(answer, FetchFailed):
            return answer
        found = answer.entries if isinstance(answer, Fetched) and memory.first_success_at else ()
        round_ = _Round(self._waiting(memory.cursor.get("records", {}), found, now), {})
        for bill in _due(round_.waiting, now):
            if not await self._read(bill, round_, now):
                break
        cursor = {**answer.memory.cursor, "records": round_.waiting}
        after = replace(answer.memory, cursor=cursor)
        if isinstance(answer, Fetched):
            detail = "; ".join(filter(None, (answer.detail, round_.trouble)))
            # What was read at once is said in one, for an answer is taken to hold a thing once.
            entries = {entry.identity[0]: entry for entry in answer.entries} | round_.entries
            return replace(answer, memory=after, entries=tuple(entries.values()), detail=detail)
        if round_.entries or round_.trouble:
            return Fetched(entries=tuple(round_.entries.values()), memory=after, detail=round_.trouble)
        return NotModified(after)

    def _waiting(self, before: Mapping[str, State], found: Sequence[Entry], now: datetime) -> dict[str, State]:
        new = {
            entry.bill: {"entry": _noted(entry), "found": now.isoformat(), "looks": 0}
            for entry in found
            if entry.bill and entry.bill not in self._followed
        }
        waiting = {**{bill: state for bill, state in before.items() if bill not in new}, **new}
        return dict(list(waiting.items())[-_MOST:])

    async def _read(self, bill: str, round_: _Round, now: datetime) -> bool:
        """Read one record; False where no record can be read at the moment."""
        state = round_.waiting[bill]
        got = await self._records.look(BillNumber.of(bill), now)
        if isinstance(got, FetchFailed) and got.health in _PASSING:
            round_.trouble = f"records of new bills could not be read: {got.detail}"
            return False
        record = got[0] if not isinstance(got, FetchFailed) else None
        if record is not None:
            entry = self._entry(state["entry"], bill, record)
            round_.entries[entry.identity[0]] = entry
        if (record is not None and record.subjects) or state["looks"] + 1 >= len(_LOOKS):
            del round_.waiting[bill]
        else:
            round_.waiting[bill] = {**state, "looks": state["looks"] + 1}
        return True

    def _entry(self, noted: State, bill: str, record: BillRecord) -> Entry:
        """The feed's item with what the record adds to it."""
        return Entry(
            source=self.id,
            kind=Kind.NEWS,
            identity=tuple(noted["identity"]),
            thread=noted["identity"][0],
            title=noted["title"],
            url=noted["url"],
            summary=record.official_title,
            published=instant(noted["published"]),
            bill=bill,
            bill_title=record.title or None,
            subjects=record.subjects or (),
            outlet=self.name,
        )


def _noted(entry: Entry) -> State:
    """Of an item, what the same item is made of again."""
    return {
        "identity": list(entry.identity),
        "title": entry.title,
        "url": entry.url,
        "published": entry.published.isoformat() if entry.published else None,
    }


def _due(waiting: Mapping[str, State], now: datetime) -> list[str]:
    """Which records are to be read now: those never read first, then those that wait longest."""

    def due_at(bill: str) -> datetime:
        state = waiting[bill]
        found = instant(state["found"])
        assert found is not None
        return found + _LOOKS[state["looks"]]

    due = [bill for bill in waiting if due_at(bill) <= now]
    return sorted(due, key=lambda bill: (waiting[bill]["looks"] > 0, due_at(bill)))[:_AT_ONCE]
