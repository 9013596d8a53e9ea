"""The matcher: which watches an entry concerns, and on what evidence. Pure.

It works as a percolator. A watch has one or more sets of anchors, words of which every matching entry must hold one of
each set. It is filed under the rarest set and, if it insists on agencies, under these; an entry is then held only
against the watches that its own words call up, by every set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, pairwise

from bot.entry import Entry, Kind
from bot.watch.evidence import holds, reasons, supporting
from bot.watch.index import Index, pairs
from bot.watch.model import Match, Watch
from bot.watch.query import And, Facet, Near, Node, Or, Phrase

# The anchor of a watch that asks for no word at all, such as type:rule: the blank after each field.
_ANY_TEXT = frozenset({""})
_HEAD = 2  # letters that a beginning has at least


class Matcher:
    """All watches, ready to judge entries."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = tuple(watches)
        self._files = {kind: _File([w for w in watches if w.takes(kind)]) for kind in Kind}

    @property
    def watches(self) -> tuple[Watch, ...]:
        return self._watches

    def match(self, entry: Entry) -> tuple[Match, ...]:
        """The watches that fit the entry, in the order they were given."""
        return self._files[entry.kind].match(entry)


class _File:
    """The watches for one kind of entry, under their anchors."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = watches
        self._needs = [_needs(watch.query.root) for watch in watches]
        self._filed: dict[str, dict[Facet | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, (watch, needs) in enumerate(zip(watches, self._needs, strict=True)):
            for anchor in min(needs, key=_cost, default=_ANY_TEXT):
                for agency in _agencies(watch.query.root) or (None,):
                    self._filed[anchor][agency].append(number)
        self._anchors = _ANY_TEXT.union(*(anchors for needs in self._needs for anchors in needs))
        self._firsts = frozenset(anchor.partition(" ")[0] for anchor in self._anchors if " " in anchor)
        self._stems: dict[str, list[str]] = defaultdict(list)
        for stem in (anchor[:-1] for anchor in self._anchors if anchor.endswith("*")):
            self._stems[stem[:_HEAD]].append(stem)

    def match(self, entry: Entry) -> tuple[Match, ...]:
        if not self._watches:
            return ()
        index = Index(entry)
        return tuple(found for number in self._candidates(index) if (found := judge(self._watches[number], index)))

    def _candidates(self, index: Index) -> list[int]:
        called = self._called(index)
        return sorted(
            {
                number
                for anchor in called & self._filed.keys()
                for agency, numbers in self._filed[anchor].items()
                if agency is None or index.said(agency) != ""
                for number in numbers
                if not any(map(called.isdisjoint, self._needs[number]))
            }
        )

    def _called(self, index: Index) -> set[str]:
        """The anchors that stand in the entry."""
        begun = (
            f"{stem}*"
            for word in index.vocabulary
            for stem in self._stems.get(word[:_HEAD], ())
            if word.startswith(stem)
        )
        whole = self._anchors & index.vocabulary
        return {*whole, *self._anchors.intersection(pairs(index.words, self._firsts)), *begun}


def judge(watch: Watch, index: Index) -> Match | None:
    """Hold one watch against an entry.

    It matches if the query is true of it; or if the source left the answer open (a field is unknown) and some wanted
    word of the query does stand in the text.
    """
    entry = index.entry
    if not watch.takes(entry.kind) or (watch.sources and entry.source not in watch.sources):
        return None
    verdict = holds(watch.query.root, index)
    if verdict is False:
        return None
    leaves = tuple(supporting(watch.query.root, index))
    if verdict is None and not any(isinstance(leaf, Phrase | Near) for leaf in leaves):
        return None
    unknown = {leaf.field for leaf in leaves if isinstance(leaf, Facet) and index.said(leaf) is None}
    return Match(watch.id, watch.name, watch.asks, watch.level, reasons(leaves, index), tuple(sorted(unknown)))


def _needs(node: Node) -> tuple[frozenset[str], ...]:
    """Sets of anchors: words, "a b" pairs or "begin*"s. A matching entry holds at least one of each set."""
    match node:
        case Phrase():
            return (_spellings(_anchor(node)),)
        case Near(left, right, _):
            return _needs(Or(left)) + _needs(Or(right))
        case And(parts):
            return tuple(chain.from_iterable(map(_needs, parts)))
        case Or(parts):
            rarest = [min(_needs(part), key=_cost, default=None) for part in parts]
            return (frozenset().union(*filter(None, rarest)),) if all(rarest) else ()
    return ()


def _anchor(phrase: Phrase) -> str:
    """The rarest piece of a phrase, as far as its looks tell: two neighbours, else the longest word."""
    words = phrase.words
    fixed = [not word.endswith("*") and not word.isupper() for word in words]
    neighbours = [f"{a} {b}" for (a, b), both in zip(pairwise(words), map(all, pairwise(fixed)), strict=True) if both]
    whole = [word for word in words if not word.endswith("*")]
    return max(neighbours or whole or words, key=len)


def _spellings(anchor: str) -> frozenset[str]:
    """The folded words that an anchor may stand as: capitals stand in their plural too ("WROs" is WRO)."""
    folded = anchor.casefold()
    return frozenset({folded, f"{folded}s"} if anchor.isupper() and not anchor.endswith("*") else {folded})


def _cost(anchors: frozenset[str]) -> float:
    """A guess of how many entries the anchors call up: short words are common, pairs are rare."""
    return sum(0.1 if " " in anchor else 1 / len(anchor.rstrip("*")) + anchor.endswith("*") for anchor in anchors)


def _agencies(node: Node) -> tuple[Facet, ...] | None:
    """Agencies of which a matching entry must name one (or name none because its source did not say)."""
    match node:
        case Facet("agency"):
            return (node,)
        case And(parts):
            return next(filter(None, map(_agencies, parts)), None)
        case Or(parts):
            choices = [_agencies(part) for part in parts]
            return tuple(facet for choice in choices for facet in choice or ()) if all(choices) else None
    return None
