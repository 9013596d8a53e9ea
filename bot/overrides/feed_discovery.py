"""Find a readable feed from the address of a page or feed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.shared.bill_number import BillNumber
from bot.shared.entry import Entry
from bot.shared.urls import host_of, typed_address
from bot.shared.wording import number
from bot.sources.congress.bill_record import BillRecord
from bot.sources.congress.bill_status import BillStatus
from bot.sources.feeds.feed import FeedSource
from bot.sources.fetch.http import Body, Fetcher, Unchanged
from bot.sources.model import Answer, Fetched, FetchFailed, Health, Memory, Source
from bot.sources.pages.page_head import feed_links

_TRIED: Final = 3  # feeds tried per page
_NO_BILLS: Final = FetchFailed(Health.UNREACHABLE, "no source reads bills: add bill-status to the sources in feeds.yml")


class Fetching:
    """Network access for commands, with the bot's guarded and rate-limited fetcher; nothing is stored.

    `sources` returns the adapters of the effective configuration; `reading` prepares entries for display.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        sources: Callable[[], Mapping[str, Source]],
        *,
        reading: Callable[[Sequence[Entry]], Sequence[Entry]],
        clock: Callable[[], datetime],
    ) -> None:
        self._fetcher = fetcher
        self._sources = sources
        self._reading = reading
        self._clock = clock

    async def get(self, url: str) -> Body | Unchanged | FetchFailed:
        return await self._fetcher.get(url, now=self._clock())

    async def feed(self, url: str) -> Answer:
        """The answer of a feed at this address to a first poll."""
        return await self._asked(FeedSource("candidate", host_of(url), url, self._fetcher))

    async def source(self, typed: str) -> Answer | None:
        """A source's answer now, as to a first poll; None if it does not exist or is disabled.

        `typed`: the source's id or name.
        """
        sources = self._sources()
        same = [source for source in sources.values() if source.name.casefold() == typed.casefold()]
        source = sources.get(typed) or (same[0] if len(same) == 1 else None)
        return await self._asked(source) if source else None

    async def bill(self, bill: BillNumber) -> tuple[BillRecord, ...] | FetchFailed:
        """A bill's current record from its sources."""
        source = self._bill_status()
        return await source.look(bill, self._clock()) if source else _NO_BILLS

    async def bill_text(self, bill: BillNumber, version: str) -> Body | FetchFailed:
        """One version of a bill's text."""
        source = self._bill_status()
        return await source.text(bill, version, self._clock()) if source else _NO_BILLS

    async def _asked(self, source: Source) -> Answer:
        answer = await source.poll(Memory(), self._clock())
        if not isinstance(answer, Fetched):
            return answer
        return replace(answer, entries=tuple(await asyncio.to_thread(self._reading, answer.entries)))

    def _bill_status(self) -> BillStatus | None:
        return next((source for source in self._sources().values() if isinstance(source, BillStatus)), None)


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
