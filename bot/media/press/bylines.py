"""Who wrote a story, out of what its source says of its author. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.media.press.model import folded
from bot.watch import text as txt

_LEAD: Final = re.compile(r"^by\s+", re.IGNORECASE)
# What stands behind a name: its outlet, a date, who follows.
_TAIL: Final = re.compile(r"\s*(?:[,|(–—]|\s-\s|\b(?:updated|published|posted)\b).*$", re.IGNORECASE | re.DOTALL)
_MOST: Final = 8  # words: two people and what stands between them
_NOBODY: Final = frozenset(
    txt.words(
        "admin administrator contributor contributors desk editor editors editorial guest media news newsroom office "
        "press release releases report reports service staff team webmaster wire"
    )
)


def reporter(author: str, outlet: str) -> str:
    """The name as it is written; "" where it is a desk's, an outlet's or an account's."""
    name = _TAIL.sub("", _LEAD.sub("", author.strip()))
    words = folded(name).split()
    named = 2 <= len(words) <= _MOST and _NOBODY.isdisjoint(words) and "@" not in name and "/" not in name
    return name if named and words != folded(outlet).split() else ""


def is_by(byline: str, name: str) -> bool:
    """Whether somebody stands in a byline, alone or beside others."""
    return f" {folded(name)} " in f" {folded(byline)} "
