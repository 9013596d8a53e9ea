"""Why a coalition is told of an entry, in a line for each ask. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.alerts import words
from bot.watch.model import Level, Match, Reason

AMENDS: Final = "amends"  # the field of a reason that lies in the document that is amended
_MOST: Final = 3  # matched words shown for each field
_PLACES: Final = {
    "title": "in the title",
    "summary": "in the summary",
    "action": "in the action line",
    "dates": "in the dates",
}
_FACETS: Final = {"agency": "agency {}", "type": "kind “{}”", "docket": "docket {}", "source": "source {}"}


def why(matches: Sequence[Match], asks: Mapping[int, str]) -> tuple[str, ...]:
    """`"Forced or Indentured Labor" in the title; agency … → Ask 4, enforce …`, one line for each ask or watch."""
    found: dict[str, dict[str, None]] = {}
    for match in matches:
        found.setdefault(_purpose(match, asks), {}).update(dict.fromkeys(_evidence(match)))
    return tuple(f"{'; '.join(evidence)} → {purpose}" for purpose, evidence in found.items())


def asks_of(matches: Iterable[Match]) -> tuple[int, ...]:
    return tuple(sorted({ask for match in matches for ask in match.asks}))


def loudest(matches: Iterable[Match]) -> Level | None:
    levels = {match.level for match in matches}
    return Level.ALERT if Level.ALERT in levels else Level.DIGEST if levels else None


def merged(*groups: Sequence[Match]) -> tuple[Match, ...]:
    """Each watch once, as first found."""
    return tuple({match.watch: match for group in reversed(groups) for match in reversed(group)}.values())[::-1]


def _purpose(match: Match, asks: Mapping[int, str]) -> str:
    if not match.asks:
        return f"policy watch “{match.name}”"
    titled = [f"Ask {ask}, {asks[ask]}" if ask in asks else f"Ask {ask}" for ask in match.asks]
    return "; ".join(titled)


def _evidence(match: Match) -> list[str]:
    by_field: dict[str, list[str]] = {}
    for reason in match.reasons:
        by_field.setdefault(reason.field, []).append(reason.words)
    said = [_field(field, found) for field, found in by_field.items()]
    said += [f"{field} not given by the source" for field in match.unknown]
    return said or [f"watch “{match.name}”"]


def _field(field: str, found: Sequence[str]) -> str:
    if field == AMENDS:
        return f"it amends “{words.short(found[0], 80)}”, which matched"
    if field == "bill":
        return f"bill {words.listed([words.bill(bill) for bill in found], _MOST)}"
    if field in _FACETS:
        return _FACETS[field].format(words.listed(found, _MOST))
    return f"{words.listed([f'“{text}”' for text in found], _MOST)} {_PLACES.get(field, f'in the {field}')}"


def amending(original: str, matches: Iterable[Match]) -> tuple[Match, ...]:
    """The matches of an amended document, handed on to the one that amends it."""
    return tuple(
        Match(match.watch, match.name, match.asks, match.level, (Reason(AMENDS, original, original),))
        for match in matches
    )
