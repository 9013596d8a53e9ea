"""Compare two versions of a web page: lines added and removed, or a new layout. Pure.

Noise (update dates, counters, share buttons) does not count as lines. A page whose tag paths and most lines differ has
a new layout: then every line would be "added", which means nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.shared.entry import Difference, Quote

_SAME_LAYOUT: Final = 0.5  # share of common tag paths
_SAME_TEXT: Final = 0.8  # share of unchanged lines that makes a new layout the same text
_SHORT: Final = 80  # characters; a longer line is not a counter
_NUMBERS: Final = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov"
    r"|dec)(?:uary|ruary|ch|il|e|y|ust|ember|tember|ober)?\b\.?|\b(?:a\.?m|p\.?m|e[sd]?t|utc|gmt)\b\.?|\d+(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
# Words that every page has around its text.
_PASSING: Final = re.compile(
    r"\b(?:date|page|content|site|web|this|last|was|is|on|at|of|the|first|updated?|modified|reviewed|revised|published"
    r"|created|posted|changed|current|time|today|as|now|views?|visits?|visitors?|hits|likes?|shares?|followers?|comments?"
    r"|downloads?|reads?|minutes?|min|ago|hours?|days?|results?|showing|displaying|items?|print|email|e|mail|share|tweet"
    r"|facebook|twitter|linkedin|copy|link|back|to|top|skip|main|menu|next|previous|more|loading|copyright|all|rights"
    r"|reserved|x)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's lines, and the tag paths they are in."""

    lines: tuple[str, ...]
    shape: frozenset[str]


def without_noise(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines with content, without dates, counters and standard page texts."""
    return tuple(line for line in lines if not _is_noise(line))


def share_unchanged(before: PageText, now: PageText) -> float:
    """The share of the lines of `before` that are still in `now`."""
    unchanged = (Counter(before.lines) & Counter(now.lines)).total()
    return unchanged / len(before.lines) if before.lines else 0.0


def redesigned(before: PageText, now: PageText) -> bool:
    shared = len(before.shape & now.shape) / max(1, len(before.shape | now.shape))
    return shared < _SAME_LAYOUT and share_unchanged(before, now) < _SAME_TEXT


def differences(before: PageText, now: PageText) -> tuple[Quote, ...]:
    """The added lines, then the removed ones, each in page order."""
    added, removed = _missing(now.lines, before.lines), _missing(before.lines, now.lines)
    return (
        *(Quote(line, difference=Difference.ADDED) for line in added),
        *(Quote(line, difference=Difference.REMOVED) for line in removed),
    )


def _missing(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    unmatched = Counter(map(str.casefold, others))
    missing = []
    for line in lines:
        if unmatched[line.casefold()]:
            unmatched[line.casefold()] -= 1
        else:
            missing.append(line)
    return missing


def _is_noise(line: str) -> bool:
    if len(line) > _SHORT:
        return False
    rest = _PASSING.sub(" ", _NUMBERS.sub(" ", line))
    return not re.search(r"[^\W\d_]", rest)
