"""Find the entities that an entry names: full names alone, short ones only near words that identify them. Pure.

The names are data (`entities:` of coalition.yml); corrections made in chat are added as `Rule`s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final

from bot.config.media import Dated, Entity
from bot.shared.entry import Entry, Kind, Named
from bot.shared.urls import host_of
from bot.watch import text as txt
from bot.watch.index import Index, PhraseFilter, spellings
from bot.watch.query import Phrase, parse

_REACH: Final = 40  # words on either side of a short name that decide whose it is
_SHOWN: Final = 3  # of them, in its evidence
_SPOKEN_AFTER: Final = 4  # words between a name and the verb after it
_SPOKEN_BEFORE: Final = 8  # words between such a verb and the name after it
_BYLINE: Final = re.compile(r"\b(?:[Bb]y|BY)(?: [A-Z][\w.’'-]*){2,4}\W{1,3}$")
_SUBJECT: Final = re.compile(r"(?:[A-Z][\w.’'-]*|\b(?:she|he|they|who|officials|report|police))$")
_SENTENCE_ENDS: Final = re.compile(r"[.!?][”\"]?\s")
_SPEECH: Final = (
    *("said", "says", "told", "tells", "explained", "explains", "according to", "testified", "stated", "wrote"),
    *("writes", "argued", "argues", "warned", "warns", "added", "noted", "in a statement"),
)

_Match = tuple[str, tuple[str, ...], tuple[int, int]]  # the words, the words that decide, and the positions


class RuleKind(StrEnum):
    BESIDE = "beside"  # a name near these words is another entity's
    SITE = "site"  # nothing on this site is a mention


@dataclass(frozen=True, slots=True)
class Rule:
    """A correction made in chat: a look-alike that is not the entity."""

    entity: str
    kind: RuleKind
    value: str


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    phrase: Phrase
    since: date | None
    until: date | None
    spellings: tuple[frozenset[str], ...] = ()  # of each word: its folded spellings

    def may_occur(self, vocabulary: frozenset[str]) -> bool:
        """Whether the text contains all its words: cheaper than searching for their positions."""
        return not any(map(vocabulary.isdisjoint, self.spellings))

    def counts(self, on: date | None) -> bool:
        return on is None or ((self.since is None or self.since <= on) and (self.until is None or on <= self.until))


@dataclass(frozen=True, slots=True)
class _Entity:
    id: str
    kind: str
    names: tuple[_Words, ...]
    short: tuple[_Words, ...]
    near: tuple[_Words, ...]
    not_near: tuple[_Words, ...]
    never: tuple[_Words, ...]
    sites: tuple[str, ...]
    not_from: frozenset[str]  # hosts, and folded outlets
    span: _Words  # the days on which it is searched for


class Entities:
    """All entities, prepared for searching."""

    def __init__(self, entities: Mapping[str, Entity], rules: Iterable[Rule] = ()) -> None:
        rules = tuple(rules)
        self._all = tuple(_prepare(id_, entity, rules) for id_, entity in entities.items())
        self._sites = [(f".{site}", number) for number, one in enumerate(self._all) for site in one.sites]
        phrases = ((words.phrase, number) for number, one in enumerate(self._all) for words in (*one.names, *one.short))
        self._filter = PhraseFilter(phrases)

    def named(self, entry: Entry, index: Index) -> Entry:
        """The entry, of this `index`, with the entities it names. News only: for bills watches are more exact."""
        if entry.kind is not Kind.NEWS:
            return entry
        host = host_of(entry.url)
        dotted = f".{host}"
        numbers = self._filter.owners(index.vocabulary) | {n for site, n in self._sites if dotted.endswith(site)}
        if not numbers and not entry.names:
            return entry
        on = entry.publication_date or (entry.published.date() if entry.published else None)
        publisher = frozenset({_fold(entry.outlet or ""), _fold(host)})
        entities = (_find(self._all[number], index, host, publisher, on) for number in sorted(numbers))
        named = tuple(filter(None, entities))
        return entry if named == entry.names else replace(entry, names=named)


def _prepare(id_: str, entity: Entity, rules: Sequence[Rule]) -> _Entity:
    mine = [rule for rule in rules if rule.entity == id_]
    beside = tuple(Dated(words=rule.value) for rule in mine if rule.kind is RuleKind.BESIDE)
    hosts = [rule.value for rule in mine if rule.kind is RuleKind.SITE]
    return _Entity(
        id=id_,
        kind=entity.kind,
        names=_words(entity.names),
        short=_words(entity.short),
        near=_words(entity.near),
        not_near=_words(entity.not_near),
        never=_words((*entity.never, *beside)),
        sites=tuple(site.casefold() for site in entity.sites),
        not_from=frozenset(_fold(outlet) for outlet in (*entity.not_from, *hosts)),
        span=_Words("", Phrase(()), entity.since, entity.until),
    )


def _words(given: Iterable[Dated]) -> tuple[_Words, ...]:
    words = []
    for one in given:
        phrase = _phrase(one.words)
        folded = tuple(spellings(word) for word in phrase.words if not word.endswith("*"))
        words.append(_Words(one.words, phrase, one.since, one.until, folded))
    return tuple(words)


def _phrase(text: str) -> Phrase:
    root = parse(f'"{text}"').root
    assert isinstance(root, Phrase)
    return root


_SPEAKS: Final = tuple(_phrase(verb) for verb in _SPEECH)


def _find(one: _Entity, index: Index, host: str, publisher: frozenset[str], on: date | None) -> Named | None:
    """Find one entity. `publisher`: the outlet and the site; their own name alone does not count."""
    own = any(host == site or host.endswith(f".{site}") for site in one.sites)
    if not one.span.counts(on) or (not own and not one.not_from.isdisjoint(publisher)):
        return None
    match = _find_full_name(one, index, on) or _find_short_name(one, index, on)
    if match is None:
        return Named(one.id, one.kind, "", own=True) if own else None
    words, near, place = match
    return Named(one.id, one.kind, words, near, own, quoted=one.kind != "bill" and _quoted(index, place))


def _fold(text: str) -> str:
    return " ".join(txt.words(text))


def _find_full_name(one: _Entity, index: Index, on: date | None) -> _Match | None:
    for name in one.names:
        if places := _places(index, on, name):
            return _text(index, places[0], name.phrase), (), (places[0], places[0] + len(name.phrase.words))
    return None


def _places(index: Index, on: date | None, words: _Words) -> Sequence[int]:
    return index.find(words.phrase) if words.may_occur(index.vocabulary) and words.counts(on) else ()


def _find_short_name(one: _Entity, index: Index, on: date | None) -> _Match | None:
    """Return the first short name with more words for the entity around it than against it."""
    for written, place in _short_name_places(one, index, on):
        near = list(_nearby(one.near, index, place, on))
        if near and len(near) > len(list(_nearby(one.not_near, index, place, on))):
            never = any(map(partial(_places, index, on), one.never))
            return None if never else (written, tuple(near[:_SHOWN]), place)
    return None


def _short_name_places(one: _Entity, index: Index, on: date | None) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each short name that is spelled exactly, unless it is the outlet in a byline."""
    for name in one.short:
        for at in _places(index, on, name):
            written = _text(index, at, name.phrase)
            paper = _fold(written) in one.not_from
            if _as_written(name.text, written) and not (paper and _ends_byline(index, at)):
                yield written, (at, at + len(name.phrase.words))


