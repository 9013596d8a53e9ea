"""The whole program, as the crash suite starts and kills it: in a child that knows only addresses and the time."""

from __future__ import annotations

import asyncio
import importlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

# The senders are imported by the program when a channel needs one; here the fork server has them ready.
import bot.chat.console.sender
import bot.chat.discord.sender
import bot.chat.mail.sender
import bot.chat.slack.sender
import bot.chat.webhook.platform
import bot.shared.failpoint
from bot.app import runtime
from bot.app.application import build
from bot.config.load import Config
from bot.config.settings import Settings
from bot.sources.fetch.http import Limits
from tests.scenario.kit import tokens


@dataclass(frozen=True)
class Life:
    """One start of the program. `ahead` is how far its clock is ahead of this machine's, in seconds, and `speed` how
    many times as fast it goes from `since` on. `jump`, in memory that processes share, moves it while it runs.

    It dies at the failpoint `die_at`, goes on until it is killed (`endless`), runs as one of several workers until it
    is killed (`worker`), or ends when nothing is due.
    """

    database_url: str
    config: Config
    slack: str
    discord: str
    ahead: float
    die_at: str = ""
    endless: bool = False
    worker: bool = False
    speed: float = 1
    since: float = 0
    jump: Any = None  # multiprocessing's RawValue of seconds
    settings: Mapping[str, Any] = field(default_factory=dict)

    def time(self) -> float:
        jump = self.jump.value if self.jump else 0
        return time.time() + self.ahead + (self.speed - 1) * (time.time() - self.since) + jump


def child(life: Life) -> None:
    if life.die_at:
        os.environ["COALITION_BOT_FAILPOINT"] = life.die_at
        importlib.reload(bot.shared.failpoint)
    asyncio.run(live(life))


async def live(life: Life) -> None:
    addresses = tokens(life.slack, life.discord)
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
            await runtime.run(app)
        await app.once()
        while life.endless:
            await app.once()
