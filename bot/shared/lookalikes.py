"""Names that look alike to a reader, and the signs of names that documents cannot show.

A letter of another script that looks like a Latin one (the Cyrillic o) is taken for any letter: so no table of such
letters is needed, and none is missed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WITHIN: Final = re.compile(r"(?<=\w)['’.](?=\w)")
_WORD: Final = re.compile(r"[\w?]+")
_FORMS: Final = frozenset({"inc", "incorporated", "llc", "ltd", "corp", "corporation", "co", "the", "and"})
_ALIKE: Final = str.maketrans({"1": "l", "i": "l", "0": "o"})
# Visible letters, Latin, Greek and Cyrillic, their marks, and signs, which the fonts that come with the bot have: a PDF
# with others cannot be made, and the signatures under a locked letter stay.
_PRINTED: Final = re.compile(
    r"[ -~\u00a1-\u00ac\u00ae-\u034e\u0350-\u0513\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u20ac\u2116\u2122\u2212]"
)
ODD: Final = "?"  # stands for a letter that is not Latin


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they look, without accents, asides and forms such as Inc.; `ODD` for odd letters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    plain = (sign for sign in unicodedata.normalize("NFKD", folded) if unicodedata.category(sign) not in ("Cf", "Mn"))
    shown = "".join(ODD if sign.isalpha() and not sign.isascii() else sign for sign in plain if sign != ODD)
    words = _WORD.findall(_WITHIN.sub("", _ASIDE.sub(" ", shown)))
    return tuple(word.translate(_ALIKE).replace("rn", "m") for word in words if word not in _FORMS)


class Lookalikes:
    """Find names that read like those of a known person. `names`: every name of each, by id."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        looks = [(words_of(each), id_) for id_, every in names.items() for each in every]
        self._whole = {"".join(words): id_ for words, id_ in looks if words}
        self._parts = {words: id_ for words, id_ in looks if words}
        self._lengths = sorted({len(words) for words in self._parts})

    def same(self, name: str) -> str | None:
        """The id of the person that the name reads like; None if there is none."""
        looks = "".join(words_of(name))
        if ODD not in looks or not looks.strip(ODD):
            return self._whole.get(looks)
        pattern = re.compile("".join("." if sign == ODD else re.escape(sign) for sign in looks))
        return next((id_ for whole, id_ in self._whole.items() if pattern.fullmatch(whole)), None)

    def holds(self, name: str) -> str | None:
        """The id of one whose name is a part of this one: `Delta Industries` holds `Delta`."""
        looks = words_of(name)
        parts = (looks[at : at + length] for length in self._lengths for at in range(len(looks) - length + 1))
        return next((self._parts[part] for part in parts if part in self._parts), None)


def is_odd(name: str) -> bool:
    """Whether it has letters that are not Latin, which may look like others."""
    return any(ODD in word for word in words_of(name))


def unprintable(name: str) -> str:
    """The first sign of a name that a PDF cannot show; "" if there is none."""
    signs = unicodedata.normalize("NFC", name)
    return next((sign for sign in signs if not sign.isprintable() or not _PRINTED.fullmatch(sign)), "")