def _ends_byline(index: Index, at: int) -> bool:
    """Whether the word ends a byline: "By Jo Doe, Verite"."""
    _, text, (begin, _) = index.quote(at, at + 1)
    return _BYLINE.search(text[:begin]) is not None


def _nearby(wanted: Iterable[_Words], index: Index, name: tuple[int, int], on: date | None) -> Iterator[str]:
    """Yield each of these words that occurs in the title or within reach, as written, once."""
    shown = set()
    for words in wanted:
        place = next((place for place in _places(index, on, words) if _reaches(index, name, place)), None)
        if place is not None and (text := _text(index, place, words.phrase)).casefold() not in shown:
            shown.add(text.casefold())
            yield text


def _reaches(index: Index, name: tuple[int, int], place: int) -> bool:
    """Whether a place is in the title or near the name, and not within the name."""
    begin, end = name
    near = place < index.title_end or begin < index.title_end or abs(place - begin) <= _REACH
    return near and not begin <= place < end


def _text(index: Index, at: int, phrase: Phrase) -> str:
    _, text, (begin, end) = index.quote(at, at + len(phrase.words))
    return re.sub(r"\s+", " ", text[begin:end])


def _as_written(name: str, written: str) -> bool:
    """Whether the case is the same; accents, a possessive and dots may differ."""
    return [*map(txt.bare, txt.raw_words(txt.clean(name)))] == [*map(txt.bare, txt.raw_words(written))]


def _quoted(index: Index, name: tuple[int, int]) -> bool:
    """Whether the name speaks: "ABC said", "said Jane Doe of ABC". In one sentence, and near.

    In "Maria Lopez said ABC …" another person speaks: a name after the verb speaks only without a speaker before it.
    """
    begin, end = name
    for verb in _SPEAKS:
        for place in index.find(verb):
            after = end <= place <= end + _SPOKEN_AFTER
            before = place < begin <= place + len(verb.words) + _SPOKEN_BEFORE and not _has_subject(index, place)
            if (after or before) and _one_sentence(index, min(place, begin), max(place, begin)):
                return True
    return False


def _has_subject(index: Index, verb: int) -> bool:
    """Whether a verb of speech has its speaker before it: "Maria Lopez said", and not "“…,” said Maria Lopez".

    "Told" always has one: the name after it listens.
    """
    _, text, (begin, end) = index.quote(verb, verb + 1)
    before = text[max(0, begin - 40) : begin].rstrip()
    return text[begin:end].casefold() in ("told", "tells") or _SUBJECT.search(before) is not None


def _one_sentence(index: Index, start: int, stop: int) -> bool:
    if (start < index.title_end) != (stop < index.title_end):
        return False
    _, text, (begin, _) = index.quote(start, start + 1)
    _, _, (end, _) = index.quote(stop, stop + 1)
    return not _SENTENCE_ENDS.search(text[begin:end])
