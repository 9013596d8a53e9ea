"""Judge whether a text names a child or a person who was harmed. Pure.

Two logistic models, learned from labeled news and typed text by `python -m bench.names`: `item` says by all words
whether a text may be about someone to protect, which most are not; `name` says by the words outside of names, and those
around a name, whether it is that person's. In doubt the name counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import Final, NamedTuple

from bot.config.catalog import name_weights
from bot.config.media import PersonalDetails
from bot.people.name_context import Context

DOUBT: Final = 0.37  # a chance: rather an item too many withheld than a name shown
_UNLIKELY: Final = -3.5  # log-odds by all words of a text below which its names are not read
_LARGEST: Final = 30.0  # log-odds whose exponential is a float


class Model(NamedTuple):
    """The weights of features by name, "" the constant; and the first letters of words that are no names."""

    item: Mapping[str, float]
    name: Mapping[str, float]
    common: frozenset[str]


@cache
def shipped_model() -> Model:
    weights = name_weights()
    return Model(weights["item"], weights["name"], frozenset(weights["common"]))


class HarmedNames:
    """The rule in one coalition's words. `speakers`: people who speak in public about what happened to them."""

    def __init__(self, details: PersonalDetails, speakers: Iterable[str] = (), model: Model | None = None) -> None:
        self._details = details
        self._given = model
        self._speakers = frozenset(speakers)

    # Read with the first text, and not by a bot that has none: it takes 3 MB.
    @cached_property
    def _model(self) -> Model:
        return self._given or shipped_model()

    @cached_property
    def context(self) -> Context:
        return Context(self._details, self._model.common)

    def chance(
        self, title: str, body: str, own_names: frozenset[str] = frozenset(), *, of_crowded: float = 1.0
    ) -> float:
        """Return the chance that a text names a person to protect. `own_names`: names of others, as they are written.

        `of_crowded`: the answer for a text with more names than are read, such as a list of signers.
        """
        item, name, _ = self._model
        if not any(_sum(item, words) >= _UNLIKELY for words in self.context.words_of(title, body)):
            return 0.0
        reading = self.context.read(title, body, own_names | self._speakers)
        if reading.crowded:
            return of_crowded
        abouts = [_sum(name, about) for about in reading.passages]
        odds = [_sum(name, one.features) + max(abouts[number] for number in one.passages) for one in reading.people]
        return 1 / (1 + math.exp(min(-max(odds), _LARGEST))) if odds else 0.0

    def is_about_one(self, headline: str) -> bool:
        """Whether a headline has a word for one child or person harmed."""
        return self.context.has(headline, {"@children", "@victims"})

    def may_be_names(self, *words: str) -> bool:
        """Whether words with a capital, in an address, may be a name."""
        return all(map(self.context.may_be_name, words))


def _sum(weights: Mapping[str, float], features: set[str]) -> float:
    return sum(map(weights.__getitem__, weights.keys() & features))
