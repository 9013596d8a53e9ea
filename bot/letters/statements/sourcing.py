"""What a letter's text cites and states, and the basis of each: a confirmed claim, the record, or a person. Pure.

A citation rests on a claim only inside the claim's own sentence. Elsewhere it may name what the letter is about, or be
in a sentence of the template that cites a confirmed authority. What the template wrote from facts rests on the facts,
so only sentences that people typed or changed are searched for other statements, such as figures, findings and stages.
A person has to confirm everything else with a source before the letter is locked; a confirmation covers one sentence,
so editing that sentence voids it. Each sentence that people wrote is searched beside the rendered sentence that it
resembles most, also for a claim in other words and a "not" put in.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Final

from bot.deadlines.model import Claim
from bot.letters.model import Written, sentence_spans
from bot.letters.statements import citations
from bot.letters.statements import english as en
from bot.letters.statements.citations import Citation, Key, Kind
from bot.letters.statements.extraction import statements
from bot.letters.statements.figures import ANY_YEAR, OWN, lows

_SHOWN: Final = 90  # characters of a quotation in its name
_CITED: Final = frozenset({Kind.LAW, Kind.BILL, Kind.DOCUMENT, Kind.VOTE, Kind.QUOTATION})
_NAME: Final = 100  # characters of a name
_SPEAKER: Final = "speaker"  # first part of the key of a name
_NOT_NAMES: Final = frozenset({"and", "the", ","})  # words of a list of names
_PARTS: Final = 4  # of a sentence in its name
_COUNTED: Final = 11  # smaller numbers count what the letter itself has, such as "two federal laws"
_REPORTS: Final = en.REPORT_PRESENT | en.REPORT_PAST  # verbs
_MONTH: Final = 3  # parts of the key of a month: "day", year and month
_UNTIL: Final = r"(?<!ed )(?<!due )\b(?:by|before|until|later than) "  # not "that was due by" a day
_LONG: Final = 6  # words; a template may have a shorter quotation of its own


class Basis(StrEnum):
    """The basis of a citation."""

    CLAIM = "a confirmed claim"
    OWN = "what the letter is about"
    AUTHORITY = "a confirmed authority that the template cites"
    CONFIRMED = "a person's confirmation"
    NONE = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A person's confirmation of a citation in one sentence; `mark` is its `SourcedCitation.mark`."""

    mark: str
    cited: str
    source: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourcedCitation:
    """A citation in one sentence of a letter, with its basis."""

    citation: Citation
    basis: Basis
    confirmation: Confirmation | None = None

    @property
    def mark(self) -> str:
        """A digest of the citation and its sentence."""
        return mark(self.citation)

    @property
    def cited(self) -> bool:
        """Whether the text cites it; otherwise it only states it."""
        return self.citation.kind in _CITED

    @property
    def name(self) -> str:
        """``22 U.S.C. 9999``, ``a vote of 420-0``, ``the quotation “…”``, ``“80 percent”``."""
        return name(self.citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citable:
    """What may be cited without a person's confirmation: citation keys, and `words` that may be quoted."""

    keys: tuple[Key, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def load(cls, dumped: Mapping[str, Any]) -> Citable:
        """Restore what `dump` returned, after a round trip through JSON."""
        return cls(keys=tuple(tuple(key) for key in dumped.get("keys", ())), words=tuple(dumped.get("words", ())))

    def has(self, citation: Citation, *, parts: bool = True) -> bool:
        """Whether it may be cited or stated. `parts`: also section 4 of a law that is citable as a whole."""
        kind, key = citation.kind, citation.key
        if kind in (Kind.STATEMENT, Kind.NAME) and self._are_speakers(key[1]):
            return True  # the coalition and its members speak for themselves
        if kind in (Kind.QUOTATION, Kind.NAME):
            if any(f" {key[1]} " in f" {words} " for words in self.words):
                return True
            wanted = set(key[1].split())  # of one name: "Senator Doe" is Senator Jane Doe
            return kind is Kind.NAME and any(wanted <= set(name.split()) for name in self.words if len(name) <= _NAME)
        if kind not in _CITED:
            return any(is_stated(known, key) for known in self.keys)
        return any(citations.covers(known, key) for known in self.keys if parts or len(known) >= len(key))

    def _are_speakers(self, names: str) -> bool:
        """Whether these are speakers, each by its initials or its first word: "Alpha", but not "the House"."""
        name_words = set(names.split()) - _NOT_NAMES
        speakers = (
            [word for word in key[1].split() if word not in _NOT_NAMES] for key in self.keys if key[0] == _SPEAKER
        )
        named = [name for name in speakers if not name_words.isdisjoint((name[0], name[-1]))]
        return bool(name_words) and name_words <= {word for name in named for word in name}

    def dump(self) -> dict[str, Any]:
        return {"keys": [list(key) for key in self.keys], "words": list(self.words)}


def citable(
    texts: Iterable[str], words: Iterable[str] = (), *, facts: Iterable[str] = (), speakers: Iterable[str] = ()
) -> Citable:
    """Everything these texts cite, such as "H.R. 1234 (119th)" and "Public Law 119-99", and quotable `words`.

    `facts`: of the record, whose days, figures and names may be stated; `speakers`: who may speak for themselves.
    """
    record = tuple(facts)
    keys = [citation.key for text in texts for citation in citations.citations(text)]
    keys += [mention.key for text in record for mention in statements(text) if mention.kind in (Kind.DAY, Kind.FIGURE)]
    for speaker in speakers:  # also by its capitals: "cast" for the Coalition to Abolish Slavery and Trafficking
        initials = "".join(word[0] for word in speaker.split() if word[0].isupper()).casefold()
        keys.append((_SPEAKER, f"{' '.join(lows(speaker))} {initials}"))
    quotable = (" ".join(citations.words(text)) for text in (*words, *record))
    return Citable(keys=tuple(dict.fromkeys(keys)), words=tuple(dict.fromkeys(filter(None, quotable))))


def combined(*parts: Citable) -> Citable:
    return Citable(
        keys=tuple(key for part in parts for key in part.keys),
        words=tuple(words for part in parts for words in part.words),
    )


def sourced_citations(
    texts: Iterable[Written],
    topics: Citable,
    authorities: Citable,
    confirmations: Mapping[str, Confirmation] | None = None,
    unsourced: frozenset[Key] = frozenset(),
) -> list[SourcedCitation]:
    """Everything these texts cite or state, once per sentence. `authorities`: what the template may cite today.

    `unsourced`: what the coalition's own file states without a source; printing it gives it none.
    """
    by_mark: dict[str, SourcedCitation] = {}
    for written in texts:
        rendering = _template_sentences(written.templated, written.claims)
        for paragraph in written.passages:
            for citation in _paragraph_citations(paragraph, rendering, topics, authorities, confirmations or {}):
                by_mark.setdefault(citation.mark, citation)
            for stated in _facts(paragraph) if unsourced else ():
                if stated.key in unsourced and stated.sentence in rendering.sentences and not topics.has(stated):
                    one = _confirmed(stated, confirmations or {})
                    by_mark.setdefault(one.mark, one)
    return list(by_mark.values())


def bare_statements(line: str) -> Iterator[Citation]:
    """The figures, days and sources in a line's own words; a span such as "72 hours" is what it asks for."""
    for results in statements(line.lstrip("-# ")):
        if results.key[0] == OWN:
            continue
        if results.kind is Kind.FIGURE:
            number, counted = results.key[1:]
            small = number.isdecimal() and len(number) <= len(str(_COUNTED)) and int(number) < _COUNTED
            if not small and number not in en.QUANTITIES and f"{counted}s" not in en.SPANS:
                yield results
        elif (results.kind is Kind.DAY and results.key[1].isdigit()) or results.key[1].startswith("according to"):
            yield results


def own_statements(text: str, *, asked: bool = False) -> Iterator[Citation]:
    """The `bare_statements` of the coalition's own file that need a source.

    "The rule of October 2024" names a rule: only a whole date is a fact. `asked`: an ask's text, which may set a day.
    """
    for stated in bare_statements(text):
        set_by = asked and re.search(_UNTIL + re.escape(stated.text), stated.sentence)
        if stated.kind is not Kind.DAY or (len(stated.key) > _MONTH and not set_by):
            yield stated


def unsourced_facts(texts: Iterable[str], record: Citable, *, asked: bool = False) -> frozenset[Key]:
    """The keys of the figures and days in these texts, and of what others found, that the record does not show."""
    return frozenset(each.key for text in texts for each in _facts(text, asked=asked) if not record.has(each))


def _facts(line: str, *, asked: bool = False) -> Iterator[Citation]:
    yield from (each for each in own_statements(line, asked=asked) if each.kind in (Kind.FIGURE, Kind.DAY))
    yield from (each for each in statements(line) if each.kind is Kind.STATEMENT and each.key[-1] in _REPORTS)


def sentences(written: Written) -> tuple[str, ...]:
    """The sentences of a text, normalized, each once."""
    normal = [citations.normalize(passage) for passage in written.passages]
    spans = ((text, *span) for text in normal for span in citations.sentence_spans(text))
    return tuple(dict.fromkeys(text[start:end].strip() for text, start, end in spans))


def mark(citation: Citation) -> str:
    whole = "\n".join((*citation.key, citation.sentence))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def name(citation: Citation) -> str:
    match citation.kind:
        case Kind.VOTE:
            return f"a vote of {citation.text}"
        case Kind.QUOTATION:
            words = citation.text.strip('“”"‘’').rstrip(",")
            return f"the quotation “{_short(words)}”"
        case Kind.CLAIM:
            return f"a claim in other words, “{_short(citation.text)}”"
        case _:
            return citation.text


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + "…"


def _paragraph_citations(
    paragraph: str,
    rendering: TemplateSentences,
    topics: Citable,
    authorities: Citable,
    confirmations: Mapping[str, Confirmation],
) -> Iterable[SourcedCitation]:
    text = citations.normalize(paragraph)
    claimed = [span for claim in rendering.claims for span in sentence_spans(text, citations.normalize(claim.text))]
    for citation in citations.citations(paragraph):
        templated = citation.sentence in rendering.sentences
        short = citation.kind is Kind.QUOTATION and len(citation.key[1].split()) < _LONG
        if short and (templated or topics.has(citation)):
            continue
        if any(start <= citation.start and citation.end <= end for start, end in claimed):
            yield SourcedCitation(citation, Basis.CLAIM)
        elif topics.has(citation, parts=templated) and (templated or not rendering.replaces(citation)):
            yield SourcedCitation(citation, Basis.OWN)
        elif templated and authorities.has(citation):
            yield SourcedCitation(citation, Basis.AUTHORITY)
        else:
            yield _confirmed(citation, confirmations)
    for citation in _stated(paragraph, rendering, topics):
        yield _confirmed(citation, confirmations)


def _confirmed(citation: Citation, confirmations: Mapping[str, Confirmation]) -> SourcedCitation:
    confirmation = confirmations.get(mark(citation))
    return SourcedCitation(citation, Basis.CONFIRMED if confirmation else Basis.NONE, confirmation)


def _stated(paragraph: str, rendering: TemplateSentences, topics: Citable) -> Iterable[Citation]:
    """Each typed or changed sentence of a paragraph that states something the record does not show."""
    by_sentence: dict[str, list[Citation]] = {}
    for mention in (*rendering.turns(paragraph), *statements(paragraph)):
        if mention.sentence in rendering.sentences:
            continue
        unlike = mention.kind is Kind.CLAIM or rendering.replaces(mention)
        if unlike or not (topics.has(mention) or rendering.has(mention)):
            by_sentence.setdefault(mention.sentence, []).append(mention)
    for sentence, parts in by_sentence.items():
        kind = Kind.CLAIM if parts[0].kind is Kind.CLAIM else Kind.STATEMENT
        text = sentence if kind is Kind.CLAIM else _words(citations.normalize(paragraph), parts)
        yield Citation(kind, (kind.value,), text, sentence, parts[0].start, parts[0].end)


def _words(paragraph: str, parts: Iterable[Citation]) -> str:
    """The words of a sentence's statements: “March 2026”, “80 percent”."""
    spans: list[tuple[int, int]] = []
    for part in sorted(parts, key=lambda part: part.start):
        start, end = spans.pop() if spans and part.start <= spans[-1][1] else (part.start, 0)
        spans.append((start, max(end, part.end)))
    texts = [f"“{_short(paragraph[start:end].strip())}”" for start, end in spans]
    return ", ".join((*texts[:_PARTS], *(["…"] if len(texts) > _PARTS else [])))


# --- what people changed of the template's sentences ------------------------------------------------------------------


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
class TemplateSentences:
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
def _compared(rendering: TemplateSentences, sentence: str) -> tuple[frozenset[Key], frozenset[str], frozenset[Key]]:
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
def _template_sentences(sentences: tuple[str, ...], claims: tuple[Claim, ...]) -> TemplateSentences:
    return TemplateSentences(frozenset(sentences), claims)


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
