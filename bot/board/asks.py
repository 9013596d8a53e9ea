"""The asks: a list, and for each one timeline of what was raised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.board.raised import raised_since
from bot.chat.web.pages import Page, Table, View
from bot.commands.model import Context, Refused
from bot.shared.wording import number

_PERIODS: Final = (7, 30, 90, 365)  # days
_LIST_DAYS: Final = 30
_SHOWN: Final = 100  # rows of a page; the CSV has all


def list_(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Every ask, with how much was raised for it in the last 30 days."""
    rows = raised_since(ctx, ctx.now - timedelta(days=_LIST_DAYS))
    cells = []
    for ask, config in ctx.config.coalition.asks.items():
        own = [row for row in rows if ask in row.asks]
        alerts = sum(row.alert for row in own)
        cells.append((str(ask), config.title, str(alerts), str(len(own)), own[0].when if own else "nothing"))
    table = Table(
        columns=("Ask", "Title", "Alerts in 30 days", "All in 30 days", "Newest"),
        rows=cells,
        urls=[f"/asks/{ask}" for ask, *_ in cells],
    )
    return View(title="Asks", template="list.html", values={"caption": "Our asks", "path": "/asks"}, table=table)


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:
    """One ask: what was raised for it, newest first. `days` and `level` in the address filter it."""
    typed = names["ask"]
    ask = int(typed) if typed.isdecimal() and len(typed) < 6 else 0
    config = ctx.config.coalition.asks.get(ask)
    if config is None:
        raise Refused(f"There is no ask {typed[:20]}.")
    days = int(query.get("days", "")) if query.get("days", "") in map(str, _PERIODS) else 90
    rows = raised_since(ctx, ctx.now - timedelta(days=days), ask=ask)
    if query.get("level") == "alert":
        rows = [row for row in rows if row.alert]
    return View(
        title=f"Ask {ask}, {config.title}",
        template="ask.html",
        values={
            "ask": ask,
            "days": days,
            "periods": _PERIODS,
            "level": query.get("level", ""),
            "rows": rows[:_SHOWN],
            "more": max(len(rows) - _SHOWN, 0),
            "count": f"{number(len(rows), 'item')} in {days} days",
        },
        table=Table(
            columns=("id", "time", "level", "title", "source", "address", "why"),
            rows=[(row.name, row.at.isoformat(), row.level, row.title, row.source, row.url, row.why) for row in rows],
        ),
    )


PAGES: Final = (Page(path="/asks", show=list_, nav="Asks"), Page(path="/asks/{ask}", show=show))
