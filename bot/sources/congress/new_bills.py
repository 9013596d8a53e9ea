"""GovInfo's feed of bill texts, and the record of each bill that is new in it.

The feed has one title per bill. Its record (BILLSTATUS) has the other titles and, days or weeks later, the subjects
that the Library of Congress assigns. So each new bill's record is read until it has subjects. What it adds
becomes an edit of the feed's item, which is posted only if a watch matches that did not match before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.shared.answer import Answer, Fetched, FetchFailed, Health, Memory, NotModified
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import instant
from bot.sources.congress.bill_status import BillStatus
from bot.sources.feeds.feed import FeedSource
from bot.sources.model import HttpSource, SourceConfig

_AT_ONCE: Final = 20  # records in one poll
_MAX_WAITING: Final = 1_500  # bills; the oldest are dropped
# A record without subjects is read at these times after the bill was found, then no more.
_READ_AFTER: Final = tuple(
    timedelta(hours=hours) for hours in (0, 6, 24, *(24 * days for days in (3, 7, 14, 28, 45, 60)))
)
# These mean that the source cannot be reached now, not that the bill has no record.
_TEMPORARY: Final = (Health.UNREACHABLE, Health.BLOCKED, Health.NEEDS_KEY, Health.REFUSED, Health.TOO_LARGE)

State = Mapping[str, Any]


@dataclass(slots=True)
class _PollState:
    waiting: dict[str, State]
    entries: dict[str, Entry]  # by the first key of their identity
    trouble: str = ""


class NewBills(HttpSource, kind="new-bills", brings=Kind.BILL, is_feed=True, of_bills=True):
    """The texts of new bills, and their records from the address of bill-status.

    The feed at `url`, and the records of its new bills from the address of bill-status.

    What the feed shows at the first look is baseline, and no record of it is read; nor is one of `bills`, which
    bill-status reads. Cursor: the feed's own, and ``"records"``, a state for each bill whose record is still to
    be read: ``{"s5429-119": {"entry": {…}, "found": instant, "looks": 2}}``.
    """

    default_url = "https://www.govinfo.gov/rss/bills.xml"
    sources: Collection[SourceConfig] = ()
    bills: Collection[str] = ()
    may_be_empty: bool = False
    stale_after: timedelta | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._feed = FeedSource(
            self.id, self.name, self.url, self.fetcher, may_be_empty=self.may_be_empty, stale_after=self.stale_after
        )
        records_url = next((source.url for source in self.sources if source.reader is BillStatus), "")
        self._records = BillStatus(self.id, self.name, records_url, self.fetcher, bills=())

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self._feed.poll(memory, now)
        if isinstance(answer, FetchFailed):
            return answer
        new_items = answer.entries if isinstance(answer, Fetched) and memory.first_success_at else ()
        state = _PollState(self._waiting(memory.cursor.get("records", {}), new_items, now), {})
        for bill in _due(state.waiting, now):
            if not await self._read(bill, state, now):
                break
        cursor = {**answer.memory.cursor, "records": state.waiting}
        next_memory = replace(answer.memory, cursor=cursor)
        if isinstance(answer, Fetched):
            detail = "; ".join(filter(None, (answer.detail, state.trouble)))
            # A bill whose record was read at once replaces its feed item: an answer has each entry once.
            entries = {entry.identity[0]: entry for entry in answer.entries} | state.entries
            return replace(answer, memory=next_memory, entries=tuple(entries.values()), detail=detail)
        if state.entries or state.trouble:
            return Fetched(entries=tuple(state.entries.values()), memory=next_memory, detail=state.trouble)
        return NotModified(next_memory)

    def _waiting(self, before: Mapping[str, State], new_items: Sequence[Entry], now: datetime) -> dict[str, State]:
        new = {
            entry.bill: {"entry": _feed_item(entry), "found": now.isoformat(), "looks": 0}
            for entry in new_items
            if entry.bill and entry.bill not in self.bills
        }
        waiting = {**{bill: state for bill, state in before.items() if bill not in new}, **new}
        return dict(list(waiting.items())[-_MAX_WAITING:])

    async def _read(self, bill: str, poll_state: _PollState, now: datetime) -> bool:
        """Read one record; False if no record can be read at the moment."""
        state = poll_state.waiting[bill]
        answer = await self._records.look(BillNumber.of(bill), now)
        if isinstance(answer, FetchFailed) and answer.health in _TEMPORARY:
            poll_state.trouble = f"records of new bills could not be read: {answer.detail}"
            return False
        record = answer[0] if not isinstance(answer, FetchFailed) else None
        if record is not None:
            entry = self._entry(state["entry"], bill, record)
            poll_state.entries[entry.identity[0]] = entry
        if (record is not None and record.subjects) or state["looks"] + 1 >= len(_READ_AFTER):
            del poll_state.waiting[bill]
        else:
            poll_state.waiting[bill] = {**state, "looks": state["looks"] + 1}
        return True

    def _entry(self, item: State, bill: str, record: BillRecord) -> Entry:
        """The feed's item with the record's titles and subjects."""
        return Entry(
            source=self.id,
            kind=Kind.NEWS,
            identity=tuple(item["identity"]),
            thread=item["identity"][0],
            title=item["title"],
            url=item["url"],
            summary=record.official_title,
            published=instant(item["published"]),
            bill=bill,
            bill_title=record.title or None,
            subjects=record.subjects or (),
            outlet=self.name,
        )


def _feed_item(entry: Entry) -> State:
    """The parts of a feed item that are stored to rebuild it later."""
    return {
        "identity": list(entry.identity),
        "title": entry.title,
        "url": entry.url,
        "published": entry.published.isoformat() if entry.published else None,
    }


def _due(waiting: Mapping[str, State], now: datetime) -> list[str]:
    """The bills to read now: those never read first, then those waiting longest."""

    def due_at(bill: str) -> datetime:
        state = waiting[bill]
        found_at = instant(state["found"])
        assert found_at is not None
        return found_at + _READ_AFTER[state["looks"]]

    due = [bill for bill in waiting if due_at(bill) <= now]
    return sorted(due, key=lambda bill: (waiting[bill]["looks"] > 0, due_at(bill)))[:_AT_ONCE]
