"""Who gets Python's attention first: what someone waits for, or background work."""

from __future__ import annotations

import asyncio
import gc
import weakref
from threading import Event, RLock, Thread

import pytest

from bot.alerts.intake import read_ahead
from bot.shared.answer import Fetched, Memory
from bot.shared.threads import PRIORITY, Priority, for_people
from bot.sources.feeds.parse import parse
from tests.kit.media import Desk, campaign, story
from tests.peers.feedserver import rss


class Work:
    """Threads of background work, and who had finished when."""

    def __init__(self, **options: object) -> None:
        self.priority = Priority(**({"longest": 60} | options))
        self.order: list[str] = []

    def start(self) -> Thread:
        def work() -> None:
            self.priority.give_way()
            self.order.append("background")

        thread = Thread(target=work)
        thread.start()
        return thread


def test_background_work_waits_until_the_answer_is_there():
    work, threads = Work(), list[Thread]()

    def answer() -> None:
        threads.append(work.start())
        other = Thread(target=work.priority.run, args=[lambda: work.order.append("another answer")])
        other.start()
        other.join(60)  # it is done first, and the background waits on
        work.order.append("answer")

    work.priority.run(answer)
    threads[0].join(60)
    assert work.order == ["another answer", "answer", "background"]


def in_background(priority, steps):
    """Run `steps` in a thread while an answer is under way in this one."""

    def answer() -> None:
        thread = Thread(target=steps)
        thread.start()
        thread.join(60)
        assert not thread.is_alive()

    priority.run(answer)


def test_background_work_continues_though_people_ask_all_the_time():
    now, asked = 0.0, list[float]()

    def worked() -> float:
        asked.append(now)
        return now

    priority = Priority(worked, longest=0.001)

    def background() -> None:
        nonlocal now
        asked.clear()
        priority.give_way()  # asks how much it worked before and after it waits
        assert len(asked) == 2
        priority.give_way()  # its turn: it asks once, and does not wait
        assert len(asked) == 3
        now = 1.0
        priority.give_way()
        assert len(asked) == 5

    in_background(priority, background)


def test_background_work_that_has_waited_long_in_sum_gets_a_turn():
    now = 0.0
    waits, second_answer = Event(), Event()

    def clock() -> float:
        seen = now
        waits.set()
        return seen

    priority = Priority(lambda: 0.0, longest=60, clock=clock)

    def work() -> None:
        priority.give_way()
        second_answer.wait(60)
        priority.give_way()

    background = Thread(target=work)

    def first() -> None:
        nonlocal now
        background.start()
        waits.wait(60)
        now = 61.0

    def second() -> None:
        second_answer.set()
        background.join(30)
        assert not background.is_alive()

    priority.run(first)
    priority.run(second)


def test_background_work_goes_on_while_an_answer_waits_for_its_lock():
    priority, lock, order = Priority(longest=60), RLock(), list[str]()
    background_has_it = Event()

    def background() -> None:
        with priority.locked(lock):
            background_has_it.set()
            priority.give_way()
            order.append("background")

    thread = Thread(target=background)

    def answer() -> None:
        thread.start()
        background_has_it.wait(60)
        with priority.locked(lock):
            order.append("answer")

    priority.run(answer)
    thread.join(60)
    assert order == ["background", "answer"]


def test_background_work_goes_on_while_an_answer_waits_for_another_process_and_not_after():
    work, threads = Work(), list[Thread]()

    def answer() -> None:
        with work.priority.blocked():
            work.start().join(30)
        threads.append(work.start())
        work.order.append("answer")

    work.priority.run(answer)
    threads[0].join(60)
    assert work.order == ["background", "answer", "background"]


def test_an_answer_that_takes_long_counts_as_background_work():
    now = 0.0
    work = Work(worked=lambda: now)

    def import_() -> None:
        nonlocal now
        now = 1.0
        work.priority.give_way()
        work.start().join(60)
        with work.priority.blocked():
            pass
        work.start().join(60)  # what waited meanwhile does not make it short again
        work.order.append("import")

    work.priority.run(import_)
    assert work.order == ["background", "background", "import"]


@pytest.mark.parametrize(
    "read",
    [
        lambda: parse(rss({"title": "One", "link": "https://one.example/1"}).encode(), "", "https://one.example"),
        lambda: read_ahead(
            Fetched(entries=(story("one"),), memory=Memory()), campaign(), Desk.news_room, stopping=bool
        ),
    ],
    ids=["its text", "its words"],
)
def test_background_work_gives_way_with_each_item_of_a_feed_that_it_reads(monkeypatch, read):
    now = 0.0
    monkeypatch.setattr(PRIORITY, "_worked", lambda: now)

    def work() -> int:
        nonlocal now
        now = 1.0  # from now on it counts as background work, which it finds when it gives way
        read()
        now = 0.0
        return PRIORITY._first

    assert PRIORITY.run(work) == 0


def test_work_that_fails_goes_first_no_more():
    work = Work()
    with pytest.raises(ZeroDivisionError):
        work.priority.run(lambda: 1 // 0)
    work.start().join(30)
    assert work.order == ["background"]


async def test_the_event_loop_never_waits():
    waits: list[float] = []
    priority = Priority(clock=lambda: waits.append(0.0) or 0.0)
    started, ended = Event(), Event()
    answer = Thread(target=priority.run, args=[lambda: started.set() or ended.wait(60)])
    answer.start()
    started.wait(60)
    priority.give_way()
    ended.set()
    answer.join(60)
    assert not waits


async def test_what_a_refused_call_left_is_freed_without_the_collector():
    """Cycles of 200 objects a refusal had it stop the event loop for a quarter of a second after a flood."""

    class Failure(Exception):
        pass

    def fail() -> None:
        raise Failure

    freed = Event()
    gc.disable()
    try:
        try:
            await for_people(fail)
        except Failure as error:
            watch = weakref.ref(error, lambda _: freed.set())
        assert await asyncio.to_thread(freed.wait, 30), watch()
    finally:
        gc.enable()
