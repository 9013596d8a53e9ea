"""Backtest a watch over recent entries, and show the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.entries import records
from bot.shared import wording
from bot.shared.card import Line, Section
from bot.store.database import Reader
from bot.watch.backtest import Hit, Report, backtest
from bot.watch.model import Watch

WINDOW: Final = timedelta(days=90)
_SAMPLES: Final = 3


def backtest_window(db: Reader, candidate: Watch, current: Watch | None, now: datetime) -> Report:
    """Backtest `candidate`, compared with `current`, over the entries of the last 90 days."""
    entries = [(stored.entry, stored.first_seen_at) for stored in records.seen_since(db, now - WINDOW)]
    return backtest(candidate, current, entries, now - WINDOW, now + timedelta(microseconds=1))


def report_sections(report: Report, *, compared: bool = False) -> tuple[Section, ...]:
    """Sections with the result. `compared`: add what the candidate gains and loses against the current watch."""
    if not report.looked_at:
        return (Section("Last 90 days", (Line("No entries are stored yet, so there is nothing to test on."),)),)
    hits = wording.number(len(report.hits), "hit")
    rate = f"{hits} in {wording.number(report.looked_at, 'entry', 'entries')}, {report.per_week:.1f} a week"
    if not compared:
        return (Section("Last 90 days", (Line(rate), *samples(report.hits))),)
    changes = f"{len(report.added):,} more than now, {len(report.lost):,} fewer"
    differing = (("Would add", report.added), ("Would leave out", report.lost))
    more = (Section(name, samples(hits)) for name, hits in differing if hits)
    return (Section("Last 90 days", (Line(rate), Line(changes))), *more)


def samples(hits: Sequence[Hit]) -> tuple[Line, ...]:
    """The first three hits, and the number of the others."""
    shown = tuple(Line(wording.short(hit.entry.title, 120), hit.entry.link) for hit in hits[:_SAMPLES])
    more = len(hits) - len(shown)
    return (*shown, Line(f"and {more:,} more")) if more else shown
