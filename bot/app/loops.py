"""The loops and front ends of one coalition's running bot, each started again when it fails.

A loop that fails is logged, waits a little longer each time, and continues: one outage of a source, a disk or a chat
platform must not stop the bot.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final, Protocol

from bot.app.application import App
from bot.config.logs import Throttle
from bot.shared.errors import CoalitionBotError
from bot.shared.wording import number
from bot.store.database import Database, StoreError, StoreUnusable
from bot.store.lock import AlreadyRunning

log = logging.getLogger(__name__)
OUTAGES: Final = Throttle(log, time.monotonic)

TICK: Final = 5.0  # seconds between two checks of what is due: what a poll brought should be posted soon
AFTER_FAILURE: Final = (1.0, 5.0, 30.0, 120.0, 600.0)
LONGEST_OUTAGE_WAIT: Final = 30.0  # seconds between two tries of a store whose server is away
SOUND: Final = 600.0  # seconds; after a front end was up this long, its next failure counts as the first
GRACE: Final = 8.0  # seconds for running work after a stop; some hosts kill after 10

# Where another process posts, this loop takes up what people change, for pages and answers. Where this one posts, it
# looks every few seconds for each of many coalitions, too: people change them on the pages of other processes.
_FOLLOWING: Final = "deliver"

Step = Callable[[], Awaitable[datetime | None]]
Leads = Callable[[str], bool]


class Frontend(Protocol):
    """Keeps a platform's connection up until a stop. `single`: only one of several processes on a store may have it."""

    single: bool

    async def run(self, stop: asyncio.Event) -> None: ...


@dataclass(frozen=True, slots=True)
class Served:
    """A coalition's bot with its front ends. `name`: which of several it is, "" for the only one.

    Without `works` other processes watch and post, and one loop is left: it takes up what people change, and ends the
    run when the store is lost or a newer version has migrated it.
    """

    app: App
    frontends: Mapping[str, Frontend]
    name: str = ""
    works: bool = True

    def leads(self, part: str) -> bool:
        return self.app.leads(part)

    def open(self) -> Served:
        return self


async def serve_until_lost(served: Served, stop: asyncio.Event) -> None:
    """Run the loops and front ends of one coalition until the stop. Raises the error that ends one of them."""
    ending = asyncio.Event()
    awake = {name: asyncio.Event() for name in ("poll", "deliver", "compose", "look", "make")}
    tasks = _start_tasks(served, ending, awake)
    try:
        await wait_for_end(stop, tasks)
        for each in (ending, *awake.values()):
            each.set()
        served.app.stop()
        await asyncio.wait(tasks, timeout=GRACE)
        raise_first(tasks)
    finally:
        ending.set()
        await cancel(tasks)
        await served.app.close()


