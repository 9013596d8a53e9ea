"""Match an incoming entry to a stored one and classify the arrival. Pure.

The same document arrives twice, from two sources or at two stages; feeds change guids, dates and text. One shared key
makes two entries the same, with one exception: if only the guid matches and both URL and title are new, the feed has
reused the guid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import itemgetter
from typing import Any, Final

from bot.shared.entry import Entry, Kind, Stage

# Fields in which None means that the source gave no value.
_GAPS: Final = (
    "summary",
    "published",
    "publication_date",
    "agencies",
    "type",
    "action",
    "dates_text",
    "comments_close_on",
    "effective_on",
    "number",
    "dockets",
    "outlet",
    "pdf_url",
)

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
    """A stored entry as last read, with the (source, stage) pairs that listed it."""

    id: str
    entry: Entry
    sightings: frozenset[tuple[str, str]] = frozenset()


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


def amended(entry: Entry, related: Iterable[KnownEntry]) -> KnownEntry | None:
    """Return the one of the entries with a reference of `entry` that it changes; None if that cannot be told.

    That is one that it names, by number or page. Of those that share only a docket, a RIN or a form's name, none that
    it says by page or day of publication that it is not: the one whose title it has, or the only matter of the docket.
    """
    in_docket, alike = dict[str, KnownEntry](), dict[str, tuple[float, int, KnownEntry]]()
    references, words = {*entry.references}, {*_WORD.findall(entry.title.casefold())}
    text = f"{entry.dates_text} {entry.summary}"
    names_page, names_day = any(map(_PAGE.match, references)), _PUBLISHED_ON.search(text)
    for each in related:
        earlier, on = each.entry, each.entry.publication_date
        if references & {*earlier.identity}:
            return each
        if _of_other_dockets(entry, earlier):
            continue
        shared = references & {*earlier.references}
        if f"page:{earlier.citation}" in references or not shared:
            return each
        if (names_page and earlier.citation) or (names_day and on and f"{on:%B} {on.day}, {on.year}" not in text):
            continue
        if any(reference.startswith("docket:") for reference in shared):
            in_docket.setdefault(earlier.thread, each)
        title = {*_WORD.findall(earlier.title.casefold())} - _STEPS
        if _ALIKE * len(title) <= len(title & words):
            alike.setdefault(earlier.thread, (len(title & words) / (len(title) or 1), len(title & words), each))
    ranked = sorted(alike.values(), key=itemgetter(0, 1))
    if ranked:
        return ranked[-1][2] if len(ranked) == 1 or ranked[-2][:2] < ranked[-1][:2] else None
    return next(iter(in_docket.values())) if len(in_docket) == 1 else None


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
