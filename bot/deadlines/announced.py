"""Announced hearings and planned rules that watches matched, each by its newest entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.alerts.cards import Item
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.shared.entry import Entry, Hearing, Kind, PlannedRule
from bot.store.database import Reader
from bot.watch.reasons import merged

_MEETINGS_SINCE: Final = timedelta(days=120)  # committees announce a week or two ahead, and postpone by weeks
_PLANS_SINCE: Final = timedelta(days=400)  # an edition has been a year late
_WITHOUT_DATE: Final = "9999"  # sorts after every month


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting by its newest entry, with the matches of all its entries. `changed_at`: when that was first seen."""

    item: Item
    hearing: Hearing
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned rule by its newest entry, with the matches of all its entries."""

    item: Item
    rule: PlannedRule

    @property
    def month(self) -> str:
        step = self.rule.next_step
        return step.month if step and step.month else _WITHOUT_DATE


def upcoming(db: Reader, now: datetime) -> list[Meeting]:
    """Matched meetings that are not over, canceled ones among them, by day. Those of the baseline count, too."""
    newest = _newest_of_threads(
        db,
        Kind.HEARING,
        now - _MEETINGS_SINCE,
        lambda entry: _hearing(entry).sequence,
        lambda entry: not _hearing(entry).over(now),
    )
    meetings = [Meeting(item, _hearing(item.entry), stored.first_seen_at) for stored, item in newest]
    return sorted(meetings, key=lambda meeting: (meeting.hearing.day, meeting.hearing.when, meeting.item.id))


def planned_rules(db: Reader, now: datetime) -> list[Planned]:
    """Matched rules with a step ahead or without a date, by month. Those of the first edition count, too."""
    newest = _newest_of_threads(
        db,
        Kind.PLANNED_RULE,
        now - _PLANS_SINCE,
        lambda entry: _rule(entry).edition,
        lambda entry: bool(_rule(entry).next_step),
    )
    plans = [Planned(item, _rule(item.entry)) for _, item in newest]
    return sorted(plans, key=lambda plan: (plan.month, plan.rule.rin))


def _newest_of_threads(
    db: Reader,
    kind: Kind,
    since: datetime,
    version: Callable[[Entry], int | str],
    is_current: Callable[[Entry], bool],
) -> Iterator[tuple[StoredEntry, Item]]:
    """The newest entry of each thread, if it is current, and as an item with the matches of the whole thread."""
    threads: dict[str, list[StoredEntry]] = {}
    for stored in records.matched_of_kind(db, kind, since):
        threads.setdefault(stored.entry.thread, []).append(stored)
    newest = [max(entries, key=lambda s: (version(s.entry), s.first_seen_at)) for entries in threads.values()]
    current = [stored for stored in newest if is_current(stored.entry)]
    matches = records.matches_of(db, (each.id for stored in current for each in threads[stored.entry.thread]))
    for stored in current:
        thread = threads[stored.entry.thread]
        all_matches = merged(*(matches.get((each.id, each.entry.stage.value), ()) for each in thread))
        yield stored, Item(id=stored.id, entry=stored.entry, matches=all_matches)


def _hearing(entry: Entry) -> Hearing:
    assert entry.hearing is not None
    return entry.hearing


def _rule(entry: Entry) -> PlannedRule:
    assert entry.rule is not None
    return entry.rule
