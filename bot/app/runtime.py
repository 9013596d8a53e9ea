"""The running bot: supervised loops for polling, delivering and composing, until it is stopped.

A loop that fails is logged, waits a little longer each time, and continues: one outage of a source, a disk or a chat
platform must not stop the bot. A store that cannot be used ends its coalition's part of the run, and the run if there
is no other; a store that another bot has taken over ends the run, because continuing could post a message twice.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import signal
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

from bot.app.application import App
from bot.app.process import keep_tidy, pause, stay_prompt, stay_small, take_pulse
from bot.config.logs import Throttle
from bot.shared import journey
from bot.shared.errors import CoalitionBotError
from bot.shared.fair_threads import FairThreads
from bot.store.database import Database, StoreError, StoreUnusable
from bot.store.lock import AlreadyRunning

log = logging.getLogger(__name__)
_OUTAGES: Final = Throttle(log, time.monotonic)

TICK: Final = 5.0  # seconds between two checks of what is due: what a poll brought should be posted soon
AFTER_FAILURE: Final = (1.0, 5.0, 30.0, 120.0, 600.0)
SOUND: Final = 600.0  # seconds; after a front end was up this long, its next failure counts as the first
GRACE: Final = 8.0  # seconds for running work after a stop; some hosts kill after 10

_WANTED: Final = 2.0  # seconds between two looks at which coalitions this process needs
_OPENING: Final = 2  # coalitions that are opened at once: the others' answers go on meanwhile
_FOLLOWING: Final = "deliver"  # where others post, this loop takes up what people change, for pages and answers
WORKERS: Final = 4  # threads of background work: each grows to some 8 MB, its connection included

Step = Callable[[], Awaitable[datetime | None]]
Leads = Callable[[str], bool]


class Frontend(Protocol):
    """A chat front end; it keeps its connection up and returns after a stop.

    `single`: of several processes on one store only one may have its connection.
    """

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

    def wanted(self) -> bool:
        return True

    def is_changed(self) -> bool:
        return False  # its loops look every few seconds

    def leads(self, part: str) -> bool:
        return self.app.leads(part)

    def open(self) -> Served:
        return self


class Servable(Protocol):
    """What a run serves: a coalition's bot, or one of several that is opened when it is needed."""

    @property
    def name(self) -> str: ...

    def wanted(self) -> bool:
        """Whether this process needs the bot. Raises `StoreError`, `AlreadyRunning`."""

    def is_changed(self) -> bool:
        """Whether there may be new work, for the loops to look at once. Raises `StoreError`, `AlreadyRunning`."""

    @property
    def app(self) -> App | None:
        """The bot, if it has been opened."""

    def leads(self, part: str) -> bool:
        """Whether this process does that part of the coalition's work now. Raises `StoreError`, `AlreadyRunning`."""

    def open(self) -> Served:
        """Return the bot, opened once. Raises a `CoalitionBotError` while that is not possible."""


async def run(app: App, frontends: Mapping[str, Frontend] = MappingProxyType({})) -> None:
    """Serve one coalition; see `run_all`."""
    await run_all([Served(app, frontends)])


async def run_all(coalitions: Sequence[Servable], common: Mapping[str, Frontend] = MappingProxyType({})) -> None:
    """Serve coalitions until SIGINT or SIGTERM. `common`: front ends of several, such as their one web site.

    Raises the error of the last coalition when none can be served any more, `AlreadyRunning` when another bot has taken
    a store over.
    """
    stay_small()
    stay_prompt()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Python's default is four more than the cores: on a large machine the bot would need hundreds of megabytes.
    several = len(coalitions) > 1
    loop.set_default_executor(
        FairThreads(WORKERS, "worker") if several else ThreadPoolExecutor(WORKERS, thread_name_prefix="worker")
    )

    def stop_by_signal() -> None:
        log.info("stopping after the messages now being sent")
        stop.set()

    for each_signal in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each_signal, stop_by_signal)
    usable = {each.name: each for each in coalitions}

    def leads(part: str) -> bool:
        return next(iter(usable.values()), coalitions[0]).leads(part)

    tasks = [asyncio.create_task(keep_tidy(stop), name="tidy")]
    tasks += [
        asyncio.create_task(_keep_frontend_up(name, frontend, leads, stop), name=name)
        for name, frontend in common.items()
    ]
    serving = asyncio.create_task(_serve_wanted(coalitions, usable, stop), name="serve")
    tasks.append(serving)
    try:
        await _wait_for_end(stop, tasks)
        stop.set()
        await asyncio.wait(tasks, timeout=GRACE)
        await asyncio.wait({serving})  # each coalition has ended its work by then
        _raise_first(tasks)
    finally:
        stop.set()  # a front end whose library swallows the cancellation ends by this
        await _cancel(tasks)


