"""Entries by their words, for /campaign find."""

from __future__ import annotations

from itertools import islice

from bot.alerts import cards, records, trace
from bot.alerts.cards import Item
from bot.alerts.records import Kept
from bot.command import Desk, Found
from bot.search import Words


def entries(desk: Desk, words: Words, limit: int) -> list[Found]:
    """What sources published. A withheld headline is not searched."""
    candidates = records.containing(desk.tx, words)
    fitting = (kept for kept in candidates if not kept.entry.withheld and _fits(kept, words))
    return [
        Found(
            at=kept.first_seen_at,
            name=trace.name_of(kept),
            line=cards.digest_line([Item(id=kept.id, entry=kept.entry, matches=())]).text,
            url=kept.entry.link,
        )
        for kept in islice(fitting, limit)
    ]


def _fits(kept: Kept, words: Words) -> bool:
    entry = kept.entry
    agencies = [agency.name for agency in entry.agencies or ()]
    return words.fit(entry.title, entry.summary, entry.number, entry.bill, entry.outlet, *agencies)
