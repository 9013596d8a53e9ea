"""The Federal Register's documents: taken in with no watch, with the shipped ones, and with a thousand; then a year."""

from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import count
from time import perf_counter
from typing import Final

from bench.contestants import READER, bot_on, ours_new, reader_new
from bench.material import TODAY, Writer, register, rss
from bench.measure import Figure, Round, Size, in_turn
from bench.server import Page, serving
from bench.watches import plain_rules, watches
from bot.alerts.intake import MOST_NEW
from bot.config.feeds import SourceConfig
from bot.shared.calendar import business_day

_A_DAY: Final = 112  # documents of one issue
_A_YEAR: Final = 28_000
_LOOKBACK: Final = 365  # days
_JSON: Final = "application/json"


def documents(size: Size) -> list[Figure]:
    """A page of the Register's API, all of it new; reader gets the same documents as RSS, and only stores them."""
    writer = Writer(1)
    issues = [writer.stories(size.of(400), words=75) for _ in range(size.rounds + 2)]  # fewer than MOST_NEW in all
    pages = {
        "/documents.json": Page(_JSON, [register(issue) for issue in issues]),
        "/documents.rss": Page("application/rss+xml", [rss("register", issue) for issue in issues]),
    }
    kinds = {"no watch": (), "shipped watches": None, "1,000 watches": watches(plain_rules(size.of(1_000), seed=2))}
    with serving(pages) as address:
        found = in_turn(
            {
                **{
                    name: partial(ours_new, {"register": _register(f"{address}/{name[:2]}/documents.json")}, those)
                    for name, those in kinds.items()
                },
                READER: partial(reader_new, address, ["/documents.rss"], 1),
            },
            size.rounds,
        )
    aims = {"no watch": 10, "shipped watches": 3}
    return [
        Figure(
            what=f"Register documents, {name}",
            unit="documents/s",
            ours=found[name],
            rival=f"{READER}, the same as RSS",
            theirs=found[READER],
            aim=aims.get(name),
        )
        for name in kinds
    ]


def year(size: Size) -> list[Figure]:
    """A year of the Register at one poll, with the shipped watches, as one who wants to look back lets it be read.

    A search counts to 10,000 at most and says so, whereupon each day is asked for by itself. All of it is read; the
    first `MOST_NEW`, what a source may bring in a day, are taken in, and put into the outbox, in one transaction.
    """
    size = size.short
    total = size.of(_A_YEAR)
    new = min(total - _A_DAY, MOST_NEW)
    with serving(_year(total)) as address:
        found = in_turn({"ours": partial(_caught_up, address, new)}, size.rounds)["ours"]
    seconds, memory = zip(*found, strict=True)
    what = f"{total:,} Register documents read, {new:,} taken in"
    limits = {"s": (seconds, 60.0), "MB": (memory, 1_000.0)}
    return [
        Figure(
            what=what if unit == "s" else f"{what}, memory at most", unit=unit, ours=ours, rival="limit",
            theirs=[limit] * size.rounds, aim=1, less_is_better=True,
        )
        for unit, (ours, limit) in limits.items()
    ]  # fmt: skip


def _year(total: int) -> dict[str, Page]:
    """What each day's search finds, the newest day's first; and what a search for the whole year says."""
    writer, left = Writer(1), total
    issues: dict[date, bytes] = {}
    for on in (TODAY - timedelta(days=ago) for ago in range(_LOOKBACK + 2)):
        issue = writer.stories(min(_A_DAY, left) if on == TODAY or business_day(on) else 0, words=75)
        left -= len(issue)
        issues[on] = register(issue, on)
    too_many = json.dumps(json.loads(issues[TODAY]) | {"count": 10_000}).encode()
    path = "/documents.json"
    days = {f"{path}?conditions[publication_date][is]={on}": Page(_JSON, [issue]) for on, issue in issues.items()}
    return days | {path: Page(_JSON, [issues[TODAY], too_many])}


@contextmanager
def _caught_up(address: str, expected: int) -> Iterator[Round]:
    """Seconds, and MB at most. Each time a new bot, which knows today's documents and nothing of the year's."""
    readers = count()

    def play() -> tuple[float, float]:
        source = _register(f"{address}/{next(readers)}/documents.json", lookback=_LOOKBACK)
        with bot_on({"register": source}) as app, asyncio.Runner() as runner:
            runner.run(app.poll_once())
            started = perf_counter()
            report = runner.run(app.poll_once())
            seconds = perf_counter() - started
            runner.run(app.close())
        assert report.new == expected, report
        return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3

    yield play


def _register(url: str, lookback: int = 7) -> SourceConfig:
    return SourceConfig.model_validate(
        {"kind": "federal-register", "name": "Register", "url": url, "lookback": f"{lookback}d"}
    )
