"""Route matches to channels. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.config.feeds import Feeds, RouteConfig
from bot.shared.entry import Kind
from bot.watch.model import Level, Match
from bot.watch.reasons import merged


def routed(matches: Sequence[Match], kind: Kind, feeds: Feeds) -> dict[str, tuple[Match, ...]]:
    """The matches routed to each channel, by channel; several routes to one channel are merged."""
    by_channel: dict[str, tuple[Match, ...]] = {}
    for route in feeds.routes:
        fits = tuple(match for match in matches if _fits(route, match, kind))
        if fits:
            by_channel[route.to] = merged(by_channel.get(route.to, ()), fits)
    return by_channel


def ask_channels(asks: tuple[int, ...], feeds: Feeds) -> list[str]:
    """The channels that get laws on these asks; the admin channel if there is none."""
    match = Match(watch="", name="", asks=asks, level=Level.ALERT, reasons=())
    return list(routed((match,), Kind.BILL, feeds)) or [feeds.admin]


def routed_asks(audience: str, feeds: Feeds, asks: Mapping[int, str]) -> tuple[int, ...]:
    """The asks routed to a channel."""
    routes = [route for route in feeds.routes if route.to == audience]
    everything = any(not route.asks for route in routes)
    return tuple(ask for ask in sorted(asks) if everything or any(ask in route.asks for route in routes))


def _fits(route: RouteConfig, match: Match, kind: Kind) -> bool:
    return (
        (not route.asks or bool(set(route.asks) & set(match.asks)))
        and (not route.kinds or kind in route.kinds)
        and (not route.levels or match.level in route.levels)
    )
