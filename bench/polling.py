"""Asking feeds: those that have nothing new, and those that have."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from bench.contestants import (
    READER,
    aiohttp_unchanged,
    bot_on,
    feed,
    ours_new,
    ours_unchanged,
    reader_new,
    reader_unchanged,
)
from bench.material import Writer, rss, windows
from bench.measure import Contestant, Figure, Round, Size, better, in_turn, note_delays
from bench.server import Page, serving
from bot.app.loops import stay_prompt
from bot.config.feeds import SourceConfig

_WORKERS: Final = (1, 10)  # of reader: the better one counts


def unchanged(size: Size) -> list[Figure]:
    """Feeds that answer "not modified", as most do at most polls.

    Measured in processor time: by the clock, the ratios of one run were between 0.3 and 1.0 on a busy machine.
    """
    paths = [f"/feed/{n}" for n in range(size.of(500))]
    stories = Writer(1).stories(10)
    pages = {path: Page("application/rss+xml", [rss(f"site{n}", stories)]) for n, path in enumerate(paths)}
    with serving(pages) as address:
        found = in_turn(
            {
                "ours": partial(ours_unchanged, address, paths),
                "aiohttp": partial(aiohttp_unchanged, address, paths),
                **{_named(n): partial(reader_unchanged, address, paths, n) for n in _WORKERS},
            },
            size.rounds,
        )
    rival = better(found, *map(_named, _WORKERS))
    what, unit = f"{len(paths)} unchanged feeds", "feeds/s of processor time"
    return [
        Figure(what=what, unit=unit, ours=found["ours"], rival=rival, theirs=found[rival], aim=5),
        Figure(what=what, unit=unit, ours=found["ours"], rival="bare aiohttp loop", theirs=found["aiohttp"], aim=0.6),
    ]


def changed(size: Size) -> list[Figure]:
    """Feeds with new entries: 20 on one core, then 4 large ones, each parsed in a separate process, on two.

    Reader only stores; so the same of ours, without a watch, is next to it.
    """
    one = _new_entries(size, "one core", feeds=20, shown=size.of(50), aims=(1, 1.4), one_core=True)
    if size.share < 1:
        return one  # to try whether it runs, once is enough
    two = _new_entries(
        size.short, "two cores, large feeds", feeds=4, shown=size.of(800), aims=(0.9, 1.4), one_core=False
    )
    return [*one, *two]


def _new_entries(
    size: Size, where: str, *, feeds: int, shown: int, aims: tuple[float, float], one_core: bool
) -> list[Figure]:
    """`aims`: with the shipped watches, and with none."""
    paths = [f"/feed/{n}" for n in range(feeds)]
    pages = {path: _growing(n, size.rounds, shown) for n, path in enumerate(paths)}
    kinds: dict[str, tuple[()] | None] = {"shipped watches": None, "no watch": ()}
    with serving(pages) as address:
        contestants: dict[str, Contestant] = {
            **{name: partial(ours_new, _feeds(f"{address}/{name[:2]}", paths), those) for name, those in kinds.items()},
            **{_named(n): partial(reader_new, address, paths, n) for n in _WORKERS},
        }
        found = in_turn(contestants, size.rounds, one_core=one_core)
    rival = better(found, *map(_named, _WORKERS))
    return [
        Figure(
            what=f"news entries, {where}, {name}",
            unit="entries/s",
            ours=found[name],
            rival=rival,
            theirs=found[rival],
            aim=aim,
        )
        for name, aim in zip(kinds, aims, strict=True)
    ]


def loop_delay(size: Size) -> list[Figure]:
    """How late the event loop is while one feed of 4.7 MB and ten of 240 KB are parsed and taken in."""
    size = size.short
    sizes = {"/large": size.of(3_500), **{f"/feed/{n}": size.of(190) for n in range(10)}}
    pages = {path: _growing(n, size.rounds, shown) for n, (path, shown) in enumerate(sizes.items())}
    with serving(pages) as address:
        found = in_turn({"ours": partial(_delays, address, list(sizes))}, size.rounds, one_core=False)["ours"]
    limit = [50.0] * size.rounds
    return [
        Figure(
            what=f"event loop late, {name}",
            unit="ms",
            ours=ours,
            rival="limit",
            theirs=limit,
            aim=1,
            less_is_better=True,
        )
        for name, ours in zip(("at most", "99 of 100 times"), zip(*found, strict=True), strict=True)
    ]


@contextmanager
def _delays(address: str, paths: Sequence[str]) -> Iterator[Round]:
    """In milliseconds: the longest delay of one poll, and the one that 99 in 100 do not exceed."""
    with (
        bot_on(_feeds(f"{address}/ours", paths)) as app,
        asyncio.Runner() as runner,
    ):

        async def play() -> tuple[float, float]:
            late: list[float] = []
            watching = asyncio.create_task(note_delays(late))
            report = await app.poll_once()
            watching.cancel()
            assert report.new, report
            return max(late), sorted(late)[len(late) * 99 // 100]

        runner.run(app.poll_once())
        stay_prompt()  # as a run does
        yield lambda: runner.run(play())
        runner.run(app.close())


def _feeds(address: str, paths: Sequence[str]) -> dict[str, SourceConfig]:
    return {f"feed-{n}": feed(f"{address}{path}") for n, path in enumerate(paths)}


def _growing(seed: int, rounds: int, shown: int) -> Page:
    """A feed that shows `shown` stories, four in five of them new at each look."""
    fresh = max(1, shown * 4 // 5)
    stories = Writer(seed).stories(shown + (rounds + 1) * fresh)
    return Page("application/rss+xml", [rss(f"site{seed}", window) for window in windows(stories, shown, fresh)])


def _named(workers: int) -> str:
    return f"{READER}, {workers} worker{'s' if workers > 1 else ''}"
