"""Sort the entries of an answer: which are stored, what is new about them, and what they continue or amend. Pure.

The same document arrives twice, from two sources or at two stages; feeds change guids, dates and text. One shared key
makes two entries the same, with one exception: if only the guid matches and both URL and title are new, the feed has
reused the guid.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final

from bot.shared.calendar import day_of_a_letter
from bot.shared.entry import Entry, Kind, Stage
from bot.shared.plain_text import short_hash
from bot.shared.urls import host_of

# Fields in which None means that the source gave no value.
_GAPS: Final = (
    "summary", "published", "publication_date", "agencies", "type", "action", "dates_text", "comments_close_on",
    "effective_on", "number", "dockets", "outlet", "pdf_url",
)  # fmt: skip

_FORM: Final = ("form:", "omb:")  # references of one information collection
_NOTICE: Final = "notice:"  # reference of one permit, by its title
_ISSUED: Final = re.compile(r"(?<!proposed )\bissuance\b", re.IGNORECASE)
_ALIKE: Final = 0.75  # share of the words of two titles that both have
_WORD: Final = re.compile(r"\w+")
_PAGE: Final = re.compile("page:")
_PUBLISHED_ON: Final = re.compile(r"\bpublished\b[^.;]{0,60}, 20\d\d\b|, 20\d\d,[^.;]{0,120}\bpublished\b")
_OFFICIAL: Final = re.compile(r"\.(?:gov|mil)$")  # hosts of the federal and state governments
_STEPS: Final = frozenset(
    {"a", "advance", "an", "and", "final", "for", "in", "interim", "of", "on", "proposed", "rule", "the"}
)
_RULES: Final = ("Rule", "Proposed Rule")  # types begin so


class ArrivalKind(StrEnum):
    NEW = "new"
    PUBLISHED = "published"  # stored as a filing, now published
    EDITED = "edited"  # stored at the same stage with different text
    SECOND_SOURCE = "second source"  # stored, and another source lists it for the first time
    REPEAT = "repeat"  # stored, nothing new


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A stored entry as last read, with the (source, stage) pairs that listed it. `first`: as first read."""

    id: str
    entry: Entry
    sightings: frozenset[tuple[str, str]] = frozenset()
    first: Entry | None = None


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
class Arrivals:
    """The arrivals of one answer."""

    all: tuple[Arrival, ...]

    def of(self, *kinds: ArrivalKind) -> list[Arrival]:
        return [arrival for arrival in self.all if arrival.kind in kinds]


class KnownEntries:
    """Keys and entries to compare with while reading one answer: the store's, then those of the answer itself."""

    def __init__(self, keys: Mapping[str, str], entries: Mapping[str, KnownEntry]) -> None:
        self._keys = dict(keys)
        self._entries = dict(entries)

    def find(self, entry: Entry) -> KnownEntry | None:
        for key in sorted(entry.identity, key=lambda key: key.startswith("guid:")):
            existing = self._entries.get(self._keys.get(key, ""))
            if existing is None:
                continue
            used_again = entry.url != existing.entry.url and entry.title != existing.entry.title
            if not (key.startswith("guid:") and used_again):
                return existing
        return None

    def naming_earlier(self, entries: Iterable[Entry]) -> set[str]:
        """The references by which those of the entries that are new, or new at their stage, may be steps of others."""
        steps = (entry for entry in entries if entry.change or entry.kind is Kind.DOCUMENT)
        pairs = ((entry, self.find(entry)) for entry in steps)
        new = (
            (entry, old.entry if old else entry)
            for entry, old in pairs
            if not old or old.entry.stage is not entry.stage
        )
        return {name for pair in new for entry in pair for name in entry.references}

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, existing: KnownEntry, identity: tuple[str, ...]) -> tuple[str, ...]:
        """Add an entry under its keys; return the keys that were new for it."""
        self._entries[existing.id] = existing
        new_keys = tuple(key for key in identity if self._keys.get(key) != existing.id)
        self._keys.update(dict.fromkeys(new_keys, existing.id))
        return new_keys


