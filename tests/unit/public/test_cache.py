"""What the public pages reuse: one reading for visitors at one moment, and bytes that are rendered once."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.site.public.pages import Recent, Rendered


class Reading:
    """Something that takes `seconds` to read."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now, self.times = seconds, 0.0, 0
        self.begins = threading.Event()
        self.begins.set()
        self.recent: Recent[int] = Recent(lambda: self.now)

    def read(self) -> int:
        assert self.begins.wait(60)
        self.times += 1
        self.now += self.seconds
        return self.times


@pytest.mark.parametrize(("seconds", "good_for"), [(0.005, 0.1), (0.3, 6.0), (2.0, 8.0)])
async def test_it_is_read_again_when_that_takes_a_twentieth_of_the_time_and_after_ten_seconds(seconds, good_for):
    slow = Reading(seconds)
    assert await asyncio.gather(*(slow.recent.get(slow.read) for _ in range(50))) == [1] * 50
    slow.now = seconds + good_for - 0.001
    assert await slow.recent.get(slow.read) == 1
    slow.now = seconds + good_for
    assert await slow.recent.get(slow.read) == 2


async def test_what_was_hidden_while_it_was_read_is_gone_once_that_is_ten_seconds_ago():
    slow = Reading(15.0)
    slow.begins.clear()
    shown = asyncio.gather(*(slow.recent.get(slow.read) for _ in range(3)))
    await asyncio.sleep(0)  # all have asked
    slow.begins.set()
    assert await shown == [1] * 3, "who came while it was read shares it"
    assert await slow.recent.get(slow.read) == 2


async def test_what_cannot_be_read_is_tried_again():
    slow = Reading(1.0)

    def fail() -> int:
        raise OSError("no disk")

    with pytest.raises(OSError, match="no disk"):
        await slow.recent.get(fail)
    assert await slow.recent.get(slow.read) == 1


async def test_the_same_bytes_are_made_once_and_those_asked_for_last_stay():
    made = []
    rendered = Rendered(30)

    def make(key):
        def run() -> bytes:
            made.append(key)
            return b"x" * 10

        return rendered.get(key, run)

    await asyncio.gather(*(make("a") for _ in range(20)))
    assert made == ["a"]
    for key in ("b", "c", "a", "d"):  # "b" is the one not asked for longest
        await make(key)
    for key in ("a", "c", "d"):
        await make(key)
    assert made == ["a", "b", "c", "d"]
    await make("b")
    assert made[-1] == "b"
