"""The program while many people press Sign: in a child that the crash suite kills."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from bot.app.application import App, build
from bot.commands.model import Call, Refusal
from bot.config.settings import Settings
from tests.crash.program import Life
from tests.scenario.kit import tokens


@dataclass(frozen=True)
class Presses:
    """`calls` come at one moment; the program goes on posting until it is killed, or until nothing is left to say."""

    life: Life
    calls: tuple[Call, ...]


def child(presses: Presses, ready: Any) -> None:
    asyncio.run(live(presses, ready))


async def live(presses: Presses, ready: Any) -> None:
    life = presses.life
    settings = Settings(_env_file=None, database_url=life.database_url, **tokens(life.slack, life.discord))
    clock = lambda: datetime.fromtimestamp(time.time() + life.ahead, UTC)  # noqa: E731
    with build(settings, life.config, running="shared", out=StringIO(), clock=clock, pace=timedelta(0)) as app:
        ready.send(True)
        answers, _ = await asyncio.gather(
            asyncio.gather(*(app.dispatcher.answer(call) for call in presses.calls)), post(app)
        )
        assert not [each for each in answers if isinstance(each, Refusal)], answers
        await post(app)
        await app.close()


async def post(app: App) -> None:
    while True:
        await app.compose()
        report = await app.deliver_once()
        if not report.sent and (report.waiting_until is None or report.waiting_until > app.clock()):
            return
