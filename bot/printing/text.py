"""What people wrote, as lines that any document can hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BLANK = re.compile("[\t\n\v\f\r\x85\u2028\u2029 ]+")  # not the no-break space, which holds "§ 307" together
# Controls; marks that turn the direction of what follows, and could make a name read as another; lone surrogates and
# noncharacters, which neither XML nor UTF-8 takes.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def lines(texts: Sequence[str]) -> list[str]:
    return [one_line(text) for text in texts]


def one_line(text: str) -> str:
    """One line that any document can hold."""
    return _UNSEEN.sub("", _BLANK.sub(" ", text)).strip(" ")
