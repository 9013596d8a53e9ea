"""The narrated run of `make demo`: a week of replayed sources, and people's actions."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.app.application import App
from bot.app.polling import PollReport
from bot.chat.console.sender import show
from bot.cli.demo import replay
from bot.cli.demo.replay import Journey, People, ReplayServer, Step, Week
from bot.entries import records
from bot.shared import wording
from bot.shared.answer import Health
from bot.shared.calendar import business_day, moment_in_words
from bot.shared.card import Card
from bot.shared.entry import Kind
from bot.shared.private_files import write_private
from bot.store import sqlite
from bot.watch.evidence import explain

_DIGEST_LINES: Final = 8  # as far as it is shown without --all


def run(*, keep: Path | None = None, every: bool = False, example: str = "") -> None:
    """Print the whole demo.

    `keep`: an empty or new folder for the demo's files. `every`: show every message and answer whole.
    `example`: the name of another complete example, which replays its own week.
    """
    began = time.monotonic()
    page, journey_ = Page(every=every), replay.load_journey(replay.folder_of(example))
    with TemporaryDirectory(prefix="coalition-bot-demo-") as scratch:
        documents = keep or Path(mkdtemp(prefix="coalition-bot-demo-"))
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(_run_tour(page, journey_, example, folder, documents))
    if keep:
        write_private(
            keep / ".env", f"DEMO_CLOCK={journey_.moments.again.astimezone(UTC).isoformat()}\n".encode(), new=True
        )
    _next(page, keep)
    page.say(f"[dim]The demo took {time.monotonic() - began:.1f} s.{'' if keep else ' Its database is deleted.'}[/]")


@dataclass(slots=True)
class _Tour:
    """The tour's state: output, app and the current time in the replayed week."""

    page: Page
    week: Week
    journey: Journey
    posted: Posted
    documents: Path
    now: datetime  # UTC

    def clock(self) -> datetime:
        return self.now

    @property
    def began(self) -> datetime:
        return self.journey.moments.first.astimezone(UTC)


async def _run_tour(page: Page, journey_: Journey, example: str, folder: Path, documents: Path) -> None:
    moments, week = journey_.moments, replay.load(replay.folder_of(example))
    tour = _Tour(page, week, journey_, Posted(), documents, moments.first.astimezone(UTC))
    database = folder / "coalition.db"
    replay.lay_out(folder, example, journey_.letterhead, moments.digest.date())
    sqlite.create(database).close()
    async with ReplayServer(tour.week, tour.clock) as base:
        config = replay.config(tour.week, base, folder)
        with replay.open_app(config, database, clock=tour.clock, out=tour.posted) as app:
            _introduce(tour)
            await _first_poll(tour, app)
            await _the_week(tour, app)
            page.act("What was not posted, and why")
            _report_held_back(tour, app)
            await _digest(tour, app)
            people = People(app, tour.journey.people)
            for title, steps in (
                ("An alert becomes a signed letter", journey_.letter),
                ("A story in the press, and the week's clip report", journey_.press),
                ("Upcoming deadlines", journey_.deadlines),
            ):
                page.act(title)
                await _do(tour, app, people, steps)
            await app.close()


def _introduce(tour: _Tour) -> None:
    first, last = tour.journey.moments.first, tour.journey.moments.digest
    days = f"{first:%B} {first.day} to {last.day}, {last.year}"
    tour.page.say(f"[bold]coalition-bot[/] replays a week, {days}. No network, no token.")
    checks = f"Later checks are dated {last:%B} {last.day}."  # the files' days lie after the week: see `setup.lay_out`
    tour.page.say(f"Program and documents are real, items marked (demo) are invented. {checks}")
    if not tour.page.every:
        tour.page.say("[dim]This is the short version. To see every message in full: coalition-bot demo --all[/]")


async def _first_poll(tour: _Tour, app: App) -> None:
    tour.page.act("The first check posts nothing")
    await _poll(tour, app, tour.journey.moments.first)
    await asyncio.to_thread(app.compose_now)
    await app.deliver_once()
    greetings = tour.posted.take()
    tour.page.say("Existing items are stored and matched, not posted.")
    tour.page.say(f"{wording.number(len(greetings), 'channel gets', 'channels get')} one greeting.")
    tour.page.messages(greetings, ())


