"""One sentence of a letter as tokens, with the subject of each verb and who or what it names. Pure.

No list of agencies is needed: institutions are known by their head nouns ("office", "committee"), titles, capitals and
acronyms. A subject and a name have at most `_NEAR` words, so that no text takes longer than its length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from bot.letters.statements import english as en
from bot.letters.statements import figures
from bot.letters.statements.figures import Span, Token

_NEAR: Final = 16
_OBJECT: Final = 6  # words after a verb that show what it is about
_BREAKS: Final = frozenset(',;:()[]—–“”"„«»|')
_NAME_LINKS: Final = frozenset({"of", "the", "for", "on", "and", "to", "in", "&"})
_PLACE: Final = r"(?:[A-Z0-9][\w.]{0,20}\s){1,4}?"
_STREET: Final = r"(?:Street|St\.|Avenue|Ave\.|Road|Rd\.|Boulevard|Blvd\.|Drive|Lane|Way|Square|Place|Highway|Building)"
_CONTACT: Final = re.compile(
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


def contact_spans(text: str) -> list[tuple[int, int]]:
    """The places of email and web addresses, telephone numbers, times of day and postal addresses."""
    return [match.span() for match in _CONTACT.finditer(text)]


class Sentence:
    """`cited`: for each token, whether it belongs to a citation or a contact detail."""

    def __init__(self, text: str, start: int, end: int, cited: Sequence[tuple[int, int]]) -> None:
        self.text, self.whole = text, text[start:end].strip()
        self.words = figures.tokens(text, start, end)
        self.lows = [word.low for word in self.words]
        self.cited = [False] * len(self.words)
        for first, last in cited:
            for at in self._tokens_in(first, last):
                self.cited[at] = True
        self.days: list[tuple[Span, range]] = [
            (day, inside) for day in figures.days(text, start, end) if (inside := self._tokens_in(day[1], day[2]))
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
        return any(self._begins_named(at, end) for at in range(start, end))

    def _begins_named(self, at: int, end: int) -> bool:
        word = self.words[at]
        if is_acronym(word):
            return True
        if not word.capital or word.low in en.SERVED | en.PRONOUNS | {"i"}:
            return False
        return at > 0 or word.low in en.ACTORS or (at + 1 < end and self.words[at + 1].capital)

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
        common = word.low in en.POINTING | en.FIRST | {"a", "an"}
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
