"""A watch that is a model: weights of words, pairs of words, agencies, types and dockets. Pure.

An entry's score is the sum of the weights of its terms, over the square root of their number, so that a long summary
counts no more than a title. It matches if the score is above the watch's threshold and it has one of the terms that
speak most for a Yes: these are its anchors in the matcher, and the reason that a card gives.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise
from typing import Final

from bot.watch import text as txt

_LEADING: Final = 60  # terms of which a matching entry has one
_TELLING: Final = 3  # terms that say why an entry matches
_SHORTEST: Final = 3  # letters of a word that tells something alone
_STEEPEST: Final = 30.0  # log-odds beyond which a probability is 0 or 1
_FIELDS: Final = ("agency", "type", "docket")
# fmt: off
COMMON: Final = frozenset((
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "being", "by", "can",
    "do", "each", "for", "from", "had", "has", "have", "her", "his", "how", "i", "if", "in", "into", "is", "it",
    "its", "may", "more", "no", "not", "of", "on", "or", "other", "our", "out", "per", "shall", "should", "so",
    "than", "that", "the", "their", "them", "there", "these", "they", "this", "those", "to", "under", "up", "upon",
    "was", "we", "were", "when", "where", "which", "who", "will", "with", "would", "you", "your",
))
# fmt: on

Terms = tuple[str, ...]  # words, pairs "student loan", and fields "agency:education department"


def tells(word: str) -> bool:
    """Whether a word says something alone: it is not common, not very short and not a number."""
    return len(word) >= _SHORTEST and word not in COMMON and not word[0].isdigit()


def terms(words: Sequence[str], fields: Iterable[str] = ()) -> Terms:
    """The terms of an entry, each once: its folded words, a blank after each text, their pairs, and its fields."""
    telling = [word if tells(word) else "" for word in words]
    pairs = (f"{a} {b}" for a, b in pairwise(telling) if a and b)
    return tuple(dict.fromkeys((*filter(None, telling), *pairs, *fields)))


def fields(agencies: Iterable[str], type_: str | None, dockets: Iterable[str]) -> list[str]:
    """The terms of an entry's fields: those of its agencies' names, its type and its dockets."""
    values = zip(_FIELDS, (agencies, (type_ or "",), dockets), strict=True)
    return [f"{name}:{folded}" for name, listed in values for value in listed if (folded := _folded(value))]


def is_term(term: str) -> bool:
    """Whether an entry may have this term: "student loan", "agency:education department", but not "of" or "Loan"."""
    name, colon, value = term.partition(":")
    if colon:
        return name in _FIELDS and bool(value) and _folded(value) == value
    return term in terms(txt.words(term))


def sigmoid(log_odds: float) -> float:
    """The probability, 0 to 1."""
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, log_odds))))


@lru_cache(4_096)  # the same few hundred agencies and types come again and again
def _folded(value: str) -> str:
    return " ".join(txt.words(value))


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The weights by term, and the threshold that a score must be above. One object is one node of a query."""

    weights: Mapping[str, float]
    above: float
    leading: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        named = ((weight, term) for term, weight in self.weights.items() if ":" not in term)
        words = nlargest(_LEADING, named)
        object.__setattr__(self, "leading", frozenset(term for weight, term in words if weight > 0))

    def excess(self, entry: Terms) -> float:
        """How far an entry's score is above the threshold."""
        weight = self.weights.get
        return sum(weight(term, 0.0) for term in entry) / math.sqrt(len(entry) or 1) - self.above

    def probability(self, entry: Terms) -> float:
        """The estimated probability, 0 to 1, of a Yes; 0.5 at the threshold."""
        return sigmoid(self.excess(entry))

    def matches(self, entry: Terms) -> bool:
        return not self.leading.isdisjoint(entry) and self.excess(entry) > 0

    def telling(self, entry: Terms) -> Terms:
        """The entry's terms that speak most for a Yes, fields last; none of them shares a word with another."""
        strong = sorted((-self.weights.get(term, 0.0), term) for term in entry if self.weights.get(term, 0.0) > 0)
        chosen: list[str] = []
        for _, term in strong:
            if len(chosen) < _TELLING and not any(set(term.split()) & set(other.split()) for other in chosen):
                chosen.append(term)
        return tuple(sorted(chosen, key=lambda term: ":" in term))

    def in_words(self) -> str:
        """Every weight, the greatest first: `student loan +2.1, agency:education department +1.2, fish -0.4`."""
        return ", ".join(self.ranked())

    def ranked(self) -> list[str]:
        """Each term with its weight, the greatest first."""
        ranked = sorted(self.weights.items(), key=lambda pair: (-pair[1], pair[0]))
        return [f"{term} {weight:+.1f}" for term, weight in ranked]
