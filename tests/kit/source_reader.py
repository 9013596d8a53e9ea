"""A source on a loopback server, polled at moments that a test chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Answer, FetchFailed, Memory, Source
from tests.peers.feedserver import FeedServer, serving


def stored(answer: Answer, before: Memory, now: datetime) -> Answer:
    """The answer with the times that the intake gives its memory."""
    if isinstance(answer, FetchFailed):
        return answer
    first = before.first_success_at or now
    return replace(answer, memory=replace(answer.memory, first_success_at=first, last_success_at=now))


class SourceReader:
    """Polls as the poll loop does: each answer but a failure says what the next poll remembers."""

    def __init__(self, server: FeedServer, now: datetime, **limits: int) -> None:
        self.server, self.memory, self.now = server, Memory(), now
        self.fetcher = Fetcher(
            "coalition-bot/0 (+x)", allow_hosts=["127.0.0.1", "localhost"], limits=Limits(gap=0, **limits)
        )

    async def ask(self, source: Source) -> Answer:
        answer = stored(await source.poll(self.memory, self.now), self.memory, self.now)
        if not isinstance(answer, FetchFailed):
            self.memory = answer.memory
        return answer


Reader = TypeVar("Reader", bound=SourceReader)


@asynccontextmanager
async def reading(make: Callable[[FeedServer], Reader]) -> AsyncIterator[Reader]:
    """A reader of a server that has nothing until a test says what."""
    async with serving() as server:
        reader = make(server)
        yield reader
        await reader.fetcher.close()
