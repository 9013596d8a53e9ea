"""How common words are in the Federal Register, and which agencies use them: the table that ships with the bot. Pure.

`bin/register_words.py` makes the table from the Register's own documents, which are in the public domain.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import takewhile
from typing import Final

TABLE: Final = "register_words.txt"
_SMALL: Final = frozenset(
    {"of", "the", "for", "on", "office"}
)  # in an agency's name and not, or elsewhere, in its slug


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`counts`: documents with a word ("loan") or pair ("student loan"), singular; `agencies` of a word by slug.

    `authors`: the documents of each agency.
    """

    documents: int
    authors: Mapping[str, int]
    counts: Mapping[str, int]
    agencies: Mapping[str, Mapping[str, int]]
    singles: Sequence[str]  # sorted

    def rate(self, phrase: str) -> float:
        """The share of documents with this word or pair; 0 for one that is too rare for the table."""
        return self.counts.get(phrase, 0) / self.documents

    def share(self, word: str, agencies: Collection[str]) -> float:
        """The share of documents that have this word and are by one of these agencies; by any one if there are none.

        The table lists up to three agencies of a word: of another it has few documents.
        """
        listed = self.agencies.get(word, {})
        most = max((count for slug, count in listed.items() if slug in (agencies or listed)), default=0)
        return most / self.documents

    def beginning(self, stem: str) -> Iterator[str]:
        """The words that begin with `stem`."""
        start = bisect_left(self.singles, stem)
        return takewhile(lambda word: word.startswith(stem), self.singles[start:])


def singular(word: str) -> str:
    """A folded word without the ending of its plural: "policies" and "policy" are one word of the table."""
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@lru_cache(1_024)
def agency_key(name: str) -> frozenset[str]:
    """What a name and a slug have in common: the Bureau of Land Management is "land-management-bureau"."""
    return frozenset(re.findall("[a-z]+", name.casefold())) - _SMALL


@cache
def shipped() -> Lexicon:
    """The table that ships: the first line has the number of documents, and of each agency's, by its slug.

    Each other line has a word, its documents and those of up to three agencies; then, after "|", each word that follows
    it in three documents or more: `student 50 54:28|aid 12|loan 3`.
    """
    head, *lines = files("bot.watch").joinpath(TABLE).read_text(encoding="utf-8").splitlines()
    documents, *listed = head.split()
    authors = {slug: int(n) for slug, _, n in (each.partition(":") for each in listed)}
    slugs = list(authors)
    counts: dict[str, int] = {}
    agencies: dict[str, dict[str, int]] = {}
    for line in lines:
        first, *seconds = line.split("|")
        word, count, *shares = first.split()
        counts[word] = int(count)
        agencies[word] = {slugs[int(code)]: int(n) for code, _, n in (share.partition(":") for share in shares)}
        for second in seconds:
            other, _, n = second.partition(" ")
            counts[f"{word} {other}"] = int(n)
    return Lexicon(int(documents), authors, counts, agencies, list(agencies))
