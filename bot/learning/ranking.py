"""From answers to a model, and from the model to what is shown next, to a watch, and to a query of few phrases. Pure.

The model is a logistic regression over the TF-IDF of an entry's terms, trained by stochastic gradient descent. It
starts from the text of the asks, which counts as a Yes, and from entries without an answer that the dice chose, which
count a little as a No: nearly all that is published concerns no ask. The dice are an argument.

For a query, each phrase that the model weighs is measured over all likely entries, answered or not: what it raises of
them, each as likely as the model says, and what else. The best is taken until none pays or the noise is used up. An
entry that a phrase raises counts half for the next one: what comes later has one of an entry's phrases more often than
a given one. A phrase counts only if two Yes or two likely entries have it, which no single document's name or address
does. One that raises too much is tried together with an agency.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import chain
from operator import mul
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
MOST: Final = 10  # phrases of a query
_LIKELY: Final = 0.5  # probability of a Yes
_SUPPORT: Final = 2  # Yes, or likely entries, that have a phrase
_COST: Final = 0.1  # of raising one entry for nothing, in Yes
_LEAST_GAIN: Final = 0.5  # gain of a phrase that pays
_AGAIN: Final = 0.5  # of what an entry counted for the last phrase that raises it

Phrase = tuple[str, str]  # an agency as a term, or "", and words


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

    def vector(entry: Features) -> list[float]:
        length = unit * math.sqrt(entry.words)
        return [rarity.get(term, unseen) / length for term in entry.terms]

    for_ = [*lesson.asks, *lesson.yes]
    against = len(lesson.no) + _BACKGROUND_WEIGHT * len(background)
    balance = min(_MOST_BALANCE, max(1.0, against / max(1, len(for_))))
    examples = [(entry.terms, vector(entry), 1.0, balance) for entry in for_]
    examples += [(entry.terms, vector(entry), 0.0, 1.0) for entry in lesson.no]
    examples += [(entry.terms, vector(entry), 0.0, _BACKGROUND_WEIGHT) for entry in background]
    weights = {term: 0.0 for terms, *_ in examples for term in terms}
    bias = 0.0
    for epoch in range(_EPOCHS):
        dice.shuffle(examples)
        step = _FIRST_STEP / (1 + epoch)
        for terms, sizes, answer, weight in examples:
            value = bias + sum(map(mul, map(weights.__getitem__, terms), sizes))
            change = step * weight * (answer - sigmoid(value))
            bias += _BIAS_STEP * change
            for term, size in zip(terms, sizes, strict=True):
                weights[term] += change * size
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


@dataclass(frozen=True, slots=True)
class Proposal:
    """`phrases` best first; of the answered entries it raises `yes` of `all_yes` and `no` of `all_no`."""

    phrases: tuple[Phrase, ...]
    yes: int
    all_yes: int
    no: int
    all_no: int

    @property
    def query(self) -> str:
        """The phrases in the query language, by agency; "" if there are none."""
        by_agency: dict[str, list[str]] = {}
        for agency, words in self.phrases:
            by_agency.setdefault(agency, []).append(words)
        anywhere = [any_of(by_agency.pop(""))] if "" in by_agency else []
        within = [f'(agency:"{agency[7:]}" AND ({any_of(words)}))' for agency, words in by_agency.items()]
        return " OR ".join((*anywhere, *within))


def any_of(wanted: Iterable[str]) -> str:
    return " OR ".join(f'"{phrase}"' if " " in phrase else phrase for phrase in wanted)


def propose(
    model: Learned, yes: Sequence[Features], no: Sequence[Features], unanswered: Sequence[Features], size: int
) -> Proposal:
    """Propose a query for a window of so many entries; `unanswered`: those with one of the model's leading terms."""
    entries = [*yes, *no, *unanswered]
    worth = [1.0] * len(yes) + [0.0] * len(no) + [model.probability(entry) for entry in unanswered]
    left = {
        phrase: places
        for phrase, places in _places(model, entries).items()
        if sum(worth[at] >= _LIKELY for at in places) >= _SUPPORT
    }
    chosen: list[Phrase] = []
    raised: Counter[int] = Counter()
    noise = max(0.5, NOISE * size)
    while left and len(chosen) < MOST:
        costs = {phrase: sum(1 - worth[at] for at in places - raised.keys()) for phrase, places in left.items()}
        gains = {
            phrase: sum(worth[at] * _AGAIN ** raised[at] for at in places) - _COST * costs[phrase]
            for phrase, places in left.items()
        }
        best = max(gains, key=lambda phrase: (gains[phrase], -len(" ".join(phrase)), phrase))
        if gains[best] < _LEAST_GAIN:
            break
        if costs[best] > noise:
            del left[best]
            continue
        chosen = [*(phrase for phrase in chosen if not _includes(best, phrase)), best]
        raised.update(left[best])
        noise -= costs[best]
        left = {phrase: places for phrase, places in left.items() if not _includes(best, phrase)}
    answered = len(yes) + len(no)
    hits = [at for at in raised if at < answered]
    return Proposal(tuple(chosen), sum(at < len(yes) for at in hits), len(yes),
                    sum(at >= len(yes) for at in hits), len(no))  # fmt: skip


def _includes(broad: Phrase, narrow: Phrase) -> bool:
    """Whether what has the narrow phrase always has the broad one."""
    return broad[0] in ("", narrow[0]) and f" {broad[1]} " in f" {narrow[1]} "


def _places(model: Learned, entries: Sequence[Features]) -> dict[Phrase, set[int]]:
    """The numbers of the entries that contain each leading term: all of them, and those of each telling agency."""
    agencies = {term for term, weight in model.weights.items() if term.startswith("agency:") and weight > 0}
    leading = frozenset(model.leading)
    places: defaultdict[Phrase, set[int]] = defaultdict(set)
    for number, entry in enumerate(entries):
        in_entry = leading.intersection(entry.terms)
        for agency in ("", *agencies.intersection(entry.terms)):
            for words in in_entry:
                places[agency, words].add(number)
    return places
