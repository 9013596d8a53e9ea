"""Save a source's answer: identify each entry, register its keys and assign its thread."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final

from bot.entries import records
from bot.entries.identity import ArrivalKind, KnownEntries, KnownEntry, amended, classify, continues, fill_gaps, new_day
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import short_hash
from bot.shared.urls import host_of
from bot.store.database import Transaction

_OFFICIAL: Final = re.compile(r"\.(?:gov|mil)$")  # hosts of the federal and state governments


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An entry of an answer: `incoming` as its source gives it, `stored` as it is saved, `previous` as it was saved.

    `amends`: the document that it corrects or extends. `silent`: it belongs to the baseline and is not posted.
    """

    id: str
    kind: ArrivalKind
    incoming: Entry
    stored: Entry
    previous: Entry | None = None
    amends: KnownEntry | None = None
    silent: bool = False

    @property
    def may_correct(self) -> bool:
        """Whether it may change what was posted. The publication of a filed extension brings its day."""
        published = self.kind is ArrivalKind.PUBLISHED and self.stored.change
        read_again = published or self.kind in (ArrivalKind.EDITED, ArrivalKind.SECOND_SOURCE)
        amends = self.amends or self.stored.kind is Kind.GRANT
        return bool(amends or (read_again and self.stored != self.previous))


@dataclass(frozen=True, slots=True)
class SavedEntries:
    arrivals: tuple[Arrival, ...]

    def of(self, *kinds: ArrivalKind) -> list[Arrival]:
        return [arrival for arrival in self.arrivals if arrival.kind in kinds]


def save_entries(
    tx: Transaction,
    entries: Sequence[Entry],
    *,
    silent: Callable[[Entry], bool],
    now: datetime,
    new_id: Callable[[], str],
    own: Callable[[Entry], bool] = lambda _: False,
    hides: Callable[[Entry], bool] = lambda _: False,
) -> SavedEntries:
    """Classify and save the entries of one answer. `silent` says whether an entry belongs to the baseline, `own`
    whether its source lists a page of its own site, `hides` whether its words may not be shown.
    """
    keys = records.known_keys(tx, (key for entry in entries for key in entry.identity))
    saver = _Saver(tx, KnownEntries(keys, records.known_entries(tx, keys.values())), silent, own, hides, now, new_id)
    arrivals = tuple(saver.identify(entry) for entry in entries)
    saver.save((*arrivals, *saver.copies))
    return SavedEntries((*arrivals, *saver.copies))


