"""Announced hearings and markups that watches matched, as they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.alerts.cards import Item
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.shared.entry import Kind, Stage
from bot.shared.hearing import Hearing
from bot.store.database import Reader
from bot.watch.reasons import merged

_LOOK_BACK: Final = timedelta(days=120)  # committees announce a week or two ahead, and postpone by weeks


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting by its newest entry, with the matches of all its entries. `changed_at`: when that was first seen."""

    item: Item
    hearing: Hearing
    changed_at: datetime


def upcoming(db: Reader, now: datetime) -> list[Meeting]:
    """Matched meetings that are not over, canceled ones among them, by day. Those of the baseline count, too."""
    threads: dict[str, list[StoredEntry]] = {}
    for stored in records.matched_of_kind(db, Kind.HEARING, now - _LOOK_BACK):
        threads.setdefault(stored.entry.thread, []).append(stored)
    current = [entries for entries in threads.values() if not _state(_newest(entries)).over(now)]
    matches = records.matches_of(db, (stored.id for entries in current for stored in entries))
    meetings = []
    for entries in current:
        newest, hearing = _newest(entries), _state(_newest(entries))
        thread_matches = merged(*(matches.get((stored.id, Stage.PUBLISHED.value), ()) for stored in entries))
        item = Item(id=newest.id, entry=newest.entry, matches=thread_matches)
        meetings.append(Meeting(item, hearing, newest.first_seen_at))
    return sorted(meetings, key=lambda meeting: (meeting.hearing.day, meeting.hearing.when, meeting.item.id))


def _newest(entries: list[StoredEntry]) -> StoredEntry:
    return max(entries, key=lambda stored: (_state(stored).sequence, stored.first_seen_at))


def _state(stored: StoredEntry) -> Hearing:
    assert stored.entry.hearing is not None
    return stored.entry.hearing
