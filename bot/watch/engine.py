"""The matcher: which watches an entry concerns, and on what evidence. Pure.

It works as a percolator. A query is taken apart into ways to match. Each way has one or more sets of anchors: words of
the text or the title, or named entities, of which every entry that matches this way has one of each set. A way is filed
under its rarest set and, within that, under the kinds and sources that the watch takes and the agencies it insists on;
an entry is then compared only with the watches of which it has every set of a way. So it matters little how many
watches there are, but how many of them match.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise, product
from math import inf
from typing import NamedTuple

from bot.shared.entry import Agency, Change, Entry, Kind
from bot.watch.evidence import reasons, weigh
from bot.watch.index import Index, is_agency, spellings
from bot.watch.learned import Learned, Scorer
from bot.watch.model import OF_CAUSE, Level, Match, Watch
from bot.watch.query import And, Facet, Near, Node, Or, Phrase

# A word, "begin*" or `names:value`; or two adjacent words.
_Words = str | tuple[str, str]


class _InTitle(NamedTuple):
    """Words that count only in the title."""

    words: _Words


_Anchor = _Words | _InTitle
_Way = tuple[frozenset[_Anchor], ...]
# The kinds and sources (empty: all) that a watch takes, and an agency on which it insists.
_Limit = tuple[frozenset[Kind], tuple[str, ...], Facet | None]
# The anchor of a watch that asks for no word at all, such as type:rule: the blank after each field.
_ANY_TEXT: frozenset[_Anchor] = frozenset({""})
_HOT = 1 << 12  # words of which each coalition's matcher notes with which anchors they begin, in titles and anywhere
_PAIR = 0.001  # assumed share of entries that contain two given words next to each other


class Matcher:
    """All watches indexed by anchors, ready to match entries."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self.watches = tuple(watches)
        # By anchor and limit: the number of a watch, and the other sets of one of its ways.
        self._filed: dict[_Anchor, dict[int, list[tuple[int, _Way]]]] = defaultdict(lambda: defaultdict(list))
        self._learned: list[tuple[int, int]] = []  # the number of a learned watch, and its limit
        limits: dict[_Limit, int] = {}
        anchors: set[_Anchor] = set()
        for number, watch in enumerate(watches):
            kinds = frozenset(filter(watch.takes, Kind))
            agencies = _agencies(watch.query.root) or (None,)
            within = [limits.setdefault((kinds, watch.sources, agency), len(limits)) for agency in agencies]
            if isinstance(watch.query.root, Learned):
                self._learned.append((number, within[0]))
                continue
            for way in _ways(watch.query.root):
                rarest, *others = sorted(way, key=_cost) or (_ANY_TEXT,)
                anchors.update(rarest, *others)
                filed = number, tuple(others)
                for anchor, limit in product(rarest, within):
                    self._filed[anchor][limit].append(filed)
        models = [watch.query.root for watch in watches if isinstance(watch.query.root, Learned)]
        self._scorer = Scorer(models) if models else None
        anchors.update(self._scorer.terms if self._scorer else ())
        self._limits = frozenset(limits.items())
        self._in_titles = _Anchors(anchor.words for anchor in anchors if isinstance(anchor, _InTitle))
        self._anywhere = _Anchors(anchor for anchor in anchors if not isinstance(anchor, _InTitle))

    def match(self, entry: Entry, index: Index | None = None) -> tuple[Match, ...]:
        """The matches of an entry, in the order of the watches. `index`: that of the entry, if there is one already."""
        within = _within(entry.kind, entry.source, entry.agencies, self._limits)
        if not within:
            return ()
        index = index or Index(entry)
        quiet = _is_quiet(entry)
        candidates = map(self.watches.__getitem__, self._candidates(index, within))
        return tuple(match for watch in candidates if (match := _evaluated(watch, index, quiet)))

    def _candidates(self, index: Index, within: frozenset[int]) -> list[int]:
        anywhere = self._anywhere.among(index.sequence, index.vocabulary)
        present: frozenset[_Anchor] = anywhere.union(
            map(_InTitle, self._in_titles.among(index.title, frozenset(index.title))),
            (_naming(value) for name in index.entry.names for value in name.values),
        )
        learned: Sequence[int] = ()
        if self._scorer:
            learned = self._scorer.above(anywhere, lambda: index.field_terms, len(index.vocabulary))
        return sorted(
            {number for number, limit in map(self._learned.__getitem__, learned) if limit in within}
            | {
                number
                for anchor in present & self._filed.keys()
                for limit, ways in self._filed[anchor].items()
                if limit in within
                for number, others in ways
                if not any(map(present.isdisjoint, others))
            }
        )


