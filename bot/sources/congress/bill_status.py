"""Followed bills: GovInfo's BILLSTATUS files without a key, congress.gov's API v3 with one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin

from bot.fetch.payload import object_of, refused_page
from bot.shared.answer import (
    Answer,
    Body,
    Failure,
    Fetched,
    FetchFailed,
    Health,
    Memory,
    NotModified,
    Unchanged,
    checked,
    outcome,
)
from bot.shared.bill_number import BillNumber, bills_named
from bot.shared.bill_record import AMENDMENTS, ESTIMATE, TWIN, BillRecord, rank
from bot.shared.calendar import is_recent
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import instant
from bot.sources.congress.bill_record import LEVELS, Unreadable, bill_entries, read_api, read_billstatus
from bot.sources.congress.congress_gov import API_URL, CongressApi
from bot.sources.model import HttpSource

_TEXT_PATH: Final = "/content/pkg/{0}/{1}/{0}.{2}"
# The batch feed holds the newest 100 items, and one night's batch can be larger: no bill relies on it alone.
_AT_LEAST: Final = timedelta(hours=6)
# Records are refreshed years later, and the store forgets keys after 400 days: an action older than this, on a bill
# already followed, could not be told from one that was said long ago.
_NEWS: Final = timedelta(days=365)
_MOST_IDENTICAL: Final = 5  # bills that are followed beside one that is

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _BillAnswer:
    """A bill's records, empty if nothing changed. `validators` are those of its BILLSTATUS file, if it was read.

    `whole`: all lists of the bill were requested, not only its actions.
    """

    records: tuple[BillRecord, ...] = ()
    validators: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    whole: bool = True


@dataclass(slots=True)
class _Round:
    """A poll so far. `changed`: the bills whose files changed by the batch feed; None if that could not be read."""

    memory: Memory
    now: datetime
    changed: frozenset[BillNumber] | None = None
    batch_validators: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    read: dict[BillNumber, _BillAnswer] = field(default_factory=dict)
    failed: dict[BillNumber, FetchFailed] = field(default_factory=dict)

    @property
    def followed(self) -> Mapping[str, State]:
        """Each bill's state after the last poll."""
        states: Mapping[str, State] = self.memory.cursor.get("bills", {})
        return states

    def identical(self, bills: Sequence[BillNumber]) -> dict[BillNumber, tuple[str, ...]]:
        """Bills outside `bills` that official data call identical to some of them, with those bills' ids."""
        companions: dict[BillNumber, tuple[str, ...]] = {}
        for bill in bills:
            answer = self.read.get(bill)
            identical_now = _identical(answer) if answer else None
            ids = self.followed.get(bill.id, {}).get("identical", ()) if identical_now is None else identical_now
            for other in map(BillNumber.of, list(ids)[:_MOST_IDENTICAL]):
                if other not in bills and other.congress == bill.congress:
                    companions[other] = (*companions.get(other, ()), bill.id)
        return companions


