"""The program at work with an alert in its channel: what the journeys of a letter begin with, on any platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.alerts.intake import ingest
from bot.app import runtime
from bot.app.application import App
from bot.app.frontends import frontends
from bot.commands.model import Job, Role
from bot.people import records
from bot.people.model import Account, Person
from bot.shared.answer import Fetched, Health, Memory
from tests.kit.alerts import document
from tests.kit.own_coalition import own
from tests.scenario.kit import ROOT, Program, shipped

SOURCE = "register"
ALERT = document("2026-00001", "Finding: Gloves Are Produced With Forced Labor", comments_close_on=date(2027, 1, 12))


def program(folder: Path, to: str, settings: dict[str, Any], drafts: str = "anywhere") -> Program:
    """The shipped files, edited for a coalition, with one channel; the clock is this machine's."""
    base = shipped(folder, {}, {"policy": to})
    letters = base.coalition.letters.model_copy(update={"channel": "policy", "drafts": drafts})
    ours = own(base.coalition, letters=letters)
    return Program(folder, replace(base, coalition=ours, folder=ROOT), lambda: datetime.now(UTC), settings)  # type: ignore[arg-type]


def link(app: App, account: Account, name: str, *roles: Role, organisation: str | None = None) -> None:
    person = Person(id=app.new_id(), name=name, organisation=organisation, roles=frozenset(roles), accounts=(account,))
    with app.db.write() as tx:
        records.add(tx, person, by=None, now=app.clock())


def bring(app: App) -> None:
    """The alert comes, after a silent first look."""
    for brought in ((), (replace(ALERT, source=SOURCE),)):
        answer = Fetched(entries=brought, memory=Memory(first_success_at=app.clock()), health=Health.OK, detail="")
        with Job(app.db, app.config, app.clock(), app.new_id).write() as work:
            ingest(work, answer, SOURCE, due_at=app.clock(), press=app.press)


@asynccontextmanager
async def running(program_: Program) -> AsyncIterator[App]:
    """The bot as `coalition-bot run` has it, until the end of the test."""
    with program_.started() as app:
        work = asyncio.create_task(runtime.run(app, frontends(program_.environment(), app)))
        try:
            yield app
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


@dataclass
class Watch:
    """Waits for what a chat shows."""

    patience: float = 60.0

    async def until(self, look: Callable[[], Any]) -> Any:
        async with asyncio.timeout(self.patience):
            while not (parsed := await asyncio.to_thread(look)):  # noqa: ASYNC110 - the chat is another program
                await asyncio.sleep(0.05)
        return parsed
