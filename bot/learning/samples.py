"""The random sample of a quarter's entries that no watch raised, and bounds for how many relevant ones were missed."""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from random import Random
from typing import Final

from bot.learning.records import Answer
from bot.learning.rounds import rank
from bot.store.database import Reader, Transaction, insert_rows
from bot.watch.learned import Learned

CONFIDENCE: Final = 0.9  # at least this share of samples gives bounds with the true number between them
STRATA: Final = ("likely", "possible", "unlikely")
_LEAST: Final = (0.5, 0.1, 0.0)  # probability of a Yes, by stratum
_DRAWN: Final = (12, 9, 9)  # entries; the last stratum has nearly all entries, and can rarely be bounded


@dataclass(frozen=True, slots=True)
class Stratum:
    """`size` entries, and the answers to those drawn without replacement. `unknown`: drawn, without a Yes or No."""

    size: int
    yes: int
    no: int
    unknown: int = 0

    @property
    def drawn(self) -> int:
        return self.yes + self.no + self.unknown


def bounds(strata: Sequence[Stratum], first: int = len(STRATA)) -> tuple[int, int]:
    """The fewest and the most relevant entries in the first strata that the answers do not rule out.

    Each stratum gets exact bounds for a finite population: Clopper and Pearson's (1934), from the hypergeometric
    distribution in place of the binomial (T. Wright, Exact Confidence Bounds when Sampling from Small Finite Universes,
    1991). The strata share the risk of error equally (Bonferroni), so the sums of their bounds, of all or of some, have
    at least the stated confidence, however the relevant entries are spread. An unknown entry counts as a No for the
    fewest and as a Yes for the most.
    """
    risk = (1 - CONFIDENCE) / 2 / max(1, sum(stratum.size > 0 for stratum in strata))
    counted = strata[:first]
    return sum(_fewest(stratum, risk) for stratum in counted), sum(_most(stratum, risk) for stratum in counted)


def _fewest(stratum: Stratum, risk: float) -> int:
    """The smallest number of relevant entries with which as many Yes, or more, are likelier than the risk."""
    fewer = range(stratum.size)
    return bisect_left(fewer, True, key=lambda relevant: 1 - _at_most(stratum.yes - 1, relevant, stratum) > risk)


def _most(stratum: Stratum, risk: float) -> int:
    """The largest number with which as few Yes, or fewer, are likelier than the risk."""
    highest, numbers = stratum.yes + stratum.unknown, range(stratum.size + 1)
    return bisect_left(numbers, True, key=lambda relevant: _at_most(highest, relevant, stratum) <= risk) - 1


def _at_most(count: int, relevant: int, stratum: Stratum) -> float:
    """The probability of at most `count` Yes among the drawn if so many entries of the stratum are relevant."""
    drawn = stratum.drawn
    ways = (
        math.comb(relevant, n) * math.comb(stratum.size - relevant, drawn - n) for n in range(min(count, drawn) + 1)
    )
    return sum(ways) / math.comb(stratum.size, drawn)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The size of a stratum, and the ids of the entries drawn from it."""

    size: int
    ids: tuple[str, ...]

    def answered(self, answers: Mapping[str, Answer]) -> Stratum:
        given = [answers.get(id_) for id_ in self.ids]
        yes, no = given.count(Answer.YES), given.count(Answer.NO)
        return Stratum(self.size, yes, no, len(given) - yes - no)


@dataclass(frozen=True, slots=True)
class Sample:
    """`month`: the last of the quarter, "2026-12"; one stratum for each of `STRATA`."""

    month: str
    strata: tuple[Drawn, ...]

    def answered(self, answers: Mapping[str, Answer]) -> list[Stratum]:
        return [drawn.answered(answers) for drawn in self.strata]

    @property
    def ids(self) -> list[str]:
        return [id_ for stratum in self.strata for id_ in stratum.ids]

    def waiting(self, answers: Mapping[str, Answer], stored: Collection[str]) -> list[str]:
        """Ids without an answer among the stored ones; those no longer stored remain unknown."""
        return [id_ for id_ in self.ids if id_ not in answers and id_ in stored]

    def suffices(self, answers: Mapping[str, Answer]) -> bool:
        """Whether at least half of the entries have a Yes or No."""
        return 2 * sum(answers.get(id_) in (Answer.YES, Answer.NO) for id_ in self.ids) >= len(self.ids)


def draw(db: Reader, model: Learned, month: str, ids: Sequence[str], dice: Random) -> Sample:
    """Sort these entries into strata by the model's score and draw from each."""
    scores = {each.id: each.probability for each in rank(db, model, ids)}
    groups: list[list[str]] = [[] for _ in STRATA]
    for id_ in ids:
        score = scores.get(id_, 0.0)
        groups[next(number for number, least in enumerate(_LEAST) if score >= least)].append(id_)
    drawn = (dice.sample(group, min(count, len(group))) for group, count in zip(groups, _DRAWN, strict=True))
    return Sample(month, tuple(Drawn(len(group), tuple(chosen)) for group, chosen in zip(groups, drawn, strict=True)))


def save(tx: Transaction, sample: Sample, now: datetime) -> None:
    """Save a sample, unless the quarter has one."""
    row = {"month": sample.month, "drawn_at": now}
    strata = enumerate(sample.strata)
    rows = (row | {"stratum": n, "size": stratum.size, "drawn": json.dumps(stratum.ids)} for n, stratum in strata)
    insert_rows(tx, "recall_sample", rows, if_new=True)


def load(db: Reader) -> list[Sample]:
    """The samples, newest first."""
    rows = db.read("SELECT * FROM recall_sample ORDER BY month DESC, stratum")
    return [
        Sample(month, tuple(Drawn(row["size"], tuple(json.loads(row["drawn"]))) for row in strata))
        for month, strata in groupby(rows, key=lambda row: row["month"])
    ]
