"""The report of a quarter on one page, for the people who pay for the work; on paper it takes two sheets at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.bills import records as bill_records
from bot.bills.commands import way
from bot.bills.facts import merge_stored
from bot.bills.model import BillFacts
from bot.bills.picking import facts_of
from bot.chat.web.pages import Page, Table, View
from bot.commands.model import STAFF, Context
from bot.letters import lookup
from bot.letters import records as letters
from bot.letters.lifecycle import Dossier
from bot.media.clips.model import Period, quarter
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord
from bot.shared.bill_steps import DECISIONS, steps
from bot.shared.wording import number
from bot.site.board import bills, figures

_QUARTERS: Final = 5  # offered, the current one included
_EVENTS: Final = 10  # on the page, the newest
_LAW: Final = "Became law"
_STEPS: Final = DECISIONS | {"Introduced", "Ordered reported", _LAW}  # of a bill, those that a funder understands


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and its page on the board."""

    on: date
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Backed:
    """A bill and its record. `joined`: how many cosponsors joined in the period, None if that is not known."""

    bill: BillNumber
    record: BillRecord
    about: BillFacts
    joined: int | None


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The quarter that `of` in the address names (`2026-Q3`), else the current one to date."""
    offered = _quarters(ctx.today)
    name = query.get("of", "") if query.get("of", "") in offered else next(iter(offered))
    period = offered[name]
    alerts, coverage = figures.alerts_by_week(ctx, period), figures.coverage_by_week(ctx, period)
    mail = letters.first_mail(ctx.tx, period.first, period.last)
    backed = sorted(_bills(ctx, period), key=_rank, reverse=True)
    moved = list(_moved(backed, period))
    events = sorted([*moved, *(_mailed(ctx, *each) for each in mail)], key=lambda event: event.on)
    laws, sent = sum(each.text.endswith(_LAW) for each in moved), sum(kind == "sent" for _, kind, _ in mail)
    bills_ = number(laws, "law") if laws else f"{number(len(moved), 'step')} of our bills" if moved else ""
    parts = (bills_, f"{number(sent, 'letter')} sent" if sent else "",
             number(coverage.total, "story", "stories") if coverage.total else "")  # fmt: skip
    return View(
        title="Report",
        template="report.html",
        values={
            "coalition": ctx.config.coalition.name,
            "period": period.text + (", to date" if period.last == ctx.today else ""),
            "finding": ", ".join(filter(None, parts)) or "No letter was sent, no bill moved, no story named us",
            "quarters": [(each.replace("-", " "), f"/report?of={each}", each == name) for each in offered],
            "figures": [each.partition(" ")[::2] for each in _figures(ctx, period, mail, backed, coverage)],
            "alerts": alerts,
            "coverage": coverage,
            "events": events[-_EVENTS:],
            "more": max(len(events) - _EVENTS, 0),
            "lines": _lines(ctx, backed),
            "csv": f"/report.csv?of={name}",
        },
        table=Table(
            columns=(*alerts.table.columns, *coverage.table.columns[1:]),
            rows=[(*row, *more[1:]) for row, more in zip(alerts.table.rows, coverage.table.rows, strict=True)],
        ),
    )


def _quarters(today: date) -> dict[str, Period]:
    """The offered quarters by name, the newest first; the current one ends today."""
    offered, day = dict[str, Period](), today
    for _ in range(_QUARTERS):
        period = quarter(day)
        offered[f"{day.year}-Q{(day.month + 2) // 3}"] = Period(period.first, min(period.last, today))
        day = period.first - timedelta(days=1)
    return offered


def _figures(
    ctx: Context,
    period: Period,
    mail: Sequence[tuple[Dossier, str, date]],
    backed: Sequence[Backed],
    coverage: figures.Weekly,
) -> Iterator[str]:
    """Each a number and what it counts."""
    sent, answered = (sum(kind == wanted for _, kind, _ in mail) for wanted in ("sent", "reply"))
    yield f"{number(sent, 'letter')} sent, {answered} answered"
    begin, end = (figures.midnight(ctx, day) for day in (period.first, period.last + timedelta(days=1)))
    signatures, signers = letters.count_signatures(ctx.tx, begin, end)
    yield f"{number(signatures, 'signature')} by {number(signers, 'organization')}"
    joined = [each.joined for each in backed if each.joined]
    unknown = sum(each.joined is None for each in backed)
    more = f"; not known for {number(unknown, 'bill')}" if unknown else ""
    to = f" {number(len(joined), 'bill')}" if joined else ""
    yield f"{number(sum(joined), 'cosponsor')} joined{to}{more}"
    own = number(coverage.rows[1].total, "release")
    yield f"{number(coverage.total, 'story', 'stories')} by others; {own} of our own, apart"


def _bills(ctx: Context, period: Period) -> Iterator[Backed]:
    """The bills of our families whose records were read."""
    for family in ctx.config.coalition.bills.values():
        for entry in family.bills:
            if stored := bill_records.stored(ctx.tx, entry.id):
                bill = BillNumber.of(entry.id)
                about = facts_of(ctx, bill)
                members = about.cosponsors
                days = None if members is None else [each.joined for each in members.values()]
                joined = None if days is None or None in days else sum(period.contains(day) for day in days if day)
                yield Backed(bill, merge_stored(stored), about, joined)


def _rank(each: Backed) -> tuple[int, int, date]:
    return each.joined or 0, len(each.about.cosponsors or ()), each.about.introduced or date.min


def _moved(backed: Sequence[Backed], period: Period) -> Iterator[Event]:
    for each in backed:
        for step in steps(each.record.actions):
            if step.type in _STEPS and period.contains(step.date):
                yield Event(step.date, f"{each.bill.label}: {step.type}", f"/bills/{each.bill.id}")


def _mailed(ctx: Context, letter: Dossier, kind: str, on: date) -> Event:
    signers = len(lookup.signed_organizations(ctx.tx, ctx.config.coalition, letter)) if kind == "sent" else 0
    signed = f", signed by {number(signers, 'organization')}" if signers else ""
    deed = "Letter sent" if kind == "sent" else "Letter answered"
    return Event(on, f"{deed}: {letter.version.subject}{signed}", f"/letters/{letter.name}")


def _lines(ctx: Context, backed: Sequence[Backed]) -> tuple[str, str, str]:
    """(the bill that most cosponsors joined, what its drawing shows, the drawing of its cosponsors over time)."""
    for each in backed:
        shown, picture = bills.over_time(each.about, way(ctx, each.bill, each.record), ctx.today)
        if picture and each.about.current_cosponsors:
            return f"{each.bill.label}: {number(len(each.about.current_cosponsors), 'cosponsor')}", shown, picture
    return "", "", ""


REPORT: Final = Page(path="/report", show=show, nav="Report", menu="More", who=STAFF)
