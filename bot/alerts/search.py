"""Search entries by words, for /campaign find."""

from __future__ import annotations

from itertools import islice

from bot.alerts import cards
from bot.alerts.cards import Item
from bot.commands.model import Context, SearchHit
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.shared.search import Words


def search_entries(ctx: Context, words: Words, limit: int) -> list[SearchHit]:
    """What sources published. A withheld headline is not searched."""
    candidates = records.containing(ctx.tx, words)
    fitting = (stored for stored in candidates if not stored.entry.withheld and _fits(stored, words))
    return [
        SearchHit(
            at=stored.first_seen_at,
            name=stored.name,
            line=cards.digest_line([Item(id=stored.id, entry=stored.entry, matches=())]).text,
            url=stored.entry.link,
        )
        for stored in islice(fitting, limit)
    ]


def _fits(stored: StoredEntry, words: Words) -> bool:
    entry = stored.entry
    agencies = [agency.name for agency in entry.agencies or ()]
    return words.fit(entry.title, entry.summary, entry.number, entry.bill, entry.outlet, *agencies)
