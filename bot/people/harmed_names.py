"""Judge whether a text names a child or a person who was harmed. Pure.

Two logistic models, learned from labeled news and typed text by `python -m bench.names`: `item` says by all words
whether a text may be about someone to protect, which most are not; `name` says by the words outside of names, and those
around a name, whether it is that person's. In doubt the name counts.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Final, NamedTuple, TypeVar

from bot.config.catalog import care_words, name_weights, shipped
from bot.config.media import PersonalDetails
from bot.people.person_names import ABBREVIATIONS, BEGINS, folded_word, in_title_case, runs

_LETTERS: Final = 7  # letters of a word that tell it from others, whatever its ending
_ROOT: Final = 4  # letters that it has in common with words of its family: "captive", "captor"
_STEM, _LISTS = 1, 2  # where they are among the features of a word, which begin with its root
_SIDE: Final = 40  # words of its sentence that are read before a name, and after it
_PASSAGE: Final = 80  # words that are judged together: as many as a headline and its summary have
_MOST: Final = 500  # names that are read
_CACHED: Final = 2_500  # words that are remembered, and as many that came before them
_PLACES: Final = ("J", "K", "L0", "L1", "R0", "R1")  # before and after a name, and of those the two words next to it
_NOWHERE: Final[tuple[tuple[str, ...], ...]] = ((),) * len(_PLACES)  # the features of a word that has none there
_ADULT: Final = 18
_NAME: Final = "\0"  # stands for a name among the words around it
# Words are remembered, so each is bounded.
_TOKEN: Final = re.compile(r"[^\W\d_](?:\.(?:[^\W\d_]\.){1,9}|[\w'’-]{0,60})|\d{1,60}|[^\w\s]")
_TITLE_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*\.?")
# In a headline in Title Case these endings tell verbs and nouns from names: "Survivor Shares Story".
_NO_NAME_ENDING: Final = re.compile(r"(?:ed|ing|tion|sion|ment|ness|ship|ity|ly|ers)$")
# Words of these lists may lead a name with a capital: "Judge Jane Roe".
_LEADS: Final = frozenset({"@children", "@kin", "@victims", "@roles", "@accused", "@laborers", "@locals", "@bodies"})
# It begins with a sign, since such a pattern is found far faster.
_SENTENCE_END: Final = re.compile(r"\s(?:(?:(?<=[.!?]\s)|(?<=[.!?][”\"]\s))\s*(?=[“\"'‘(]?[^\W\d_a-z])|(?<=\n)\n*)")
_TITLES_BEFORE: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Sgt|Lt|Capt|Det|Sen|Rep|Gov|Jr|Sr|[A-Z])\.$")
_ENDING: Final = 6  # characters at the end of a sentence that may be a title: " Capt."
_POSSESSIVES: Final = ("'s", "’s")
DOUBT: Final = 0.37  # a chance: rather an item too many withheld than a name shown
_UNLIKELY: Final = -3.5  # log-odds by all words of a text below which its names are not read
_LARGEST: Final = 30.0  # log-odds whose exponential is a float

Read = TypeVar("Read")


@dataclass(slots=True)
class Person:
    """Someone who is named, with the features of the words around each mention. `passages`: where, by number.

    A feature is a word's, its place before it, or a fact, which has a space.
    """

    words: tuple[str, ...]  # in lower case
    features: set[str] = field(default_factory=set)
    passages: set[int] = field(default_factory=set)


class Reading(NamedTuple):
    """`passages`: the features of words in no name, and "" for the constant. `crowded`: not all names are read."""

    passages: list[set[str]]
    people: list[Person]
    crowded: bool


class Context:
    """Reads names with the words around them. `common`: the stems of words that are no names.

    `facts`: the features that count; without them all do.
    """

    def __init__(self, details: PersonalDetails, common: Collection[str], facts: Collection[str] = ()) -> None:
        self._words, self._common, self._facts = _Remembered(_Words(details, common).read), common, facts
        self._around = _Remembered(self._read_around)
        self._somewhere = {name.removeprefix(place) for name in facts for place in _PLACES if name.startswith(place)}

    def words_of(self, title: str, body: str) -> Iterator[set[str]]:
        """Yield the features of all words, those of names among them, of each piece of a text: quick, and no names."""
        heading = _TOKEN.findall(title)
        tokens = heading[_PASSAGE:] + _TOKEN.findall(body)
        about = self._heading(heading)
        for start in range(0, len(tokens) or 1, _PASSAGE):
            yield about.union(*map(self._words.__getitem__, tokens[start : start + _PASSAGE]))

    def _heading(self, tokens: Sequence[str]) -> set[str]:
        tokens = tokens[:_PASSAGE]  # no headline is longer, and each piece of the text has its features
        return {""}.union(*map(self._words.__getitem__, tokens))

    def read(self, title: str, body: str, own_names: frozenset[str] = frozenset()) -> Reading:
        """Read a headline and the text below it. `own_names`: names of others, as they are written."""
        people = _People()
        tokens, names = self._split(title, own_names)
        heading = self._heading(tokens)
        passages, size = [heading.union(*map(self._words.__getitem__, tokens))], len(tokens)
        self._add(people, tokens, names, 0, ("in title",))
        for sentence in sentences(body):
            tokens, names = self._split(sentence, own_names)
            size += len(tokens)
            if size > _PASSAGE:
                passages.append({*heading})
                size = len(tokens)
            passages[-1].update(*map(self._words.__getitem__, tokens))
            self._add(people, tokens, names, len(passages) - 1, ())
        number = f"people {min(len(people.all), 4)}"
        for one in people.all:
            size = min(len(one.words), 4)
            one.features.update((number, f"words {size}"))
            for read in map(self._words.__getitem__, one.words):
                one.features.update([f"N{kind}" for kind in read[_LISTS:]])
            if size == 1 and "is first" in one.features:
                one.features.add("one word first")
        return Reading(passages, people.all, people.crowded)

    def has(self, text: str, features: Collection[str]) -> bool:
        """Whether a word of a text has one of these features."""
        return any(not frozenset(self._words[token]).isdisjoint(features) for token in _TOKEN.findall(text))

    def _add(
        self, people: _People, tokens: list[str], names: Sequence[str], passage: int, more: tuple[str, ...]
    ) -> None:
        """Add who is named in a sentence, with the features of the words around each name."""
        if not names:
            return
        # With two more at each end, every name has two words next to it on both sides.
        around = (_NOWHERE, _NOWHERE, *map(self._around.__getitem__, tokens), _NOWHERE, _NOWHERE)
        before, after, left, left_but_one, right, right_but_one = zip(*around, strict=True)
        at = -1
        for name in names:
            at = tokens.index(_NAME, at + 1)
            one = people.named(name)
            if one is None:
                return
            one.passages.add(passage)
            one.features.update(
                more,
                left_but_one[at],
                left[at + 1],
                right[at + 3],
                right_but_one[at + 4],
                *filter(None, before[max(at + 2 - _SIDE, 0) : at + 2]),
                *filter(None, after[at + 3 : at + 3 + _SIDE]),
            )
            if not at:
                one.features.add("is first")
            if name[-2:] in _POSSESSIVES:
                one.features.add("is possessive")
            if name[-2:-1] == " " or (name[-1] == "." and name[-3:-2] == " "):
                one.features.add("has initial")
            if name[1:2].isupper():
                one.features.add("in capitals")

    def _read_around(self, token: str) -> tuple[tuple[str, ...], ...]:
        """Return the features of a word at each place."""
        features = [*filter(None, self._words[token][_STEM:])]
        if self._facts and self._somewhere.isdisjoint(features):
            return _NOWHERE
        placed = (map(place.__add__, features) for place in _PLACES)
        return tuple(tuple(filter(self._facts.__contains__, each) if self._facts else each) for each in placed)

    def _split(self, text: str, own_names: frozenset[str]) -> tuple[list[str], list[str]]:
        """Return the words and signs of a text, with a mark for each name, and the names."""
        names: list[str] = []
        parts: list[str] = []
        end = 0
        beginnings = _beginnings(own_names)
        for start, stop in self._title_runs(text) if in_title_case(text) else self._runs(text):
            name = text[start:stop]
            if name not in own_names and not name.startswith(beginnings):
                names.append(name)
                parts += (text[end:start], _NAME)
                end = stop
        return _TOKEN.findall(" ".join((*parts, text[end:]))), names

    def _runs(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of capitalized words that may be a name, without a word that leads it: "Judge Jane Roe"."""
        for run in runs().finditer(text):
            start, end = run.span()
            words = run[0].split(" ")
            last, at = len(words) - 1, 0
            while at <= last and self._may_lead(words[at]):
                start += len(words[at]) + 1
                at += 1
            if at == last and self.is_common(words[at]):
                before = text[max(0, start - 2) : start].strip()
                if not before or not (before[-1].isalnum() or before[-1] == ","):
                    continue  # one word that begins a sentence
            if at <= last:
                yield start, end

    def _may_lead(self, word: str) -> bool:
        """Whether a word with a capital may lead a name, or begin a sentence, and is not part of the name."""
        folded = folded_word(word)
        is_listed = not _LEADS.isdisjoint(self._words[word.rstrip(".")])
        return is_listed or folded in BEGINS or folded.startswith("ex-") or word in ABBREVIATIONS

    def _title_runs(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of words that may be a name, in a headline in Title Case."""
        span: tuple[int, int] | None = None
        for word in _TITLE_WORD.finditer(text):
            if not self.may_be_name(word[0]):
                continue
            if span and text[span[1] : word.start()] == " ":
                span = (span[0], word.end())
                continue
            if span:
                yield span
            span = word.span()
        if span:
            yield span

    def may_be_name(self, word: str) -> bool:
        """Whether a word with a capital, in a headline in Title Case or an address, may be part of a name."""
        folded = folded_word(word)
        on_list = self._words[word.rstrip(".")][-1].startswith("@") or folded in BEGINS
        return word[0].isupper() and not (on_list or self.is_common(word) or _NO_NAME_ENDING.search(folded))

    def is_common(self, word: str) -> bool:
        return self.stem_of(word) in self._common

    def stem_of(self, word: str) -> str:
        """Return the first letters of a word, which tell it from others."""
        return self._words[word.strip(".,;:!?")][_STEM]


class _People:
    """Who is named so far, each once: by the same name, or by a surname or a first name alone."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self.crowded = False
        self._by_word: dict[str, Person] = {}
        self._mentions = 0

    def named(self, name: str) -> Person | None:
        """Return the person of this name, a new one if it is new; None if there are too many."""
        words = tuple(map(folded_word, name.split(" ")))
        self._mentions += 1
        if self._mentions > _MOST:
            self.crowded = True
            return None
        by_word = self._by_word
        one = by_word.get(words[-1]) or by_word.get(words[0])
        count = len(words)
        if one is None or (count > 1 and one.words != words and len(one.words) > 1):
            one = Person(words)
            self.all.append(one)
        if count > len(one.words):
            one.words = words
        for word in words:
            by_word[word] = one
        return one


class _Remembered(dict[str, Read]):
    """What was read of the last words: most come again soon."""

    def __init__(self, read: Callable[[str], Read]) -> None:
        self._read = read
        self._earlier: dict[str, Read] = {}

    def __missing__(self, token: str) -> Read:
        if token.isdecimal():  # each text has its own numbers
            token = "1" if 0 < int(token[:4]) < _ADULT else "99" if len(token) < 3 else "999"
            if token in self:
                return self[token]
        if len(self) >= _CACHED:
            self._earlier = dict(self)
            self.clear()
        read = self[token] = self._earlier.get(token) or self._read(token)
        return read


class _Words:
    """Reads the features of a word: its root, its first letters, and its lists, with an "s" for more than one."""

    def __init__(self, details: PersonalDetails, common: Collection[str]) -> None:
        self._common = common
        lists = {kind: {*listed} for kind, listed in care_words().items()}
        lists["harm"] |= {*map(str.casefold, details.harm)}
        lists["victims"] |= {*map(str.casefold, details.people)}
        lists["no_names"] |= {*map(str.casefold, details.no_names), *shipped("name_words")["no_name"]}
        self._roles = re.compile(f"(?:{'|'.join(sorted(lists.pop('role_endings')))})s?")
        self._lists: dict[str, set[str]] = {}
        self._beginnings: dict[str, list[tuple[str, str]]] = {}
        for kind, listed in lists.items():
            for word in listed:
                if word.endswith("*"):
                    self._beginnings.setdefault(word[:3], []).append((word[:-1], f"@{kind}"))
                else:
                    self._lists.setdefault(word, set()).add(f"@{kind}")

    def read(self, token: str) -> tuple[str, ...]:
        if token == _NAME:
            return ("", "", "@name")
        word = token.casefold().replace("’", "'").removesuffix("'s").strip("'").removeprefix("ex-")
        if word.isdecimal():
            number = int(word[:4])
            return ("", "", "#child" if 0 < number < _ADULT else "#adult" if len(word) < 3 else "#n")
        forms = (word, word.removesuffix("s"), word.removesuffix("es"), word.removeprefix("ex"))
        kinds = {kind for form in forms for kind in self._lists.get(form, ())}
        kinds |= {kind for begin, kind in self._beginnings.get(word[:3], ()) if word.startswith(begin)}
        if "@laborers" in kinds:
            kinds.discard("@roles")
        plain = unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode() or word
        # Heather and Salvador end like a role too.
        is_word = token[0].islower() or plain[:_LETTERS] in self._common or not plain.endswith(("er", "or", "ora"))
        if is_word and not kinds & _LEADS and self._roles.fullmatch(word):
            kinds.add("@roles")
        many = {f"{kind}s" for kind in kinds} if word.endswith("s") else ()
        root = f"~{plain[:_ROOT]}" if len(plain) > _ROOT else ""
        return (root, plain[:_LETTERS], *sorted(kinds.union(many)))


def sentences(text: str) -> Iterator[str]:
    parts: list[str] = []
    for part in _SENTENCE_END.split(text):
        parts.append(part)
        if not _TITLES_BEFORE.search(part[-_ENDING:]):
            yield " ".join(parts)
            parts = []
    if parts:
        yield " ".join(parts)


@lru_cache(64)
def _beginnings(names: frozenset[str]) -> tuple[str, ...]:
    """Return what longer names that begin with one of these begin with: "Polaris Project", "Polaris’s"."""
    return tuple(f"{name}{sign}" for name in names for sign in (" ", "’", "'"))


class Model(NamedTuple):
    """The weights of features by name, "" the constant; and the first letters of words that are no names."""

    item: Mapping[str, float]
    name: Mapping[str, float]
    common: frozenset[str]


@cache
def shipped_model() -> Model:
    weights = name_weights()
    return Model(weights["item"], weights["name"], frozenset(weights["common"]))


class HarmedNames:
    """The rule in one coalition's words. `speakers`: people who speak in public about what happened to them."""

    def __init__(self, details: PersonalDetails, speakers: Iterable[str] = (), model: Model | None = None) -> None:
        self._details = details
        self._given = model
        self._speakers = frozenset(speakers)

    # Read with the first text, and not by a bot that has none: it takes 3 MB.
    @cached_property
    def _model(self) -> Model:
        return self._given or shipped_model()

    @cached_property
    def context(self) -> Context:
        return Context(self._details, self._model.common, self._model.name)

    def chance(
        self, title: str, body: str, own_names: frozenset[str] = frozenset(), *, of_crowded: float = 1.0
    ) -> float:
        """Return the chance that a text names a person to protect. `own_names`: names of others, as they are written.

        `of_crowded`: the answer for a text with more names than are read, such as a list of signers.
        """
        item, name, _ = self._model
        if not any(_sum(item, words) >= _UNLIKELY for words in self.context.words_of(title, body)):
            return 0.0
        reading = self.context.read(title, body, own_names | self._speakers)
        if reading.crowded:
            return of_crowded
        abouts = [_sum(name, about) for about in reading.passages]
        odds = [_sum(name, one.features) + max(map(abouts.__getitem__, one.passages)) for one in reading.people]
        return 1 / (1 + math.exp(min(-max(odds), _LARGEST))) if odds else 0.0

    def is_about_one(self, headline: str) -> bool:
        """Whether a headline has a word for one child or person harmed."""
        return self.context.has(headline, {"@children", "@victims"})

    def may_be_names(self, *words: str) -> bool:
        """Whether words with a capital, in an address, may be a name."""
        return all(map(self.context.may_be_name, words))


def _sum(weights: Mapping[str, float], features: set[str]) -> float:
    return math.fsum(filter(None, map(weights.get, features)))  # a set is in another order in each process
