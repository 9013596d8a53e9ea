"""From the address of a page, or of a feed, to a feed that can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from bot.entry import Entry
from bot.sources.canonical import web_address
from bot.sources.discover import feed_links
from bot.sources.http import Body, Unchanged
from bot.sources.model import Answer, Fetched, FetchFailed, Health

_TRIED: Final = 3  # feeds of one page


class Fetching(Protocol):
    """The network as a command may use it: guarded, capped, polite; nothing of it is kept."""

    async def get(self, url: str) -> Body | Unchanged | FetchFailed: ...

    async def feed(self, url: str) -> Answer:
        """What a feed at this address would answer to its first poll."""

    async def source(self, id_: str) -> Answer | None:
        """What a source of the configuration in force answers now; None for one that is not there or switched off."""


@dataclass(frozen=True, slots=True)
class Found:
    url: str
    entries: tuple[Entry, ...]  # newest first


@dataclass(frozen=True, slots=True)
class Missing:
    why: str


async def find_feed(fetching: Fetching, args: Mapping[str, str]) -> Found | Missing:
    """The feed at the address, or the first that can be read of those the page there names."""
    url = web_address(args["url"] if "://" in args["url"] else f"https://{args['url']}")
    if not url:
        return Missing("This is not a web address: it should begin with https://")
    answer = await fetching.feed(url)
    if not (isinstance(answer, FetchFailed) and answer.health in (Health.NOT_A_FEED, Health.MALFORMED)):
        return _read(url, answer)
    page = await fetching.get(url)
    if not isinstance(page, Body):
        return Missing(answer.detail)
    links = feed_links(page.data, page.url)
    if not links:
        return Missing("A page came that names no feed. Look on it for a sign that says RSS, and give that address.")
    for link in links[:_TRIED]:
        found = _read(link, await fetching.feed(link))
        if isinstance(found, Found):
            return found
    return Missing(f"The page names {len(links)} feeds, but none of the first can be read.")


async def ask_source(fetching: Fetching, args: Mapping[str, str]) -> Answer | None:
    return await fetching.source(args["name"])


def _read(url: str, answer: Answer) -> Found | Missing:
    if isinstance(answer, Fetched):
        return Found(url, answer.entries[::-1])
    return Missing(answer.detail if isinstance(answer, FetchFailed) else "It answered nothing.")
