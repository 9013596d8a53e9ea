"""From a source's answer to stored entries: what each one is, under which keys, in whose thread."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.entries import records
from bot.entries.identity import Known, Standing, Stored, fill_gaps, standing
from bot.shared.entry import Entry
from bot.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An incoming entry and what its coming means. `came` is as its source says it, `kept` as it will be stored."""

    id: str
    standing: Standing
    came: Entry
    kept: Entry
    was: Entry | None = None
    amends: Stored | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    arrivals: tuple[Arrival, ...]

    def of(self, *standings: Standing) -> list[Arrival]:
        return [arrival for arrival in self.arrivals if arrival.standing in standings]


def read(
    tx: Transaction,
    entries: Sequence[Entry],
    *,
    silent: Callable[[Entry], bool],
    now: datetime,
    new_id: Callable[[], str],
) -> Reading:
    """Tell the entries of one answer apart from what is known, and store them. `silent` tells what is baseline."""
    keys = records.known_keys(tx, (key for entry in entries for key in entry.identity))
    reader = _Reader(tx, Known(keys, records.stored(tx, keys.values())), silent, now, new_id)
    arrivals = tuple(reader.arrive(entry) for entry in entries)
    reader.save(arrivals)
    return Reading(arrivals)


class _Reader:
    """Works through one answer, in which a thing may stand twice and amend what stands before it."""

    def __init__(
        self,
        tx: Transaction,
        known: Known,
        silent: Callable[[Entry], bool],
        now: datetime,
        new_id: Callable[[], str],
    ) -> None:
        self._tx = tx
        self._known = known
        self._silent = silent
        self._now = now
        self._new_id = new_id
        self._handled: set[str] = set()
        self._references: dict[str, Arrival] = {}
        self._fresh_keys: list[tuple[str, str]] = []
        self._seen_keys: list[str] = []
        self._sightings: list[tuple[str, str, str]] = []

    def arrive(self, entry: Entry) -> Arrival:
        was = self._known.find(entry)
        arrival = self._new(entry) if was is None else self._again(entry, was)
        brought = frozenset({(entry.source, entry.stage.value)})
        if was is None or not brought <= was.brought:
            self._sightings.append((arrival.id, entry.source, entry.stage.value))
        stored = Stored(arrival.id, arrival.kept, brought | (was.brought if was else frozenset()))
        fresh = self._known.learn(stored, entry.identity)
        self._fresh_keys += [(key, arrival.id) for key in fresh]
        self._seen_keys += [key for key in entry.identity if key not in fresh]
        self._handled.add(arrival.id)
        self._references |= dict.fromkeys(_references(arrival.kept), arrival)
        return arrival

    def save(self, arrivals: Iterable[Arrival]) -> None:
        new = [arrival for arrival in arrivals if arrival.standing is Standing.NEW]
        changed = [a for a in arrivals if a.was is not None and a.kept != a.was]
        records.insert_entries(self._tx, ((a.id, a.kept, a.silent) for a in new), self._now)
        records.update_entries(self._tx, ((a.id, a.kept) for a in changed), self._now)
        records.insert_keys(self._tx, self._fresh_keys, self._now)
        records.refresh_keys(self._tx, self._seen_keys, self._now)
        records.insert_sightings(self._tx, self._sightings, self._now)
        references = ((reference, a.id) for a in (*new, *changed) for reference in _references(a.kept))
        records.insert_references(self._tx, references, self._now)

    def _new(self, entry: Entry) -> Arrival:
        original = self._amended(entry) if entry.change else None
        kept = replace(entry, thread=original.entry.thread) if original else entry
        silent = self._silent(entry)
        return Arrival(
            id=self._id_of(entry), standing=Standing.NEW, came=entry, kept=kept, amends=original, silent=silent
        )

    def _id_of(self, entry: Entry) -> str:
        """An id that the same thing gets in every database, so that one restored from an old backup makes the marks
        that its lost messages bear. A key that something else has already makes none.
        """
        principal = entry.identity[0]
        if principal in self._known:
            return self._new_id()
        return hashlib.sha256(principal.encode()).hexdigest()[:32]

    def _again(self, entry: Entry, was: Stored) -> Arrival:
        what = standing(entry, was)
        if was.id in self._handled and what is not Standing.PUBLISHED:
            what = Standing.AGAIN
        if what is Standing.AGAIN:
            kept = was.entry.withhold() if entry.withheld else was.entry
        elif what is Standing.JOINED:
            kept = fill_gaps(was.entry, entry)
        else:
            kept = replace(fill_gaps(entry, was.entry), thread=was.entry.thread)
        silent = self._silent(entry)
        return Arrival(id=was.id, standing=what, came=entry, kept=kept, was=was.entry, silent=silent)

    def _amended(self, entry: Entry) -> Stored | None:
        """What `entry` amends, in this answer or in the store."""
        before = next((self._references[r] for r in entry.references if r in self._references), None)
        return Stored(before.id, before.kept) if before else records.amended_by(self._tx, entry, self._now)


def _references(entry: Entry) -> set[str]:
    """By what others may name this entry."""
    return {*entry.references, entry.thread, *(key for key in entry.identity if key.startswith("fr:"))}
