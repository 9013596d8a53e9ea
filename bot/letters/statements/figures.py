"""Find figures and days in a sentence, in digits and in words: "80 percent", "four in five", "spring of 2019". Pure.

A figure's key has its number and what it counts, a day's its year, month and day, however they are written. Labels
("ask 4") are left out; what a letter counts of itself ("two requests") has a key that starts with `OWN`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.letters.statements import english as en

OWN: Final = "own"  # first part of the key of what a letter may say of itself, its wishes and its procedure
ANY_YEAR: Final = "?"
_SMALL: Final = 11
_DIGITS: Final = 4
Key = tuple[str, ...]
Span = tuple[Key, int, int]  # a key, and its place in the text

_MONTH: Final = "|".join(sorted(en.MONTHS, key=len, reverse=True))
_WEEKDAY: Final = "|".join(sorted(en.WEEKDAYS))
_SEASON: Final = "|".join(sorted(en.SEASONS))
_YEAR: Final = r"(?:19|20)\d\d"
_DAYS: Final = re.compile(
    rf"""
    \b(?P<iso>{_YEAR}-\d\d-\d\d)\b
    | (?<![\d/])(?P<us>\d{{1,2}}/\d{{1,2}}/(?:{_YEAR}|\d\d))(?![\d/])
    | \b(?P<m1>{_MONTH})\b\.?\s(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,?\s(?P<y1>{_YEAR})\b)?
    | \b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m2>{_MONTH})\b\.?(?:,?\s(?P<y2>{_YEAR})\b)?
    | \b(?:first|second|third|last|middle|end|beginning|eve|start)\s(?:day\s)?of\s(?:{_MONTH}|thanksgiving|christmas)\b
    | \b(?P<m4>{_MONTH})\b\.?,?\s(?:of\s)?(?P<y4>{_YEAR})\b
    | \b(?:fiscal|calendar|school|program|budget)\s(?:year\s)?[’']?(?P<fy>{_YEAR}|\d\d)\b
    | \bFYs?\s?[’']?(?P<fy2>{_YEAR}|\d\d)\b
    | \b(?:{_SEASON}|{_MONTH}|early|late|mid|end)(?:\sof)?[\s-](?P<y5>{_YEAR})\b
    | (?<![\w$.,/-])(?P<y6>{_YEAR})s?(?![\w/-]|[.,]\d)
    | \b(?:last|past|this|next|previous|coming|on|since|every|earlier\sthis)\s(?:{_WEEKDAY})\b
    | \b(?:last|next|earlier\sthis|this\spast|the\sprevious)
      \s(?:week|month|year|decade|{_SEASON}|{_MONTH}|session|congress)\b
    | \b(?:yesterday|overnight)\b
    | \b(?:in|since|by|until|during|of|before|after|last|early|late|mid-?)\s(?P<m7>{_MONTH})\b(?!\s\d)
    | \b(?:New\sYear[’']?s(?:\s(?:Day|Eve))?|(?:Labor|Memorial|Independence|Veterans|Columbus|Presidents?)[’']?\sDay
      |thanksgiving|christmas|juneteenth)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a text; `low`: in lower case, without a possessive ending."""

    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


_TOKEN: Final = re.compile(
    r"\$?\d[\d,]*(?:\.\d+)?(?:%|(?:st|nd|rd|th)\b)?(?![\w/-]*[A-Za-z/])|\d[\w/.-]*|[^\W\d_]+(?:[’'.&-]?[^\W_]+)*|\S"
)
_EVERY: Final = frozenset({"second", "third", "fourth", "fifth", "tenth"})
_RANK: Final = re.compile(r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)-[a-z]{2,12}st")
_POSSESSIVE: Final = re.compile(r"'s?\Z")


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of a normalized text, or of a part of it."""
    hits = _TOKEN.finditer(text, start, len(text) if end is None else end)
    bare = ((match, _POSSESSIVE.sub("", match[0].casefold().replace("’", "'"))) for match in hits)
    return [Token(match[0], low or match[0], match.start(), match.end()) for match, low in bare]


@lru_cache(4_096)
def lows(text: str) -> tuple[str, ...]:
    """The tokens of a text in lower case, to compare texts by."""
    return tuple(token.low for token in tokens(" ".join(text.split())))


def days(text: str, start: int, end: int) -> Iterator[Span]:
    """The days, months and years that a part of a text names."""
    for match in _DAYS.finditer(text, start, end):
        if key := _day_key({name: value for name, value in match.groupdict().items() if value}, match[0]):
            yield ("day", *key), match.start(), match.end()


def _day_key(hits: dict[str, str], text: str) -> Key:
    """(year, month, day) as far as they are given, with `ANY_YEAR` where the year is not; () if it is no day."""
    if "iso" in hits:
        return tuple(hits["iso"].split("-"))
    if "us" in hits:
        month, day, year = hits["us"].split("/")
        return (_full_year(year), f"{int(month):02}", f"{int(day):02}")
    name = next((hits[name].casefold() for name in ("m1", "m2", "m4", "m7") if name in hits), "")
    if name and not any(sign.isupper() for sign in text):
        return ()  # "may" and "march" are words, too
    day = hits.get("d1") or hits.get("d2") or ""
    year = next((hits[name] for name in ("y1", "y2", "y4", "fy", "fy2", "y5", "y6") if name in hits), "")
    rest = (f"{en.MONTHS[name]:02}", *([f"{int(day):02}"] if day else [])) if name else ()
    if year:
        return (_full_year(year), *rest)
    return (ANY_YEAR, *rest) if day else (" ".join(text.casefold().split()),)


def _full_year(year: str) -> str:
    return f"20{year}" if len(year) == len("27") else year


def figures(words: Sequence[Token], skipped: Sequence[bool]) -> Iterator[tuple[Key, int, int]]:
    """(key, first token, token after the last) of each figure; `skipped`: tokens that belong to something else."""
    at = 0
    while at < len(words):
        end = at if skipped[at] else _number_end(words, at, skipped)
        if end == at:
            at += 1
            continue
        end = _whole_end(words, end)
        if _counts(words, at, end):
            kind = OWN if _is_of_letter(words, at, end) else "figure"
            yield (kind, _written(words[at:end]), _counted(words, end)), at, end
        at = end


def _is_number(word: str) -> bool:
    if word[0].isdigit() or word[0] == "$":
        return True
    return all(part in en.NUMBERS or part in en.SCALES or part in en.FRACTIONS for part in word.split("-"))


def _number_end(words: Sequence[Token], at: int, skipped: Sequence[bool]) -> int:
    """Where the number that starts here ends: "two", "$1.2 million", "one hundred and four"; `at` if none starts."""
    low, after = words[at].low, words[at + 1].low if at + 1 < len(words) else ""
    if low in en.QUANTITIES or _RANK.fullmatch(low) or (low == "twice" and after in ("as", "the")):
        return at + 1
    every = low == "every" and after in _EVERY  # "every third applicant"
    article = every or (low in ("a", "an") and at + 1 < len(words) and words[at + 1].low in {*en.SCALES, *en.FRACTIONS})
    if not article and (not _is_number(low) or low in en.FRACTIONS):
        return at
    end = at + 2 if every else at + 1
    while end < len(words) and not skipped[end]:
        low = words[end].low
        if _is_number(low) and not (low[0].isdigit() and words[end - 1].low[0].isdigit()):
            end += 1
        elif (
            low == "and" and words[end - 1].low in en.SCALES and end + 1 < len(words) and _is_number(words[end + 1].low)
        ):
            end += 2
        else:
            break
    return end


def _whole_end(words: Sequence[Token], end: int) -> int:
    """The end with what belongs to the number: "percent", "in five", "out of ten", "times", "-fold"."""
    lows = [word.low for word in words[end : end + 4]]
    if lows[:1] and lows[0] in en.PERCENT:
        return end + 1
    share = lows[1:2] == ["in"] and len(lows) > 2 and lows[2] != "one"
    if share and lows[0].isalpha() and _is_number(lows[2]) and not _is_year(lows[2]):
        return end + 3  # "one survivor in seven"
    for link in (("out", "of", "every"), ("out", "of"), ("in", "every"), ("of", "every"), ("in",), ("of",)):
        n = len(link)
        if tuple(lows[:n]) == link and len(lows) > n and _is_number(lows[n]) and not _is_year(lows[n]):
            return end + n + 1
    return end


def _is_year(low: str) -> bool:
    return re.fullmatch(_YEAR, low) is not None


def _counts(words: Sequence[Token], at: int, end: int) -> bool:
    """Whether the number counts something outside the letter."""
    low, before = words[at].low, words[at - 1].low if at else ""
    after = words[end].low if end < len(words) else ""
    number = " ".join(word.low for word in words[at:end])
    if number == "one":
        return before in ("only", "not", "just", "single", "than", "every") or after in en.PERCENT
    if low in ("majority", "tens", "scores", "double", "doubles", "triple"):
        return after in ("of", "the", "that", "since")  # not "the majority leader", "a double standard"
    labeled = before in en.LABELS or (before in ("(", "#") and after == ")")
    return not labeled and low not in en.NO_COUNTS and number != "a second"


def _is_of_letter(words: Sequence[Token], at: int, end: int) -> bool:
    """Whether it counts what the letter has, points at or is addressed to: "two requests", "your two Departments"."""
    number = " ".join(word.low for word in words[at:end])
    small = en.NUMBERS.get(number, int(number) if number.isdigit() and len(number) < _DIGITS else _SMALL) < _SMALL
    after, before = words[end].low if end < len(words) else "", words[at - 1].low if at else ""
    addressed = before == "your" and after in en.ALWAYS_KNOWN
    among = after == "of" and end + 1 < len(words) and words[end + 1].low in en.READERS
    own = after in en.PARTS or before in en.POINTING or addressed or among
    return (number == "half" and after in ("a", "an")) or (small and own)


def _written(words: Sequence[Token]) -> str:
    """The number in one notation: "twelve" and "12" are the same."""
    parts = [part for word in words for part in word.low.split("-")]
    return " ".join(
        "percent" if part in en.PERCENT else str(en.NUMBERS[part]) if part in en.NUMBERS
        else part.replace(",", "").replace("%", " percent") for part in parts
    )  # fmt: skip


def _counted(words: Sequence[Token], end: int) -> str:
    """The noun that the number counts, without a plural ending."""
    return words[end].low.removesuffix("s") if end < len(words) and words[end].low[0].isalpha() else ""
