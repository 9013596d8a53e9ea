"""Two looks at a web page: what was added and removed, or that the page was made anew. Pure.

What changes by itself (dates of an update, counters, buttons to share) is no line. A page whose lines stand in another
shape than before, and are mostly others, was made anew: then every line would be "added", which says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.shared.entry import Difference, Quote

_ALIKE: Final = 0.5  # of the shapes of both, for a page to be made as before
_STAY: Final = 0.8  # of the lines, for a page in another shape to say the same as before
_SHORT: Final = 80  # characters: a longer line is no counter
_NUMBERS: Final = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov"
    r"|dec)(?:uary|ruary|ch|il|e|y|ust|ember|tember|ober)?\b\.?|\b(?:a\.?m|p\.?m|e[sd]?t|utc|gmt)\b\.?|\d+(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
# What every page says around its text.
_PASSING: Final = re.compile(
    r"\b(?:date|page|content|site|web|this|last|was|is|on|at|of|the|first|updated?|modified|reviewed|revised|published"
    r"|created|posted|changed|current|time|today|as|now|views?|visits?|visitors?|hits|likes?|shares?|followers?|comments?"
    r"|downloads?|reads?|minutes?|min|ago|hours?|days?|results?|showing|displaying|items?|print|email|e|mail|share|tweet"
    r"|facebook|twitter|linkedin|copy|link|back|to|top|skip|main|menu|next|previous|more|loading|copyright|all|rights"
    r"|reserved|x)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Look:
    """A page as it was read: its lines, and the tags that lead to them."""

    lines: tuple[str, ...]
    shape: frozenset[str]


def telling(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines that say something: neither a date or counter alone, nor what every page says around them."""
    return tuple(line for line in lines if not _is_noise(line))


def stays(before: Look, now: Look) -> float:
    """The share of the lines of `before` that are still there."""
    kept = (Counter(before.lines) & Counter(now.lines)).total()
    return kept / len(before.lines) if before.lines else 0.0


def made_anew(before: Look, now: Look) -> bool:
    shared = len(before.shape & now.shape) / max(1, len(before.shape | now.shape))
    return shared < _ALIKE and stays(before, now) < _STAY


def differences(before: Look, now: Look) -> tuple[Quote, ...]:
    """The lines that were added, then those that were removed, each in the order of its page."""
    added, removed = _missing(now.lines, before.lines), _missing(before.lines, now.lines)
    return (
        *(Quote(line, difference=Difference.ADDED) for line in added),
        *(Quote(line, difference=Difference.REMOVED) for line in removed),
    )


def _missing(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    left = Counter(map(str.casefold, others))
    found = []
    for line in lines:
        if left[line.casefold()]:
            left[line.casefold()] -= 1
        else:
            found.append(line)
    return found


def _is_noise(line: str) -> bool:
    if len(line) > _SHORT:
        return False
    left = _PASSING.sub(" ", _NUMBERS.sub(" ", line))
    return not re.search(r"[^\W\d_]", left)
