"""Which of a coalition's asks an entry is nearest to, by the words that they share. Pure.

A word counts the more, the fewer documents of the Federal Register have it. One word is not enough: "doctor" is also in
names and in passing. It takes a second one, two that are side by side in both texts, a word of the whole cause, or an
asked agency that publishes little else. A word of at least half of the asks tells the cause and no ask; if it is a word
of every request, such as *lead*, the cause is only where it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.shared.entry import Agency
from bot.watch import drafts
from bot.watch import text as txt
from bot.watch.lexicon import GENERIC, Lexicon, singular, tells

_USUAL: Final = 0.02  # of all documents: a word in more tells no ask
_FEW_SUBJECTS: Final = 0.015  # of all documents: an agency with more has several subjects
_SURE: Final = 2.0  # what a code weighs more than a word, and a pair more than its two words
_OF_CAUSE: Final = 1.0
_CLEAR: Final = 5.0  # what the shared words weigh together
_AS_NEAR: Final = 0.75  # of the nearest ask's weight
_ENDING: Final = re.compile(r"(?<=\w{4})(?:ing|ed)$|(?<=\w{3})e$")
_DOUBLED: Final = re.compile(r"([^\Waeiou])\1$")
_CODE: Final = re.compile(r"[A-Z]{3,}|\d+[A-Z]+")  # FAFSA, 340B


@dataclass(frozen=True, slots=True)
class Asks:
    """The weights of each ask's telling words and pairs, and what tells the cause."""

    words: Mapping[int, Mapping[str, float]]
    pairs: Mapping[int, Mapping[tuple[str, str], float]]
    of_cause: Collection[str]
    needed: Collection[str]  # of which an entry needs one
    agencies: Collection[str]  # slugs

    def nearest(self, words: Sequence[str], agencies: Sequence[Agency]) -> tuple[int, ...]:
        """The asks that an entry is clearly near: one, or those about as near; none if it is of the cause alone.

        `words`: its folded words, with a blank after each text.
        """
        stems = [*map(_stem, words)]
        present, pairs = {*stems}, {*pairwise(stems), *zip(stems, stems[2:], strict=False)}  # "lead-based paint"
        if self.needed and present.isdisjoint(self.needed):
            return ()
        of_cause = not present.isdisjoint(self.of_cause) or any(each.slug in self.agencies for each in agencies)
        scores = {}
        for number, weights in self.words.items():
            evidence = [weights[word] for word in weights.keys() & present]
            evidence += [self.pairs[number][pair] for pair in self.pairs[number].keys() & pairs]
            if len(evidence) + of_cause > 1:
                scores[number] = math.fsum(evidence) + _OF_CAUSE * of_cause
        least = max(_CLEAR, _AS_NEAR * max(scores.values(), default=0))
        return tuple(number for number, score in scores.items() if score >= least)


def of(texts: Mapping[int, str], agencies: Collection[str], bodies: Collection[str], lexicon: Lexicon) -> Asks:
    """The asks by their texts. `agencies`: slugs of the asked ones; `bodies`: names that tell no subject."""
    rows = {number: _words(text, bodies) for number, text in texts.items()}
    times = Counter(stem for row in rows.values() for stem in {*map(_stem, row)} - {""})
    of_cause = {stem for stem, count in times.items() if count >= max(2, len(rows) / 2)}
    generic = {*map(_stem, GENERIC)}
    codes = {_stem(word) for row in rows.values() for word in row if _CODE.fullmatch(word)}
    weights = {
        stem: (_weight(_documents(stem, lexicon), lexicon) + _SURE * (stem in codes)) / count
        for stem, count in times.items()
        if stem not in of_cause | generic
    }
    pairs: dict[int, dict[tuple[str, str], float]] = {number: {} for number in rows}
    for number, row in rows.items():
        for first, second in pairwise(row):
            one, other = _stem(first), _stem(second)
            if one and other and {one, other} & (weights.keys() | of_cause):
                times_used = lexicon.counts.get(f"{_folded(first)} {_folded(second)}", 0)
                more = _weight(times_used, lexicon) - weights.get(one, 0) - weights.get(other, 0)
                pairs[number][one, other] = max(_SURE, more if {one, other} & of_cause else 0)
    words = {number: {*map(_stem, row)} & weights.keys() for number, row in rows.items()}
    small = {slug for slug in agencies if lexicon.authors.get(slug, 0) <= _FEW_SUBJECTS * lexicon.documents}
    return Asks(
        {number: {stem: weights[stem] for stem in stems if weights[stem]} for number, stems in words.items()},
        pairs, of_cause, {*map(_stem, drafts.of_cause([*texts.values()]))}, small,
    )  # fmt: skip


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
    return max(0.0, math.log(_USUAL * lexicon.documents / max(1, documents)))
