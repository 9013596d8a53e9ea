"""Taking a message from the outbox and writing down that it was said, on PostgreSQL, against two job queues.

All have a server that writes to its disk, four workers and nothing to do for each job.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from time import perf_counter
from typing import Any, Final

import procrastinate as library
import psycopg
from pgqueuer import PgQueuer
from pgqueuer.db import PsycopgDriver
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

from bench.measure import Figure, Round, Size, in_turn
from bench.outbox import message
from bot.alerts.records import ensure_coalition
from bot.outbox.model import Channel, State
from bot.outbox.records import Mark, claim, enqueue, record
from bot.store import postgres
from tests.peers.need import find
from tests.peers.postgres import Server

_WORKERS: Final = 4
_LEASE: Final = timedelta(minutes=1)


def claims(size: Size) -> list[Figure]:
    """Claim and done, each a commit."""
    if find("initdb") is None:
        raise RuntimeError("PostgreSQL's initdb is not here (Debian: apt-get install postgresql)")
    jobs = size.of(2_000)
    contestants = {
        "ours": partial(ours, jobs),
        "procrastinate": partial(procrastinate, jobs),
        "pgqueuer": partial(pgqueuer, jobs),
    }
    found = in_turn(contestants, size.short.rounds, one_core=False)
    return [
        Figure(what="claimed and done on PostgreSQL", unit="messages/s", ours=found["ours"], rival=rival,
               theirs=found[name], aim=aim)
        for name, rival, aim in (
            ("procrastinate", "procrastinate, four at a time", 4),
            ("pgqueuer", "pgqueuer, batches of ten", 0.5),
        )
    ]  # fmt: skip


@contextmanager
def ours(jobs: int) -> Iterator[Round]:
    """Each worker serves a channel of its own, as the deliverer does."""
    channels = [Channel(f"channel-{number}", "console", "x") for number in range(_WORKERS)]
    now, numbers, ids = datetime.now(UTC), count(), count()

    with _server() as server:
        db = postgres.create(server.database("ours"))
        with db.write() as tx:
            ensure_coalition(tx, "bench", "Bench", now)

        def fill() -> None:
            with db.write() as tx:
                for _ in range(jobs):
                    number = next(numbers)
                    new = replace(message(number), channel=channels[number % _WORKERS].name)
                    enqueue(tx, new, new_id=lambda: f"{next(ids):032}", now=now)

        def work(channel: Channel) -> int:
            done = 0
            known: dict[str, Any] = {"coalition_id": "bench", "now": now}
            while claimed := claim(db, channel, lease=_LEASE, token=f"{channel.name}", **known):
                done += record(db, claimed, Mark(state=State.SENT, due_at=now, ref="1"), channel=channel, **known)
            return done

        def play() -> float:
            fill()
            started = perf_counter()
            with ThreadPoolExecutor(_WORKERS) as pool:
                done = sum(pool.map(work, channels))
            assert done == jobs
            return jobs / (perf_counter() - started)

        yield play
        db.close()


@contextmanager
def procrastinate(jobs: int) -> Iterator[Round]:
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    with _server() as server:
        url = server.database("procrastinate")

        async def once() -> float:
            app = library.App(connector=library.PsycopgConnector(conninfo=url))

            @app.task(name="nothing")
            async def nothing() -> None: ...

            async with app.open_async():
                if not await app.check_connection_async():
                    await app.schema_manager.apply_schema_async()
                await nothing.batch_defer_async(*({} for _ in range(jobs)))
                started = perf_counter()
                await app.run_worker_async(concurrency=_WORKERS, wait=False, install_signal_handlers=False)
                return jobs / (perf_counter() - started)

        yield lambda: asyncio.run(once())


@contextmanager
def pgqueuer(jobs: int) -> Iterator[Round]:
    logging.getLogger("pgqueuer").setLevel(logging.ERROR)
    with _server() as server:
        url = server.database("pgqueuer")

        async def worker() -> None:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
                queue = PgQueuer(PsycopgDriver(conn))

                @queue.entrypoint("nothing")
                async def nothing(_: Any) -> None: ...

                await queue.run(mode=QueueExecutionMode.drain, batch_size=10)

        async def once() -> float:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
                queries = Queries(PsycopgDriver(conn))
                if not await queries.schema_is_installed():
                    await queries.install()
                await queries.enqueue(["nothing"] * jobs, [None] * jobs, [0] * jobs)
            started = perf_counter()
            await asyncio.gather(*(worker() for _ in range(_WORKERS)))
            return jobs / (perf_counter() - started)

        yield lambda: asyncio.run(once())


@contextmanager
def _server() -> Iterator[Server]:
    server = Server(lasting=True)
    try:
        yield server
    finally:
        server.stop()
