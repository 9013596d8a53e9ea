"""How hard a text is to read. Pure; the one module that knows pyphen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import pyphen  # type: ignore[import-untyped]

from bot.letters.model import Paragraph, Shape

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_DOT_OF_A_LETTER: Final = re.compile(r"(?<=\b[A-Za-z])\.")  # U.S.C. ends no sentence
_END: Final = re.compile(r"[.!?:]+(?=[\s”\"')]|$)")


def words(body: Sequence[Paragraph]) -> int:
    return sum(len(paragraph.text.split()) for paragraph in body)


def grade(body: Sequence[Paragraph]) -> float:
    """The Flesch-Kincaid grade: about how many years of school the text asks of its reader (Kincaid et al., 1975).

    An item of a list counts as a sentence; headings do not count. Syllables are taken from the places at which a word
    may be divided, which misses a few.
    """
    texts = [paragraph.text for paragraph in body if paragraph.shape is not Shape.HEADING]
    sentences = sum(max(len(_END.findall(_DOT_OF_A_LETTER.sub("", text))), 1) for text in texts)
    found = [word for text in texts for word in _WORD.findall(_DOT_OF_A_LETTER.sub("", text))]
    if not found:
        return 0.0
    syllables = sum(len(_english().positions(word)) + 1 for word in found)
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59


@cache
def _english() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")
