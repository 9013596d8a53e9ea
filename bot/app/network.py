"""Network access for a command's `fetch`: the sources' fetcher, and a check of the bot's rights in channels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime
from typing import Final

from bot.deadlines.regulations_gov import RegulationsGov
from bot.fetch.http import Fetcher
from bot.outbox.model import Channel, CheckPermissions, Permissions
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Memory, Source, Unchanged
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord
from bot.shared.entry import Entry
from bot.shared.health import Health
from bot.shared.urls import host_of
from bot.sources.congress.bill_status import BillStatus
from bot.sources.feeds.feed import FeedSource
from bot.sources.mail.source import MailSource
from bot.sources.roads import Roads

_NO_BILLS: Final = FetchFailed(Health.UNREACHABLE, "no source reads bills: add bill-status to the sources in feeds.yml")
_PATIENCE: Final = 10  # seconds for one channel


@dataclass(eq=False, repr=False)
class Network:
    """The bot's guarded and rate-limited fetcher; no answer is stored.

    `sources` returns the adapters of the effective configuration; `check_permissions` asks a channel's platform;
    `reading` prepares entries for display.
    """

    fetcher: Fetcher
    sources: Callable[[], Mapping[str, Source]]
    channels: Callable[[], Mapping[str, Channel]]
    check_permissions: CheckPermissions
    regulations_gov: RegulationsGov | None  # without a key
    _: KW_ONLY
    reading: Callable[[Sequence[Entry]], Sequence[Entry]]
    clock: Callable[[], datetime]

    def now(self) -> datetime:
        return self.clock()

    async def get(self, url: str) -> Body | Unchanged | FetchFailed:
        return await self.fetcher.get(url, now=self.clock())

    async def feed(self, url: str) -> Answer:
        """The answer of a feed at this address to a first poll."""
        return await self._asked(FeedSource("candidate", host_of(url), url, self.fetcher))

    async def source(self, typed: str) -> Answer | None:
        """A source's answer now, as to a first poll; None if it does not exist or is disabled.

        `typed`: the source's id or name.
        """
        source = self._source(typed)
        return await self._asked(source) if source else None

    async def mailbox(self, typed: str) -> str | None:
        """The email address of a source or of its road by mail; "" if no mailbox is read, None if it has none."""
        source = self._source(typed)
        roads = source.sources if isinstance(source, Roads) else [source]
        return next((road.mailbox for road in roads if isinstance(road, MailSource)), None)

    def _source(self, typed: str) -> Source | None:
        sources = self.sources()
        same = [source for source in sources.values() if source.name.casefold() == typed.casefold()]
        return sources.get(typed) or (same[0] if len(same) == 1 else None)

    async def bill(self, bill: BillNumber) -> tuple[BillRecord, ...] | FetchFailed:
        """A bill's current record from its sources."""
        source = self._bill_status()
        return await source.look(bill, self.clock()) if source else _NO_BILLS

    async def bill_text(self, bill: BillNumber, version: str) -> Body | FetchFailed:
        """One version of a bill's text."""
        source = self._bill_status()
        return await source.text(bill, version, self.clock()) if source else _NO_BILLS

    async def _asked(self, source: Source) -> Answer:
        answer = await source.poll(Memory(), self.clock())
        if not isinstance(answer, Fetched):
            return answer
        return replace(answer, entries=tuple(await asyncio.to_thread(self.reading, answer.entries)))

    def _bill_status(self) -> BillStatus | None:
        return next((source for source in self.sources().values() if isinstance(source, BillStatus)), None)

    async def rights(self) -> dict[str, Permissions]:
        """Return the bot's rights by the channels' names in feeds.yml."""
        channels = self.channels()
        results = await asyncio.gather(*map(self._check, channels.values()))
        return dict(zip(channels, results, strict=True))

    async def rights_at(self, to: str) -> str:
        """Return why the bot cannot post to an address such as `slack:C0123ABCD`, as a sentence; "" if it can."""
        platform, _, address = to.partition(":")
        rights = await self._check(Channel("", platform, address))
        if rights.unknown:
            return f"Whether the bot can post there is unknown: {rights.unknown}."
        return f"The bot cannot post there yet: {'; '.join(rights.lacking)}." if rights.lacking else ""

    async def _check(self, channel: Channel) -> Permissions:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self.check_permissions(channel)
        except TimeoutError:
            return Permissions(unknown=f"{channel.platform.capitalize()} did not answer")
