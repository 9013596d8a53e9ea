"""Headlines that may name a victim or a minor: shown without the name. Errs to withholding. Pure.

Where a headline is written in Title Case nobody can tell a name from a noun, so the whole of it is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from bot.config import coalition as config
from bot.entry import Entry
from bot.watch import text as txt
from bot.watch.index import Index
from bot.watch.query import Phrase, parse

NOTE: Final = "A name is withheld: the headline may name a victim or a minor."
_WHOLE: Final = "Headline withheld: it may name a victim or a minor"
_NAME: Final = "[name withheld]"
# "15-year-old", "15 years old", "aged 15", "Jane Roe, 15, …"; a sentence of 15 years is nobody's age.
_AGE: Final = re.compile(
    r"\b(\d{1,2})[- ](?:years?|yrs?)[- ]olds?\b|\baged? (\d{1,2})\b|,\s*(\d{1,2})(?=\s*[,.;:)–—-]|$)", re.IGNORECASE
)
_AGE_BEHIND: Final = re.compile(r",\s*\d")
_SOMEBODY: Final = frozenset({"girl", "boy", "teen", "teenager", "child", "woman", "man", "victim", "student"})
_CAPITAL: Final = r"\b[A-Z][\w'’-]*[a-z][\w'’-]*"
_RUN: Final = re.compile(rf"(?:{_CAPITAL})(?:\s+(?:[A-Z]\.\s+)?(?:{_CAPITAL}))*")
_LETTERS: Final = 4  # of a word that only Title Case begins with a capital in the middle of a sentence
_MOSTLY: Final = 0.6


class Care:
    """The rules of coalition.yml, ready for headlines."""

    def __init__(self, rules: config.Care) -> None:
        self._words = _phrases(rules.words)
        self._minors = _phrases(rules.minors)
        self._adult = rules.adult

    def shown(self, entry: Entry) -> Entry:
        """The entry as it may be shown; where a name is withheld, its headline as published is in `withheld`."""
        if not self._touches(entry):
            return entry
        masked = masked_title(entry.title, frozenset(name.words for name in entry.names))
        return entry if masked == entry.title else replace(entry, title=masked, withheld=entry.title)

    def _touches(self, entry: Entry) -> bool:
        title = Index(replace(entry, summary=None, action=None, bill_title=None))
        young = self._young(entry.title) or (_any(self._minors, title) and self._young(entry.summary or ""))
        return young or _any(self._words, title)

    def _young(self, text: str) -> bool:
        ages = (int(next(filter(None, found))) for found in _AGE.findall(txt.clean(text)))
        return any(0 < age < self._adult for age in ages)


def masked_title(title: str, known: Collection[str] = ()) -> str:
    """The headline without what may be a person's name in it; unchanged where nothing in it can be one.

    `known`: names that are no person's.
    """
    words = re.findall(r"[^\W\d_][\w'’-]*", title)
    long = [word for word in words[1:] if len(word) >= _LETTERS]
    if long and sum(word[0].isupper() for word in long) > _MOSTLY * len(long):
        return _WHOLE
    return _RUN.sub(lambda found: found[0] if found[0] in known or _begins(found, title) else _NAME, title)


def _begins(run: re.Match[str], title: str) -> bool:
    """Whether it is only the first word of a sentence; one with an age behind it is a name: "Jane, 15, …"."""
    before, after = title[: run.start()].rstrip(), title[run.end() :]
    first = not before or before.endswith((".", "!", "?", ":", "“", '"'))
    return first and " " not in run[0] and (not _AGE_BEHIND.match(after) or run[0].casefold() in _SOMEBODY)


def _phrases(words: tuple[config.Words, ...]) -> tuple[Phrase, ...]:
    roots = (parse(f'"{one.words}"').root for one in words)
    return tuple(root for root in roots if isinstance(root, Phrase))


def _any(phrases: tuple[Phrase, ...], index: Index) -> bool:
    return any(index.find(phrase) for phrase in phrases)
