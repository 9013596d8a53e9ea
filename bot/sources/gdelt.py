"""GDELT's index of world news: articles of the last day that match a search. No snippet, no author.

It allows one request in five seconds, returns an empty object for "nothing found", and rejects a query with
a plain-text message under "200 OK".
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, Literal
from urllib.parse import urlencode

from bot.fetch.payload import read_object, text_of
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, cut, short_hash
from bot.shared.urls import canonical_key, host_of, web_address
from bot.sources.model import HttpSource, SearchConfig, find_new

GDELT_URL: Final = "https://api.gdeltproject.org/api/v2/doc/doc"
_MOST: Final = 250  # rows of an answer
_TITLE: Final = 500  # characters
# The index adds spaces around punctuation: "Veterans ' Relief Act , signed".
_BEFORE: Final = re.compile(r"\s+(?=[,.;:!?%)\]’])")
_AFTER: Final = re.compile(r"(?<=[(\[$#“‘])\s+")
_APOSTROPHE: Final = re.compile(r"(?<=\w) ' ?s\b")


class GdeltConfig(SearchConfig):
    """A search of GDELT's index of online news."""

    brings: ClassVar = Kind.NEWS
    kind: Literal["gdelt"]


class Gdelt(HttpSource, settings=GdeltConfig):
    """One GDELT search. Satisfies `Source`. Cursor: that of `find_new`, because an answer lists all of the last day."""

    default_url = GDELT_URL
    keyword: str
    gap: float = 5

    def __post_init__(self) -> None:
        super().__post_init__()
        params = {"query": self.keyword, "mode": "ArtList", "format": "json", "maxrecords": _MOST, "timespan": "1d",
                 "sort": "DateDesc"}  # fmt: skip
        self.url = f"{self.url}?{urlencode(params)}"

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self.ask(memory, now, "application/json", gap=self.gap)
        if not isinstance(answer, tuple):
            return answer
        body, after = answer
        parsed = await asyncio.to_thread(read_object, body)
        rows = parsed if isinstance(parsed, FetchFailed) else parsed.get("articles", [])
        if isinstance(rows, FetchFailed):
            return _refused(body, rows)
        if not isinstance(rows, list):
            return FetchFailed(Health.MALFORMED, f"{self.name} sent no list of articles")
        parsed_rows = [self._entry(row, now) for row in rows if isinstance(row, dict)]
        entries = {short_hash(entry.identity[0]): entry for entry in parsed_rows if entry}
        fresh, after = find_new(entries, after, now)
        full = len(rows) >= _MOST and memory.first_success_at and len(fresh) == len(entries)
        return Fetched(
            entries=tuple(sorted(fresh, key=lambda entry: entry.as_of or now)),
            memory=after,
            health=Health.OVERRUN if full else Health.OK if rows else Health.EMPTY_EXPECTED,
            detail="every listed article was new: some may have been missed" if full else "",
            broken=len(rows) - sum(entry is not None for entry in parsed_rows),
        )

    def _entry(self, row: Mapping[str, Any], now: datetime) -> Entry | None:
        """The entry of a row; None without an address or a headline."""
        address, title = web_address(text_of(row, "url").strip()), tidy(text_of(row, "title"))
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
            outlet=text_of(row, "domain").strip() or host_of(address),
            as_of=_seen(text_of(row, "seendate").strip(), now),
        )


def _refused(body: Body, failed: FetchFailed) -> FetchFailed:
    """The failure with GDELT's own message, if it rejected the query."""
    message = body.data[:200].decode("utf-8", "replace").strip()
    if body.content_type.startswith("text/") and message and "<" not in message:
        return FetchFailed(Health.MALFORMED, f"GDELT rejected the query: “{clean(message)}”")
    return failed


def tidy(title: str) -> str:
    """A headline without the spaces that the index adds around punctuation."""
    return _APOSTROPHE.sub("'s", _AFTER.sub("", _BEFORE.sub("", clean(title))))


def _seen(text: str, now: datetime) -> datetime | None:
    """The time GDELT saw the article, in UTC. It does not give the time of publication."""
    try:
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return min(moment, now)
