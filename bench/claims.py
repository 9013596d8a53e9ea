"""Taking a message from the outbox and writing down that it was said, on PostgreSQL, against two job queues.

All have a server that writes to its disk, and nothing to do for each job. pgqueuer has four workers that take ten jobs
each; procrastinate takes one at a time for each of four or of forty, whichever is faster; ours is the one deliverer
that a bot has, over forty channels of which each has one message under way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, cycle
from time import perf_counter
from typing import Any, Final

import procrastinate as library
import psycopg
from pgqueuer import PgQueuer
from pgqueuer.db import PsycopgDriver
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

from bench.measure import Figure, Round, Size, better, in_turn
from bench.outbox import message
from bot.entries.records import ensure_coalition
from bot.outbox.deliver import Deliverer
from bot.outbox.model import Channel, Delivered, NotFound, Outcome, Outgoing, PostedMessage
from bot.outbox.records import enqueue
from bot.store import postgres
from tests.peers.need import find
from tests.peers.postgres import Server

_WORKERS: Final = 4
_BATCH: Final = 10


def claims(size: Size) -> list[Figure]:
    """Claim and done, both committed."""
    if find("initdb") is None:
        raise RuntimeError("PostgreSQL's initdb is not here (Debian: apt-get install postgresql)")
    jobs = size.of(2_000)
    contestants = {
        "ours": partial(ours, jobs),
        "procrastinate, four at a time": partial(procrastinate, jobs, _WORKERS),
        "procrastinate, forty at a time": partial(procrastinate, jobs, _WORKERS * _BATCH),
        "pgqueuer, batches of ten": partial(pgqueuer, jobs),
    }
    found = in_turn(contestants, size.short.rounds, one_core=False)
    one_by_one = better(found, *(name for name in contestants if name.startswith("procrastinate")))
    return [
        Figure(what="claimed and done on PostgreSQL", unit="messages/s", ours=found["ours"], rival=rival,
               theirs=found[rival], aim=aim)
        for rival, aim in ((one_by_one, 4), ("pgqueuer, batches of ten", 0.5))
    ]  # fmt: skip


@contextmanager
def ours(jobs: int) -> Iterator[Round]:
    """The deliverer itself, without its pause of a second between two messages in a channel."""
    channels = {name: Channel(name, "console", "x") for name in (f"channel-{n}" for n in range(_WORKERS * _BATCH))}
    now, numbers, ids, said = datetime.now(UTC), count(), count(), count()

    with _server() as server:
        db = postgres.create(server.database("ours"))
        with db.write() as tx:
            ensure_coalition(tx, "bench", "Bench", now)

        def fill() -> None:
            with db.write() as tx:
                for name, _ in zip(cycle(channels), range(jobs), strict=False):
                    enqueue(tx, replace(message(next(numbers)), channel=name), new_id=new_id, now=now)

        def new_id() -> str:
            return f"{next(ids):032}"

        async def deliver() -> int:
            deliverer = Deliverer(
                db, {"console": _Nothing(said)}, channels, direct=lambda _: None, clock=lambda: datetime.now(UTC),
                new_id=new_id, dice=lambda: 0.5, coalition_id="bench", admin="channel-0", pace=timedelta(0),
            )  # fmt: skip
            done = 0
            while sent := (await deliverer.run_once()).sent:
                done += sent
            return done

        def play() -> float:
            fill()
            started = perf_counter()
            done = asyncio.run(deliver())
            assert done == jobs
            return jobs / (perf_counter() - started)

        yield play
        db.close()


class _Nothing:
    """A sender that has nothing to do."""

    platform = "console"
    deadline = None

    def __init__(self, said: Iterator[int]) -> None:
        self._said = said

    async def send(self, outgoing: Outgoing) -> Outcome:  # noqa: ARG002
        return Delivered(str(next(self._said)))

    async def edit(self, outgoing: Outgoing) -> Outcome:
        return await self.send(outgoing)

    async def find(self, outgoing: Outgoing) -> NotFound:  # noqa: ARG002
        return NotFound()

    async def read_history(self, channel: Channel, since: datetime) -> tuple[PostedMessage, ...]:  # noqa: ARG002
        return ()

    async def close(self) -> None: ...


@contextmanager
def procrastinate(jobs: int, at_a_time: int) -> Iterator[Round]:
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
                await app.run_worker_async(concurrency=at_a_time, wait=False, install_signal_handlers=False)
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

                await queue.run(mode=QueueExecutionMode.drain, batch_size=_BATCH)

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
