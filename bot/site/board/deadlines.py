"""The deadlines: comment periods, hearings and statutory duties, by date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.alerts import hearing_cards
from bot.chat import layout
from bot.chat.web.cards import line_rows, opens, presses
from bot.chat.web.pages import Page, Table, View
from bot.commands.model import Context
from bot.deadlines import wording
from bot.deadlines.model import State
from bot.deadlines.records import load_duties
from bot.deadlines.windows import open_windows, upcoming
from bot.entries.records import SHORT_ID
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.wording import number
from bot.watch.reasons import asks_of

_SOON: Final = timedelta(days=14)
_KINDS: Final = {"comments": "Comments", "hearings": "Hearings", "duties": "Duties"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A deadline. `kind`: one of `_KINDS`; `line`: as chat lists it; `id`: as /deadlines show takes it."""

    day: date
    kind: str
    id: str
    title: str
    line: Line
    asks: tuple[int, ...]

    @property
    def shown(self) -> layout.Row:
        return line_rows([self.line])[0]

    @property
    def page(self) -> str:
        return f"/do/deadlines/show?id={self.id}"


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Every deadline that is not met, by date. `kind` and `ask` in the address filter them."""
    kind = query.get("kind", "") if query.get("kind", "") in _KINDS else ""
    asks = ctx.config.coalition.asks
    ask = next((each for each in asks if str(each) == query.get("ask", "")), None)
    rows = sorted(
        (row for row in _rows(ctx) if kind in ("", row.kind) and (ask is None or ask in row.asks)),
        key=lambda row: (row.day, row.line.text),
    )
    soon = ctx.today + _SOON
    groups = (
        ("Within two weeks", [row for row in rows if ctx.today <= row.day <= soon]),
        (f"After {day_in_words(soon)}", [row for row in rows if row.day > soon]),
        ("Past", [row for row in rows if row.day < ctx.today]),
    )
    return View(
        title="Deadlines",
        template="deadlines.html",
        values={
            "count": number(len(rows), "deadline or hearing", "deadlines and hearings") if rows else "",
            "kinds": _KINDS,
            "kind": kind,
            "asks": asks,
            "ask": ask,
            "groups": [(head, group) for head, group in groups if group],
            "buttons": (
                *presses(ctx, Button("Subscribe in a calendar", "deadlines subscribe")),
                *opens(ctx, Button("Calendar file", "deadlines calendar"), Button("Add a duty", "deadlines add")),
            ),
        },
        table=Table(
            columns=("id", "date", "kind", "title", "status", "asks", "address"),
            rows=[
                (row.id, row.day.isoformat(), row.kind, row.title, row.line.text, ", ".join(map(str, row.asks)),
                 row.line.url)
                for row in rows
            ],
        ),
    )  # fmt: skip


def _rows(ctx: Context) -> Iterator[Row]:
    for window in open_windows(ctx.tx, ctx.now):
        yield Row(
            day=window.closes,
            kind="comments",
            id=window.numbers[-1] if window.numbers else window.id,
            title=window.title,
            line=wording.window_line(window, ctx.today),
            asks=tuple(window.asks),
        )
    for meeting in upcoming(ctx.tx, ctx.now):
        item = meeting.item
        yield Row(
            day=meeting.hearing.day,
            kind="hearings",
            id=item.id[:SHORT_ID],
            title=hearing_cards.subject(item.entry, item.matches),
            line=wording.meeting_line(meeting),
            asks=tuple(asks_of(item.matches)),
        )
    for duty in load_duties(ctx.tx, ctx.config.coalition).values():
        if duty.state is not State.MET:
            yield Row(
                day=duty.due,
                kind="duties",
                id=duty.id,
                title=f"{duty.owed} ({duty.statute})",
                line=Line(wording.duty_line(duty, ctx.today).text, duty.source),
                asks=duty.asks,
            )


DEADLINES: Final = Page(path="/deadlines", show=show, nav="Deadlines", commands=("deadlines",))
