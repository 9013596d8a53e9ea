"""What an entry says, laid out so that a query can be held against it. Pure.

A text question ("does it say this?") is answered from title, summary, action line, what is quoted of its own text, and
a bill's subjects; an entry without a summary is judged on its title. A question about a field that the source left out
has no answer: None, which is not "no".
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from bot.shared.entry import Agency, Entry, Kind, Named
from bot.watch import text as txt
from bot.watch.model import Reason
from bot.watch.query import MAX_NEAR, Facet, Near, Phrase

_APART = [""] * (MAX_NEAR + 1)  # between fields, so that no phrase and no NEAR reaches from one into the next


@dataclass(frozen=True)
class _Text:
    field: str
    cleaned: str
    first: int  # position of its first word

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        return txt.spans(self.cleaned)


class Index:
    """The words of one entry by position, and what its fields say."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.words: list[str] = []
        self._texts: list[_Text] = []
        self._found: dict[tuple[str, ...], Sequence[int]] = {}
        self._said: dict[tuple[str, str], str | None] = {}
        self.quoted: dict[tuple[int, int], Reason] = {}  # by the stretch of words
        self._add("title", entry.withheld or entry.title)
        if entry.bill_title and entry.bill_title not in entry.title:
            self._add("title", entry.bill_title)
        self.title_end = len(self.words)
        self._add("summary", entry.text or entry.summary or "")
        self._add("action", entry.action or "")
        for quote in entry.quotes:
            self._add("text", quote.text)
        for subject in entry.subjects:
            self._add("subjects", subject)

    def _add(self, field: str, text: str) -> None:
        first, cleaned = len(self.words), txt.clean(text)
        self._texts.append(_Text(field, cleaned, first))
        self.words += txt.fold_all(txt.raw_words(cleaned)) + _APART

    # --- words: where each stands is worked out when first asked, for most entries call up no watch ---

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The folded words, and the blank between fields."""
        return frozenset(self.words)

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self.words):
            if word:
                places[word].append(at)
        return places

    @cached_property
    def _capitals(self) -> Mapping[int, str]:
        found = ((text.first, txt.acronyms(txt.raw_words(text.cleaned))) for text in self._texts)
        return {first + at: word for first, words in found for at, word in words}

    @cached_property
    def _in_order(self) -> Sequence[str]:
        return sorted(self.vocabulary)

    def find(self, phrase: Phrase) -> Sequence[int]:
        """The positions where the phrase begins, ascending."""
        found = self._found.get(phrase.words)
        if found is None:
            found = self._found[phrase.words] = self._look_up(phrase.words)
        return found[: bisect_left(found, self.title_end)] if phrase.title_only else found

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
            return self._places[word]
        if _is_capitals(word):
            stands = word.endswith("*") or not self.vocabulary.isdisjoint(spellings(word))
            return [at for at, capitals in self._capitals.items() if _fits(capitals, word)] if stands else ()
        if not word.endswith("*"):
            return ()
        stem, known = word[:-1], self._in_order
        within = islice(known, bisect_left(known, stem), bisect_left(known, stem + "\U0010ffff"))
        return sorted(at for longer in within for at in self._places[longer])

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

    def quote(self, start: int, end: int) -> tuple[str, str, tuple[int, int]]:
        """Field, its cleaned text, and the stretch of characters that the words from `start` up to `end` fill."""
        text = next(t for t in reversed(self._texts) if t.first <= start)
        return text.field, text.cleaned, (text.places[start - text.first][0], text.places[end - text.first - 1][1])

    # --- fields ---

    def said(self, facet: Facet) -> str | None:
        """What the entry says that satisfies the facet: "" if it says something else, None if it does not say."""
        key = facet.field, facet.value
        if key not in self._said:
            said = {"agency": self._agency, "names": self._named}.get(facet.field)
            self._said[key] = said(facet) if said else _said(self.entry, facet)
        return self._said[key]

    def _named(self, facet: Facet) -> str:
        """Of whom the entry names, the first that is meant: by its id or kind, as quoted, or as on its own site."""
        return next((_evidence(name) for name in self.entry.names if _is_meant(name, facet.value.lower())), "")

    def _agency(self, facet: Facet) -> str | None:
        if self.entry.agencies is None:
            return None
        return next((agency.name for agency in self._bureau_first if is_agency(agency, facet)), "")

    @cached_property
    def _bureau_first(self) -> Sequence[Agency]:
        """A department's bureau is of the department too, and says more."""
        return *filter(None, (self.entry.agency,)), *(self.entry.agencies or ())


def _said(entry: Entry, facet: Facet) -> str | None:
    values = _values(entry, facet.field)
    if values is None:
        return None
    if facet.field == "bill":
        return next((v for v in values if v == facet.value or v.startswith(f"{facet.value}-")), "")
    from_start = facet.field == "type"  # a "Proposed Rule" is no "Rule"
    return next((v for v in values if _contains(_words(v), facet.words, from_start=from_start)), "")


def _values(entry: Entry, field: str) -> tuple[str, ...] | None:
    """What the entry has in a field: () where its kind has no such thing, None where the source did not say."""
    value, belongs = {
        "type": (entry.type, True),
        "docket": (entry.dockets, entry.kind is Kind.DOCUMENT),
        "bill": ((entry.bill, *entry.speaks_for) if entry.bill else None, entry.kind is Kind.BILL),
        "outlet": (entry.outlet, entry.kind is Kind.NEWS),
    }[field]
    if value is None:
        return None if belongs else ()
    return (value,) if isinstance(value, str) else value


def _is_meant(name: Named, value: str) -> bool:
    return value in (name.entity, name.kind, "any") or {"quoted": name.quoted, "own": name.own}.get(value, False)


def _evidence(name: Named) -> str:
    """`“Delta” near “river” and “dam”`."""
    if not name.words:
        return f"the site of {name.entity}"
    return f"“{name.words}”" + (f" near {' and '.join(f'“{word}”' for word in name.near)}" if name.near else "")


def is_agency(agency: Agency, facet: Facet) -> bool:
    """Whether a field `agency:` means this one, by its slug, by that of its department, or by words of its name."""
    return facet.value.lower() in (agency.slug, agency.parent) or _contains(_words(agency.name), facet.words)


_words = lru_cache(4096)(txt.words)  # the same few hundred agencies and types come again and again


def _contains(words: Sequence[str], wanted: Sequence[str], *, from_start: bool = False) -> bool:
    starts = range(1 if from_start else len(words) - len(wanted) + 1)
    return len(words) >= len(wanted) and any(all(map(_fits, words[at:], wanted)) for at in starts)


def spellings(word: str) -> frozenset[str]:
    """The folded words that a word of a query may stand as: capitals stand in their plural too ("WROs" is WRO)."""
    folded = word.casefold()
    return frozenset({folded, f"{folded}s"} if word.isupper() and not word.endswith("*") else {folded})


def _is_capitals(word: str) -> bool:
    return word.isupper() and word.isascii()


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
