"""Bounds for how many relevant entries were missed, from a stratified random sample. Pure."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CONFIDENCE: Final = 0.9  # at least this share of samples gives bounds with the true number between them


@dataclass(frozen=True, slots=True)
class Stratum:
    """A group of `size` entries, and the answers to those that were drawn from it without replacement.

    `unknown`: drawn, but without a Yes or No.
    """

    size: int
    yes: int
    no: int
    unknown: int = 0

    @property
    def drawn(self) -> int:
        return self.yes + self.no + self.unknown

    def __add__(self, other: Stratum) -> Stratum:
        return Stratum(self.size + other.size, self.yes + other.yes, self.no + other.no, self.unknown + other.unknown)


def bounds(strata: Sequence[Stratum]) -> tuple[int, int]:
    """The fewest and the most relevant entries in all strata that the answers do not rule out.

    Each stratum gets exact bounds for a finite population: Clopper and Pearson's (1934), from the hypergeometric
    distribution in place of the binomial (T. Wright, Exact Confidence Bounds when Sampling from Small Finite Universes,
    1991). The strata share the risk of error equally (Bonferroni), so the sums of their bounds have at least the
    stated confidence, however the relevant entries are spread. An unknown entry counts as a No for the fewest and as a
    Yes for the most.
    """
    filled = [stratum for stratum in strata if stratum.size]
    risk = (1 - CONFIDENCE) / 2 / max(1, len(filled))
    return sum(_fewest(stratum, risk) for stratum in filled), sum(_most(stratum, risk) for stratum in filled)


def _fewest(stratum: Stratum, risk: float) -> int:
    """The smallest number of relevant entries with which as many Yes, or more, are likelier than the risk."""
    possible = range(stratum.yes, stratum.size - stratum.no + 1)
    return possible[
        bisect_left(possible, True, key=lambda relevant: 1 - _at_most(stratum.yes - 1, relevant, stratum) > risk)
    ]


def _most(stratum: Stratum, risk: float) -> int:
    """The largest number with which as few Yes, or fewer, are likelier than the risk."""
    highest = stratum.yes + stratum.unknown
    possible = range(stratum.yes, stratum.size - stratum.no + 1)
    return possible[bisect_left(possible, True, key=lambda relevant: _at_most(highest, relevant, stratum) <= risk) - 1]


def _at_most(count: int, relevant: int, stratum: Stratum) -> float:
    """The probability of at most `count` Yes among the drawn if so many entries of the stratum are relevant."""
    drawn = stratum.drawn
    ways = (
        math.comb(relevant, n) * math.comb(stratum.size - relevant, drawn - n) for n in range(min(count, drawn) + 1)
    )
    return sum(ways) / math.comb(stratum.size, drawn)
