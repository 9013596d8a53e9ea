"""Whether an entry is about a coalition's cause, and which of its asks it is nearest to, by shared words. Pure.

It is about the cause if all evidence together makes that likely, as in Bayes' rule: each word and pair of the asks by
how much more often a document about them has it than others have, and whether an asked agency published it. One word of
one ask is enough only in a title of an asked agency that publishes little: "doctor" is also in names.

An ask tells apart what few documents have. A word of at least half of the asks tells the cause and no ask; if it is a
word of every request, such as *lead*, the cause is only where it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from bot.shared.entry import Entry
from bot.watch import drafts
from bot.watch import text as txt
from bot.watch.lexicon import GENERIC, USUAL, Lexicon, singular, tells

_IN_TITLE: Final = 2.0  # times what a word weighs elsewhere
# Evidence of the cause, in logarithms of how many times likelier something is in its documents.
_HAVE_WORD: Final = 0.3  # of the documents about all asks: so many have a word of theirs
_BY_ASKED: Final = 0.9  # of the documents about the asks: so many are by an asked agency
_UNKNOWN: Final = 4.45  # where a source names no agency: it was chosen for what it brings; more is a second sign
_MOST_OF_WORD: Final = 6.0  # that one ask has
_MOST_OF_EVIDENT_PAIR: Final = 3.0
_LIKELY: Final = 10.4
# How near an ask is, by how much rarer its words are than usual ones.
_SIGN: Final = 0.5  # what a word weighs that counts as a second one
_CLEAR: Final = 4.2
_CLEAR_ALONE: Final = 7.0  # without any word of at least half of the asks, where there are such words
_MOST_OF_PAIR: Final = (0.0, math.inf, 2.2)  # by the number of words
_AS_NEAR: Final = 0.75  # of the nearest ask's weight
_NAMED: Final = 1.0  # what a name weighs more than a word
_ENDING: Final = re.compile(r"(?<=\w{4})(?:ing|ed)$|(?<=\w{3})e$")
_DOUBLED: Final = re.compile(r"([^\Waeiou])\1$")
_CODE: Final = re.compile(r"[A-Z]{3,}|\d+[A-Z]+")  # FAFSA, 340B
_NAME: Final = re.compile(rf"\b[a-z][\w’'-]*,? ([A-Z][\w’'-]+)(?! [A-Z])|({_CODE.pattern})")  # the Lifeline program
_COMPOUND: Final = re.compile(r"\b\w{3,}-\w+-\w{3,}\b")  # hours-of-service

Group = tuple[str, ...]  # a word, or two side by side


@dataclass(frozen=True, slots=True)
class Asks:
    """What tells each ask, and what tells the cause, by words and pairs."""

    weights: Mapping[int, Mapping[Group, float]]
    codes: Collection[str]  # acronyms in the asks: no other is a word of theirs
    needed: AbstractSet[Group]  # of which an entry needs one
    of_cause: AbstractSet[Group]  # words of at least half of the asks
    evidence: Mapping[Group, tuple[float, float]]  # of the cause, anywhere and in a title
    publishers: Mapping[str, float]  # the same, by slug

    def nearest(self, entry: Entry) -> tuple[int, ...] | None:
        """The asks that an entry is clearly near; none if it is of the cause alone; None if it is not of the cause."""
        title = self._groups(entry.title)
        others = (entry.summary, entry.action, *(quote.text for quote in entry.quotes))
        present = title.union(*(self._groups(text) for text in others if text))
        published = self._published(entry)
        shared = self.evidence.keys() & present
        words = math.fsum(self.evidence[group][group in title] for group in shared)
        if (self.needed and self.needed.isdisjoint(present)) or words + published < _LIKELY:
            return None
        has_word = not self.of_cause.isdisjoint(present)
        telling = (group for group in shared if len(group) > 1 or self.evidence[group][0] > _SIGN)
        signs = sum(map(len, telling)) + (published > _UNKNOWN)
        scores = {}
        for number, weights in self.weights.items():
            groups = weights.keys() & present if signs > 1 else ()
            scores[number] = math.fsum(weights[group] * (_IN_TITLE if group in title else 1) for group in groups)
        clear = _CLEAR if has_word or not self.of_cause else _CLEAR_ALONE
        least = max(clear, _AS_NEAR * max(scores.values(), default=0))
        return tuple(number for number, score in scores.items() if score >= least)

    def _published(self, entry: Entry) -> float:
        """The evidence in who published an entry."""
        listed = [each.slug for each in entry.agencies or () if each.slug]
        elsewhere = math.log(1 - _BY_ASKED) if self.publishers else 0.0
        evidence = (self.publishers[slug] for slug in listed if slug in self.publishers)
        return max(evidence, default=elsewhere) if listed else _UNKNOWN

    def _groups(self, text: str) -> set[Group]:
        """The words of a text, and the pairs of them that are side by side or one apart: "lead-based paint"."""
        words = txt.raw_words(txt.clean(text))
        stems = [_stem(word) for word in words]
        if not text.isupper():
            stems = ["" if _CODE.fullmatch(word) and stem not in self.codes else stem
                     for word, stem in zip(words, stems, strict=True)]  # fmt: skip
        return {*zip(stems, strict=True), *pairwise(stems), *zip(stems, stems[2:], strict=False)}


def of(
    texts: Mapping[int, str], agencies: Collection[str], bodies: Collection[str], lexicon: Lexicon,
    above: Collection[str] = (),
) -> Asks:  # fmt: skip
    """The asks by their texts. `agencies`: asked slugs; `above`: what those are part of; `bodies` tell no subject."""
    rows = {number: _words(text, bodies) for number, text in texts.items()}
    needed = {*map(_stem, drafts.of_cause([*texts.values()]))}
    codes = {_stem(word) for row in rows.values() for word in row if _CODE.fullmatch(word)}
    usual = {*map(_stem, GENERIC), *(_stem(word) for slug in agencies for word in slug.split("-"))} - needed
    shares = {number: _shares(row, usual, lexicon) for number, row in rows.items()}
    times = Counter(chain.from_iterable(shares.values()))
    of_cause = {group for group, asks in times.items() if asks >= max(2, len(rows) / 2)}
    evidence = _evidence(dict(chain.from_iterable(own.items() for own in shares.values())), times, len(rows))
    weights: dict[int, dict[Group, float]] = {}
    for number, own in shares.items():
        names = {(_stem(word),) for either in _NAME.findall(texts[number]) for word in either}
        weights[number] = {
            group: min(_MOST_OF_PAIR[len(group)], max(0.0, math.log(USUAL / own[group]))) / times[group]
            + _NAMED * (group in names) for group in own.keys() - of_cause
        }  # fmt: skip
        for first, _, last in (compound.split("-") for compound in _COMPOUND.findall(texts[number])):
            weights[number][_stem(first), _stem(last)] = _CLEAR
            evidence[_stem(first), _stem(last)] = (_MOST_OF_WORD, _MOST_OF_WORD)
    published = {slug: max(1, lexicon.authors.get(slug, 1)) / lexicon.documents for slug in agencies}
    publishers = dict.fromkeys(above, 0.0) | {slug: math.log(_BY_ASKED / share) for slug, share in published.items()}
    return Asks(weights, codes, {(stem,) for stem in needed}, of_cause, evidence, publishers)


def _shares(row: Sequence[str], usual: AbstractSet[str], lexicon: Lexicon) -> dict[Group, float]:
    """The share of the Register's documents that have each word and pair of an ask; without usual words."""
    counts: dict[Group, int] = {}
    for words in pairwise(row):
        pair = _stem(words[0]), _stem(words[1])
        if all(pair) and not {*pair} <= usual:
            counts[pair] = lexicon.counts.get(" ".join(map(_folded, words)), 0)
    for stem in {*map(_stem, row)} - {"", *usual}:
        counts[stem,] = sum(lexicon.counts[form] for form in lexicon.beginning(stem) if _stem(form) == stem)
    return {group: max(1, count) / lexicon.documents for group, count in counts.items()}


