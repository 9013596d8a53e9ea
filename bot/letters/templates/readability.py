"""Word count and reading level of a text. Pure; the only module that imports pyphen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import pyphen  # type: ignore[import-untyped]

from bot.letters.model import Paragraph, Shape

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_DOT_OF_A_LETTER: Final = re.compile(r"(?<=\b[A-Za-z])\.")  # the periods of U.S.C. do not end a sentence
_END: Final = re.compile(r"[.!?:]+(?=[\s”\"')]|$)")


def words(body: Sequence[Paragraph]) -> int:
    return sum(len(paragraph.text.split()) for paragraph in body)


def grade(body: Sequence[Paragraph]) -> float:
    """The Flesch-Kincaid grade: the years of school a reader needs (Kincaid et al., 1975).

    A list item counts as a sentence; headings do not count. Syllables are estimated from hyphenation points, which
    misses a few.
    """
    texts = [paragraph.text for paragraph in body if paragraph.shape is not Shape.HEADING]
    sentences = sum(max(len(_END.findall(_DOT_OF_A_LETTER.sub("", text))), 1) for text in texts)
    words_ = [word for text in texts for word in _WORD.findall(_DOT_OF_A_LETTER.sub("", text))]
    if not words_:
        return 0.0
    syllables = sum(len(_english().positions(word)) + 1 for word in words_)
    return 0.39 * len(words_) / sentences + 11.8 * syllables / len(words_) - 15.59


@cache
def _english() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")
