"""Search by words: an SQL condition for texts that may have them, on every store, and the check that they do. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MOST_WORDS: Final = 8
CANDIDATES: Final = 1_000  # rows of one table that a search looks at more closely
_WORD: Final = re.compile(r"\w+")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Words:
    """What is searched for: every one of these must begin a word of the text. Accents and capitals do not matter."""

    typed: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        return cls(tuple(dict.fromkeys(_WORD.findall(text.casefold())))[:MOST_WORDS])

    def condition(self, column: str) -> str:
        """SQL that is true where every word is in the column: few rows pass that `fit` refuses."""
        return " AND ".join(f"LOWER({column}) LIKE :word_{n}" for n in range(len(self.typed)))

    @property
    def params(self) -> dict[str, str]:
        """Of `condition`. A letter with an accent may be any sign: SQLite's LOWER leaves those alone."""
        return {f"word_{n}": f"%{_NOT_ASCII.sub('_', word)}%" for n, word in enumerate(self.typed)}

    def fit(self, *texts: str | None) -> bool:
        """Whether the texts together have every word."""
        there = _folded(" ".join(filter(None, texts)))
        return all(any(each.startswith(part) for each in there) for word in self.typed for part in _folded(word))


def _folded(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return set(_WORD.findall("".join(character for character in plain if not unicodedata.combining(character))))
