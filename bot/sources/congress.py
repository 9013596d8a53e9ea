"""Followed bills: GovInfo's BILLSTATUS files without a key, congress.gov's API v3 with one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin

from bot.entry import Entry
from bot.sources.bills import BillNumber, BillRecord, Unreadable, bill_entries, bills_named, read_api, read_billstatus
from bot.sources.http import Body, Fetcher, Unchanged
from bot.sources.model import Answer, Fetched, FetchFailed, Health, Memory, NotModified
from bot.sources.payload import read_object, refused_page
from bot.sources.text import instant

BILLSTATUS_URL: Final = "https://www.govinfo.gov/bulkdata/BILLSTATUS"
_BATCH_PATH: Final = "/rss/billstatus-batch.xml"
API_URL: Final = "https://api.congress.gov/v3"
# The batch feed holds the newest 100 items, and one night's batch can be larger: no bill relies on it alone.
_AT_LEAST: Final = timedelta(hours=6)
# Records are refreshed years later, and the store forgets keys after 400 days: an action older than this, on a bill
# already followed, could not be told from one that was said long ago.
_NEWS: Final = timedelta(days=365)
_PAGE: Final = 250  # the API's maximum; more is cut to it without a word
_MOST_ACTIONS: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Signal:
    """Bills whose files were written anew: None when nobody could say."""

    written: frozenset[BillNumber] | None = None
    validators: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A bill's record: None where nothing changed. `validators` are those of its BILLSTATUS file, if that was read."""

    record: BillRecord | None
    validators: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


