"""One request for all coalitions of a process that list the same source: who asks a little later gets the same answer.

A coalition's source stays its own: its adapter, its memory, its state. An answer is shared only with a coalition that
would have sent the same request, with the same settings and the same memory; a new one, or one whose store was away,
asks for itself until its memory is that of the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.shared.answer import Answer, Fetched, Memory, NotModified, Source

if TYPE_CHECKING:
    from bot.fetch.http import Pacing

_FRESH: Final = timedelta(minutes=1)  # an answer is shared this long: the others look for it at least as often
_TOGETHER: Final = timedelta(minutes=5)  # between the last answers of two coalitions that are asked together


@dataclass(slots=True)
class _Request:
    """A request with the memory of the coalition that sent it. `served`: the coalitions that have the answer."""

    memory: Memory
    at: datetime
    answering: asyncio.Task[Answer]
    served: set[str] = field(default_factory=set)


class Sharing:
    """The requests of the last minute, by their questions. `pacing`: that of the coalitions' fetchers."""

    def __init__(self, clock: Callable[[], datetime], pacing: Pacing) -> None:
        self.pacing = pacing
        self._clock = clock
        self._requests: dict[str, list[_Request]] = {}  # by question

    def find(self, asking: SharedSource, memory: Memory) -> _Request | None:
        """Return another coalition's request that this one would send, too."""
        fresh = filter(self._is_fresh, self._requests.get(asking.question, ()))
        return next((one for one in fresh if asking.coalition not in one.served and _same(one.memory, memory)), None)

    def send(self, asking: SharedSource, memory: Memory, now: datetime) -> _Request:
        """Start a request that others can share. It ends although the coalition that sends it is removed meanwhile."""
        fresh = {question: list(filter(self._is_fresh, sent)) for question, sent in self._requests.items()}
        self._requests = {question: sent for question, sent in fresh.items() if sent}
        request = _Request(memory, self._clock(), asyncio.create_task(asking.source.poll(memory, now)))
        self._requests.setdefault(asking.question, []).append(request)
        return request

    def _is_fresh(self, request: _Request) -> bool:
        return not request.answering.done() or self._clock() - request.at < _FRESH


class SharedSource:
    """A source of one coalition, which takes the answer that another one has just got.

    `question`: what identifies all that the request and the reading of its answer depend on.
    """

    def __init__(self, sharing: Sharing, source: Source, question: str, coalition: str) -> None:
        self.id = source.id
        self.name = source.name
        self.source = source
        self.question = question
        self.coalition = coalition
        self._sharing = sharing

    def has_answer(self, memory: Memory) -> bool:
        """Whether another coalition asked just now, so that this one is due, too."""
        return self._sharing.find(self, memory) is not None

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        request = self._sharing.find(self, memory) or self._sharing.send(self, memory, now)
        request.served.add(self.coalition)
        answer = await asyncio.shield(request.answering)
        if not isinstance(answer, Fetched | NotModified):
            return answer
        # With the times of the coalition's own memory, unless the answer changed them.
        changed = answer.memory.last_change_at
        changed = memory.last_change_at if changed == request.memory.last_change_at else changed
        after = replace(answer.memory, first_success_at=memory.first_success_at, last_change_at=changed)
        return replace(answer, memory=after)


def _same(asked: Memory, own: Memory) -> bool:
    """Whether a request with one memory is a request with the other: times count as far as adapters use them."""
    if (asked.validators, asked.cursor) != (own.validators, own.cursor):
        return False
    last, own_last = asked.last_success_at, own.last_success_at
    if last is None or own_last is None:
        return last is own_last and asked.first_success_at is own.first_success_at
    return abs(last - own_last) <= _TOGETHER and (asked.last_change_at is None) == (own.last_change_at is None)
