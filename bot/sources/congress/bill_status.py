"""Followed bills: GovInfo's BILLSTATUS files without a key, congress.gov's API v3 with one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin

from bot.shared.entry import Entry
from bot.sources.congress.bill_entries import bill_entries
from bot.sources.congress.bill_parsing import LEVELS, Unreadable, read_api, read_billstatus
from bot.sources.congress.bill_record import BillNumber, BillRecord, bills_named
from bot.sources.congress.bill_steps import rank
from bot.sources.fetch.http import Body, Fetcher, Unchanged
from bot.sources.fetch.payload import read_object, refused_page
from bot.sources.model import Answer, Fetched, FetchFailed, Health, Memory, NotModified
from bot.sources.plain_text import instant

BILLSTATUS_URL: Final = "https://www.govinfo.gov/bulkdata/BILLSTATUS"
_BATCH_PATH: Final = "/rss/billstatus-batch.xml"
_TEXT_PATH: Final = "/content/pkg/{0}/{1}/{0}.{2}"
API_URL: Final = "https://api.congress.gov/v3"
# The batch feed holds the newest 100 items, and one night's batch can be larger: no bill relies on it alone.
_AT_LEAST: Final = timedelta(hours=6)
# Records are refreshed years later, and the store forgets keys after 400 days: an action older than this, on a bill
# already followed, could not be told from one that was said long ago.
_NEWS: Final = timedelta(days=365)
_PAGE: Final = 250  # the API's maximum; more is cut to it without a word
_MOST_ROWS: Final = 5_000
_MOST_IDENTICAL: Final = 5  # bills that are followed beside one that is

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Signal:
    """Bills whose files were written anew: None when nobody could say."""

    written: frozenset[BillNumber] | None = None
    validators: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A bill's records: none where nothing changed. `validators` are those of its BILLSTATUS file, if that was read.

    `whole`: everything that can be known of the bill was asked for, not its actions alone.
    """

    records: tuple[BillRecord, ...] = ()
    validators: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    whole: bool = True


