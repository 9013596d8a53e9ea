"""What many write about: stories and watches in tens of thousands of words, few of them everywhere, most of them rare.

The demo's week has some two thousand words, among which every one of many thousand watches would find its own. Here the
words are made up; how often they come is as in a week of the Register: the commonest makes up a sixteenth of the text,
the hundredth a thousandth, the two thousandth a twenty thousandth.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final

from bench.material import Writer

_WORDS: Final = 40_000
_TERMS: Final = 40_000  # of art, such as "forced labor": what texts come back to, and watches ask for
_COMMON: Final = 100  # words without which no text is written, and of which no term is made
_PER_RUN: Final = 0.4  # of the runs of words hold a term
_OPENINGS: Final = ("b", "br", "c", "d", "f", "g", "gr", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v")
_ENDINGS: Final = ("a", "al", "an", "e", "en", "er", "i", "in", "ion", "o", "or", "u", "us")


class Author(Writer):
    """Writes as a Writer does, in a wide vocabulary."""

    def run(self, least: int, most: int) -> list[str]:
        words = self._drawn(_vocabulary(), self.dice.randint(least, most))
        return words + (self._drawn(_terms(), 1)[0].split() if self.dice.random() < _PER_RUN else [])

    def phrase(self) -> str:
        """Every term is equally likely, common or rare."""
        return self.dice.choice(_terms())

    def word(self) -> str:
        return self.dice.choice(self.phrase().split())

    def _drawn(self, ranked: Sequence[str], count: int) -> list[str]:
        return self.dice.choices(ranked, cum_weights=_chances(1, len(ranked)), k=count)


@cache
def _chances(first: int, last: int) -> Sequence[float]:
    """Zipf's law for the ranks from `first` to `last`, summed up."""
    return tuple(accumulate((rank + 2) ** -1.2 for rank in range(first, last + 1)))


@cache
def _vocabulary() -> Sequence[str]:
    """Words by rank, made of syllables: one or two where common, two to four where not."""
    dice = Random(11)  # noqa: S311 - repeatable, no secret
    found: dict[str, None] = {}
    while len(found) < _WORDS:
        syllables = dice.randint(1, 2) if len(found) < _COMMON else dice.randint(2, 4)
        found["".join(dice.choice(_OPENINGS) + dice.choice(_ENDINGS) for _ in range(syllables))] = None
    return tuple(found)


@cache
def _terms() -> Sequence[str]:
    """By rank, two or three words each."""
    dice = Random(12)  # noqa: S311 - repeatable, no secret
    words, chances = _vocabulary()[_COMMON:], _chances(_COMMON + 1, _WORDS)
    found: dict[str, None] = {}
    while len(found) < _TERMS:
        found[" ".join(dice.choices(words, cum_weights=chances, k=dice.randint(2, 3)))] = None
    return tuple(found)
