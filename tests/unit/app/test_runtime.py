"""How a face that ends is started again, and how the run ends."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import loops, runtime
from bot.app.wiring import Edges
from bot.chat.web.site import Site, application
from bot.config.logs import Throttle
from bot.settings import records as settings
from bot.store.database import StoreBusy
from tests.scenario.kit import Clock, Program, shipped


class Falls:
    """A face that is up for some minutes and falls; the one after the last of `minutes` ends the run.

    `error`: what it falls by, None if it just ends.
    """

    single = False

    def __init__(self, *minutes, error=ConnectionError):
        self.seconds = 0
        self._minutes = list(minutes)
        self._error = error

    async def run(self, stop):
        if not self._minutes:
            stop.set()
            return
        self.seconds += 60 * self._minutes.pop(0)
        if self._error:
            raise self._error


async def shown(face):
    async with asyncio.timeout(60):
        await loops.keep_frontend_up("slack", face, lambda _: True, asyncio.Event(), lambda: face.seconds)


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """None after the first fall, for ever after the second of a row."""
    monkeypatch.setattr(loops, "AFTER_FAILURE", (0.0, 3600.0))


async def test_a_front_end_that_was_up_for_long_is_restarted_at_once_however_often_it_failed():
    await shown(Falls(60, 60, 60, 60))


async def test_a_port_that_another_process_has_is_named_without_a_traceback(caplog):
    """Two processes that start at once both find it free."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        site = Site(lambda: application(()), "127.0.0.1", port, ticks=lambda: 0.0)
        stop = asyncio.Event()
        running = asyncio.create_task(loops.keep_frontend_up("web", site, lambda _: True, stop))
        while len(caplog.records) < 2:  # noqa: ASYNC110 - nothing else says so
            await asyncio.sleep(0.01)
        stop.set()
        await running
    (why, _) = caplog.records[:2]
    assert why.getMessage().startswith(f"web failed: 127.0.0.1:{port} cannot be used: Address already in use. Set")
    assert why.exc_info is None


@pytest.mark.parametrize("error", [ConnectionError, None])
async def test_one_that_ends_again_and_again_waits_longer(error):
    face = Falls(0, 0, error=error)
    running = asyncio.create_task(shown(face))
    while face._minutes:  # noqa: ASYNC110 - nothing else says so
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert not running.done()
    running.cancel()


async def test_an_outage_of_the_store_is_one_line_for_all_front_ends(monkeypatch, caplog):
    monkeypatch.setattr(loops, "OUTAGES", Throttle(loops.log, lambda: 0))
    for _ in range(2):
        await shown(Falls(60, 60, error=StoreBusy("The database server cannot be reached now.")))
    (record,) = caplog.records
    assert (record.levelname, record.exc_info) == ("WARNING", None)


@pytest.mark.parametrize(("more", "turns"), [(0, [*range(1, 42)]), (2_000, [1, 41])])
async def test_cycles_are_collected_after_the_start_and_at_every_turn_but_of_many_objects_at_every_fortieth(
    monkeypatch, more, turns
):
    gc.collect()
    gc.freeze()  # the objects of other tests, which took 14 s of a processor
    monkeypatch.setattr(loops, "_FEW", 1_000)
    many = [[] for _ in range(more)]
    gc.collect()  # they are as old as what a bot keeps
    stop, cycle, collected = asyncio.Event(), make_cycle(), []

    async def pause(_stop, _seconds):
        nonlocal cycle
        collected.append(cycle() is None)
        cycle = make_cycle()
        if len(collected) == 42:
            stop.set()

    monkeypatch.setattr(loops, "pause", pause)
    gc.disable()
    try:
        await loops.keep_tidy(stop)
    finally:
        gc.enable()
    assert [turn for turn, done in enumerate(collected) if done] == turns  # the start's is turn 1
    assert len(many) == more


def make_cycle():
    """Return a reference to an object that only the collector frees."""
    face = Falls()
    face.own = face
    return weakref.ref(face)


@pytest.fixture
def program(tmp_path, monkeypatch):
    """The program without sources."""
    monkeypatch.setattr(runtime, "stay_prompt", lambda: None)  # it is for the whole process, which here is pytest's
    return Program(tmp_path, shipped(tmp_path, {}, {"policy": "console:policy"}), Clock(datetime.now(UTC)))


async def test_however_many_cores_there_are_four_threads_do_the_background_work(program):
    at_once = threading.Semaphore(runtime.WORKERS)
    over = []

    class Asks:
        single = True

        async def run(self, stop):
            def work():
                if not at_once.acquire(blocking=False):
                    over.append(1)
                    return
                time.sleep(0.01)
                at_once.release()

            await asyncio.gather(*(asyncio.to_thread(work) for _ in range(200)))
            os.kill(os.getpid(), signal.SIGTERM)
            await stop.wait()

    with program.started() as app:
        await asyncio.wait_for(runtime.run(app, {"asks": Asks()}), 60)
    assert over == []


