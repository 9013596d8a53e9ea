"""A search in an index of the world's news: it answers with all it found of late; what is new of it is handed on."""

from __future__ import annotations

import asyncio
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from bot.shared.entry import Entry, Kind
from bot.shared.urls import canonical_key, host_of, web_address
from bot.sources.feeds.parse import cut
from bot.sources.fetch.http import Body, Fetcher, Unchanged
from bot.sources.fetch.payload import read_object
from bot.sources.model import Answer, Fetched, FetchFailed, Health, Memory, NotModified

_KEPT: Final = 1_000  # digests of addresses
_TITLE: Final = 500  # characters


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `headers` may hold a key."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


class NewsIndex(ABC):
    """One search. Satisfies `Source`. Cursor: ``{"seen": [digest, …]}`` of what it has handed on."""

    most: int  # rows that one answer has at most
    rows: str  # the key of its answer under which they stand

    def __init__(self, id: str, name: str, fetcher: Fetcher, *, gap: float) -> None:  # noqa: A002 - the port's name
        self.id = id
        self.name = name
        self._fetcher = fetcher
        self._gap = gap

    @abstractmethod
    def _question(self, now: datetime) -> Question | FetchFailed: ...

    @abstractmethod
    def _entry(self, row: Mapping[str, Any], now: datetime) -> Entry | None:
        """None for a row without an address and a headline."""

    def _article(self, url: str, title: str, outlet: str, **dates: Any) -> Entry | None:
        """None without an address or a headline. `dates`: those that the index gives, by their names in `Entry`."""
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

    def _refused(self, body: Body, failed: FetchFailed) -> FetchFailed:  # noqa: ARG002 - for an index that says why
        return failed

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        asked = self._question(now)
        if isinstance(asked, FetchFailed):
            return asked
        got = await self._fetcher.get(
            asked.url, memory.validators.get("search", {}), now=now, accept="application/json", headers=asked.headers,
            gap=self._gap,
        )  # fmt: skip
        if isinstance(got, FetchFailed):
            return got
        if isinstance(got, Unchanged):
            return NotModified(replace(memory, validators={"search": got.validators}, last_success_at=now))
        found = await asyncio.to_thread(read_object, got)
        return self._refused(got, found) if isinstance(found, FetchFailed) else self._answer(found, got, memory, now)

    def _answer(self, found: Mapping[str, Any], body: Body, memory: Memory, now: datetime) -> Answer:
        rows = found.get(self.rows, [])
        if not isinstance(rows, list):
            return FetchFailed(Health.MALFORMED, f"{self.name} sent no list of articles")
        read = [self._entry(row, now) for row in rows if isinstance(row, dict)]
        entries = {_digest(entry.identity[0]): entry for entry in read if entry}
        before = memory.cursor.get("seen", [])
        fresh = [entry for digest, entry in entries.items() if digest not in set(before)]
        seen = [*entries, *(digest for digest in before if digest not in entries)][:_KEPT]
        kept = replace(
            memory,
            validators={"search": body.validators},
            cursor={"seen": seen},
            first_success_at=memory.first_success_at or now,
            last_success_at=now,
            last_change_at=now if fresh else memory.last_change_at,
        )
        full = len(rows) >= self.most and memory.first_success_at and len(fresh) == len(entries)
        return Fetched(
            entries=tuple(sorted(fresh, key=lambda entry: entry.as_of or now)),
            memory=kept,
            health=Health.OVERRUN if full else Health.OK if rows else Health.EMPTY_EXPECTED,
            detail="none of the articles was known: some may have come and gone unseen" if full else "",
            broken=len(rows) - sum(entry is not None for entry in read),
        )


def text_of(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
