"""Batch concurrent requests: those that arrive while a batch runs form the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from bot.shared.threads import for_posts
from bot.store.database import StoreError

MAX_BATCH: Final = 100  # requests, so that no other writer waits long

Request = TypeVar("Request")
Answer = TypeVar("Answer")
Batch = list[tuple[Request, "asyncio.Future[Answer]"]]


class Batcher(Generic[Request, Answer]):
    """Run `work` on a batch of requests at a time, in a thread, and answer in order. A single request does not wait."""

    def __init__(self, work: Callable[[list[Request]], Sequence[Answer]]) -> None:
        self._work = work
        self._waiting: Batch[Request, Answer] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, request: Request) -> Answer:
        """Return the answer to `request`; raise what the work raised for it."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                await self._do(batch)
        finally:
            self._running = None

    async def _do(self, batch: Batch[Request, Answer]) -> None:
        try:
            answers = await for_posts(self._work, [request for request, _ in batch])
        except Exception as error:  # noqa: BLE001 - raised to the callers
            if len(batch) > 1 and not isinstance(error, StoreError):
                for one in batch:  # so that a failing request does not fail the others
                    await self._do([one])
                return
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for (_, answer), result in zip(batch, answers, strict=True):
                if not answer.done():  # the caller may have been canceled
                    answer.set_result(result)
