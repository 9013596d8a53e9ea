"""Network access for a command's `fetch`: the sources' fetcher, and a check of the bot's rights in channels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.outbox.model import Channel, CheckPermissions, Permissions
from bot.overrides.feed_discovery import Fetching
from bot.shared.entry import Entry
from bot.sources.fetch.http import Fetcher
from bot.sources.model import Source
from bot.sources.regulations.api import RegulationsGov

_PATIENCE: Final = 10  # seconds for one channel


class Network(Fetching):
    """`check_permissions` asks a channel's platform. Answers are not stored."""

    def __init__(
        self,
        fetcher: Fetcher,
        sources: Callable[[], Mapping[str, Source]],
        channels: Callable[[], Mapping[str, Channel]],
        check_permissions: CheckPermissions,
        regulations_gov: RegulationsGov | None,
        *,
        reading: Callable[[Sequence[Entry]], Sequence[Entry]],
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(fetcher, sources, reading=reading, clock=clock)
        self._channels = channels
        self._check_permissions = check_permissions
        self.regulations_gov = regulations_gov  # None without a key

    def now(self) -> datetime:
        return self._clock()

    async def rights(self) -> dict[str, Permissions]:
        """Return the bot's rights by the channels' names in feeds.yml."""
        channels = self._channels()
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
                return await self._check_permissions(channel)
        except TimeoutError:
            return Permissions(unknown=f"{channel.platform.capitalize()} did not answer")