class BillStatus(
    HttpSource, kind="bill-status", brings=Kind.BILL, of_bills=True, never_old=True, key_setting="congress_api_key"
):
    """The records of tracked bills.

    Follows `bills` (ids such as ``hr1234-119``) and bills with the same text in the same Congress.

    Without a key, the batch feed lists the changed files; those are fetched, and every bill at least
    every six hours. With a key, congress.gov's API is asked for every bill's actions at every poll, and both for
    the rest when its record changed, and at least every six hours; if one fails, the other is used alone.
    A change of the record's update date alone brings no entry. `batch_url` is on the host of `url` unless it is given.

    `laws`: the bills of one policy, each with the law that it is known to have become, or "".

    Cursor: ``{"bills": {"hr1234-119": {"checked", "updated", "whole": instants, "identical": ids, "law": its name,
    "lists": whether its amendments were read}}}``.
    A bill that is not in it is newly followed: its entries are marked as baseline.
    """

    default_url = "https://www.govinfo.gov/bulkdata/BILLSTATUS"
    bills: Sequence[str]
    batch_url: str = ""
    api_url: str = API_URL
    key: str = ""
    laws: Sequence[Mapping[str, str]] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self._bills = tuple(map(BillNumber.of, self.bills))
        self.url = self.url.rstrip("/")
        self.batch_url = self.batch_url or urljoin(self.url, "/rss/billstatus-batch.xml")
        self._api = CongressApi(self.fetcher, self.api_url.rstrip("/"), self.key)

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        this = _Round(memory, now)
        if not self.key:
            await self._find_changed(this)
        await self._read_all(self._bills, this)
        companions = this.identical(self._bills)
        await self._read_all(companions, this)
        troubles = [f"{bill.label}: {failure.detail}" for bill, failure in this.failed.items()]
        if this.failed and not this.read and this.changed is None:
            first = next(iter(this.failed.values()))
            retry_at = max(filter(None, (failure.retry_at for failure in this.failed.values())), default=None)
            return FetchFailed(first.health, "; ".join(troubles), retry_at)
        after = self._remember([*self._bills, *companions], this)
        if not this.failed and not any(answer.records for answer in this.read.values()):
            return NotModified(after)
        return self._fetched(companions, after, troubles, this)

    async def look(self, bill: BillNumber, now: datetime) -> tuple[BillRecord, ...] | FetchFailed:
        """Read a bill's record now, whether it is followed or not, without saving any state."""
        answer = await outcome(self._read(bill, {}, Memory(), now))
        return answer if isinstance(answer, FetchFailed) else answer.records

    async def text(self, bill: BillNumber, version: str, now: datetime) -> Body | FetchFailed:
        """Fetch a text version ("ih", "enr") from GovInfo as XML or, if there is none, as HTML."""
        package = f"BILLS-{bill.congress}{bill.type}{bill.number}{version}"
        for folder, ending in (("xml", "xml"), ("html", "htm")):
            address = urljoin(self.url, _TEXT_PATH.format(package, folder, ending))
            response = await self.fetcher.get(address, now=now)
            if isinstance(response, Body) and (folder == "html" or refused_page(response) is None):
                return response
        no_text = FetchFailed(Health.NOT_A_FEED, "GovInfo has no such text")
        return response if isinstance(response, FetchFailed) else no_text

    async def _read_all(self, bills: Iterable[BillNumber], this: _Round) -> None:
        for bill in bills:
            state = this.followed.get(bill.id)
            checked = instant(state.get("checked")) if state else None
            if this.changed is None or bill in this.changed or not is_recent(checked, this.now, _AT_LEAST):
                answer = await outcome(self._read(bill, state or {}, this.memory, this.now))
                if isinstance(answer, FetchFailed):
                    this.failed[bill] = answer
                else:
                    this.read[bill] = answer

    async def _find_changed(self, this: _Round) -> None:
        """Read the batch feed. If that fails, each bill is read instead."""
        validators = this.memory.validators.get(self.batch_url, {})
        accept = "application/rss+xml, application/xml"
        response = await self.fetcher.get(self.batch_url, validators, now=this.now, accept=accept)
        if isinstance(response, Body):
            response = refused_page(response) or response
        if isinstance(response, FetchFailed):
            this.note = f"the feed of changed files could not be read ({response.detail}): each bill was read instead"
            return
        this.batch_validators, this.changed = response.validators, frozenset()
        if isinstance(response, Body):
            this.changed = await asyncio.to_thread(bills_named, response.data.decode("utf-8", "replace"))

    async def _read(self, bill: BillNumber, state: State, memory: Memory, now: datetime) -> _BillAnswer:
        if not self.key:
            return await self._from_file(bill, state, memory, now)
        by_api = await outcome(self._from_api(bill, state, now))
        if isinstance(by_api, _BillAnswer) and not by_api.whole:
            return by_api
        by_file = await outcome(self._from_file(bill, state, memory, now))
        if isinstance(by_file, FetchFailed) and isinstance(by_api, FetchFailed):
            retry_at = max(filter(None, (by_api.retry_at, by_file.retry_at)), default=None)
            raise Failure(by_file.health, f"{by_api.detail}; {by_file.detail}", retry_at)
        if isinstance(by_file, FetchFailed):
            assert isinstance(by_api, _BillAnswer)
            return replace(by_api, note=f"{by_file.detail}: only congress.gov was read")
        if isinstance(by_api, FetchFailed):
            return replace(by_file, note=f"{by_api.detail}: GovInfo was read instead")
        return replace(by_file, records=(*by_api.records, *by_file.records), note=by_api.note)

    async def _from_file(self, bill: BillNumber, state: State, memory: Memory, now: datetime) -> _BillAnswer:
        address = f"{self.url}/{bill.file}"
        # Once a Congress is over, its bills are read again even if unchanged: they have died.
        just_ended = _ended(bill, now) and not _ended(bill, instant(state.get("whole")))
        validators = {} if just_ended else memory.validators.get(address, {})
        response = await self.get(address, now, validators, accept="application/xml")
        if isinstance(response, Unchanged):
            return _BillAnswer(validators=response.validators)
        checked(refused_page(response))
        return await asyncio.to_thread(_parse, bill, lambda: read_billstatus(response.data), response.validators)

    async def _from_api(self, bill: BillNumber, state: State, now: datetime) -> _BillAnswer:
        detail = await self._api.read(bill.path, now)
        rows = await self._api.rows(f"{bill.path}/actions", "actions", now)
        updated = instant(object_of(detail, "bill").get("updateDate"))
        whole = instant(state.get("whole"))
        stale = not is_recent(whole, now, _AT_LEAST) or updated != instant(state.get("updated"))
        # A single list may fail for weeks without stopping the rest.
        answers = {
            name: await outcome(self._api.rows(f"{bill.path}/{name}", key, now))
            for name, key in LEVELS.items()
            if stale
        }
        levels = {name: answer for name, answer in answers.items() if not isinstance(answer, FetchFailed)}
        troubles = [f"{name}: {answer.detail}" for name, answer in answers.items() if isinstance(answer, FetchFailed)]
        read = await asyncio.to_thread(_parse, bill, lambda: read_api(detail, rows, levels), {})
        return replace(read, whole=stale, note="; ".join(troubles))

    def _remember(self, bills: Iterable[BillNumber], this: _Round) -> Memory:
        states: dict[str, State] = {}
        stored = this.memory.validators
        validators = {self.batch_url: this.batch_validators or stored.get(self.batch_url, {})}
        for bill in bills:
            address, before, answer = f"{self.url}/{bill.file}", this.followed.get(bill.id), this.read.get(bill)
            if answer is not None:
                states[bill.id] = _state(before or {}, answer, this.now)
                validators[address] = answer.validators or stored.get(address, {})
            elif before is not None:
                states[bill.id] = {**before, "checked": None} if bill in this.failed else before
                validators[address] = stored.get(address, {})
        return replace(this.memory, validators=validators, cursor={"bills": states})

    def _fetched(
        self, companions: Mapping[BillNumber, tuple[str, ...]], memory: Memory, troubles: Sequence[str], this: _Round
    ) -> Fetched:
        entries: list[Entry] = []
        baseline: set[str] = set()
        for bill, answer in this.read.items():
            events = _entries(
                self.id,
                answer,
                ended=_ended(bill, this.now),
                enacted=self._enacted(bill, memory.cursor["bills"]),
                speaks_for=companions.get(bill, ()),
            )
            if bill.id in this.followed:  # an undated text is as old as the newest dated entry
                last = max((entry.publication_date for entry in events if entry.publication_date), default=date.min)
                oldest = (this.now - _NEWS).date()
                if not this.followed[bill.id].get("lists"):  # as 0.2 left it, which did not read these
                    baseline |= {entry.identity[0] for entry in events if entry.type in (ESTIMATE, TWIN, AMENDMENTS)}
                entries += [entry for entry in events if (entry.publication_date or last) >= oldest]
                continue
            # Official data may call it identical to a tracked bill long after it got further: then that step is news.
            late = any(principal in this.followed for principal in companions.get(bill, ()))
            furthest = min(events, key=lambda entry: rank(entry.type or ""), default=None) if late else None
            baseline |= {entry.identity[0] for entry in events if entry is not furthest}
            entries += events
        notes = dict.fromkeys(filter(None, (this.note, *(answer.note for answer in this.read.values()))))
        return Fetched(
            entries=tuple(sorted(entries, key=lambda entry: entry.publication_date or date.max)),
            memory=memory,
            health=next((failure.health for failure in this.failed.values()), Health.OK),
            detail="; ".join((*troubles, *notes)),
            baseline=frozenset(baseline),
            records=tuple(record for answer in this.read.values() for record in answer.records),
        )

    def _enacted(self, bill: BillNumber, states: Mapping[str, State]) -> str:
        """``H.R. 1234, with the same text, is Public Law 119-99``: the law the bill's policy became, or ""."""
        laws_by_bill = {id_: law for family in self.laws for id_, law in family.items()}
        family = [id_ for family in self.laws if bill.id in family for id_ in family]
        identical = states.get(bill.id, {}).get("identical", ())
        relatives = dict.fromkeys(identical, "with the same text")
        relatives |= {id_: "from the same family" for id_ in family if id_ not in relatives}
        for id_, how in relatives.items():
            law, other = states.get(id_, {}).get("law") or laws_by_bill.get(id_, ""), BillNumber.of(id_)
            if law and other != bill and other.congress == bill.congress:
                return f"{other.name}, {how}, is {law}"
        return ""


