"""Mentions that people bring themselves: an address, a file of clippings. They are filed without a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.alerts.cards import Item
from bot.commands.model import Work
from bot.entries import records as entries
from bot.entries.saving import save_entries
from bot.media.news import records
from bot.media.news.intake import Press, file, tell
from bot.media.news.model import Story
from bot.shared.entry import Entry, Kind
from bot.shared.urls import canonical_key, host_of

BY_HAND: Final = "by-hand"  # the source of entries added by people


@dataclass(frozen=True, slots=True)
class Added:
    """The stories of the added items, and how many items were known already or must not come back."""

    stories: tuple[Story, ...]
    known: int = 0
    redacted: int = 0


def clipping(
    url: str, title: str, outlet: str = "", summary: str = "", published: datetime | None = None, author: str = ""
) -> Entry:
    """Return an article as an entry."""
    key = f"url:{canonical_key(url)}"
    return Entry(source=BY_HAND, kind=Kind.NEWS, identity=(key,), thread=key, title=title, url=url,
                 summary=summary or None, published=published, outlet=outlet or host_of(url),
                 author=author)  # fmt: skip


def add(work: Work, given: Sequence[Entry], *, by: str | None) -> Added:
    """File a mention that a person added, whatever the watches match. Existing cards count it."""
    tx = work.tx
    readable = Press(work.config.coalition).read(tx, given)
    stored = records.mentions_of(tx, [canonical_key(entry.url) for entry in readable])
    reading = save_entries(tx, readable, silent=lambda _: True, now=work.now, new_id=work.new_id)
    stories: dict[str, None] = {}
    for arrival in reading.arrivals:
        matches = work.config.matcher.match(arrival.stored)
        entries.insert_matches(tx, [(arrival.id, arrival.stored.stage.value, matches)], work.now)
        item = Item(id=arrival.id, entry=arrival.stored, matches=matches)
        stories[file(work, item, by=by).story or ""] = None
    changed = records.by_ids(tx, list(stories))
    for story in changed:
        if story.delivery:
            tell(work, story)
    return Added(tuple(changed), len(stored), len(given) - len(readable))
