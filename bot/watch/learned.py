"""A watch that is a model: weights of words, pairs of words, agencies, types and dockets. Pure.

An entry's score is the sum of the weights of its terms, over the square root of the number of its words, so that a
long summary counts no more than a title. It matches if the score is above the watch's threshold and a term speaks for a
Yes, its type aside: the greatest are the reason that a card gives.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from heapq import nlargest
from itertools import pairwise
from typing import Final

from bot.watch import text as txt
from bot.watch.lexicon import tells

_LEADING: Final = 60  # terms that tell which entries are worth scoring
_TELLING: Final = 3  # terms that say why an entry matches
_STEEPEST: Final = 30.0  # log-odds beyond which a probability is 0 or 1
_ROUNDING: Final = 1e-6  # of a sum in another order, and of weights with a fixed point
_BITS: Final = 64  # of each model in the number of a term
_PASSED: Final = 1 << 62  # set in a model's bits if its sum is not below 0
_LARGEST: Final = 1 << 43  # a model's greatest weight there, so that 200,000 of them have room
_HOT: Final = 1 << 10  # numbers of words of which the bar is kept
_FIELDS: Final = ("agency", "type", "docket")
TYPE: Final = "type:"  # says nothing alone

Term = str | tuple[str, str]  # a term, or a pair as two words


@dataclass(frozen=True, slots=True)
class Features:
    """An entry's terms, each once, and the number of different words in its texts.

    Terms are words, pairs of adjacent words "student loan", and fields "agency:education department".
    """

    terms: tuple[str, ...]
    words: int


def features(words: Sequence[str], fields: Iterable[str] = ()) -> Features:
    """The features of an entry: of its folded words, with a blank after each text, and its fields."""
    telling = [word if tells(word) else "" for word in words]
    pairs = (f"{a} {b}" for a, b in pairwise(telling) if a and b)
    return Features(tuple(dict.fromkeys((*filter(None, telling), *pairs, *fields))), len({*words}) or 1)


def fields(agencies: Iterable[str], type_: str | None, dockets: Iterable[str]) -> list[str]:
    """The terms of an entry's fields: those of its agencies' names, its type and its dockets."""
    values = zip(_FIELDS, (agencies, (type_ or "",), dockets), strict=True)
    return [f"{name}:{folded}" for name, listed in values for value in listed if (folded := _folded(value))]


def is_term(term: str) -> bool:
    """Whether an entry may have this term: "student loan", "agency:education department", but not "of" or "Loan"."""
    name, colon, value = term.partition(":")
    if colon:
        return name in _FIELDS and bool(value) and _folded(value) == value
    return term in features(txt.words(term)).terms


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
    pairs: Mapping[tuple[str, str], str] = field(init=False, repr=False)  # the weighed pairs by their words

    def __post_init__(self) -> None:
        pairs = (term for term in self.weights if " " in term and ":" not in term)
        object.__setattr__(self, "pairs", {(term.split()[0], term.split()[1]): term for term in pairs})

    @property
    def leading(self) -> list[str]:
        """The words and pairs that speak most for a Yes, the greatest first."""
        named = ((weight, term) for term, weight in self.weights.items() if weight > 0 and ":" not in term)
        return [term for _, term in nlargest(_LEADING, named)]

    def excess(self, entry: Features) -> float:
        """How far an entry's score is above the threshold."""
        weight = self.weights.get
        return math.fsum(weight(term, 0.0) for term in entry.terms) / math.sqrt(entry.words) - self.above

    def probability(self, entry: Features) -> float:
        """The estimated probability, 0 to 1, of a Yes; 0.5 at the threshold."""
        return sigmoid(self.excess(entry))

    def matches(self, entry: Features) -> bool:
        """Whether an entry is above the threshold, and not by its type alone."""
        return self.excess(entry) > 0 and self.speaks(entry)

    def speaks(self, entry: Features) -> bool:
        """Whether a word, pair, agency or docket of the entry speaks for a Yes."""
        weight = self.weights.get
        return any(weight(term, 0.0) > 0 and not term.startswith(TYPE) for term in entry.terms)

    def telling(self, entry: Features) -> tuple[str, ...]:
        """The entry's terms that speak most for a Yes, fields last; none of them shares a word with another."""
        strong = sorted((-w, term) for term in entry.terms if (w := self.weights.get(term, 0.0)) > 0)
        chosen: list[str] = []
        words: set[str] = set()
        for _, term in strong:
            if words.isdisjoint(term.split()):
                chosen.append(term)
                words.update(term.split())
            if len(chosen) == _TELLING:
                break
        return tuple(sorted(chosen, key=lambda term: ":" in term))

    def in_words(self) -> str:
        """Every weight, the greatest first: `student loan +2.1, agency:education department +1.2, fish -0.4`."""
        return ", ".join(self.ranked())

    def ranked(self) -> list[str]:
        """Each term with its weight, the greatest first."""
        ranked = sorted(self.weights.items(), key=lambda pair: (-pair[1], pair[0]))
        return [f"{term} {weight:+.1f}" for term, weight in ranked]


class Scorer:
    """Scores an entry for several models in one sum over what the matcher found in it.

    Each term has one number, in which every model has 64 bits for its weight: adding the numbers of terms adds the
    weights of each model.
    """

    def __init__(self, models: Sequence[Learned]) -> None:
        ones = [_LARGEST / max(1.0, *map(abs, model.weights.values())) for model in models]  # the weight 1 in each
        self._numbers: dict[Term, int] = defaultdict(int)
        for place, (model, one) in enumerate(zip(models, ones, strict=True)):
            words_of = {text: words for words, text in model.pairs.items()}
            for term, weight in model.weights.items():
                self._numbers[words_of.get(term, term)] += round(weight * one) << _BITS * place
        fields = [[weight for term, weight in model.weights.items() if ":" in term and weight > 0] for model in models]
        self._most_by_fields = _packed(sum(weights) * one for weights, one in zip(fields, ones, strict=True))
        self._places = range(len(models))
        self._passed = _packed(_PASSED for _ in models)
        self._bar = lru_cache(_HOT)(
            partial(_bar, [(model.above, one) for model, one in zip(models, ones, strict=True)])
        )
        self.terms = frozenset(self._numbers)  # words, pairs as two words, and fields

    def above(self, present: frozenset[object], fields: Callable[[], Iterable[str]], words: int) -> list[int]:
        """The numbers of the models above whose threshold an entry is, or within a rounding of it.

        `present` has its words and pairs, among others; `fields` are asked for only if they can matter.
        """
        number: Callable[[object], int] = self._numbers.__getitem__  # type: ignore[assignment]
        score = sum(map(number, self.terms & present), self._bar(words))
        if (score + self._most_by_fields) & self._passed:
            score += sum(map(number, self.terms.intersection(fields())))
        return [place for place in self._places if score >> _BITS * place & _PASSED] if score & self._passed else []


def _bar(thresholds: Iterable[tuple[float, float]], words: int) -> int:
    """What to add to the score of an entry with so many words: a model's bit `_PASSED` is set if it is above.

    `thresholds`: of each model, and what the weight 1 is in it.
    """
    root, room = math.sqrt(words), _PASSED / 2
    needed = ((above * root - _ROUNDING) * one for above, one in thresholds)
    return _packed(_PASSED - round(max(-room, min(room, least))) for least in needed)


def _packed(values: Iterable[float]) -> int:
    """A number with one value for each model."""
    return sum(round(value) << _BITS * place for place, value in enumerate(values))
