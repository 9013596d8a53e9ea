"""Find a readable feed from the address of a page or feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Unchanged
from bot.shared.entry import Entry
from bot.shared.health import Health
from bot.shared.page_head import feed_links
from bot.shared.urls import typed_address
from bot.shared.wording import number

_TRIED: Final = 3  # feeds tried per page


class Fetching(Protocol):
    """The network, as the commands on sources use it."""

    async def get(self, url: str) -> Body | Unchanged | FetchFailed: ...

    async def feed(self, url: str) -> Answer: ...

    async def source(self, typed: str) -> Answer | None: ...


@dataclass(frozen=True, slots=True)
class FoundFeed:
    url: str
    entries: tuple[Entry, ...]  # newest first


@dataclass(frozen=True, slots=True)
class NoFeed:
    why: str


async def find_feed(fetching: Fetching, args: Mapping[str, str]) -> FoundFeed | NoFeed:
    """The feed at the address, or the first readable feed that the page links to."""
    url = typed_address(args["url"])
    if not url:
        return NoFeed("This is not a web address. Write it like example.org/news.")
    answer = await fetching.feed(url)
    if not (isinstance(answer, FetchFailed) and answer.health in (Health.NOT_A_FEED, Health.MALFORMED)):
        return _read(url, answer)
    page = await fetching.get(url)
    if not isinstance(page, Body):
        return NoFeed(answer.detail)
    links = feed_links(page.data, page.url)
    if not links:
        return NoFeed("This page links to no feed. Look on it for an RSS link, and give that address.")
    for link in links[:_TRIED]:
        result = _read(link, await fetching.feed(link))
        if isinstance(result, FoundFeed):
            return result
    return NoFeed(f"Tried {number(min(len(links), _TRIED), 'feed')} that the page links to; none can be read.")


async def ask_source(fetching: Fetching, args: Mapping[str, str]) -> Answer | None:
    return await fetching.source(args["name"])


def _read(url: str, answer: Answer) -> FoundFeed | NoFeed:
    if isinstance(answer, Fetched):
        return FoundFeed(url, answer.entries[::-1])
    return NoFeed(answer.detail if isinstance(answer, FetchFailed) else "It sent an empty answer.")