@dataclass(slots=True)
class Sorter:
    """Sorts the entries of one answer into arrivals, in order: a later one may repeat or amend an earlier one.

    `index`: the stored entries with one of their keys; `find` gives those with a key, `related` has those with each
    reference of `index.naming_earlier`.
    `silent` says whether an entry belongs to the baseline, `own` whether its page is on its source's site,
    `hides` whether its words may not be shown.
    """

    index: KnownEntries
    find: Callable[[str], Iterable[KnownEntry]]
    related: Mapping[str, Iterable[KnownEntry]]
    silent: Callable[[Entry], bool]
    own: Callable[[Entry], bool]
    hides: Callable[[Entry], bool]
    new_id: Callable[[], str]
    fresh_keys: list[tuple[str, str]] = field(default_factory=list)  # with the id of their entry
    seen_keys: list[str] = field(default_factory=list)
    sightings: list[tuple[str, str, str]] = field(default_factory=list)  # (entry id, source, stage)
    copies: list[Arrival] = field(default_factory=list)  # of what amends several documents: one for each but the first
    _handled: set[str] = field(default_factory=set)
    _references: dict[str, Arrival] = field(default_factory=dict)

    def sort(self, entries: Iterable[Entry]) -> Arrivals:
        arrivals = [self._identify(entry) for entry in entries]
        return Arrivals((*arrivals, *self.copies))

    def _identify(self, entry: Entry) -> Arrival:
        existing = self.index.find(entry)
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
            self.sightings.append((arrival.id, *sighting))
        first = existing.first if existing else arrival.stored
        seen = KnownEntry(arrival.id, arrival.stored, sightings | {sighting}, first)
        new_keys = self.index.add(seen, entry.identity)
        self.fresh_keys += [(key, arrival.id) for key in new_keys]
        self.seen_keys += [key for key in entry.identity if key not in new_keys]
        self._handled.add(arrival.id)
        self._references |= dict.fromkeys((*arrival.stored.identity, *references(arrival.stored)), arrival)

    def _new(self, entry: Entry) -> Arrival:
        # Derived ids are the same in every database, so after a restore from an old backup the bot recognizes the
        # messages that were posted since. A key that belongs to another entry gives none.
        principal = entry.identity[0]
        id_ = self.new_id() if principal in self.index else short_hash(principal, 32)
        return Arrival(id=id_, kind=ArrivalKind.NEW, incoming=entry, stored=entry, silent=self.silent(entry))

    def _again(self, entry: Entry, existing: KnownEntry) -> Arrival:
        if existing.entry.new_days:  # its stored day is that of one document
            entry = replace(entry, comments_close_on=None)
        kind = classify(entry, existing)
        if existing.id in self._handled and kind is not ArrivalKind.PUBLISHED:
            kind = ArrivalKind.REPEAT
        versions = (existing.first, existing.entry)
        shown = [each for each in versions if each and self.own(each) == self.own(entry)]
        if shown and kind is not ArrivalKind.REPEAT and self.hides(entry.after(*shown)):
            entry = entry.withhold()
        # Another site's words do not stand under a publisher's own. In doubt they withhold them, but not what the
        # government publishes: any site could hide that.
        over_own = self.own(existing.entry) and not self.own(entry)
        if kind is ArrivalKind.REPEAT or (kind is ArrivalKind.SECOND_SOURCE and over_own):
            hides = entry.withheld and not (over_own and _OFFICIAL.search(host_of(existing.entry.url)))
            stored = existing.entry.withhold() if hides else existing.entry
        elif kind is ArrivalKind.SECOND_SOURCE:
            stored = fill_gaps(existing.entry, entry)
            # Another site's words were over this address.
            if self.own(entry) and not (stored.withheld or self.own(existing.entry)):
                stored = replace(
                    stored, source=entry.source, title=entry.title, summary=entry.summary, outlet=entry.outlet
                )
        else:
            stored = replace(fill_gaps(entry, existing.entry), thread=existing.entry.thread)
        silent = self.silent(entry)
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
        stored = [*self.find(key)]
        return self._again(copy, *stored) if stored else replace(self._new(copy), amends=amends)

    def _earlier(self, entry: Entry) -> list[KnownEntry]:
        """The documents that `entry` amends, or the one that it continues."""
        related_entries = chain.from_iterable(map(self._with_reference, entry.references))
        if entry.change:
            return amended(entry, related_entries)
        if entry.kind is not Kind.DOCUMENT or entry.thread not in entry.identity:
            return []
        return [*islice((each for each in related_entries if continues(entry, each.entry)), 1)]

    def _with_reference(self, reference: str) -> Iterator[KnownEntry]:
        """The entries with a reference: from this answer, then from the store."""
        if one := self._references.get(reference):
            yield KnownEntry(one.id, one.stored)
        yield from self.related.get(reference, ())


