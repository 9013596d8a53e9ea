"""A newsroom's page without a feed: each dated headline with its link is an entry, as an item of a feed would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Literal
from urllib.parse import urljoin

from pydantic import Field

from bot.shared.answer import Answer, Body, FetchFailed, Memory
from bot.shared.dates import read_date
from bot.shared.entry import Kind
from bot.shared.health import Health
from bot.shared.plain_text import cut
from bot.shared.urls import host_of, web_address
from bot.sources.feeds.feed import FeedSource
from bot.sources.feeds.parse import SUMMARY, TITLE, Item, Reading
from bot.sources.model import SourceConfig
from bot.sources.page import read_page
from bot.sources.robots import allowed_until


class NewsPageConfig(SourceConfig):
    """A newsroom's page that has no feed: its dated headlines, each an entry with its link."""

    brings: ClassVar = Kind.NEWS
    needs_url: ClassVar = True
    kind: Literal["news-page"]
    select: str = Field(default="main", description="the part with the headlines, as a CSS selector")
    ignore: tuple[str, ...] = Field(default=(), description="parts to ignore, as CSS selectors")


class NewsPage(FeedSource, settings=NewsPageConfig):
    """The headlines of a page of feeds.yml. Satisfies `Source`. Cursor: that of a feed, and that of `allowed_until`."""

    accept = "text/html"
    select: str = "main"
    ignore: Sequence[str] = ()

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        robots = await allowed_until(self.fetcher, self.url, memory.cursor, now)
        if isinstance(robots, FetchFailed):
            return robots
        answer = await super().poll(memory, now)
        if isinstance(answer, FetchFailed):
            return answer
        left = answer.memory
        return replace(answer, memory=replace(left, cursor={**left.cursor, "robots": robots}))

    async def _read(self, body: Body, memory: Memory, now: datetime) -> Reading | FetchFailed:  # noqa: ARG002 - as a feed
        parsed = await read_page(self, body, select=self.select, ignore=self.ignore, headlines=True)
        if isinstance(parsed, FetchFailed):
            return parsed
        if not parsed["items"]:
            if parsed["sign_in"]:
                return FetchFailed(Health.BLOCKED, f"{host_of(self.url)} sends a sign-in page")
            return FetchFailed(Health.EMPTY, f"the page has no dated headlines in its part {self.select}")
        items = [_item(row, body.url) for row in parsed["items"]]
        return Reading(tuple(filter(None, items)), broken=items.count(None))


def _item(row: Sequence[str], address: str) -> Item | None:
    """The item of a headline; None without an address that people can follow."""
    title, target, date, around = row
    link = web_address(urljoin(address, target))
    if not link:
        return None
    return Item(cut(title, TITLE), link, guid="", summary=cut(around, SUMMARY), published=read_date(date), outlet="")
