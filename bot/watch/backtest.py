"""What a watch, or a change to one, would have matched among stored entries, and a narrower query for it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from bot.shared.entry import Entry
from bot.watch import text as txt
from bot.watch.engine import judge
from bot.watch.evidence import holds, leaves
from bot.watch.index import Index
from bot.watch.lexicon import GENERIC, PLAIN, USUAL, shipped, singular
from bot.watch.model import Match, Watch
from bot.watch.query import And, Near, Node, Or, Phrase, in_words

_WEEK = timedelta(days=7)
_SHOWN = 3  # entries that nearly matched
_COMMON = 0.05  # of all titles: a word of more than these tells no subject
_SHORTEST = 4  # letters
_FEW = 20  # titles: with fewer, nothing can be said of how common a word is


@dataclass(frozen=True, slots=True)
class Hit:
    entry: Entry
    when: datetime
    match: Match


@dataclass(frozen=True, slots=True)
class Report:
    """`hits`, `added` and `lost` are newest first; `added` and `lost` compare with the watch as it is now.

    A new watch adds all its hits. In `lost` the match is the present watch's. `by_term`: the hits of each alternative
    of the query, in words. `near`: the newest entries that have the words of a phrase, but not side by side.
    """

    since: datetime
    until: datetime
    looked_at: int  # entries in the window
    hits: tuple[Hit, ...]
    added: tuple[Hit, ...]
    lost: tuple[Hit, ...]
    by_term: tuple[tuple[str, int], ...] = ()
    near: tuple[Entry, ...] = ()
    began: Mapping[str, datetime] = field(default_factory=dict)  # by source, where its entries begin within the window

    @property
    def per_week(self) -> float:
        """Hits in a week, each source by the weeks of which its entries are stored; at least a day."""
        hits = Counter(hit.entry.source for hit in self.hits)
        weeks = {source: (self.until - self.began.get(source, self.since)) / _WEEK for source in hits}
        return sum(count / max(weeks[source], 1 / 7) for source, count in hits.items())


def backtest(
    candidate: Watch, current: Watch | None, entries: Iterable[tuple[Entry, datetime]], since: datetime, until: datetime
) -> Report:
    """Match `candidate` and the watch it would replace against the entries of `since` ≤ when < `until`."""
    window = sorted(((e, when) for e, when in entries if since <= when < until), key=lambda pair: pair[1], reverse=True)
    judged = []
    near: list[Entry] = []
    hits_of = dict.fromkeys(_alternatives(candidate.query.root), 0)
    relaxed = _relaxed(candidate.query.root)
    for entry, when in window:
        index = Index(entry)
        match = judge(candidate, index)
        judged.append((entry, when, match, judge(current, index) if current else None))
        for term in hits_of if match else ():
            hits_of[term] += holds(term, index) is True
        if not match and len(near) < _SHOWN and candidate.takes(entry.kind) and holds(relaxed, index):
            near.append(entry)
    return Report(
        since=since,
        until=until,
        looked_at=len(window),
        hits=tuple(Hit(entry, when, new) for entry, when, new, _ in judged if new),
        added=tuple(Hit(entry, when, new) for entry, when, new, old in judged if new and not old),
        lost=tuple(Hit(entry, when, old) for entry, when, new, old in judged if old and not new),
        by_term=tuple((in_words(term), hits) for term, hits in hits_of.items()),
        near=tuple(near),
    )


def _alternatives(root: Node) -> Sequence[Node]:
    """The parts of a query of which one is enough; () if it has only one."""
    if isinstance(root, Or):
        return root.parts
    choices = [part for part in root.parts if isinstance(part, Or)] if isinstance(root, And) else []
    words = [part for part in choices if all(isinstance(each, Phrase) for each in part.parts)]
    return words[0].parts if len(words) == 1 else ()


def _relaxed(node: Node) -> Node:
    """The query with the words of its phrases anywhere instead of side by side."""
    match node:
        case Phrase(words):
            return And(tuple(Phrase((word,), title_only=node.title_only) for word in words))
        case Near(left, right):
            return And((Or(tuple(map(_relaxed, left))), Or(tuple(map(_relaxed, right)))))
        case And(parts):
            return And(tuple(map(_relaxed, parts)))
        case Or(parts):
            return Or(tuple(map(_relaxed, parts)))
    return node


def without(query: str, words: str) -> str:
    """The query, except where the title contains `words`."""
    return f'({query}) NOT title:"{words}"'


def telling_words(watch: Watch, unwanted: Entry, wanted: Iterable[Entry], seen: Iterable[Entry]) -> str | None:
    """One or two words of `unwanted`'s title that stand in no title of `wanted`, what else the watch raised.

    Of these the ones most frequent among all titles that were `seen`, so that they name a subject and not only this
    one thing; but no word that is everywhere. None: no words of its title set it apart.
    """
    wanted_runs = {run for entry in wanted for run in _runs(entry.title)}
    query_words = set(_asked(watch.query.root))
    titles = [set(_runs(entry.title)) for entry in seen]
    frequency = Counter(run for runs in titles for run in runs)
    limit = max(len(titles) * _COMMON, 1) if len(titles) >= _FEW else len(titles)
    runs = [run for run in _runs(unwanted.title) if run not in wanted_runs and not query_words & set(run)]
    telling = [
        run
        for run in runs
        if all(len(word) >= _SHORTEST and word.isalpha() and frequency[word,] <= limit for word in run)
    ]
    subjects = [run for run in telling if not all(map(_usual, run))]
    best = max(subjects, key=lambda run: (frequency[run], len(run)), default=None)
    return " ".join(best) if best else None


def _runs(title: str) -> Iterator[tuple[str, ...]]:
    """Each word and each pair of adjacent words, folded."""
    words = txt.words(title)
    yield from ((word,) for word in words)
    yield from pairwise(words)


def _usual(word: str) -> bool:
    """Whether a word names no subject, or one of many of the Register's documents: "public", "proposed"."""
    return singular(word) in GENERIC | PLAIN or shipped().rate(singular(word)) > USUAL


def _asked(root: Node) -> Iterator[str]:
    """The words the query searches for, folded."""
    for leaf in leaves(root):
        phrases = (*leaf.left, *leaf.right) if isinstance(leaf, Near) else (leaf,) if isinstance(leaf, Phrase) else ()
        for phrase in phrases:
            yield from (word.rstrip("*").lower() for word in phrase.words)
