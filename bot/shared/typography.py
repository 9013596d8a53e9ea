"""Typographic quotation marks and apostrophes. Pure."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"\S+")
_ADDRESS_SIGNS: Final = ("://", "@", "www.")  # a word with one is a web or mail address and stays as it is
_BEFORE_OPENING: Final = frozenset(" ([{/—–“‘")
_OPENING: Final = {"'": "‘", '"': "“"}
_CLOSING: Final = {"'": "’", '"': "”"}


def typographic(text: str) -> str:
    """The text with curly quotation marks and apostrophes, as long as before: ``Henry C. “Hank” Johnson’s``."""
    return _nest(_WORD.sub(_curl, text) if "'" in text or '"' in text else text)


def _nest(text: str) -> str:
    """The text with single marks around a quotation inside another; as it is if a mark has no partner."""
    if text.count("“") < 2:
        return text
    signs, opened = list(text), list[int]()
    for place, sign in enumerate(text):
        if sign == "“":
            opened.append(place)
        elif sign == "”" and not opened:
            return text
        elif sign == "”" and len(opened) > 1:
            signs[opened.pop()], signs[place] = "‘", "’"
        elif sign == "”":
            opened.pop()
    return text if opened else "".join(signs)


def _curl(match: re.Match[str]) -> str:
    word = match[0]
    if any(sign in word for sign in _ADDRESS_SIGNS):
        return word
    curled, before = [], " "
    for place, sign in enumerate(word):
        is_decade = word[place + 1 : place + 3].isdecimal()  # ’90s
        marks = _OPENING if before in _BEFORE_OPENING and not (sign == "'" and is_decade) else _CLOSING
        before = marks.get(sign, sign)
        curled.append(before)
    return "".join(curled)
