"""One request for all coalitions that list the same source: who asks a little later gets the same answer.

A coalition's source stays its own: its adapter, its memory, its state. An answer is shared only with a coalition that
would have sent the same request, with the same settings and the same memory; a new one, or one whose store was away,
asks for itself until its memory is that of the others. Processes that share the coalitions share answers, too, and ask
a host by turns.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Protocol

from pydantic import TypeAdapter

from bot.fetch.http import Pacing
from bot.fetch.turns import WAIT, HostLocks, Turns
from bot.shared.answer import Answer, Fetched, FetchFailed, Memory, NotModified, Source
from bot.shared.errors import CoalitionBotError

log = logging.getLogger(__name__)

_FRESH: Final = timedelta(minutes=1)  # an answer is shared this long: the others look for it every few seconds
_TOGETHER: Final = timedelta(minutes=5)  # between the last answers of two coalitions that are asked together
_LOOK: Final = 2.0  # seconds between two looks at what other processes have asked
# The size of an answer; a larger one is not shared with other processes: as text it would take the processor too long.
_MOST: Final = 1_000
_SENT: Final = {each.__name__: each for each in (Memory, Fetched, NotModified, FetchFailed)}


class Exchange(Protocol):
    """What the processes on one database have asked in the last minute. Each method raises a `CoalitionBotError`."""

    def look(self, heard: Collection[str]) -> Sequence[Mapping[str, Any]]:
        """Return the fresh answers of other processes: `id`, `question`, `age` in seconds, and `memory` as JSON, None
        for those that this one has `heard` of.
        """

    def add(self, question: str, memory: str, answer: str) -> None: ...

    def get(self, id_: str) -> str | None:
        """Return an answer as JSON, None if it has been deleted."""


@dataclass(slots=True)
class _Request:
    """A request with the memory of the coalition that sent it. `served`: the coalitions that have the answer.

    `id`: of its answer in the exchange, if another process sent it; such an answer is read when someone needs it.
    """

    memory: Memory
    at: datetime
    answering: asyncio.Task[Answer | None] | None = None
    id: str = ""
    served: set[str] = field(default_factory=set)


class Sharing:
    """The requests of the last minute, by their questions. `pacing`: that of the coalitions' fetchers.

    `exchange` and `locks`: with the other processes that serve these coalitions, if there may be any.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        pacing: Pacing,
        exchange: Exchange | None = None,
        locks: HostLocks | None = None,
    ) -> None:
        self.pacing = pacing
        self._clock = clock
        self._exchange = exchange
        self._requests: dict[str, list[_Request]] = {}  # by question
        self._heard_ids: set[str] = set()  # the ids of the fresh answers of other processes
        self._look_at = 0.0
        self._looking = asyncio.Lock()
        self._turns = Turns(locks, pacing.gap) if locks else None

    def find(self, asking: SharedSource, memory: Memory) -> _Request | None:
        """Return another coalition's request that this one would send, too."""
        fresh = filter(self._is_fresh, self._requests.get(asking.question, ()))
        return next((one for one in fresh if asking.coalition not in one.served and _same(one.memory, memory)), None)

    def send(self, asking: SharedSource, memory: Memory, now: datetime) -> _Request:
        """Start a request that others can share. It ends although the coalition that sends it is removed meanwhile."""
        self._forget_old()
        request = _Request(memory, self._clock())
        request.answering = asyncio.create_task(self._ask(asking, request, now))
        self._requests.setdefault(asking.question, []).append(request)
        return request

    async def answer(self, request: _Request) -> Answer | None:
        """Return the answer; None if another process has it no longer."""
        if request.answering is None:
            request.answering = asyncio.create_task(self._read(request.id))
        return await asyncio.shield(request.answering)

    async def listen(self, *, at_once: bool = False) -> None:
        """Hear what other processes have asked, at most every two seconds. Raises a `CoalitionBotError`."""
        if self._exchange is None:
            return
        time = asyncio.get_running_loop().time
        async with self._looking:
            if time() < self._look_at and not at_once:
                return
            self._look_at = time() + _LOOK
            self._forget_old()
            rows = await asyncio.to_thread(self._exchange.look, self._heard_ids)
            self._heard_ids = {row["id"] for row in rows}
            for row in rows:
                if row["memory"] is not None:
                    memory = _adapter(Memory.__name__).validate_json(row["memory"])
                    at = self._clock() - timedelta(seconds=row["age"])
                    self._requests.setdefault(row["question"], []).append(_Request(memory, at, id=row["id"]))

    async def _ask(self, asking: SharedSource, request: _Request, now: datetime) -> Answer:
        if self._turns is None:
            return await asking.source.poll(request.memory, now)
        while not await self._turns.take(asking.host):
            await asyncio.sleep(WAIT)
            if (answer := await self._take_over(asking.question, request)) is not None:
                return answer
        try:
            if (answer := await self._take_over(asking.question, request, at_once=True)) is not None:
                return answer
            answer = await asking.source.poll(request.memory, now)
            await self._share(asking.question, request.memory, answer)
            return answer
        finally:
            task = asyncio.current_task()
            if not (task and task.cancelling()):  # a canceled one ends with the process, and so does its turn
                self._turns.end(asking.host)

    async def _take_over(self, question: str, request: _Request, *, at_once: bool = False) -> Answer | None:
        """Return the answer that another process got to the same question, if no coalition that asks has it yet."""
        await self.listen(at_once=at_once)
        for one in self._requests[question]:
            new = one.id and self._is_fresh(one) and one.served.isdisjoint(request.served)
            if new and _same(one.memory, request.memory):
                request.served |= one.served
                one.served = request.served  # who has the one answer has the other
                return await self.answer(one)
        return None

    async def _share(self, question: str, memory: Memory, answer: Answer) -> None:
        """Share an answer with the other processes. One that cannot be shared is asked for by each."""
        assert self._exchange
        if isinstance(answer, Fetched) and answer.size > _MOST:
            return
        try:
            texts = await asyncio.to_thread(lambda: (_text(memory), f"{type(answer).__name__} {_text(answer)}"))
            await asyncio.to_thread(self._exchange.add, question, *texts)
        except (CoalitionBotError, ValueError) as error:  # half a character, as a feed may have, is no text
            log.debug("an answer is not shared with other processes: %s", error)

    async def _read(self, id_: str) -> Answer | None:
        assert self._exchange
        if (text := await asyncio.to_thread(self._exchange.get, id_)) is None:
            return None
        kind, _, answer = text.partition(" ")
        read: Answer = await asyncio.to_thread(_adapter(kind).validate_json, answer)
        return read

    def _is_fresh(self, request: _Request) -> bool:
        answering = request.answering
        if answering is not None and not answering.done():
            return True
        if answering is not None and (answering.cancelled() or isinstance(answering.exception(), CoalitionBotError)):
            return False  # the database could not be asked for a turn
        return self._clock() - request.at < _FRESH

    def _forget_old(self) -> None:
        fresh = {question: list(filter(self._is_fresh, sent)) for question, sent in self._requests.items()}
        self._requests = {question: sent for question, sent in fresh.items() if sent}


class SharedSource:
    """A source of one coalition, which takes the answer that another one has just got.

    `question`: what identifies all that the request and the reading of its answer depend on. `host`: the one that it
    asks, and that other processes may be asking, too.
    """

    def __init__(self, sharing: Sharing, source: Source, question: str, host: str, coalition: str) -> None:
        self.id = source.id
        self.name = source.name
        self.source = source
        self.question = question
        self.host = host
        self.coalition = coalition
        self._sharing = sharing

    async def listen(self) -> None:
        """Hear what other processes have asked. Raises a `CoalitionBotError`."""
        await self._sharing.listen()

    def has_answer(self, memory: Memory) -> bool:
        """Whether another coalition asked just now, so that this one is due, too."""
        return self._sharing.find(self, memory) is not None

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        while True:
            request = self._sharing.find(self, memory) or self._sharing.send(self, memory, now)
            request.served.add(self.coalition)
            if (answer := await self._sharing.answer(request)) is not None:
                return _with_own_times(answer, request.memory, memory)


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


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_SENT[kind])  # made when it is needed, because it takes memory


def _text(value: Memory | Answer) -> str:
    """Return it as JSON. Raises `ValueError`."""
    return _adapter(type(value).__name__).dump_json(value).decode()
