"""Which channels hear of a match. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.config.feeds import Feeds, RouteConfig
from bot.shared.entry import Kind
from bot.watch.model import Level, Match
from bot.watch.reasons import merged


def routed(matches: Sequence[Match], kind: Kind, feeds: Feeds) -> dict[str, tuple[Match, ...]]:
    """The matches each channel hears of, by channel; a channel appears once however many routes lead to it."""
    heard: dict[str, tuple[Match, ...]] = {}
    for route in feeds.routes:
        fits = tuple(match for match in matches if _fits(route, match, kind))
        if fits:
            heard[route.to] = merged(heard.get(route.to, ()), fits)
    return heard


def audiences(asks: tuple[int, ...], feeds: Feeds) -> list[str]:
    """The channels that hear of these asks' laws; the administrators' where none does."""
    match = Match(watch="", name="", asks=asks, level=Level.ALERT, reasons=())
    return list(routed((match,), Kind.BILL, feeds)) or [feeds.admin]


def asks_heard(audience: str, feeds: Feeds, asks: Mapping[int, str]) -> tuple[int, ...]:
    """The asks that some route brings to a channel."""
    routes = [route for route in feeds.routes if route.to == audience]
    everything = any(not route.asks for route in routes)
    return tuple(ask for ask in sorted(asks) if everything or any(ask in route.asks for route in routes))


def _fits(route: RouteConfig, match: Match, kind: Kind) -> bool:
    return (
        (not route.asks or bool(set(route.asks) & set(match.asks)))
        and (not route.kinds or kind in route.kinds)
        and (not route.levels or match.level in route.levels)
    )