def _as_step_of(earlier: Entry, entry: Entry) -> Entry:
    """`entry` in the thread of an earlier document, with the last day for comments on that one."""
    step = replace(entry, thread=earlier.thread)
    if not entry.new_days:
        return step
    return replace(step, comments_close_on=new_day(entry, earlier), comments_hour="", comments_worded=True)


def references(entry: Entry) -> set[str]:
    """The keys, besides its own, by which a later document can name this entry. None names a news item's thread.

    A document that amends none is named by its own number, not by that of the step before it.
    """
    unnamed = entry.kind in (Kind.NEWS, Kind.LISTING) or (entry.kind is Kind.DOCUMENT and entry.change is None)
    thread = () if unnamed else (entry.thread,)
    page = (f"page:{entry.citation}",) if entry.citation else ()
    return {*entry.references, *thread, *page} - {*entry.identity}


def classify(entry: Entry, existing: KnownEntry) -> ArrivalKind:
    """The kind of arrival of an entry that is stored already."""
    previous = existing.entry
    if entry.stage is not previous.stage:
        return ArrivalKind.PUBLISHED if entry.stage is Stage.PUBLISHED else ArrivalKind.REPEAT
    if entry.source != previous.source:
        return ArrivalKind.REPEAT if (entry.source, entry.stage) in existing.sightings else ArrivalKind.SECOND_SOURCE
    return ArrivalKind.EDITED if _words(fill_gaps(entry, previous)) != _words(previous) else ArrivalKind.REPEAT


def continues(entry: Entry, earlier: Entry) -> bool:
    """Whether a document is the next step of an earlier one: a form's second notice, a proposed rule's final rule,
    the permit that was proposed.

    Many rules may share a RIN (all airworthiness directives have one), so docket and title decide, too. Notices under
    one docket, such as the additions to a list, are no steps of each other.
    """
    if entry.kind is not Kind.DOCUMENT or earlier.kind is not Kind.DOCUMENT or earlier.change:
        return False
    shared = {*entry.references} & {*earlier.references}
    if not shared or entry.identity[0] == earlier.identity[0]:
        return False
    if any(reference.startswith(_FORM) for reference in shared):
        return True
    if any(reference.startswith(_NOTICE) for reference in shared):
        return bool(_ISSUED.search(entry.action or "")) and not _ISSUED.search(earlier.action or "")
    if _of_other_dockets(entry, earlier):
        return False
    words, before = ({*_WORD.findall(each.title.casefold())} - _STEPS for each in (entry, earlier))
    one_plan = any(key.startswith("rin:") for key in shared)
    rules = all((each.type or "").startswith(_RULES) for each in (entry, earlier))
    return (one_plan or rules) and _ALIKE * len(words | before) <= len(words & before)


def amended(entry: Entry, related: Iterable[KnownEntry]) -> list[KnownEntry]:
    """Return those of the entries with a reference of `entry` that it changes, one of a thread; none if unclear.

    These are all that it names, or the one that it must be about. An earlier change that it names, too, counts if there
    is no other: it may be one of several documents.
    """
    others = (each for each in related if each.entry.identity[0] != entry.identity[0])  # not its own filing
    candidates = sorted(others, key=lambda each: each.entry.change is not None)
    by_name = defaultdict[str, dict[str, KnownEntry]](dict)
    for each in candidates:
        if name := _name_in(entry, each.entry):
            by_name[name].setdefault(each.entry.thread, each)
    named = dict[str, KnownEntry]()
    for several in by_name.values():  # half of all documents begin on a page on which another begins, too
        if one := _likest(entry, several.values()):
            named.setdefault(one.entry.thread, one)
    originals = [each for each in named.values() if each.entry.change is None]
    if originals or len(named) == 1:
        return originals or [*named.values()]
    only = _guess(entry, candidates)
    return [only] if only else []


