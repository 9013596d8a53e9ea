"""The report of a quarter on one page, for the people who pay for the work; on paper it takes two sheets at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from bot.bills import records as bill_records
from bot.bills.commands import way
from bot.bills.facts import facts_of, merge_stored
from bot.bills.model import BillFacts
from bot.chat.web.pages import Page, Table, View
from bot.commands.model import STAFF, Context
from bot.letters import lookup
from bot.letters import records as letters
from bot.letters.lifecycle import WERE_SENT, Dossier
from bot.media.clips.model import Period, quarter
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import DECISIONS, BillRecord, steps
from bot.shared.wording import number
from bot.site.board import bills, figures

_QUARTERS: Final = 5  # offered, the current one included
_EVENTS: Final = 10  # on the page, the newest
_LAW: Final = "Became law"
_STEPS: Final = DECISIONS | {"Introduced", "Ordered reported", _LAW}  # of a bill, those that a funder understands

Event = tuple[date, str, str]  # the day, what happened, its page
Mailed = tuple[Dossier, str, date]  # a letter, "sent" or "reply", the day
Read = tuple[BillRecord, BillFacts, int | None]  # a bill, and how many joined it; None if that is not known


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The quarter that `of` in the address names (`2026-Q3`), else the current one to date."""
    offered = quarters(ctx.today)
    name = query.get("of", "") if query.get("of", "") in offered else next(iter(offered))
    period = offered[name]
    alerts, coverage = figures.alerts_by_week(ctx, period), figures.coverage_by_week(ctx, period)
    mail, read = list(_mail(ctx, period)), list(_bills(ctx, period))
    moved = [
        (step.date, f"{about.bill.label}: {step.type}", f"/bills/{about.bill.id}")
        for record, about, _ in read
        for step in steps(record.actions)
        if step.type in _STEPS and period.contains(step.date)
    ]
    events = sorted([*moved, *(_mailed(ctx, *each) for each in mail)])
    laws, sent = sum(text.endswith(_LAW) for _, text, _ in moved), sum(kind == "sent" for _, kind, _ in mail)
    bills_ = number(laws, "law") if laws else f"{number(len(moved), 'step')} of our bills" if moved else ""
    stories = number(coverage.total, "story names us", "stories name us") if coverage.total else ""
    parts = filter(None, (bills_, f"{number(sent, 'letter')} sent" if sent else "", stories))
    return View(
        title="Report",
        template="report.html",
        values={
            "coalition": ctx.config.coalition.name,
            "period": period.text + (", to date" if period.last == ctx.today else ""),
            "finding": ", ".join(parts) or "No letter sent, no step of a bill and no story that names us is on record",
            "quarters": [(each.replace("-", " "), f"/report?of={each}", each == name) for each in offered],
            "figures": [(*what.partition(" ")[::2], url) for what, url in _counts(ctx, period, mail, read, coverage)],
            "alerts": alerts,
            "coverage": coverage,
            "events": events[-_EVENTS:],
            "more": max(len(events) - _EVENTS, 0),
            "lines": _lines(ctx, read),
            "csv": f"/report.csv?of={name}",
        },
        table=Table(
            columns=(*alerts.table.columns, *coverage.table.columns[1:]),
            rows=[(*row, *more[1:]) for row, more in zip(alerts.table.rows, coverage.table.rows, strict=True)],
        ),
    )


def quarters(today: date) -> dict[str, Period]:
    """The offered quarters by name, the newest first; the current one ends today."""
    offered, day = dict[str, Period](), today
    for _ in range(_QUARTERS):
        period = quarter(day)
        offered[_quarter_name(day)] = Period(period.first, min(period.last, today))
        day = period.first - timedelta(days=1)
    return offered


def _quarter_name(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _counts(
    ctx: Context, period: Period, mail: Sequence[Mailed], read: Sequence[Read], coverage: figures.Weekly
) -> Iterator[tuple[str, str]]:
    """Each a number and what it counts, and the page of that."""
    sent = sum(kind == "sent" for _, kind, _ in mail)
    yield f"{number(sent, 'letter')} sent, {len(mail) - sent} answered", "#happened"
    signatures, signers = letters.count_signatures(ctx.tx, *figures.bounds(ctx, period))
    yield f"{number(signatures, 'signature')} by {number(signers, 'organization')}", "/letters"
    joined, unknown = [count for *_, count in read if count], sum(count is None for *_, count in read)
    to = f" {number(len(joined), 'bill')}" if joined else ""
    rest = f"; not known of {number(unknown, 'more bill')}" if unknown else ""
    yield f"{number(sum(joined), 'cosponsor')} joined{to}{rest}", "/bills"
    _, more, own = (row.total for row in coverage.rows)
    stories = number(coverage.total, "story names us", "stories name us")
    yield (
        f"{stories}; {more:,} more on our asks; {number(own, 'release')} of our own",
        f"/mentions?of={_quarter_name(period.first)}",
    )


def _mail(ctx: Context, period: Period) -> Iterator[Mailed]:
    """The first mailing and the first answer of each letter, if it was in the period."""
    for letter in letters.letters(ctx.tx, WERE_SENT):
        mail = letters.mail(ctx.tx, letter.id)
        for kind in ("sent", "reply"):
            on = min((each.on for each in mail if each.kind == kind), default=None)
            if on and period.contains(on):
                yield letter, kind, on


def _bills(ctx: Context, period: Period) -> Iterator[Read]:
    """The bills of our families whose records were read."""
    for family in ctx.config.coalition.bills.values():
        for entry in family.bills:
            if stored := bill_records.stored(ctx.tx, entry.id):
                about = facts_of(ctx, BillNumber.of(entry.id))
                days = [each.joined for each in (about.cosponsors or {}).values()]
                unknown = about.cosponsors is None or None in days
                yield merge_stored(stored), about, None if unknown else sum(period.contains(day) for day in days if day)


def _mailed(ctx: Context, letter: Dossier, kind: str, on: date) -> Event:
    signers = len(lookup.signed_organizations(ctx.tx, ctx.config.coalition, letter)) if kind == "sent" else 0
    signed = f", signed by {number(signers, 'organization')}" if signers else ""
    deed = "Letter sent" if kind == "sent" else "Letter answered"
    return on, f"{deed}: {letter.version.subject}{signed}", f"/letters/{letter.name}"


def _lines(ctx: Context, read: Sequence[Read]) -> tuple[str, str, str]:
    """(the bill that most joined now or ever, what its drawing shows, the drawing of its cosponsors over time)."""
    counted = ((joined or 0, len(about.current_cosponsors or ()), about.bill.id, record, about)
               for record, about, joined in read)  # fmt: skip
    for _, count, _, record, about in sorted(counted, key=lambda each: each[:3], reverse=True):
        shown, picture = bills.over_time(about, way(ctx, about.bill, record), ctx.today)
        if picture and count:
            return f"{about.bill.label}: {number(count, 'cosponsor')}", shown, picture
    return "", "", ""


REPORT: Final = Page(path="/report", show=show, nav="Report", menu="More", who=STAFF)
