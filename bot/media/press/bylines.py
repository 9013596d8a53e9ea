"""Reporters' names in the author fields of sources. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.media.press.model import normalize
from bot.watch import text as txt

_LEAD: Final = re.compile(r"^by\s+", re.IGNORECASE)
# Text after a name: its outlet, a date, other authors.
_TAIL: Final = re.compile(r"\s*(?:[,|(–—]|\s-\s|\b(?:updated|published|posted)\b).*$", re.IGNORECASE | re.DOTALL)
_MAX_WORDS: Final = 8  # two people and the words between them
_NOT_A_PERSON: Final = frozenset(
    txt.words(
        "admin administrator contributor contributors desk editor editors editorial guest media news newsroom office "
        "press release releases report reports service staff team webmaster wire"
    )
)


def reporter_name(author: str, outlet: str) -> str:
    """The reporter's name as written; "" if the author is a desk, an outlet or an account."""
    name = _TAIL.sub("", _LEAD.sub("", author.strip()))
    words = normalize(name).split()
    named = 2 <= len(words) <= _MAX_WORDS and _NOT_A_PERSON.isdisjoint(words) and "@" not in name and "/" not in name
    return name if named and words != normalize(outlet).split() else ""


def has_byline(byline: str, name: str) -> bool:
    """Whether a byline contains the name, alone or with others."""
    return f" {normalize(name)} " in f" {normalize(byline)} "
