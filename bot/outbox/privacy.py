"""Whether a channel is private, as its platform says: drafts are posted to no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.outbox.model import Channel

_GOOD_FOR: Final = timedelta(minutes=10)  # how long an answer is used
_PATIENCE: Final = 20  # seconds for one channel


@dataclass(frozen=True, slots=True)
class Privacy:
    """Who may read a channel. `seen_by`: who else, as "it is public"; `unknown`: why nobody could tell."""

    seen_by: str = ""
    unknown: str = ""

    @property
    def why_not(self) -> str:
        """Why it is not known to be private; "" where it is."""
        return f"I could not tell whether it is private ({self.unknown})" if self.unknown else self.seen_by


AskPrivacy = Callable[[Channel], Awaitable[Privacy]]


class ChannelPrivacy:
    """What the platforms say of the channels of feeds.yml, kept for ten minutes. The console is private."""

    def __init__(self, channels: Mapping[str, Channel], ask: AskPrivacy, clock: Callable[[], datetime]) -> None:
        self._channels = channels
        self._ask = ask
        self._clock = clock
        self._known: dict[str, tuple[datetime, Privacy]] = {}

    def not_private(self, name: str) -> str | None:
        """Why the channel is not private, "" where it is; None where its platform was not asked of late."""
        if self._channels[name].platform == "console":
            return ""
        known = self._known.get(name)
        return known[1].why_not if known and self._clock() - known[0] < _GOOD_FOR else None

    async def look(self, names: Iterable[str]) -> None:
        """Ask for those of the channels that are not known."""
        wanted = [name for name in dict.fromkeys(names) if self.not_private(name) is None]
        for name, found in zip(wanted, await asyncio.gather(*map(self._asked, wanted)), strict=True):
            self._known[name] = self._clock(), found

    async def _asked(self, name: str) -> Privacy:
        channel = self._channels[name]
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._ask(channel)
        except TimeoutError:
            return Privacy(unknown=f"{channel.platform.capitalize()} did not answer")
