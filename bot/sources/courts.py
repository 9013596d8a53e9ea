"""Court opinions and filings that match a search on CourtListener: by the search's own Atom feed, or with a token by
its API, which since November 2026 answers nobody else.

Both have the newest 20 results: case name, court, day of filing, and some of the text. The feed has no docket number;
the number that a filing's header repeats is quoted. The text is matched and not stored.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from bot.fetch.payload import list_of, read_rows, text_of
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Health, Memory, checked, outcome
from bot.shared.entry import Agency, Entry, Kind
from bot.shared.plain_text import EASTERN, believable, clean, cut, day, short_hash
from bot.shared.urls import web_address
from bot.sources.feeds.parse import TITLE, Item, Reading
from bot.sources.feeds.parse_child import parse_feed
from bot.sources.model import HttpSource, find_new, name_key

_API: Final = "/api/rest/v4/search/"
OPINION: Final = "Opinion"  # `Entry.type`
FILING: Final = "Court filing"
_LISTED: Final = 20  # results in a feed, at most
_HEADER: Final = 300  # characters of a text in which a filing's header is
# The header that the courts' filing system prints on each page: "Case 1:26-cv-00118-ABC Document 5 Filed 11/20/26".
_DOCKET: Final = re.compile(r"\bCase:? (\d{1,2}:\d\d-[a-z]{2,4}-\d{3,6})\b", re.IGNORECASE)


class CourtListener(
    HttpSource,
    kind="courtlistener",
    brings=Kind.COURT,
    needs_url=True,
    is_feed=True,
    key_setting="courtlistener_token",
    key_host="courtlistener.com",
):
    """Court opinions and filings that match a search on CourtListener, by its feed.

    One search. `url`: its feed's. Cursor: that of `find_new`, for records and case names.
    """

    gap: float = 5
    key: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.key:
            feed = urlsplit(self.url)
            newest = "entry_date_filed" if "type=r" in feed.query else "dateFiled"
            self.url = feed._replace(path=_API, query=f"{feed.query}&order_by={newest}+desc").geturl()

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        accept = "application/json" if self.key else "application/atom+xml"
        headers = {"Authorization": f"Token {self.key}"} if self.key else {}
        answer = await outcome(self.ask(memory, now, accept, gap=self.gap, headers=headers))
        if isinstance(answer, FetchFailed):
            return name_key(answer, "courtlistener_token", self.key)
        if not isinstance(answer, tuple):
            return answer
        body, after = answer
        read = asyncio.to_thread(_read_results, body) if self.key else None
        reading = checked(await (read or parse_feed(body.data, body.content_type, body.url)))
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


def _read_results(body: Body) -> Reading:
    """The opinions of the API's answer, or the filings of its cases."""
    cases = checked(read_rows(body, "results"))
    records = [(case, record) for case in cases for record in list_of(case, "recap_documents") or [case]]
    items = [item for case, record in records if (item := _item(case, record, body.url))]
    return Reading(tuple(items), broken=len(records) - len(items))


def _item(case: Any, record: Any, site: str) -> Item | None:
    """The item of a result; None without a case name or an address."""
    title = clean(text_of(case, "caseName"))
    link = web_address(text_of(record, "absolute_url"), site)
    filed = day(text_of(record, "entry_date_filed") or text_of(record, "dateFiled"))
    if not title or not link:
        return None
    snippets = (text_of(part, "snippet") for part in (*list_of(record, "opinions"), record))
    summary = clean(" ".join(filter(None, (*snippets, text_of(record, "description")))))
    published = datetime(filed.year, filed.month, filed.day, 12, tzinfo=EASTERN) if filed else None
    return Item(cut(title, TITLE), link, "", summary, published, outlet="", author=clean(text_of(case, "court")))


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
