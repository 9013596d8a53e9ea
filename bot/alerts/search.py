"""Entries by their words, for /campaign find."""

from __future__ import annotations

from itertools import islice

from bot.alerts import cards
from bot.alerts.cards import Item
from bot.commands.model import Context, SearchHit
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.shared.search import Words


def entries(ctx: Context, words: Words, limit: int) -> list[SearchHit]:
    """What sources published. A withheld headline is not searched."""
    candidates = records.containing(ctx.tx, words)
    fitting = (kept for kept in candidates if not kept.entry.withheld and _fits(kept, words))
    return [
        SearchHit(
            at=kept.first_seen_at,
            name=kept.name,
            line=cards.digest_line([Item(id=kept.id, entry=kept.entry, matches=())]).text,
            url=kept.entry.link,
        )
        for kept in islice(fitting, limit)
    ]


def _fits(kept: StoredEntry, words: Words) -> bool:
    entry = kept.entry
    agencies = [agency.name for agency in entry.agencies or ()]
    return words.fit(entry.title, entry.summary, entry.number, entry.bill, entry.outlet, *agencies)
