"""An entry's words and fields, indexed to evaluate queries. Pure.

Text is searched in the title, summary, action line, quotes and a bill's subjects; an entry without a summary is judged
by its title. A field that the source left out is unknown: None, which is not "no".
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import Generic, TypeVar

from bot.shared.entry import Agency, Entry, Kind, Named
from bot.watch import learned
from bot.watch import text as txt
from bot.watch.learned import Features, Learned
from bot.watch.lexicon import agency_key
from bot.watch.model import Reason
from bot.watch.query import MAX_NEAR, Facet, Near, Phrase

_Owner = TypeVar("_Owner")
_FEW = 8  # words whose positions are looked up singly: as many take as long as working out those of all words
_APART = [""] * (MAX_NEAR + 1)  # between fields, so that no phrase or NEAR spans two of them


@dataclass(slots=True)
class _Text:
    field: str
    cleaned: str
    words: Sequence[str]
    first: int  # position of its first word
    _unread: Iterator[tuple[int, int]] | None = None
    _read: list[tuple[int, int]] = dataclasses.field(default_factory=list)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the words from position `start` to `end`; the text is read no further."""
        self._unread = self._unread or txt.spans(self.cleaned)
        self._read += islice(self._unread, max(0, end - self.first - len(self._read)))
        return self._read[start - self.first][0], self._read[end - self.first - 1][1]