class BillStatus:
    """What happens to `bills` (ids such as ``hr1234-119``) and to bills with the same text in the same Congress.

    Without a key, the batch feed says which files were written anew; those are asked for, and every bill at least
    every six hours. With a key, congress.gov's API is asked for every bill's actions at every poll, and both for all
    the rest when its record changed, and at least every six hours; where one fails, the other is read alone.
    A change of the record's update date alone brings no entry. `batch_url` is on the host of `url` unless it is given.

    `families`: the bills of one policy, each with the law that it is known to have become, or "".

    Cursor: ``{"bills": {"hr1234-119": {"checked", "updated", "whole": instants, "identical": ids, "law": its name}}}``.
    A bill that is not in it has just begun to be followed: its entries are marked as baseline.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - the port's name for it
        name: str,
        fetcher: Fetcher,
        *,
        bills: Sequence[str],
        url: str = BILLSTATUS_URL,
        batch_url: str = "",
        api_url: str = API_URL,
        api_key: str | None = None,
        families: Sequence[Mapping[str, str]] = (),
    ) -> None:
        self.id = id
        self.name = name
        self._fetcher = fetcher
        self._bills = tuple(BillNumber.of(bill) for bill in bills)
        self._url = (url or BILLSTATUS_URL).rstrip("/")
        self._batch_url = batch_url or urljoin(self._url, _BATCH_PATH)
        self._api_url = api_url.rstrip("/")
        self._api_key = api_key
        self._families = families

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        followed: Mapping[str, State] = memory.cursor.get("bills", {})
        signal = _Signal() if self._api_key else await self._signal(memory, now)
        got = _Got(followed)
        await self._read_all(self._bills, got, signal, memory, now)
        speaking = got.identical(self._bills)
        await self._read_all(speaking, got, signal, memory, now)
        if got.failed and not got.read and signal.written is None:
            return _all_failed(got.failed)
        after = self._remember(memory, got, [*self._bills, *speaking], signal, now)
        if not got.failed and not any(one.records for one in got.read.values()):
            return NotModified(after)
        return self._fetched(got, speaking, after, signal, now)

    async def look(self, bill: BillNumber, now: datetime) -> tuple[BillRecord, ...] | FetchFailed:
        """What a bill's record says now, followed or not; nothing is remembered of it."""
        got = await self._read(bill, {}, Memory(), now)
        return got if isinstance(got, FetchFailed) else got.records

    async def text(self, bill: BillNumber, version: str, now: datetime) -> Body | FetchFailed:
        """A text version ("ih", "enr") from GovInfo, as XML or, where there is none, as plain text in HTML."""
        package = f"BILLS-{bill.congress}{bill.type}{bill.number}{version}"
        for folder, ending in (("xml", "xml"), ("html", "htm")):
            address = urljoin(self._url, _TEXT_PATH.format(package, folder, ending))
            got = await self._fetcher.get(address, now=now)
            if isinstance(got, Body) and (folder == "html" or refused_page(got) is None):
                return got
        return got if isinstance(got, FetchFailed) else FetchFailed(Health.NOT_A_FEED, "GovInfo has no such text")

    async def _read_all(
        self, bills: Iterable[BillNumber], got: _Got, signal: _Signal, memory: Memory, now: datetime
    ) -> None:
        for bill in bills:
            state = got.followed.get(bill.id)
            if _due(bill, state, signal, now):
                one = await self._read(bill, state or {}, memory, now)
                if isinstance(one, FetchFailed):
                    got.failed[bill] = one
                else:
                    got.read[bill] = one

    async def _signal(self, memory: Memory, now: datetime) -> _Signal:
        known = memory.validators.get(self._batch_url, {})
        got = await self._fetcher.get(self._batch_url, known, now=now, accept="application/rss+xml, application/xml")
        if isinstance(got, Unchanged):
            return _Signal(frozenset(), got.validators)
        failure = got if isinstance(got, FetchFailed) else refused_page(got)
        if failure is None and isinstance(got, Body):
            written = await asyncio.to_thread(bills_named, got.data.decode("utf-8", "replace"))
            return _Signal(written, got.validators)
        note = failure.detail if failure else ""
        return _Signal(note=f"the feed of changed files could not be read ({note}): each bill was asked for instead")

    async def _read(self, bill: BillNumber, state: State, memory: Memory, now: datetime) -> _Read | FetchFailed:
        if not self._api_key:
            return await self._from_file(bill, state, memory, now)
        by_api = await self._from_api(bill, state, now)
        if isinstance(by_api, _Read) and not by_api.whole:
            return by_api
        by_file = await self._from_file(bill, state, memory, now)
        if isinstance(by_file, FetchFailed) and isinstance(by_api, FetchFailed):
            retry_at = max(filter(None, (by_api.retry_at, by_file.retry_at)), default=None)
            return FetchFailed(by_file.health, f"{by_api.detail}; {by_file.detail}", retry_at)
        if isinstance(by_file, FetchFailed):
            assert isinstance(by_api, _Read)
            return replace(by_api, note=f"{by_file.detail}: congress.gov was read alone")
        if isinstance(by_api, FetchFailed):
            return replace(by_file, note=f"{by_api.detail}: GovInfo was read instead")
        return replace(by_file, records=(*by_api.records, *by_file.records), note=by_api.note)

    async def _from_file(self, bill: BillNumber, state: State, memory: Memory, now: datetime) -> _Read | FetchFailed:
        address = f"{self._url}/{bill.file}"
        # Once a Congress is over, its bills are read anew even where nothing changed: they have died.
        anew = _ended(bill, now) and not _ended(bill, instant(state.get("whole")))
        known = {} if anew else memory.validators.get(address, {})
        got = await self._fetcher.get(address, known, now=now, accept="application/xml")
        if isinstance(got, FetchFailed):
            return got
        if isinstance(got, Unchanged):
            return _Read(validators=got.validators)
        if refused := refused_page(got):
            return refused
        return await asyncio.to_thread(_checked, bill, lambda: read_billstatus(got.data), got.validators)

    async def _from_api(self, bill: BillNumber, state: State, now: datetime) -> _Read | FetchFailed:
        detail = await self._object(f"{bill.path}?format=json", now)
        if isinstance(detail, FetchFailed):
            return detail
        rows = await self._rows(bill, "actions", "actions", now)
        if isinstance(rows, FetchFailed):
            return rows
        about = detail.get("bill")
        updated = instant(about.get("updateDate")) if isinstance(about, Mapping) else None
        whole = instant(state.get("whole"))
        stale = whole is None or now - whole >= _AT_LEAST or updated != instant(state.get("updated"))
        levels, troubles = await self._levels(bill, now) if stale else ({}, [])
        read = await asyncio.to_thread(_checked, bill, lambda: read_api(detail, rows, levels), {})
        return read if isinstance(read, FetchFailed) else replace(read, whole=stale, note="; ".join(troubles))

    async def _levels(self, bill: BillNumber, now: datetime) -> tuple[dict[str, list[Any]], list[str]]:
        """The lists beside the actions. Levels have failed for weeks on their own: then the rest is told without."""
        found: dict[str, list[Any]] = {}
        troubles: dict[str, None] = {}
        for name, key in LEVELS.items():
            rows = await self._rows(bill, name, key, now)
            if isinstance(rows, FetchFailed):
                troubles[f"{name}: {rows.detail}"] = None
            else:
                found[name] = rows
        return found, list(troubles)

    async def _rows(self, bill: BillNumber, level: str, key: str, now: datetime) -> list[Any] | FetchFailed:
        rows: list[Any] = []
        while len(rows) < _MOST_ROWS:
            page = await self._object(f"{bill.path}/{level}?format=json&limit={_PAGE}&offset={len(rows)}", now)
            if isinstance(page, FetchFailed):
                return page
            held = page.get(key)
            if not isinstance(held, list):
                return FetchFailed(Health.MALFORMED, f"the API's list of {level} is missing")
            rows += held
            # `pagination.next` is not to be trusted (it has come with a raw blank): we count for ourselves.
            total = _count(page)
            if len(held) < _PAGE if total is None else len(rows) >= total or not held:
                break
        return rows

    async def _object(self, path: str, now: datetime) -> Mapping[str, Any] | FetchFailed:
        """`format` is always sent: the default became XML in 2026. The key travels in a header, never in the URL."""
        got = await self._fetcher.get(
            f"{self._api_url}/{path}", now=now, accept="application/json", headers={"X-Api-Key": self._api_key or ""}
        )
        if isinstance(got, Body):
            return await asyncio.to_thread(read_object, got)
        return got if isinstance(got, FetchFailed) else FetchFailed(Health.MALFORMED, "the API says nothing changed")

    def _remember(
        self, memory: Memory, got: _Got, bills: Iterable[BillNumber], signal: _Signal, now: datetime
    ) -> Memory:
        states: dict[str, State] = {}
        validators = {self._batch_url: signal.validators or memory.validators.get(self._batch_url, {})}
        for bill in bills:
            address, before, one = f"{self._url}/{bill.file}", got.followed.get(bill.id), got.read.get(bill)
            held = memory.validators.get(address, {})
            if one is not None:
                states[bill.id] = _state(before or {}, one, now)
                validators[address] = one.validators or held
            elif before is not None:
                states[bill.id] = {**before, "checked": None} if bill in got.failed else before
                validators[address] = held
        return replace(memory, validators=validators, cursor={"bills": states})

    def _fetched(
        self, got: _Got, speaking: Mapping[BillNumber, tuple[str, ...]], memory: Memory, signal: _Signal, now: datetime
    ) -> Fetched:
        entries: list[Entry] = []
        baseline: set[str] = set()
        for bill, one in got.read.items():
            found = _entries(
                self.id,
                one,
                ended=_ended(bill, now),
                enacted=self._enacted(bill, memory.cursor["bills"]),
                speaks_for=speaking.get(bill, ()),
            )
            if bill.id in got.followed:
                entries += _recent(found, now)
            else:
                entries += found
                baseline |= _known(found, [principal in got.followed for principal in speaking.get(bill, ())])
        notes = [f"{bill.label}: {failure.detail}" for bill, failure in got.failed.items()]
        notes += dict.fromkeys(filter(None, (signal.note, *(one.note for one in got.read.values()))))
        return Fetched(
            entries=tuple(sorted(entries, key=lambda entry: entry.publication_date or date.max)),
            memory=memory,
            health=next((failure.health for failure in got.failed.values()), Health.OK),
            detail="; ".join(notes),
            baseline=frozenset(baseline),
            records=tuple(record for one in got.read.values() for record in one.records),
        )

    def _enacted(self, bill: BillNumber, states: Mapping[str, State]) -> str:
        """``H.R. 1234, with the same text, is Public Law 119-99``: a law that the bill's policy became; "" for none."""
        known = {id_: law for family in self._families for id_, law in family.items()}
        family = [id_ for each in self._families if bill.id in each for id_ in each]
        identical = states.get(bill.id, {}).get("identical", ())
        relatives = dict.fromkeys(identical, "with the same text")
        relatives |= {id_: "of the same family" for id_ in family if id_ not in relatives}
        for id_, how in relatives.items():
            law, other = states.get(id_, {}).get("law") or known.get(id_, ""), BillNumber.of(id_)
            if law and other != bill and other.congress == bill.congress:
                return f"{other.name}, {how}, is {law}"
        return ""


