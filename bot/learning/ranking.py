"""From answers to a model, and from the model to what is shown next and to a watch. Pure; the dice are an argument.

The model is a logistic regression over the TF-IDF of an entry's terms, trained by stochastic gradient descent. It
starts from the text of the asks, which counts as a Yes, and from entries without an answer that the dice chose, which
count a little as a No: nearly all that is published concerns no ask.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import chain
from random import Random
from typing import Final

from bot.watch import text as txt
from bot.watch.learned import Features, Learned, sigmoid

ROUND: Final = 10  # entries shown in a row
SAMPLE: Final = 3_000  # entries without an answer, which say how rare a term is
CANDIDATES: Final = 2_000  # entries that are scored in full
NOISE: Final = 0.0025  # of a window's entries, at most this share may match a watch for nothing
_WEIGHTS: Final = 200  # of a watch: as many as a person could look through
_FOLDS: Final = 5
_LEAST: Final = -2.5  # log-odds of a Yes, about one in thirteen: no threshold is lower
_BACKGROUND: Final = 1_000  # of the sample, those that count a little as a No
_UNCERTAIN: Final = 3  # of a round: those that the answers so far decide least
_ALIKE: Final = 2  # of a round, entries whose titles begin with the same words
_BEGINNING: Final = 4  # words
_EPOCHS: Final = 12
_FIRST_STEP: Final = 2.0
_BIAS_STEP: Final = 0.1  # of a step
_BACKGROUND_WEIGHT: Final = 0.06  # of a No
_MOST_BALANCE: Final = 5.0  # weight of a Yes among many No

Scored = tuple[float, float]  # how far above the threshold, and how likely it is noise


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that is learned from: the texts of the asks, the answers, and a random sample of the other entries.

    `open_ids`: those entries of the window, all without an answer.
    """

    asks: Sequence[Features]
    yes: Sequence[Features]
    no: Sequence[Features]
    sample: Sequence[Features]
    open_ids: Sequence[str] = ()

    @property
    def read(self) -> list[Features]:
        return [*self.yes, *self.no, *self.sample]


def train(lesson: Lesson, dice: Random) -> Learned:
    """Train the model."""
    read, background = lesson.read, lesson.sample[:_BACKGROUND]
    frequency = Counter(term for entry in read for term in entry.terms)
    total = len(read) + 1
    rarity = {term: math.log(1 + total / count) for term, count in frequency.items()}
    unseen = math.log(1 + total)
    squares = sum(rarity[term] ** 2 * count for term, count in frequency.items())
    unit = math.sqrt(squares / frequency.total()) if frequency else 1.0  # an entry's vector is about as long as 1

    def vector(entry: Features) -> list[tuple[str, float]]:
        length = unit * math.sqrt(entry.words)
        return [(term, rarity.get(term, unseen) / length) for term in entry.terms]

    for_ = [*lesson.asks, *lesson.yes]
    against = len(lesson.no) + _BACKGROUND_WEIGHT * len(background)
    balance = min(_MOST_BALANCE, max(1.0, against / max(1, len(for_))))
    examples = [(vector(entry), 1.0, balance) for entry in for_]
    examples += [(vector(entry), 0.0, 1.0) for entry in lesson.no]
    examples += [(vector(entry), 0.0, _BACKGROUND_WEIGHT) for entry in background]
    weights: dict[str, float] = {}
    bias = 0.0
    for epoch in range(_EPOCHS):
        dice.shuffle(examples)
        step = _FIRST_STEP / (1 + epoch)
        for terms, answer, weight in examples:
            value = bias + sum(weights.get(term, 0.0) * size for term, size in terms)
            change = step * weight * (answer - sigmoid(value))
            bias += _BIAS_STEP * change
            for term, size in terms:
                weights[term] = weights.get(term, 0.0) + change * size
    return Learned({term: weight * rarity.get(term, unseen) / unit for term, weight in weights.items()}, -bias)


def cross_validate(lesson: Lesson, unanswered: Sequence[Features], dice: Random) -> list[Scored]:
    """Score each No and each unanswered entry by a model that did not see it.

    A model ranks the entries that it was trained on lower than those of the next months that are like them.
    """
    folds = {entry: dice.randrange(_FOLDS) for entry in dict.fromkeys((*lesson.read, *unanswered))}
    scored: list[Scored] = []
    for fold in range(_FOLDS):
        yes, no, sample = (
            [entry for entry in entries if folds[entry] != fold] for entries in (lesson.yes, lesson.no, lesson.sample)
        )
        seen = replace(lesson, yes=yes, no=no, sample=sample)
        model = prune(train(seen, dice), seen)
        scored += [(score, 1.0) for score, _ in score_noise(model, (e for e in lesson.no if folds[e] == fold))]
        scored += score_noise(model, (entry for entry in unanswered if folds[entry] == fold))
    return scored


def score_noise(model: Learned, unanswered: Iterable[Features]) -> list[Scored]:
    """Score the entries that a watch may match, each noise as far as the model's probability says."""
    scores = (model.excess(entry) for entry in unanswered if model.speaks(entry))
    return [(score, sigmoid(-score)) for score in scores]


def prune(model: Learned, lesson: Lesson) -> Learned:
    """The model with its heaviest weights alone, of terms that an ask or two of the entries have.

    So no name or address that is in one document becomes a weight, but a subject that none has had yet does.
    """
    frequency = Counter(term for entry in (*lesson.asks, *lesson.asks, *lesson.read) for term in entry.terms)
    shared = ((abs(weight), term) for term, weight in model.weights.items() if frequency[term] > 1)
    heaviest = [term for _, term in nlargest(_WEIGHTS, shared)]
    return Learned({term: round(model.weights[term], 3) for term in heaviest}, model.above)


def set_threshold(model: Learned, measures: Sequence[Sequence[Scored]], size: int) -> Learned:
    """The model with a threshold for a watch, as low as a window of so many entries allows.

    By the mean of the measures, no more noise is above the threshold than `NOISE` allows: what models score that did
    not see an entry, and what this one scores. The first alone forgets what an answered No teaches of the next like it.
    """
    allowed = len(measures) * max(0.5, NOISE * size)
    threshold = _LEAST
    for score, noise in sorted(chain(*measures), reverse=True):
        allowed -= noise
        if allowed < 0:
            threshold = max(score, _LEAST)
            break
    return Learned(model.weights, round(model.above + threshold, 3))


def choose(scores: Iterable[tuple[str, str, float]]) -> list[str]:
    """The ids of the next round, of (id, title, probability): the likeliest, then the most uncertain of the rest.

    At most two titles begin alike: more of a form that comes every week teach nothing.
    """
    likeliest = sorted(scores, key=lambda entry: (-entry[2], entry[0]))
    uncertain = sorted(likeliest, key=lambda entry: (abs(entry[2] - 0.5), entry[0]))
    chosen: dict[str, tuple[str, ...]] = {}
    for order, most in ((likeliest, ROUND - _UNCERTAIN), (uncertain, ROUND)):
        for id_, title, _ in order:
            if len(chosen) >= most:
                break
            beginning = txt.words(title)[:_BEGINNING]
            if id_ not in chosen and [*chosen.values()].count(beginning) < _ALIKE:
                chosen[id_] = beginning
    return list(chosen)
