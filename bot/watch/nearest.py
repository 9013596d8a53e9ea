"""Whether an entry is about a coalition's cause, and which of its asks it is nearest to, by shared words. Pure.

It is about the cause if the evidence of one ask makes that likely, as in Bayes' rule: each word and pair by how much
more often a document about the asks has it than others, and who published it. Other words in a title count against it.

An ask needs two signs that few documents have, such as two words apart: "doctor" is also in names. One in a title is
enough if no other ask has it: a rare phrase, or from an asked agency a rare name or a word of theirs. A word
of half of the asks tells the cause and no ask; if every request has it, such as *lead*, the cause is only where it is.
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
_UNKNOWN: Final = 4.45  # where a source names no agency: it was chosen for what it brings
_MOST_OF_PAIR: Final = 3.0
_MOST_OF_WORD: Final = 6.0  # unless at least half of the asks have it, or several and mostly asked agencies
_OWN_WORDS: Final = 0.2  # of a title's words: of what fewer are the asks' is likely about something else
_OTHER_WORDS: Final = 15.0  # what a title without any of them counts against, times that share
_LIKELY: Final = 8.8
# How near an ask is, by how much rarer its words are than usual ones.
_CLEAR: Final = 5.5
_NAMED: Final = 2.0  # what a name weighs more than a word
_AS_NEAR: Final = 0.75  # of the nearest ask's weight
# Shares of the Register's documents: of so few, one sign is enough.
_RARE: Final = 0.0015  # a phrase or a name
_RARE_WORD: Final = 0.00045  # that mostly asked agencies use
_TOO_FEW: Final = 0.0002  # to say whose word it is
_THEIRS: Final = 0.65  # of a word's documents, that are by one asked agency
_ENDING: Final = re.compile(r"(?<=\w{4})(?:ing|ed)$|(?<=\w{3})e$")
_DOUBLED: Final = re.compile(r"([^\Waeiou])\1$")
_CODE: Final = re.compile(r"[A-Z]{3,}|\d+[A-Z]+")  # FAFSA, 340B
_NAME: Final = re.compile(rf"\b[a-z][\w’'-]*,? ([A-Z][\w’'-]+)(?! [A-Z])|({_CODE.pattern})")  # the Lifeline program
_LONG_NAME: Final = re.compile(r"(?<![.:;] )(?<!^)\b[A-Z][\w’'-]+(?:[ -][A-Z][\w’'-]+)+", re.MULTILINE)  # Bears Ears
_COMPOUND: Final = re.compile(r"\b\w{3,}-\w+-\w{3,}\b")  # hours-of-service

Group = tuple[str, ...]  # a word, or two side by side


@dataclass(frozen=True, slots=True)
class Asks:
    """What tells each ask, and what tells the cause, by words and pairs."""

    weights: Mapping[int, Mapping[Group, float]]  # 0 of what tells the cause and no ask
    signs: Mapping[int, AbstractSet[Group]]
    enough: Mapping[Group, bool]  # what tells an ask alone in a title; whether only if an asked agency published it
    codes: Collection[str]  # acronyms in the asks: no other is a word of theirs
    needed: AbstractSet[Group]  # of which an entry needs one
    evidence: Mapping[Group, tuple[float, float]]  # of the cause, anywhere and in a title
    publishers: Mapping[str, float]  # the same, by slug
    above: Collection[str]  # what asked agencies are part of: of a document of another part it tells nothing

    def nearest(self, entry: Entry) -> tuple[int, ...] | None:
        """The asks that an entry is clearly near; none if it is of the cause alone; None if it is not of the cause."""
        title = self._groups(entry.title)
        others = (entry.summary, entry.action, *(quote.text for quote in entry.quotes))
        present = title.union(*(self._groups(text) for text in others if text))
        asked, published = self._published(entry)
        shared = {number: weights.keys() & present for number, weights in self.weights.items()}
        sums = (math.fsum(self.evidence[group][group in title] for group in groups) for groups in shared.values())
        words = [group for group in title if len(group) == 1 and group[0]]
        own = sum(group in self.evidence for group in words) / max(1, len(words))
        against = _OTHER_WORDS * max(0.0, _OWN_WORDS - own)
        if (self.needed and self.needed.isdisjoint(present)) or max(sums, default=0) + published - against < _LIKELY:
            return None
        scores = {}
        for number, groups in shared.items():
            if self._is_sure(groups & self.signs[number], title, asked=asked, other=published < 0):
                weights = ((self.weights[number][group], group in title) for group in groups)
                scores[number] = math.fsum(weight * (_IN_TITLE if large else 1) for weight, large in weights)
        least = max(_CLEAR, _AS_NEAR * max(scores.values(), default=0))
        return tuple(number for number, score in scores.items() if score >= least)

    def _is_sure(self, signs: AbstractSet[Group], title: AbstractSet[Group], *, asked: bool, other: bool) -> bool:
        """Whether an entry has two signs of an ask: pairs, and words outside of them; or one that is enough."""
        paired = {*chain.from_iterable(sign for sign in signs if len(sign) > 1)}
        apart = sum(len(sign) > 1 or sign[0] not in paired for sign in signs)
        alone = (asked or not (other or self.enough[sign]) for sign in self.enough.keys() & signs & title)
        return apart > 1 or any(alone)

    def _published(self, entry: Entry) -> tuple[bool, float]:
        """Whether an asked agency published an entry, and the evidence in who did."""
        listed = [each.slug for each in entry.agencies or () if each.slug]
        asked = [0.0 if slug in self.above and len(listed) > 1 else self.publishers[slug]
                 for slug in listed if slug in self.publishers]  # fmt: skip
        elsewhere = math.log(1 - _BY_ASKED) if self.publishers else 0.0
        return any(asked), max(asked, default=elsewhere) if listed else _UNKNOWN

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
    compounds = {(_stem(first), _stem(last)) for text in texts.values()
                 for first, _, last in (compound.split("-") for compound in _COMPOUND.findall(text))}  # fmt: skip
    rates = {number: _rates(row, usual, compounds, lexicon) for number, row in rows.items()}
    long = {number: _long_names(text, rates[number]) for number, text in texts.items()}
    names = {(_stem(word),) for number, text in texts.items() for either in _NAME.findall(text) for word in either
             if (_stem(word),) not in long[number]}  # fmt: skip
    times = Counter(chain.from_iterable(rates.values()))
    of_cause = {group for group, asks in times.items() if asks >= max(2, len(rows) / 2)}
    every = dict(chain.from_iterable(own.items() for own in rates.values()))
    theirs = {group for group, rate in every.items() if len(group) == 1 and rate * _THEIRS < sum(
        lexicon.share(form, agencies) for form in _forms(group[0], lexicon))}  # fmt: skip
    weights = {group: min((math.inf, _MOST_OF_PAIR)[len(group) - 1], math.log(USUAL / rate)) / times[group]
               + _NAMED * (group in names) for group, rate in every.items() if rate < USUAL}  # fmt: skip
    weights |= dict.fromkeys(compounds, _CLEAR) | dict.fromkeys(of_cause, 0.0)
    published = {slug: max(1, lexicon.authors.get(slug, 1)) / lexicon.documents for slug in agencies}
    return Asks(
        {number: {group: weights.get(group, 0.0) for group in groups} for number, groups in rates.items()},
        {number: {group for group in groups if weights.get(group) and not (len(group) == 1 and group in long[number])}
         for number, groups in rates.items()},
        {group: len(group) == 1 or any(group in groups for groups in long.values())
         for group, rate in every.items() if times[group] == 1 and rate <= (
             _RARE if len(group) > 1 or group in names else _RARE_WORD if group in theirs else _TOO_FEW)},
        codes,
        {(stem,) for stem in needed},
        _evidence(every, times, len(rows), of_cause | theirs),
        dict.fromkeys(above, 0.0) | {slug: math.log(_BY_ASKED / share) for slug, share in published.items()},
        above,
    )  # fmt: skip


def _rates(
    row: Sequence[str], usual: AbstractSet[str], compounds: AbstractSet[Group], lexicon: Lexicon
) -> dict[Group, float]:
    """The share of the Register's documents that have each word and pair of an ask; without usual words."""
    stems = [_stem(word) for word in row]
    counts: dict[Group, int] = dict.fromkeys(compounds & {*zip(stems, stems[2:], strict=False)}, 0)
    for words in pairwise(row):
        pair = _stem(words[0]), _stem(words[1])
        if all(pair) and not {*pair} <= usual:
            counts[pair] = lexicon.counts.get(" ".join(map(_folded, words)), 0)
    for stem in {*stems} - {"", *usual}:
        counts[stem,] = sum(lexicon.counts[form] for form in _forms(stem, lexicon))
    return {group: max(1, count) / lexicon.documents for group, count in counts.items()}


