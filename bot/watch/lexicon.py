"""Words that name no subject; how common all others are in the Federal Register, and which agencies use them. Pure.

`bin/register_words.py` makes the table that ships with the bot from the Register's own documents, which are in the
public domain.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import takewhile
from typing import Final

from bot.watch import text as txt

_SHORTEST: Final = 3  # letters of a word that tells something alone
TABLE: Final = "register_words.txt"
# In an agency's name and not, or elsewhere, in its slug.
_SMALL: Final = frozenset({"of", "the", "for", "on", "office"})
USUAL: Final = 0.02  # of all documents: a word in more tells nothing
_TIMES_AS_OFTEN: Final = 2  # in the agency's documents as in all
_SURE: Final = 3  # documents of an agency with a word: fewer count in part
_LEAST: Final = 2.1  # what the words of a statement weigh together
_LEAST_WORDS: Final = 2
_OF_FIRST: Final = 2 / 3  # of what the likeliest agency's words weigh
_CAPITALS: Final = re.compile(r"\b[A-Z]{3,}\b")
_JOINTS: Final = frozenset({"of", "and", "the", "for", "on", "in", "to"})
_IN_BRACKETS: Final = re.compile(r"\(([A-Z][A-Za-z]{1,9})\)")
_LONGEST_NAME: Final = 120  # characters before the brackets that may explain an acronym
_OF_US: Final = re.compile(r"(?:(?<!a)b|[lnprt]|foc|ens)uses$")  # buses, bonuses, campuses; but not causes or abuses


PLAIN: Final = frozenset(files("bot.watch").joinpath("plain_words.txt").read_text(encoding="utf-8").split())


def tells(word: str) -> bool:
    """Whether a folded word says something alone: it is neither grammar, nor very short, nor a number."""
    return len(word) >= _SHORTEST and word not in PLAIN and not word[0].isdigit()


# Words of many requests that name no subject alone, singular. `drafts` asks the table how common others are.
GENERIC: Final = frozenset(files("bot.watch").joinpath("generic_words.txt").read_text(encoding="utf-8").split())


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
    if word.endswith(("sses", "shes", "ches", "xes", "zes")) or _OF_US.search(word):
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


def spelled_out(text: str) -> dict[str, str]:
    """The acronyms that a text explains: "income-driven repayment (IDR)"."""
    acronyms: dict[str, str] = {}
    for bracket in _IN_BRACKETS.finditer(text):
        acronym, start = bracket[1], bracket.start()
        before = re.split(r"[().;:]", text[max(0, start - _LONGEST_NAME) : start])[-1]
        words = re.findall(r"[\w’']+", before)
        at = len(words)
        for letter in reversed(re.sub("(?<=[A-Z])s$", "", acronym).upper()):
            while at and words[at - 1] in _JOINTS and words[at - 1][0].upper() != letter:
                at -= 1
            if not at or words[at - 1][0].upper() != letter:
                break
            at -= 1
        else:
            acronyms[acronym] = before[[*re.finditer(r"[\w’']+", before)][at].start() :].strip(' "“”')
    return acronyms


def acronyms(lexicon: Lexicon) -> Mapping[str, str]:
    """The agencies by the initials of their names, as far as one agency has them: FAA."""
    made = {slug: "".join(word[0] for word in slug.split("-") if word not in _JOINTS) for slug in lexicon.authors}
    times = Counter(made.values())
    return {initials.upper(): slug for slug, initials in made.items() if times[initials] == 1 < len(initials) - 1}


def named(text: str, lexicon: Lexicon) -> list[str]:
    """The slugs of the agencies that a text names, whole or by their initials."""
    plain = f" {' '.join(txt.words(text))} "
    by_initials = acronyms(lexicon)
    short = {by_initials.get(word) for word in _CAPITALS.findall(text)}
    whole = {slug for slug in lexicon.authors if "-" in slug and f" {slug.replace('-', ' ')} " in plain}
    return [slug for slug in lexicon.authors if slug in short | whole]


def likely(words: Iterable[str], lexicon: Lexicon) -> list[str]:
    """The agencies whose documents use these words (singular) more often than others do, the likeliest first."""
    weights = defaultdict(list)
    for word in words:
        if not 0 < lexicon.rate(word) <= USUAL:
            continue
        for slug, count in lexicon.agencies.get(word, {}).items():
            share = count / lexicon.counts[word]
            times_as_often = share * lexicon.documents / lexicon.authors[slug]
            if times_as_often > _TIMES_AS_OFTEN:
                both = math.sqrt(share * count / lexicon.authors[slug])  # of the word's documents, and of the agency's
                weights[slug].append(both * math.log(times_as_often) * min(1, count / _SURE))
    sums = {slug: sum(each) for slug, each in weights.items() if len(each) >= _LEAST_WORDS}
    least = max(_LEAST, _OF_FIRST * max(sums.values(), default=0))
    return sorted((slug for slug in sums if sums[slug] >= least), key=lambda slug: -sums[slug])
