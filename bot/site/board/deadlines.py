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
from bot.deadlines.model import Duty, State, Window
from bot.deadlines.records import load_duties
from bot.deadlines.windows import Meeting, open_windows, upcoming
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
    return View(
        title="Deadlines",
        template="deadlines.html",
        values={
            "count": number(len(rows), "deadline or hearing", "deadlines and hearings") if rows else "",
            "kinds": _KINDS,
            "kind": kind,
            "asks": asks,
            "ask": ask,
            "groups": [(head, group) for head, group in _groups(rows, ctx.today) if group],
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
    coalition, today = ctx.config.coalition, ctx.today
    yield from (_comments(window, today) for window in open_windows(ctx.tx, ctx.now))
    yield from (_hearing(meeting) for meeting in upcoming(ctx.tx, ctx.now))
    duties = load_duties(ctx.tx, coalition).values()
    yield from (_duty(duty, today) for duty in duties if duty.state is not State.MET)


def _comments(window: Window, today: date) -> Row:
    return Row(
        day=window.closes,
        kind="comments",
        id=window.numbers[-1] if window.numbers else window.id,
        title=window.title,
        line=wording.window_line(window, today),
        asks=tuple(window.asks),
    )


def _hearing(meeting: Meeting) -> Row:
    item = meeting.item
    return Row(
        day=meeting.hearing.day,
        kind="hearings",
        id=item.id[:SHORT_ID],
        title=hearing_cards.subject(item.entry, item.matches),
        line=wording.meeting_line(meeting),
        asks=tuple(asks_of(item.matches)),
    )


def _duty(duty: Duty, today: date) -> Row:
    return Row(
        day=duty.due,
        kind="duties",
        id=duty.id,
        title=f"{duty.owed} ({duty.statute})",
        line=Line(wording.duty_line(duty, today).text, duty.source),
        asks=duty.asks,
    )


def _groups(rows: list[Row], today: date) -> Iterator[tuple[str, list[Row]]]:
    yield "Within two weeks", [row for row in rows if today <= row.day <= today + _SOON]
    yield f"After {day_in_words(today + _SOON)}", [row for row in rows if row.day > today + _SOON]
    yield "Past", [row for row in rows if row.day < today]


DEADLINES: Final = Page(path="/deadlines", show=show, nav="Deadlines", commands=("deadlines",))
