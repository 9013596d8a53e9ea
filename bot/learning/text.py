"""An entry's texts as the model weighs them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.watch import text as txt
from bot.watch.learned import Features, features

GAP: Final = ""  # between two texts of an entry, so that no pair of words spans both
_MOST_WORDS: Final = 1_000  # of one entry


def features_of(texts: Sequence[str | None], fields: Iterable[str] = ()) -> Features:
    """The features of an entry's texts and fields, or of an ask's text."""
    words = [word for text in texts if text for word in (*txt.words(text), GAP)]
    return features(words[:_MOST_WORDS], fields)


def vocabulary(texts: Iterable[str]) -> set[str]:
    """The different words of texts, much faster than `features_of`; words with an accent or dots may be missing."""
    return set(txt.raw_words("\n".join(texts).lower()))
