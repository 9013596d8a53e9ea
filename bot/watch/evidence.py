"""Evaluate a query on an entry, with the words that show the result. Pure.

Three-valued logic: True, False, and None if the entry's source left out a field that the query asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.watch.index import Index
from bot.watch.model import Reason
from bot.watch.query import And, Facet, Near, Node, Not, Or, Phrase

Leaf = Phrase | Near | Facet

_MOST = 4  # reasons per match: enough to judge by, few enough for a phone
_AROUND = 40  # characters of a long quote that are shown of each end
_SPACES = re.compile(r"\s+")


def holds(node: Node, index: Index) -> bool | None:
    return weigh(node, index)[0]


def weigh(node: Node, index: Index) -> tuple[bool | None, Sequence[Leaf]]:
    """Whether a query holds, and the leaves behind that: those that match, and fields that are unknown.

    The leaves are meaningless if it does not hold.
    """
    if isinstance(node, Phrase):  # as most are; a chain of patterns takes twice as long
        return bool(index.find(node)), (node,)
    if isinstance(node, And):
        return _all(node.parts, index)
    if isinstance(node, Or):
        return _any(node.parts, index)
    if isinstance(node, Not):
        value, _ = weigh(node.part, index)
        unknown = [leaf for leaf in leaves(node.part) if isinstance(leaf, Facet) and index.field_match(leaf) is None]
        return None if value is None else not value, unknown
    if isinstance(node, Near):
        return index.near(node) is not None, (node,)
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


def _any(parts: Iterable[Node], index: Index) -> tuple[bool | None, Sequence[Leaf]]:
    """True if one part is true, else None if one is unknown, else False."""
    best: bool | None = False
    support: list[Leaf] = []
    for part in parts:
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
    stretches = sorted({s for leaf in matched if (s := _stretch(leaf, index))}, key=lambda s: (s[0] - s[1], s[0]))
    fields = {(f.field, value): None for f in matched if isinstance(f, Facet) and (value := index.field_match(f))}
    shown: list[tuple[int, int]] = []
    for start, end in stretches:
        if len(shown) < _MOST - bool(fields) and not any(begin <= start and end <= stop for begin, stop in shown):
            shown.append((start, end))
    pieces = [_quoted(index, stretch) for stretch in shown] + [Reason(field, value) for field, value in fields]
    return tuple({(reason.field, reason.words.casefold()): reason for reason in pieces}.values())[:_MOST]


def _stretch(leaf: Leaf, index: Index) -> tuple[int, int] | None:
    match leaf:
        case Phrase(words) if at := index.find(leaf):
            return at[0], at[0] + len(words)
        case Near():
            return index.near(leaf)
    return None


def _quoted(index: Index, stretch: tuple[int, int]) -> Reason:
    """Cached, because many watches ask for the same words."""
    if stretch not in index.quoted:
        index.quoted[stretch] = _quote(index, *stretch)
    return index.quoted[stretch]


def _quote(index: Index, start: int, end: int) -> Reason:
    field, text, (begin, stop) = index.quote(start, end)
    if index.entry.withheld:
        return Reason(field, "")
    return Reason(field, _shorter(_one_line(text[begin:stop])))


def _shorter(words: str) -> str:
    """At most about 80 characters, without the middle: the ends are what NEAR found."""
    if len(words) <= 2 * _AROUND:
        return words
    head, tail = words[:_AROUND], words[-_AROUND:]
    return f"{head.rpartition(' ')[0] or head} … {tail.partition(' ')[2] or tail}"


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text)
