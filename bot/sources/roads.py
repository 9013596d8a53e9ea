"""A source with several roads to the same news: a feed, an API, a page. The first road that has an entry brings it.

Every road has its own memory. While the first works, the others are asked once a day, so that a second road that is
closed as well is known before it is needed, and nothing old is news when it is. When the first is closed, silent or
empty, they are asked at every poll, and that is the source's health.

Roads of a source whose entries are what changed share one part of their memory: what one has brought, is known to all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.shared.answer import Answer, Fetched, FetchFailed, Health, Memory, NotModified, Source
from bot.shared.entry import Entry
from bot.shared.plain_text import instant, short_hash

_ROADS: Final = "roads"  # in the cursor, what is kept of each road: {"1": {"validators": …, "cursor": …, "day": …}}
_BROUGHT: Final = "brought"  # in the cursor: [[digest of an entry's key, the road that brought it first], …]
_MOST_BROUGHT: Final = 1_000  # digests of keys: the windows of all roads
_LATE: Final = timedelta(days=1)  # entries are dated by the day
# Of a road that answers, and whose news need not be looked for elsewhere.
_OPEN: Final = frozenset(
    {Health.OK, Health.UNCHANGED, Health.EMPTY_EXPECTED, Health.OVERRUN, Health.SUSPECT, Health.FOREIGN}
)


@dataclass(frozen=True, slots=True)
class Road:
    """One way to the news. `label`: "feed of dol.gov"."""

    source: Source
    label: str


@dataclass(frozen=True, slots=True)
class _Asked:
    number: int
    road: Road
    answer: Answer

    @property
    def health(self) -> Health:
        return Health.UNCHANGED if isinstance(self.answer, NotModified) else self.answer.health

    @property
    def is_open(self) -> bool:
        return not isinstance(self.answer, FetchFailed) and self.health in _OPEN

    @property
    def changed(self) -> datetime | None:
        return None if isinstance(self.answer, FetchFailed) else self.answer.memory.last_change_at

    @property
    def trouble(self) -> str:
        detail = "" if isinstance(self.answer, NotModified) else self.answer.detail
        return f"{self.road.label}: {self.health.label}{f' ({detail})' if detail else ''}"


class Roads:
    """A source of feeds.yml with `fallbacks`. Satisfies `Source`. Cursor: that of the first road, and two keys.

    `shared`: the key of the first road's cursor that every road reads and writes; "" if there is none.
    """

    def __init__(self, id_: str, name: str, roads: Sequence[Road], shared: str = "") -> None:
        self.id = id_
        self.name = name
        self._roads = roads
        self._shared = shared

    @property
    def sources(self) -> list[Source]:
        return [road.source for road in self._roads]

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        roads: dict[str, dict[str, Any]] = dict(memory.cursor.get(_ROADS, {}))
        asked = [await self._ask(0, memory, roads, now)]
        detour = not asked[0].is_open
        for number in range(1, len(self._roads)):
            if detour or roads.get(str(number), {}).get("day") != _day(now):
                memory = self._after(asked[-1], memory)
                asked.append(await self._ask(number, memory, roads, now))
        return _merged(asked, self._after(asked[-1], memory), roads, self._shared, now)

    def _after(self, last: _Asked, memory: Memory) -> Memory:
        """The memory with what the road that was asked last left in the shared part of it."""
        left = {} if isinstance(last.answer, FetchFailed) else last.answer.memory.cursor
        shared = {self._shared: left[self._shared]} if self._shared in left else {}
        return replace(memory, cursor={**memory.cursor, **shared})

    async def _ask(self, number: int, memory: Memory, roads: dict[str, dict[str, Any]], now: datetime) -> _Asked:
        """Ask one road with its own memory, unless it asked us to wait."""
        road, own = self._roads[number], roads.get(str(number), {})
        until = instant(own.get("until"))
        if until and now < until:
            return _Asked(number, road, FetchFailed(Health(own["was"]), "it asked us to wait", until))
        answer = await road.source.poll(_memory_of(number, memory, own, self._shared), now)
        return _Asked(number, road, answer)


def _memory_of(number: int, memory: Memory, own: Mapping[str, Any], shared: str) -> Memory:
    """A road's memory: the source's without the others', or, of a later road, what it left in the cursor."""
    changed = instant(own.get("changed"))
    if number == 0:
        cursor = {key: value for key, value in memory.cursor.items() if key not in (_ROADS, _BROUGHT)}
        return replace(memory, cursor=cursor, last_change_at=changed or memory.last_change_at)
    first, last = (memory.first_success_at, memory.last_success_at) if "cursor" in own else (None, None)
    common = {shared: memory.cursor[shared]} if shared in memory.cursor else {}
    return Memory(own.get("validators", {}), {**own.get("cursor", {}), **common}, first, last, changed)


