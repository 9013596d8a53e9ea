"""The running bot: one coalition, or several, until it is stopped.

A store that cannot be used ends its coalition's part of the run, and the run if there is no other; a store that another
bot has taken over ends the run, because continuing could post a message twice.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Final, Protocol

from bot.app.application import App
from bot.app.loops import (
    GRACE,
    OUTAGES,
    Frontend,
    Served,
    cancel,
    keep_frontend_up,
    keep_tidy,
    pause,
    raise_first,
    serve_until_lost,
    stay_prompt,
    stay_small,
    wait_after,
    wait_for_end,
)
from bot.shared import journey
from bot.shared.errors import CoalitionBotError
from bot.store.database import StoreError, StoreUnusable

log = logging.getLogger(__name__)

_OPENING: Final = 2  # coalitions that are opened at once: the others' answers go on meanwhile
WORKERS: Final = 4  # threads of background work: each grows to some 8 MB, its connection included


class Servable(Protocol):
    """What a run serves: a coalition's bot, or one of several that has to be opened."""

    @property
    def name(self) -> str: ...

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
    loop.set_default_executor(ThreadPoolExecutor(WORKERS, thread_name_prefix="worker"))

    def stop_by_signal() -> None:
        log.info("stopping after the messages now being sent")
        stop.set()

    for each_signal in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each_signal, stop_by_signal)
    serving = _Serving(coalitions, stop)
    tasks = [asyncio.create_task(keep_tidy(stop), name="tidy")]
    tasks += [
        asyncio.create_task(keep_frontend_up(name, frontend, serving.leads, stop), name=name)
        for name, frontend in common.items()
    ]
    serve = asyncio.create_task(serving.run(), name="serve")
    tasks.append(serve)
    try:
        await wait_for_end(stop, tasks)
        stop.set()
        await asyncio.wait(tasks, timeout=GRACE)
        await asyncio.wait({serve})  # each coalition has ended its work by then
        raise_first(tasks)
    finally:
        stop.set()  # a front end whose library swallows the cancellation ends by this
        await cancel(tasks)


class _Serving:
    """Serves the coalitions until the stop."""

    def __init__(self, coalitions: Sequence[Servable], stop: asyncio.Event) -> None:
        self._coalitions = coalitions
        self._usable = {coalition.name: coalition for coalition in coalitions}  # those that can be served
        self._opening = asyncio.Semaphore(_OPENING)
        self._stop = stop

    def leads(self, part: str) -> bool:
        """Whether this process does a part of the work that is for all of them."""
        return next(iter(self._usable.values()), self._coalitions[0]).leads(part)

    async def run(self) -> None:
        """Serve each coalition. Raises the error that ends one of them."""
        parts = [asyncio.create_task(self._keep_serving(each), name=each.name) for each in self._coalitions]
        try:
            await wait_for_end(self._stop, parts)
            self._stop.set()
            await asyncio.wait(parts)
            raise_first(parts)
        finally:
            await cancel(parts)

    async def _keep_serving(self, coalition: Servable) -> None:
        """Open a coalition and serve it. If its store is lost and others are in use, go on once it can be used."""
        with journey.serve(coalition.name):
            if (served := await self._open(coalition)) is None:
                return
            while not self._stop.is_set():
                why = ""
                try:
                    await serve_until_lost(served, self._stop)
                except StoreUnusable as error:
                    self._usable.pop(served.name, None)
                    if not self._usable or not served.app.reopening:
                        raise
                    why = str(error)  # the error itself would keep open the connection that raised it
                if why:
                    await _reopen(served.app, why, self._stop)
                    self._usable[served.name] = coalition

    async def _open(self, coalition: Servable) -> Served | None:
        """Return the opened bot; None if the run stops before its files and its store can be used.

        What failed is tried again after a while. Raises why not, if no other coalition can be served.
        """
        failures = 0
        while not self._stop.is_set():
            try:
                async with self._opening:
                    if self._stop.is_set():
                        break
                    served = await asyncio.to_thread(coalition.open)
            except Exception as error:  # whatever one coalition's files or store fail with must not end the others' run
                self._usable.pop(coalition.name, None)
                if not self._usable:
                    raise
                is_outage = isinstance(error, StoreError) and not isinstance(error, StoreUnusable)
                wait = wait_after(failures, is_outage=is_outage)
                failures += 1
                if is_outage:  # all of them have it
                    OUTAGES.warning("this coalition cannot be opened now, and is tried again: %s", error)
                else:
                    unforeseen = None if isinstance(error, CoalitionBotError) else error
                    level = logging.CRITICAL if failures == 1 else logging.WARNING
                    what = "this coalition cannot be served (attempt %d; again in %g s): %s"
                    log.log(level, what, failures, wait, error, exc_info=unforeseen)
            else:
                if failures:
                    log.info("this coalition can be served again")
                self._usable[coalition.name] = coalition
                return served
            await pause(self._stop, wait)
        return None


async def _reopen(app: App, why: str, stop: asyncio.Event) -> None:
    """Return when the store can be used again, or at the stop. `why`: it cannot be used now."""
    await asyncio.to_thread(app.release_store, why)
    log.critical("stopped for this coalition, because its store cannot be used: %s", why)
    failures = 0
    while not stop.is_set():
        await pause(stop, wait_after(failures))
        # An ended task or thread may still have the error, and so a connection: while one is open, a file that was
        # repaired in place is read with the old one's -shm, which ends in "disk I/O error".
        gc.collect()
        try:
            await asyncio.to_thread(app.reopen_store)
        except Exception as error:  # whatever a store restored by hand fails with must not end the others' run
            failures += 1
            unforeseen = None if isinstance(error, CoalitionBotError) else error
            log.warning("the store cannot be used yet (attempt %d): %s", failures, str(error), exc_info=unforeseen)
        else:
            log.info("the store can be used again: starting for this coalition")
            return
