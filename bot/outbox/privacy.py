"""Check with its platform whether a channel is private. Drafts are posted only to private channels."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.outbox.model import Channel

_GOOD_FOR: Final = timedelta(minutes=10)  # how long an answer is cached
_PATIENCE: Final = 20  # seconds for one channel


@dataclass(frozen=True, slots=True)
class Privacy:
    """Who may read a channel. `seen_by`: why others can, such as "it is public"; `unknown`: why the check failed."""

    seen_by: str = ""
    unknown: str = ""

    @property
    def why_not(self) -> str:
        """Return why the channel is not known to be private; "" if it is private."""
        return f"the bot could not tell whether it is private ({self.unknown})" if self.unknown else self.seen_by


AskPrivacy = Callable[[Channel], Awaitable[Privacy]]


class ChannelPrivacy:
    """Privacy of the channels of feeds.yml, cached for ten minutes. The console is private."""

    def __init__(self, channels: Mapping[str, Channel], ask: AskPrivacy, clock: Callable[[], datetime]) -> None:
        self._channels = channels
        self._ask = ask
        self._clock = clock
        self._cache: dict[str, tuple[datetime, Privacy]] = {}

    def take_up(self, channels: Mapping[str, Channel]) -> None:
        """Use these channels from now on, and forget what was cached about one whose address has changed."""
        moved = {name for name, channel in self._channels.items() if channels.get(name) != channel}
        self._channels = channels
        self._cache = {name: answer for name, answer in self._cache.items() if name not in moved}

    def not_private(self, name: str) -> str | None:
        """Return why a channel is not private, "" if it is; None if that is not in the cache."""
        if self._channels[name].platform == "console":
            return ""
        cached = self._cache.get(name)
        return cached[1].why_not if cached and self._clock() - cached[0] < _GOOD_FOR else None

    async def look(self, names: Iterable[str]) -> None:
        """Ask the platforms about the channels that are not in the cache."""
        wanted = [name for name in dict.fromkeys(names) if self.not_private(name) is None]
        for name, privacy in zip(wanted, await asyncio.gather(*map(self._ask_platform, wanted)), strict=True):
            self._cache[name] = self._clock(), privacy

    async def _ask_platform(self, name: str) -> Privacy:
        channel = self._channels[name]
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._ask(channel)
        except TimeoutError:
            return Privacy(unknown=f"{channel.platform.capitalize()} did not answer")
