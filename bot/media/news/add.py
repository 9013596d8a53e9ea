"""What people bring themselves: an address, a file of clippings. Filed as mentions, said nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.alerts.campaign import Campaign, NewId
from bot.alerts.cards import Item
from bot.entries import records as entries
from bot.entries.saving import save_entries
from bot.media.news import records
from bot.media.news.intake import file, tell
from bot.media.news.model import Story
from bot.shared.entry import Entry, Kind
from bot.shared.urls import canonical_key, host_of
from bot.store.database import Transaction

BY_HAND: Final = "by-hand"  # the source of what people bring


@dataclass(frozen=True, slots=True)
class Added:
    """The stories of what was brought; how many of the items were known, and how many may not come back."""

    stories: tuple[Story, ...]
    known: int = 0
    redacted: int = 0


def clipping(
    url: str, title: str, outlet: str = "", summary: str = "", published: datetime | None = None, author: str = ""
) -> Entry:
    """An article as an entry."""
    key = f"url:{canonical_key(url)}"
    return Entry(source=BY_HAND, kind=Kind.NEWS, identity=(key,), thread=key, title=title, url=url,
                 summary=summary or None, published=published, outlet=outlet or host_of(url),
                 author=author)  # fmt: skip


def add(
    tx: Transaction, given: Sequence[Entry], campaign: Campaign, *, by: str | None, now: datetime, new_id: NewId
) -> Added:
    """File what somebody says is a mention, whatever the watches think of it. Cards that are there count it."""
    assert campaign.press
    cid = campaign.coalition.id
    kept = campaign.press.read(tx, given)
    known = records.mentions_of(tx, cid, [canonical_key(entry.url) for entry in kept])
    reading = save_entries(tx, kept, silent=lambda _: True, now=now, new_id=new_id)
    stories: dict[str, None] = {}
    for arrival in reading.arrivals:
        matches = campaign.matcher.match(arrival.stored)
        entries.insert_matches(tx, cid, [(arrival.id, arrival.stored.stage.value, matches)], now)
        item = Item(id=arrival.id, entry=arrival.stored, matches=matches)
        stories[file(tx, item, campaign, now=now, new_id=new_id, by=by).story or ""] = None
    told = records.by_ids(tx, cid, list(stories))
    for story in told:
        if records.saying(tx, cid, story.id).delivery:
            tell(tx, story, campaign, now=now, new_id=new_id)
    return Added(tuple(told), len(known), len(given) - len(kept))
