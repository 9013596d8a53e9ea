"""How many coalitions of one process post at a time."""

from __future__ import annotations

import asyncio

from bot.outbox.admission import Admission
from bot.outbox.model import Delivered, NotFound
from tests.kit.outbox import Kit, store


class Posts:
    """Notes who posts; each message is under way until `answer` is set."""

    def __init__(self):
        self.under_way, self.answer = [], asyncio.Event()

    async def post(self, admission, name):
        async with admission:
            self.under_way.append(name)
            await self.answer.wait()


async def started(posts, *messages):
    tasks = [asyncio.create_task(posts.post(admission, name)) for admission, name in messages]
    for _ in range(10):
        await asyncio.sleep(0)
    return tasks


async def test_one_more_coalition_waits_until_another_has_posted():
    slots, first, later = asyncio.Semaphore(2), Posts(), Posts()
    ours, theirs, third = (Admission(slots, long=60) for _ in range(3))
    posting = await started(first, (ours, "ours"), (theirs, "theirs"))
    waiting = await started(later, (third, "third"))
    assert (first.under_way, later.under_way) == (["ours", "theirs"], [])
    first.answer.set()
    await asyncio.gather(*posting)
    later.answer.set()
    await asyncio.gather(*waiting)
    assert later.under_way == ["third"]
    assert not slots.locked()


async def test_all_channels_of_a_coalition_share_its_slot():
    slots, posts = asyncio.Semaphore(1), Posts()
    ours = Admission(slots, long=60)
    posting = await started(posts, (ours, "a"), (ours, "b"), (ours, "c"))
    assert posts.under_way == ["a", "b", "c"]
    posts.answer.set()
    await asyncio.gather(*posting)
    assert not slots.locked()


async def test_a_coalition_has_its_slot_until_its_last_message_is_posted():
    slots, quick, slow, later = asyncio.Semaphore(1), Posts(), Posts(), Posts()
    ours, theirs = Admission(slots, long=60), Admission(slots, long=60)
    posting = await started(quick, (ours, "quick")) + await started(slow, (ours, "slow"))
    waiting = await started(later, (theirs, "theirs"))
    quick.answer.set()
    await posting[0]
    await started(later)
    assert later.under_way == []
    for posts in (slow, later):
        posts.answer.set()
    await asyncio.gather(*posting, *waiting)
    assert later.under_way == ["theirs"]


async def test_a_slow_platform_holds_up_no_other_coalition():
    slots, slow, quick = asyncio.Semaphore(1), Posts(), Posts()
    posting = await started(slow, (Admission(slots, long=0.01), "slow"))
    quick.answer.set()
    async with asyncio.timeout(5):
        await quick.post(Admission(slots, long=60), "quick")
    assert not slots.locked()
    slow.answer.set()
    await asyncio.gather(*posting)
    assert slots._value == 1  # not freed twice


async def test_who_gives_up_waiting_leaves_the_slot_to_others():
    slots, posts = asyncio.Semaphore(1), Posts()
    ours = Admission(slots, long=60)
    posting = await started(posts, (ours, "ours"))
    (waiting,) = await started(posts, (Admission(slots), "canceled"))
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    posts.answer.set()
    await asyncio.gather(*posting)
    assert (posts.under_way, slots.locked()) == (["ours"], False)


class Quick:
    platform, deadline = "slack", None

    async def send(self, outgoing):
        return Delivered(outgoing.id)

    async def find(self, outgoing):
        return NotFound()

    async def close(self):
        pass


async def test_what_waits_for_a_slot_is_not_claimed_and_not_looked_for_again(tmp_path):
    """Each of 1,000 coalitions would look at its store several times a second, while four of them post."""
    kit, slots = Kit(store(tmp_path)), asyncio.Semaphore(1)
    kit.say("first")
    deliverer = kit.deliverer(Quick(), slots=slots)
    await slots.acquire()  # by another coalition
    posting = asyncio.create_task(deliverer.run_once(patience=0.01))
    await asyncio.sleep(0.2)
    waiting = posting.done(), kit.states()
    slots.release()
    await posting
    await deliverer.run_once()
    assert (waiting, kit.states()) == ((False, {"first": "pending"}), {"first": "sent"})
    await kit.close()


async def test_who_stops_while_it_waits_for_a_slot_claims_nothing(tmp_path):
    kit, slots = Kit(store(tmp_path)), asyncio.Semaphore(1)
    kit.say("first")
    deliverer = kit.deliverer(Quick(), slots=slots)
    await slots.acquire()
    posting = asyncio.create_task(deliverer.run_once(patience=0.01))
    await asyncio.sleep(0.1)
    deliverer.stop()
    slots.release()
    async with asyncio.timeout(5):
        await posting
    assert (kit.states(), slots.locked()) == ({"first": "pending"}, False)
    await kit.close()
