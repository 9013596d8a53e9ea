"""How late a quiet coalition gets while another one floods, hangs, prints or imports: in the same process, and in
processes that divide the coalitions on PostgreSQL, next to one that only answers people.

What is measured is what an outsider sees, and when the console shows a message that its own process enqueued.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import Any, Final

import aiohttp
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from bench.material import Writer, rss, windows
from bench.measure import Figure, Size, apart
from bench.noise import FEEDS, FLOOD, LOUD, QUIET, TEAM, WEB, Loud, Noise, coalition, late_platform, noises, seconds
from bench.postgres import postgres_server, schemas
from bench.server import Page, serving
from bot import wiring
from bot.app import runtime
from bot.app.application import App
from bot.app.building import build
from bot.app.common_frontends import common_frontends
from bot.app.several import Tenant, open_all
from bot.commands.model import Role
from bot.config.load import Config
from bot.config.settings import Settings
from bot.entries.source_records import source_states
from bot.fetch.http import Limits
from bot.people import records, sessions
from bot.people.model import Account, Person
from bot.shared import journey
from tests.peers.slack_app import SECRET, SlackApp

_PEOPLE: Final = 3  # who read the quiet coalition's pages
_READING: Final = 0.3  # seconds between two pages of a person: fewer than a session's 240 a minute
_PAUSE: Final = 0.1  # seconds between two requests of any other kind
_MEASURED: Final = (
    "the server answers",
    "a page is there",
    "a command is acknowledged",
    "a command is answered",
    "a message is posted",
)
# In each second. It says more than the clock where others use the machine.
_PROCESSOR: Final = ("processor time of the web process", "processor time of the quiet coalition's worker")

Times = dict[str, list[float]]
Play = Callable[[Noise | None], Times]


def fairness(size: Size) -> list[Figure]:
    """Milliseconds within which 99 of 100 of the quiet coalition's requests end, with another's noise and without."""
    size = size.short
    with TemporaryDirectory() as folder:
        return _figures(size, noises(size), _MEASURED, lambda name: f"sqlite:///{folder}/{name}.db", workers=1)


def fairness_of_processes(size: Size) -> list[Figure]:
    """The same, where each of two workers has one coalition and one process only answers people."""
    size = replace(size.short, share=size.share * 0.4)  # within three minutes
    every = noises(size)
    every.append(replace(every[-1], words=f"{every[-1].words}, in the web process", where=WEB))
    measured = (*_MEASURED, *_PROCESSOR)
    with postgres_server() as server:
        return _figures(size, every, measured, schemas(server.database("fairness")), workers=2)


def _figures(
    size: Size, every: Sequence[Noise], measured: Sequence[str], store: Callable[[str], str], *, workers: int
) -> list[Figure]:
    entries, where = size.of(FLOOD), "in processes: " if workers > 1 else ""
    pages = {f"/feed/{n}": _renewed(n, entries, size.rounds) for n in range(FEEDS)}
    try:
        with serving(pages) as address, _running(size, f"{address}/ours", [*pages], store, workers) as play:
            play(None)  # warms up
            found = [[play(noise) for noise in (None, *every)] for _ in range(size.rounds)]
    except EOFError:
        raise RuntimeError("a process failed: its traceback is above") from None
    return [
        Figure(
            what=f"{where}{what}{'' if what in _PROCESSOR else ', 99 of 100 times'}, {noise.words}",
            unit="ms",
            ours=[_p99(times[nth][what]) for times in found],
            rival="without it",
            theirs=[_p99(times[0][what]) for times in found],
            aim=1.2,
            less_is_better=True,
        )
        for nth, noise in enumerate(every, 1)
        for what in measured
    ]


def _renewed(seed: int, entries: int, rounds: int) -> Page:
    # A window for each round, and the baseline.
    stories = Writer(seed).stories(entries * (rounds + 2), words=80)
    return Page("application/rss+xml", [rss(f"site{seed}", window) for window in windows(stories, entries, entries)])


def _p99(times: Sequence[float]) -> float:
    late = sorted(times)
    return late[len(late) * 99 // 100] * 1_000


@contextmanager
def _running(
    size: Size, address: str, feeds: Sequence[str], store: Callable[[str], str], workers: int
) -> Iterator[Play]:
    """Run the processes and an outsider; gives what makes a noise and returns the seconds of each request meanwhile."""
    port, length = unused_port(), seconds(size)
    site = f"http://127.0.0.1:{port}"
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        outside = opened.enter_context(apart(_be_outside, site, length))
        ours: dict[str, Any] = {"web_url": site, "slack_mode": "http", "slack_signing_secret": SecretStr(SECRET)}
        slack, late = outside.recv()
        coalitions = [
            coalition(QUIET, store(QUIET), folder, slack_api_url=slack, slack_bot_token=_token(), **ours),
            coalition(LOUD, store(LOUD), folder, [address + path for path in feeds], slack_api_url=late,
                      slack_bot_token=_token()),
        ]  # fmt: skip
        cookies, _ = [_created(settings, config) for settings, config in coalitions]
        process = Process(size, coalitions, port if workers == 1 else 0, share=len(coalitions) // workers)
        lines = [opened.enter_context(apart(_run, process)) for _ in range(workers)]
        if workers > 1:
            lines.append(opened.enter_context(apart(_run, replace(process, port=port, share=0))))
        of = _started(lines) | {WEB: lines[-1]}

        def play(noise: Noise | None) -> Times:
            for line in lines:
                line.send((noise and line is of[noise.where] and noise, line is of[QUIET]))
            outside.send(cookies)
            return {name: times for line in (outside, *lines) for name, times in line.recv().items()}

        yield play


def _token() -> SecretStr:
    return SecretStr(SlackApp.TOKEN)


def _created(settings: Settings, config: Config) -> list[str]:
    """Create the coalition's store, with people who may do everything; return the cookies of their sessions."""
    wiring.store_address(settings).create().close()
    with build(settings, config) as app:
        return [_person(app, n) for n in range(_PEOPLE)]


