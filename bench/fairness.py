"""How late a quiet coalition gets while another one in the same process floods, hangs, prints or imports."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any, Final

import aiohttp
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from bench.contestants import feed
from bench.material import Writer, rss, shipped, windows
from bench.measure import Figure, Round, Size, apart, in_turn
from bench.server import Page, serving
from bot import wiring
from bot.app import runtime
from bot.app.application import App
from bot.app.frontends import frontends_of_several
from bot.app.several import open_all
from bot.commands.model import Call, Role
from bot.config.feeds import ChannelConfig
from bot.config.load import Config
from bot.config.settings import Settings
from bot.dispatch import Refusal
from bot.entries.source_records import source_states
from bot.media.press import csv_table
from bot.people import records, sessions
from bot.people.model import Account, Person
from bot.shared import journey
from bot.shared.card import Card, Mark
from bot.shared.isolation import Child
from bot.sources.fetch.http import Limits

QUIET, LOUD = "quiet", "loud"
_FEEDS: Final = 10
_FLOOD: Final = 1_000  # new entries of each feed
_TABLES: Final = 20  # of the most rows that the press list takes at once
_SLOW: Final = 20  # channels whose platform answers late
_ANSWERS_AFTER: Final = 12.0  # seconds; the bot waits 15 for a platform
_SECONDS: Final = 10.0  # of a measurement at least
_PEOPLE: Final = 3  # who read the quiet coalition's pages
_READING: Final = 0.3  # seconds between two pages of a person: fewer than a session's 240 a minute
_PAUSE: Final = 0.1  # seconds between two requests of any other kind
_NO_PACE: Final = timedelta(0)
_MEASURED: Final = ("the server answers", "a page is there", "a command is answered", "a message is posted")
_ENDLESS: Final = "#for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = c } } }\n"

Times = dict[str, list[float]]
Noise = Callable[["House"], Coroutine[None, None, None]]


def fairness(size: Size) -> list[Figure]:
    """Milliseconds within which 99 of 100 of the quiet coalition's requests end, with another's noise and without."""
    size = size.short
    entries = size.of(_FLOOD)
    pages = {f"/feed/{n}": _renewed(n, entries, size.rounds) for n in range(_FEEDS)}
    with serving(pages) as address, apart(_visit) as visitors:
        neighbors = partial(_neighbors, size, [f"{address}/ours{path}" for path in pages], visitors)
        found = in_turn({"ours": neighbors}, size.rounds, one_core=False)["ours"]
    noises = {
        "flood": f"while another coalition gets {_FEEDS * entries:,} entries",
        "slow": "while another's channels answer after 12 s",
        "endless": "while another's documents never end",
        "import": f"while another imports a press list, {size.of(csv_table.MAX_ROWS):,} rows at a time",
    }
    return [
        Figure(
            what=f"{what}, 99 of 100 times, {words}",
            unit="ms",
            ours=[times[noise][what] for times in found],
            rival="without it",
            theirs=[times["nothing"][what] for times in found],
            aim=1.2,
            less_is_better=True,
        )
        for noise, words in noises.items()
        for what in _MEASURED
    ]


def _renewed(seed: int, entries: int, rounds: int) -> Page:
    # A window for each round, the one that does not count, and the baseline.
    stories = Writer(seed).stories(entries * (rounds + 3), words=80)
    return Page("application/rss+xml", [rss(f"site{seed}", window) for window in windows(stories, entries, entries)])


class House:
    """Two coalitions in one process, and what the loud one can do."""

    def __init__(self, size: Size, apps: Mapping[str, App]) -> None:
        self.size = size
        self.loud = apps[LOUD]
        self.quiet = apps[QUIET]
        self.number = itertools.count()
        self.enough = asyncio.Event()

    async def flood(self) -> None:
        report = await self.loud.poll_once()
        assert report.new, report

    async def slow(self) -> None:
        """Have messages wait for each slow channel, longer than the measurement lasts."""

        def enqueue() -> None:
            with self.loud.db.write() as tx:
                for n in range(_SLOW):
                    place = self.loud.campaign.place(f"slow-{n}")
                    card = Card(mark=Mark.ANSWER, head="A message")
                    key = f"slow:{next(self.number)}"
                    self.loud.campaign.post(
                        tx, place, key, card, kind="health", now=self.loud.clock(), new_id=self.loud.new_id
                    )

        await asyncio.to_thread(enqueue)
        self.loud.stir()

    async def endless(self) -> None:
        """Render documents that never end, as many at once as one coalition may, while it is measured."""

        def render() -> None:
            folder = str(self.loud.config.folder.resolve())
            child = Child("bot.printing.child", folder, patience=_seconds(self.size))
            child.say({"templates": ["endless.typ"], "sheet": {}})
            with child.patience():
                child.output.readline()
            child.end()

        await asyncio.gather(*(asyncio.to_thread(render) for _ in range(runtime.WORKERS // 2)))

    async def import_(self) -> None:
        """Import one table after another while it is measured, at most 100,000 rows."""
        for _ in range(_TABLES):
            if not self.enough.is_set():
                rows = self.size.of(csv_table.MAX_ROWS)
                table = await asyncio.to_thread(_table, self.number, rows)  # the event loop is what is measured
                await _answered(self.loud, "press import", csv=table)


NOISES: Final[Mapping[str, Noise | None]] = {
    "nothing": None,
    "flood": House.flood,
    "slow": House.slow,
    "endless": House.endless,
    "import": House.import_,
}


def _seconds(size: Size) -> float:
    """Of one measurement."""
    return max(1.0, _SECONDS * size.share)


def _table(number: Iterator[int], rows: int) -> str:
    lines = (f"Outlet {n},Name {n},n{n}@example.org" for n in itertools.islice(number, rows))
    return "\n".join(("outlet,name,email", *lines))


async def _answered(app: App, path: str, **args: str) -> None:
    call = Call(path=path, args=args, platform="slack", team="T0HOME", user="U0", id=app.new_id())
    answer = await app.dispatcher.answer(call)
    assert not isinstance(answer, Refusal), answer


class Screen(io.StringIO):
    """A console on which it is known when a word was printed."""

    def __init__(self) -> None:
        super().__init__()
        self._awaited: dict[str, asyncio.Future[float]] = {}

    def write(self, text: str) -> int:
        for word, printed in self._awaited.items():
            if word in text and not printed.done():
                printed.get_loop().call_soon_threadsafe(printed.set_result, perf_counter())
        return len(text)

    async def printed(self, word: str) -> float:
        self._awaited[word] = asyncio.get_running_loop().create_future()
        try:
            return await self._awaited[word]
        finally:
            del self._awaited[word]


@contextmanager
def _neighbors(size: Size, feeds: Sequence[str], visitors: Connection) -> Iterator[Round]:
    """Milliseconds of 99 of 100, by noise and by what was measured."""
    logging.disable()  # the slow channels and endless documents are reported again and again
    port, screen = unused_port(), Screen()
    with TemporaryDirectory() as folder, asyncio.Runner() as runner:
        late = runner.run(_late_platform())
        coalitions = [
            _coalition(QUIET, Path(folder), web_url=f"http://127.0.0.1:{port}"),
            _coalition(LOUD, Path(folder), feeds=feeds, slack_bot_token=SecretStr("xoxb-1-peer"), slack_api_url=late),
        ]
        for settings, _ in coalitions:
            wiring.store_address(settings).create().close()
        listed = [(config.coalition.id, settings, partial(_config, config)) for settings, config in coalitions]
        with open_all(listed, limits=Limits(gap=0, per_host=20), pace=_NO_PACE, out=screen) as tenants:
            every, common = frontends_of_several(tenants)
            apps = [tenant.open() for tenant in tenants]
            run = runner.run(_started(every, common))
            house = House(size, dict(zip((QUIET, LOUD), apps, strict=True)))
            cookies = [_person(app, n) for app in apps for n in range(_PEOPLE if app is house.quiet else 1)]
            runner.run(asyncio.to_thread(_wait_for_baseline, house.loud))
            address = f"http://127.0.0.1:{port}"

            async def play() -> dict[str, Times]:
                return {
                    name: await _measured(house, noise, screen, visitors, address, cookies)
                    for name, noise in NOISES.items()
                }

            yield lambda: {
                name: {what: _p99(times) for what, times in measured.items()}
                for name, measured in runner.run(play()).items()
            }
            os.kill(os.getpid(), signal.SIGTERM)
            runner.run(_ended(run))


def _p99(times: Sequence[float]) -> float:
    late = sorted(times)
    return late[len(late) * 99 // 100] * 1_000


async def _late_platform() -> str:
    """Serve what takes a request and answers long after; return its address."""

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(_ANSWERS_AFTER)
        writer.write(b"HTTP/1.1 500 Late\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(visit, "127.0.0.1", 0)
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def _coalition(name: str, folder: Path, *, feeds: Sequence[str] = (), **settings: Any) -> tuple[Settings, Config]:
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
    port = settings.get("web_url", "").rpartition(":")[2] or "0"
    url = f"sqlite:///{folder}/{name}.db"
    return Settings(database_url=url, web_bind=f"127.0.0.1:{port}", **settings), config


def _config(config: Config) -> Config:
    return config


async def _started(served: Sequence[runtime.Servable], common: Mapping[str, runtime.Frontend]) -> asyncio.Task[None]:
    run = asyncio.create_task(runtime.run_all(served, common))
    await asyncio.sleep(1)
    return run


def _wait_for_baseline(app: App) -> None:
    """Return when the first answer of each source that the run asked at its start is stored: its silent baseline."""
    while len(source_states(app.db)) < _FEEDS:
        sleep(_PAUSE)


async def _ended(run: asyncio.Task[None]) -> None:
    await run


def _person(app: App, n: int) -> str:
    """Add a person who may do everything; return the cookie of a session."""
    cid, now = app.config.coalition.id, app.clock()
    account = Account("slack", "T0HOME", f"U{n}")
    person = Person(id=app.new_id(), name=f"P{n}", roles=frozenset({Role.POLICY, Role.PRESS}), accounts=(account,))
    with app.db.write() as tx:
        records.add(tx, cid, person, by=None, now=now)
        link = sessions.make_link(tx, cid, person.id, account, now=now, new_id=app.new_id)
        return sessions.redeem(tx, cid, link, now=now, new_id=app.new_id) or ""


async def _measured(
    house: House, noise: Noise | None, screen: Screen, visitors: Connection, address: str, cookies: Sequence[str]
) -> Times:
    """Seconds of each request of the quiet coalition, for some seconds of the noise. Wait for the end of the noise."""
    times: Times = defaultdict(list)
    visitors.send((address, cookies[:_PEOPLE]))
    with journey.serve(QUIET):
        asking = [
            asyncio.create_task(_ask(house.quiet, times["a command is answered"])),
            asyncio.create_task(_post(house, screen, times["a message is posted"])),
        ]
    with journey.serve(LOUD):
        making = asyncio.create_task(noise(house) if noise else asyncio.sleep(0))
    house.enough.clear()
    await asyncio.sleep(_seconds(house.size))
    house.enough.set()
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    visitors.send("enough")
    visited: Times = await asyncio.to_thread(visitors.recv)
    await making
    return dict(times) | visited


async def _ask(app: App, times: list[float]) -> None:
    while True:
        started = perf_counter()
        await _answered(app, "campaign me")
        times.append(perf_counter() - started)
        await asyncio.sleep(_PAUSE)


async def _post(house: House, screen: Screen, times: list[float]) -> None:
    while True:
        word = f"canary-{next(house.number)}-"
        started = perf_counter()
        await asyncio.to_thread(house.quiet.tell, word)
        printed = asyncio.ensure_future(screen.printed(word))
        await asyncio.sleep(0)
        house.quiet.stir()
        times.append(await printed - started)
        await asyncio.sleep(_PAUSE)


def _visit(connection: Connection) -> None:
    """Run in a separate process: visit the site, round after round, until the measurement ends."""
    with suppress(EOFError):
        while True:
            address, cookies = connection.recv()
            connection.send(asyncio.run(_visit_until_told(connection, address, cookies)))


async def _visit_until_told(connection: Connection, address: str, cookies: Sequence[str]) -> Times:
    times: Times = defaultdict(list)

    async def visit(what: str, path: str, cookie: str, pause: float) -> None:
        async with aiohttp.ClientSession(headers={"Cookie": f"session={cookie}"}) as client:
            while True:
                started = perf_counter()
                async with client.get(f"{address}{path}") as answer:
                    await answer.read()
                    assert answer.status == 200, (path, answer.status)
                times[what].append(perf_counter() - started)
                if connection.poll():
                    return
                await asyncio.sleep(pause)

    people = [visit("a page is there", "/today", cookie, _READING) for cookie in cookies]
    await asyncio.gather(visit("the server answers", "/healthz", "", _PAUSE), *people)
    connection.recv()
    return dict(times)
