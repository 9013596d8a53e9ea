"""Rules under review at OMB (reginfo.gov): received, and concluded. No key.

The White House's Office of Information and Regulatory Affairs reads significant rules before they are published. Its
list is rewritten daily, and those concluded are listed for 30 days. A list that does not exist answers with a web page.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final, Literal

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory, NotModified
from bot.shared.calendar import day_in_words
from bot.shared.entry import REVIEW_CONCLUDED, REVIEW_TAKES, UNDER_REVIEW, Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, day
from bot.sources.model import HttpSource, SourceConfig, find_new

OMB_URL: Final = "https://www.reginfo.gov/public/do/XMLViewFileAction?f={list}.xml"
_UNDER_REVIEW: Final = "EO_RULES_UNDER_REVIEW"
_CONCLUDED: Final = "EO_RULE_COMPLETED_30_DAYS"
# The form in which anyone may ask for a meeting while a rule is under review, by its RIN; the meetings that were held.
_MEETING: Final = "https://www.reginfo.gov/public/do/eo/neweomeeting"
_MEETINGS: Final = "https://www.reginfo.gov/public/do/eom12866SearchResults?rin={rin}&viewRule=true"
_CLOCK: Final = f"OMB has {REVIEW_TAKES.days} days and may take 30 more (E.O. 12866, section 6(b)(2))."
_ASK: Final = (
    "Until it concludes, anyone may ask for a meeting, by the RIN. It does not replace a comment to the agency."
)
_MOST: Final = 2_000  # rules of a list; 178 were in that of October 2026
_RIN: Final = re.compile(r"\d{4}-[A-Z]{2}\d{2}", re.ASCII)


class OmbReviewsConfig(SourceConfig):
    """Rules under review at the White House's Office of Management and Budget."""

    brings: ClassVar = Kind.PLANNED_RULE
    kind: Literal["omb-reviews"]


class OmbReviews(HttpSource, settings=OmbReviewsConfig):
    """The two lists at `url`, which has ``{list}`` for their names. Satisfies `Source`. Cursor: that of `find_new`."""

    default_url = OMB_URL

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        listed: dict[str, Entry] = {}
        validators: dict[str, Mapping[str, str]] = {}
        broken = 0
        for name in (_UNDER_REVIEW, _CONCLUDED):
            url = self.url.replace("{list}", name)
            response = await self.fetcher.get(url, memory.validators.get(url, {}), now=now, accept="text/xml")
            if isinstance(response, FetchFailed):
                return response
            validators[url] = response.validators
            if isinstance(response, Body):
                read = await asyncio.to_thread(_read, response, self.id)
                if isinstance(read, FetchFailed):
                    return read
                listed |= read[0]
                broken += read[1]
        after = replace(memory, validators=validators)
        fresh, after = find_new(listed, after, now)
        if not fresh and not broken and memory.first_success_at:
            return NotModified(after)
        return Fetched(entries=tuple(fresh), memory=after, broken=broken)


def _read(body: Body, source: str) -> tuple[dict[str, Entry], int] | FetchFailed:
    """The reviews of a list by their keys, and how many rows could not be read."""
    root = read_xml(body, "OIRA_DATA", "a list of rules under review")
    if isinstance(root, FetchFailed):
        return root
    rows = root.findall("REGACT")[:_MOST]
    if not rows:
        return FetchFailed(Health.EMPTY, "the list of rules under review has none")
    reviews = [review for row in rows if (review := _review(row, source))]
    return {review.identity[0]: review for review in reviews}, len(rows) - len(reviews)


def _review(row: Any, source: str) -> Entry | None:
    """A rule that OMB received, or whose review it has concluded; None without RIN, title or the day of its receipt."""
    rin, title, stage, decision = (clean(row.findtext(name) or "") for name in ("RIN", "TITLE", "STAGE", "DECISION"))
    received, completed = (day(clean(row.findtext(name) or "")) for name in ("DATE_RECEIVED", "DATE_COMPLETED"))
    if not _RIN.fullmatch(rin) or not title or received is None:
        return None
    key = f"review:{rin}:{received}"
    at_omb = f"{stage or 'Stage not given'}, RIN {rin}, received by OMB on {day_in_words(received)}."
    ends = f"Concluded on {day_in_words(completed)}: {decision or 'decision not given'}." if completed else ""
    return Entry(
        source=source,
        kind=Kind.PLANNED_RULE,
        identity=(f"{key}:concluded" if completed else key,),
        thread=f"rule:{rin}",
        title=title,
        url=_MEETINGS.replace("{rin}", rin) if completed else _MEETING,
        type=REVIEW_CONCLUDED if completed else UNDER_REVIEW,
        publication_date=completed or received,
        notes=(at_omb, ends) if completed else (at_omb, _CLOCK, _ASK),
    )
