from __future__ import annotations

import asyncio
import threading

import pytest

from bot.outbox import deliver
from bot.outbox.deliver import Batcher
from bot.store.database import StoreBusy


class Lots:
    """Work that notes the lots it is given, and waits while it is `blocked`."""

    def __init__(self, *, blocked: bool = False) -> None:
        self.seen: list[list[int]] = []
        self.begun, self.free = threading.Event(), threading.Event()
        if not blocked:
            self.free.set()

    def __call__(self, asked: list[int]) -> list[int]:
        self.seen.append(asked)
        self.begun.set()
        self.free.wait(60)
        if 13 in asked:
            raise ValueError("13")
        if 99 in asked:
            raise StoreBusy("busy")
        return [10 * each for each in asked]


async def test_who_comes_alone_is_served_alone_and_at_once():
    lots = Lots()
    assert await Batcher(lots)(1) == 10
    assert lots.seen == [[1]]


async def test_what_comes_while_a_lot_is_under_way_makes_up_the_next_and_each_gets_its_own_answer():
    lots = Lots(blocked=True)
    ask = Batcher(lots)
    first = asyncio.create_task(ask(1))
    await asyncio.to_thread(lots.begun.wait, 60)
    others = [asyncio.create_task(ask(number)) for number in (2, 3)]
    lots.free.set()
    assert await asyncio.gather(first, *others) == [10, 20, 30]
    assert lots.seen == [[1], [2, 3]]


async def test_no_lot_is_longer_than_the_longest(monkeypatch):
    monkeypatch.setattr(deliver, "MAX_BATCH", 2)
    lots = Lots()
    ask = Batcher(lots)
    assert await asyncio.gather(*map(ask, range(5))) == [0, 10, 20, 30, 40]
    assert lots.seen == [[0, 1], [2, 3], [4]]


async def test_what_cannot_be_done_takes_nothing_with_it():
    ask = Batcher(Lots())
    first, bad, last = await asyncio.gather(ask(1), ask(13), ask(2), return_exceptions=True)
    assert (first, last) == (10, 20)
    assert isinstance(bad, ValueError)


async def test_a_store_that_cannot_be_used_is_asked_once_and_not_for_each():
    lots = Lots()
    ask = Batcher(lots)
    ends = await asyncio.gather(ask(1), ask(99), return_exceptions=True)
    assert [type(end) for end in ends] == [StoreBusy, StoreBusy]
    assert lots.seen == [[1, 99]]


async def test_who_has_been_stopped_holds_up_nobody():
    lots = Lots(blocked=True)
    ask = Batcher(lots)
    stopped, other = (asyncio.create_task(ask(number)) for number in (1, 2))
    await asyncio.to_thread(lots.begun.wait, 60)
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    lots.free.set()
    assert await other == 20
    assert await ask(3) == 30
