"""What a watch, or a change to one, would have matched among stored entries. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.shared.entry import Entry
from bot.watch.engine import judge
from bot.watch.index import Index
from bot.watch.model import Match, Watch

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Hit:
    entry: Entry
    when: datetime
    match: Match


@dataclass(frozen=True, slots=True)
class Report:
    """`hits`, `added` and `lost` are newest first; `added` and `lost` compare with the watch as it is now.

    A new watch adds all its hits. In `lost` the match is the present watch's.
    """

    since: datetime
    until: datetime
    looked_at: int  # entries in the window
    hits: tuple[Hit, ...]
    added: tuple[Hit, ...]
    lost: tuple[Hit, ...]

    @property
    def per_week(self) -> float:
        """Hits in a week; a window shorter than a day counts as a day."""
        return len(self.hits) / max((self.until - self.since) / _WEEK, 1 / 7)


def backtest(
    candidate: Watch,
    current: Watch | None,
    entries: Iterable[tuple[Entry, datetime]],
    since: datetime,
    until: datetime,
) -> Report:
    """Match `candidate` and the watch it would replace against the entries of `since` ≤ when < `until`."""
    window = sorted(((e, when) for e, when in entries if since <= when < until), key=lambda pair: pair[1], reverse=True)
    judged = [(entry, when, *_judge(entry, candidate, current)) for entry, when in window]
    return Report(
        since=since,
        until=until,
        looked_at=len(window),
        hits=tuple(Hit(entry, when, new) for entry, when, new, _ in judged if new),
        added=tuple(Hit(entry, when, new) for entry, when, new, old in judged if new and not old),
        lost=tuple(Hit(entry, when, old) for entry, when, new, old in judged if old and not new),
    )


def _judge(entry: Entry, candidate: Watch, current: Watch | None) -> tuple[Match | None, Match | None]:
    index = Index(entry)
    return judge(candidate, index), judge(current, index) if current else None