class Index:
    """The words of one entry by position, and its fields."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.reasons: dict[tuple[int, int] | tuple[str, str], Reason] = {}  # by stretch of words, or field and value
        self._texts: list[_Text] = []
        self._found: dict[tuple[str, ...], Sequence[int]] = {}
        self._asked: dict[str, Sequence[int]] = {}
        self._begun: dict[str, Sequence[int]] = {}  # positions of the words that begin so
        self._said: dict[tuple[str, str], str | None] = {}
        self._weighed: dict[Learned, Features] = {}
        self.sequence: list[str] = []  # the words, with one blank after each field
        self.title: list[str] = []
        self.title_end = end = 0
        for field, text in _texts(entry):
            cleaned = txt.clean(text)
            words = txt.folded_words(cleaned)
            self._texts.append(_Text(field, cleaned, words, end))
            self.sequence += words
            self.sequence.append("")
            end += len(words) + len(_APART)
            if field == "title":
                self.title, self.title_end = self.sequence.copy(), end
        self.vocabulary = frozenset(self.sequence)

    # --- words: positions are computed on first use, because most entries match no watch ---

    @cached_property
    def words(self) -> Sequence[str]:
        """By position."""
        words: list[str] = []
        for text in self._texts:
            words += text.words
            words += _APART
        return words

    @cached_property
    def field_terms(self) -> Sequence[str]:
        return _field_terms(self.entry.agencies, self.entry.type, self.entry.dockets)

    def features(self, model: Learned) -> Features:
        """The terms of the entry that the model weighs, and its fields."""
        if model not in self._weighed:
            pairs = map(model.pairs.__getitem__, model.pairs.keys() & pairwise(self.sequence))
            terms = (*(model.weights.keys() & self.vocabulary), *pairs, *self.field_terms)
            self._weighed[model] = Features(terms, len(self.vocabulary))
        return self._weighed[model]

    def _occurrences(self, word: str) -> Sequence[int]:
        """The positions of a word. All are worked out at once only after a few words were asked for one by one."""
        if word not in self._asked:
            if len(self._asked) >= _FEW:
                return self._places[word]
            self._asked[word] = [*self._scan(word)]
        return self._asked[word]

    def _scan(self, word: str) -> Iterator[int]:
        at = -1
        for _ in range(self.words.count(word)):
            at = self.words.index(word, at + 1)
            yield at

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for text in self._texts:
            for at, word in enumerate(text.words, text.first):
                places[word].append(at)
        return places

    @cached_property
    def _capitals(self) -> Mapping[int, str]:
        acronyms_by_text = ((text.first, txt.acronyms(txt.raw_words(text.cleaned))) for text in self._texts)
        return {first + at: word for first, words in acronyms_by_text for at, word in words}

    @cached_property
    def _in_order(self) -> Sequence[str]:
        return sorted(self.vocabulary)

    def find(self, phrase: Phrase) -> Sequence[int]:
        """The positions where the phrase begins, ascending."""
        if not self.vocabulary.issuperset(phrase.whole):
            return ()
        positions = self._found.get(phrase.words)
        if positions is None:
            look_up = self._run if phrase.whole is phrase.words else self._look_up
            positions = self._found[phrase.words] = look_up(phrase.words)
        return positions[: bisect_left(positions, self.title_end)] if phrase.title_only else positions

    def _run(self, words: tuple[str, ...]) -> Sequence[int]:
        """Where these very words follow one another."""
        first, run, count = self._occurrences(words[0]), [*words], len(words)
        return first if count == 1 else [at for at in first if self.words[at : at + count] == run]

    def _look_up(self, words: tuple[str, ...]) -> Sequence[int]:
        if len(words) == 1:
            return self._positions(words[0])
        columns: list[Sequence[int]] = []
        for word in words:
            if not (column := self._positions(word)):
                return ()
            columns.append(column)
        rarest = min(range(len(words)), key=lambda i: len(columns[i]))
        starts = (at - rarest for at in columns[rarest])
        return [at for at in starts if all(self._is(at + i, word) for i, word in enumerate(words))]

    def _positions(self, word: str) -> Sequence[int]:
        if word in self.vocabulary:
            return self._occurrences(word)
        if _is_capitals(word):
            present = word.endswith("*") or not self.vocabulary.isdisjoint(spellings(word))
            return [at for at, capitals in self._capitals.items() if _fits(capitals, word)] if present else ()
        if not word.endswith("*"):
            return ()
        if word not in self._begun:
            stem, words = word[:-1], self._in_order
            within = words[bisect_left(words, stem) : bisect_left(words, stem + "\U0010ffff")]
            self._begun[word] = sorted(at for longer in within for at in self._occurrences(longer))
        return self._begun[word]

    def _is(self, at: int, word: str) -> bool:
        return at >= 0 and _fits(self._capitals.get(at, "") if _is_capitals(word) else self.words[at], word)

    def near(self, node: Near) -> tuple[int, int] | None:
        """The first stretch of positions, end excluded, that holds both sides within the distance."""
        rights = sorted((at, at + len(p.words)) for p in node.right for at in self.find(p))
        lefts = sorted((at, at + len(p.words)) for p in node.left for at in self.find(p)) if rights else []
        reach = node.distance + max(len(p.words) for p in node.right)
        for start, end in lefts:
            for begin, stop in islice(rights, bisect_left(rights, (start - reach, 0)), None):
                if begin > end + node.distance:
                    break
                if 0 <= max(begin - end, start - stop) <= node.distance:
                    return min(start, begin), max(end, stop)
        return None

    def first(self, words: str) -> tuple[int, int] | None:
        """Where folded words with a blank between them first follow one another; finding every place takes longer."""
        for text in self._texts:
            before, there, _ = f" {' '.join(text.words)} ".partition(f" {words} ")
            if there:
                at = text.first + before.count(" ")
                return at, at + there.count(" ") - 1
        return None

    def quote(self, start: int, end: int) -> tuple[str, str, tuple[int, int]]:
        """(field, its cleaned text, character span) of the words from `start` to `end`."""
        text = self._texts[bisect_right(self._texts, start, key=lambda text: text.first) - 1]
        return text.field, text.cleaned, text.span(start, end)

    # --- fields ---

    def field_match(self, facet: Facet) -> str | None:
        """The entry's value that satisfies the facet; "" if it has another value, None if it is unknown."""
        key = facet.field, facet.value
        if key not in self._said:
            find_match = {"agency": self._agency, "names": self._named}.get(facet.field)
            self._said[key] = find_match(facet) if find_match else _match_in(self.entry, facet)
        return self._said[key]

    def _named(self, facet: Facet) -> str:
        """The first named entity that fits: by its id or kind, as quoted, or on its own site."""
        return next((_evidence(name) for name in self.entry.names if facet.value.lower() in name.values), "")

    def _agency(self, facet: Facet) -> str | None:
        if self.entry.agencies is None:
            return None
        return next((agency.name for agency in self._bureau_first if is_agency(agency, facet)), "")

    @cached_property
    def _bureau_first(self) -> Sequence[Agency]:
        """The agencies, bureau first: it is more specific than its department."""
        return *filter(None, (self.entry.agency,)), *(self.entry.agencies or ())


