"""Our bot as it is shipped, and its rivals, each over feeds that it is given. One round is one look at all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

import aiohttp
from reader import Reader, UpdatedFeed, make_reader

from bench.material import shipped
from bench.measure import Round
from bot.app.application import App, build, utc_now
from bot.app.loops import stay_prompt
from bot.config.feeds import SourceConfig
from bot.config.load import Config
from bot.config.settings import Settings
from bot.fetch.http import Limits
from bot.store import sqlite
from bot.watch.model import Watch

READER: Final = f"reader {version('reader')}"
_AT_ONCE: Final = 20  # as many as our poller asks at one moment
_IMPOLITE: Final = Limits(gap=0, per_host=_AT_ONCE)  # one loopback host represents hundreds


@contextmanager
def bot_on(
    sources: Mapping[str, SourceConfig],
    watches: Sequence[Watch] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[App]:
    """Our bot on `sources`, with the shipped watches or others, and a database on disk."""
    config = shipped()
    feeds = config.feeds.model_copy(update={"sources": dict(sources), "allow_hosts": ("127.0.0.1",)})
    config = Config(feeds, config.coalition, config.watches if watches is None else tuple(watches))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        sqlite.create(path).close()
        with build(Settings(database_url=f"sqlite:///{path}"), config, limits=_IMPOLITE, clock=clock) as app:
            yield app


def feed(url: str) -> SourceConfig:
    return SourceConfig.model_validate({"kind": "feed", "name": url, "url": url})


@contextmanager
def ours_unchanged(address: str, paths: Sequence[str]) -> Iterator[Round]:
    """Feeds a second of processor time, all of them answering "not modified"."""
    sources = {f"feed-{n}": feed(f"{address}/ours{path}") for n, path in enumerate(paths)}
    with bot_on(sources) as app, asyncio.Runner() as runner:

        async def play() -> float:
            started = process_time()
            report = await app.poll_once()
            seconds = process_time() - started  # without `Runner.run`, which writes out the whole result at its end
            assert report.good, report
            return len(report.polled) / seconds

        stay_prompt()  # as a run does
        runner.run(play())
        yield lambda: runner.run(play())
        runner.run(app.close())


@contextmanager
def ours_new(sources: Mapping[str, SourceConfig], watches: Sequence[Watch] | None = None) -> Iterator[Round]:
    """New entries a second: parsed, stored, judged, and what is to be said put into the outbox."""
    with bot_on(sources, watches) as app, asyncio.Runner() as runner:

        def play() -> float:
            started = perf_counter()
            report = runner.run(app.poll_once())
            seconds = perf_counter() - started
            assert report.new, report
            return report.new / seconds

        stay_prompt()  # as a run does
        runner.run(app.poll_once())  # the silent baseline
        yield play
        runner.run(app.close())


@contextmanager
def reader_unchanged(address: str, paths: Sequence[str], workers: int) -> Iterator[Round]:
    """Feeds a second of processor time, all of them answering "not modified"."""
    with _reader_on(address, paths, workers) as reader:

        def play() -> float:
            started = process_time()
            results = list(reader.update_feeds_iter(scheduled=False, workers=workers))
            seconds = process_time() - started
            assert [result.value for result in results] == [None] * len(paths), results
            return len(results) / seconds

        yield play


@contextmanager
def reader_new(address: str, paths: Sequence[str], workers: int) -> Iterator[Round]:
    """New entries a second, parsed and stored; it has no watches and says nothing."""
    with _reader_on(address, paths, workers) as reader:

        def play() -> float:
            started = perf_counter()
            results = list(reader.update_feeds_iter(scheduled=False, workers=workers))
            seconds = perf_counter() - started
            new = sum(result.value.new for result in results if isinstance(result.value, UpdatedFeed))
            assert new, results
            return new / seconds

        yield play


@contextmanager
def _reader_on(address: str, paths: Sequence[str], workers: int) -> Iterator[Reader]:
    with TemporaryDirectory() as folder, closing(make_reader(f"{folder}/reader.db")) as reader:
        for path in paths:
            reader.add_feed(f"{address}/reader-{workers}{path}")
        reader.update_feeds(scheduled=False, workers=workers)
        yield reader


@contextmanager
def aiohttp_unchanged(address: str, paths: Sequence[str]) -> Iterator[Round]:
    """Feeds a second of processor time, with nothing done but the asking: a loop over one session."""
    with asyncio.Runner() as runner:
        session = runner.run(_session())
        addresses = [f"{address}/aiohttp{path}" for path in paths]
        etags = dict(runner.run(_ask_all(session, addresses, {}, 200)))

        async def play() -> float:
            started = process_time()
            answers = await _ask_all(session, addresses, etags, 304)
            return len(answers) / (process_time() - started)

        yield lambda: runner.run(play())
        runner.run(session.close())


async def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit_per_host=_AT_ONCE))


async def _ask_all(
    session: aiohttp.ClientSession, addresses: Sequence[str], etags: Mapping[str, str], expected: int
) -> list[tuple[str, str]]:
    """The ETag of each address."""
    left = iter(addresses)

    async def ask() -> list[tuple[str, str]]:
        found = []
        for address in left:
            async with session.get(address, headers={"If-None-Match": etags.get(address, '"none"')}) as response:
                await response.read()
                assert response.status == expected, response
                found.append((address, response.headers["ETag"]))
        return found

    return [pair for pairs in await asyncio.gather(*(ask() for _ in range(_AT_ONCE))) for pair in pairs]
