"""Doing in one piece what many ask for at the same time: what comes while one lot is under way makes up the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from bot.store.database import StoreError

MAX_BATCH: Final = 100  # in one lot, so that no other writer waits long

Request = TypeVar("Request")
Answer = TypeVar("Answer")
Lot = list[tuple[Request, "asyncio.Future[Answer]"]]


class Batcher(Generic[Request, Answer]):
    """`work` gets a lot, in a thread, and answers each in order. It is one lot at a time.

    Nobody waits for company: who comes alone is served alone.
    """

    def __init__(self, work: Callable[[list[Request]], Sequence[Answer]]) -> None:
        self._work = work
        self._waiting: Lot[Request, Answer] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, asked: Request) -> Answer:
        """The answer to `asked`; raises what the work raised for it."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                lot, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                await self._do(lot)
        finally:
            self._running = None

    async def _do(self, lot: Lot[Request, Answer]) -> None:
        try:
            answers = await asyncio.to_thread(self._work, [asked for asked, _ in lot])
        except Exception as error:  # noqa: BLE001 - it is raised to who asked
            if len(lot) > 1 and not isinstance(error, StoreError):
                for one in lot:  # so that what cannot be done takes nothing with it
                    await self._do([one])
                return
            for _, answer in lot:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for (_, answer), given in zip(lot, answers, strict=True):
                if not answer.done():  # who asked may have been stopped
                    answer.set_result(given)
