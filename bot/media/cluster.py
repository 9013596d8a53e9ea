"""Which items tell one story: pairs of neighbouring words that a copy shares with it. Pure.

Containment, the shared part of the shorter text, finds cut snippets and rewritten headlines that a likeness of the
whole would miss. A shared quotation tells two rewrites of one release. Headlines that differ in a number stay apart:
another report, another raid.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from bot.watch import text as txt

WINDOW: Final = timedelta(hours=72)  # between two copies of one story
COMMON: Final = 60  # items that may share a pair before it says nothing any more
_CONTAINED: Final = 0.4
_LEAST: Final = 4  # shared pairs: two short headlines on one subject soon share a few
_RUN: Final = 6  # words of a quotation that two items share only where it is the same
_QUOTED: Final = re.compile(r'"([^"]{30,400})(?:"|$)')
_DIGEST: Final = 8  # bytes
_CREDIT: Final = re.compile(r"^[^a-z(]{2,60}(?:,\s[A-Z][\w. ]{1,20})?\s?\(([A-Z][^()]{1,40})\)\s*[—–-]+\s*")
_OUTLET_ENDS: Final = re.compile(r"\s[-–—|]\s([^-–—|]{2,60})$")
# Words that stand in any two sentences: a pair of nothing else says nothing.
_PLAIN: Final = frozenset(
    txt.words(
        "a an and are as at be been by for from had has have he her his in into is it its more new not of on or over "
        "said says she that the their them they this to up was were when which who will with"
    )
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an item is known by: the hashes of its word pairs and of runs of its quotations, and its headline."""

    shingles: frozenset[str]
    quotes: frozenset[str]
    headline: tuple[str, ...]  # its words, numbers left out
    numbers: frozenset[str]

    @property
    def marks(self) -> frozenset[str]:
        """All that others may share with it."""
        return self.shingles | self.quotes


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that shares something, and its story; `size`: how many pairs it has."""

    story: str
    size: int
    headline: tuple[str, ...]
    numbers: frozenset[str]


def fingerprint(title: str, text: str, outlet: str = "") -> Fingerprint:
    """Of a headline and some words, without the outlet's name behind the one and the dateline before the other."""
    heading = txt.words(without_outlet(title, outlet).replace(",", ""))
    words = [*heading, "", *txt.words(_CREDIT.sub("", txt.clean(text)))]
    pairs = (f"{a} {b}" for a, b in pairwise(words) if a and b and not (a in _PLAIN and b in _PLAIN))
    spoken = (txt.words(found) for found in _QUOTED.findall(txt.clean(text)))
    runs = (" ".join(said[at : at + _RUN]) for said in spoken for at in range(len(said) - _RUN + 1))
    return Fingerprint(
        frozenset(map(_hashed, pairs)),
        frozenset(f"q{_hashed(run)}" for run in runs),
        tuple(word for word in heading if not word[0].isdigit()),
        frozenset(word for word in heading if word[0].isdigit()),
    )


def without_outlet(title: str, outlet: str = "") -> str:
    """A headline without the name of who published it: the exact name, or a short piece behind a dash."""
    if outlet and title.endswith(outlet):
        return title[: -len(outlet)].rstrip(" -–—|") or title
    return _OUTLET_ENDS.sub("", title)


def credit(text: str) -> str:
    """Whom a dateline names as the origin: "TAMPA, Fla. (AP) —" names AP; "" where none does."""
    found = _CREDIT.match(txt.clean(text))
    return found[1].strip() if found else ""


def story_of(item: Fingerprint, postings: Iterable[tuple[str, str]], known: Mapping[str, Candidate]) -> str | None:
    """The story an item belongs to, None for a new one.

    `postings`: (mark, id) of what shares one with it, of which those in `known` may be joined.
    """
    by_mark: defaultdict[str, list[str]] = defaultdict(list)
    for mark, id_ in postings:
        by_mark[mark].append(id_)
    telling = [(mark, id_) for mark, ids in by_mark.items() if len(ids) <= COMMON for id_ in ids if id_ in known]
    shared = Counter(id_ for mark, id_ in telling if mark in item.shingles)
    quoting = {id_ for mark, id_ in telling if mark in item.quotes}
    fitting = [
        (id_ in quoting, shared[id_] / max(1, min(len(item.shingles), known[id_].size)), shared[id_], id_)
        for id_ in shared.keys() | quoting
        if not _another(item, known[id_]) and (id_ in quoting or _copies(item, known[id_], shared[id_]))
    ]
    return known[max(fitting)[-1]].story if fitting else None


def _copies(item: Fingerprint, other: Candidate, shared: int) -> bool:
    shorter = min(len(item.shingles), other.size)
    return shared >= max(min(_LEAST, shorter), 2, _CONTAINED * shorter)


def _another(item: Fingerprint, other: Candidate) -> bool:
    """Whether a number tells them apart: other numbers, or one that only one of two like headlines has."""
    if item.headline == other.headline:
        return item.numbers != other.numbers
    return not (item.numbers <= other.numbers or other.numbers <= item.numbers)


def _hashed(pair: str) -> str:
    return hashlib.blake2b(pair.encode(), digest_size=_DIGEST).hexdigest()


class Clusters:
    """The same, kept in memory: for trying it on many items at once."""

    def __init__(self) -> None:
        self._known: dict[str, Candidate] = {}
        self._postings: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, id_: str, item: Fingerprint) -> str:
        """The story of an item, named after its first."""
        found = [(mark, other) for mark in item.marks for other in self._postings.get(mark, ())]
        story = story_of(item, found, self._known) or id_
        self._known[id_] = Candidate(story, len(item.shingles), item.headline, item.numbers)
        for mark in item.marks:
            if len(self._postings[mark]) <= COMMON:
                self._postings[mark].append(id_)
        return story
