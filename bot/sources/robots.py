"""What a host's robots.txt allows us, asked once a day (RFC 9309). Feeds and APIs are for robots."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from bot.shared.answer import Body, FetchFailed
from bot.shared.health import Health

if TYPE_CHECKING:
    from bot.fetch.http import Fetcher

ROBOT: Final = "coalition-bot"  # our name in robots.txt
_LONGEST: Final = 500 * 1024  # bytes that are read (RFC 9309, 2.5)
_GOOD_FOR: Final = timedelta(days=1)  # RFC 9309, 2.4


async def allowed_until(
    fetcher: Fetcher, url: str, cursor: Mapping[str, Any], now: datetime
) -> tuple[str, bool] | FetchFailed:
    """(until when this is cached, True) for the cursor's "robots", or why the page may not be read.

    A missing robots.txt allows everything; an unreachable one disallows everything for now.
    """
    until, allowed = cursor.get("robots", ("", True))
    if until <= now.isoformat():
        response = await fetcher.get(urljoin(url, "/robots.txt"), now=now, accept="text/plain")
        if isinstance(response, FetchFailed) and response.health not in (Health.GONE, Health.BLOCKED):
            detail = f"{response.detail} (robots.txt, without which the page is not read)"
            return FetchFailed(response.health, detail, response.retry_at)
        allowed = await asyncio.to_thread(_allows, response.data, url) if isinstance(response, Body) else True
        until = (now + _GOOD_FOR).isoformat()
    return (until, allowed) if allowed else _disallowed(url)


def _disallowed(url: str) -> FetchFailed:
    return FetchFailed(Health.UNWELCOME, f"robots.txt of {urlsplit(url).hostname} disallows this page")


def _allows(robots: bytes, url: str) -> bool:
    from protego import Protego

    return Protego.parse(robots[:_LONGEST].decode("utf-8", "replace")).can_fetch(url, ROBOT)
