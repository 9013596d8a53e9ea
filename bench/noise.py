"""Two coalitions, and what the loud one can do."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bench.contestants import feed
from bench.material import shipped
from bench.measure import Size
from bot.app import runtime
from bot.app.application import App
from bot.commands.model import Call, Job, Refusal
from bot.config.feeds import ChannelConfig
from bot.config.load import Config
from bot.config.settings import Settings
from bot.outbox.messages import place, post
from bot.people.contacts import MAX_ROWS
from bot.shared.card import Card, Mark
from bot.shared.isolation import Child

QUIET, LOUD, WEB = "quiet", "loud", "web"
TEAM: Final = "T0HOME"
SECONDS: Final = 10.0  # of a measurement at least
FEEDS: Final = 10
FLOOD: Final = 1_000  # new entries of each feed
_TABLES: Final = 20  # of the most rows that the press list takes at once
_SLOW: Final = 20  # channels whose platform answers late
_ANSWERS_AFTER: Final = 12.0  # seconds; the bot waits 15 for a platform
_ENDLESS: Final = "#for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = c } } }\n"


class Loud:
    """The loud coalition in the process that makes the noise. `enough` ends what could go on for long."""

    def __init__(self, size: Size, app: App, number: Iterator[int], enough: asyncio.Event) -> None:
        self.size = size
        self.app = app
        self.number = number
        self.enough = enough

    async def flood(self) -> None:
        report = await self.app.poll_once()
        assert report.new, report

    async def slow(self) -> None:
        """Have messages wait for each slow channel, longer than the measurement lasts."""

        def enqueue() -> None:
            app = self.app
            with Job(app.db, app.config, app.clock(), app.new_id).write() as work:
                for n in range(_SLOW):
                    card = Card(mark=Mark.ANSWER, head="A message")
                    key = f"slow:{next(self.number)}"
                    post(work, place(f"slow-{n}", app.config.feeds), key, card, kind="health")

        await asyncio.to_thread(enqueue)
        self.app.stir()

    async def endless(self) -> None:
        """Render documents that never end, as many at once as one coalition may, while it is measured."""

        def render() -> None:
            folder = str(self.app.config.folder.resolve())
            child = Child("bot.printing.child", folder, patience=seconds(self.size))
            child.say({"templates": ["endless.typ"], "sheet": {}})
            with child.patience():
                child.output.readline()
            child.end()

        await asyncio.gather(*(asyncio.to_thread(render) for _ in range(runtime.WORKERS // 2)))

    async def import_(self) -> None:
        """Import one table after another while it is measured, at most 100,000 rows."""
        for _ in range(_TABLES):
            if not self.enough.is_set():
                rows = self.size.of(MAX_ROWS)
                table = await asyncio.to_thread(_table, self.number, rows)  # the event loop is what is measured
                call = Call(
                    path="press import", args={"csv": table}, platform="slack", team=TEAM, user="U0",
                    id=self.app.new_id(),
                )  # fmt: skip
                answer = await self.app.dispatcher.answer(call)
                assert not isinstance(answer, Refusal), answer


@dataclass(frozen=True, slots=True)
class Noise:
    """What the loud coalition does, and in which words the figure says so."""

    words: str
    make: Callable[[Loud], Coroutine[None, None, None]]


def noises(size: Size) -> list[Noise]:
    return [
        Noise(f"while another coalition gets {FEEDS * size.of(FLOOD):,} entries", Loud.flood),
        Noise("while another's channels answer after 12 s", Loud.slow),
        Noise("while another's documents never end", Loud.endless),
        Noise(f"while another imports a press list, {size.of(MAX_ROWS):,} rows at a time", Loud.import_),
    ]


def seconds(size: Size) -> float:
    """Of one measurement."""
    return max(0.5, SECONDS * size.share)


def _table(number: Iterator[int], rows: int) -> str:
    lines = (f"Outlet {n},Name {n},n{n}@example.org" for n in itertools.islice(number, rows))
    return "\n".join(("outlet,name,email", *lines))


async def late_platform() -> str:
    """Serve what takes a request and answers long after; return its address."""

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # the measure ends sooner
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(_ANSWERS_AFTER)
            writer.write(b"HTTP/1.1 500 Late\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            writer.close()

    server = await asyncio.start_server(visit, "127.0.0.1", 0)
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def coalition(
    name: str, store: str, folder: Path, feeds: Sequence[str] = (), **settings: Any
) -> tuple[Settings, Config]:
    """A coalition with the shipped watches, whose channels are on the console; one with feeds has slow ones, too."""
    (folder / name / "templates").mkdir(parents=True)
    (folder / name / "templates" / "endless.typ").write_text(_ENDLESS)
    config = shipped()
    channels = {
        id_: channel.model_copy(update={"to": f"console:{id_}"}) for id_, channel in config.feeds.channels.items()
    }
    channels |= {f"slow-{n}": ChannelConfig(to=f"slack:C{n:09}") for n in range(_SLOW if feeds else 0)}
    sources = {f"feed-{n}": feed(url) for n, url in enumerate(feeds)}
    config = replace(
        config,
        feeds=config.feeds.model_copy(update={"sources": sources, "channels": channels, "allow_hosts": ("127.0.0.1",)}),
        coalition=config.coalition.model_copy(update={"id": name, "short": name}),
        folder=folder / name,
    )
    return Settings(database_url=store, **settings), config
