"""How late a quiet coalition gets while another one in its process floods, hangs, prints or imports.

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

from bench.material import Writer, rss, windows
from bench.measure import Figure, Size, apart
from bench.noise import FEEDS, FLOOD, LOUD, QUIET, TEAM, Loud, Noise, coalition, late_platform, noises, seconds
from bench.server import Page, serving
from bot.app import runtime, wiring
from bot.app.application import App, build
from bot.app.several import Tenant, common_frontends, open_all
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

Times = dict[str, list[float]]
Play = Callable[[Noise | None], Times]


def fairness(size: Size) -> list[Figure]:
    """Milliseconds within which 99 of 100 of the quiet coalition's requests end, with another's noise and without."""
    size = size.short
    entries, every = size.of(FLOOD), noises(size)
    pages = {f"/feed/{n}": _renewed(n, entries, size.rounds) for n in range(FEEDS)}
    try:
        with serving(pages) as address, _running(size, f"{address}/ours", [*pages]) as play:
            play(None)  # warms up
            found = [[play(noise) for noise in (None, *every)] for _ in range(size.rounds)]
    except EOFError:
        raise RuntimeError("the process failed: its traceback is above") from None
    return [
        Figure(
            what=f"{what}, 99 of 100 times, {noise.words}",
            unit="ms",
            ours=[_p99(times[nth][what]) for times in found],
            rival="without it",
            theirs=[_p99(times[0][what]) for times in found],
            aim=1.2,
            less_is_better=True,
        )
        for nth, noise in enumerate(every, 1)
        for what in _MEASURED
    ]


def _renewed(seed: int, entries: int, rounds: int) -> Page:
    # A window for each round, and the baseline.
    stories = Writer(seed).stories(entries * (rounds + 2), words=80)
    return Page("application/rss+xml", [rss(f"site{seed}", window) for window in windows(stories, entries, entries)])


def _p99(times: Sequence[float]) -> float:
    late = sorted(times)
    return late[len(late) * 99 // 100] * 1_000


@contextmanager
def _running(size: Size, address: str, feeds: Sequence[str]) -> Iterator[Play]:
    """Run the bot and an outsider; gives what makes a noise and returns the seconds of each request meanwhile."""
    port, length = unused_port(), seconds(size)
    site = f"http://127.0.0.1:{port}"
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        outside = opened.enter_context(apart(_be_outside, site, length))
        ours: dict[str, Any] = {"web_url": site, "slack_mode": "http", "slack_signing_secret": SecretStr(SECRET)}
        slack, late = outside.recv()
        bind: dict[str, Any] = {"web_bind": f"127.0.0.1:{port}", "slack_bot_token": _token()}
        stores = [f"sqlite:///{folder}/{name}.db" for name in (QUIET, LOUD)]
        coalitions = [
            coalition(QUIET, stores[0], folder, slack_api_url=slack, **bind, **ours),
            coalition(LOUD, stores[1], folder, [address + path for path in feeds], slack_api_url=late, **bind),
        ]
        cookies, _ = [_created(settings, config) for settings, config in coalitions]
        line = opened.enter_context(apart(_run, size, coalitions))
        line.recv()

        def play(noise: Noise | None) -> Times:
            line.send((noise,))
            outside.send(cookies)
            return {name: times for each in (outside, line) for name, times in each.recv().items()}

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


def _run(line: Connection, size: Size, coalitions: Sequence[tuple[Settings, Config]]) -> None:
    logging.disable()  # the slow channels and endless documents are reported again and again
    listed = [(config.coalition.id, settings, partial(_as_is, config)) for settings, config in coalitions]
    screen = Screen()
    with open_all(listed, limits=Limits(gap=0, per_host=20), pace=timedelta(0), out=screen) as tenants:
        asyncio.run(_take_part(line, size, tenants, screen))


def _as_is(config: Config) -> Config:
    return config


async def _take_part(line: Connection, size: Size, tenants: Sequence[Tenant], screen: Screen) -> None:
    """Make noise and post as it is asked to, until the line is closed."""
    with ThreadPoolExecutor(1) as ear:
        hear = partial(asyncio.get_running_loop().run_in_executor, ear, _heard, line)
        run = asyncio.create_task(runtime.run_all(tenants, common_frontends(tenants)))
        while not all(tenant.app for tenant in tenants):  # noqa: ASYNC110
            await asyncio.sleep(_PAUSE)
        quiet, loud = [tenant.app for tenant in tenants if tenant.app]
        await asyncio.to_thread(_wait_for_baseline, loud)
        line.send(True)
        number = itertools.count()
        while order := await hear():
            line.send(await _measured(size, quiet, loud, screen, number, *order))
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
    size: Size, quiet: App, loud: App, screen: Screen, number: Iterator[int], noise: Noise | None
) -> Times:
    """Seconds of each message of the quiet coalition, for some seconds of the noise. Wait for its end."""
    times: Times = defaultdict(list)
    enough = asyncio.Event()
    with journey.serve(QUIET):
        tasks = [asyncio.create_task(_post(quiet, screen, number, enough, times["a message is posted"]))]
    if noise:
        with journey.serve(LOUD):
            tasks.append(asyncio.create_task(noise.make(Loud(size, loud, number, enough))))
    await asyncio.sleep(seconds(size))
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
