"""What a host's robots.txt allows us, asked once a day (RFC 9309). Feeds and APIs are for robots.

It is read in a child process, which is this module: of many robots with many rules the parser keeps the product.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from bot.shared import isolation

if TYPE_CHECKING:
    from bot.fetch.http import Fetcher
    from bot.shared.answer import FetchFailed

ROBOT: Final = "coalition-bot"  # our name in robots.txt
_LONGEST: Final = 500 * 1024  # bytes that are read (RFC 9309, 2.5)
_MEMORY: Final = 256 * 1024 * 1024  # bytes of address space
_CPU: Final = 2  # seconds
_GOOD_FOR: Final = timedelta(days=1)  # RFC 9309, 2.4


async def allowed_until(
    fetcher: Fetcher, url: str, cursor: Mapping[str, Any], now: datetime
) -> tuple[str, bool] | FetchFailed:
    """(until when this is cached, True) for the cursor's "robots", or why the page may not be read.

    A missing robots.txt allows everything; an unreachable one disallows everything for now.
    """
    from bot.shared.answer import Body, FetchFailed, Health

    until, allowed = cursor.get("robots", ("", True))
    if until <= now.isoformat():
        response = await fetcher.get(urljoin(url, "/robots.txt"), now=now, accept="text/plain")
        if isinstance(response, FetchFailed) and response.health not in (Health.GONE, Health.BLOCKED, Health.NEEDS_KEY):
            detail = f"{response.detail} (robots.txt, without which the page is not read)"
            return FetchFailed(response.health, detail, response.retry_at)
        allowed = True
        if isinstance(response, Body):
            allowed = await isolation.ask_json("bot.sources.robots", url, response.data[:_LONGEST])
            if allowed is None:
                return FetchFailed(Health.REFUSED, "reading its robots.txt takes too much time or memory")
        until = (now + _GOOD_FOR).isoformat()
    if not allowed:
        return FetchFailed(Health.UNWELCOME, f"robots.txt of {urlsplit(url).hostname} disallows this page")
    return until, True


def _allows(url: str, robots: bytes) -> bool:
    from protego import Protego

    return bool(Protego.parse(robots.decode("utf-8", "replace")).can_fetch(url, ROBOT))


if __name__ == "__main__":
    isolation.serve(_allows, _MEMORY, _CPU)
