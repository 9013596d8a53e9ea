"""The deadlines, as a month and by date: comment periods, hearings, duties, sign-ons; and what each office owes."""

from __future__ import annotations

from calendar import SUNDAY, Calendar
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from bot.alerts import hearing_cards
from bot.campaign import meetings
from bot.chat.web.pages import Cell, Page, Table, View, opens, presses
from bot.commands.model import Context, Refused
from bot.config import catalog
from bot.deadlines import wording
from bot.deadlines.commands import visible_commitments
from bot.deadlines.model import Commitment, State
from bot.deadlines.windows import open_windows, upcoming
from bot.entries.records import SHORT_ID
from bot.letters import lifecycle, lookup
from bot.letters import wording as letter_wording
from bot.shared.calendar import business_days_until, day_in_words, hour_in_words
from bot.shared.card import Button
from bot.shared.entry import HearingStatus
from bot.shared.wording import dotted, number
from bot.site.board.tables import Cells, list_page
from bot.watch.model import asks_of

_KINDS: Final = {"comments": "Comments", "hearings": "Hearings", "duties": "Duties", "letters": "Sign-ons"}
_COUNTED_WITHIN: Final = timedelta(days=100)  # business days left until a later day help nobody
_SOON: Final = timedelta(days=30)
_YEARS: Final = range(1990, 2200)  # that can be opened


def offices_of(ctx: Context, commitment: Commitment) -> list[str]:
    """The offices that owe it: those of coalition.yml and the catalog that it names, or else its own words."""
    listed, owner = ctx.config.coalition.all_offices, commitment.by.partition(", to ")[0]
    return [listed[id_].name for id_ in catalog.owners(owner) if id_ in listed] or [owner]


