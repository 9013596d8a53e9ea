"""Watches, their matches, and why an entry is posted, in a line per ask. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.shared import wording
from bot.shared.entry import Kind, Quote
from bot.watch import text as txt

if TYPE_CHECKING:
    from bot.watch.nearest import Asks
    from bot.watch.query import Query

AMENDS: Final = "amends"  # the field of a reason that is in the amended document
OF_CAUSE: Final = "your cause; which ask is not clear"  # the name of a match that is nearest to no ask
_MOST: Final = 4  # pieces of evidence in a line: enough to judge by, few enough for a phone
_MOST_PASSAGES: Final = 30
_PLACES: Final = {
    "title": "in the title",
    "summary": "in the summary",
    "action": "in the action line",
    "dates": "in the dates",
    "text": "in its text",
    "subjects": "in its subjects",
}
_FACETS: Final = {
    "agency": "agency {}",
    "type": "kind “{}”",
    "docket": "docket {}",
    "committee": "{}",
    "source": "source {}",
    "names": "{}",
}


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
    nearest: Asks | None = None  # an entry is for the nearest of these, not for `asks`

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


def why(matches: Sequence[Match], asks: Mapping[int, str]) -> tuple[str, ...]:
    """`“Forced or Indentured Labor” in the title; agency … → Ask 4, enforce …`, one line for each ask or watch.

    The best comes first: what makes it an alert, then what is about an ask. What has all its evidence in the lines
    before it has no line of its own; its ask is named in the first of them, if those name none.
    """
    purposes: dict[str, list[Match]] = {}
    for match in sorted(matches, key=lambda match: (match.level is not Level.ALERT, not match.asks)):
        purposes.setdefault(_purpose(match, asks), []).append(match)
    lines: list[tuple[str, str]] = []
    shown: list[Reason] = []
    names_ask = False
    for purpose, group in purposes.items():
        reasons = [reason for match in group for reason in match.reasons]
        if not lines or not reasons or not all(_is_shown(reason, shown) for reason in reasons):
            lines.append(("; ".join(_evidence(group, reasons)), purpose))
            shown += reasons
        elif asks_of(group) and not names_ask:
            lines[0] = lines[0][0], f"{purpose}; {lines[0][1]}"
        names_ask = names_ask or bool(asks_of(group))
    return tuple(f"{evidence} → {purpose}" for evidence, purpose in lines)


def asks_of(matches: Iterable[Match]) -> tuple[int, ...]:
    return tuple(sorted({ask for match in matches for ask in match.asks}))


def quotes_of(passages: Iterable[Quote], matches: Sequence[Match]) -> tuple[Quote, ...]:
    """The passages with words for which an entry matched, those with the most of them first."""
    words = {reason.words.casefold() for match in matches for reason in match.reasons if reason.field in QUOTED}
    ends = [word.split(" … ") for word in words if word]  # the middle of long evidence is left out
    texts = [(txt.clean(passage.text).casefold(), passage) for passage in passages]
    counted = [(sum(any(part in text for part in parts) for parts in ends), passage) for text, passage in texts]
    return tuple(passage for count, passage in sorted(counted, key=lambda pair: -pair[0]) if count)[:_MOST_PASSAGES]


def without_quotes(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return the matches with the place of each piece of evidence, but not its words."""
    return tuple(
        replace(
            match,
            reasons=tuple(replace(reason, words="") if reason.field in QUOTED else reason for reason in match.reasons),
        )
        for match in matches
    )


def loudest(matches: Iterable[Match]) -> Level | None:
    levels = {match.level for match in matches}
    return Level.ALERT if Level.ALERT in levels else Level.DIGEST if levels else None


def merged(*groups: Sequence[Match]) -> tuple[Match, ...]:
    """The matches of several groups, each watch once; the first wins."""
    return tuple({match.watch: match for group in reversed(groups) for match in reversed(group)}.values())[::-1]


def _purpose(match: Match, asks: Mapping[int, str]) -> str:
    if not match.asks:
        return match.name if match.name == OF_CAUSE else f"policy watch “{match.name}”"
    titled = [f"Ask {ask}, {asks[ask]}" if ask in asks else f"Ask {ask}" for ask in match.asks]
    return "; ".join(titled)


def _evidence(matches: Sequence[Match], reasons: Sequence[Reason]) -> list[str]:
    best_of: dict[tuple[str, str], Reason] = {}
    for reason in reasons:
        if not any(_holds(other, reason) for other in reasons):
            best_of.setdefault(_key(reason), reason)
    best = sorted(best_of.values(), key=lambda reason: reason.field != "title")[:_MOST]
    by_field: dict[str, list[str]] = {}
    for reason in best:
        by_field.setdefault(reason.field, []).append(reason.words)
    parts = [_field(field, words) for field, words in by_field.items()]
    unknown = dict.fromkeys(field for match in matches for field in match.unknown)
    parts += [f"{field} not given by the source" for field in unknown]
    return parts or [f"watch “{match.name}”" for match in matches]


def _key(reason: Reason) -> tuple[str, str]:
    return reason.field, reason.words.casefold()


def _is_shown(reason: Reason, shown: Iterable[Reason]) -> bool:
    return any(_key(other) == _key(reason) or _holds(other, reason) for other in shown)


def _holds(other: Reason, reason: Reason) -> bool:
    """Whether `other` says more than `reason`: its words and others in the same field, or its words in the title."""
    longer = other.words.casefold() != reason.words.casefold()
    wider = longer if other.field == reason.field else other.field == "title" and reason.field in _PLACES
    return wider and reason.words.casefold() in other.words.casefold()


def _field(field: str, values: Sequence[str]) -> str:
    if field == AMENDS:
        return f"it amends “{wording.short(values[0], 80)}”, which matched"
    if field == "bill":
        return f"bill {wording.listed([wording.bill(bill) for bill in values])}"
    if field == LEARNED:
        return f"close to what you marked Yes: {wording.listed([f'“{value}”' for value in values if value])}"
    if field in _FACETS:
        return _FACETS[field].format(wording.listed(values))
    texts = [f"“{text}”" for text in values if text]
    return f"{wording.listed(texts or ['words'])} {_PLACES.get(field, f'in the {field}')}"


def amending(original: str, matches: Iterable[Match]) -> tuple[Match, ...]:
    """The amended document's matches as matches of the document that amends it."""
    return tuple(
        Match(match.watch, match.name, match.asks, match.level, (Reason(AMENDS, original),)) for match in matches
    )
