"""What a watch is, and what it says of an entry. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.shared.entry import Kind

if TYPE_CHECKING:
    from bot.watch.query import Query


class Level(StrEnum):
    ALERT = "alert"  # said at once
    DIGEST = "digest"  # a line in the next digest


@dataclass(frozen=True, slots=True)
class Watch:
    id: str
    name: str
    asks: tuple[int, ...]  # empty: a standing policy watch
    level: Level
    query: Query
    kinds: tuple[Kind, ...] = ()  # empty: any that brings news
    sources: tuple[str, ...] = ()  # empty: any

    def takes(self, kind: Kind) -> bool:
        """Whether it judges entries of this kind at all; a page without news only where it is asked for."""
        return kind in self.kinds if self.kinds else kind is not Kind.LISTING


QUOTED: Final = frozenset({"title", "summary", "action", "text"})  # fields whose evidence is the entry's own words


@dataclass(frozen=True, slots=True)
class Reason:
    """A piece of evidence: the words as the entry has them, "" where the entry is withheld."""

    field: str  # "title", "summary", "text", "subjects", "agency", "type", "docket", "bill"
    words: str


@dataclass(frozen=True, slots=True)
class Match:
    """One watch's judgement of one entry. `unknown` names fields the query asked for and the source did not give."""

    watch: str
    name: str
    asks: tuple[int, ...]
    level: Level
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...] = ()