async def test_a_step_that_is_canceled_in_the_moment_it_is_woken_ends(program):
    """On Python 3.11 `asyncio.wait_for` lost that cancellation, and the end of the run waited forever."""
    ran, awake, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def step():
        ran.set()

    with program.started() as app:
        work = asyncio.create_task(loops._supervise("step", step, app, stop, awake))
        await ran.wait()
        await asyncio.sleep(0)  # now it waits to be woken
        awake.set()
        work.cancel()
        await asyncio.wait({work}, timeout=60)
        stop.set()
    assert work.cancelled()


async def test_a_process_for_the_web_alone_takes_up_what_people_change(program):
    with program.started(running="web-only") as app:
        work = asyncio.create_task(runtime.run_all([loops.Served(app, {}, works=False)]))
        before, watch, now = app.config, next(iter(app.config.watches)).id, app.clock()
        with app.db.write() as tx:
            settings.mute(tx, watch, now + timedelta(days=1), by=None, now=now)
        app.stir()
        async with asyncio.timeout(60):
            while app.config is before:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        await work
    assert watch not in {each.id for each in app.config.watches}


def test_of_two_threads_that_take_up_changes_the_older_state_does_not_win(program):
    reading, go_on = threading.Event(), threading.Event()

    class Pause(logging.Handler):  # between reading a change that does not fit the files and taking it up
        def emit(self, record):
            if "no longer fits" in record.getMessage() and not reading.is_set():
                reading.set()
                assert go_on.wait(60)

    with program.started() as app:
        watch, now, handler = next(iter(app.config.watches)).id, app.clock(), Pause()
        logging.getLogger("bot.settings.records").addHandler(handler)
        unfit = settings.SettingChange(kind="watch", name="w", effect="set", body="{}", at=now, by=None)
        with app.db.write() as tx:
            settings.append(tx, unfit)
        first, second = (threading.Thread(target=app.apply_changes) for _ in range(2))
        first.start()
        assert reading.wait(60)
        with app.db.write() as tx:
            settings.mute(tx, watch, now + timedelta(days=1), by=None, now=now)
        second.start()
        if not app._applying.locked():
            second.join()
        go_on.set()
        first.join()
        second.join()
        logging.getLogger("bot.settings.records").removeHandler(handler)
        assert watch not in {each.id for each in app.config.watches}


def test_a_change_that_cannot_be_taken_up_is_tried_again(program):
    with program.started() as app:
        watch, now, edges = next(iter(app.config.watches)).id, app.clock(), app.edges
        with app.db.write() as tx:
            settings.mute(tx, watch, now + timedelta(days=1), by=None, now=now)

        class Full(Edges):
            def polled(self, config):
                raise MemoryError

        app.edges = Full(**{field.name: getattr(edges, field.name) for field in fields(edges)})
        with pytest.raises(MemoryError):
            app.apply_changes()
        app.edges = edges
        app.apply_changes()
        assert watch not in {each.id for each in app._poller.config.watches}


async def test_a_run_that_is_canceled_ends_though_a_front_end_swallows_the_cancellation(program):
    started = asyncio.Event()

    class Swallows:
        single = True

        async def run(self, stop):
            started.set()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)
            await stop.wait()

    with program.started() as app:
        work = asyncio.create_task(runtime.run(app, {"swallows": Swallows()}))
        await started.wait()
        work.cancel()
        await asyncio.wait({work}, timeout=60)
    assert work.done()


async def test_a_connection_that_another_process_has_is_taken_over_when_it_is_free(monkeypatch):
    """Of two processes with one store, one is connected to the chat."""
    monkeypatch.setattr(loops, "TICK", 0.01)
    stop, ours, seen = asyncio.Event(), [False], []

    class Connects:
        single = True

        async def run(self, ending):
            seen.append("up")
            ours[0] = len(seen) > 1  # the first time another process takes it from us
            if len(seen) > 1:
                stop.set()
            await ending.wait()
            seen.append("down")

    running = asyncio.create_task(loops.keep_frontend_up("slack", Connects(), lambda _: ours[0], stop))
    await asyncio.sleep(0.05)
    assert seen == []
    ours[0] = True
    async with asyncio.timeout(60):
        while seen != ["up", "down"]:  # noqa: ASYNC110 - it waits as the process would
            await asyncio.sleep(0.01)
        ours[0] = True
        await running
    assert seen == ["up", "down", "up", "down"]
