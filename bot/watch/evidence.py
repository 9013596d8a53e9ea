"""Evaluate a query on an entry, with the words that show the result, or with what it lacked. Pure.

Three-valued logic: True, False, and None if the entry's source left out a field that the query asks for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.shared.entry import Entry
from bot.watch.index import Index
from bot.watch.learned import Learned
from bot.watch.model import LEARNED, Reason, Watch
from bot.watch.query import And, Facet, Near, Node, Not, Or, Phrase, in_words

Leaf = Phrase | Near | Facet | Learned

_MOST = 4  # reasons per match: enough to judge by, few enough for a phone
_AROUND = 40  # characters of a long quote that are shown of each end
_SPACES = re.compile(r"\s+")


def holds(node: Node, index: Index) -> bool | None:
    return weigh(node, index)[0]


def weigh(node: Node, index: Index) -> tuple[bool | None, Sequence[Leaf]]:  # noqa: PLR0911 - one for each kind of node
    """Whether a query holds and, if so, the leaves behind that: those that match, and fields that are unknown."""
    if isinstance(node, Phrase):  # as most are; a chain of patterns takes twice as long
        return bool(index.find(node)), (node,)
    if isinstance(node, And):
        return _all(node.parts, index)
    if isinstance(node, Or):
        return _any(node.parts, index)
    if isinstance(node, Not):
        return _not(node.part, index)
    if isinstance(node, Near):
        return index.near(node) is not None, (node,)
    if isinstance(node, Learned):
        return node.matches(index.features(node)), (node,)
    value_ = index.field_match(node)
    return None if value_ is None else bool(value_), (node,)


def _all(parts: Iterable[Node], index: Index) -> tuple[bool | None, Sequence[Leaf]]:
    """False if one part is false, else None if one is unknown, else True."""
    answer: bool | None = True
    support: list[Leaf] = []
    for part in parts:
        value, matched = weigh(part, index)
        if value is False:
            return False, ()
        answer = answer and value
        support += matched
    return answer, support


def _not(part: Node, index: Index) -> tuple[bool | None, Sequence[Leaf]]:
    if isinstance(part, Phrase):
        return not index.find(part), ()
    value, _ = weigh(part, index)
    unknown = [leaf for leaf in leaves(part) if isinstance(leaf, Facet) and index.field_match(leaf) is None]
    return None if value is None else not value, unknown


def _any(parts: Iterable[Node], index: Index) -> tuple[bool | None, Sequence[Leaf]]:
    """True if one part is true, else None if one is unknown, else False."""
    best: bool | None = False
    support: list[Leaf] = []
    for part in parts:
        if isinstance(part, Phrase) and not index.find(part):
            continue
        value, matched = weigh(part, index)
        if value is False:
            continue
        if best is False or (value and not best):
            best, support = value, []
        if value is best:
            support += matched
    return best, support


def leaves(node: Node) -> Iterator[Leaf]:
    """Every word, phrase, NEAR and field of a query, in the order they were written."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield node


def reasons(matched: Sequence[Leaf], index: Index) -> tuple[Reason, ...]:
    """The best pieces of evidence without duplicates: longer ones first, the title before the rest, fields last."""
    stretches: set[tuple[int, int]] = set()
    fields: dict[tuple[str, str], None] = {}
    for leaf in matched:
        if isinstance(leaf, Learned):
            return _close_to(leaf, index)
        if isinstance(leaf, Phrase):
            if at := index.find(leaf):
                stretches.add((at[0], at[0] + len(leaf.words)))
        elif isinstance(leaf, Near):
            if stretch := index.near(leaf):
                stretches.add(stretch)
        elif value := index.field_match(leaf):
            fields[leaf.field, value] = None
    pieces = [_quoted(index, stretch) for stretch in _widest(stretches, _MOST - bool(fields))]
    pieces += [index.reasons.setdefault(field, Reason(*field)) for field in fields]
    if len(pieces) > 1:
        pieces = [*{(reason.field, reason.words.casefold()): reason for reason in pieces}.values()][:_MOST]
    return tuple(pieces)


