"""Explain why an entry did not match a watch: what it had, what it lacked, what ruled it out. Pure."""

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
    return NearMiss(miss.had, miss.lacked + outside, miss.barred)


def _miss(node: Node, index: Index) -> NearMiss:
    match node:
        case And(parts):
            return _combine(_miss(part, index) for part in parts)
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


def _combine(misses: Iterable[NearMiss]) -> NearMiss:
    all_ = tuple(misses)
    return NearMiss(
        had=tuple(dict.fromkeys(piece for miss in all_ for piece in miss.had)),
        lacked=tuple(dict.fromkeys(piece for miss in all_ for piece in miss.lacked)),
        barred=tuple(dict.fromkeys(piece for miss in all_ for piece in miss.barred)),
    )