def raise_first(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error


def _start_tasks(served: Served, stop: asyncio.Event, awake: Mapping[str, asyncio.Event]) -> list[asyncio.Task[None]]:
    """Start the supervised loops and the front ends of one coalition, and the measuring of lateness."""
    app = served.app
    feeds = app.config.feeds
    sources, watches = number(len(feeds.enabled), "source"), number(len(app.config.watches), "watch", "watches")
    if served.works:
        log.info("set up to watch %s with %s for %s", sources, watches, number(len(feeds.channels), "channel"))
    else:
        log.info("serving the web site; another process must watch and post")

    def wake() -> None:
        for each in awake.values():
            each.set()

    app.wake = wake
    steps: dict[str, Step] = {
        "poll": app.poll_due,
        "deliver": app.deliver,
        "compose": _run_and_wake(app.compose, app.db, awake["deliver"]),
        "look": _run_and_wake(app.look, app.db, awake["deliver"]),
        "make": _run_and_wake(app.make, app.db, awake["deliver"]),
    }
    tasks = [
        asyncio.create_task(_supervise(name, step, app, stop, awake[name]), name=name)
        for name, step in steps.items()
        if served.works or name == _FOLLOWING
    ]
    tasks += [
        asyncio.create_task(keep_frontend_up(name, frontend, app.leads, stop), name=name)
        for name, frontend in served.frontends.items()
    ]
    tasks.append(asyncio.create_task(measure_lateness(app, stop), name="lateness"))
    return tasks


def _run_and_wake(step: Step, db: Database, awake: asyncio.Event) -> Step:
    """Run `step`. If something was written meanwhile, wake the loop that uses it before its next tick."""

    async def run_and_wake() -> datetime | None:
        before = db.commits
        due = await step()
        if db.commits != before:
            awake.set()
        return due

    return run_and_wake


async def _supervise(name: str, step: Step, app: App, stop: asyncio.Event, awake: asyncio.Event) -> None:
    """Call `step` repeatedly: when woken, at the time it asks for or at the next tick, whichever is sooner.

    While another process on the same store has this part of the work, wait for it to end.
    """
    failures = 0
    app.pulse.start(name)
    while not stop.is_set():
        awake.clear()
        until = awake
        try:
            due = None
            if await asyncio.to_thread(app.leads, name):
                due = await step()
            elif name == _FOLLOWING:
                await asyncio.to_thread(app.apply_changes)
            failures = 0
            app.pulse.finish(name)
            tick = TICK if name == _FOLLOWING else TICK * app.slowdown
            wait = tick if due is None else min(max((due - app.clock()).total_seconds(), 0.2), tick)
        except (StoreUnusable, AlreadyRunning):
            raise
        except Exception as error:
            wait = wait_after(failures, is_outage=isinstance(error, StoreError))
            failures += 1
            app.pulse.fail(name)
            if isinstance(error, StoreError):  # each loop of each coalition has it: 1,000 would log 5,000 tracebacks
                OUTAGES.warning("the store cannot be used now, and is tried again: %s", error)
            else:
                until = stop
                log.exception("%s failed %d times in a row; retrying in %g s", name, failures, wait)
        await pause(until, wait)


async def keep_frontend_up(
    name: str, frontend: Frontend, leads: Leads, stop: asyncio.Event, ticks: Callable[[], float] = time.monotonic
) -> None:
    """Restart a front end that ends before the stop after a pause; alerts continue without it."""
    failures = 0
    while not stop.is_set():
        if frontend.single and not await _has_part(leads, name, unknown=False):
            await pause(stop, TICK)
            continue
        began = ticks()
        warn: Callable[..., None] = log.warning
        try:
            if await _run_frontend(name, frontend, leads, stop):
                continue
        except StoreError as error:  # each front end of each coalition has it
            warn = OUTAGES.warning
            log.debug("%s failed: %s", name, error)
        except CoalitionBotError as error:  # says why
            log.error("%s failed: %s", name, error)  # noqa: TRY400
        except Exception:
            log.exception("%s failed", name)
        if stop.is_set():
            return
        failures = 0 if ticks() - began > SOUND else failures
        wait = wait_after(failures)
        failures += 1
        warn("%s failed; retrying in %g s (attempt %d)", name, wait, failures)
        await pause(stop, wait)


async def _run_frontend(name: str, frontend: Frontend, leads: Leads, stop: asyncio.Event) -> bool:
    """Serve until the stop. Return whether it ended because another process has the front end's connection now."""
    if not frontend.single:
        await frontend.run(stop)
        return False
    ending = asyncio.Event()
    watching = asyncio.create_task(_end_when_lost(name, leads, stop, ending))
    try:
        await frontend.run(ending)
    finally:
        await cancel([watching])
    return ending.is_set() and not stop.is_set()


async def _end_when_lost(name: str, leads: Leads, stop: asyncio.Event, ending: asyncio.Event) -> None:
    """Set `ending` at the stop, or once another process has this front end's connection."""
    while not stop.is_set() and await _has_part(leads, name, unknown=True):
        await pause(stop, TICK)
    ending.set()


async def _has_part(leads: Leads, name: str, *, unknown: bool) -> bool:
    """Whether this process has that part of the work; `unknown` while the store cannot say."""
    try:
        return await asyncio.to_thread(leads, name)
    except (StoreError, AlreadyRunning) as error:
        log.debug("it is not known whether another process serves %s: %s", name, error)
        return unknown


def wait_after(failures: int, *, is_outage: bool = False) -> float:
    """Return after how many seconds to try again what had failed so often in a row before."""
    wait = AFTER_FAILURE[min(failures, len(AFTER_FAILURE) - 1)]
    return min(wait, LONGEST_OUTAGE_WAIT) if is_outage else wait


async def wait_for_end(stop: asyncio.Event, tasks: Iterable[asyncio.Task[None]]) -> None:
    """Return at the stop, or once one of the tasks has ended."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()


async def cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


_ARENA_MAX: Final = -8  # glibc's number: malloc.h
_TIDY: Final = 15.0  # seconds
_STARTED: Final = 5.0  # seconds until every task has begun
# Objects among which cycles are collected at once: 10,000 take 2 ms, those of a year's entries just read a second.
_FEW: Final = 50_000
_LATENESS: Final = 1.0  # seconds between two measurements


def stay_prompt() -> None:
    """Keep the event loop responsive while threads work: a chat request must be acknowledged at once."""
    gc.collect()
    gc.freeze()  # what was imported and built stays: scanning it again blocked the event loop for 50 ms
    # A full collection, with 15,000 entries just read, blocked it for a second, so run it less often.
    gc.set_threshold(700, 10, 1_000)
    # Seconds for which a busy thread may keep the others waiting; Python's default is 0.005.
    sys.setswitchinterval(0.0005)


def stay_small() -> None:
    """Let all threads allocate from one arena. In one of their own, glibc keeps most of what they free."""
    with suppress(AttributeError):  # other C libraries have no arenas
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def tidy() -> None:
    """Collect reference cycles, and give back what is free: by itself glibc returns only the end of its heap."""
    gc.collect()
    with suppress(AttributeError):  # other C libraries have no such function
        ctypes.CDLL(None).malloc_trim(0)


async def keep_tidy(stop: asyncio.Event) -> None:
    """Tidy up after the start, which leaves most, and every 15 s, but every 10 min while there are many objects."""
    for turn in count():
        await pause(stop, _TIDY if turn else _STARTED)
        if stop.is_set():
            return
        if turn % 40 == 0 or len(gc.get_objects(2)) < _FEW:
            tidy()


async def measure_lateness(app: App, stop: asyncio.Event) -> None:
    """Measure again and again how late the event loop wakes."""
    loop, seconds = asyncio.get_running_loop(), _LATENESS * app.slowdown
    while not stop.is_set():
        due = loop.time() + seconds
        await pause(stop, seconds)
        app.pulse.on_late(max(0.0, loop.time() - due))


async def pause(event: asyncio.Event, seconds: float) -> None:
    """Return when `event` is set, or after so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
