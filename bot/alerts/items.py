"""Items and events read from the store, and what alerts needs from the news room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Protocol

from bot.alerts import cards
from bot.alerts.cards import Item
from bot.commands.model import Work
from bot.entries import history, records
from bot.shared.entry import Entry
from bot.store.database import Reader
from bot.watch.index import Index
from bot.watch.model import Match, merged


class EntryReader(Protocol):
    """How the news room reads entries, by the corrections of one moment."""

    def read(self, entry: Entry) -> tuple[Entry, Index | None]:
        """Return the entry with the names it mentions, and its index if its words were laid out for that."""


class Press(Protocol):
    """What alerts needs from the news room: names in entries, and stories of matched items."""

    @property
    def last(self) -> EntryReader:
        """What `reading` returned last."""

    def read(self, db: Reader, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return the entries, but those that were erased, with the names they mention."""

    def reading(self, db: Reader) -> EntryReader:
        """Return what reads entries; the same object until a correction is made in chat."""

    def without_erased(self, db: Reader, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return the entries, but those that were erased."""

    def gather(self, work: Work, items: Sequence[Item], *, silent: Collection[str], calm: bool) -> list[Item]:
        """Group items that report one story; return them in its thread, with the channels that its card covers.

        `silent`: ids of baseline items, which are not posted. `calm`: post nothing at once.
        """


def items_of(db: Reader, entries: Sequence[records.StoredEntry]) -> list[Item]:
    """The entries as items, each with the matches of its current stage."""
    matches = records.matches_of(db, (stored.id for stored in entries))
    return [
        Item(id=stored.id, entry=stored.entry, matches=matches.get((stored.id, stored.entry.stage.value), ()))
        for stored in entries
    ]


@dataclass(frozen=True, slots=True)
class Event:
    """What is in one thread: its items, oldest first, the entry that leads to it, and the latest match time."""

    items: tuple[Item, ...]
    stored: records.StoredEntry
    at: datetime


def read_events(db: Reader, events: history.Events) -> list[Event]:
    """The first of the events, with their entries. Reading an entry costs a hundred times what counting it costs."""
    ids = [*chain.from_iterable(entries for _, entries in events.first)]
    stored = {each.id: each for each in records.by_ids(db, ids)}
    matches = defaultdict[str, tuple[Match, ...]](tuple)
    for (id_, _), of_stage in records.matches_of(db, ids).items():
        matches[id_] = merged(matches[id_], of_stage)
    made = []
    for at, entries in events.first:
        ordered = sorted((stored[id_] for id_ in entries), key=lambda each: (each.first_seen_at, each.position))
        items = tuple(Item(id=each.id, entry=each.entry, matches=matches[each.id]) for each in ordered)
        made.append(Event(items, stored[cards.lead(items).id], at))
    return made