async def _the_week(tour: _Tour, app: App) -> None:
    tour.page.act("The week, as the channels see it")
    left_out = 0
    for moment in tour.journey.moments.looks:
        await _poll(tour, app, moment)
        if not business_day(moment.date()):
            tour.page.say("A federal holiday: the Register has no issue, and the bot expects none.")
        await app.deliver_once()
        posted = tour.posted.take()
        left_out += tour.page.messages(posted, tour.journey.cards)
    if left_out:
        tour.page.say(f"[dim]{left_out} more messages were posted.[/]")


async def _poll(tour: _Tour, app: App, moment: datetime) -> PollReport:
    """Move the clock, poll every source, and print the result in one line."""
    tour.now = moment.astimezone(UTC)
    with tour.page.console.status(f"{moment:%A}: checking the sources …"):
        report = await app.poll_once()
    taken = [polled.intake for polled in report.polled if polled.intake]
    quiet = sum(polled.health is Health.UNCHANGED for polled in report.polled)
    counts = (
        (report.new, "new item", "new items"),
        (sum(intake.messages for intake in taken), "message", "messages"),
        (sum(intake.lines for intake in taken), "digest line", "digest lines"),
    )
    what = ", ".join(wording.number(*count) for count in counts if count[0]) or "nothing new"
    asked = f"{wording.number(len(report.polled), 'source')} asked" + (f", {quiet} unchanged" if quiet else "")
    short = moment is not tour.journey.moments.first and not tour.page.every
    tour.page.say(f"[bold]{moment_in_words(moment)}[/] · {what if short else f'{asked}: {what}'}")
    return report


async def _digest(tour: _Tour, app: App) -> None:
    tour.page.act("The digest")
    await _poll(tour, app, tour.journey.moments.digest)
    tour.page.say("There is one on every business day; the demo skipped them, so this one covers the whole week.")
    await asyncio.to_thread(app.compose_now)
    await app.deliver_once()
    tour.page.messages(tour.posted.take(), tour.journey.digests, _DIGEST_LINES)
    before = max(it.first_seen_at for it in records.seen_since(app.db, tour.began))
    report = await _poll(tour, app, tour.journey.moments.again)
    sent = (await app.deliver_once()).sent
    if not report.new and not sent:
        tour.page.say(f"Nothing new since {wording.clock(before, app.config.zone, tour.now)}: nothing is posted twice.")


async def _do(tour: _Tour, app: App, people: People, steps: Sequence[Step]) -> None:
    """Print each step with its answer; save an answer's files in the documents folder."""
    today = tour.now.astimezone(app.config.zone).date()
    for step in steps:
        card, file = await people.do(step)
        if card and (tour.page.every or step.lines is not None):
            tour.page.say(f"[bold]{escape(step.who)}>[/] {escape(str(step))}")
            tour.page.answer(card, today, step.lines or 0)
        if file:
            path = tour.documents / Path(file.name).name
            write_private(path, file.data, new=True)
            tour.page.whole(f"   [bold green]{escape(str(path))}[/]")
        await asyncio.to_thread(app.make_now)
        await app.deliver_once()
        tour.page.messages(tour.posted.take(), ())


def _next(page: Page, keep: Path | None) -> None:
    page.console.print()
    page.console.rule("[bold]Where to look next[/]", align="left")
    page.console.print()
    steps = {"coalition-bot demo --keep DIR": "saves this coalition in a folder, to try commands in"}
    if keep:
        steps = {
            f"cd {keep}": "the demo's coalition, with its clock at the end of the week; there:",
            "coalition-bot chat --as policy": "try /alerts recent, /letter show L-001, /watch list",
        }
    steps["coalition-bot new FOLDER"] = "creates your own by asking questions"
    steps["README.md"] = "Slack or Discord in five minutes, and how to deploy"
    table = Table.grid(padding=(0, 2))
    for step, what in steps.items():
        table.add_row(f"[bold]{escape(step)}[/]", what)
    page.console.print(table)
    page.say("")


