"""Several running bots on one PostgreSQL: whatever fails and whichever are killed, each message is posted, once.

The clock of the bots and their peers goes faster than this machine's, so that sources are due every few seconds.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.address import address
from tests.crash.test_a1_program import Stage, World, staged
from tests.kit import stores

pytestmark = pytest.mark.long

WORKERS = 3
SPEED = 20  # a lease of 160 s lasts 8 s here: longer than any send to a loopback peer takes
KILLS = 3  # in a round
MOST_FILES = 100  # far more than a worker has open, unless it leaks
FAULTS = ("drop-before", "drop-after", "delay", "half", "500-after", "status", "429")
RESTARTS, CUTS = 0.03, 0.2  # of the moments before a kill: the server restarts, every connection is lost
PATIENCE = 300  # seconds within which all of a round is posted: a retry after several failures takes its time


class FastWorld(World):
    """Its clock goes `SPEED` times as fast until it is slowed down."""

    def __init__(self) -> None:
        super().__init__()
        self.speed, self.since = SPEED, time.time()

    def time(self) -> float:
        return time.time() + self.ahead + (self.speed - 1) * (time.time() - self.since)

    def slow_down(self) -> None:
        self.ahead, self.speed = self.time() - time.time(), 1


@pytest.fixture
async def stage(tmp_path, forks, monkeypatch):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    world = FastWorld()
    async with staged(tmp_path, forks, world, monkeypatch) as stage:
        often = {"every": timedelta(minutes=1), "between": None}
        config = stage.life.config
        sources = {id_: source.model_copy(update=often) for id_, source in config.feeds.sources.items()}
        feeds = config.feeds.model_copy(update={"sources": sources})
        stage.life = replace(stage.life, config=replace(config, feeds=feeds), speed=SPEED, since=world.since)
        assert await stage.run() == 0  # the silent baseline, and the greeting
        yield stage


async def campaign(stage: Stage, rounds: int) -> None:
    """In each round something is published, platforms fail, connections are cut and three workers are killed; those
    that are left post it. The first worker is never killed: it shows what a long life costs.
    """
    seed = int(os.environ.get("CRASH_SEED", time.time_ns() % 1_000_000))
    print(f"CRASH_SEED={seed}")  # noqa: T201 - pytest shows it when the campaign fails
    dice = random.Random(seed)
    workers = [stage.begin(later=0, worker=True) for _ in range(WORKERS)]
    sizes: list[tuple[int, int]] = []
    for number in range(rounds):
        stage.publish()
        for _ in range(KILLS):
            dice.choice(stage.chats).fail(dice.choice(FAULTS), times=1, seconds=0.3)
            await asyncio.sleep(dice.uniform(0, 2))
            await asyncio.to_thread(_trouble, stage.life.database_url, dice.random())
            victim = workers.pop(dice.randrange(1, WORKERS))
            victim.kill()
            await asyncio.to_thread(victim.join)
            workers.append(stage.begin(later=0, worker=True))
        async with asyncio.timeout(PATIENCE):
            while stage.amiss():  # noqa: ASYNC110 - the peers count, they do not call
                await asyncio.sleep(0.05)
        sizes.append(_size(workers[0].pid))
        print(f"round {number + 1}: {stage.posts()} posts, {sizes[-1][0] // 1024} MB, {sizes[-1][1]} open files")  # noqa: T201
    assert max(files for _, files in sizes) < MOST_FILES
    for worker in workers:
        worker.kill()
        await asyncio.to_thread(worker.join)
    stage.world.slow_down()
    stage.life = replace(stage.life, speed=1)
    await stage.settle()
    assert stage.amiss() == {}


def _trouble(url: str, luck: float) -> None:
    """Now and then cut every connection to the server, or restart it."""
    if luck < RESTARTS:
        stores.server().restart()
    elif luck < CUTS:
        with closing(address(url).open()) as database:
            database.read(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _size(pid: int | None) -> tuple[int, int]:
    """The resident memory of a process in KB, and the number of its open files."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (resident,) = re.findall(r"VmRSS:\s+(\d+) kB", status)
    return int(resident), len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.timeout(900)
async def test_a1_three_workers_that_are_killed_at_random_neither_lose_nor_repeat(stage):
    await campaign(stage, 5)


@pytest.mark.slow
@pytest.mark.timeout(0)
async def test_a1_a_soak_of_three_workers_neither_loses_nor_repeats(stage):
    await campaign(stage, int(os.environ.get("SOAK_ROUNDS", "30")))
