"""The step that files comments, in a child that the crash suite kills."""

from __future__ import annotations

import asyncio
import importlib
import itertools
import os
from dataclasses import dataclass
from datetime import datetime

import bot.shared.failpoint
from bot.commands.model import Job
from bot.config.load import Config
from bot.deadlines.regulations_gov import RegulationsGov
from bot.fetch.http import Fetcher, Limits
from bot.letters.filing.sending import Filer
from bot.store.address import address
from tests.peers.regulations_gov import KEY


@dataclass(frozen=True)
class Life:
    """One start of the bot at `now`. It dies at the failpoint `die_at`, or ends when nothing is due."""

    database_url: str
    config: Config
    server: str
    now: datetime
    number: int
    die_at: str = ""


def child(life: Life) -> None:
    if life.die_at:
        os.environ["COALITION_BOT_FAILPOINT"] = life.die_at
        importlib.reload(bot.shared.failpoint)
    asyncio.run(live(life))


async def live(life: Life) -> None:
    db = address(life.database_url).open()
    ids = (f"{life.number:016x}{n:016x}" for n in itertools.count(1))
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0, seconds=5))
    client = RegulationsGov(fetcher, KEY, life.server)
    await Filer(lambda: Job(db, life.config, life.now, lambda: next(ids)), client).file_due()
    await fetcher.close()
    db.close()