def _person(app: App, n: int) -> str:
    now = app.clock()
    account = Account("slack", TEAM, f"U{n}")
    person = Person(id=app.new_id(), name=f"P{n}", roles=frozenset({Role.POLICY, Role.PRESS}), accounts=(account,))
    with app.db.write() as tx:
        records.add(tx, person, by=None, now=now)
        link = sessions.make_link(tx, person.id, account, now=now, new_id=app.new_id)
        return sessions.redeem(tx, link, now=now, new_id=app.new_id) or ""


def _started(lines: Sequence[Connection]) -> dict[str, Connection]:
    """Let the processes start at one moment; return which of them has which coalition."""
    for _ in range(2):  # first each has joined those that divide the work
        for line in lines:
            line.send(True)
        served = [line.recv() for line in lines]
    of = {name: line for line, names in zip(lines, served, strict=True) for name in names}
    assert of.keys() == {QUIET, LOUD}, served
    return of


@dataclass(frozen=True, slots=True)
class Process:
    """A process of a run. `share`: how many coalitions it gets; without any it only answers people."""

    size: Size
    coalitions: Sequence[tuple[Settings, Config]]
    port: int
    share: int


def _run(line: Connection, process: Process) -> None:
    logging.disable()  # the slow channels and endless documents are reported again and again
    if not process.port:
        os.nice(10)  # as the docs have it for workers on one host with web processes
    listed = [
        (
            config.coalition.id,
            settings.model_copy(update={"web_bind": f"127.0.0.1:{process.port}"}),
            partial(_as_is, config),
        )
        for settings, config in process.coalitions
    ]
    screen = Screen()
    with open_all(
        listed, limits=Limits(gap=0, per_host=20), pace=timedelta(0), out=screen, works=process.share > 0
    ) as tenants:
        line.recv()
        line.send([])
        asyncio.run(_take_part(line, process, tenants, screen))


def _as_is(config: Config) -> Config:
    return config


async def _take_part(line: Connection, process: Process, tenants: Sequence[Tenant], screen: Screen) -> None:
    """Say which coalitions this process has, then make noise and post as it is asked to, until the line is closed."""
    with ThreadPoolExecutor(1) as ear:
        hear = partial(asyncio.get_running_loop().run_in_executor, ear, _heard, line)
        await hear()
        run = asyncio.create_task(runtime.run_all(tenants, common_frontends(tenants)))
        while sum(tenant.app is not None for tenant in tenants) < process.share:  # noqa: ASYNC110
            await asyncio.sleep(_PAUSE)
        mine = [tenant.name for tenant in tenants if tenant.app]
        if LOUD in mine:
            await asyncio.to_thread(_wait_for_baseline, tenants[-1].open_app())
        line.send(mine)
        number = itertools.count(os.getpid() * 1_000_000)  # two processes import, and each contact is new
        while order := await hear():
            line.send(await _measured(process, tenants, screen, number, *order))
        os.kill(os.getpid(), signal.SIGTERM)
        await run


