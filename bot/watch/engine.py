"""The matcher: which watches an entry concerns, and on what evidence. Pure.

It works as a percolator. A watch has one or more sets of anchors: words of the text or the title, or named entities, of
which every matching entry must have one of each set. It is filed under the rarest set and, within that, under the kinds
and sources it takes and the agencies it insists on; an entry is then compared only with the watches that its own words
call up, by every set. So it matters little how many watches there are, but how many of them fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise, product

from bot.shared.entry import Agency, Change, Entry, Kind
from bot.watch.evidence import reasons, weigh
from bot.watch.index import Index, is_agency, spellings
from bot.watch.model import Level, Match, Watch
from bot.watch.query import And, Facet, Near, Node, Or, Phrase

_Needs = tuple[frozenset[str], ...]
# The kinds and sources (empty: all) that a watch takes, and an agency on which it insists.
_Limit = tuple[frozenset[Kind], tuple[str, ...], Facet | None]
# The anchor of a watch that asks for no word at all, such as type:rule: the blank after each field.
_ANY_TEXT = frozenset({""})
_HOT = 1 << 14  # words that are met again and again
_TITLE = "title:"  # begins an anchor that counts only in the title


class Matcher:
    """All watches indexed by anchor words, ready to match entries."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self.watches = tuple(watches)
        self._filed: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._besides: list[_Needs] = []  # what a watch needs besides that under which it is filed
        limits: dict[_Limit, int] = {}
        for number, watch in enumerate(watches):
            rarest, *others = sorted(_needs(watch.query.root), key=_cost) or (_ANY_TEXT,)
            self._besides.append(tuple(others))
            kinds = frozenset(filter(watch.takes, Kind))
            for anchor, agency in product(rarest, _agencies(watch.query.root) or (None,)):
                limit = kinds, watch.sources, agency
                self._filed[anchor][limits.setdefault(limit, len(limits))].append(number)
        self._limits = frozenset(limits.items())
        anchors = frozenset(chain(self._filed, *(chain.from_iterable(needs) for needs in self._besides)))
        titled = frozenset(anchor for anchor in anchors if anchor.startswith(_TITLE))
        self._in_text = _Anchors(anchors - titled)
        self._in_title = _Anchors(frozenset(anchor.removeprefix(_TITLE) for anchor in titled))

    def match(self, entry: Entry, index: Index | None = None) -> tuple[Match, ...]:
        """The matches of an entry, in the order of the watches. `index`: that of the entry, if there is one already."""
        within = _within(entry.kind, entry.source, entry.agencies, self._limits)
        if not within:
            return ()
        index = index or Index(entry)
        candidates = self._candidates(index, within)
        return tuple(match for number in candidates if (match := judge(self.watches[number], index)))

    def _candidates(self, index: Index, within: frozenset[int]) -> list[int]:
        called = self._called(index)
        return sorted(
            {
                number
                for anchor in called & self._filed.keys()
                for limit, numbers in self._filed[anchor].items()
                if limit in within
                for number in numbers
                if not any(map(called.isdisjoint, self._besides[number]))
            }
        )

    def _called(self, index: Index) -> frozenset[str]:
        """The anchors that the entry contains."""
        title = index.words[: index.title_end]
        return self._in_text.among(index.words, index.vocabulary).union(
            (f"{_TITLE}{anchor}" for anchor in self._in_title.among(title, frozenset(title))),
            (_naming(value) for name in index.entry.names for value in name.values),
        )


class _Anchors:
    """Words, "a b" pairs and "begin*"s to look for in a text."""

    def __init__(self, anchors: frozenset[str]) -> None:
        self._all = anchors
        self._firsts = frozenset(anchor.partition(" ")[0] for anchor in anchors if " " in anchor)
        self._lengths = sorted({len(anchor) - 1 for anchor in anchors if anchor.endswith("*")})
        self._by_word = lru_cache(_HOT)(self._anchors_of)
        self._barren: set[str] = set()  # words with no anchor, which most are

    def among(self, words: Sequence[str], vocabulary: frozenset[str]) -> frozenset[str]:
        """The anchors among the words of a text; `vocabulary`: the same words, each once."""
        if not self._all:
            return self._all
        neighbours = [f"{a} {b}" for a, b in pairwise(words) if a in self._firsts]
        return self._all.intersection(neighbours).union(*map(self._by_word, vocabulary - self._barren))

    def _anchors_of(self, word: str) -> frozenset[str]:
        """The anchors that match this word: itself and its prefixes."""
        anchors = self._all.intersection([word, *(f"{word[:length]}*" for length in self._lengths)])
        if not anchors:
            if len(self._barren) >= _HOT:
                self._barren.clear()
            self._barren.add(word)
        return anchors


def _naming(value: str) -> str:
    """The anchor of `names:value`; no word has a colon."""
    return f"names:{value}"


@lru_cache(1024)  # the same few hundred sets of agencies come again and again
def _within(
    kind: Kind, source: str, agencies: tuple[Agency, ...] | None, limits: frozenset[tuple[_Limit, int]]
) -> frozenset[int]:
    """The numbers of the limits within which an entry may be, for all that its source said of agencies."""
    return frozenset(
        number
        for (kinds, sources, agency), number in limits
        if kind in kinds
        and (not sources or source in sources)
        and (agency is None or agencies is None or any(is_agency(named, agency) for named in agencies))
    )


def judge(watch: Watch, index: Index) -> Match | None:
    """Evaluate one watch on an entry.

    It matches if the query is true of it; or if the source left the answer open (a field is unknown) and some wanted
    word of the query does stand in the text.
    """
    entry = index.entry
    if not watch.takes(entry.kind) or (watch.sources and entry.source not in watch.sources):
        return None
    verdict, leaves = weigh(watch.query.root, index)
    if verdict is False:
        return None
    if verdict is None and not any(isinstance(leaf, Phrase | Near) for leaf in leaves):
        return None
    unknown = {leaf.field for leaf in leaves if isinstance(leaf, Facet) and index.field_match(leaf) is None}
    return Match(watch.id, watch.name, watch.asks, _level(watch, entry), reasons(leaves, index), tuple(sorted(unknown)))


def _level(watch: Watch, entry: Entry) -> Level:
    """The watch's level; a correction and a planned rule are digest lines at most.

    A correction repeats the words of the document it corrects, and nothing new happened; where that document was
    alerted, it is posted in its thread all the same. A plan is months ahead, and an edition of the Agenda brings many.
    """
    quiet = entry.change is Change.CORRECTION or entry.kind is Kind.PLANNED_RULE
    return Level.DIGEST if quiet else watch.level


def _needs(node: Node) -> _Needs:
    """Sets of anchors: words, "a b" pairs, "begin*"s or names. A matching entry has at least one of each set."""
    match node:
        case Phrase():
            anchors = spellings(_anchor(node))
            return (frozenset(f"{_TITLE}{anchor}" for anchor in anchors) if node.title_only else anchors,)
        case Facet("names"):
            return (frozenset({_naming(node.value.lower())}),)
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


def _cost(anchors: frozenset[str]) -> float:
    """An estimate of how many entries contain the anchors: short words are common, pairs are rare."""
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
