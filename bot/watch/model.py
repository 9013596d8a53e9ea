"""Watches and their matches. Pure."""

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
        """Whether it applies to entries of this kind; a listing only if asked for.

        A watch for documents takes the rules that agencies plan, too: they are the documents to come.
        """
        if kind is Kind.PLANNED_RULE and Kind.DOCUMENT in self.kinds:
            return True
        return kind in self.kinds if self.kinds else kind is not Kind.LISTING


LEARNED: Final = "learned"  # the field of the words for which a learned watch matched
QUOTED: Final = frozenset(
    {"title", "summary", "action", "text", LEARNED}
)  # fields whose evidence is the entry's own words


@dataclass(frozen=True, slots=True)
class Reason:
    """A piece of evidence: the entry's own words, or "" if the entry is withheld."""

    field: str  # "title", "summary", "text", "subjects", "agency", "type", "docket", "bill"
    words: str


@dataclass(frozen=True, slots=True)
class Match:
    """A watch that matched an entry. `unknown`: fields that the query asks for and the source left out."""

    watch: str
    name: str
    asks: tuple[int, ...]
    level: Level
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...] = ()
