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

from bot.shared.answer import Answer, Fetched, FetchFailed, Memory
from bot.shared.dates import EASTERN, believable
from bot.shared.entry import Agency, Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import short_hash
from bot.sources.feeds.parse import Item, Reading
from bot.sources.feeds.parse_child import parse_feed
from bot.sources.model import HttpSource, SourceConfig, find_new

OPINION: Final = "Opinion"  # `Entry.type`
FILING: Final = "Court filing"
_LISTED: Final = 20  # results in a feed, at most
_HEADER: Final = 300  # characters of a text in which a filing's header is
# The header that the courts' filing system prints on each page: "Case 1:26-cv-00118-ABC Document 5 Filed 11/20/26".
_DOCKET: Final = re.compile(r"\bCase:? (\d{1,2}:\d\d-[a-z]{2,4}-\d{3,6})\b", re.IGNORECASE)


class CourtListenerConfig(SourceConfig):
    """Court opinions and filings that match a search on CourtListener, by its feed."""

    brings: ClassVar = Kind.COURT
    needs_url: ClassVar = True
    is_feed: ClassVar = True
    kind: Literal["courtlistener"]


class CourtListener(HttpSource, settings=CourtListenerConfig):
    """The feed of one search. Satisfies `Source`. Cursor: that of `find_new`, for records and case names."""

    gap: float = 5

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self.ask(memory, now, "application/atom+xml", gap=self.gap)
        if not isinstance(answer, tuple):
            return answer
        body, after = answer
        reading = await parse_feed(body.data, body.content_type, body.url)
        if isinstance(reading, FetchFailed):
            return reading
        after = replace(after, validators={}) if reading.cut_off else after
        return await asyncio.to_thread(self._answer, reading, after, now)

    def _answer(self, reading: Reading, memory: Memory, now: datetime) -> Fetched:
        entries = [entry for item in reading.items if (entry := self._entry(item, now))]
        by_digest = {short_hash(f"{entry.identity[0]} {entry.title}"): entry for entry in entries}
        fresh, after = find_new(by_digest, memory, now)
        full = len(entries) >= _LISTED and memory.first_success_at and len(fresh) == len(entries)
        return Fetched(
            entries=tuple(reversed(fresh)),
            memory=after,
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
