"""Any RSS or Atom feed: an agency's newsroom, GovInfo's packages, a member's site, the press."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, ClassVar, Final, Literal

from bot.shared.answer import HOSTS, Answer, Body, Fetched, FetchFailed, Memory, NotModified
from bot.shared.bill_number import bills_named, parse_bill_number
from bot.shared.calendar import day_in_words
from bot.shared.dates import believable
from bot.shared.entry import Entry, Kind
from bot.shared.health import Health
from bot.shared.plain_text import cut
from bot.shared.urls import host_of
from bot.shared.wording import listed, number
from bot.sources.feeds.parse import MOST_ITEMS, Item, Reading
from bot.sources.feeds.parse_child import parse_feed
from bot.sources.feeds.window import Comparison, compare, marks
from bot.sources.model import HttpSource, SourceConfig

_UNTOLD: Final = "secret"  # replaces a secret address
# If every item is unknown: how much older than our last poll an item may be and still be news. We did not miss an older
# one; it comes from another feed: the address was changed, or the site shows its archive.
_OLD: Final = timedelta(days=7)
_MOST_HOSTS: Final = 20


class FeedConfig(SourceConfig):
    """An RSS or Atom feed."""

    brings: ClassVar = Kind.NEWS
    needs_url: ClassVar = True
    may_be_secret: ClassVar = True
    is_feed: ClassVar = True
    kind: Literal["feed"]


class FeedSource(HttpSource, settings=FeedConfig):
    """A feed of feeds.yml. Satisfies `Source`.

    A poll returns new items and known ones that changed; the first poll returns all. An empty answer is reported after
    the second in a row, unless the feed `may_be_empty`. `stale_after`: a longer time without anything new is unusual.
    With `url_env`, the address is a key to a person's account, and is neither shown nor stored.
    """

    accept: ClassVar[str] = (
        "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
    )
    may_be_empty: bool = False
    stale_after: timedelta | None = None
    url_env: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._key = _UNTOLD if self.url_env else self.url  # the key of the stored validators

    @property
    def headers(self) -> Mapping[str, str]:
        """What its request says besides `accept`."""
        return {}

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        if not self.url:
            return FetchFailed(
                Health.REFUSED, "its address is not set: set the variable that feeds.yml names under `url_env`"
            )
        answer = await self.ask(memory, now, self.accept, key=self._key, headers=self.headers)
        if isinstance(answer, NotModified) and (stale := self._stale(memory, now)):
            return Fetched(entries=(), memory=answer.memory, health=Health.STALE, detail=stale)
        if not isinstance(answer, tuple):
            return answer
        body, _ = answer
        reading = await self._read(body, memory, now)
        if isinstance(reading, FetchFailed):
            return reading
        return await asyncio.to_thread(self._answer, reading, body, memory, now)

    async def _read(self, body: Body, memory: Memory, now: datetime) -> Reading | FetchFailed:  # noqa: ARG002 - of paged lists
        return await parse_feed(body.data, body.content_type, body.url)

    def _answer(self, reading: Reading, body: Body, memory: Memory, now: datetime) -> Fetched:
        if not reading.items:
            return self._empty(reading, body, memory, now)
        comparison = compare(marks(self.id, reading.items), memory.cursor)
        hosts = sorted({host for item in reading.items if (host := host_of(item.link or ""))})
        if len(hosts) > _MOST_HOSTS:  # as in a search of many sites
            hosts = []
        before = memory.cursor.get(HOSTS, ())
        if comparison.overrun and hosts and before and not {*hosts} & {*before}:
            seen = f"they lead to {listed(hosts, 3)}, those before led to {listed(before, 3)}"
            detail = f"{number(len(reading.items), 'item')}, none of them listed before: {seen}"
            without_validators = replace(memory, validators={})  # the next answer comes in full
            return Fetched(
                entries=(), memory=without_validators, health=Health.FOREIGN, detail=detail, broken=reading.broken
            )
        # By date if all have one; else in reverse order, as feeds usually have the newest first.
        entries = [self._entry(reading.items[n], identity, now) for n, identity in comparison.new.items()][::-1]
        if all(entry.published for entry in entries):
            entries.sort(key=attrgetter("published"))
        updated = self._next_memory(reading, body, memory, now, {**comparison.cursor, HOSTS: hosts})
        if comparison.changed:
            newest = max((item.published for item in reading.items if item.published), default=now)
            updated = replace(updated, last_change_at=min(now, newest) if memory.first_success_at is None else now)
        health, notes = self._health(comparison, updated, now)
        last = memory.last_success_at
        details = (*notes, *_remarks(reading, body, self._key))
        return Fetched(
            entries=tuple(entries),
            memory=updated,
            health=health,
            detail="; ".join(details),
            broken=reading.broken,
            baseline=frozenset(
                entry.identity[0]
                for entry in entries
                if comparison.overrun and last and entry.published and entry.published < last - _OLD
            ),
        )

    def _empty(self, reading: Reading, body: Body, memory: Memory, now: datetime) -> Fetched:
        times = int(memory.cursor.get("empty", 0)) + 1
        health = Health.EMPTY_EXPECTED if self.may_be_empty else Health.EMPTY if times > 1 else Health.OK
        updated = self._next_memory(reading, body, memory, now, {**memory.cursor, "size": 0, "empty": times})
        if health is not Health.EMPTY_EXPECTED:  # no validators, so the next answer comes in full
            updated = replace(updated, validators={})
        how_often = "for the first time" if times == 1 else f"{times} times in a row"
        notes = () if health is Health.EMPTY_EXPECTED else (f"no items, {how_often}",)
        return Fetched(
            entries=(),
            memory=updated,
            health=health,
            detail="; ".join((*notes, *_remarks(reading, body, self._key))),
            broken=reading.broken,
        )

    def _next_memory(
        self, reading: Reading, body: Body, memory: Memory, now: datetime, cursor: Mapping[str, Any]
    ) -> Memory:
        """The memory after this answer, without validators if it was cut off, so the next fetch is in full."""
        return Memory(
            validators={} if reading.cut_off else {self._key: body.validators},
            cursor=cursor,
            first_success_at=memory.first_success_at or now,
            last_success_at=now,
            last_change_at=memory.last_change_at,
        )

    def _health(self, comparison: Comparison, memory: Memory, now: datetime) -> tuple[Health, tuple[str, ...]]:
        if comparison.held:
            return Health.SUSPECT, (
                f"{len(comparison.held)} known items came back under new ids and are not posted again",
            )
        if comparison.overrun:
            return Health.OVERRUN, ("all items are new: some may have appeared and disappeared between two polls",)
        stale = self._stale(memory, now)
        return (Health.STALE, (stale,)) if stale else (Health.OK, ())

    def _stale(self, memory: Memory, now: datetime) -> str:
        last = memory.last_change_at
        if self.stale_after is None or last is None or now - last <= self.stale_after:
            return ""
        return f"nothing new since {day_in_words(last)}"

    def _entry(self, item: Item, identity: tuple[str, ...], now: datetime) -> Entry:
        bills = bills_named(item.guid)
        # In congress.gov's feeds only the link identifies the bill.
        page = parse_bill_number(item.link) if host_of(item.link) == "congress.gov" else None
        title = item.title.removesuffix(f" - {item.outlet}") if item.outlet else item.title
        return Entry(
            source=self.id,
            kind=Kind.NEWS,
            identity=identity,
            thread=identity[0],
            title=title or cut(item.summary, 100) or item.link or item.guid,
            url=item.link,
            summary=None if bills else item.summary or None,  # GovInfo's summary only lists the package's files
            published=believable(item.published, now),
            bill=next((bill.id for bill in bills), page.bill.id if page and page.bill else None),
            outlet=item.outlet or self.name,
            author=item.author,
        )


def _remarks(reading: Reading, body: Body, key: str) -> Iterator[str]:
    if reading.cut_off:
        yield "the answer was cut off; the incomplete item at its end is read at the next poll"
    if reading.broken > reading.cut_off:
        yield f"{number(reading.broken - reading.cut_off, 'item')} without title, link and id left out"
    if reading.beyond:
        yield f"only the first {MOST_ITEMS:,} items were read, {reading.beyond:,} were not"
    if body.moved_to:
        # Without the query, which may contain a key: this is shown in a channel.
        to = host_of(body.moved_to) if key == _UNTOLD else body.moved_to.partition("?")[0]
        yield f"it has moved for good to {to}: change its url{'' if key == _UNTOLD else ' in feeds.yml'}"