class _Anchors:
    """What to look for in texts."""

    def __init__(self, anchors: Iterable[_Words]) -> None:
        self._all = frozenset(anchors)
        stems = [anchor[:-1] for anchor in self._all if isinstance(anchor, str) and anchor.endswith("*")]
        self._shortest = min(map(len, stems), default=0)
        self._lengths: dict[str, set[int]] = defaultdict(set)  # of the beginnings, by their first letters
        for stem in stems:
            self._lengths[stem[: self._shortest]].add(len(stem))
        self._prefixes = lru_cache(_HOT)(self._find_prefixes)

    def among(self, words: Sequence[str], vocabulary: frozenset[str]) -> frozenset[_Words]:
        """Return the anchors that are among the words of a text. `vocabulary`: those words."""
        begun = [word for word in vocabulary if word[: self._shortest] in self._lengths]
        return self._all.intersection(pairwise(words)).union(self._all & vocabulary, *map(self._prefixes, begun))

    def _find_prefixes(self, word: str) -> frozenset[_Words]:
        lengths = self._lengths[word[: self._shortest]]
        return self._all.intersection([f"{word[:length]}*" for length in lengths])


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
    return _evaluated(watch, index, _is_quiet(entry))


def _evaluated(watch: Watch, index: Index, quiet: bool) -> Match | None:
    """The match of a watch that takes entries of this kind and source. `quiet`: it is a digest line at most."""
    verdict, leaves = weigh(watch.query.root, index)
    if verdict is False:
        return None
    if verdict is None and not any(isinstance(leaf, Phrase | Near) for leaf in leaves):
        return None
    unknown = {leaf.field for leaf in leaves if isinstance(leaf, Facet) and index.field_match(leaf) is None}
    name, asks = watch.name, watch.asks
    if watch.nearest:
        if (nearest := watch.nearest.nearest(index.entry)) is None:
            return None
        name, asks = name if nearest else OF_CAUSE, nearest
    level = Level.DIGEST if quiet else watch.level
    return Match(watch.id, name, asks, level, reasons(leaves, index), tuple(sorted(unknown)))


def _is_quiet(entry: Entry) -> bool:
    """Whether it is a digest line at most: a correction, or a planned rule.

    A correction repeats the words of the document it corrects, and nothing new happened; where that document was
    alerted, it is posted in its thread all the same. A plan is months ahead, and an edition of the Agenda brings many;
    a rule at OMB, which is no plan any more, is news.
    """
    return entry.change is Change.CORRECTION or entry.rule is not None


def _ways(node: Node) -> Sequence[_Way]:
    """The ways to match: a matching entry has one anchor of each set of at least one way."""
    match node:
        case Or(parts):
            ways = list(chain.from_iterable(map(_ways, parts)))
            single = [way for way in ways if len(way) == 1]
            merged = [(frozenset().union(*chain.from_iterable(single)),)] if single else []
            return merged + [way for way in ways if len(way) != 1]
        case And(parts):
            ways_of = {part: _ways(part) for part in parts}
            split = min(parts, key=lambda part: (len(ways_of[part]) < 2, sum(map(_least_cost, ways_of[part]))))
            common = tuple(chain.from_iterable(_sets(part) for part in parts if part is not split))
            return [way + common for way in ways_of[split]]
        case Near(left, right, _):
            return _ways(And((Or(left), Or(right))))
    return [_sets(node)]


def _sets(node: Node) -> _Way:
    """Sets of anchors of which every matching entry has one each."""
    match node:
        case Phrase():
            # The longest two adjacent words, likely the rarest, and each other word; without such two, every word.
            words = node.words
            pairs = [pair for pair in pairwise(words) if not any(word.endswith("*") or word.isupper() for word in pair)]
            pair = max(pairs, key=lambda pair: len("".join(pair)), default=())
            pieces: list[frozenset[_Words]] = [spellings(word) for word in words if word not in pair]
            if pair:
                pieces.append(frozenset({pair}))
            return tuple(frozenset(map(_InTitle, piece)) if node.title_only else piece for piece in pieces)
        case Facet("names"):
            return (frozenset({_naming(node.value.lower())}),)
        case Near(left, right, _):
            return _sets(Or(left)) + _sets(Or(right))
        case And(parts):
            return tuple(chain.from_iterable(map(_sets, parts)))
        case Or(parts):
            rarest = [min(_sets(part), key=_cost, default=None) for part in parts]
            return (frozenset().union(*filter(None, rarest)),) if all(rarest) else ()
    return ()


def _least_cost(way: _Way) -> float:
    return min(map(_cost, way), default=inf)


def _cost(anchors: frozenset[_Anchor]) -> float:
    """Estimate the share of entries with one of the anchors: short words are common, pairs are rare."""
    words = (anchor.words if isinstance(anchor, _InTitle) else anchor for anchor in anchors)
    return sum(len(word.rstrip("*")) ** -2 if isinstance(word, str) else _PAIR for word in words)


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
