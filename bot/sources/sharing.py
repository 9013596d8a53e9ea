"""One request for all coalitions that list the same source: who asks a little later gets the same answer.

A coalition's source stays its own: its adapter, its memory, its state. An answer is shared only with a coalition that
would have sent the same request, with the same settings and the same memory; a new one, or one whose store was away,
asks for itself until its memory is that of the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.sources.fetch.http import Pacing
from bot.sources.model import Answer, Fetched, Memory, NotModified, Source

_FRESH: Final = timedelta(minutes=1)  # an answer is shared this long: the others look for it every few seconds
_TOGETHER: Final = timedelta(minutes=5)  # between the last answers of two coalitions that are asked together


@dataclass(slots=True)
class _Question:
    """A request of one coalition, with its memory at that time. `served`: who has the answer."""

    memory: Memory
    at: datetime
    asking: asyncio.Task[Answer]
    served: set[str] = field(default_factory=set)


class Sharing:
    """The requests of the last minute, by the settings of their sources. `pacing`: that of the coalitions' fetchers."""

    def __init__(self, clock: Callable[[], datetime], pacing: Pacing) -> None:
        self.pacing = pacing
        self._clock = clock
        self._questions: dict[Hashable, list[_Question]] = {}

    def source(self, source: Source, settings: Hashable, coalition: str) -> SharedSource:
        """Return a coalition's source. `settings`: all that the request and the reading of its answer depend on."""
        return SharedSource(self, source, settings, coalition)

    def find(self, settings: Hashable, coalition: str, memory: Memory) -> _Question | None:
        """Return another coalition's request that this one would send, too."""
        self._forget_old()
        fresh = self._questions.get(settings, ())
        return next((one for one in fresh if coalition not in one.served and _same(one.memory, memory)), None)

    def ask(self, settings: Hashable, source: Source, memory: Memory, now: datetime) -> _Question:
        """Start a request that others can share. It ends although the coalition that sends it is removed meanwhile."""
        question = _Question(memory, self._clock(), asyncio.create_task(source.poll(memory, now)))
        self._questions.setdefault(settings, []).append(question)
        return question

    def _forget_old(self) -> None:
        now = self._clock()
        for settings, asked in list(self._questions.items()):
            fresh = [one for one in asked if not one.asking.done() or now - one.at < _FRESH]
            if len(fresh) < len(asked):
                self._questions[settings] = fresh
            if not fresh:
                del self._questions[settings]


class SharedSource:
    """A source of one coalition, which takes the answer that another one has just got."""

    def __init__(self, sharing: Sharing, source: Source, settings: Hashable, coalition: str) -> None:
        self.id = source.id
        self.name = source.name
        self._sharing = sharing
        self._source = source
        self._settings = settings
        self._coalition = coalition

    def has_answer(self, memory: Memory) -> bool:
        """Whether another coalition asked just now, so that this one is due, too."""
        return self._sharing.find(self._settings, self._coalition, memory) is not None

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        question = self._sharing.find(self._settings, self._coalition, memory)
        if question is None:
            question = self._sharing.ask(self._settings, self._source, memory, now)
        question.served.add(self._coalition)
        answer = await asyncio.shield(question.asking)
        return _with_own_times(answer, question.memory, memory)


def _same(asked: Memory, own: Memory) -> bool:
    """Whether a request with one memory is a request with the other: times count as far as adapters use them."""
    if (asked.validators, asked.cursor) != (own.validators, own.cursor):
        return False
    last, own_last = asked.last_success_at, own.last_success_at
    if last is None or own_last is None:
        return last is own_last and asked.first_success_at is own.first_success_at
    return abs(last - own_last) <= _TOGETHER and (asked.last_change_at is None) == (own.last_change_at is None)


def _with_own_times(answer: Answer, asked: Memory, own: Memory) -> Answer:
    """Return the answer with the times of a coalition's own memory, unless the answer changed them."""
    if not isinstance(answer, Fetched | NotModified):
        return answer
    after = answer.memory
    changed = own.last_change_at if after.last_change_at == asked.last_change_at else after.last_change_at
    return replace(answer, memory=replace(after, first_success_at=own.first_success_at, last_change_at=changed))
