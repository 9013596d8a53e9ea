"""Bills of the state legislatures that match a search, from LegiScan. Needs an API key; its data is CC BY 4.0.

One request lists the bills with a hash of each; only bills whose hash changed are read. The free key allows 30,000
requests a month for all searches together, so each search has a third of that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import Field

from bot.fetch.payload import list_of, object_of, read_object, text_of
from bot.shared.answer import Answer, Failure, Fetched, FetchFailed, Health, Memory, outcome
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import clean, day, short_hash
from bot.shared.states import STATES
from bot.shared.urls import web_address
from bot.shared.values import StateCode
from bot.sources.model import HttpSource

MONTHLY: Final = 10_000  # requests of one search
AT_ONCE: Final = 50  # changed bills read in one poll; the others at the next ones
_MOST_LISTED: Final = 2_000  # that LegiScan lists for one search
_DECIDES: Final = re.compile(r"^(?!am\b|amend).*\b(?:passed|vetoed|signed|enacted|failed|tabled|died)\b", re.IGNORECASE)
_COMMITTEES: Final = re.compile(r"(?:[A-Z]{2,4}, )+[A-Z]{2,4}|")  # or no action at all


class LegiScan(HttpSource, kind="legiscan", brings=Kind.STATE_BILL, needs_keyword=True, key_setting="legiscan_api_key"):
    """A search of the states' bills on LegiScan.

    Cursor: ``{"hashes": {bill id: hash}, "month": "2026-11", "requests": n}``.
    The first poll lists the bills and reads none: what is there already is the baseline. The requests of a poll that
    fails are not counted, because a failure leaves the cursor as it is; a third of the budget leaves room for them.
    """

    default_url = "https://api.legiscan.com/"
    keyword: str = Field(default="", description="what to search for, in the search's own language")
    states: tuple[StateCode, ...] = Field(
        default=(), description="states by their two letters, such as `OH`; all if left out"
    )
    key: str
    gap: float = 1

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        if not self.key:
            return FetchFailed(Health.NEEDS_KEY, "it needs a key: set LEGISCAN_API_KEY")
        counter = _Counter.of(memory, now)
        listed: dict[str, str] = {}
        full = False
        for state in self.states or ("ALL",):
            rows = _rows(await self._ask(counter, now, op="getSearchRaw", state=state, query=self.keyword))
            if rows is None:
                return FetchFailed(Health.MALFORMED, f"{self.name} sent no list of bills")
            listed |= rows
            full = full or len(rows) >= _MOST_LISTED
        previous: Mapping[str, str] = memory.cursor.get("hashes", {}) if memory.first_success_at else listed
        changed = [id_ for id_, hash_ in listed.items() if previous.get(id_) != hash_]
        read, failed = await self._read(changed[:AT_ONCE], counter, now)
        if failed and not read:
            return failed
        entries = [entry for entry in map(self._entry, read.values()) if entry]
        unread = {*changed} - {*read}
        hashes = {id_: previous.get(id_, "") if id_ in unread else hash_ for id_, hash_ in listed.items()}
        return Fetched(
            entries=tuple(sorted(entries, key=lambda entry: entry.publication_date or date.min)),
            memory=replace(
                memory,
                cursor={"hashes": hashes, **asdict(counter)},
                last_change_at=now if entries else memory.last_change_at,
            ),
            health=Health.OVERRUN if full else Health.OK if listed else Health.EMPTY_EXPECTED,
            detail=f"the search has {_MOST_LISTED:,} bills or more: make it narrower" if full else "",
            broken=len(read) - len(entries),
        )

    async def _read(
        self, ids: Sequence[str], counter: _Counter, now: datetime
    ) -> tuple[dict[str, Any], FetchFailed | None]:
        """Read bills until LegiScan cannot be asked; those that are left are read at the next poll.

        A bill that it answers with an error is passed over until its hash changes again.
        """
        read: dict[str, Any] = {}
        for id_ in ids:
            answer = await outcome(self._ask(counter, now, op="getBill", id=id_))
            if isinstance(answer, FetchFailed):
                if answer.health is Health.MALFORMED:
                    read[id_] = {}
                    continue
                return read, answer
            read[id_] = object_of(answer, "bill")
        return read, None

    async def _ask(self, counter: _Counter, now: datetime, **params: str) -> Mapping[str, Any]:
        if counter.requests >= MONTHLY:
            next_month = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=5, second=0)
            raise Failure(Health.BLOCKED, f"it has used its {MONTHLY:,} requests of this month", retry_at=next_month)
        counter.requests += 1
        url = f"{self.url}?{urlencode({'key': self.key, **params})}"
        parsed = await self.fetcher.read(url, read_object, now, accept="application/json", gap=self.gap)
        if parsed.get("status") != "ERROR":
            return parsed
        # An error comes with status 200. Its message is not repeated: it may have the key in it.
        if "key" in str(parsed.get("alert")).casefold():
            raise Failure(Health.NEEDS_KEY, "LegiScan refuses the key: check LEGISCAN_API_KEY")
        raise Failure(Health.MALFORMED, "LegiScan answered with an error message instead of data")

    def _entry(self, bill: Mapping[str, Any]) -> Entry | None:
        """The bill's newest important action; None if it has no id, title, address or action."""
        id_, number, title = _text(bill, "bill_id"), _text(bill, "bill_number"), _text(bill, "title")
        address, action = web_address(_text(bill, "url")), _newest_action(bill)
        if not (id_ and title and address and action):
            return None
        state, description = _text(bill, "state"), _text(bill, "description")
        done = _text(action, "action")
        on = _text(action, "date")
        return Entry(
            source=self.id,
            kind=Kind.STATE_BILL,
            identity=(f"legiscan:{id_}:{on}:{short_hash(done)}",),
            thread=f"legiscan:{id_}",
            title=f"{STATES.get(state, state)} {number}: {title}",
            url=address,
            summary=description if description != title else None,
            publication_date=day(on),
            agencies=(),
            action=done,
            notes=("Data: LegiScan, CC BY 4.0.",),
        )


