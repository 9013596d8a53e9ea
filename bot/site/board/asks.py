"""The asks: a list, and for each one timeline of what was raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.alerts import cards
from bot.alerts.items import read_events
from bot.chat.web.pages import ROWS, Cell, Page, Table, View, days_of, presses
from bot.commands.model import Context, Refused
from bot.entries import history
from bot.media.clips.model import Counts
from bot.media.news.wording import READERS
from bot.shared.calendar import day_in_words
from bot.shared.card import Button
from bot.shared.urls import web_address
from bot.shared.wording import clock, number, short
from bot.site.board import deadlines, figures
from bot.site.board.bills import family_rows
from bot.site.board.letters import letter_cell, letter_cells, letters_by_subject
from bot.watch.model import Level, asks_of, loudest, merged, why

_PERIODS: Final = (7, 30, 90, 365)  # days
_TITLE: Final = 300  # characters
_WHY: Final = 240
_STEP: Final = 120
_STEPS: Final = 5  # of an event, the newest


def list_(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Every ask with what there is on it now, and its alerts by week."""
    period, due = figures.half_year(ctx.today), deadlines.unmet(ctx)
    chart, letters = figures.alerts_by_week(ctx, period), letters_by_subject(ctx)
    stories = _stories(ctx)
    columns = (
        "Ask",
        "Last alert",
        "Our letter",
        "Bill",
        "Next deadline",
        *(("Stories",) if stories is not None else ()),
    )
    rows = []
    for (ask, config), alerts in zip(ctx.config.coalition.asks.items(), chart.rows, strict=False):  # and policy's
        rows.append((
            Cell(f"{ask}. {config.title}", f"/asks/{ask}"),
            Cell(day_in_words(alerts.newest), alerts.url) if alerts.newest else "none",
            letter_cell(ctx, letters.get(ask, ())),
            _bill_cell(ctx, ask),
            _due_cell(ctx, [row for row in due if ask in row.asks]),
            *((str(stories[ask]),) if stories is not None else ()),
        ))  # fmt: skip
    return View(
        title="Asks", template="asks.html", values={"chart": chart, "asks": Table(columns, rows)}, table=chart.table
    )


def _stories(ctx: Context) -> Counter[int] | None:
    """How many stories each ask has in 26 weeks; None to those who do not read the press list."""
    if not ctx.actor.roles & READERS:
        return None
    counted = figures.stories(ctx, figures.half_year(ctx.today))
    return Counter(ask for kind, story in counted if kind in (Counts.NAMED, Counts.UNNAMED) for ask in story.asks)


def _about(ctx: Context, ask: int) -> list[tuple[str, list[Cell]]]:
    """What there is on an ask now: its letters, the bill, what is due. Stories are too slow to count on each page."""
    bill = _bill_cell(ctx, ask)
    due = [
        Cell(day_in_words(row.day), row.page, short(row.title, _STEP), "Overdue" if row.day < ctx.today else "")
        for row in deadlines.unmet(ctx) if ask in row.asks
    ]  # fmt: skip
    return [
        ("Our letters", letter_cells(ctx, letters_by_subject(ctx).get(ask, ()))),
        ("Bill", [bill] if bill.text else []),
        ("Deadlines", due),
    ]


def _due_cell(ctx: Context, due: Sequence[deadlines.Row]) -> Cell:
    """What is due next, or else overdue the longest, and how many are overdue."""
    overdue = sum(row.day < ctx.today for row in due)
    row = next(iter((*due[overdue:], *due)), None)
    late = f"{overdue} overdue" if overdue else ""
    return Cell(day_in_words(row.day), row.page, short(row.title, _STEP), late) if row else Cell("")


def _bill_cell(ctx: Context, ask: int) -> Cell:
    """The bill on an ask: one that became law, else the one with the newest step."""
    families = [family for family in ctx.config.coalition.bills.values() if ask in family.asks]
    every = [row for family in families for row in family_rows(ctx, family)]
    best = max(every, key=lambda row: (bool(row.law), row.last or date.min, row.bill.congress), default=None)
    return Cell(best.bill.label, best.page, best.state) if best else Cell("")


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:
    """One ask: what was raised for it, newest first. `days` and `level` in the address filter it."""
    typed = names["ask"]
    ask = int(typed) if typed.isdecimal() and len(typed) < 6 else 0
    config = ctx.config.coalition.asks.get(ask)
    if config is None:
        raise Refused(f"There is no ask {typed[:20]}.")
    days = days_of(query, _PERIODS, 90)
    since, alerts = ctx.now - timedelta(days=days), query.get("level") == "alert"
    newest = history.newest_events(ctx.tx, since, ROWS, ask=ask, alerts=alerts)
    return View(
        title=f"Ask {ask}, {config.title}",
        template="ask.html",
        values={
            "ask": ask,
            "heading": config.title,
            "text": config.text,
            "days": days,
            "periods": _PERIODS,
            "level": query.get("level", ""),
            "about": _about(ctx, ask),
            "buttons": presses(ctx, Button("Draft a letter", "letter draft", (("ask", str(ask)),), "primary")),
            "rows": rows_of(ctx, newest),
            "more": max(newest.count - ROWS, 0),
            "count": f"{number(newest.count, 'item')} in {days} days",
        },
        export=lambda: table_of(ctx, history.newest_events(ctx.tx, since, None, ask=ask, alerts=alerts)),
    )


PAGES: Final = (Page(path="/asks", show=list_, nav="Asks"), Page(path="/asks/{ask}", show=show))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An event. `when`: the time as people read it; `why`: the best reason; `alert`: not only in a digest.

    `steps`: the day and headline of each of its entries, oldest first.
    """

    name: str  # as commands take it
    at: datetime
    when: str
    title: str
    url: str
    source: str
    asks: tuple[int, ...]
    alert: bool
    why: str
    steps: tuple[tuple[date, str], ...]

    @property
    def page(self) -> str:
        """The page with all that is known of it."""
        return f"/find?words={self.name}"


def rows_of(ctx: Context, events: history.Events) -> list[Row]:
    """The first of the events as a page shows them."""
    labels, rows = ctx.config.labels, []
    for event in read_events(ctx.tx, events):
        line, stored = cards.digest_line(event.items), event.stored
        matches = merged(*(item.matches for item in event.items))
        row = Row(
            name=stored.name,
            at=event.at,
            when=clock(event.at, ctx.zone, ctx.now),
            title=short(line.text, _TITLE),
            url=web_address(line.url),
            source=labels.sources.get(stored.entry.source, stored.entry.source),
            asks=tuple(asks_of(matches)),
            alert=loudest(matches) is Level.ALERT,
            why=short(next(iter(why(matches, labels.asks)), ""), _WHY),
            steps=tuple(
                (
                    cards.day_of(item.entry, ctx.zone) or ctx.config.coalition.day(event.at),
                    short(cards.story_headline([item]), _STEP),
                )
                for item in event.items[-_STEPS:]
            ),
        )
        rows.append(row)
    return rows


def table_of(ctx: Context, events: history.Events) -> Table:
    """The events for a spreadsheet."""
    return Table(
        columns=("id", "time", "asks", "level", "title", "source", "address", "why"),
        rows=[
            (row.name, row.at.isoformat(), ", ".join(map(str, row.asks)), "alert" if row.alert else "digest", row.title,
             row.source, row.url, row.why)
            for row in rows_of(ctx, events)
        ],
    )  # fmt: skip
