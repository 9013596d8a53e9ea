"""Whether an entry is about a coalition's cause, and which of its asks it is nearest to, by shared words. Pure.

It is about the cause if the words of one ask, and who published it, make that likely, as in Bayes' rule: each by how
much more often a document about the asks has it than others. Other words in its title count against it.

It is for an ask if it has two signs of it: words or pairs that few documents have; two, since "doctor" is also in
names. One in a title is enough if it is rare and no other ask has it: a phrase, a name, or a word of the ask's watch.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from bot.shared.entry import Entry
from bot.watch import drafts
from bot.watch import text as txt
from bot.watch.lexicon import GENERIC, USUAL, Lexicon, singular, tells

_IN_TITLE: Final = 2  # times what a word weighs elsewhere: a title names the subject
# Evidence of the cause, in logarithms of how many times likelier something is in its documents.
_HAVE_WORD: Final = 0.3  # of the documents about all asks: so many have a word that all asks have
_BY_ASKED: Final = 0.9  # of the documents about the asks: so many are by an asked agency
_MOST: Final = 6.0  # of one word: the others may show that it is about something else
_OWN_WORDS: Final = 0.2  # of a title's words: if fewer are the asks', it is likely about something else
_OTHER_WORDS: Final = 15.0  # what a title without any of them counts against, times that share
_LIKELY: Final = 8.8  # some 6,600 times: of so many documents one is about a cause
# How near an ask is, in logarithms of how much rarer its words are than usual ones.
_CLEAR: Final = 5.1  # a word of a title that one document in 600 has
_MOST_OF_PAIR: Final = 3.0  # since its words count, too
_NAMED: Final = 2.0  # what a name weighs more than a word
_AS_NEAR: Final = 0.75  # of the nearest ask's weight
_SIGN: Final = 0.9  # the least weight of a word that tells an ask: of one ask, one document in 120 has it
_GOOD_PART: Final = 0.4  # of an ask's weight: what names it without a word of it in the title
_RARE: Final = 0.0015  # of the Register's documents: of a phrase, name or word in so few, one is enough
_ENDING: Final = re.compile(r"(?<=\w{4})(?:ing|ed)$|(?<=\w{3})e$")
_DOUBLED: Final = re.compile(r"([^\Waeiou])\1$")
_CODE: Final = re.compile(r"[A-Z]{3,}|\d+[A-Z]+")  # FAFSA, 340B
_NAME: Final = re.compile(rf"\b[a-z][\w’'-]*,? ([A-Z][\w’'-]+)(?! [A-Z])|({_CODE.pattern})")  # the Lifeline program
_LONG_NAME: Final = re.compile(r"(?<![.:;] )(?<!^)\b[A-Z][\w’'-]+(?:[ -][A-Z][\w’'-]+)+", re.MULTILINE)  # Bears Ears
_BETWEEN: Final = re.compile(r"[.,:;!?()]+(?:\s|$)|\n|;")
_QUOTED: Final = re.compile(r'"[^"]*"|“[^”]*”')  # a form's title
_MANY: Final = re.compile(r"\b(?:including|limited to|such as)\b[^.;,]{0,120}(?:,[^.;,]{0,120}){3,}")  # a list
_COMPOUND: Final = re.compile(r"\b(\w{3,})-\w+-(\w{3,})\b")  # hours-of-service

Group = tuple[str, ...]  # a word, or two side by side


@dataclass(frozen=True, slots=True, eq=False)
class Asks:
    """What tells each ask, and what tells the cause, by words and pairs."""

    weights: Mapping[int, Mapping[Group, float]]  # 0 of what tells the cause and no ask
    signs: Mapping[int, AbstractSet[Group]]
    enough: Mapping[Group, bool]  # what tells an ask alone in a title; whether only if an asked agency published it
    codes: Collection[str]  # acronyms in the asks: no other is a word of theirs
    names: AbstractSet[str]  # the words of their names
    telling: AbstractSet[str]  # words that are in few enough documents
    alone: Mapping[Group, bool]  # words and pairs that need no second one; whether not even in others' documents
    needed: AbstractSet[Group]  # of which an entry needs one
    evidence: Mapping[str, Mapping[Group, tuple[float, float]]]  # of the cause, anywhere and in a title, by publisher
    publishers: Mapping[str, float]  # the same, by slug
    above: Collection[str]  # what asked agencies are part of: of a document of another part it tells nothing

    def nearest(self, entry: Entry) -> tuple[int, ...] | None:
        """The asks that an entry is clearly near; none if it is of the cause alone; None if it is not of the cause."""
        title = self._groups(entry.title)
        others = [*filter(None, (entry.summary, entry.action, *(quote.text for quote in entry.quotes)))]
        present = title.union(*map(self._groups, others))
        written = txt.raw_words(_QUOTED.sub(" ", txt.clean(" ".join(others))))
        in_names = {_stem(word) for word in written if word[0].isupper()} - self.names
        in_names -= {_stem(word) for word in written if word[0].islower()}
        named = {(word,) for word in in_names}  # "Historic House Association" is no historic site
        subjects = {group for group in title if not in_names.issuperset(group)}
        shared = {ask: weights.keys() & present for ask, weights in self.weights.items()}
        published, by = self._published(entry)
        other = bool(self.publishers) and not by and published <= 0
        counted = (own for own in shared.values() if self._counts(own, other=other))
        most = max((self._evidence(own, title, by) for own in counted), default=0)
        if (self.needed and self.needed.isdisjoint(present)) or most + published - self._against(title) < _LIKELY:
            return None
        unlisted = title.union(*(self._groups(_MANY.sub(";", each)) for each in others))
        near = {
            ask: math.fsum(self.weights[ask][group] * (_IN_TITLE if group in title else 1) for group in own)
            for ask, own in ((ask, own & unlisted) for ask, own in shared.items())
            if self._is_sure(ask, own, named, title, subjects, asked=bool(by), other=other)
        }
        least = max(_CLEAR, _AS_NEAR * max(near.values(), default=0))
        return tuple(ask for ask, weight in near.items() if weight >= least)

    def _evidence(self, own: AbstractSet[Group], title: AbstractSet[Group], by: str) -> float:
        """The evidence in the words of one ask. Who published it tells how usual those are that stand in no pair."""
        paired = {*chain.from_iterable(group for group in own if len(group) > 1)}
        publisher = {group: "" if len(group) > 1 or group[0] in paired else by for group in own}
        return math.fsum(self.evidence[publisher[group]][group][group in title] for group in own)

    def _counts(self, own: AbstractSet[Group], *, other: bool) -> bool:
        """Whether an entry has two words of an ask that tell something, or one or a phrase that names a subject.

        In what another agency published, a phrase is one word: it, too, has "warning systems".
        """
        if other:
            apart = _apart({group for group in own if group[-1] in self.telling})
            return apart > 1 or any(self.alone.get(group) for group in own)
        return len({*chain.from_iterable(own)} & self.telling) > 1 or not own.isdisjoint(self.alone)

    def _against(self, title: AbstractSet[Group]) -> float:
        """The evidence against the cause in a title most words of which no ask has."""
        words = [group for group in title if len(group) == 1 and group[0]]
        own = sum(group in self.evidence[""] for group in words) / max(1, len(words))
        return _OTHER_WORDS * max(0.0, _OWN_WORDS - own)

    def _is_sure(
        self, ask: int, own: AbstractSet[Group], named: AbstractSet[Group], title: AbstractSet[Group],
        subjects: AbstractSet[Group], *, asked: bool, other: bool,
    ) -> bool:  # fmt: skip
        """Whether an entry has two signs of an ask, pairs and words outside of them, or one subject that is enough.

        They are in the title, at least one of the two, or anywhere if the entry has a good part of the ask.
        """
        weights, signs = self.weights[ask], (own & self.signs[ask]) - named
        much = math.fsum(weights[group] for group in own) >= _GOOD_PART * math.fsum(weights.values())
        two = _apart(signs) > 1 and (much or not self.signs[ask].isdisjoint(own & title))
        alone = self.enough.keys() & (signs if much else signs & subjects)
        return two or any(asked or not (other or self.enough[sign]) for sign in alone)

    def _published(self, entry: Entry) -> tuple[float, str]:
        """The evidence in who published an entry, half of what it takes if unknown; and the asked agency that did."""
        listed = [each.slug for each in entry.agencies or () if each.slug]
        asked = [(0.0, "") if slug in self.above and len(listed) > 1 else (self.publishers[slug], slug)
                 for slug in listed if slug in self.publishers]  # fmt: skip
        elsewhere = math.log(1 - _BY_ASKED) if self.publishers else 0.0
        return max(asked, default=(elsewhere if listed else _LIKELY / 2, ""))

    def _groups(self, text: str) -> set[Group]:
        """The words of a text, and the pairs of them that are side by side or one apart: "lead-based paint"."""
        words = txt.raw_words(txt.clean(text))
        stems = [_stem(word) for word in words]
        if not text.isupper():
            stems = ["" if _CODE.fullmatch(word) and stem not in self.codes else stem
                     for word, stem in zip(words, stems, strict=True)]  # fmt: skip
        pairs = chain(pairwise(stems), zip(stems, stems[2:], strict=False))
        return {*zip(stems, strict=True), *(pair for pair in pairs if pair[0] != pair[1])}


@dataclass(frozen=True, slots=True)
class _Words:
    """The words and pairs of all asks, and what each tells."""

    shares: Mapping[Group, float]  # of the Register's documents: so many have it
    times: Mapping[Group, int]  # asks that have it
    asks: int
    of_cause: AbstractSet[Group]  # what half of the asks have, or an agency's name ("public housing")
    theirs: AbstractSet[Group]  # words most of whose documents are by an asked agency
    names: AbstractSet[Group]
    compounds: AbstractSet[Group]  # of hyphens: hours-of-service
    sought: AbstractSet[Group]  # what a watch of one ask looks for: words that tell it alone
    lexicon: Lexicon

    def evidence(self, group: Group, by: str) -> tuple[float, float]:
        """The evidence in a publisher's documents, anywhere and in a title; of a pair half, as its words count, too."""
        have = _HAVE_WORD * math.sqrt(self.times[group] / self.asks)
        names_it = group in self.names and self.shares[group] <= _RARE
        most = math.inf if names_it or (self.times[group] > 1 and group in self.of_cause) else _MOST
        evidence = math.log(1 + have / self._share_of(group, by)) / len(group)
        return min(most, evidence), min(most, _IN_TITLE * evidence)

    def _share_of(self, group: Group, by: str) -> float:
        """The share of a publisher's documents that have a word: a helicopter is nothing special in the FAA's."""
        if not by or len(group) > 1 or self.times[group] > 2 or self.shares[group] <= _RARE:
            return self.shares[group]
        by_agency = sum(self.lexicon.agencies[form].get(by, 0) for form in _forms(group[0], self.lexicon))
        return max(self.shares[group], by_agency / self.lexicon.authors.get(by, 1))

    def weight(self, group: Group) -> float:
        """What it tells of one ask: the rarer the more, divided among the asks that have it; 0 if it is usual."""
        if group in self.of_cause or self.shares[group] >= USUAL:
            return 0.0
        rarer = min(_MOST_OF_PAIR if len(group) > 1 else math.inf, math.log(USUAL / self.shares[group]))
        return rarer / self.times[group] + _NAMED * (group in self.names and self.shares[group] <= _RARE)

    def names_subject(self, group: Group) -> bool:
        """Whether it does in anyone's document: a rare word of several asks, or a phrase with a word of the asked."""
        if len(group) > 1:
            return any((word,) in self.theirs for word in group)
        return self.times[group] > 1 and self.shares[group] <= _RARE

    def is_enough(self, group: Group) -> bool:
        """Whether it needs no second sign: few documents and one ask have its words, which are not just any.

        In a pair a word of the cause may be of all asks: "right whale"; two rather usual words tell nothing alone: a
        "stock assessment" is of any fish, and the "North Atlantic" of all who fish there.
        """
        rare = any(self.shares.get((word,), 1) < USUAL / 2 for word in group)
        telling = rare or group in self.compounds if len(group) > 1 else group in self.names | self.sought
        shared = any(self.times[word,] > 1 and (word,) not in self.of_cause for word in group) and len(group) > 1
        return telling and not shared and self.times[group] == 1 and self.shares[group] <= _RARE


