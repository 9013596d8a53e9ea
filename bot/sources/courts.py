"""Court opinions and filings that match a search on CourtListener, from the search's own Atom feed. No key.

The feed has the newest 20 results: case name, court, day of filing, and up to 500 words of the text. It has no docket
number; the number that a filing's header repeats is quoted. The text is matched and not stored.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final, Literal
from urllib.parse import urlsplit

from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory, NotModified, Unchanged
from bot.shared.dates import EASTERN, believable
from bot.shared.entry import Agency, Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import short_hash
from bot.sources.feeds.parse import Item, Reading
from bot.sources.feeds.parse_child import parse_feed
from bot.sources.model import Basics, Given, HttpSource, SourceConfig

OPINION: Final = "Opinion"  # `Entry.type`
FILING: Final = "Court filing"
_LISTED: Final = 20  # results in a feed, at most
_MAX_SEEN: Final = 1_000  # digests of records
_HEADER: Final = 300  # characters of a text in which a filing's header is
# The header that the courts' filing system prints on each page: "Case 1:26-cv-00118-ABC Document 5 Filed 11/20/26".
_DOCKET: Final = re.compile(r"\bCase:? (\d{1,2}:\d\d-[a-z]{2,4}-\d{3,6})\b", re.IGNORECASE)


class CourtListenerConfig(SourceConfig):
    """Court opinions and filings that match a search on CourtListener, by its feed."""

    brings: ClassVar = Kind.COURT
    needs_url: ClassVar = True
    is_feed: ClassVar = True
    kind: Literal["courtlistener"]

    def adapter(self, given: Given) -> CourtListener:
        return CourtListener(*given.basics)


class CourtListener(HttpSource):
    """The feed of one search. Satisfies `Source`. Cursor: ``{"seen": [digest, …]}`` of records and case names."""

    def __init__(self, *basics: *Basics, gap: float = 5) -> None:
        super().__init__(*basics)
        self._gap = gap

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        validators = memory.validators.get("feed", {})
        response = await self._fetcher.get(self._url, validators, now=now, accept="application/atom+xml", gap=self._gap)
        if isinstance(response, FetchFailed):
            return response
        if isinstance(response, Unchanged):
            return NotModified(replace(memory, validators={"feed": response.validators}))
        reading = await parse_feed(response.data, response.content_type, response.url)
        return (
            reading
            if isinstance(reading, FetchFailed)
            else await asyncio.to_thread(self._answer, reading, response, memory, now)
        )

    def _answer(self, reading: Reading, body: Body, memory: Memory, now: datetime) -> Fetched:
        entries = [entry for item in reading.items if (entry := self._entry(item, now))]
        by_digest = {short_hash(f"{entry.identity[0]} {entry.title}"): entry for entry in entries}
        seen_before = memory.cursor.get("seen", [])
        fresh = [entry for digest, entry in by_digest.items() if digest not in set(seen_before)]
        seen = [*by_digest, *(digest for digest in seen_before if digest not in by_digest)][:_MAX_SEEN]
        full = len(entries) >= _LISTED and memory.first_success_at and len(fresh) == len(entries)
        return Fetched(
            entries=tuple(reversed(fresh)),
            memory=replace(
                memory,
                validators={} if reading.cut_off else {"feed": body.validators},
                cursor={"seen": seen},
                last_change_at=now if fresh else memory.last_change_at,
            ),
            health=Health.OVERRUN if full else Health.OK if reading.items else Health.EMPTY_EXPECTED,
            detail="every listed record was new: some may have been missed" if full else "",
            broken=reading.broken + len(reading.items) - len(entries),
        )

    def _entry(self, item: Item, now: datetime) -> Entry | None:
        """The opinion or filing; None without a case name or the address of a record."""
        record = record_of(item.link)
        if record is None or not item.title:
            return None
        identity, thread = record
        filed = believable(item.published, now)
        docket = _DOCKET.search(item.summary[:_HEADER])
        return Entry(
            source=self.id,
            kind=Kind.COURT,
            identity=(identity,),
            thread=thread,
            title=item.title,
            url=item.link,
            text=item.summary,
            # Midnight where the court is, or in California; in Washington it is the same day for both.
            publication_date=filed.astimezone(EASTERN).date() if filed else None,
            agencies=(Agency(item.author),) if item.author else None,
            type=OPINION if identity == thread else FILING,
            notes=(f"Docket number in its header: {docket[1]}.",) if docket else (),
        )


def record_of(url: str) -> tuple[str, str] | None:
    """The identity and the thread of an opinion or a filing by its address; None for any other address.

    The last step of an address is the case's name, which changes; the numbers do not. Filings of one docket share a
    thread.
    """
    match [step for step in urlsplit(url).path.split("/") if step]:
        case ["opinion", number, *_] if number.isdecimal():
            return f"court:opinion:{number}", f"court:opinion:{number}"
        case ["docket", docket, document, attachment, _] if docket.isdecimal():
            return f"court:docket:{docket}:{document}:{attachment}", f"court:docket:{docket}"
        case ["docket", docket, document, _] if docket.isdecimal():
            return f"court:docket:{docket}:{document}", f"court:docket:{docket}"
    return None