def _heard(line: Connection) -> Any:
    try:
        return line.recv()
    except EOFError:
        return None


def _wait_for_baseline(app: App) -> None:
    """Return when the first answer of each source that the run asked at its start is stored: its silent baseline."""
    while len(source_states(app.db)) < FEEDS:
        sleep(_PAUSE)


async def _measured(
    process: Process, tenants: Sequence[Tenant], screen: Screen, number: Iterator[int], noise: Noise | None, posts: bool
) -> Times:
    """Seconds of each message of the quiet coalition, for some seconds of the noise, and the processor time of each.

    Wait for the end of the noise.
    """
    quiet, loud = tenants
    times: Times = defaultdict(list)
    enough = asyncio.Event()
    tasks = []
    if posts:
        with journey.serve(QUIET):
            posting = _post(quiet.open_app(), screen, number, enough, times["a message is posted"])
            tasks.append(asyncio.create_task(posting))
    if noise:
        with journey.serve(LOUD):
            tasks.append(asyncio.create_task(noise.make(Loud(process.size, loud.open_app(), number, enough))))
    used, length = process_time(), seconds(process.size)
    await asyncio.sleep(length)
    if posts or not process.share:
        times[_PROCESSOR[posts]].append((process_time() - used) / length)
    enough.set()
    await asyncio.gather(*tasks)
    return dict(times)


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


async def _post(app: App, screen: Screen, number: Iterator[int], enough: asyncio.Event, times: list[float]) -> None:
    while not enough.is_set():
        word = f"canary-{next(number)}-"
        started = perf_counter()
        await asyncio.to_thread(app.tell, word)
        printed = asyncio.ensure_future(screen.printed(word))
        await asyncio.sleep(0)
        app.stir()
        times.append(await printed - started)
        await asyncio.sleep(_PAUSE)


def _be_outside(line: Connection, site: str, length: float) -> None:
    """Run in a separate process: be the people who use the site, and the platforms."""
    asyncio.run(_visit_again(line, site, length))


async def _visit_again(line: Connection, site: str, length: float) -> None:
    slack = SlackApp()
    async with slack.running() as address:
        line.send((address, await late_platform()))
        while cookies := await asyncio.to_thread(_heard, line):
            line.send(await _visited(slack, site, length, cookies))


async def _visited(slack: SlackApp, site: str, length: float, cookies: Sequence[str]) -> Times:
    """Seconds of each request, for so many seconds."""
    times: Times = defaultdict(list)
    end = perf_counter() + length

    async def visit(what: str, path: str, cookie: str, pause: float) -> None:
        async with aiohttp.ClientSession(headers={"Cookie": f"session={cookie}"}) as client:
            while (started := perf_counter()) < end:
                async with client.get(f"{site}{path}") as answer:
                    await answer.read()
                    assert answer.status == 200, (path, answer.status)
                times[what].append(perf_counter() - started)
                await asyncio.sleep(pause)

    people = [visit("a page is there", "/today", cookie, _READING) for cookie in cookies]
    await asyncio.gather(
        visit("the server answers", "/healthz", "", _PAUSE), *people, _command(slack, site, end, times)
    )
    return dict(times)


async def _command(slack: SlackApp, site: str, end: float, times: Mapping[str, list[float]]) -> None:
    async with aiohttp.ClientSession() as client:
        while perf_counter() < end:
            body, headers = slack.signed(slack.command("/campaign me", user="U0"))
            answers = len(slack.posted) + 1
            started = perf_counter()
            async with client.post(f"{site}/slack/events", data=body, headers=headers) as acknowledgment:
                assert acknowledgment.status == 200, acknowledgment
            times["a command is acknowledged"].append(perf_counter() - started)
            await slack.heard("posted", answers)
            times["a command is answered"].append(perf_counter() - started)
            await asyncio.sleep(_PAUSE)