@lru_cache(4096)  # the same few hundred sets of agencies come again and again
def _field_terms(
    agencies: tuple[Agency, ...] | None, type_: str | None, dockets: tuple[str, ...] | None
) -> Sequence[str]:
    return learned.fields((agency.name for agency in agencies or ()), type_, dockets or ())


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """(field, text) of all that is searched, titles first; the empty ones are left out, but not the title."""
    yield "title", entry.withheld or entry.title
    if entry.bill_title and entry.bill_title not in entry.title:
        yield "title", entry.bill_title
    if summary := entry.text or entry.summary:
        yield "summary", summary
    if entry.action:
        yield "action", entry.action
    yield from (("text", quote.text) for quote in (*entry.quotes, *entry.passages) if quote.text)
    yield from (("subjects", subject) for subject in entry.subjects if subject)


def _match_in(entry: Entry, facet: Facet) -> str | None:
    values = _values(entry, facet.field)
    if values is None:
        return None
    if facet.field == "bill":
        return next((v for v in values if v == facet.value or v.startswith(f"{facet.value}-")), "")
    if facet.field == "committee" and values:
        id_, name = values
        return name if facet.value.upper() in (id_, id_[:4]) or _contains(_words(name), facet.words) else ""
    from_start = facet.field == "type"  # a "Proposed Rule" is no "Rule"
    return next((v for v in values if _contains(_words(v), facet.words, from_start=from_start)), "")


def _values(entry: Entry, field: str) -> tuple[str, ...] | None:
    """The entry's values of a field; () if its kind has no such field, None if the source left it out."""
    hearing = entry.hearing
    value, belongs = {
        "type": (entry.type, True),
        "docket": (entry.dockets, entry.kind is Kind.DOCUMENT),
        "bill": ((entry.bill, *entry.speaks_for) if entry.bill else entry.bills or None, entry.kind is Kind.BILL),
        "committee": ((hearing.committee_id, hearing.body) if hearing else None, False),
        "outlet": (entry.outlet, entry.kind is Kind.NEWS),
    }[field]
    if value is None:
        return None if belongs else ()
    return (value,) if isinstance(value, str) else value


def _evidence(name: Named) -> str:
    """`“Delta” near “river” and “dam”`."""
    if not name.words:
        return f"the site of {name.entity}"
    return f"“{name.words}”" + (f" near {' and '.join(f'“{word}”' for word in name.near)}" if name.near else "")


def is_agency(agency: Agency, facet: Facet) -> bool:
    """Whether an `agency:` field means this agency: by its slug, its department's slug, or words of its name.

    A source may give only the name, and the slug of the Department of the Navy is "navy-department".
    """
    if facet.value.lower() in (agency.slug, agency.parent) or _contains(_words(agency.name), facet.words):
        return True
    return "-" in facet.value and agency_key(facet.value) == agency_key(agency.name)


_words = lru_cache(4096)(txt.words)  # the same few hundred agencies and types come again and again


def _contains(words: Sequence[str], wanted: Sequence[str], *, from_start: bool = False) -> bool:
    starts = range(1 if from_start else len(words) - len(wanted) + 1)
    return len(words) >= len(wanted) and any(all(map(_fits, words[at:], wanted)) for at in starts)


@lru_cache(4096)
def spellings(word: str) -> frozenset[str]:
    """The folded words that match a query word: acronyms match their plural, too ("WROs" is WRO)."""
    folded = word.casefold()
    return frozenset({folded, f"{folded}s"} if word.isupper() and not word.endswith("*") else {folded})


class PhraseFilter(Generic[_Owner]):
    """Tells, from a text's words alone, whose phrases it may contain. Looking where they stand takes far longer."""

    def __init__(self, phrases: Iterable[tuple[Phrase, _Owner]]) -> None:
        self._by_word: dict[str, list[tuple[tuple[frozenset[str], ...], _Owner]]] = defaultdict(list)
        for phrase, owner in phrases:
            whole = [spellings(word) for word in phrase.words if not word.endswith("*")]
            whole.sort(key=lambda words: min(map(len, words)))
            *others, rarest = whole or [frozenset({""})]  # the blank that every text has
            for word in rarest:
                self._by_word[word].append((tuple(others), owner))
        self._words = frozenset(self._by_word)

    def owners(self, vocabulary: frozenset[str]) -> set[_Owner]:
        """Return the owners of the phrases of which every whole word is in the vocabulary."""
        return {
            owner
            for word in self._words & vocabulary
            for others, owner in self._by_word[word]
            if not any(map(vocabulary.isdisjoint, others))
        }


def _is_capitals(word: str) -> bool:
    return word.isupper() and word.isascii()


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