@dataclass(slots=True)
class _Saver:
    """Identifies the entries of one answer in order; a later one may repeat or amend an earlier one."""

    _tx: Transaction
    _index: KnownEntries
    _silent: Callable[[Entry], bool]
    _own: Callable[[Entry], bool]
    _hides: Callable[[Entry], bool]
    _now: datetime
    _new_id: Callable[[], str]
    _handled: set[str] = field(default_factory=set)
    _references: dict[str, Arrival] = field(default_factory=dict)
    _fresh_keys: list[tuple[str, str]] = field(default_factory=list)
    _seen_keys: list[str] = field(default_factory=list)
    _sightings: list[tuple[str, str, str]] = field(default_factory=list)
    copies: list[Arrival] = field(default_factory=list)  # of what amends several documents: one for each but the first

    def identify(self, entry: Entry) -> Arrival:
        existing = self._index.find(entry)
        arrival = self._new(entry) if existing is None else self._again(entry, existing)
        if arrival.kind in (ArrivalKind.NEW, ArrivalKind.PUBLISHED):
            arrival, *copies = self._in_threads(arrival)
            for copy in copies:
                self._note(copy, None)
            self.copies += copies
        self._note(arrival, existing)
        return arrival

    def _note(self, arrival: Arrival, existing: KnownEntry | None) -> None:
        entry = arrival.incoming
        sighting = (entry.source, entry.stage.value)
        sightings = existing.sightings if existing else frozenset()
        if sighting not in sightings:
            self._sightings.append((arrival.id, *sighting))
        first = existing.first if existing else arrival.stored
        seen = KnownEntry(arrival.id, arrival.stored, sightings | {sighting}, first)
        new_keys = self._index.add(seen, entry.identity)
        self._fresh_keys += [(key, arrival.id) for key in new_keys]
        self._seen_keys += [key for key in entry.identity if key not in new_keys]
        self._handled.add(arrival.id)
        self._references |= dict.fromkeys((*arrival.stored.identity, *_references(arrival.stored)), arrival)

    def save(self, arrivals: Iterable[Arrival]) -> None:
        new = [arrival for arrival in arrivals if arrival.kind is ArrivalKind.NEW]
        changed = [a for a in arrivals if a.previous is not None and a.stored != a.previous]
        records.insert_entries(self._tx, ((a.id, a.stored, a.silent) for a in new), self._now)
        for arrival in changed:
            if arrival.previous and arrival.stored.thread != arrival.previous.thread:
                records.move_to_thread(self._tx, arrival.id, arrival.stored)
        records.update_entries(self._tx, ((a.id, a.stored) for a in changed), self._now)
        records.insert_keys(self._tx, self._fresh_keys, self._now)
        records.refresh_keys(self._tx, self._seen_keys, self._now)
        records.insert_sightings(self._tx, self._sightings, self._now)
        references = ((reference, a.id) for a in (*new, *changed) for reference in _references(a.stored))
        records.insert_references(self._tx, references, self._now)

    def _new(self, entry: Entry) -> Arrival:
        # Derived ids are the same in every database, so after a restore from an old backup the bot recognizes the
        # messages that were posted since. A key that belongs to another entry gives none.
        principal = entry.identity[0]
        id_ = self._new_id() if principal in self._index else short_hash(principal, 32)
        return Arrival(id=id_, kind=ArrivalKind.NEW, incoming=entry, stored=entry, silent=self._silent(entry))

    def _again(self, entry: Entry, existing: KnownEntry) -> Arrival:
        if existing.entry.new_days:  # its stored day is that of one document
            entry = replace(entry, comments_close_on=None)
        kind = classify(entry, existing)
        if existing.id in self._handled and kind is not ArrivalKind.PUBLISHED:
            kind = ArrivalKind.REPEAT
        versions = (existing.first, existing.entry)
        shown = [each for each in versions if each and self._own(each) == self._own(entry)]
        if shown and kind is not ArrivalKind.REPEAT and self._hides(entry.after(*shown)):
            entry = entry.withhold()
        # Another site's words do not stand under a publisher's own. In doubt they withhold them, but not what the
        # government publishes: any site could hide that.
        over_own = self._own(existing.entry) and not self._own(entry)
        if kind is ArrivalKind.REPEAT or (kind is ArrivalKind.SECOND_SOURCE and over_own):
            hides = entry.withheld and not (over_own and _OFFICIAL.search(host_of(existing.entry.url)))
            stored = existing.entry.withhold() if hides else existing.entry
        elif kind is ArrivalKind.SECOND_SOURCE:
            stored = fill_gaps(existing.entry, entry)
            # Another site's words were over this address.
            if self._own(entry) and not (stored.withheld or self._own(existing.entry)):
                stored = replace(
                    stored, source=entry.source, title=entry.title, summary=entry.summary, outlet=entry.outlet
                )
        else:
            stored = replace(fill_gaps(entry, existing.entry), thread=existing.entry.thread)
        silent = self._silent(entry)
        return Arrival(id=existing.id, kind=kind, incoming=entry, stored=stored, previous=existing.entry, silent=silent)

    def _in_threads(self, arrival: Arrival) -> list[Arrival]:
        """The arrival in the thread of what it amends or continues, and a copy for each other document that it amends.

        A filing often has no title, so that only its publication shows these documents.
        """
        entry = arrival.stored
        earlier = {each.entry.thread: each for each in self._earlier(entry)}
        first = earlier.pop(entry.thread if entry.thread in earlier else next(iter(earlier), ""), None)
        if first:
            was_filed_so = arrival.previous is not None and entry.thread == first.entry.thread
            amends = first if entry.change and not was_filed_so else None
            arrival = replace(arrival, stored=_as_step_of(first.entry, entry), amends=amends)
        return [arrival, *(self._copy(arrival.incoming, each) for each in earlier.values() if entry.change)]

    def _copy(self, entry: Entry, amends: KnownEntry) -> Arrival:
        """The entry as a step of another document that it amends. It has no number: that names the first."""
        key = f"{entry.identity[0]}:{amends.entry.thread}"
        copy = replace(_as_step_of(amends.entry, entry), identity=(key,), number=None)
        stored = records.known_entries(self._tx, records.known_keys(self._tx, [key]).values())
        return self._again(copy, *stored.values()) if stored else replace(self._new(copy), amends=amends)

    def _earlier(self, entry: Entry) -> list[KnownEntry]:
        """The documents that `entry` amends, or the one that it continues."""
        related_entries = chain.from_iterable(map(self._related, entry.references))
        if entry.change:
            return amended(entry, related_entries)
        if entry.kind is not Kind.DOCUMENT or entry.thread not in entry.identity:
            return []
        return [*islice((each for each in related_entries if continues(entry, each.entry)), 1)]

    def _related(self, reference: str) -> Iterator[KnownEntry]:
        """The entries with a reference: from this answer, then from the store."""
        if one := self._references.get(reference):
            yield KnownEntry(one.id, one.stored)
        yield from records.related(self._tx, reference, self._now)


def _as_step_of(earlier: Entry, entry: Entry) -> Entry:
    """`entry` in the thread of an earlier document, with the last day for comments on that one."""
    step = replace(entry, thread=earlier.thread)
    if not entry.new_days:
        return step
    return replace(step, comments_close_on=new_day(entry, earlier), comments_hour="", comments_worded=True)


def _references(entry: Entry) -> set[str]:
    """The keys, besides its own, by which a later document can name this entry. None names a news item's thread.

    A document that amends none is named by its own number, not by that of the step before it.
    """
    unnamed = entry.kind in (Kind.NEWS, Kind.LISTING) or (entry.kind is Kind.DOCUMENT and entry.change is None)
    thread = () if unnamed else (entry.thread,)
    page = (f"page:{entry.citation}",) if entry.citation else ()
    return {*entry.references, *thread, *page} - {*entry.identity}
