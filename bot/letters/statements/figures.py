"""Read a sentence: its tokens, figures and days, the subject of each verb, and who or what it names. Pure.

Figures and days are found in digits and in words: "80 percent", "four in five", "spring of 2019". A figure's key has
its number and what it counts, a day's its year, month and day, however they are written. Labels ("ask 4") are left out;
what a letter counts of itself ("two requests") has a key that starts with `OWN`.

No list of agencies is needed: institutions are known by their head nouns ("office", "committee"), titles, capitals and
acronyms. A subject and a name have at most `_NEAR` words, so that no text takes longer than its length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from bot.letters.statements import english as en
from bot.shared.wording import NUMBERS

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


# It looks fifty signs ahead at most, as far as any name such as F-35A goes: further would take the square of a text.
_TOKEN: Final = re.compile(
    r"\$?\d+(?:,\d+)*(?:\.\d+)?(?:%|(?:st|nd|rd|th)\b)?(?![\w/-]{0,50}[A-Za-z/])|\d[\w/.-]*|[^\W\d_]+(?:[’'.&-]?[^\W_]+)*|\S"
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
            # The noun that it counts, without a plural ending.
            counted = words[end].low.removesuffix("s") if end < len(words) and words[end].low[0].isalpha() else ""
            yield (kind, _written(words[at:end]), counted), at, end
        at = end


def _is_number(word: str) -> bool:
    if word[0].isdigit() or word[0] == "$":
        return True
    return all(part in NUMBERS or part in en.SCALES or part in en.FRACTIONS for part in word.split("-"))


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
    if before == "." and at > 1:
        before = words[at - 2].low  # "No. 222"
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
    small = NUMBERS.get(number, int(number) if number.isdigit() and len(number) < _DIGITS else _SMALL) < _SMALL
    after, before = words[end].low if end < len(words) else "", words[at - 1].low if at else ""
    addressed = before == "your" and after in en.ALWAYS_KNOWN
    among = after == "of" and end + 1 < len(words) and words[end + 1].low in en.READERS
    own = after in en.PARTS or before in en.POINTING or addressed or among
    return (number == "half" and after in ("a", "an")) or (small and own)


def _written(words: Sequence[Token]) -> str:
    """The number in one notation: "twelve" and "12" are the same."""
    parts = [part for word in words for part in word.low.split("-")]
    return " ".join(
        "percent" if part in en.PERCENT else str(NUMBERS[part]) if part in NUMBERS
        else part.replace(",", "").replace("%", " percent") for part in parts
    )  # fmt: skip


# --- a sentence -------------------------------------------------------------------------------------------------------


_NEAR: Final = 16
_OBJECT: Final = 6  # words after a verb that show what it is about
_BREAKS: Final = frozenset(',;:()[]—–“”"„«»|')
_NAME_LINKS: Final = frozenset({"of", "the", "for", "on", "and", "to", "in", "&"})
_PLACE: Final = r"(?:[A-Z0-9][\w.]{0,20}\s){1,4}?"
_STREET: Final = r"(?:Street|St\.|Avenue|Ave\.|Road|Rd\.|Boulevard|Blvd\.|Drive|Lane|Way|Square|Place|Highway|Building)"
# Email and web addresses, telephone numbers, times of day and postal addresses.
CONTACT: Final = re.compile(
    rf"""
    \b[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}}
    | https?://\S{{1,300}} | \bwww\.\S{{1,200}}
    | (?<!\w)(?:\+?1[ .-])?\(?\d{{3}}\)?[ .-]\d{{3}}[ .-]\d{{4}}(?:,?\s(?:ext\.?|extension|x)\s?\d{{1,6}})?(?!\d)
    | \b\d{{1,2}}(?::\d\d)?\s?(?:[ap]\.m\.|[ap]m\b|noon\b)
    | \b\d{{1,6}}\s{_PLACE}{_STREET}(?:[ ,]{{1,2}}(?:[NS][WE]|[NS]\.[WE]\.))?
    | \b(?:Suite|Room|Floor|Box|Apt\.|Unit|Ste\.)\s\w{{1,8}}
    | \b[A-Z][\w.]{{1,20}}(?:\s[A-Z][\w.]{{1,20}}){{0,2}},\s[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?
    """,
    re.VERBOSE,
)


class Sentence:
    """`cited`: for each token, whether it belongs to a citation or a contact detail."""

    def __init__(self, text: str, start: int, end: int, cited: Sequence[tuple[int, int]]) -> None:
        self.text, self.whole = text, text[start:end].strip()
        self.words = tokens(text, start, end)
        self.lows = [word.low for word in self.words]
        self.cited = [False] * len(self.words)
        for first, last in cited:
            for at in self._tokens_in(first, last):
                self.cited[at] = True
        self.days: list[tuple[Span, range]] = [
            (day, inside) for day in days(text, start, end) if (inside := self._tokens_in(day[1], day[2]))
        ]

    @cached_property
    def ours(self) -> bool:
        """Whether the coalition speaks of itself."""
        return self.has(en.FIRST)

    @cached_property
    def asks(self) -> bool:
        """Whether it asks, thanks or invites; an item of a list that goes on from "We ask you to" starts small."""
        addressed = self.ours or "you" in self.lows or self.lows[0] in ("please", "let")
        return self.words[0].text[0].islower() or (addressed and self.has(en.REQUESTS | en.PROCEDURE))

    @cached_property
    def is_procedure(self) -> bool:
        """Whether its days and spans are the coalition's own to choose: an answer, a meeting, a call."""
        return self.asks and self.has(en.PROCEDURE) and not self.has_event

    @cached_property
    def has_event(self) -> bool:
        """Whether it names an event whose day the record shows: a deadline, a publication."""
        return self.has(en.EVENTS)

    def has(self, words: frozenset[str]) -> bool:
        return not words.isdisjoint(self.lows)

    def between(self, start: int, end: int) -> set[str]:
        return set(self.lows[start:end])

    def subject(self, verb: int) -> tuple[int, int]:
        """(first token, token after the last) of the subject before a verb and its auxiliaries."""
        end = verb
        while end and verb - end < _NEAR and self.lows[end - 1] in en.BEFORE_VERBS:
            end -= 1
        start = end
        while start and end - start < _NEAR and not self.breaks(start - 1):
            start -= 1
        return start, end

    def breaks(self, at: int) -> bool:
        return self.words[at].text in _BREAKS or (at > 0 and self.lows[at] in en.LINKS)

    def clause_end(self, at: int, most: int = _OBJECT) -> int:
        """The last token of the words after `at`, up to the next break."""
        end = at
        while end + 1 < len(self.words) and end - at < most:
            if self.breaks(end + 1) or self.words[end + 1].text in ".?!":
                break
            end += 1
        return end

    def is_fact(self, start: int, verb: int) -> bool:
        """Whether the verb says what is or was, not what should, could or may be."""
        link = self.lows[start - 1] if start else ""
        return link not in en.CONDITIONS and en.MODALS.isdisjoint(self.lows[start:verb])

    def is_past(self, at: int, *, auxiliary: bool) -> bool:
        """Whether a word is a past tense; after an auxiliary also a participle such as "taken"."""
        low = self.lows[at]
        if low in en.IRREGULAR_PAST or low in en.REPORT_PAST:
            return True
        if low.endswith("ed"):
            return low not in en.NOT_PAST
        participle = low in en.PARTICIPLES or low.endswith(("en", "wn", "ne", "un", "ung"))
        return auxiliary and participle and low not in en.ADVERBS

    def is_named(self, start: int, end: int) -> bool:
        """Whether these words name a person or an institution, or the addressee's ("your office")."""
        lows = self.lows[start:end]
        if "your" in lows and not en.INSTITUTIONS.isdisjoint(lows):
            return True
        if lows[:1] == ["the"] and len(lows) > 1 and lows[1] in en.ACTORS | en.GOVERNMENT:
            return True
        for at, word in enumerate(self.words[start:end], start):
            after = at + 1 < end and self.words[at + 1].capital
            name = word.capital and word.low not in en.SERVED | en.PRONOUNS | {"i"}
            if is_acronym(word) or (name and (at > 0 or word.low in en.ACTORS or after)):
                return True
        return False

    def name_end(self, at: int) -> int:
        """The token after a name with capitals, small words and a head noun: "the Oversight panel"; `at` if none."""
        if self.cited[at] or not self.words[at].capital or (at == 0 and not self._is_first_of_name()):
            return at
        end = last = at
        while end < len(self.words) and end - at < _NEAR and not self.cited[end]:
            word = self.words[end]
            if word.capital or word.low in en.COMMITTEES | en.OFFICES:
                last = end + 1
            elif word.low not in _NAME_LINKS:
                break
            end += 1
        return last

    def _is_first_of_name(self) -> bool:
        """Whether the first word, which always has a capital, is part of a name."""
        if len(self.words) == 1:
            return False
        word, after = self.words[0], self.words[1]
        if is_acronym(word) or word.low in ("the", "your"):
            return is_acronym(word) or after.capital
        common = word.low in en.POINTING | en.FIRST | en.ASKS | {"a", "an"}
        return not common and (after.capital or word.low in en.ACTORS)

    def _tokens_in(self, start: int, end: int) -> range:
        first = bisect_left(self.words, start + 1, key=lambda word: word.end)
        return range(first, max(first, bisect_left(self.words, end, key=lambda word: word.start)))


def is_acronym(word: Token) -> bool:
    """Whether the word is an acronym, such as GAO or Labor-HHS."""
    parts = word.text.rstrip("’'s").replace("-", " ").split()
    return word.low not in en.NOT_ACRONYMS and any(
        len(part) > 1 and part.isupper() and part.isalpha() for part in parts
    )
