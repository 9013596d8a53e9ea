"""The narrated run behind `make demo`: a week of replayed sources through the real program, and a crash."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from bot.alerts import records, words
from bot.app import App
from bot.calendar import business_day, day_in_words
from bot.config.feeds import SourceKind
from bot.demo import held_back, replay, setup
from bot.demo.crash import LATER, Crash, crash
from bot.demo.replay import EASTERN, Week
from bot.demo.server import ReplayServer
from bot.poll import Polled, PollReport
from bot.sources.model import Health
from bot.store import sqlite

_WIDTH: Final = 100  # of a line where there is no terminal to ask
_FRIDAY: Final = datetime(2026, 1, 16, 17, 0, tzinfo=EASTERN)  # the first look
_LOOKS: Final = (
    datetime(2026, 1, 19, 12, 0, tzinfo=EASTERN),
    datetime(2026, 1, 20, 9, 15, tzinfo=EASTERN),
    datetime(2026, 1, 21, 9, 15, tzinfo=EASTERN),
    datetime(2026, 1, 22, 9, 15, tzinfo=EASTERN),
    datetime(2026, 1, 23, 18, 15, tzinfo=EASTERN),
)
_MONDAY: Final = datetime(2026, 1, 26, 8, 35, tzinfo=EASTERN)  # the digest is due at 08:30
_AGAIN: Final = datetime(2026, 1, 26, 8, 50, tzinfo=EASTERN)


def run() -> int:
    """The whole demo on standard output. 0, or 1 when the crash lost or repeated something."""
    began = time.monotonic()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    with TemporaryDirectory(prefix="coalition-bot-demo-") as folder:
        told = asyncio.run(_tour(console, Path(folder)))
    console.print(f"[dim]The demo took {time.monotonic() - began:.1f} s; its database is gone with it.[/]")
    return 1 if told.lost or told.repeated else 0


@dataclass(slots=True)
class _Tour:
    """Who tells, of what, at which time of the replayed week."""

    console: Console
    week: Week
    now: datetime  # UTC
    renewed: set[str] = field(default_factory=set)  # sources that wrote something anew without anything new in it

    def clock(self) -> datetime:
        return self.now

    def act(self, title: str) -> None:
        self.console.print()
        self.console.rule(f"[bold]{title}[/]", align="left")
        self.console.print()

    def say(self, text: str) -> None:
        self.console.print(text)


async def _tour(console: Console, folder: Path) -> Crash:
    tour = _Tour(console, replay.load(), _FRIDAY.astimezone(UTC))
    database, monday = folder / "demo.db", folder / "monday.db"
    sqlite.create(database).close()
    async with ReplayServer(tour.week, tour.clock) as base:
        config = setup.config(tour.week, base)
        with setup.open_app(config, database, clock=tour.clock, out=sys.stdout) as app:
            _open_the_curtain(tour)
            await _first_look(tour, app)
            await _the_week(tour, app, monday)
            _held_back(tour, app)
            await _digest(tour, app)
            await _again(tour, app)
            await app.close()
        told = await _crash(tour, monday, base)
    _next(tour)
    return told


def _open_the_curtain(tour: _Tour) -> None:
    tour.say("[bold]coalition-bot[/]: the main job on a replayed week, 16 to 26 January 2026. No network, no token.")
    tour.say("The program, its watches and its texts are the real ones. What is marked (demo) is invented.")


async def _first_look(tour: _Tour, app: App) -> None:
    tour.act("1. The first look is silent")
    await _look(tour, app, _FRIDAY)
    tour.say("What was there before is taken in and judged, not posted. Each channel is greeted once:\n")
    await asyncio.to_thread(app.compose_now)
    await app.deliver_once()


async def _the_week(tour: _Tour, app: App, monday: Path) -> None:
    tour.act("2. The week, as the channels see it")
    for moment in _LOOKS:
        await _look(tour, app, moment)
        if not business_day(moment.date()):
            tour.say("A federal holiday: no issue of the Register, and none is missed.")
        tour.say("")
        await app.deliver_once()
        if moment is _LOOKS[0]:
            app.db.backup(str(monday))  # the crash will start from here


async def _look(tour: _Tour, app: App, moment: datetime) -> PollReport:
    """Move the clock, ask every source, and say in a line what that came to."""
    tour.now = moment.astimezone(UTC)
    with tour.console.status(f"{moment:%A}: asking the sources …"):
        report = await app.poll_once()
    taken = [polled.intake for polled in report.polled if polled.intake]
    quiet = sum(polled.health is Health.UNCHANGED for polled in report.polled)
    counts = (
        (report.new, "new item", "new items"),
        (sum(intake.messages for intake in taken), "message to post", "messages to post"),
        (sum(intake.lines for intake in taken), "line for the digest", "lines for the digest"),
    )
    what = ", ".join(words.number(*count) for count in counts if count[0]) or "nothing new"
    asked = f"{words.number(len(report.polled), 'source')} asked" + (f", {quiet} unchanged" if quiet else "")
    tour.say(f"[bold]{day_in_words(moment.date())}, {moment:%H:%M}[/] · {asked}: {what}")
    tour.renewed |= {polled.name for polled in report.polled if _renewed(polled, app)}
    return report


def _renewed(polled: Polled, app: App) -> bool:
    """Whether a bill's record was written anew without a new step in it, as happens for months after a law."""
    took = polled.intake
    of_bills = app.config.feeds.sources[polled.source].kind is SourceKind.BILL_STATUS
    return of_bills and took is not None and not took.new and not took.baseline


