"""Match an incoming entry to a stored one and classify the arrival. Pure.

The same document arrives twice, from two sources or at two stages; feeds change guids, dates and text. One shared key
makes two entries the same, with one exception: if only the guid matches and both URL and title are new, the feed has
reused the guid.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from operator import itemgetter
from typing import Any, Final

from bot.shared.calendar import day_of_a_letter
from bot.shared.entry import Entry, Kind, Stage

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


class KnownEntries:
    """Keys and entries to compare with while reading one answer: the store's, then those of the answer itself."""

    def __init__(self, keys: Mapping[str, str], entries: Mapping[str, KnownEntry]) -> None:
        self._keys = dict(keys)
        self._entries = dict(entries)

    def find(self, entry: Entry) -> KnownEntry | None:
        for key in sorted(entry.identity, key=_is_guid):
            existing = self._entries.get(self._keys.get(key, ""))
            if existing is None:
                continue
            used_again = entry.url != existing.entry.url and entry.title != existing.entry.title
            if not (_is_guid(key) and used_again):
                return existing
        return None

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, existing: KnownEntry, identity: tuple[str, ...]) -> tuple[str, ...]:
        """Add an entry under its keys; return the keys that were new for it."""
        self._entries[existing.id] = existing
        new_keys = tuple(key for key in identity if self._keys.get(key) != existing.id)
        self._keys.update(dict.fromkeys(new_keys, existing.id))
        return new_keys


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


def _is_guid(key: str) -> bool:
    return key.startswith("guid:")


def _words(entry: Entry) -> Entry:
    """The entry's content without its identity, fields that change on every read, and fields we derive.

    A bill's record gets its subjects long after its first steps; new subjects do not make old steps news.
    """
    subjects = () if entry.kind is Kind.BILL else entry.subjects
    return replace(entry, identity=(), thread="", references=(), speaks_for=(), as_of=None, names=(), subjects=subjects)