class _Got:
    """What one poll has brought so far. `followed`: the state of each bill as the last poll left it."""

    def __init__(self, followed: Mapping[str, State]) -> None:
        self.followed = followed
        self.read: dict[BillNumber, _Read] = {}
        self.failed: dict[BillNumber, FetchFailed] = {}

    def identical(self, bills: Sequence[BillNumber]) -> dict[BillNumber, tuple[str, ...]]:
        """The bills beside `bills` that have the text of one or more of them; official data call them identical."""
        found: dict[BillNumber, tuple[str, ...]] = {}
        for bill in bills:
            one = self.read.get(bill)
            said = _identical(one) if one else None
            ids = self.followed.get(bill.id, {}).get("identical", ()) if said is None else said
            for other in map(BillNumber.of, list(ids)[:_MOST_IDENTICAL]):
                if other not in bills and other.congress == bill.congress:
                    found[other] = (*found.get(other, ()), bill.id)
        return found


def _due(bill: BillNumber, state: State | None, signal: _Signal, now: datetime) -> bool:
    checked = instant(state.get("checked")) if state else None
    return signal.written is None or bill in signal.written or checked is None or now - checked >= _AT_LEAST


def _checked(bill: BillNumber, read: Callable[[], BillRecord], validators: Mapping[str, str]) -> _Read | FetchFailed:
    try:
        record = read()
    except Unreadable as error:
        return FetchFailed(Health.MALFORMED, f"its record cannot be read: {error}")
    if record.number != bill:
        return FetchFailed(Health.MALFORMED, f"the record that came is that of {record.number.label}")
    return _Read((record,), validators)


