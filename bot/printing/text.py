"""What people wrote, as lines that any document can contain. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BLANK = re.compile("[\t\n\v\f\r\x85\u2028\u2029 ]+")  # not the no-break space, which keeps "§ 307" together
# Controls; marks that change the direction of the text after them, and could disguise a name; lone surrogates and
# noncharacters, which XML and UTF-8 do not allow.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def lines(texts: Sequence[str]) -> list[str]:
    return [one_line(text) for text in texts]


def one_line(text: str) -> str:
    """Return the text as one line that any document can contain."""
    return _UNSEEN.sub("", _BLANK.sub(" ", text)).strip(" ")
