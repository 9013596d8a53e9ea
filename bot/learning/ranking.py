"""Rank entries without an answer by the answers so far. Pure; the dice are an argument.

The model is a logistic regression over the TF-IDF of words and pairs of words, trained by stochastic gradient
descent. It starts from the text of the asks, which counts as a Yes, and from entries without an answer that the dice
chose, which count a little as a No: nearly all that is published concerns no ask.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from random import Random
from typing import Final

from bot.learning.text import Terms

ROUND: Final = 10  # entries shown in a row
BACKGROUND: Final = 300  # entries without an answer that the model compares with
CANDIDATES: Final = 1_000  # entries that are scored in full
_UNCERTAIN: Final = 3  # of a round: those that the answers so far decide least
_LEADING: Final = 60  # words by which candidates are found
_TELLING: Final = 3  # terms that say why an entry is shown
_EPOCHS: Final = 12
_FIRST_STEP: Final = 4.0
_BIAS_STEP: Final = 0.1  # of a step
_BACKGROUND_WEIGHT: Final = 0.2  # of a No
_MOST_BALANCE: Final = 5.0  # weight of a Yes among many No
_STEEPEST: Final = 30.0  # beyond this, a probability is 0 or 1


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` of the terms, `rarity` (inverse document frequency) of each, and `unseen` that of any other."""

    weights: Mapping[str, float]
    rarity: Mapping[str, float]
    unseen: float
    bias: float

    def score(self, entry: Terms) -> float:
        """The estimated probability, 0 to 1, of a Yes."""
        rarities = [self.rarity.get(term, self.unseen) for term in entry]
        length = math.sqrt(sum(rarity * rarity for rarity in rarities)) or 1.0
        weighed = sum(self.weights.get(term, 0.0) * rarity for term, rarity in zip(entry, rarities, strict=True))
        return _probability(self.bias + weighed / length)

    def telling(self, entry: Terms) -> tuple[str, ...]:
        """The terms of an entry that speak most for a Yes, without a word that is in a longer one."""
        strong = [(self._pull(term), term) for term in entry if self._pull(term) > 0]
        chosen: list[str] = []
        for _, term in sorted(strong, key=lambda pair: (-pair[0], pair[1])):
            if len(chosen) < _TELLING and not any(set(term.split()) & set(other.split()) for other in chosen):
                chosen.append(term)
        return tuple(chosen)

    def leading_words(self) -> Mapping[str, float]:
        """The single words that speak most for a Yes, with their pull: an entry without any is no candidate."""
        words = [(self._pull(term), term) for term in self.weights if " " not in term and self._pull(term) > 0]
        return {word: pull for pull, word in nlargest(_LEADING, words)}

    def _pull(self, term: str) -> float:
        return self.weights.get(term, 0.0) * self.rarity.get(term, self.unseen)


def train(
    seeds: Sequence[Terms], yes: Sequence[Terms], no: Sequence[Terms], background: Sequence[Terms], dice: Random
) -> Model:
    """Train the model; `seeds` are the texts of the asks, `background` entries without an answer."""
    read = [*yes, *no, *background]
    frequency = Counter(term for entry in read for term in entry)
    total = len(read) + 1
    unseen = math.log(1 + total)
    rarity = {term: math.log(1 + total / count) for term, count in frequency.items()}
    rarity |= {term: unseen for seed in seeds for term in seed if term not in rarity}
    against = len(no) + _BACKGROUND_WEIGHT * len(background)
    balance = min(_MOST_BALANCE, max(1.0, against / max(1, len(seeds) + len(yes))))
    examples = [(_vector(entry, rarity), 1.0, balance) for entry in (*seeds, *yes)]
    examples += [(_vector(entry, rarity), 0.0, 1.0) for entry in no]
    examples += [(_vector(entry, rarity), 0.0, _BACKGROUND_WEIGHT) for entry in background]
    weights: dict[str, float] = {}
    bias = 0.0
    for epoch in range(_EPOCHS):
        dice.shuffle(examples)
        step = _FIRST_STEP / (1 + epoch)
        for vector, answer, weight in examples:
            value = bias + sum(weights.get(term, 0.0) * size for term, size in vector)
            change = step * weight * (answer - _probability(value))
            bias += _BIAS_STEP * change
            for term, size in vector:
                weights[term] = weights.get(term, 0.0) + change * size
    return Model(weights, rarity, unseen, bias)


def choose(scores: Iterable[tuple[str, float]]) -> list[str]:
    """The ids of the next round: the likeliest, then the most uncertain of the rest."""
    ranked = sorted(scores, key=lambda pair: (-pair[1], pair[0]))
    likeliest = ranked[: ROUND - _UNCERTAIN]
    uncertain = sorted(ranked[len(likeliest) :], key=lambda pair: (abs(pair[1] - 0.5), pair[0]))[:_UNCERTAIN]
    return [id_ for id_, _ in (*likeliest, *uncertain)]


def _vector(entry: Terms, rarity: Mapping[str, float]) -> list[tuple[str, float]]:
    length = math.sqrt(sum(rarity[term] ** 2 for term in entry)) or 1.0
    return [(term, rarity[term] / length) for term in entry]


def _probability(value: float) -> float:
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, value))))
