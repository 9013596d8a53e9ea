"""Entries that a watch raised, as rows of a page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.alerts import cards
from bot.alerts.campaign import Campaign, campaign_of
from bot.alerts.cards import Item
from bot.commands.model import Context
from bot.entries import records
from bot.shared.calendar import business_day
from bot.shared.urls import web_address
from bot.shared.wording import clock, short
from bot.watch.model import Level, Match
from bot.watch.reasons import asks_of, loudest, why

_TITLE: Final = 300  # characters
_WHY: Final = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry. `when`: the time as people read it; `why`: what its watches matched; `alert`: not only in a digest."""

    id: str
    name: str  # as commands take it
    at: datetime
    when: str
    title: str
    url: str
    source: str
    asks: tuple[int, ...]
    alert: bool
    why: str

    @property
    def level(self) -> str:
        return "alert" if self.alert else "digest"

    @property
    def page(self) -> str:
        """The page with all that is known of it."""
        return f"/do/campaign/item?id={self.name}"


def raised_since(ctx: Context, since: datetime, *, ask: int | None = None) -> list[Row]:
    """What was raised since then, newest first; of one ask if it is given."""
    campaign = campaign_of(ctx.config)
    return [
        _row(ctx, campaign, stored, matches, at)
        for stored, matches, at in records.matched_since(ctx.tx, ctx.coalition_id, since)
        if ask is None or ask in asks_of(matches)
    ]


def last_business_day(today: date) -> date:
    """The last business day before today, so that a Monday shows the weekend."""
    day = today - timedelta(days=1)
    while not business_day(day):
        day -= timedelta(days=1)
    return day


def of_ask(rows: Sequence[Row], number: int, listed: Collection[str] = ()) -> list[Row]:
    """The rows of one ask that are not listed yet."""
    return [row for row in rows if number in row.asks and row.id not in listed]


def _row(
    ctx: Context, campaign: Campaign, stored: records.StoredEntry, matches: tuple[Match, ...], at: datetime
) -> Row:
    line = cards.digest_line([Item(id=stored.id, entry=stored.entry, matches=matches)])
    return Row(
        id=stored.id,
        name=stored.name,
        at=at,
        when=clock(at, ctx.zone, ctx.now),
        title=short(line.text, _TITLE),
        url=web_address(line.url),
        source=campaign.labels.sources.get(stored.entry.source, stored.entry.source),
        asks=tuple(asks_of(matches)),
        alert=loudest(matches) is Level.ALERT,
        why=short(" ".join(why(matches, campaign.labels.asks)), _WHY),
    )