def _held_back(tour: _Tour, app: App) -> None:
    tour.act("3. What was held back, and why")
    held_back.tell(tour.console, app, tour.week, _FRIDAY.astimezone(UTC), sorted(tour.renewed))


async def _digest(tour: _Tour, app: App) -> None:
    tour.act("4. The digest")
    await _look(tour, app, _MONDAY)
    tour.say("There is one on every business day; the demo let them wait, so that one tells the whole week.\n")
    await asyncio.to_thread(app.compose_now)
    await app.deliver_once()


async def _again(tour: _Tour, app: App) -> None:
    tour.act("5. Asked again")
    before = max(it.first_seen_at for it in records.seen_since(app.db, _FRIDAY.astimezone(UTC)))
    report = await _look(tour, app, _AGAIN)
    sent = (await app.deliver_once()).sent
    if not report.new and not sent:
        tour.say(f"\nNothing new since {words.clock(before, app.house.zone, tour.now)}, and nothing was said twice.")


async def _crash(tour: _Tour, database: Path, base: str) -> Crash:
    tour.act("6. Killed at the worst moment")
    moment = _LOOKS[1]
    tour.now = moment.astimezone(UTC)
    tour.say(
        f"Tuesday again, from a copy of Monday's database, into a loopback channel that speaks Discord's language. A "
        f"worker is killed (kill -9) right after the channel took its first message, before that is written down. "
        f"{LATER.seconds // 60} minutes later another takes over. Beside them a third does the same undisturbed."
    )
    with tour.console.status("Two workers, one kill, one restart …"):
        told = await crash(database, base, tour.now)
    out = f"{told.said_before} of {told.expected} messages were out"
    tour.say(f"\nThe first worker was ended with code {told.ended}; {out}.")
    tour.say("The second asked the channel's history about the one in doubt, and went on from there.")
    colour = "green" if not told.lost and not told.repeated else "red"
    tour.say(f"[bold {colour}]Lost: {told.lost}. Repeated: {told.repeated}.[/] {told.said} messages stand there.")
    return told


def _next(tour: _Tour) -> None:
    tour.act("Where to look next")
    table = Table.grid(padding=(0, 2))
    for command, what in (
        ("feeds.yml, coalition.yml", "what is watched and for whom: make them your own, then `coalition-bot check`"),
        ("coalition-bot run --dry-run", "reads the real sources and posts nowhere"),
        ("README.md", "Slack or Discord in five minutes, and how to deploy"),
        ("bot/demo/week/README.md", "what of this week is real"),
    ):
        table.add_row(f"[bold]{command}[/]", what)
    tour.console.print(table)
    tour.say("")