def show_offices(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Every commitment, or those of the `office` in the address, the earliest due first."""
    ours = {ctx.config.coalition.short, ctx.config.coalition.name}  # our own appeals
    every = [
        (commitment, offices_of(ctx, commitment))
        for commitment in visible_commitments(ctx).values()
        if commitment.by not in ours
    ]
    names_ = sorted({name for _, owners in every for name in owners})
    office = query.get("office", "") if query.get("office", "") in names_ else ""
    shown = [commitment for commitment, owners in every if office in ("", *owners)]
    missed = sum(commitment.is_missed(ctx.today) for commitment in shown)

    def row(each: Commitment) -> Cells:
        return (
            Cell(each.id, f"/do/deadlines/show?id={each.id}"),
            _office(ctx, each.by) if offices_of(ctx, each) == [each.by] else each.by, each.owed, each.basis, each.quote,
            day_in_words(each.due), wording.commitment_head(each, ctx.today), each.state_source or each.source,
        )  # fmt: skip

    return list_page(
        office[:1].upper() + office[1:] or "Offices", shown,
        ("Id", "Office", "Owes", "Set by", "Quotation", "Due", "Outcome", "Source"), row,
        f"{number(len(shown), 'commitment')}, {missed} past without a record that it was kept",
        "Nothing is tracked. Add what a law requires or an office promised with Add a duty.", query,
        filters=[("All", "/offices", not office),
                 *((name, f"/offices?{urlencode({'office': name})}", name == office) for name in names_)],
        keep=f"{urlencode({'office': office})}&" if office else "",
        buttons=opens(
            ctx, Button("Add a duty", "deadlines add"), Button("Contacts", "office contacts"),
            Button("Contacts and meetings", "office show", (("office", office),)) if meetings.is_one_office(ctx, office)
            else Button("Open an office", "office show"),
        ),
    )  # fmt: skip


def _office(ctx: Context, name: str) -> Cell:
    """An office as a link to all about it, for who may read that."""
    theirs = any(each.path == "office show" for each in ctx.commands)
    return Cell(name, f"/do/office/show?{urlencode({'office': name})}" if theirs else "")


def show_meetings(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The meetings that the reader may read, the latest first; those in the `state` of the address."""
    state = query.get("state", "") if query.get("state", "") in meetings.STATES else ""
    shown = [each for each in meetings.in_words(ctx) if state in ("", each[3])]

    def row(words: tuple[str, ...]) -> Cells:
        label, day, office, *others = words
        return Cell(label, f"/do/meeting/show?meeting={label}"), day, _office(ctx, office), *others

    return list_page(
        "Meetings", shown, ("Meeting", "Day", "Office", "State", "Promised", "Next step"), row,
        number(len(shown), "meeting"), "No meeting that you may read. Log one with Log a meeting.", query,
        filters=[("All", "/meetings", not state),
                 *((each.capitalize(), f"/meetings?state={each}", each == state) for each in meetings.STATES)],
        keep=f"state={state}&" if state else "",
        buttons=opens(ctx, Button("Log a meeting", "meeting log"), Button("Ask for one", "meeting ask")),
    )  # fmt: skip


MEETINGS: Final = Page(path="/meetings", show=show_meetings, nav="Meetings", menu="More", commands=("meeting",))
OFFICES: Final = Page(path="/offices", show=show_offices, nav="Offices", menu="More")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A deadline. `kind`: one of `_KINDS`; `note`: what it is, and what is known of it; `url`: its document."""

    day: date
    kind: str
    id: str
    title: str
    note: str
    page: str
    url: str
    asks: tuple[int, ...]

    def is_over(self, today: date) -> bool:
        """Whether its day has ended. What Washington still waits for is listed until its own day ends there."""
        return self.day < today and self.kind in ("duties", "letters")


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The deadlines that are not met, as a person acts on them, and a month. `month`, `kind`, `ask` in the address."""
    kind = query.get("kind", "") if query.get("kind", "") in _KINDS else ""
    asks = ctx.config.coalition.asks
    ask = next((each for each in asks if str(each) == query.get("ask", "")), None)
    every = [row for row in unmet(ctx) if ask is None or ask in row.asks]
    rows = [row for row in every if kind in ("", row.kind)]
    month = _month(query.get("month", ""), ctx.today, rows)
    sunday = ctx.today + timedelta(days=6 - ctx.today.weekday())
    groups: dict[str, list[Row]] = {"Overdue": [], "This week": [], "Within 30 days": [], "Later": []}
    for row in rows:
        later = "Within 30 days" if row.day <= ctx.today + _SOON else "Later"
        groups["Overdue" if row.is_over(ctx.today) else "This week" if row.day <= sunday else later].append(row)
    return View(
        title="Deadlines",
        template="deadlines.html",
        values={
            "month": month,
            "finding": f"{len(groups['Overdue'])} overdue, {len(groups['This week'])} due this week",
            "neighbors": (month - timedelta(days=1), month + timedelta(days=32)),
            "weeks": [
                [(day, [row for row in rows if row.day == day]) for day in week]
                for week in Calendar(SUNDAY).monthdatescalendar(month.year, month.month)
            ],
            "today": ctx.today,
            "next": next((row.day for row in rows if not row.is_over(ctx.today)), None),
            "kinds": {name: (label, sum(row.kind == name for row in every)) for name, label in _KINDS.items()},
            "count": len(every),
            "kind": kind,
            "asks": asks,
            "ask": ask,
            "groups": groups,
            "buttons": (
                *opens(ctx, Button("Add a duty", "deadlines add"), Button("Calendar file", "deadlines calendar")),
                *presses(ctx, Button("Subscribe in a calendar", "deadlines subscribe")),
            ),
        },
        table=Table(
            columns=("id", "date", "kind", "title", "status", "asks", "address"),
            rows=[
                (row.id, row.day.isoformat(), row.kind, row.title, row.note, ", ".join(map(str, row.asks)), row.url)
                for row in rows
            ],
        ),
    )


def ahead(ctx: Context) -> list[Row]:
    """What is due from today on, by date."""
    return [row for row in unmet(ctx) if not row.is_over(ctx.today)]


def _month(typed: str, today: date, rows: Sequence[Row]) -> date:
    """The first day of the month in the address (`2026-03`), or else of the next deadline's month."""
    if typed:
        with suppress(ValueError):
            if (month := date.fromisoformat(f"{typed[:7]}-01")).year in _YEARS:
                return month
        raise Refused(f"There is no month “{typed[:20]}”. An address looks like /deadlines?month=2026-03.")
    return next((row.day for row in rows if row.day >= today), today).replace(day=1)


def unmet(ctx: Context) -> list[Row]:
    """Every deadline that is not met, by date."""
    rows = (*_windows(ctx), *_hearings(ctx), *_duties(ctx), *_sign_ons(ctx))
    return sorted(rows, key=lambda row: (row.day, row.title))


def _left(ctx: Context, day: date) -> str:
    """`in 19 business days`, for a day that is near."""
    near = ctx.today <= day <= ctx.today + _COUNTED_WITHIN
    return f"in {number(business_days_until(ctx.today, day), 'business day')}" if near else ""


def _windows(ctx: Context) -> Iterator[Row]:
    for window in open_windows(ctx.tx, ctx.now):
        id_ = window.numbers[-1] if window.numbers else window.id
        closes = " ".join(filter(None, ("Comments close", window.by)))
        yield Row(
            day=window.closes,
            kind="comments",
            id=id_,
            title=window.title,
            note=dotted(
                *(closes, _left(ctx, window.closes), "moved" if window.moved else ""), window.comments, window.filed
            ),
            page=f"/do/deadlines/show?id={id_}",
            url=window.url,
            asks=tuple(window.asks),
        )  # fmt: skip


def _hearings(ctx: Context) -> Iterator[Row]:
    for meeting in upcoming(ctx.tx, ctx.now):
        item, hearing = meeting.item, meeting.hearing
        state = "" if hearing.status is HearingStatus.SCHEDULED else hearing.status.value
        yield Row(
            day=hearing.day,
            kind="hearings",
            id=item.id[:SHORT_ID],
            title=hearing_cards.subject(item.entry, item.matches),
            note=dotted(hearing.kind, state, hearing.hour, hearing.body),
            page=f"/do/deadlines/show?id={item.id[:SHORT_ID]}",
            url=item.entry.link,
            asks=tuple(asks_of(item.matches)),
        )


def _duties(ctx: Context) -> Iterator[Row]:
    for commitment in visible_commitments(ctx).values():
        if commitment.state is not State.MET:
            unsure = "" if commitment.confirmed else "date not confirmed"
            yield Row(
                day=commitment.due,
                kind="duties",
                id=commitment.id,
                title=commitment.owed,
                note=dotted(wording.commitment_head(commitment, ctx.today), commitment.basis, unsure),
                page=f"/do/deadlines/show?id={commitment.id}",
                url=commitment.source,
                asks=commitment.asks,
            )


def _sign_ons(ctx: Context) -> Iterator[Row]:
    for letter in lookup.visible_letters(ctx, (lifecycle.State.OPEN,)):
        if letter.closes_at:
            closes = letter.closes_at.astimezone(ctx.zone)
            day = closes.date()
            yield Row(
                day=day,
                kind="letters",
                id=letter.name,
                title=f"Sign-on: {letter.version.subject}",
                note=dotted(f"{hour_in_words(closes)} {closes:%Z}", _left(ctx, day),
                            f"to {letter_wording.recipients(letter)}"),
                page=f"/letters/{letter.name}",
                url="",
                asks=(letter.ask,) if letter.ask else (),
            )  # fmt: skip


DEADLINES: Final = Page(path="/deadlines", show=show, nav="Deadlines", commands=("deadlines",))
