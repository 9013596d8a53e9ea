"""Whether a query holds, and the words that show it. Pure.

Three answers, after Kleene: True, False, and None where the entry's source left out what the query asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.watch.index import Index
from bot.watch.model import Reason
from bot.watch.query import And, Facet, Near, Node, Not, Or, Phrase

Leaf = Phrase | Near | Facet

_MOST = 4  # reasons per match: enough to judge by, few enough for a phone
_AROUND = 40  # characters of context on each side


def holds(node: Node, index: Index) -> bool | None:
    match node:
        case Phrase():
            return bool(index.find(node))
        case And(parts):
            return _least(holds(part, index) for part in parts)
        case Or(parts):
            return _not(_least(_not(holds(part, index)) for part in parts))
        case Not(part):
            return _not(holds(part, index))
        case Facet():
            said = index.said(node)
            return None if said is None else bool(said)
        case Near():
            return index.near(node) is not None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _least(values: Iterable[bool | None]) -> bool | None:
    least: bool | None = True
    for value in values:
        if value is False:
            return False
        least = least and value
    return least


def supporting(node: Node, index: Index) -> Iterator[Leaf]:
    """The leaves that make a query hold (or leave it open): text and fields that hold, and fields that are unknown."""
    match node:
        case And(parts):
            for part in parts:
                yield from supporting(part, index)
        case Or(parts):
            best = holds(node, index)
            for part in parts:
                if holds(part, index) is best:
                    yield from supporting(part, index)
        case Not(part):
            yield from (leaf for leaf in leaves(part) if holds(leaf, index) is None)
        case _:
            yield node


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


def reasons(held: Iterable[Leaf], index: Index) -> tuple[Reason, ...]:
    """The best few pieces of evidence: longer ones first, the title before the rest, fields last, nothing twice."""
    found: dict[tuple[str, str], Reason] = {}
    stretches = sorted((s for leaf in held if (s := _stretch(leaf, index))), key=lambda s: (s[0] - s[1], s[0]))
    seen: list[tuple[int, int]] = []
    for start, end in stretches:
        if not any(begin <= start and end <= stop for begin, stop in seen):
            seen.append((start, end))
            reason = _quoted(index, start, end)
            found.setdefault((reason.field, reason.words.casefold()), reason)
    for leaf in held:
        if isinstance(leaf, Facet) and (said := index.said(leaf)):
            found.setdefault((leaf.field, said.casefold()), Reason(leaf.field, said, said))
    return tuple(found.values())[:_MOST]


def _stretch(leaf: Leaf, index: Index) -> tuple[int, int] | None:
    match leaf:
        case Phrase(words) if at := index.find(leaf):
            return at[0], at[0] + len(words)
        case Near():
            return index.near(leaf)
    return None


def _quoted(index: Index, start: int, end: int) -> Reason:
    field, text, (begin, stop) = index.quote(start, end)
    left, right = max(0, begin - _AROUND), min(len(text), stop + _AROUND)
    before, after = text[left:begin], text[stop:right]
    if left:
        before = "…" + before.partition(" ")[2]
    if right < len(text):
        after = after.rpartition(" ")[0] + "…"
    words = text[begin:stop]
    return Reason(field, _one_line(words), _one_line(before + words + after))


def _one_line(text: str) -> str:
    return " ".join(text.split())
