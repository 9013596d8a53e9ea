"""Which of a coalition's asks an entry is nearest to, by the words that they share. Pure.

A word counts the more, the fewer documents of the Federal Register have it, and twice in a title. One word is not
enough: "doctor" is also in names and in passing. It takes a second one, two that are side by side in both texts, a word
of the whole cause, or an asked agency that publishes little else. A word of at least half of the asks tells the cause
and no ask; if it is a word of every request, such as *lead*, the cause is only where it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.shared.entry import Entry
from bot.watch import drafts
from bot.watch import text as txt
from bot.watch.lexicon import GENERIC, USUAL, Lexicon, singular, tells

_FEW_SUBJECTS: Final = 0.015  # of all documents: an agency with more has several subjects
_SURE: Final = 2.0  # what a code weighs more than a word, and a pair more than its two words, at most
_OF_CAUSE: Final = 3.0
_CLEAR: Final = 7.5  # what the shared words weigh together
_AS_NEAR: Final = 0.75  # of the nearest ask's weight
_ENDING: Final = re.compile(r"(?<=\w{4})(?:ing|ed)$|(?<=\w{3})e$")
_DOUBLED: Final = re.compile(r"([^\Waeiou])\1$")
_CODE: Final = re.compile(r"[A-Z]{3,}|\d+[A-Z]+")  # FAFSA, 340B
_COMPOUND: Final = re.compile(r"\b\w{3,}-\w+-\w{3,}\b")  # hours-of-service

Group = tuple[str, ...]  # a word, or two side by side


@dataclass(frozen=True, slots=True)
class Asks:
    """The weights of each ask's telling words and pairs, and what tells the cause."""

    weights: Mapping[int, Mapping[Group, float]]
    codes: Collection[str]  # acronyms in the asks: no other is a word of theirs
    of_cause: Collection[str]
    needed: Collection[str]  # of which an entry needs one
    agencies: Collection[str]  # slugs

    def nearest(self, entry: Entry) -> tuple[int, ...]:
        """The asks that an entry is clearly near: one, or those about as near; none if it is of the cause alone."""
        title = self._groups(entry.title)
        others = (entry.summary, entry.action, *(quote.text for quote in entry.quotes))
        present = title.union(*(self._groups(text) for text in others if text))
        if self.needed and not any((word,) in present for word in self.needed):
            return ()
        has_word = any((word,) in present for word in self.of_cause)
        by_asked = any(each.slug in self.agencies for each in entry.agencies or ())
        scores = {}
        for number, weights in self.weights.items():
            shared = weights.keys() & present
            if sum(map(len, shared)) + (has_word or by_asked) > 1:
                of_cause = has_word or (not self.of_cause and sum(len(group) == 1 for group in shared) > 1)
                evidence = math.fsum(weights[group] * (1 + (group in title)) for group in shared)
                scores[number] = evidence + _OF_CAUSE * of_cause
        least = max(_CLEAR, _AS_NEAR * max(scores.values(), default=0))
        return tuple(number for number, score in scores.items() if score >= least)

    def _groups(self, text: str) -> set[Group]:
        """The words of a text, and the pairs of them that are side by side or one apart: "lead-based paint"."""
        words = txt.raw_words(txt.clean(text))
        stems = [_stem(word) for word in words]
        if not text.isupper():
            stems = ["" if _CODE.fullmatch(word) and stem not in self.codes else stem
                     for word, stem in zip(words, stems, strict=True)]  # fmt: skip
        return {*zip(stems, strict=True), *pairwise(stems), *zip(stems, stems[2:], strict=False)}


def of(texts: Mapping[int, str], agencies: Collection[str], bodies: Collection[str], lexicon: Lexicon) -> Asks:
    """The asks by their texts. `agencies`: slugs of the asked ones; `bodies`: names that tell no subject."""
    rows = {number: _words(text, bodies) for number, text in texts.items()}
    times = Counter(stem for row in rows.values() for stem in {*map(_stem, row)} - {""})
    of_cause = {stem for stem, count in times.items() if count >= max(2, len(rows) / 2)}
    codes = {_stem(word) for row in rows.values() for word in row if _CODE.fullmatch(word)}
    words = {
        stem: _weight(_documents(stem, lexicon), lexicon) + _SURE * (stem in codes)
        for stem in times.keys() - of_cause - {*map(_stem, GENERIC)}
    }
    weights: dict[int, dict[Group, float]] = {}
    for number, row in rows.items():
        weights[number] = {(stem,): words[stem] / times[stem] for stem in map(_stem, row) if words.get(stem)}
        for first, second in pairwise(row):
            pair = _stem(first), _stem(second)
            if all(pair) and {*pair} & (words.keys() | of_cause):
                rare = _weight(lexicon.counts.get(f"{_folded(first)} {_folded(second)}", 0), lexicon)
                more = rare - sum(words.get(stem, 0) for stem in pair)
                weights[number][pair] = max(0.0, more) if {*pair} & of_cause else min(_SURE, rare)
        for first, _, last in (found.split("-") for found in _COMPOUND.findall(texts[number])):
            weights[number][_stem(first), _stem(last)] = 2 * _SURE
    small = {slug for slug in agencies if lexicon.authors.get(slug, 0) <= _FEW_SUBJECTS * lexicon.documents}
    return Asks(weights, codes, of_cause, {*map(_stem, drafts.of_cause([*texts.values()]))}, small)


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


def _documents(stem: str, lexicon: Lexicon) -> int:
    return sum(lexicon.counts[form] for form in lexicon.beginning(stem) if _stem(form) == stem)


def _weight(documents: int, lexicon: Lexicon) -> float:
    return max(0.0, math.log(USUAL * lexicon.documents / max(1, documents)))
