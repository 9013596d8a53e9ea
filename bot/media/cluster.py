"""Which items tell one story: pairs of neighbouring words that a copy shares with it. Pure.

Containment, the shared part of the shorter text, finds cut snippets and rewritten headlines that a likeness of the
whole would miss. A shared quotation tells two rewrites of one release. Headlines that differ in a number stay apart:
another report, another raid.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from bot.watch import text as txt

WINDOW: Final = timedelta(hours=72)  # between two copies of one story
COMMON: Final = 60  # items that may share a pair before it says nothing any more
_CONTAINED: Final = 0.4
_LEAST: Final = 5  # shared pairs: two short headlines on one subject soon share a few
_RUN: Final = 6  # words of a quotation that two items share only where it is the same
_QUOTED: Final = re.compile(r'"([^"]{30,400})(?:"|$)')
_DIGEST: Final = 8  # bytes
_CREDIT: Final = re.compile(r"^[^a-z(]{2,60}(?:,\s[A-Z][\w. ]{1,20})?\s?\(([A-Z][^()]{1,40})\)\s*[—–-]+\s*")
_OUTLET_ENDS: Final = re.compile(r"\s[-–—|]\s(?=[^-–—|]*[^\W\d_])(?:[^-–—|\s]+\s?){1,5}$")  # a name has a letter
_COMMA: Final = re.compile(r"(?<=\d),(?=\d{3})")
# Words that stand in any two sentences: a pair of nothing else says nothing.
_PLAIN: Final = frozenset(
    txt.words(
        "a an and are as at be been by for from had has have he her his in into is it its more new not of on or over "
        "said says she that the their them they this to up was were when which who will with"
    )
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an item is known by: the hashes of its word pairs and of runs of its quotations, and its figures."""

    shingles: frozenset[str]
    quotes: frozenset[str]
    headline: tuple[str, ...]  # its words without its numbers
    numbers: frozenset[str]  # of the headline
    figures: frozenset[str]  # of the headline and the text

    @property
    def marks(self) -> frozenset[str]:
        """All that others may share with it."""
        return self.shingles | self.quotes


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may tell the same, and the story that it belongs to."""

    story: str
    print_: Fingerprint


def fingerprint(title: str, text: str, outlet: str = "") -> Fingerprint:
    """Of a headline and some words, without the outlet's name behind the one and the dateline before the other."""
    heading = _counted(without_outlet(title, outlet))
    body = _counted(without_dateline(text))
    pairs = (f"{a} {b}" for a, b in pairwise((*heading, "", *body)) if a and b and not (a in _PLAIN and b in _PLAIN))
    spoken = (txt.words(found) for found in _QUOTED.findall(txt.clean(text)))
    runs = (" ".join(said[at : at + _RUN]) for said in spoken for at in range(len(said) - _RUN + 1))
    return Fingerprint(
        shingles=frozenset(map(_hashed, pairs)),
        quotes=frozenset(f"q{_hashed(run)}" for run in runs),
        headline=tuple(word for word in heading if not word[0].isdigit()),
        numbers=_numbers(heading),
        figures=_numbers((*heading, *body)),
    )


def without_outlet(title: str, outlet: str = "") -> str:
    """A headline without the name of who published it: the exact name, or a short piece behind a dash."""
    if outlet and title.endswith(outlet):
        return title[: -len(outlet)].rstrip(" -–—|") or title
    return _OUTLET_ENDS.sub("", title)


def without_dateline(text: str) -> str:
    return _CREDIT.sub("", txt.clean(text))


def credit(text: str) -> str:
    """Whom a dateline names as the origin: "TAMPA, Fla. (AP) —" names AP; "" where none does."""
    found = _CREDIT.match(txt.clean(text))
    return found[1].strip() if found else ""


def near(item: Fingerprint, postings: Iterable[tuple[str, str]]) -> set[str]:
    """Of what shares a mark with an item, (mark, id) each, what shares enough to be looked at."""
    shared, quoting = _shared(item, postings)
    return {id_ for id_, count in shared.items() if count >= min(_LEAST, len(item.shingles))} | quoting


def story_of(
    item: Fingerprint,
    postings: Iterable[tuple[str, str]],
    known: Mapping[str, Candidate],
    frequent: Collection[str],
) -> str | None:
    """The story an item belongs to, None for a new one. Only items in `known` may be joined.

    `frequent`: marks that more than COMMON items have, which say nothing any more.
    """
    shared, quoting = _shared(item, postings)
    mine = len(item.shingles.difference(frequent))
    fitting = []
    for id_, other in known.items():
        shorter = min(mine, len(other.print_.shingles.difference(frequent)))
        least = min(_LEAST, len(item.shingles), len(other.print_.shingles))
        copies = shared[id_] >= max(2, least, _CONTAINED * shorter)
        if (copies or id_ in quoting) and not _another(item, other.print_):
            fitting.append((id_ in quoting, shared[id_] / max(1, shorter), shared[id_], id_))
    return known[max(fitting)[-1]].story if fitting else None


def _shared(item: Fingerprint, postings: Iterable[tuple[str, str]]) -> tuple[Counter[str], set[str]]:
    """How many telling pairs each shares; and who shares a quotation."""
    by_mark: defaultdict[str, list[str]] = defaultdict(list)
    for mark, id_ in postings:
        by_mark[mark].append(id_)
    telling = [(mark, id_) for mark, ids in by_mark.items() if len(ids) <= COMMON for id_ in ids]
    pairs = Counter(id_ for mark, id_ in telling if mark in item.shingles)
    return pairs, {id_ for mark, id_ in telling if mark in item.quotes}


def _another(item: Fingerprint, other: Fingerprint) -> bool:
    """Whether numbers tell them apart: each has one that the other has not, or only one of two like headlines has."""
    if item.headline == other.headline and item.numbers != other.numbers:
        return True
    return any(
        not (mine <= theirs or theirs <= mine)
        for mine, theirs in ((item.numbers, other.numbers), (item.figures, other.figures))
    )


def _counted(text: str) -> tuple[str, ...]:
    """The words; a thousand is one word with its comma or without."""
    return txt.words(_COMMA.sub("", text))


def _numbers(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if word[0].isdigit())


def _hashed(pair: str) -> str:
    return hashlib.blake2b(pair.encode(), digest_size=_DIGEST).hexdigest()


class Clusters:
    """The same, kept in memory: for measuring it on many items at once. Finds what `copies` finds in the store."""

    def __init__(self) -> None:
        self._known: dict[str, Candidate] = {}
        self._postings: defaultdict[str, list[str]] = defaultdict(list)
        self._frequent: set[str] = set()

    def add(self, id_: str, item: Fingerprint) -> str:
        """The story of an item, named after its first."""
        found = [(mark, other) for mark in item.marks - self._frequent for other in self._postings.get(mark, ())]
        known = {other: self._known[other] for other in near(item, found)}
        story = story_of(item, found, known, self._frequent) or id_
        self._known[id_] = Candidate(story, item)
        for mark in item.marks - self._frequent:
            self._postings[mark].append(id_)
            if len(self._postings[mark]) > COMMON:
                self._frequent.add(mark)
        return story
