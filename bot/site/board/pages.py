"""The board's pages, in the order of the navigation, and the first of them: what waits, what came, what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final

from bot.alerts.status import SourceLine, source_lines
from bot.chat.web.cards import task
from bot.chat.web.pages import Page, Previews, View
from bot.commands.model import STAFF, Context
from bot.entries import match_records
from bot.shared.calendar import business_day, day_in_words
from bot.shared.health import nothing_new
from bot.shared.wording import asks as asks_words
from bot.shared.wording import number
from bot.site.board import asks, bills, deadlines, figures, letters, offices, report, search, tables
from bot.site.board.asks import rows_of

_MOST = 90  # days
_SHOWN = 12  # events; the CSV has all
_ORDER = "alert DESC, at DESC"
_DUE = 4


def today(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """What waits for the reader, what was raised since the last business day or in the last `days`, and what is due."""
    days = min(int(query["days"]), _MOST) if query.get("days", "").isdecimal() else 0
    since_day = ctx.today - timedelta(days or next(n for n in count(1) if business_day(ctx.today - timedelta(n))))
    since = figures.midnight(ctx, since_day)
    newest = match_records.newest_events(ctx.tx, since, _SHOWN, order=_ORDER)
    raised = match_records.asks_raised(ctx.tx, since)
    silent = [ask for ask in ctx.config.coalition.asks if ask not in raised]
    tasks = [line for room in ctx.waiting for line in room(ctx.tx, ctx.actor, ctx.now)]
    commands = {command.path: command for command in ctx.commands}
    on = [each for each in source_lines(ctx.tx, ctx.config) if each.enabled]
    counted = f"{number(newest.count, 'new item')}, {number(newest.alerts, 'alert')}" if newest.count else ""
    nothing = nothing_new(sum(each.needs_attention for each in on)).capitalize()
    return View(
        title="Today",
        template="today.html",
        values={
            "since": day_in_words(since_day),
            "count": counted or nothing,
            "nothing": nothing,
            "waiting": [task(line, commands) for line in tasks],
            "events": rows_of(ctx, newest),
            "more": max(newest.count - _SHOWN, 0),
            "silent": asks_words(silent) if silent else "",
            "sources": _sources(on),
            "sees_sources": bool(ctx.actor.roles & STAFF),
            "sign_ons": letters.open_sign_ons(ctx),
            "due": deadlines.ahead(ctx)[:_DUE],
            "today": ctx.today,
            "chart": figures.alerts_by_week(ctx, figures.half_year(ctx.today)),
        },
        export=lambda: asks.table_of(ctx, match_records.newest_events(ctx.tx, since, None, order=_ORDER)),
    )


def _sources(on: Sequence[SourceLine]) -> str:
    """How many sources the page rests on: that nothing is new means little while they do not answer."""
    unread = sum(each.health is None for each in on)
    bad = sum(each.needs_attention for each in on)
    parts = (
        number(len(on), "source"),
        f"{number(bad, 'needs', 'need')} attention" if bad else "",
        f"{unread} not checked yet" if unread else "",
    )
    return ", ".join(filter(None, parts))


TEMPLATES: Final = Path(__file__).parent / "templates"
PAGES: Final[tuple[Page, ...]] = (
    Page(path="/today", show=today, nav="Today", commands=("alerts",)),
    *letters.PAGES, deadlines.DEADLINES, *bills.PAGES, *asks.PAGES, *tables.PAGES,
    report.REPORT, offices.OFFICES, search.SEARCH,
)  # fmt: skip
PREVIEWS: Final[Previews] = letters.PREVIEWS  # what forms show next to their fields
TRIALS: Final = tables.TRIALS