def _close_to(learned: Learned, index: Index) -> tuple[Reason, ...]:
    """The terms for which a learned watch matched, in the entry's own words."""
    pieces = []
    for term in learned.telling(index.features(learned)):
        name, _, value = term.rpartition(":")
        if name:
            pieces.append(Reason(name, index.field_match(Facet(name, value, tuple(value.split()))) or value))
        elif stretch := index.first(value):
            pieces.append(Reason(LEARNED, _quoted(index, stretch).words))
    return tuple(pieces)


def _widest(stretches: Collection[tuple[int, int]], most: int) -> Iterable[tuple[int, int]]:
    """The longest stretches, the first in the text of those as long, without any that is within another."""
    if len(stretches) < 2:
        return stretches
    widest: list[tuple[int, int]] = []
    for start, end in sorted(stretches, key=lambda s: (s[0] - s[1], s[0])):
        if len(widest) < most and not any(begin <= start and end <= stop for begin, stop in widest):
            widest.append((start, end))
    return widest


def _quoted(index: Index, stretch: tuple[int, int]) -> Reason:
    """Cached, because many watches ask for the same words."""
    if stretch not in index.reasons:
        field, text, (begin, stop) = index.quote(*stretch)
        words = "" if index.entry.withheld else _shorter(_SPACES.sub(" ", text[begin:stop]))
        index.reasons[stretch] = Reason(field, words)
    return index.reasons[stretch]


def _shorter(words: str) -> str:
    """At most about 80 characters, without the middle: the ends are what NEAR found."""
    if len(words) <= 2 * _AROUND:
        return words
    head, tail = words[:_AROUND], words[-_AROUND:]
    return f"{head.rpartition(' ')[0] or head} … {tail.partition(' ')[2] or tail}"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Parts of the query in words. All empty: the entry contains none of the wanted words."""

    had: tuple[str, ...] = ()
    lacked: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`had "public comment"; lacked agency "coast-guard"; excluded by "meeting" in the title`."""
        groups = (("had", self.had), ("lacked", self.lacked), ("excluded by", self.barred))
        return "; ".join(f"{verb} {', '.join(pieces)}" for verb, pieces in groups if pieces)


def explain(watch: Watch, entry: Entry) -> NearMiss:
    """Why an entry did not match a watch (for one that did: what it had)."""
    miss = _miss(watch.query.root, Index(entry))
    if not any(in_words(leaf) in miss.had for leaf in leaves(watch.query.root) if not isinstance(leaf, Facet)):
        return NearMiss()  # sharing an agency or a type with a watch is not near
    limits = (
        (watch.kinds, entry.kind, f"kind {', '.join(watch.kinds)} (this is {entry.kind})"),
        (watch.sources, entry.source, f"source {', '.join(watch.sources)} (this came from {entry.source})"),
    )
    outside = tuple(reason for allowed, value, reason in limits if allowed and value not in allowed)
    if not (miss.lacked or miss.barred) and watch.nearest and watch.nearest.nearest(entry) is None:
        outside += ("more of what your asks say",)
    return NearMiss(miss.had, miss.lacked + outside, miss.barred)


def _miss(node: Node, index: Index) -> NearMiss:
    match node:
        case And(parts):
            misses = tuple(_miss(part, index) for part in parts)
            return NearMiss(
                had=tuple(dict.fromkeys(piece for miss in misses for piece in miss.had)),
                lacked=tuple(dict.fromkeys(piece for miss in misses for piece in miss.lacked)),
                barred=tuple(dict.fromkeys(piece for miss in misses for piece in miss.barred)),
            )
        case Or(parts) if holds(node, index) is False:
            nearest = min((_miss(part, index) for part in parts), key=lambda miss: (not miss.had, len(miss.lacked)))
            return nearest if nearest.had else NearMiss(lacked=(in_words(node),))
        case Not(part):
            excluded = [leaf for leaf in leaves(part) if holds(leaf, index)] if holds(part, index) else []
            return NearMiss(barred=tuple(map(in_words, excluded)))
    verdict, support = weigh(node, index)
    if verdict is False:
        return NearMiss(lacked=(in_words(node),))
    unknown = [leaf for leaf in support if isinstance(leaf, Facet) and index.field_match(leaf) is None]
    matched = [leaf for leaf in support if leaf not in unknown]
    return NearMiss(
        tuple(map(in_words, matched)), tuple(f"{in_words(leaf)} (the source does not say)" for leaf in unknown)
    )