def of(
    texts: Mapping[int, str], agencies: Collection[str], bodies: Collection[str], lexicon: Lexicon,
    above: Collection[str] = (), sought: Iterable[str] = (),
) -> Asks:  # fmt: skip
    """The asks by their texts. `agencies`: asked slugs; `above`: what those are part of; `bodies` tell no subject."""
    rows = {ask: _words(text, bodies) for ask, text in texts.items()}
    needed = {*map(_stem, drafts.of_cause([*texts.values()]))}
    own_names = {_stem(word) for slug in agencies for word in slug.split("-")} - needed
    usual = {*map(_stem, GENERIC)} - needed | own_names
    compounds = {(_stem(first), _stem(last)) for text in texts.values() for first, last in _COMPOUND.findall(text)}
    shares = {ask: _shares(row, usual, compounds, lexicon) for ask, row in rows.items()}
    long_names = {ask: _long_names(text, shares[ask]) for ask, text in texts.items()}
    names = {(_stem(word),) for text in texts.values() for either in _NAME.findall(text) for word in either}
    times = Counter(chain.from_iterable(shares.values()))
    every = dict(chain.from_iterable(own.items() for own in shares.values()))
    called = {pair for name in bodies for pair in pairwise(map(_stem, txt.raw_words(name)))}
    of_agency = {group for group in every if all(word in own_names or every.get((word,), 0) >= USUAL for word in group)}
    words = _Words(
        shares=every,
        times=times,
        asks=len(texts),
        of_cause=of_agency | {each for each, asks in times.items() if asks >= max(2, len(texts) / 2) or each in called},
        theirs={group for group, share in every.items() if len(group) == 1
                and 2 * sum(lexicon.share(form, agencies) for form in _forms(group[0], lexicon)) > share},
        names=names - set().union(*long_names.values()),
        compounds=compounds,
        sought=_alone({(_stem(word.rstrip("*")),) for word in sought}, every, lexicon),
        lexicon=lexicon,
    )  # fmt: skip
    weights = {ask: {group: words.weight(group) for group in own} for ask, own in shares.items()}
    published = {slug: lexicon.authors.get(slug, 1) / lexicon.documents for slug in agencies}
    return Asks(
        weights,
        signs={ask: {group for group, weight in own.items()
                     if (weight > 0 if len(group) > 1 else weight >= _SIGN and group not in long_names[ask])}
               for ask, own in weights.items()},
        enough={group: len(group) == 1 or any(group in named for named in long_names.values())
                for group in times if words.is_enough(group)},
        codes={_stem(word) for row in rows.values() for word in row if _CODE.fullmatch(word)},
        names={*chain.from_iterable(names.union(*long_names.values()))},
        telling={group[0] for group, share in every.items() if len(group) == 1 and share < USUAL},
        alone={group: words.names_subject(group) for group, share in every.items()
               if words.names_subject(group) or times[group] > 1 or (share <= _RARE and group not in of_agency)},
        needed={(stem,) for stem in needed},
        evidence={by: {group: words.evidence(group, by) for group in times} for by in ("", *above, *agencies)},
        publishers=dict.fromkeys(above, 0.0) | {slug: math.log(_BY_ASKED / published[slug]) for slug in agencies},
        above=above,
    )  # fmt: skip


