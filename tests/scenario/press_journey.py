"""A press contact's morning, as the journeys on any platform begin it: a story in her channel, in two outlets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.alerts.intake import ingest
from bot.app.application import App
from bot.commands.model import Job
from bot.config.media import Spokesperson
from bot.shared.answer import Fetched, Health, Memory
from bot.shared.entry import Entry, Kind
from tests.kit.own_coalition import own
from tests.scenario.kit import ROOT, Program, shipped

TITLE = "Polaris fails to pass on trafficking tips, audit says"
TEXT = (
    "Polaris, a nonprofit that fights trafficking, fails to pass on one tip in five, an audit of its contract said on "
    "Monday, and lawmakers want to know why nobody noticed for years."
)
SPEAKS = "Maria Lopez"
SOURCE = "cbp-news"


class Later:
    """This machine's clock, which can be put ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def turn(self, **by: float) -> None:
        self._ahead += timedelta(**by)


def program(folder: Path, to: str, settings: dict[str, Any], clock: Callable[[], datetime]) -> Program:
    """The shipped files, edited for a coalition, with only the press channel and one spokesperson."""
    base = shipped(folder, {}, {"press": to})
    speaks = (Spokesperson(name=SPEAKS),)
    ours = own(base.coalition, spokespeople=speaks)
    return Program(folder, replace(base, coalition=ours, folder=ROOT), clock, settings)  # type: ignore[arg-type]


def bring(app: App, *outlets: str) -> None:
    """What a newsroom's feed brings, after a silent first look."""
    for brought in ((), tuple(_article(outlet) for outlet in outlets)):
        health = Health.OK if brought else Health.EMPTY_EXPECTED
        answer = Fetched(entries=brought, memory=Memory(first_success_at=app.clock()), health=health, detail="")
        with Job(app.db, app.config, app.clock(), app.new_id).write() as work:
            ingest(work, answer, SOURCE, due_at=app.clock(), press=app.press)


def _article(outlet: str) -> Entry:
    url = f"https://{outlet.lower()}.example/2026/11/{outlet.lower()}-tells-of-the-audit-of-tips"
    return Entry(source=SOURCE, kind=Kind.NEWS, identity=(f"url:{url[8:]}",), thread=f"url:{url[8:]}", title=TITLE,
                 url=url, summary=TEXT, outlet=outlet)  # fmt: skip
