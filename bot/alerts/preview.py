"""Backtest a watch over recent entries: show the result, or turn "this was noise" into a narrower watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.alerts import handling
from bot.config.load import Config, watch_of
from bot.entries import records
from bot.entries.source_records import source_states
from bot.shared import wording
from bot.shared.card import Line, Section
from bot.shared.entry import Entry
from bot.store.database import Reader
from bot.watch.backtest import Hit, Report, backtest, telling_words, without
from bot.watch.model import Level, Watch, merged

WINDOW: Final = timedelta(days=90)
MOST_PER_WEEK: Final = 20  # hits that people still read
_SAMPLES: Final = 3


def backtest_window(
    db: Reader, candidate: Watch, current: Watch | None, now: datetime, since: datetime | None = None
) -> Report:
    """Backtest `candidate`, compared with `current`, over the entries of the last 90 days, or those since then.

    A source's window begins with its oldest entry or first answer, at the latest a week ago: over days of which
    nothing is stored, a rate is too low.
    """
    since = since or now - WINDOW
    entries = [(stored.entry, stored.first_seen_at) for stored in records.seen_since(db, since)]
    first = {id_: state.memory.first_success_at for id_, state in source_states(db).items()}
    began: dict[str, datetime] = {}
    for entry, seen in entries:
        oldest = began.get(entry.source) or first.get(entry.source) or seen
        day = entry.publication_date
        published = entry.published or (datetime.combine(day, time.min, UTC) if day else seen)
        began[entry.source] = max(since, min(oldest, seen, published, now - timedelta(days=7)))
    start = min(began.values(), default=now - timedelta(days=7))
    report = backtest(candidate, current, entries, max(since, start), now + timedelta(microseconds=1))
    return replace(report, began=began)


def report_sections(report: Report, *, compared: bool = False) -> tuple[Section, ...]:
    """Sections with the result. `compared`: add what the candidate gains and loses against the current watch."""
    if not report.looked_at:
        return (Section("Last 90 days", (Line("There are no entries yet, so there is nothing to test on."),)),)
    heading = f"Last {wording.number(round((report.until - report.since) / timedelta(days=1)), 'day')}"
    hits = wording.number(len(report.hits), "hit")
    rate = f"{hits} in {wording.number(report.looked_at, 'entry', 'entries')}, {report.per_week:.1f} a week"
    near = (Section("Nearly matched", tuple(map(_line, report.near))),) if report.near else ()
    if not compared:
        return (Section(heading, (Line(rate), *notes(report), *samples(report.hits))), *near)
    changes = f"{len(report.added):,} more than now, {len(report.lost):,} fewer"
    differing = (("Would add", report.added), ("Would leave out", report.lost))
    more = (Section(name, samples(hits)) for name, hits in differing if hits)
    return (Section(heading, (Line(rate), *notes(report), Line(changes))), *more, *near)


def notes(report: Report) -> tuple[Line, ...]:
    """The hits of each alternative of the query, and what to check if there are none or too many."""
    terms = [] if any(" of (" in term for term, _ in report.by_term) else report.by_term  # too long to be read
    lines = [Line(", ".join(f"{term}: {hits:,}" for term, hits in terms))] if terms else []
    if not report.hits:
        lines.append(Line("Nothing matched: check whether documents use these words."))
    elif report.per_week > MOST_PER_WEEK:
        lines.append(Line(f"More than {MOST_PER_WEEK} a week: make it narrower."))
    return tuple(lines)


def _line(entry: Entry) -> Line:
    return Line(wording.short(entry.title, 120), entry.link)


def samples(hits: Sequence[Hit]) -> tuple[Line, ...]:
    """The first three hits, and the number of the others."""
    shown = tuple(_line(hit.entry) for hit in hits[:_SAMPLES])
    more = len(hits) - len(shown)
    return (*shown, Line(f"and {more:,} more")) if more else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A narrower `query` for `watch`. It excludes titles with `words`, and so the unwanted entry.

    `left_out`: the watch's hits of the last 90 days that the query excludes. The last three fields are empty if no
    words distinguish the entry.
    """

    watch: str
    name: str
    raised: int  # hits of the watch in the last 90 days
    words: str = ""
    query: str = ""
    left_out: tuple[Hit, ...] = ()


def propose(db: Reader, config: Config, stored: records.StoredEntry, now: datetime) -> Proposal | None:
    """Propose a narrower query; None if the watch that matched was removed."""
    # The match that caused the post: the first at alert level, else the first.
    matches = merged(*records.matches_of(db, [stored.id]).values())
    matched = [match for match in matches if match.watch in config.feeds.watches]
    match = min(matched, key=lambda match: match.level is not Level.ALERT, default=None)
    if match is None:
        return None
    section = config.feeds.watches[match.watch]
    current = watch_of(match.watch, section)
    lately = records.seen_since(db, now - WINDOW)
    until = now + timedelta(microseconds=1)
    base = backtest(current, None, [(entry.entry, entry.first_seen_at) for entry in lately], now - WINDOW, until)
    noise = handling.noise_ids(db) | {stored.id}
    unwanted = {entry.entry.identity for entry in lately if entry.id in noise}
    wanted = [hit.entry for hit in base.hits if hit.entry.identity not in unwanted]
    words = telling_words(current, stored.entry, wanted, [entry.entry for entry in lately])
    made = Proposal(watch=match.watch, name=section.name or match.watch, raised=len(base.hits))
    if words is None or section.learned:  # a No teaches a learned watch
        return made
    query = without(section.query, words)
    narrower = watch_of(match.watch, section.model_copy(update={"query": query}))
    report = backtest(narrower, current, [(hit.entry, hit.when) for hit in base.hits], now - WINDOW, until)
    return replace(made, words=words, query=query, left_out=report.lost)
