"""How people's sentences differ from the letter as its template wrote it: a claim in other words, a "not" put in. Pure.

What the template wrote from facts rests on the facts, which the gates check. So only the sentences that people wrote or
changed are searched here, each beside the rendered sentence that it resembles most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from bot.deadlines.model import Claim
from bot.letters.statements import citations
from bot.letters.statements import english as en
from bot.letters.statements.citations import Citation, Key, Kind
from bot.letters.statements.extraction import statements
from bot.letters.statements.figures import ANY_YEAR, OWN, lows

_LONG_WORD: Final = 4  # letters of a word that counts when sentences are compared
_COMMON: Final = 12  # sentences with a word, above which it says nothing about which one is meant
_SHARED: Final = 3  # words that two versions of a sentence have in common at least
_ALIKE: Final = 0.6  # share of a sentence's words that its other version has
# A sentence is a claim in other words if it has half of the claim's words, or if most of its own are the claim's.
_CLAIM_WORDS: Final = 5
_CLAIM_ALIKE: Final = 0.5
_PART_WORDS: Final = 7
_PART_ALIKE: Final = 0.7


@dataclass(frozen=True)
class Rendering:
    """The sentences that a template wrote from facts, and the claims it makes."""

    sentences: frozenset[str]
    claims: tuple[Claim, ...]

    @cached_property
    def text(self) -> str:
        """The words of all sentences, to look up names and deeds."""
        return f" {' | '.join(' '.join(lows(sentence)) for sentence in sorted(self.sentences))} "

    @cached_property
    def keys(self) -> Mapping[str, frozenset[Key]]:
        """What the sentences cite and state, by kind."""
        by_kind: dict[str, set[Key]] = defaultdict(set)
        for sentence in self.sentences:
            for key in _keys(sentence):
                by_kind[key[0]].add(key)
        return {kind: frozenset(keys) for kind, keys in by_kind.items()}

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[str]]:
        by_word: dict[str, list[str]] = defaultdict(list)
        for sentence in sorted(self.sentences):
            for word in _long_words(sentence):
                by_word[word].append(sentence)
        return {word: sentences for word, sentences in by_word.items() if len(sentences) <= _COMMON}

    def nearest(self, sentence: str) -> str:
        """The rendered sentence of which this one is a changed version; "" if there is none."""
        words = _long_words(sentence)
        shared = Counter(near for word in words for near in self._by_word.get(word, ()))
        near, count = max(shared.items(), key=lambda item: (item[1], -len(item[0]), item[0]), default=("", 0))
        return near if count >= _SHARED and count >= _ALIKE * len(words) else ""

    def has(self, mention: Citation) -> bool:
        """Whether the template states it too, so that it rests on the facts, or it is the letter's own to say."""
        if mention.key[0] == OWN:
            return True
        if mention.kind in (Kind.DAY, Kind.FIGURE):
            return any(is_stated(key, mention.key) for key in self.keys.get(mention.key[0], ()))
        words = " ".join(lows(mention.key[-1] if mention.kind is Kind.STAGE else mention.text))
        return f" {words} " in self.text

    def replaces(self, mention: Citation) -> bool:
        """Whether it stands where the rendered sentence has another of its kind, such as another day."""
        there, lost, more = _compared(self, mention.sentence)
        return mention.key[0] in lost and (mention.key in more or not any(is_stated(key, mention.key) for key in there))

    def turns(self, paragraph: str) -> Iterator[Citation]:
        """The paragraph's sentences that have a claim in other words, or a negation that the template has not."""
        text = citations.normalize(paragraph)
        for start, end in citations.sentence_spans(text):
            sentence = text[start:end].strip()
            if sentence in self.sentences:
                continue
            if claim := next((claim for claim in self.claims if _resembles(sentence, claim)), None):
                yield Citation(Kind.CLAIM, (Kind.CLAIM.value, claim.id), sentence, sentence, start, end)
            elif (near := self.nearest(sentence)) and (word := _turned(sentence, near)):
                yield Citation(Kind.REVERSAL, (Kind.REVERSAL.value, word), sentence, sentence, start, end)


@lru_cache(4_096)
def _compared(rendering: Rendering, sentence: str) -> tuple[frozenset[Key], frozenset[str], frozenset[Key]]:
    """What the rendered version of a sentence states, the kinds of what is lost of it, and what is said once more."""
    there, typed_keys = Counter(_keys(rendering.nearest(sentence))), Counter(_keys(sentence))
    more = frozenset(key for key in typed_keys - there if key in there)
    return frozenset(there), frozenset(key[0] for key in there - typed_keys), more


def is_stated(stated: Key, key: Key) -> bool:
    """Whether a fact with the key `stated` shows a statement with this key, such as its month or day of the year."""
    if stated[0] != key[0]:
        return False
    if key[0] == "day" and key[1] == ANY_YEAR:
        return stated[2:] == key[2:]
    return stated == key or (key[0] == "day" and len(key) > 2 and stated[: len(key)] == key)


@lru_cache(64)  # a letter to many has one text for each
def rendering(sentences: tuple[str, ...], claims: tuple[Claim, ...]) -> Rendering:
    return Rendering(frozenset(sentences), claims)


@lru_cache(4_096)
def _keys(sentence: str) -> tuple[Key, ...]:
    return tuple(mention.key for mention in (*citations.citations(sentence), *statements(sentence)))


@lru_cache(4_096)
def _long_words(sentence: str) -> frozenset[str]:
    return frozenset(word for word in lows(sentence) if len(word) >= _LONG_WORD)


def _resembles(sentence: str, claim: Claim) -> bool:
    words, claimed = _long_words(sentence), _long_words(claim.text)
    shared = len(words & claimed)
    most = shared >= _CLAIM_ALIKE * len(claimed)
    part = shared >= _PART_WORDS and shared >= _PART_ALIKE * len(words)
    return shared >= _CLAIM_WORDS and (most or part)


def _turned(sentence: str, near: str) -> str:
    """The negation that one version has and the other has not; "" if the words it denies are gone."""
    new, old = lows(sentence), lows(near)
    added = (Counter(new) - Counter(old)).keys() & en.NEGATIONS
    if added:
        return min(added)
    removed = (Counter(old) - Counter(new)).keys() & en.NEGATIONS
    denied = (word for word, after in pairwise(old) if word in removed and after in new)
    return next((f"without {word}" for word in denied), "")