def _evidence(shares: Mapping[Group, float], times: Mapping[Group, int], asks: int) -> dict[Group, tuple[float, float]]:
    """The evidence of the cause in each word and, beyond that of its words, in each pair: anywhere, and in a title."""
    weights = {
        group: math.log(1 + _HAVE_WORD * math.sqrt((times[group] if len(group) == 1 else 1) / asks) / share)
        for group, share in shares.items()
    }
    for first, last in (group for group in shares if len(group) > 1):
        beyond = weights[first, last] - weights.get((first,), 0) - weights.get((last,), 0)
        weights[first, last] = min(_MOST_OF_EVIDENT_PAIR, max(beyond, weights[first, last] / 2))
    most = {group: math.inf if times[group] > 1 else _MOST_OF_WORD for group in weights}
    return {group: (min(most[group], each), min(most[group], each * _IN_TITLE)) for group, each in weights.items()}


def _words(text: str, bodies: Collection[str]) -> list[str]:
    for name in drafts.bodies_named(text):
        text = text.replace(name, ";")
    return ["" if word in bodies else word for word in txt.raw_words(txt.clean(text))]


def _folded(word: str) -> str:
    return singular(txt.fold(word))


def _stem(word: str) -> str:
    """A word without the endings of its plural and its verb: a doctor is not doctoral, but leasing a lease."""
    folded = txt.fold(word)
    telling = tells(folded) or not (folded.isalpha() or folded.isdecimal())  # 340b
    return _DOUBLED.sub(r"\1", _ENDING.sub("", singular(folded))) if telling else ""
