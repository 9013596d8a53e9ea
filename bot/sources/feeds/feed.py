"""Any RSS or Atom feed, and what is new in it: an agency's newsroom, GovInfo's packages, a member's site, the press.

An item has up to three marks: its guid, the page it links to, its title. Any one of them can
change (guids are renumbered, sites change host, headlines are edited, a page has many stories), so two of three decide.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from operator import attrgetter
from typing import Any, ClassVar, Final

from bot.shared.answer import HOSTS, Answer, Body, Fetched, FetchFailed, Health, Memory, NotModified, checked
from bot.shared.bill_number import bills_named, parse_bill_number
from bot.shared.calendar import day_in_words
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import believable, cut
from bot.shared.urls import canonical_key, host_of, short_key, web_address
from bot.shared.wording import listed, number
from bot.sources.feeds.parse import MOST_ITEMS, Item, Reading
from bot.sources.feeds.parse_child import parse_feed
from bot.sources.model import HttpSource

_KEPT: Final = 500  # digests of marks
_MOST: Final = 1_500  # the same, if a single window has that many
_MANY: Final = 10  # items in a window before "none is known" counts as an overrun
_PATTERN: Final = 3  # items back under new ids before it counts as renumbering
_UNTOLD: Final = "secret"  # replaces a secret address
# If every item is unknown: how much older than our last poll an item may be and still be news. We did not miss an older
# one; it comes from another feed: the address was changed, or the site shows its archive.
_OLD: Final = timedelta(days=7)
_MOST_HOSTS: Final = 20


@dataclass(frozen=True, slots=True)
class Marks:
    """An item's marks. `keys`: its guid and page, if unique in the window; never empty."""

    keys: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`new` maps the position of each item to return to its identity; `held` has the positions of those held back."""

    new: Mapping[int, tuple[str, ...]]
    held: frozenset[int]  # known titles under new ids, too many to be an accident
    overrun: bool  # nothing was known
    changed: bool  # something was not there before
    cursor: Mapping[str, Any]


class _Standing(Enum):
    KNOWN = auto()
    NEW = auto()
    BACK = auto()  # only the title is known


def marks(source: str, items: Sequence[Item]) -> list[Marks]:
    """The marks of a window's items. A page or guid of several different items is not a mark of any."""
    pages = [f"url:{canonical_key(item.link)}" if item.link else None for item in items]
    guids = [_guid(source, item, page) for item, page in zip(items, pages, strict=True)]
    words = (" ".join((item.title or item.summary).casefold().split()) for item in items)
    titles = [f"title:{source}:{_digest(text, 12)}" for text in words]
    page_of_many = _of_many(pages, titles)
    guid_of_many = _of_many(guids, list(zip(pages, titles, strict=True)))
    result = []
    for page, guid, title in zip(pages, guids, titles, strict=True):
        keys = tuple(k for k, many in ((page, page_of_many), (guid, guid_of_many)) if k is not None and k not in many)
        result.append(Marks(keys or (title,), title))
    return result


def compare(window: Sequence[Marks], cursor: Mapping[str, Any]) -> Comparison:
    """Compare the window with the cursor from the last comparison (empty at the first).

    If more than half of the last window's titles come back under new ids, the feed was renumbered: those
    items are held back and learned, so nothing is posted twice, and the rest is returned. Known items whose guid, page
    or headline changed are returned too, so the store can update them.
    """
    seen, before = frozenset(cursor.get("seen", ())), int(cursor.get("size", 0))
    seen_marks = [frozenset(m for m in (*mark.keys, mark.title) if _digest(m) in seen) for mark in window]
    standings = [_standing(mark, hits) for mark, hits in zip(window, seen_marks, strict=True)]
    held_back = _renumbered(window, standings, before)
    new: dict[int, tuple[str, ...]] = {}
    used_keys: set[str] = set()
    for n, mark in enumerate(window):
        if n in held_back or seen_marks[n].issuperset((*mark.keys, mark.title)) or not used_keys.isdisjoint(mark.keys):
            continue
        used_keys.update(mark.keys)
        # A guid or page that another story had before does not identify this one.
        new[n] = tuple(k for k in mark.keys if standings[n] is not _Standing.NEW or k not in seen_marks[n])
    # The digests to store: all of this window up to a limit, then earlier ones.
    fresh = list(dict.fromkeys(_digest(m) for mark in window for m in (*mark.keys, mark.title)))[:_MOST]
    learned = list(dict.fromkeys((*fresh, *cursor.get("seen", ()))))[: max(_KEPT, len(fresh))]
    return Comparison(
        new=new,
        held=held_back,
        overrun=before > 0 and len(window) >= _MANY and not any(seen_marks),
        changed=any(standings[n] is not _Standing.KNOWN for n in new),
        cursor={"seen": learned, "size": len(window)},
    )


def _standing(mark: Marks, seen_marks: frozenset[str]) -> _Standing:
    hits, titled = sum(key in seen_marks for key in mark.keys), mark.title in seen_marks
    if hits == len(mark.keys) or (hits and titled):
        return _Standing.KNOWN
    return _Standing.BACK if titled else _Standing.NEW


def _renumbered(window: Sequence[Marks], standings: Sequence[_Standing], before: int) -> frozenset[int]:
    """The items that came back, if too many. A title of several items ("Press release") is not counted."""
    back = frozenset(n for n, standing in enumerate(standings) if standing is _Standing.BACK)
    times = Counter(mark.title for mark in window)
    telling = sum(times[window[n].title] == 1 for n in back)
    return back if telling >= _PATTERN and 2 * telling > before else frozenset()


def _guid(source: str, item: Item, page: str | None) -> str | None:
    """The guid's key; a guid that is an address is normalized like a page, and is None if it is the page itself."""
    if not item.guid or item.guid == item.link:
        return None
    address = web_address(item.guid)
    folded = canonical_key(address) if address else short_key(item.guid)
    return None if f"url:{folded}" == page else f"guid:{source}:{folded}"


def _of_many(keys: Sequence[str | None], others: Sequence[object]) -> set[str]:
    """The keys that occur with more than one of `others`."""
    others_by_key: dict[str, set[object]] = {}
    for key, other in zip(keys, others, strict=True):
        if key is not None:
            others_by_key.setdefault(key, set()).add(other)
    return {key for key, several in others_by_key.items() if len(several) > 1}


def _digest(text: str, size: int = 6) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=size).hexdigest()


class FeedSource(HttpSource, kind="feed", brings=Kind.NEWS, needs_url=True, may_be_secret=True, is_feed=True):
    """An RSS or Atom feed.

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

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
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
        return await asyncio.to_thread(self._answer, reading, body, memory, now)

    async def _read(self, body: Body, memory: Memory, now: datetime) -> Reading:  # noqa: ARG002 - of paged lists
        return checked(await parse_feed(body.data, body.content_type, body.url))

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