def _state(before: State, one: _Read, now: datetime) -> State:
    """What is remembered of a bill that was just read."""
    updated = one.records[0].updated if one.records else None
    identical = _identical(one)
    return {
        "checked": now.isoformat(),
        "updated": updated.isoformat() if updated else before.get("updated"),
        "whole": now.isoformat() if one.whole else before.get("whole"),
        "identical": before.get("identical", []) if identical is None else identical,
        "law": next((record.law for record in one.records if record.law), before.get("law", "")),
    }


def _identical(one: _Read) -> list[str] | None:
    """The ids of the bills with the same text; None where no record says."""
    said = [record.identical for record in one.records if record.related is not None]
    return sorted(frozenset().union(*said)) if said else None


def _ended(bill: BillNumber, now: datetime | None) -> bool:
    return now is not None and now.date() > bill.ends


def _entries(source: str, one: _Read, *, ended: bool, enacted: str, speaks_for: tuple[str, ...]) -> list[Entry]:
    """What the records of one bill say; what two of them say stands once."""
    subjects = next((record.subjects for record in one.records if record.subjects), None)
    records = (replace(record, subjects=record.subjects or subjects) for record in one.records)
    found = (bill_entries(record, source, ended=ended, enacted=enacted, speaks_for=speaks_for) for record in records)
    return list({entry.identity[0]: entry for entries in found for entry in entries}.values())


def _recent(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """What can be news of a bill already followed. A text without a date is as old as the last that has one."""
    oldest = (now - _NEWS).date()
    last = max((entry.publication_date for entry in entries if entry.publication_date), default=date.min)
    return [entry for entry in entries if (entry.publication_date or last) >= oldest]


def _known(entries: Sequence[Entry], heard: Sequence[bool]) -> set[str]:
    """What is baseline of a bill that begins to be followed.

    Official data may call it identical to a followed bill long after it has overtaken that one: then its furthest step
    is news. `heard`: whether each bill that it speaks for was followed before.
    """
    furthest = min(entries, key=lambda entry: rank(entry.type or ""), default=None) if any(heard) else None
    return {entry.identity[0] for entry in entries if entry is not furthest}


def _all_failed(failed: Mapping[BillNumber, FetchFailed]) -> FetchFailed:
    first = next(iter(failed.values()))
    retry_at = max(filter(None, (failure.retry_at for failure in failed.values())), default=None)
    return FetchFailed(
        first.health, "; ".join(f"{bill.label}: {failure.detail}" for bill, failure in failed.items()), retry_at
    )


def _count(page: Mapping[str, Any]) -> int | None:
    pagination = page.get("pagination")
    count = pagination.get("count") if isinstance(pagination, Mapping) else None
    return count if isinstance(count, int) else None