def _apart(groups: AbstractSet[Group]) -> int:
    """How many signs these are: pairs, and words outside of them."""
    paired = {*chain.from_iterable(group for group in groups if len(group) > 1)}
    return sum(len(group) > 1 or group[0] not in paired for group in groups)


def _shares(
    row: Sequence[str], usual: AbstractSet[str], compounds: AbstractSet[Group], lexicon: Lexicon
) -> dict[Group, float]:
    """The share of the Register's documents that have each word and pair of an ask; without usual words."""
    stems = [_stem(word) for word in row]
    counts: dict[Group, int] = dict.fromkeys(compounds & {*zip(stems, stems[2:], strict=False)}, 0)
    for words in pairwise(row):
        pair = _stem(words[0]), _stem(words[1])
        if all(pair) and not {*pair} <= usual:
            counts[pair] = lexicon.counts.get(" ".join(singular(txt.fold(word)) for word in words), 0)
    for stem in {*stems} - {"", *usual}:
        counts[stem,] = sum(lexicon.counts[form] for form in _forms(stem, lexicon))
    return {group: max(1, count) / lexicon.documents for group, count in counts.items()}


def _alone(words: AbstractSet[Group], shares: Mapping[Group, float], lexicon: Lexicon) -> AbstractSet[Group]:
    """The words, but not if half of their documents have one phrase that no ask has: "pest" is of "plant pest"."""
    forms = {form: word for word in words & shares.keys() for form in _forms(word[0], lexicon)}
    of_phrases = {forms[form] for pair in lexicon.counts if " " in pair for form in pair.split() if form in forms
                  if 2 * lexicon.rate(pair) >= shares[forms[form]] and max(map(lexicon.rate, pair.split())) < USUAL
                  if tuple(map(_stem, pair.split())) not in shares}  # fmt: skip
    return words - of_phrases


