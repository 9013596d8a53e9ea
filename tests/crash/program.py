"""The whole program, as the crash suite starts and kills it: in a child that knows only addresses and the time."""

from __future__ import annotations

import asyncio
import importlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import StringIO
from typing import Any

# Senders, and the reader of XML, are imported by the program when it needs one; the fork server has them ready.
import lxml.etree  # noqa: F401

import bot.chat.console.sender
import bot.chat.discord.sender
import bot.chat.mail.platform
import bot.chat.slack.sender
import bot.chat.webhook
import bot.shared.failpoint
from bot.app import runtime
from bot.app.application import build
from bot.app.frontends import frontends
from bot.app.several import common_frontends, open_all
from bot.config import installation
from bot.config.load import Config
from bot.config.settings import Settings
from bot.fetch.http import Limits
from bot.shared.calendar import business_day
from tests.scenario.kit import tokens

# The first question starts a process that lists the holidays: once for the fork server, in place of each fork.
business_day(date(2026, 1, 2))


def fast_time(speed: float, since: float) -> float:
    """The time of a clock that goes `speed` times as fast as this machine's from `since` on."""
    return time.time() + (speed - 1) * (time.time() - since)


class World:
    """The one clock of the program and its peers, whose `time` module it replaces; it starts at `start`."""

    monotonic = staticmethod(time.monotonic)

    def __init__(self, start: datetime, speed: float = 1) -> None:
        self.speed, self.since = speed, time.time()
        self.ahead = start.timestamp() - self.since

    def time(self) -> float:
        return fast_time(self.speed, self.since) + self.ahead


@dataclass(frozen=True)
class Life:
    """One start of the program. `ahead` is how far its clock is ahead of this machine's, in seconds, and `speed` how
    many times as fast it goes from `since` on. `jump`, in memory that processes share, moves it while it runs.

    It dies at the failpoint `die_at`, goes on until it is killed (`endless`), runs as one of several workers until it
    is killed (`worker`), or ends when nothing is due. `port`: a worker serves the web there.
    """

    database_url: str
    config: Config
    slack: str
    discord: str
    ahead: float
    die_at: str = ""
    endless: bool = False
    worker: bool = False
    port: int = 0
    speed: float = 1
    since: float = 0
    jump: Any = None  # multiprocessing's RawValue of seconds
    settings: Mapping[str, Any] = field(default_factory=dict)

    def time(self) -> float:
        jump = self.jump.value if self.jump else 0
        return fast_time(self.speed, self.since) + self.ahead + jump


@dataclass(frozen=True)
class SharedLife:
    """One start of the program for the coalitions of a folder, until it is killed. `port`: it serves the web there.

    `ahead`, `speed` and `since` as in `Life`.
    """

    folder: str
    environment: Mapping[str, str]
    ahead: float
    speed: float
    since: float
    port: int = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp(fast_time(self.speed, self.since) + self.ahead, UTC)


def shared_child(life: SharedLife) -> None:
    os.chdir(life.folder)
    os.environ.update(life.environment, WEB_BIND=f"127.0.0.1:{life.port}")
    coalitions = [(name, one, partial(_often, name, one)) for name, one in installation.all_settings().items()]
    quick: dict[str, Any] = {"limits": Limits(gap=0, per_host=20), "pace": timedelta(0), "out": StringIO()}
    if not life.port:
        os.nice(10)  # as the docs have it for workers on one host with web processes
    with open_all(coalitions, clock=life.now, works=not life.port, **quick) as tenants:
        asyncio.run(runtime.run_all(tenants, common_frontends(tenants) if life.port else {}))


def _often(name: str, settings: Settings) -> Config:
    """The files of a coalition, with sources that are asked every minute."""
    config = installation.files_of(name, settings)
    often = {"every": timedelta(minutes=1), "between": None}
    sources = {id_: source.model_copy(update=often) for id_, source in config.feeds.sources.items()}
    return replace(config, feeds=config.feeds.model_copy(update={"sources": sources}))


def child(life: Life) -> None:
    if life.die_at:
        os.environ["COALITION_BOT_FAILPOINT"] = life.die_at
        importlib.reload(bot.shared.failpoint)
    asyncio.run(live(life))


async def live(life: Life) -> None:
    addresses = tokens(life.slack, life.discord)
    if life.port:
        addresses |= {"web_url": f"http://127.0.0.1:{life.port}", "web_bind": f"127.0.0.1:{life.port}"}
    settings = Settings(_env_file=None, database_url=life.database_url, **addresses, **life.settings)
    with build(
        settings,
        life.config,
        running="shared",
        out=StringIO(),
        clock=lambda: datetime.fromtimestamp(life.time(), UTC),
        limits=Limits(gap=0, per_host=20),
        pace=timedelta(0),
    ) as app:
        if life.worker:
            faces = frontends(settings.model_copy(update={"discord_bot_token": None}), app) if life.port else {}
            await runtime.run(app, faces)
        await app.once()
        while life.endless:
            await app.once()
