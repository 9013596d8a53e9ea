"""Try watches on what the sources list now. It needs no database, and stores and posts nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.alerts.cards import day_of
from bot.app import wiring
from bot.config.load import Config
from bot.config.settings import Settings
from bot.media.news.reading import Reading
from bot.shared.answer import Answer, Fetched, FetchFailed, Memory
from bot.shared.entry import Entry
from bot.shared.health import Health
from bot.sources.register.federal_register import FederalRegisterConfig
from bot.watch.backtest import Report, backtest
from bot.watch.model import Watch

_PATIENCE: Final = timedelta(minutes=2)  # the Federal Register's 90 days are some seven answers of a megabyte


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the sources listed, with its times. `failed`: why a source gave nothing, by its name."""

    entries: Sequence[tuple[Entry, datetime]]
    asked: int
    failed: Mapping[str, str]
    since: datetime
    until: datetime

    def report(self, watch: Watch) -> Report:
        """The watch's matches among these entries."""
        return backtest(watch, None, self.entries, self.since, self.until)


async def listing(settings: Settings, config: Config, since: datetime, now: datetime) -> Listing:
    """Ask each source once for all it lists, and the Federal Register for everything since then."""
    fetcher = wiring.fetcher(config)
    asked = dict(config.feeds.sources)
    for id_, source in asked.items():
        if isinstance(source, FederalRegisterConfig):
            asked[id_] = source.model_copy(update={"lookback": now - since})
    config = replace(config, feeds=config.feeds.model_copy(update={"sources": asked}))
    sources = wiring.sources(settings, config, fetcher)
    try:
        answers = await asyncio.gather(*(_in_time(source.poll(Memory(), now)) for source in sources.values()))
    finally:
        await fetcher.close()
    read = [answer for answer in answers if isinstance(answer, Fetched)]
    names = [config.feeds.sources[id_].name for id_ in sources]
    failed = {name: end.detail for name, end in zip(names, answers, strict=True) if isinstance(end, FetchFailed)}
    reading = Reading(config.coalition)  # as the running bot does: names of minors and people harmed are withheld
    entries = [(reading.read(entry)[0], _when(entry, now)) for answer in read for entry in answer.entries]
    return Listing(entries=entries, asked=len(sources), failed=failed, since=since, until=now + timedelta(days=1))


async def _in_time(asking: Coroutine[None, None, Answer]) -> Answer:
    seconds = _PATIENCE.total_seconds()
    try:
        async with asyncio.timeout(seconds):
            return await asking
    except TimeoutError:
        return FetchFailed(Health.UNREACHABLE, f"no full answer within {seconds:.0f} seconds")


def _when(entry: Entry, now: datetime) -> datetime:
    """When it was published; now if the source does not say, as with the lines of a page."""
    day = day_of(entry)
    return entry.published or (datetime.combine(day, time(12), UTC) if day else now)