def _forms(stem: str, lexicon: Lexicon) -> list[str]:
    return [form for form in lexicon.beginning(stem) if _stem(form) == stem]


def _long_names(text: str, own: Collection[Group]) -> set[Group]:
    """The pairs of an ask's long names, and their words, which are no signs alone: "Bears Ears" is about no bear."""
    names = [[_stem(word) for word in txt.raw_words(txt.clean(name))] for name in _LONG_NAME.findall(text)]
    return {
        group
        for stems in names
        if (pairs := {*pairwise(stems)} & {*own})
        for group in (*zip(stems, strict=True), *pairs)
    }


def _evidence(
    shares: Mapping[Group, float], times: Mapping[Group, int], asks: int, sure: Collection[Group]
) -> dict[Group, tuple[float, float]]:
    """The evidence of the cause in each word and, beyond that of its words, in each pair: anywhere, and in a title.

    `sure`: what tells the cause without a second word, if several asks have it.
    """
    weights = {
        group: math.log(1 + _HAVE_WORD * math.sqrt((times[group] if len(group) == 1 else 1) / asks) / share)
        for group, share in shares.items()
    }
    for first, last in (group for group in shares if len(group) > 1):
        beyond = weights[first, last] - weights.get((first,), 0) - weights.get((last,), 0)
        weights[first, last] = min(_MOST_OF_PAIR, max(beyond, weights[first, last] / 2))
    most = {group: math.inf if times[group] > 1 and group in sure else _MOST_OF_WORD for group in weights}
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
    telling = tells(singular(folded)) or not (folded.isalpha() or folded.isdecimal())  # 340b
    return _DOUBLED.sub(r"\1", _ENDING.sub("", singular(folded))) if telling else ""
