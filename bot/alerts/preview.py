"""What a watch would have raised over what came in lately, as people are shown it."""

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


def over_history(db: Reader, candidate: Watch, current: Watch | None, now: datetime) -> Report:
    """`candidate`, and the watch it would replace, over the entries of the last 90 days."""
    entries = [(kept.entry, kept.first_seen_at) for kept in records.seen_since(db, now - WINDOW)]
    return backtest(candidate, current, entries, now - WINDOW, now + timedelta(microseconds=1))


def told(report: Report, *, compared: bool = False) -> tuple[Section, ...]:
    """`compared`: say also what the candidate adds to the present watch and what it loses."""
    if not report.looked_at:
        return (Section("Last 90 days", (Line("Nothing has been read yet to try it on."),)),)
    found = wording.number(len(report.hits), "hit")
    often = f"{found} among {wording.number(report.looked_at, 'entry', 'entries')}, {report.per_week:.1f} a week"
    if not compared:
        return (Section("Last 90 days", (Line(often), *samples(report.hits))),)
    changes = f"{len(report.added):,} more than now, {len(report.lost):,} fewer"
    differing = (("It adds", report.added), ("It leaves out", report.lost))
    more = (Section(name, samples(hits)) for name, hits in differing if hits)
    return (Section("Last 90 days", (Line(often), Line(changes))), *more)


def samples(hits: Sequence[Hit]) -> tuple[Line, ...]:
    """The newest three, and how many there are besides."""
    shown = tuple(Line(wording.short(hit.entry.title, 120), hit.entry.link) for hit in hits[:_SAMPLES])
    more = len(hits) - len(shown)
    return (*shown, Line(f"and {more:,} more")) if more else shown