def _parse(bill: BillNumber, read: Callable[[], BillRecord], validators: Mapping[str, str]) -> _BillAnswer:
    try:
        record = read()
    except Unreadable as error:
        raise Failure(Health.MALFORMED, f"its record cannot be read: {error}") from error
    if record.number != bill:
        raise Failure(Health.MALFORMED, f"the answer has the record of {record.number.label}")
    return _BillAnswer((record,), validators)


def _state(before: State, answer: _BillAnswer, now: datetime) -> State:
    """A bill's state to store after it was read."""
    updated = answer.records[0].updated if answer.records else None
    identical = _identical(answer)
    return {
        "checked": now.isoformat(),
        "updated": updated.isoformat() if updated else before.get("updated"),
        "whole": now.isoformat() if answer.whole else before.get("whole"),
        "identical": before.get("identical", []) if identical is None else identical,
        "law": next((record.law for record in answer.records if record.law), before.get("law", "")),
        "lists": before.get("lists", False) or any(record.amendments is not None for record in answer.records),
    }


def _identical(answer: _BillAnswer) -> list[str] | None:
    """The ids of the bills with the same text; None if no record says."""
    identical = [record.identical for record in answer.records if record.related is not None]
    return sorted(frozenset().union(*identical)) if identical else None


def _ended(bill: BillNumber, now: datetime | None) -> bool:
    return now is not None and now.date() > bill.ends


def _entries(
    source: str, answer: _BillAnswer, *, ended: bool, enacted: str, speaks_for: tuple[str, ...]
) -> list[Entry]:
    """The entries of a bill's records, without duplicates."""
    subjects = next((record.subjects for record in answer.records if record.subjects), None)
    records = (replace(record, subjects=record.subjects or subjects) for record in answer.records)
    events = (bill_entries(record, source, ended=ended, enacted=enacted, speaks_for=speaks_for) for record in records)
    return list({entry.identity[0]: entry for entries in events for entry in entries}.values())
