"""Search an index of world news. An answer lists all recent matches; only those not seen before become entries."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from bot.fetch.payload import read_object
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory, NotModified, Unchanged
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import cut, short_hash
from bot.shared.urls import canonical_key, host_of, web_address
from bot.sources.model import Basics, HttpSource

_MAX_SEEN: Final = 1_000  # digests of addresses
_TITLE: Final = 500  # characters


@dataclass(frozen=True, slots=True)
class Question:
    """A request. `headers` may contain a key."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


class NewsIndex(HttpSource, ABC):
    """One search. Satisfies `Source`. Cursor: ``{"seen": [digest, …]}`` of articles already reported."""

    most: int  # maximum rows in one answer
    rows: str  # the answer's key of the list of articles

    def __init__(self, *basics: *Basics, gap: float) -> None:
        super().__init__(*basics)
        self._gap = gap

    @abstractmethod
    def _question(self, now: datetime) -> Question | FetchFailed:
        """The request of a poll, or why there is none."""

    @abstractmethod
    def _entry(self, row: Mapping[str, Any], now: datetime) -> Entry | None:
        """The entry of a row; None without an address or a headline."""

    def _article(self, url: str, title: str, outlet: str, **dates: Any) -> Entry | None:
        """An entry; None without an address or a headline. `dates`: the index's dates, by their names in `Entry`."""
        address = web_address(url)
        if not address or not title:
            return None
        key = f"url:{canonical_key(address)}"
        return Entry(
            source=self.id,
            kind=Kind.NEWS,
            identity=(key,),
            thread=key,
            title=cut(title, _TITLE),
            url=address,
            outlet=outlet or host_of(address),
            **dates,
        )

    def _refused(self, body: Body, failed: FetchFailed) -> FetchFailed:  # noqa: ARG002 - GDELT overrides it
        return failed

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        question = self._question(now)
        if isinstance(question, FetchFailed):
            return question
        response = await self._fetcher.get(
            question.url,
            memory.validators.get("search", {}),
            now=now,
            accept="application/json",
            headers=question.headers,
            gap=self._gap,
        )
        if isinstance(response, FetchFailed):
            return response
        if isinstance(response, Unchanged):
            return NotModified(replace(memory, validators={"search": response.validators}))
        parsed = await asyncio.to_thread(read_object, response)
        return (
            self._refused(response, parsed)
            if isinstance(parsed, FetchFailed)
            else self._answer(parsed, response, memory, now)
        )

    def _answer(self, parsed: Mapping[str, Any], body: Body, memory: Memory, now: datetime) -> Answer:
        rows = parsed.get(self.rows, [])
        if not isinstance(rows, list):
            return FetchFailed(Health.MALFORMED, f"{self.name} sent no list of articles")
        parsed_rows = [self._entry(row, now) for row in rows if isinstance(row, dict)]
        entries = {short_hash(entry.identity[0]): entry for entry in parsed_rows if entry}
        seen_before = memory.cursor.get("seen", [])
        fresh = [entry for digest, entry in entries.items() if digest not in set(seen_before)]
        seen = [*entries, *(digest for digest in seen_before if digest not in entries)][:_MAX_SEEN]
        next_memory = replace(
            memory,
            validators={"search": body.validators},
            cursor={"seen": seen},
            last_change_at=now if fresh else memory.last_change_at,
        )
        full = len(rows) >= self.most and memory.first_success_at and len(fresh) == len(entries)
        return Fetched(
            entries=tuple(sorted(fresh, key=lambda entry: entry.as_of or now)),
            memory=next_memory,
            health=Health.OVERRUN if full else Health.OK if rows else Health.EMPTY_EXPECTED,
            detail="every listed article was new: some may have been missed" if full else "",
            broken=len(rows) - sum(entry is not None for entry in parsed_rows),
        )


def text_of(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""
