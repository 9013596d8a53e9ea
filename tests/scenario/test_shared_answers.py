"""What several processes on one PostgreSQL ask: each source once, each host by turns, whichever of them ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.fetch.http import Limits, Pacing
from bot.shared.answer import Fetched, FetchFailed, NotModified
from bot.shared.entry import Agency, Change, Entry, Kind, Named, Quote
from bot.shared.health import Health
from bot.sources.sharing import SharedSource, Sharing
from bot.store.database import StoreUnusable
from bot.store.postgres_answers import Answers
from bot.store.postgres_lock import PostgresLock
from tests.kit import stores
from tests.unit.sources.test_sharing import NOW, SEEN

pytestmark = pytest.mark.sqlite  # it chooses its store

ENTRY = Entry(
    source="news",
    kind=Kind.NEWS,
    identity=("url:x.test/1", "guid:news:1"),
    thread="url:x.test/1",
    title="A title with a line\u2028separator and \x00",
    published=NOW,
    publication_date=date(2026, 11, 24),
    agencies=(Agency("Justice Department", "justice-department"),),
    change=Change.CORRECTION,
    author="A. Reporter",
    text="What may not be kept",
    names=(Named("atest", "coalition", "ATEST", near=("trafficking",)),),
    quotes=(Quote("A sentence."),),
)
FETCHED = Fetched(
    entries=(ENTRY,), memory=replace(SEEN, cursor={"seen": ["a", "b"]}, last_change_at=NOW), baseline=frozenset({"x"})
)


class Publisher:
    """A source that answers when it may."""

    id, name = "news", "News"

    def __init__(self, answer):
        self.asked = 0
        self.began = asyncio.Event()
        self.may = asyncio.Event()
        self.may.set()
        self.answer = answer

    async def poll(self, memory, now):
        self.asked += 1
        self.began.set()
        await self.may.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def process(monkeypatch, tmp_path):
    """Starts a process; returns its lock, and what makes the source of one of its coalitions."""
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    stores.create(tmp_path / "shared.db").close()
    started = []

    def start(gap=0.0, clock: Callable[[], datetime] = lambda: NOW):
        lock = stores.at(tmp_path / "shared.db").lock(shared=True)
        answers = lock.answers(f"process {len(started)}")
        started.append((lock, answers))
        sharing = Sharing(clock, Pacing(Limits(gap=gap)), answers, lock)

        def source(publisher, coalition, question="news", host="x.test"):
            return SharedSource(sharing, publisher, question, host, coalition)

        return lock, source

    yield start
    for lock, answers in started:
        answers.close()
        lock.release()


@pytest.fixture
def two(process):
    """What makes sources of each of two processes."""
    return process()[1], process()[1]


@pytest.mark.parametrize(
    "answer",
    [FETCHED, NotModified(SEEN), FetchFailed(Health.BLOCKED, "403 Forbidden", NOW + timedelta(days=1))],
    ids=["news", "unchanged", "failed"],
)
async def test_an_answer_to_one_process_is_that_of_the_other(two, answer):
    first, second = two
    publisher = Publisher(answer)
    assert await first(publisher, "river").poll(SEEN, NOW) == answer
    heat = second(publisher, "heat")
    assert not heat.has_answer(SEEN)
    await heat.listen()
    assert heat.has_answer(SEEN)
    theirs = await heat.poll(SEEN, NOW)
    assert theirs == answer
    if isinstance(theirs, Fetched):  # fields that do not count in a comparison
        assert (theirs.entries[0].text, theirs.entries[0].author) == (ENTRY.text, ENTRY.author)
    assert not heat.has_answer(SEEN)
    assert publisher.asked == 1


async def test_two_that_ask_at_once_send_one_request(two):
    first, second = two
    publisher = Publisher(FETCHED)
    publisher.may.clear()
    asking = [
        asyncio.create_task(source.poll(SEEN, NOW)) for source in (first(publisher, "river"), second(publisher, "heat"))
    ]
    await asyncio.sleep(1)
    publisher.may.set()
    assert await asyncio.gather(*asking) == [FETCHED, FETCHED]
    assert publisher.asked == 1


async def test_another_question_to_the_same_host_waits_for_its_turn_and_other_hosts_do_not(two):
    first, second = two
    slow, other, elsewhere = Publisher(FETCHED), Publisher(FETCHED), Publisher(FETCHED)
    slow.may.clear()
    asking = asyncio.create_task(first(slow, "river").poll(SEEN, NOW))
    await slow.began.wait()
    waiting = asyncio.create_task(second(other, "heat", "other").poll(SEEN, NOW))
    await second(elsewhere, "heat", "elsewhere", "y.test").poll(SEEN, NOW)
    assert not other.asked
    slow.may.set()
    assert await asyncio.gather(asking, waiting) == [FETCHED, FETCHED]


async def test_many_requests_that_wait_for_a_turn_try_for_it_together(process, monkeypatch):
    first, second = process()[1], process()[1]
    tries = []
    take_turn = PostgresLock.take_turn
    monkeypatch.setattr(PostgresLock, "take_turn", lambda *args: tries.append(args) or take_turn(*args))
    slow, others = Publisher(FETCHED), [Publisher(FETCHED) for _ in range(20)]
    slow.may.clear()
    asking = [asyncio.create_task(first(slow, "river").poll(SEEN, NOW))]
    await slow.began.wait()
    tries.clear()
    asking += [
        asyncio.create_task(second(other, "heat", f"question {number}").poll(SEEN, NOW))
        for number, other in enumerate(others)
    ]
    await asyncio.sleep(0.5)
    assert len(tries) < len(others)
    slow.may.set()
    assert await asyncio.gather(*asking) == [FETCHED] * 21


async def test_with_another_memory_or_other_settings_each_asks_for_itself(two):
    first, second = two
    publisher = Publisher(FETCHED)
    await first(publisher, "river").poll(SEEN, NOW)
    await second(publisher, "heat").poll(replace(SEEN, cursor={"seen": []}), NOW)
    await second(publisher, "heat", "news with a key").poll(SEEN, NOW)
    assert publisher.asked == 3


async def test_who_has_the_answer_and_asks_again_gets_another_one(two):
    first, second = two
    publisher = Publisher(FetchFailed(Health.UNREACHABLE, "429 Too Many Requests", NOW + timedelta(seconds=20)))
    await first(publisher, "river").poll(SEEN, NOW)
    heat, lake = second(publisher, "heat"), second(publisher, "lake")
    await heat.listen()
    assert await heat.poll(SEEN, NOW) == await lake.poll(SEEN, NOW) == publisher.answer
    assert publisher.asked == 1
    publisher.answer = NotModified(SEEN)
    assert await heat.poll(SEEN, NOW) == await lake.poll(SEEN, NOW) == publisher.answer
    assert publisher.asked == 2
    assert not heat.has_answer(SEEN)
    assert not lake.has_answer(SEEN)


async def test_a_dropped_table_is_created_again_and_stops_nobody(two, tmp_path):
    first, second = two
    publisher = Publisher(FETCHED)
    db = stores.at(tmp_path / "shared.db").open_as_is()
    with db.write() as tx:
        tx.execute('DROP SCHEMA "coalition-bot" CASCADE')
    db.close()
    for source in first(publisher, "river"), second(publisher, "heat"):
        await source.listen()
        assert await source.poll(SEEN, NOW) == FETCHED
    assert publisher.asked == 1


def test_a_user_who_may_not_use_the_table_shares_nothing(process, tmp_path):
    process()
    db = stores.at(tmp_path / "shared.db").open_as_is()
    with db.write() as tx:
        tx.execute("CREATE ROLE other")
        tx.execute('GRANT USAGE ON SCHEMA "coalition-bot" TO other')
    url = stores.url(tmp_path / "shared.db") + "&options=-crole%3Dother"
    try:
        with pytest.raises(StoreUnusable, match="permission denied for table answer"):
            Answers(url, "process 1")
    finally:
        with db.write() as tx:
            tx.execute("DROP OWNED BY other")
            tx.execute("DROP ROLE other")
        db.close()


async def test_the_request_of_a_process_that_ends_is_sent_by_the_next(process):
    (lock, first), (_, second) = process(), process()
    dying, publisher = Publisher(FETCHED), Publisher(FETCHED)
    dying.may.clear()
    asking = asyncio.create_task(first(dying, "river").poll(SEEN, NOW))
    await dying.began.wait()
    waiting = asyncio.create_task(second(publisher, "heat").poll(SEEN, NOW))
    await asyncio.sleep(0)
    lock.release()  # as the server does when a process is killed
    assert await waiting == FETCHED
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking


async def test_a_fault_of_our_own_ends_the_turn(two):
    first, second = two
    publisher = Publisher(ValueError("a fault"))
    with pytest.raises(ValueError, match="a fault"):
        await first(publisher, "river").poll(SEEN, NOW)
    publisher.answer = FETCHED
    assert await second(publisher, "heat").poll(SEEN, NOW) == FETCHED


async def test_an_answer_that_is_no_text_is_asked_for_by_each(two):
    first, second = two
    publisher = Publisher(replace(FETCHED, entries=(replace(ENTRY, title="half a character \ud83d"),)))
    assert await first(publisher, "river").poll(SEEN, NOW) == publisher.answer
    assert await second(publisher, "heat").poll(SEEN, NOW) == publisher.answer
    assert publisher.asked == 2


async def test_the_next_process_waits_as_long_as_between_two_requests(process):
    first, second = process(gap=0.5)[1], process()[1]
    time = asyncio.get_running_loop().time
    began = time()
    await first(Publisher(FETCHED), "river").poll(SEEN, NOW)
    await second(Publisher(FETCHED), "heat", "other").poll(SEEN, NOW)
    assert time() - began >= 0.5


async def test_a_process_leaves_nothing_of_its_answers(process, tmp_path):
    lock, first = process()
    await first(Publisher(FETCHED), "river").poll(SEEN, NOW)
    db = stores.at(tmp_path / "shared.db").open_as_is()
    assert db.read('SELECT count(*) AS n FROM "coalition-bot".answer') == [{"n": 1}]
    lock.answers("process 0").close()
    assert db.read('SELECT count(*) AS n FROM "coalition-bot".answer') == [{"n": 0}]
    db.close()
