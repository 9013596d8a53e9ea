"""How soon the board shows a page that has 20,000 entries behind it, while more are taken in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Final

import aiohttp
from aiohttp.test_utils import unused_port

from bench.contestants import bot_on, feed
from bench.material import Writer, rss, windows
from bench.measure import Figure, Round, Size, apart, in_turn, within_limits
from bench.server import Page, serving
from bot.app.application import App
from bot.app.frontends import frontends
from bot.app.loops import stay_prompt
from bot.app.runtime import WORKERS
from bot.commands.model import Role
from bot.config.settings import Settings
from bot.people import records, sessions
from bot.people.model import Account, Person

_FEEDS: Final = 20
_STORED: Final = 1_000  # entries of a feed before anyone reads
_FRESH: Final = 100  # entries of a feed that come in while people read
_PEOPLE: Final = 5
_LEAST: Final = 20  # requests of each person in a round, however soon the entries are in
_PAGES: Final = ("/today", "/asks/4?days=90", "/letters", "/deadlines", "/sources")
_PROMPT: Final = 100.0  # milliseconds within which 99 of 100 pages should be there
_LIGHT: Final = 50.0  # kilobytes of a page with its style sheet


def board(size: Size) -> list[Figure]:
    """From a request to the whole page, while 2,000 entries are taken in on top of 20,000 and 5 people read."""
    size = size.short
    stored, fresh = size.of(_STORED), size.of(_FRESH)
    pages = {f"/feed/{n}": _renewed(n, stored, fresh, size.rounds) for n in range(_FEEDS)}
    with serving(pages) as address, apart(_readers) as readers:
        ours = partial(_read, address, list(pages), readers)
        found = in_turn({"ours": ours}, size.rounds, one_core=False)["ours"]
    what = f"the board with {_FEEDS * stored:,} entries, read by {_PEOPLE} people while {_FEEDS * fresh:,} come in"
    limits = {
        f"{what}: 99 of 100 pages within": ("ms", _PROMPT),
        "the largest page with its style sheet": ("kB", _LIGHT),
    }
    return within_limits(limits, found)


def _renewed(seed: int, stored: int, fresh: int, rounds: int) -> Page:
    """A feed that shows `stored` entries at first, and `fresh` new ones at each later look."""
    stories = Writer(seed).stories(stored + fresh * (rounds + 1))
    looks = [rss(f"site{seed}", window) for window in windows(stories, stored, fresh)]
    return Page("application/rss+xml", looks)


@contextmanager
def _read(address: str, paths: Sequence[str], readers: Connection) -> Iterator[Round]:
    logging.disable()
    stay_prompt()
    port = unused_port()
    with (
        bot_on({f"feed-{n}": feed(f"{address}/ours{path}") for n, path in enumerate(paths)}) as app,
        asyncio.Runner() as runner,
    ):
        stop, site = runner.run(_start(app, port))
        runner.run(app.poll_once())
        cookies = _sessions(app)
        yield lambda: runner.run(_round(app, port, readers, cookies))
        stop.set()
        runner.run(_ended(site))
        runner.run(app.close())


async def _start(app: App, port: int) -> tuple[asyncio.Event, asyncio.Task[None]]:
    """Serve the site, as the running bot does: one site for all rounds, so that the first one compiles its pages."""
    settings = Settings(web_url=f"http://127.0.0.1:{port}", web_bind=f"127.0.0.1:{port}")
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(WORKERS))
    stop = asyncio.Event()
    site = asyncio.create_task(frontends(settings, app)["web"].run(stop))
    await asyncio.sleep(0.5)
    return stop, site


async def _ended(site: asyncio.Task[None]) -> None:
    await site


async def _round(app: App, port: int, readers: Connection, cookies: Sequence[str]) -> dict[str, float]:
    """Milliseconds of 99 of 100 pages, and kilobytes of the largest."""
    readers.send((f"http://127.0.0.1:{port}", cookies))
    report = await app.poll_once()
    readers.send("enough")
    times, largest = await asyncio.to_thread(readers.recv)
    assert report.new, report
    late = sorted(times)
    return {"ms": late[len(late) * 99 // 100] * 1_000, "kB": largest / 1_000}


def _sessions(app: App) -> list[str]:
    """A cookie for each person."""
    now, cookies = app.clock(), []
    with app.db.write() as tx:
        for n in range(_PEOPLE):
            account = Account("slack", "T0HOME", f"U{n}")
            person = Person(id=app.new_id(), name=f"P{n}", roles=frozenset({Role.POLICY}), accounts=(account,))
            records.add(tx, person, by=None, now=now)
            link = sessions.make_link(tx, person.id, account, now=now, new_id=app.new_id)
            cookies.append(sessions.redeem(tx, link, now=now, new_id=app.new_id) or "")
    return cookies


def _readers(connection: Connection) -> None:
    """Run in a separate process: read a site, round after round, until the measurement ends."""
    with suppress(EOFError):
        while True:
            site, cookies = connection.recv()
            connection.send(asyncio.run(_read_on(connection, site, cookies)))


async def _read_on(connection: Connection, site: str, cookies: Sequence[str]) -> tuple[list[float], int]:
    """Seconds of each page, and bytes of the largest with the style sheet, until the intake has ended."""
    times: list[float] = []
    sizes: list[int] = []

    async def person(number: int, cookie: str) -> None:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, headers={"Cookie": f"session={cookie}"}) as client:
            for turn in range(10**9):
                if turn >= _LEAST and connection.poll():
                    return
                page = _PAGES[(number + turn) % len(_PAGES)]
                started = perf_counter()
                sizes.append(len(await _get(client, f"{site}{page}")))
                times.append(perf_counter() - started)
                await asyncio.sleep(0.3)  # fewer than a session's 240 requests a minute

    await asyncio.gather(*(person(number, cookie) for number, cookie in enumerate(cookies)))
    connection.recv()
    async with aiohttp.ClientSession(headers={"Cookie": f"session={cookies[0]}"}) as client:
        page = (await _get(client, f"{site}/today")).decode()
        style = await _get(client, site + page.partition('rel="stylesheet" href="')[2].partition('"')[0])
    return times, max(sizes) + len(style)


async def _get(client: aiohttp.ClientSession, url: str) -> bytes:
    async with client.get(url) as answer:
        assert answer.status == 200, (url, answer.status)
        return await answer.read()