@dataclass(slots=True)
class _Counter:
    """The requests of a calendar month (UTC)."""

    month: str
    requests: int

    @classmethod
    def of(cls, memory: Memory, now: datetime) -> _Counter:
        month = f"{now:%Y-%m}"
        return cls(month, memory.cursor.get("requests", 0) if memory.cursor.get("month") == month else 0)


def _rows(answer: Mapping[str, Any]) -> dict[str, str] | None:
    """Bill id → hash. LegiScan gives lists as a list or as an object with numbers for keys; None for anything else."""
    result = answer.get("searchresult")
    if not isinstance(result, dict):
        return None
    rows = result.get("results", [row for key, row in result.items() if key.isdecimal()])
    if isinstance(rows, dict):
        rows = list(rows.values())
    if not isinstance(rows, list):
        return None
    pairs = ((_text(row, "bill_id"), _text(row, "change_hash")) for row in rows if isinstance(row, dict))
    return {id_: hash_ for id_, hash_ in pairs if id_ and hash_}


def _newest_action(bill: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The last action that LegiScan marks as important or that decides; else the last of all.

    A new cosponsor is no news here. LegiScan marks bare lists of committees ("STA, TRA") and leaves votes unmarked.
    """
    rows = [row for row in list_of(bill, "history") if not _COMMITTEES.fullmatch(text_of(row, "action"))]
    telling = [row for row in rows if _text(row, "importance") == "1" or _DECIDES.search(text_of(row, "action"))]
    return next(reversed(telling or rows), None)


def _text(row: Mapping[str, Any], key: str) -> str:
    """The value as plain text. The same field is a number in one answer and text in another."""
    return clean(text_of(row, key))