def _forms(stem: str, lexicon: Lexicon) -> list[str]:
    return [form for form in lexicon.beginning(stem) if _stem(form) == stem]


def _long_names(text: str, own: Collection[Group]) -> set[Group]:
    """The pairs of an ask's long names, and their words, which are no signs alone: "Bears Ears" is about no bear."""
    groups: set[Group] = set()
    for name in _LONG_NAME.findall(text):
        stems = [_stem(word) for word in txt.raw_words(txt.clean(name))]
        if pairs := {*pairwise(stems)} & {*own}:
            groups |= {*zip(stems, strict=True), *pairs}
    return groups


def _words(text: str, bodies: Collection[str]) -> list[str]:
    """The words of a text, with a blank in place of each name of a body and between two clauses: no pair spans it."""
    for name in drafts.bodies_named(text):
        text = text.replace(name, ";")
    clauses = (txt.raw_words(txt.clean(clause)) for clause in _BETWEEN.split(text))
    return ["" if word in bodies else word for clause in clauses for word in (*clause, "")]


def _stem(word: str) -> str:
    """A word without the endings of its plural and its verb: a doctor is not doctoral, but leasing a lease."""
    folded = txt.fold(word)
    telling = tells(singular(folded)) or not (folded.isalpha() or folded.isdecimal())  # 340b
    return _DOUBLED.sub(r"\1", _ENDING.sub("", singular(folded))) if telling else ""
