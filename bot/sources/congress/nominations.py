"""Civilian nominations before the Senate, by congress.gov's API: each when it is received, and at each later step.

The list has a nomination's latest action alone, usually the next morning, so a step that another one followed on the
same day may be missed. Nobody else publishes them as data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar, Final, Literal

from bot.fetch.payload import object_of, text_of
from bot.shared.agencies import agencies
from bot.shared.answer import Answer, Fetched, FetchFailed, Memory, NotModified
from bot.shared.bill_number import nth
from bot.shared.dates import EASTERN
from bot.shared.entry import Agency, Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import clean, cut, day, instant, short_hash
from bot.shared.roll_call import congress_on
from bot.sources.congress.api import API_URL, CongressApi
from bot.sources.model import HttpSource, SourceConfig

_PAGE: Final = "https://www.congress.gov/nomination/{congress}-congress/{number}"
_LOOK_BACK: Final = timedelta(days=30)
_TITLE: Final = 500  # characters
_CITATION: Final = re.compile(r"PN\d{1,5}(?:-\d{1,4})?", re.ASCII)
_OFFICE: Final = re.compile(r"^(?:U\.S\. )?(?:Office (?:of the|for|of|on|to) )?")  # what an office's title leaves out
_DISTINCT: Final = 3  # words of an office's name by which it is known
_STEPS: Final = (  # a part of the Senate's words, and what it means
    ("received in the senate", "Nomination received"),
    ("confirmed by the senate", "Confirmed"),
    ("returned to the president", "Returned"),
    ("withdrawal", "Withdrawn"),
    ("hearings held", "Hearing held"),
    ("ordered to be reported", "Ordered reported"),
    ("reported by", "Reported"),
    ("cloture", "Cloture"),
)


class NominationsConfig(SourceConfig):
    """Civilian nominations before the Senate."""

    brings: ClassVar = Kind.NOMINATION
    key_setting: ClassVar = "congress_api_key"
    kind: Literal["nominations"]


class Nominations(HttpSource, settings=NominationsConfig):
    """The nominations that changed since the last poll. Satisfies `Source`.

    Cursor: ``{"since": instant}``, when the newest that was listed last changed.
    """

    default_url = API_URL
    key: str = ""

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        since = instant(memory.cursor.get("since")) or now - _LOOK_BACK
        congress = congress_on(now.astimezone(EASTERN).date())
        api = CongressApi(self.fetcher, self.url.rstrip("/"), self.key)
        changed = await api.changed(f"nomination/{congress}", "nominations", since, now)
        if isinstance(changed, FetchFailed):
            return changed
        rows, newest = changed
        after = replace(memory, validators={}, cursor={"since": newest.isoformat()})
        civilian = [row for row in rows if object_of(row, "nominationType").get("isCivilian") in (True, "True")]
        entries = [entry for row in civilian if (entry := _entry(self.id, row, congress))]
        if not entries and memory.first_success_at:
            return NotModified(after)
        health = Health.OK if entries else Health.EMPTY_EXPECTED
        broken = len(civilian) - len(entries)
        return Fetched(entries=tuple(entries), memory=after, health=health, broken=broken)


def _entry(source: str, row: Mapping[str, Any], congress: int) -> Entry | None:
    """The latest step of a nomination; None without its number, description or a dated action."""
    citation, description = text_of(row, "citation"), clean(text_of(row, "description"))
    action = object_of(row, "latestAction")
    on, text = day(text_of(action, "actionDate")), clean(text_of(action, "text"))
    if not _CITATION.fullmatch(citation) or not description or on is None or not text:
        return None
    thread = f"nomination:{congress}-{citation}"
    organization = clean(text_of(row, "organization"))
    return Entry(
        source=source,
        kind=Kind.NOMINATION,
        identity=(f"{thread}:{on}:{short_hash(text, 12)}",),
        thread=thread,
        title=cut(description, _TITLE),
        url=_PAGE.format(congress=nth(congress), number=citation[2:].replace("-", "/")),
        agencies=(*_offices(description), *([Agency(organization)] if organization else ())) or None,
        type=next((step for words, step in _STEPS if words in text.casefold()), "Nomination"),
        publication_date=on,
        as_of=instant(text_of(row, "updateDate")),
        notes=(f"{citation}: {text}",),
    )


def _offices(description: str) -> tuple[Agency, ...]:
    """The agencies of the catalog that a position is in, by their names or what these say after "Office of"."""
    named = [(words, agency) for words, agency in _by_words() if words in description]
    longest = (agency for words, agency in named if not any(words in other != words for other, _ in named))
    return tuple(dict.fromkeys(longest))


@cache
def _by_words() -> tuple[tuple[str, Agency], ...]:
    return tuple(
        (words, Agency(section["name"], next(iter(section.get("register", ())), None)))
        for section in agencies().values()
        for name in (section["name"], *section.get("also", ()))
        if len((words := _OFFICE.sub("", name)).split()) >= _DISTINCT
    )