class BillStatus:
    """The actions of `bills` (ids such as ``hr4323-119``). `batch_url` is on the host of `url` unless it is given.

    Without a key, the batch feed says which files were written anew; those are asked for, and every bill at least
    every six hours. With a key, congress.gov's API is asked for every bill at every poll, and GovInfo where it fails.
    A change of the record's update date alone brings no entry: entries are made from actions.

    Cursor: ``{"bills": {"hr4323-119": {"checked": instant or None, "updated": instant or None}}}``. A bill that is
    not in it has just begun to be followed: its entries are marked as baseline.
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
    ) -> None:
        self.id = id
        self.name = name
        self._fetcher = fetcher
        self._bills = tuple(BillNumber.of(bill) for bill in bills)
        self._url = (url or BILLSTATUS_URL).rstrip("/")
        self._batch_url = batch_url or urljoin(self._url, _BATCH_PATH)
        self._api_url = api_url.rstrip("/")
        self._api_key = api_key

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        followed: Mapping[str, Mapping[str, Any]] = memory.cursor.get("bills", {})
        signal = _Signal() if self._api_key else await self._signal(memory, now)
        read: dict[BillNumber, _Read] = {}
        failed: dict[BillNumber, FetchFailed] = {}
        for bill in self._bills:
            if not _due(bill, followed.get(bill.id), signal, now):
                continue
            got = await self._read(bill, memory, now)
            if isinstance(got, FetchFailed):
                failed[bill] = got
            else:
                read[bill] = got
        if failed and not read and signal.written is None:
            return _all_failed(failed)
        after = self._remember(memory, followed, signal, read, failed, now)
        if not failed and all(one.record is None for one in read.values()):
            return NotModified(after)
        return _fetched(self.id, followed, after, signal, read, failed, now)

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

    async def _read(self, bill: BillNumber, memory: Memory, now: datetime) -> _Read | FetchFailed:
        by_api = await self._from_api(bill, now) if self._api_key else None
        if isinstance(by_api, _Read):
            return by_api
        by_file = await self._from_file(bill, memory, now)
        if by_api is None:
            return by_file
        if isinstance(by_file, FetchFailed):
            retry_at = max(filter(None, (by_api.retry_at, by_file.retry_at)), default=None)
            return FetchFailed(by_file.health, f"{by_api.detail}; {by_file.detail}", retry_at)
        return replace(by_file, note=f"{by_api.detail}: GovInfo was read instead")

    async def _from_file(self, bill: BillNumber, memory: Memory, now: datetime) -> _Read | FetchFailed:
        address = f"{self._url}/{bill.file}"
        known = memory.validators.get(address, {})
        got = await self._fetcher.get(address, known, now=now, accept="application/xml")
        if isinstance(got, FetchFailed):
            return got
        if isinstance(got, Unchanged):
            return _Read(None, got.validators)
        if refused := refused_page(got):
            return refused
        return await asyncio.to_thread(_checked, bill, lambda: read_billstatus(got.data), got.validators)

    async def _from_api(self, bill: BillNumber, now: datetime) -> _Read | FetchFailed:
        detail = await self._object(f"{bill.path}?format=json", now)
        if isinstance(detail, FetchFailed):
            return detail
        rows: list[Any] = []
        while len(rows) < _MOST_ACTIONS:
            page = await self._object(f"{bill.path}/actions?format=json&limit={_PAGE}&offset={len(rows)}", now)
            if isinstance(page, FetchFailed):
                return page
            actions = page.get("actions")
            if not isinstance(actions, list):
                return FetchFailed(Health.MALFORMED, "the API's list of actions is missing")
            rows += actions
            # `pagination.next` is not to be trusted (it has come with a raw blank): we count for ourselves.
            total = _count(page)
            if len(actions) < _PAGE if total is None else len(rows) >= total or not actions:
                break
        return await asyncio.to_thread(_checked, bill, lambda: read_api(detail, rows), {})

    async def _object(self, path: str, now: datetime) -> Mapping[str, Any] | FetchFailed:
        """`format` is always sent: the default became XML in 2026. The key travels in a header, never in the URL."""
        got = await self._fetcher.get(
            f"{self._api_url}/{path}", now=now, accept="application/json", headers={"X-Api-Key": self._api_key or ""}
        )
        if isinstance(got, Body):
            return await asyncio.to_thread(read_object, got)
        return got if isinstance(got, FetchFailed) else FetchFailed(Health.MALFORMED, "the API says nothing changed")

    def _remember(
        self,
        memory: Memory,
        followed: Mapping[str, Mapping[str, Any]],
        signal: _Signal,
        read: Mapping[BillNumber, _Read],
        failed: Mapping[BillNumber, FetchFailed],
        now: datetime,
    ) -> Memory:
        bills: dict[str, Mapping[str, Any]] = {}
        validators = {self._batch_url: signal.validators or memory.validators.get(self._batch_url, {})}
        for bill in self._bills:
            address, before, one = f"{self._url}/{bill.file}", followed.get(bill.id), read.get(bill)
            if one is not None:
                updated = one.record.updated if one.record else None
                was = before.get("updated") if before else None
                bills[bill.id] = {"checked": now.isoformat(), "updated": updated.isoformat() if updated else was}
                validators[address] = one.validators or memory.validators.get(address, {})
            elif before is not None:
                bills[bill.id] = {**before, "checked": None} if bill in failed else before
                validators[address] = memory.validators.get(address, {})
        return replace(memory, validators=validators, cursor={"bills": bills})


def _due(bill: BillNumber, state: Mapping[str, Any] | None, signal: _Signal, now: datetime) -> bool:
    checked = instant(state.get("checked")) if state else None
    return signal.written is None or bill in signal.written or checked is None or now - checked >= _AT_LEAST


def _checked(bill: BillNumber, read: Callable[[], BillRecord], validators: Mapping[str, str]) -> _Read | FetchFailed:
    try:
        record = read()
    except Unreadable as error:
        return FetchFailed(Health.MALFORMED, f"its record cannot be read: {error}")
    if record.number != bill:
        return FetchFailed(Health.MALFORMED, f"the record that came is that of {record.number.said}")
    return _Read(record, validators)


def _fetched(
    source: str,
    followed: Mapping[str, Any],
    memory: Memory,
    signal: _Signal,
    read: Mapping[BillNumber, _Read],
    failed: Mapping[BillNumber, FetchFailed],
    now: datetime,
) -> Fetched:
    entries: list[Entry] = []
    baseline: set[str] = set()
    for bill, one in read.items():
        found = bill_entries(one.record, source) if one.record else ()
        if bill.id in followed:
            oldest = (now - _NEWS).date()
            entries += (entry for entry in found if entry.publication_date and entry.publication_date >= oldest)
        else:
            entries += found
            baseline |= {entry.identity[0] for entry in found}
    notes = [f"{bill.said}: {failure.detail}" for bill, failure in failed.items()]
    notes += dict.fromkeys(filter(None, (signal.note, *(one.note for one in read.values()))))
    return Fetched(
        entries=tuple(sorted(entries, key=lambda entry: entry.publication_date or date.min)),
        memory=memory,
        health=next((failure.health for failure in failed.values()), Health.OK),
        detail="; ".join(notes),
        baseline=frozenset(baseline),
    )


def _all_failed(failed: Mapping[BillNumber, FetchFailed]) -> FetchFailed:
    first = next(iter(failed.values()))
    retry_at = max(filter(None, (failure.retry_at for failure in failed.values())), default=None)
    return FetchFailed(
        first.health, "; ".join(f"{bill.said}: {failure.detail}" for bill, failure in failed.items()), retry_at
    )


def _count(page: Mapping[str, Any]) -> int | None:
    pagination = page.get("pagination")
    count = pagination.get("count") if isinstance(pagination, Mapping) else None
    return count if isinstance(count, int) else None
