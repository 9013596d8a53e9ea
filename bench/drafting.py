"""How long it takes from pressing Draft letter on an alert until the documents are in its thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from bench.measure import Figure, Round, Size, in_turn
from bot.app.application import App
from bot.commands.model import Call, Reply, Role
from bot.people.model import Account

_CHANNEL, _TEAM, _USER = "C0POLICY", "T0HOME", "U0ADA"
_PROMPT: Final = 3.0  # seconds
_FORM: Final = {"template": "business-accountability", "to": "office:homeland-security", "ask": "4"}


def drafting(size: Size) -> list[Figure]:
    """From the form to DOCX and PDF in the alert's thread in Slack, by the running program, started for each round."""
    seconds = in_turn({"ours": _drafted}, size.rounds, one_core=False)["ours"]
    return [
        Figure(
            what="from the form to DOCX and PDF in the alert's thread",
            unit="s",
            ours=seconds,
            rival="limit",
            theirs=[_PROMPT] * len(seconds),
            aim=1,
            less_is_better=True,
        )
    ]


@contextmanager
def _drafted() -> Iterator[Round]:
    logging.disable()  # nobody asks in Slack here, which is no news
    with asyncio.Runner() as runner:
        yield lambda: runner.run(_once())


async def _once() -> float:
    slack, journey = import_module("tests.peers.slack").SlackPeer(), import_module("tests.scenario.letter_journey")
    with TemporaryDirectory() as folder:
        async with slack.running() as url:
            settings = {"slack_api_url": url, "slack_bot_token": slack.token}
            program = journey.program(Path(folder), f"slack:{_CHANNEL}", settings)
            async with journey.running(program) as app:
                journey.link(app, Account("slack", _TEAM, _USER), "Ada", Role.POLICY)
                journey.bring(app)
                entry = app.db.read("SELECT id FROM entry")[0]["id"]
                return await _asked(app, journey.Watch(), slack, entry)


async def _asked(app: App, watch: Any, slack: Any, entry: str) -> float:
    await watch.until(lambda: slack.visible(_CHANNEL))  # the alert is there
    call = Call(
        path="letter draft", args=_FORM | {"entry": entry}, platform="slack", team=_TEAM, user=_USER, id="a form"
    )
    started = perf_counter()
    answer = await app.dispatcher.answer(call)
    assert isinstance(answer, Reply), answer
    await watch.until(lambda: slack.files(_CHANNEL)[1:])
    return perf_counter() - started
