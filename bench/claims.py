"""Taking a message from the outbox and writing down that it was posted, on PostgreSQL, against two job queues.

One, two and four worker processes share the work. Each queue has a server that writes to its disk, and nothing to do
for each job. A process of pgqueuer has four workers that take ten jobs each, and one of procrastinate takes four at a
time. Ours share eight coalitions of five channels each, as a run does; a channel has one message under way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, cycle
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any, Final
from urllib.parse import quote

import procrastinate as library
import psycopg
from pgqueuer import PgQueuer
from pgqueuer.db import PsycopgDriver
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

from bench.measure import Figure, Round, Size, apart
from bench.outbox import message
from bench.postgres import postgres_server, schemas
from bot.app.runtime import WORKERS
from bot.outbox.deliver import Deliverer
from bot.outbox.model import Channel, Delivered, NotFound, Outcome, Outgoing, PostedMessage
from bot.outbox.records import enqueue
from bot.shared import journey
from bot.store import address, postgres

_PROCESSES: Final = (1, 2, 4)
_COALITIONS: Final = [f"coalition-{number}" for number in range(8)]
_CHANNELS: Final = {name: Channel(name, "console", "x") for name in (f"channel-{n}" for n in range(5))}
_AT_A_TIME: Final = 4
_BATCH: Final = 10


def claims(size: Size) -> list[Figure]:
    """Claim and done, both committed."""
    processes = _PROCESSES if size.share == 1 else (2,)  # to try whether it runs, one pair is enough
    return [figure for number in processes for figure in _claims_by(number, size)]


def _claims_by(processes: int, size: Size) -> list[Figure]:
    jobs = size.of(1_000)
    queues = {"ours": ours, "procrastinate": procrastinate, "pgqueuer": pgqueuer}
    with ExitStack() as opened:
        plays = {name: opened.enter_context(queue(jobs, processes)) for name, queue in queues.items()}
        rounds = [{name: play() for name, play in plays.items()} for _ in range(size.short.rounds + 1)]
    found = {name: [each[name] for each in rounds[1:]] for name in queues}  # the first one warms up
    what = f"claimed and done on PostgreSQL, {processes} worker{'s' if processes > 1 else ''}"
    return [
        Figure(what=what, unit="messages/s", ours=found["ours"], rival=rival, theirs=found[rival], aim=aim)
        for rival, aim in (("procrastinate", 4), ("pgqueuer", 1))
    ]


@contextmanager
def ours(jobs: int, processes: int) -> Iterator[Round]:
    """The deliverers themselves, without their pause of a second between two messages in a channel."""
    now, numbers = datetime.now(UTC), count()
    with postgres_server() as server:
        urls = [*map(schemas(server.database()), _COALITIONS)]
        quick = quote(" -csynchronous_commit=off")  # for what is not measured
        stores = {name: postgres.create(url + quick) for name, url in zip(_COALITIONS, urls, strict=True)}
        for name, db in stores.items():
            with db.write() as tx:
                address.take(tx, name, name, now)

        def fill() -> None:
            for at, db in enumerate(stores.values()):
                with db.write() as tx:
                    for channel, _ in zip(cycle(_CHANNELS), range(at, jobs, len(stores)), strict=False):
                        new = replace(message(next(numbers)), channel=channel)
                        enqueue(tx, new, new_id=lambda: f"{next(numbers):032}", now=now)

        with _working(_deliver, [urls[nth::processes] for nth in range(processes)]) as work:
            yield partial(_rate, jobs, fill, work)


async def _deliver(urls: Sequence[str]) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(WORKERS, "worker"))
    await asyncio.gather(*map(_deliver_one, urls))


async def _deliver_one(url: str) -> None:
    """Post all of one coalition."""
    db, refs = postgres.open_as_is(url), count()
    (coalition,) = db.read("SELECT id FROM coalition")
    with journey.serve(coalition["id"]):
        deliverer = Deliverer(
            db, {"console": _Nothing(refs)}, _CHANNELS, direct=lambda _: None, clock=lambda: datetime.now(UTC),
            new_id=lambda: f"{next(refs):032}", dice=lambda: 0.5, admin="channel-0", pace=timedelta(0),
        )  # fmt: skip
        while (await deliverer.run_once()).sent:
            pass
    assert not db.read("SELECT id FROM delivery WHERE state <> 'sent'")


class _Nothing:
    """A sender that has nothing to do."""

    platform = "console"
    deadline = None

    def __init__(self, refs: Iterator[int]) -> None:
        self._refs = refs

    async def send(self, outgoing: Outgoing) -> Outcome:  # noqa: ARG002
        return Delivered(str(next(self._refs)))

    async def edit(self, outgoing: Outgoing) -> Outcome:
        return await self.send(outgoing)

    async def find(self, outgoing: Outgoing) -> NotFound:  # noqa: ARG002
        return NotFound()

    async def read_history(self, channel: Channel, since: datetime) -> tuple[PostedMessage, ...]:  # noqa: ARG002
        return ()

    async def close(self) -> None: ...


@contextmanager
def procrastinate(jobs: int, processes: int) -> Iterator[Round]:
    with postgres_server() as server:
        url = server.database()

        async def fill() -> None:
            app = _application(url)
            async with app.open_async():
                if not await app.check_connection_async():
                    await app.schema_manager.apply_schema_async()
                await app.tasks["nothing"].batch_defer_async(*({} for _ in range(jobs)))

        with _working(_run_procrastinate, [[url]] * processes) as work:
            yield partial(_rate, jobs, lambda: asyncio.run(fill()), work)


async def _run_procrastinate(urls: Sequence[str]) -> None:
    app = _application(*urls)
    async with app.open_async():
        await app.run_worker_async(concurrency=_AT_A_TIME, wait=False, install_signal_handlers=False)


def _application(url: str) -> library.App:
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    app = library.App(connector=library.PsycopgConnector(conninfo=url))

    @app.task(name="nothing")
    async def nothing() -> None: ...

    return app


@contextmanager
def pgqueuer(jobs: int, processes: int) -> Iterator[Round]:
    with postgres_server() as server:
        url = server.database()

        async def fill() -> None:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
                queries = Queries(PsycopgDriver(conn))
                if not await queries.schema_is_installed():
                    await queries.install()
                await queries.enqueue(["nothing"] * jobs, [None] * jobs, [0] * jobs)

        with _working(_run_pgqueuer, [[url] * _AT_A_TIME] * processes) as work:
            yield partial(_rate, jobs, lambda: asyncio.run(fill()), work)


async def _run_pgqueuer(urls: Sequence[str]) -> None:
    logging.getLogger("pgqueuer").setLevel(logging.ERROR)

    async def worker(url: str) -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
            queue = PgQueuer(PsycopgDriver(conn))

            @queue.entrypoint("nothing")
            async def nothing(_: Any) -> None: ...

            await queue.run(mode=QueueExecutionMode.drain, batch_size=_BATCH)

    await asyncio.gather(*map(worker, urls))


@contextmanager
def _working(work: Callable[[Sequence[str]], Any], shares: Sequence[Sequence[str]]) -> Iterator[Callable[[], None]]:
    """A process for each of `shares`, and what makes them all work until nothing is left."""
    with ExitStack() as opened:
        lines = [opened.enter_context(apart(_work, work, share)) for share in shares]

        def run() -> None:
            try:
                for line in lines:
                    line.send(True)
                for line in lines:
                    line.recv()
            except (EOFError, OSError):
                raise RuntimeError("a worker failed: its traceback is above") from None

        yield run


def _work(line: Connection, work: Callable[[Sequence[str]], Any], share: Sequence[str]) -> None:
    while True:
        try:
            line.recv()
        except EOFError:
            return
        asyncio.run(work(share))
        line.send(True)


def _rate(jobs: int, fill: Callable[[], None], work: Callable[[], None]) -> float:
    fill()
    started = perf_counter()
    work()
    return jobs / (perf_counter() - started)