async def _serve_wanted(coalitions: Sequence[Servable], usable: dict[str, Servable], stop: asyncio.Event) -> None:
    """Serve each coalition from when it is wanted, until the stop. Raises the error that ends one of them.

    `usable`: those that can be served.
    """
    unwanted = {each.name: each for each in coalitions}
    opening, back = asyncio.Semaphore(_OPENING), asyncio.Event()
    parts: list[asyncio.Task[None]] = []
    is_away = False
    try:
        while not stop.is_set():
            in_use = [each for each in usable.values() if each.name not in unwanted]
            was_away = is_away
            wanted, changed, is_away = await asyncio.to_thread(_look_around, list(unwanted.values()), in_use)
            if is_back := was_away and not is_away:
                back.set()
                back.clear()
            for each in in_use if is_back else changed:  # loops that failed wait up to minutes
                if each.app:
                    each.app.wake()
            random.shuffle(wanted)  # where processes end again and again, none is always the last to be opened
            for each in wanted:
                del unwanted[each.name]
                parts.append(asyncio.create_task(_keep_serving(each, usable, opening, back, stop), name=each.name))
            await _wait_for_end(stop, parts, _WANTED)
            if stop.is_set() or any(part.done() for part in parts):
                break
        stop.set()
        back.set()
        if parts:
            await asyncio.wait(parts)
        _raise_first(parts)
    finally:
        await _cancel(parts)


def _look_around(
    unwanted: Iterable[Servable], in_use: Iterable[Servable]
) -> tuple[list[Servable], list[Servable], bool]:
    """Return which of the unwanted this process needs now, which of those in use may have new work, and whether the
    database is away, so that neither is complete.

    Those whose store cannot be used are needed, because opening them says why.
    """
    wanted, changed, is_away = [], [], False
    try:
        for each in unwanted:
            with suppress(StoreUnusable):
                if not each.wanted():
                    continue
            wanted.append(each)
        changed += [each for each in in_use if each.is_changed()]
    except StoreUnusable:
        pass  # each loop of that coalition says so
    except StoreError as error:
        is_away = True
        _OUTAGES.warning("the database cannot be asked which coalitions other processes serve: %s", error)
    return wanted, changed, is_away


async def _keep_serving(
    coalition: Servable,
    usable: dict[str, Servable],
    opening: asyncio.Semaphore,
    back: asyncio.Event,
    stop: asyncio.Event,
) -> None:
    """Open a coalition and serve it. When its store is lost and others are in use, start again once it can be used."""
    with journey.serve(coalition.name):
        if (served := await _open(coalition, usable, opening, back, stop)) is None:
            return
        while not stop.is_set():
            why = ""
            try:
                await _serve_until_lost(served, stop)
            except StoreUnusable as error:
                usable.pop(served.name, None)
                if not usable or not served.app.reopening:
                    raise
                why = str(error)  # the error itself would keep open the connection that raised it
            if why:
                log.critical("stopped for this coalition, because its store cannot be used: %s", why)
                await _reopen(served.app, why, stop)
                usable[served.name] = coalition


async def _open(
    coalition: Servable,
    usable: dict[str, Servable],
    opening: asyncio.Semaphore,
    back: asyncio.Event,
    stop: asyncio.Event,
) -> Served | None:
    """Return the opened bot; None if the run stops before its files and its store can be used.

    What failed is tried again after a while, or when `back` says that the database was away and is back. Raises why
    not, if no other coalition can be served.
    """
    failures = 0
    while not stop.is_set():
        try:
            async with opening:
                if stop.is_set():
                    break
                served = await asyncio.to_thread(coalition.open)
        except Exception as error:  # whatever one coalition's files or store fail with must not end the others' run
            usable.pop(coalition.name, None)
            if not usable:
                raise
            wait = _wait_after(failures)
            failures += 1
            is_outage = isinstance(error, StoreError) and not isinstance(error, StoreUnusable)
            if is_outage:  # all of them have it
                _OUTAGES.warning("this coalition cannot be opened now, and is tried again: %s", error)
            else:
                unforeseen = None if isinstance(error, CoalitionBotError) else error
                level = logging.CRITICAL if failures == 1 else logging.WARNING
                what = "this coalition cannot be served (attempt %d; again in %g s): %s"
                log.log(level, what, failures, wait, error, exc_info=unforeseen)
        else:
            if failures:
                log.info("this coalition can be served again")
            usable[coalition.name] = coalition
            return served
        await pause(back, wait)
    return None


