"""Several running bots on one PostgreSQL: whichever of them are killed, each message is posted, once.

The clock of the bots and their peers goes faster than this machine's, so that sources are due every few seconds.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import replace
from datetime import timedelta

import discord.http
import pytest

import tests.peers.discord
import tests.peers.slack
from bot.store.address import address
from tests.crash.test_a1_program import Stage, World
from tests.kit import stores
from tests.peers.discord import DiscordPeer
from tests.peers.feedserver import serving
from tests.peers.register import RegisterPeer
from tests.peers.slack import SlackPeer

pytestmark = pytest.mark.long

WORKERS = 3
SPEED = 20  # a lease of 160 s lasts 8 s here: longer than any send to a loopback peer takes
KILLS = 3  # in a round


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
    monkeypatch.setattr(tests.peers.slack, "time", world)
    monkeypatch.setattr(tests.peers.discord, "time", world)
    slack, discord_, base = SlackPeer(), DiscordPeer(), discord.http.Route.BASE
    async with (
        RegisterPeer() as register,
        serving() as feeds,
        slack.running() as slack_url,
        discord_.running() as discord_url,
    ):
        stage = Stage(tmp_path, forks, world, (register, feeds), (slack, discord_), (slack_url, discord_url))
        often = {"every": timedelta(minutes=1), "between": None}
        config = stage.life.config
        sources = {id_: source.model_copy(update=often) for id_, source in config.feeds.sources.items()}
        feeds_ = config.feeds.model_copy(update={"sources": sources})
        stage.life = replace(stage.life, config=replace(config, feeds=feeds_), speed=SPEED, since=world.since)
        assert await stage.run() == 0  # the silent baseline, and the greeting
        yield stage
    discord.http.Route.BASE = base


async def campaign(stage: Stage, rounds: int) -> None:
    """In each round something is published and three workers are killed; those that are left post it."""
    seed = int(os.environ.get("CRASH_SEED", time.time_ns() % 1_000_000))
    print(f"CRASH_SEED={seed}")  # noqa: T201 - pytest shows it when the campaign fails
    dice = random.Random(seed)
    database = address(stage.life.database_url).open()
    workers = [stage.begin(later=0, worker=True) for _ in range(WORKERS)]
    for _ in range(rounds):
        stage.publish()
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0, 2))
            if dice.random() < 0.2:
                _cut(database)
            victim = workers.pop(dice.randrange(WORKERS))
            victim.kill()
            await asyncio.to_thread(victim.join)
            workers.append(stage.begin(later=0, worker=True))
        async with asyncio.timeout(120):
            while stage.amiss():  # noqa: ASYNC110 - the peers count, they do not call
                await asyncio.sleep(0.05)
    for worker in workers:
        worker.kill()
        await asyncio.to_thread(worker.join)
    database.close()
    stage.world.slow_down()
    stage.life = replace(stage.life, speed=1)
    await stage.settle()
    assert stage.amiss() == {}


def _cut(database) -> None:
    """As when the server is restarted: every connection is lost."""
    database.read(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@pytest.mark.timeout(600)
async def test_a1_three_workers_that_are_killed_at_random_neither_lose_nor_repeat(stage):
    await campaign(stage, 5)


@pytest.mark.slow
@pytest.mark.timeout(10_800)
async def test_a1_three_workers_neither_lose_nor_repeat_over_a_thousand_kills(stage):
    await campaign(stage, 334)