def _name_in(entry: Entry, earlier: Entry) -> str:
    """The number, the page or the day of a sentence with a new day, by which a change names an earlier document; ""."""
    agencies, before = ({agency.name for agency in each.agencies or ()} for each in (entry, earlier))
    names, on = list(earlier.identity), _printed(earlier)
    if not _of_other_dockets(entry, earlier) and not (agencies and before and agencies.isdisjoint(before)):
        names += [f"page:{earlier.citation}", earlier.thread if earlier.change else ""]
        names += [on] if on and any(on in sentence for _, sentence in entry.new_days) else []
    return next((name for name in names if name in (*entry.references, on)), "")


def _guess(entry: Entry, related: Iterable[KnownEntry]) -> KnownEntry | None:
    """The entry that a change must be about though it shares only a docket, a RIN or a form's name; None if unclear.

    That is none that the change says by page or day of publication that it is not, and the one whose title it has or
    the only matter of the docket.
    """
    in_docket, alike = dict[str, KnownEntry](), dict[str, KnownEntry]()
    references, text = {*entry.references}, f"{entry.dates_text} {entry.summary}"
    names_page, names_day = any(map(_PAGE.match, references)), _PUBLISHED_ON.search(text)
    for each in related:
        earlier = each.entry
        of_another = (names_page and earlier.citation) or (names_day and _printed(earlier) not in text)
        if of_another or _of_other_dockets(entry, earlier):
            continue
        if any(reference.startswith("docket:") for reference in references & {*earlier.references}):
            in_docket.setdefault(earlier.thread, each)
        if _likeness(entry, earlier)[0] >= _ALIKE:
            alike.setdefault(earlier.thread, each)
    if alike:
        return _likest(entry, alike.values())
    return next(iter(in_docket.values())) if len(in_docket) == 1 else None


def _likest(entry: Entry, several: Iterable[KnownEntry]) -> KnownEntry | None:
    """The one whose title is most like that of the change; None if two are."""
    ranked = sorted(((_likeness(entry, each.entry), each) for each in several), key=itemgetter(0))
    return ranked[-1][1] if len(ranked) == 1 or ranked[-2][0] < ranked[-1][0] else None


def _likeness(entry: Entry, earlier: Entry) -> tuple[float, int]:
    """How much of the title of an earlier document a change has: the share and the number of words."""
    title = {*_WORD.findall(earlier.title.casefold())} - _STEPS
    shared = len(title & {*_WORD.findall(entry.title.casefold())})
    return shared / (len(title) or 1), shared


def new_day(entry: Entry, earlier: Entry) -> date | None:
    """The last day for comments on `earlier` by `entry`, which extends several periods: that of the sentence that names
    it by page, number, docket or day of publication; None if none does, or several do.
    """
    names = filter(None, (earlier.citation, earlier.number, _printed(earlier), *(earlier.dockets or ())))
    named = re.compile("|".join(rf"\b{re.escape(name)}\b".replace(r"\-", "[- ]") for name in names), re.IGNORECASE)
    days = {day for day, sentence in entry.new_days if named.pattern and named.search(sentence)}
    return days.pop() if len(days) == 1 else None


def _printed(entry: Entry) -> str:
    """The day of publication, as documents write it."""
    return day_of_a_letter(entry.publication_date) if entry.publication_date else ""


def _of_other_dockets(entry: Entry, earlier: Entry) -> bool:
    dockets, before = ({key for key in each.references if key.startswith("docket:")} for each in (entry, earlier))
    return bool(dockets and before and dockets.isdisjoint(before))


def fill_gaps(entry: Entry, other: Entry) -> Entry:
    """`entry`, with fields its source left out filled from `other`, another version of the same entry.

    If either version is withheld, the result is withheld: one would lead a reader to the other.
    """
    if entry.withheld or other.withheld:
        entry, other = entry.withhold(), other.withhold()
    gaps: dict[str, Any] = {name: getattr(other, name) for name in _GAPS if getattr(entry, name) is None}
    if "comments_close_on" in gaps:
        gaps |= {"comments_hour": other.comments_hour, "comments_worded": other.comments_worded}
    references = tuple(dict.fromkeys((*entry.references, *other.references)))
    return replace(entry, **gaps, url=entry.url or other.url, references=references)


def _words(entry: Entry) -> Entry:
    """The entry's content without its identity, fields that change on every read, and fields we derive.

    A bill's record gets its subjects long after its first steps; new subjects do not make old steps news.
    """
    subjects = () if entry.kind is Kind.BILL else entry.subjects
    return replace(entry, identity=(), thread="", references=(), speaks_for=(), as_of=None, names=(), subjects=subjects)