async def _reopen(app: App, why: str, stop: asyncio.Event) -> None:
    """Return when the store can be used again, or at the stop. `why`: it cannot be used now."""
    await asyncio.to_thread(app.release_store, why)
    gc.collect()  # ended tasks may still have the error, and a repaired file cannot be opened with the old one's -shm
    failures = 0
    while not stop.is_set():
        wait = _wait_after(failures)
        await pause(stop, wait)
        try:
            await asyncio.to_thread(app.reopen_store)
        except Exception as error:  # whatever a store restored by hand fails with must not end the others' run
            failures += 1
            unforeseen = None if isinstance(error, CoalitionBotError) else error
            log.warning("the store cannot be used yet (attempt %d): %s", failures, str(error), exc_info=unforeseen)
        else:
            log.info("the store can be used again: starting for this coalition")
            return


async def _serve_until_lost(served: Served, stop: asyncio.Event) -> None:
    """Run the loops and front ends of one coalition until the stop. Raises the error that ends one of them."""
    ending = asyncio.Event()
    awake = {name: asyncio.Event() for name in ("poll", "deliver", "compose", "look", "make")}
    tasks = _start_tasks(served, ending, awake)
    try:
        await _wait_for_end(stop, tasks)
        for each in (ending, *awake.values()):
            each.set()
        served.app.stop()
        await asyncio.wait(tasks, timeout=GRACE)
        _raise_first(tasks)
    finally:
        ending.set()
        await _cancel(tasks)
        await served.app.close()


def _raise_first(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error


def _start_tasks(served: Served, stop: asyncio.Event, awake: Mapping[str, asyncio.Event]) -> list[asyncio.Task[None]]:
    """Start the supervised loops and the front ends of one coalition, and the measuring of lateness."""
    app = served.app
    log.info(app.what_it_watches() if served.works else "serving the web site; another process must watch and post")

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
        asyncio.create_task(_keep_frontend_up(name, frontend, app.leads, stop), name=name)
        for name, frontend in served.frontends.items()
    ]
    tasks.append(asyncio.create_task(take_pulse(app, stop), name="pulse"))
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
            tick = TICK * app.slowdown()
            wait = tick if due is None else min(max((due - app.clock()).total_seconds(), 0.2), tick)
        except (StoreUnusable, AlreadyRunning):
            raise
        except Exception as error:
            wait = _wait_after(failures)
            failures += 1
            app.pulse.fail(name, error)
            if isinstance(error, StoreError):  # each loop of each coalition has it: 1,000 would log 5,000 tracebacks
                _OUTAGES.warning("the store cannot be used now, and is tried again: %s", error)
            else:
                until = stop
                log.exception("%s failed %d times in a row; retrying in %g s", name, failures, wait)
        await pause(until, wait)


async def _keep_frontend_up(
    name: str,
    frontend: Frontend,
    leads: Leads,
    stop: asyncio.Event,
    ticks: Callable[[], float] = time.monotonic,
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
            warn = _OUTAGES.warning
            log.debug("%s failed: %s", name, error)
        except CoalitionBotError as error:  # says why
            log.error("%s failed: %s", name, error)  # noqa: TRY400
        except Exception:
            log.exception("%s failed", name)
        if stop.is_set():
            return
        failures = 0 if ticks() - began > SOUND else failures
        wait = _wait_after(failures)
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
        await _cancel([watching])
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


def _wait_after(failures: int) -> float:
    """Return after how many seconds to try again what had failed so often in a row before."""
    return AFTER_FAILURE[min(failures, len(AFTER_FAILURE) - 1)]


async def _wait_for_end(stop: asyncio.Event, tasks: Iterable[asyncio.Task[None]], seconds: float | None = None) -> None:
    """Return at the stop, once one of the tasks has ended, or after so many seconds."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({stopped, *tasks}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
