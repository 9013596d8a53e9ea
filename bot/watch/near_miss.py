"""How near an entry came to a watch that it did not match: what it had, what it lacked, what ruled it out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.shared.entry import Entry
from bot.watch.evidence import holds, leaves, weigh
from bot.watch.index import Index
from bot.watch.model import Watch
from bot.watch.query import And, Facet, Node, Not, Or, in_words


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Pieces of the query in words. All three empty: not one wanted word stands in the entry."""

    had: tuple[str, ...] = ()
    lacked: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`had "public comment"; lacked agency "coast-guard"; ruled out by "meeting" in the title`."""
        said = (("had", self.had), ("lacked", self.lacked), ("ruled out by", self.barred))
        return "; ".join(f"{verb} {', '.join(pieces)}" for verb, pieces in said if pieces)


def explain(watch: Watch, entry: Entry) -> NearMiss:
    """Why an entry did not match a watch (for one that did: what it had)."""
    found = _miss(watch.query.root, Index(entry))
    if not any(in_words(leaf) in found.had for leaf in leaves(watch.query.root) if not isinstance(leaf, Facet)):
        return NearMiss()  # sharing an agency or a type with a watch is not near
    limits = (
        (watch.kinds, entry.kind, f"kind {', '.join(watch.kinds)} (this is {entry.kind})"),
        (watch.sources, entry.source, f"source {', '.join(watch.sources)} (this came from {entry.source})"),
    )
    outside = tuple(said for allowed, value, said in limits if allowed and value not in allowed)
    return NearMiss(found.had, found.lacked + outside, found.barred)


def _miss(node: Node, index: Index) -> NearMiss:
    match node:
        case And(parts):
            return _together(_miss(part, index) for part in parts)
        case Or(parts) if holds(node, index) is False:
            nearest = min((_miss(part, index) for part in parts), key=lambda miss: (not miss.had, len(miss.lacked)))
            return nearest if nearest.had else NearMiss(lacked=(in_words(node),))
        case Not(part):
            in_the_way = [leaf for leaf in leaves(part) if holds(leaf, index)] if holds(part, index) else []
            return NearMiss(barred=tuple(map(in_words, in_the_way)))
    verdict, support = weigh(node, index)
    if verdict is False:
        return NearMiss(lacked=(in_words(node),))
    open_ = [leaf for leaf in support if isinstance(leaf, Facet) and index.said(leaf) is None]
    held = [leaf for leaf in support if leaf not in open_]
    return NearMiss(tuple(map(in_words, held)), tuple(f"{in_words(leaf)} (the source does not say)" for leaf in open_))


def _together(misses: Iterable[NearMiss]) -> NearMiss:
    all_ = tuple(misses)
    return NearMiss(
        had=tuple(piece for miss in all_ for piece in miss.had),
        lacked=tuple(piece for miss in all_ for piece in miss.lacked),
        barred=tuple(piece for miss in all_ for piece in miss.barred),
    )