def _report_held_back(tour: _Tour, app: App) -> None:
    """Print what no watch matched and what came again; without --all, some of the look-alikes."""
    console, week = tour.page.console, tour.week
    only = () if tour.page.every else tour.journey.look_alikes
    entries = records.seen_since(app.db, tour.began)
    matched = {id_ for id_, _ in records.matches_of(app.db, (entry.id for entry in entries))}
    fresh = [entry for entry in entries if not entry.baseline]
    silent = {entry.entry.title: entry for entry in fresh if entry.id not in matched}
    again = sum("page" not in item for item in week.items) - sum(entry.entry.kind is Kind.NEWS for entry in entries)
    for count, what in (
        (len(entries) - len(fresh), "existed before the first check: matched and counted, not posted"),
        (len(fresh) - len(silent), "match a watch: posted at once, or a line in the digest below"),
        (len(silent), "match no watch"),
        (again, "arrived again under a tracking address: the same article, posted once"),
    ):
        console.print(f"{count:>4} {what}")
    console.print("\nSome of these share a word with a watch. The program's reasons for not posting them:\n")
    for planted in week.look_alikes:
        if only and planted["shares"] not in only:
            continue
        console.print(f"• {escape(planted['title'])} [dim]· shares “{planted['shares']}”[/]")
        one = silent.get(planted["title"])
        why = wording.short(_nearest(one, app), 180) if one else "It was posted anyway."
        console.print(Padding(escape(why), (0, 0, 0, 2)), style="dim")


def _nearest(stored: records.StoredEntry, app: App) -> str:
    """How near the entry came to a watch for its kind of entry."""
    watches = [watch for watch in app.config.watches if watch.takes(stored.entry.kind)]
    misses = [(watch.name, explain(watch, stored.entry)) for watch in watches]
    name, miss = min(misses, key=lambda pair: (-len(pair[1].had), len(pair[1].lacked)))
    return f"Nearest watch “{name}”: {miss}" if miss.had else "It contains none of the words that a watch looks for."


_WIDTH: Final = 100  # of a line without a terminal
_SPARE: Final = 2  # so few lines are not cut
_END: Final = "\n\n"  # the start of a message from the console's sender


class Posted(StringIO):
    """The stream of the console channels. Stores each message until `take`."""

    def __init__(self) -> None:
        super().__init__()
        self._messages: list[str] = []

    def isatty(self) -> bool:
        return sys.stdout.isatty()

    def flush(self) -> None:
        if self.getvalue().endswith(_END):
            self._messages.append(self.getvalue())
            self.seek(0)
            self.truncate()

    def take(self) -> list[str]:
        taken, self._messages = self._messages, []
        return taken


class Page:
    """Standard output. `every`: nothing is cut or left out."""

    def __init__(self, *, every: bool) -> None:
        self.every = every
        self.console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _WIDTH)
        self._number = 0

    def act(self, title: str) -> None:
        self._number += 1
        self.console.print()
        self.console.rule(f"[bold]{self._number}. {title}[/]", align="left")
        self.console.print()

    def say(self, text: str) -> None:
        self.console.print(text)

    def whole(self, text: str) -> None:
        """Print a line without wrapping, so a path can be copied."""
        self.console.print(text, soft_wrap=True)

    def messages(self, posted: Sequence[str], wanted: Sequence[str], lines: int | None = None) -> int:
        """Print `lines` lines of each message that contains a `wanted` word; returns how many were left out."""
        shown = [message for message in posted if self.every or _contains(message, wanted)]
        for message in shown:
            self.console.print()
            self._write(message.rstrip("\n"), None if self.every else lines)
        if shown:
            self.console.print()
        return len(posted) - len(shown)

    def answer(self, card: Card, today: date, lines: int) -> None:
        """Print an answer as the console shows it, or its head and `lines` lines."""
        short = Card(mark=card.mark, badge=card.badge, head=card.head, byline=card.byline, lines=card.lines[:lines])
        shown = card if self.every else short
        show(self.console, shown, today)
        if not self.every and shown != replace(card, buttons=(), line_buttons=()):
            self.console.print("[dim]   …[/]")

    def _write(self, text: str, lines: int | None) -> None:
        whole = text.split("\n")
        shown = whole if lines is None or len(whole) <= lines + _SPARE else whole[:lines]
        self.console.file.write("\n".join(shown) + "\n")
        if left := len(whole) - len(shown):
            self.console.print(f"[dim]   … {left} more lines[/]")


def _contains(message: str, wanted: Sequence[str]) -> bool:
    text = " ".join(Text.from_ansi(message).plain.split())
    return any(words in text for words in wanted)
