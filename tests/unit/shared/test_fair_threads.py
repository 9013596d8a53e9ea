"""Coalitions take turns in the threads: counted in turns, without a clock."""

from __future__ import annotations

import threading
import time

import pytest

from bot.shared import journey
from bot.shared.fair_threads import FairThreads

THREADS = 4


@pytest.fixture
def pool():
    pool = FairThreads(THREADS, "test")
    yield pool
    pool.shutdown()


@pytest.fixture
def release(pool):
    """What long work waits for; also released after a failure, for which the pool would wait."""
    release = threading.Event()
    yield release
    release.set()


def submit(pool, coalition, work, *args):
    with journey.serve(coalition):
        return pool.submit(work, *args)


def test_one_coalition_has_half_of_the_threads_at_most_and_others_go_on(pool, release):
    started = threading.Semaphore(0)

    def hog():
        started.release()
        release.wait()

    long = [submit(pool, "river", hog) for _ in range(10)]
    for _ in range(THREADS // 2):
        started.acquire()
    assert submit(pool, "heat", lambda: "done").result(60) == "done"
    assert pool.submit(lambda: "for all").result(60) == "for all"
    assert not started.acquire(blocking=False)  # no third of the ten
    with journey.serve("river"):
        assert pool.is_full()
    with journey.serve("heat"):
        while pool.is_full():  # a thread is free a moment after the result of its work is there
            time.sleep(0.001)
    release.set()
    for future in long:
        future.result(60)


def test_two_with_long_work_leave_a_thread_for_the_others(pool, release):
    started = threading.Semaphore(0)

    def hog():
        started.release()
        release.wait()

    long = [submit(pool, name, hog) for name in ("river", "lake") for _ in range(10)]
    for _ in range(THREADS - 1):
        started.acquire()
    assert submit(pool, "heat", lambda: "done").result(60) == "done"
    release.set()
    for future in long:
        future.result(60)


def test_those_that_wait_take_turns():
    pool, release, order = FairThreads(1, "test"), threading.Event(), []
    pool.submit(release.wait)
    waiting = [submit(pool, "river", order.append, "river") for _ in range(4)]
    waiting += [submit(pool, name, order.append, name) for name in ("heat", "lake", "heat")]
    release.set()
    for future in waiting:
        future.result(60)
    pool.shutdown()
    assert order == ["river", "heat", "lake", "river", "heat", "river", "river"]


def test_an_error_is_the_caller_s_and_what_waits_at_the_end_is_canceled(pool, release):
    started = threading.Semaphore(0)

    def hog():
        started.release()
        release.wait()

    with pytest.raises(ZeroDivisionError):
        submit(pool, "river", lambda: 1 / 0).result(60)
    running = [submit(pool, "river", hog) for _ in range(THREADS // 2)]
    for _ in running:
        started.acquire()
    late = submit(pool, "river", hog)
    pool.shutdown(wait=False)
    assert late.cancelled()
    release.set()
    assert [future.result(60) for future in running] == [None] * len(running)
