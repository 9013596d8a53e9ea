"""GDELT's index of the world's news: which articles of the last day its search finds. No snippet, no author.

One request in five seconds is its limit; an empty object is its word for "nothing found"; what it cannot search for it
says in plain text under "200 OK".
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from bot.entry import Entry, Kind
from bot.sources.canonical import canonical_key, host_of, web_address
from bot.sources.feed_parse import cut
from bot.sources.http import Body, Fetcher, Unchanged
from bot.sources.model import Answer, Fetched, FetchFailed, Health, Memory, NotModified
from bot.sources.payload import read_object
from bot.sources.text import clean

GDELT_URL: Final = "https://api.gdeltproject.org/api/v2/doc/doc"
_MOST: Final = 250  # rows that one answer has at most
_KEPT: Final = 1_000  # digests of addresses
_TITLE: Final = 500
# The index sets blanks around signs: "Survivors ' Relief Act , signed".
_BEFORE: Final = re.compile(r"\s+(?=[,.;:!?%)\]’])")
_AFTER: Final = re.compile(r"(?<=[(\[$#“‘])\s+")
_APOSTROPHE: Final = re.compile(r"(?<=\w) ' ?s\b")


class Gdelt:
    """One search. Satisfies `Source`. Cursor: ``{"seen": [digest, …]}`` of what it has handed on."""

    def __init__(
        self,
        id: str,  # noqa: A002 - the port's name for it
        name: str,
        url: str,
        fetcher: Fetcher,
        *,
        query: str,
        gap: float = 5,
    ) -> None:
        self.id = id
        self.name = name
        asked = {"query": query, "mode": "ArtList", "format": "json", "maxrecords": _MOST, "timespan": "1d",
                 "sort": "DateDesc"}  # fmt: skip
        self._url = f"{url or GDELT_URL}?{urlencode(asked)}"
        self._fetcher = fetcher
        self._gap = gap

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        validators = memory.validators.get("search", {})
        got = await self._fetcher.get(self._url, validators, now=now, accept="application/json", gap=self._gap)
        if isinstance(got, FetchFailed):
            return got
        if isinstance(got, Unchanged):
            return NotModified(replace(memory, validators={"search": got.validators}, last_success_at=now))
        found = await asyncio.to_thread(read_object, got)
        if isinstance(found, FetchFailed):
            return _refused(got, found)
        return self._answer(found, got, memory, now)

    def _answer(self, found: Mapping[str, Any], body: Body, memory: Memory, now: datetime) -> Answer:
        rows = found.get("articles", [])
        if not isinstance(rows, list):
            return FetchFailed(Health.MALFORMED, "GDELT sent no list of articles")
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
        full = len(rows) >= _MOST and memory.first_success_at and len(fresh) == len(entries)
        return Fetched(
            entries=tuple(sorted(fresh, key=lambda entry: entry.as_of or now)),
            memory=kept,
            health=Health.OVERRUN if full else Health.OK if rows else Health.EMPTY_EXPECTED,
            detail="none of the articles was known: some may have come and gone unseen" if full else "",
            broken=len(rows) - sum(entry is not None for entry in read),
        )

    def _entry(self, row: Mapping[str, Any], now: datetime) -> Entry | None:
        url, title = web_address(_text(row, "url")), tidy(_text(row, "title"))
        if not url or not title:
            return None
        key = f"url:{canonical_key(url)}"
        return Entry(
            source=self.id,
            kind=Kind.NEWS,
            identity=(key,),
            thread=key,
            title=cut(title, _TITLE),
            url=url,
            outlet=_text(row, "domain") or host_of(url),
            as_of=_seen(_text(row, "seendate"), now),
        )


def tidy(title: str) -> str:
    """A headline without the blanks that the index sets around its signs."""
    return _APOSTROPHE.sub("'s", _AFTER.sub("", _BEFORE.sub("", clean(title))))


def _refused(body: Body, failed: FetchFailed) -> FetchFailed:
    """What it cannot search for, it says in a sentence."""
    said = body.data[:200].decode("utf-8", "replace").strip()
    if body.content_type.startswith("text/") and said and "<" not in said:
        return FetchFailed(Health.MALFORMED, f"GDELT does not take the query: “{clean(said)}”")
    return failed


def _seen(text: str, now: datetime) -> datetime | None:
    """When GDELT saw it, in UTC; when it was published, it does not say."""
    try:
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return min(moment, now)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
