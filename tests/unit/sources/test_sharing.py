"""One request for all coalitions that would send the same: who shares an answer, and with which memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.fetch.http import Limits, Pacing
from bot.shared.answer import Fetched, FetchFailed, Health, Memory
from bot.sources.sharing import SharedSource, Sharing

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SEEN = Memory(
    validators={"https://x.test": {"etag": "1"}},
    cursor={"seen": ["a"]},
    first_success_at=NOW - timedelta(days=9),
    last_success_at=NOW - timedelta(hours=1),
    last_change_at=NOW - timedelta(days=1),
)


class Publisher:
    """A source whose answers wait until they are released."""

    id, name = "news", "News"

    def __init__(self, answer=None):
        self.asked = []
        self.release = asyncio.Event()
        self._answer = answer

    async def poll(self, memory, now):
        self.asked.append(memory)
        await self.release.wait()
        after = replace(memory, cursor={"seen": ["b"]}, last_success_at=now, last_change_at=now)
        return self._answer or Fetched(entries=(), memory=after)


def shared(*coalitions, publisher, now=lambda: NOW):
    sharing = Sharing(now, Pacing(Limits()))
    return [SharedSource(sharing, publisher, "news", name) for name in coalitions]


async def test_one_that_stops_waiting_leaves_the_request_to_the_other():
    publisher = Publisher()
    river, heat = shared("river", "heat", publisher=publisher)
    first, second = (asyncio.create_task(source.poll(SEEN, NOW)) for source in (river, heat))
    await asyncio.sleep(0)
    first.cancel()
    publisher.release.set()
    assert (await second).memory.cursor == {"seen": ["b"]}
    assert len(publisher.asked) == 1


async def test_each_keeps_the_times_of_its_own_memory():
    publisher = Publisher()
    publisher.release.set()
    river, heat = shared("river", "heat", publisher=publisher)
    later = replace(SEEN, first_success_at=NOW - timedelta(days=2), last_success_at=NOW - timedelta(minutes=58))
    assert (await river.poll(SEEN, NOW)).memory.first_success_at == SEEN.first_success_at
    answer = await heat.poll(later, NOW)
    assert (answer.memory.first_success_at, answer.memory.last_change_at) == (later.first_success_at, NOW)
    assert len(publisher.asked) == 1


async def test_a_failure_is_the_failure_of_both():
    publisher = Publisher(FetchFailed(Health.BLOCKED, "403", NOW + timedelta(days=1)))
    publisher.release.set()
    river, heat = shared("river", "heat", publisher=publisher)
    assert await river.poll(SEEN, NOW) == await heat.poll(SEEN, NOW)
    assert len(publisher.asked) == 1


async def test_an_answer_is_taken_once_and_for_a_minute_and_only_with_the_same_memory():
    publisher, times = Publisher(), [NOW]
    publisher.release.set()
    river, heat = shared("river", "heat", publisher=publisher, now=lambda: times[0])
    await river.poll(SEEN, NOW)
    assert not river.has_answer(SEEN)
    assert heat.has_answer(SEEN)
    for other in (
        Memory(),
        replace(SEEN, cursor={"seen": []}),
        replace(SEEN, validators={}),
        replace(SEEN, last_success_at=NOW - timedelta(days=8)),
    ):
        assert not heat.has_answer(other)
    times[0] += timedelta(minutes=2)
    assert not heat.has_answer(SEEN)
    await heat.poll(SEEN, NOW)
    assert len(publisher.asked) == 2
