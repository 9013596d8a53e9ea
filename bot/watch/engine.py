"""The matcher: which watches an entry concerns, and on what evidence. Pure.

It works as a percolator. Each watch is filed under words of which every matching entry must hold one (its anchors),
and, if it insists on agencies, under these; an entry is then held only against the watches its own words call up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.entry import Entry
from bot.watch.evidence import holds, reasons, supporting
from bot.watch.index import Index, pairs
from bot.watch.model import Match, Watch
from bot.watch.query import And, Facet, Near, Node, Or, Phrase

_ANY_TEXT = frozenset({""})  # the anchor of a watch that asks for no word at all, such as type:rule


class Matcher:
    """All watches, ready to judge entries."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = tuple(watches)
        self._filed: dict[str, dict[Facet | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, watch in enumerate(self._watches):
            for anchor in _anchors(watch.query.root) or _ANY_TEXT:
                for agency in _agencies(watch.query.root) or (None,):
                    self._filed[anchor][agency].append(number)
        self._firsts = frozenset(anchor.partition(" ")[0] for anchor in self._filed if " " in anchor)
        self._stems: dict[int, set[str]] = defaultdict(set)
        for stem in (anchor[:-1] for anchor in self._filed if anchor.endswith("*")):
            self._stems[len(stem)].add(stem)

    @property
    def watches(self) -> tuple[Watch, ...]:
        return self._watches

    def match(self, entry: Entry) -> tuple[Match, ...]:
        """The watches that fit the entry, in the order they were given."""
        index = Index(entry)
        return tuple(found for number in self._candidates(index) if (found := judge(self._watches[number], index)))

    def _candidates(self, index: Index) -> list[int]:
        return sorted(
            {
                number
                for anchor in self._called(index)
                for agency, numbers in self._filed[anchor].items()
                if agency is None or index.said(agency) != ""
                for number in numbers
            }
        )

    def _called(self, index: Index) -> Iterator[str]:
        filed = self._filed.keys()
        yield from _ANY_TEXT & filed
        yield from filed & index.postings.keys()
        yield from filed & set(pairs(index.words, self._firsts))
        for length, stems in self._stems.items():
            yield from (f"{stem}*" for stem in stems & {word[:length] for word in index.postings})


def judge(watch: Watch, index: Index) -> Match | None:
    """Hold one watch against an entry.

    It matches if the query is true of it; or if the source left the answer open (a field is unknown) and some wanted
    word of the query does stand in the text.
    """
    entry = index.entry
    if (watch.kinds and entry.kind not in watch.kinds) or (watch.sources and entry.source not in watch.sources):
        return None
    verdict = holds(watch.query.root, index)
    if verdict is False:
        return None
    leaves = tuple(supporting(watch.query.root, index))
    if verdict is None and not any(isinstance(leaf, Phrase | Near) for leaf in leaves):
        return None
    unknown = {leaf.field for leaf in leaves if isinstance(leaf, Facet) and index.said(leaf) is None}
    return Match(watch.id, watch.name, watch.asks, watch.level, reasons(leaves, index), tuple(sorted(unknown)))


def _anchors(node: Node) -> frozenset[str] | None:
    """Words, "a b" pairs or "begin*"s of which a matching entry holds at least one; None if it may hold none."""
    match node:
        case Phrase():
            return frozenset({_anchor(node)})
        case Near(left, right, _):
            return min((frozenset(map(_anchor, side)) for side in (left, right)), key=_cost)
        case And(parts):
            return min(filter(None, map(_anchors, parts)), key=_cost, default=None)
        case Or(parts):
            choices = [_anchors(part) for part in parts]
            return frozenset().union(*filter(None, choices)) if all(choices) else None
    return None


def _anchor(phrase: Phrase) -> str:
    """The rarest piece of a phrase, as far as its looks tell: two neighbours, else the longest word.

    Capitals are known in their plural too ("WROs" is WRO), which neighbours are not.
    """
    words = phrase.words
    fixed = [not word.endswith("*") and not word.isupper() for word in words]
    neighbours = [f"{a} {b}" for (a, b), both in zip(pairwise(words), map(all, pairwise(fixed)), strict=True) if both]
    whole = [word for word in words if not word.endswith("*")]
    return max(neighbours or whole or words, key=len)


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