def _merged(
    asked: Sequence[_Asked], memory: Memory, before: dict[str, dict[str, Any]], shared: str, now: datetime
) -> Answer:
    """One answer of all: what each road brought first, and the health of the first that is open."""
    first = asked[0].answer
    if isinstance(first, FetchFailed) and all(isinstance(one.answer, FetchFailed) for one in asked):
        return replace(first, detail="; ".join(one.trouble for one in asked))
    brought: dict[str, int] = dict(memory.cursor.get(_BROUGHT, ()))
    entries: list[Entry] = []
    silent = set[str]()
    fetched = [(one.number, one.answer) for one in asked if isinstance(one.answer, Fetched)]
    for number, answer in fetched:
        fresh = [entry for entry in answer.entries if _is_brought_by(entry, number, brought)]
        first_of_it = number and "cursor" not in before.get(str(number), {})
        if first_of_it and memory.last_success_at and not shared:
            since = memory.last_success_at - _LATE
            silent |= {entry.identity[0] for entry in fresh if not entry.published or entry.published < since}
        silent |= answer.baseline
        entries += fresh
    asked_now = {str(one.number): _kept(one, before.get(str(one.number), {}), shared, now) for one in asked}
    roads = {**before, **asked_now}
    health, detail = _health(asked, [road["trouble"] for road in roads.values() if "trouble" in road])
    left = memory if isinstance(first, FetchFailed) else first.memory
    after = replace(
        left,
        cursor={
            **left.cursor,
            **({shared: memory.cursor[shared]} if shared in memory.cursor else {}),
            _ROADS: roads,
            _BROUGHT: list(brought.items())[-_MOST_BROUGHT:],
        },
        last_change_at=memory.last_change_at,
    )
    if not fetched and health is Health.UNCHANGED and not detail:
        return NotModified(after)
    broken = sum(answer.broken for _, answer in fetched)
    return Fetched(
        entries=tuple(entries),
        memory=after,
        health=health,
        detail=detail,
        broken=broken,
        baseline=frozenset(silent),
        roll_calls=tuple(vote for _, answer in fetched for vote in answer.roll_calls),
    )


def _is_brought_by(entry: Entry, road: int, brought: dict[str, int]) -> bool:
    """Whether no other road brought this entry before; notes that this one has."""
    digests = [short_hash(key, 12) for key in entry.identity]
    if any(brought.get(digest, road) != road for digest in digests):
        return False
    for digest in digests:
        brought.pop(digest, None)  # the latest last
        brought[digest] = road
    return True


def _kept(one: _Asked, before: Mapping[str, Any], shared: str, now: datetime) -> dict[str, Any]:
    """What the cursor keeps of a road, with times by the day: coalitions with the same memory share their requests."""
    if isinstance(one.answer, FetchFailed):
        until = one.answer.retry_at
        wait = {"until": until.isoformat(), "was": one.answer.health.value} if until else {}
        left_before = {key: value for key, value in before.items() if key not in ("until", "was")}
        return {**left_before, "day": _day(now), "trouble": one.trouble, **wait}
    left = one.answer.memory
    cursor = {} if one.is_open else {"trouble": one.trouble}
    cursor |= {"changed": _day(left.last_change_at)} if left.last_change_at else {}
    if one.number == 0:
        return cursor
    own = {key: value for key, value in left.cursor.items() if key != shared}
    return {**cursor, "day": _day(now), "validators": left.validators, "cursor": own}


def _day(moment: datetime) -> str:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0).isoformat()


def _health(asked: Sequence[_Asked], troubles: Sequence[str]) -> tuple[Health, str]:
    """The source's health and its detail: that of the first road, or that another one is taken."""
    first, closed = asked[0], "; ".join(troubles)
    if first.is_open:
        detail = "" if isinstance(first.answer, NotModified) else first.answer.detail
        return first.health, "; ".join(filter(None, (detail, closed and f"another road is closed: {closed}")))
    taken = [one for one in asked if one.is_open]
    if first.health is Health.STALE:  # if the others are silent, too, there may be no news
        taken = [one for one in taken if one.changed and first.changed and one.changed > first.changed + _LATE]
    return (Health.DETOUR, f"{closed}; read instead: {taken[0].road.label}") if taken else (first.health, closed)
