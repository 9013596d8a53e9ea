"""A coalition's channels: those of feeds.yml, and each person's direct messages; and which of them are private.

Drafts are posted only to private channels.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.config.feeds import Feeds
from bot.outbox import holds
from bot.outbox.model import BY_MAIL, NOTICE, OFFICE, OUTSIDE, PERSONAL, TO_CONFIRM, Channel
from bot.shared.platforms import BLIND

_GOOD_FOR: Final = timedelta(minutes=10)  # how long it is cached whether a channel is private
_PATIENCE: Final = 20  # seconds for one channel


@dataclass(eq=False, repr=False)
class Channels:
    """Look up channels by name. `direct` resolves `dm:<person id>` now, None if nobody can be reached.

    `has_role`: whether that person has the role a message needs. `platforms`: those that can be posted to.
    """

    named: Mapping[str, Channel]
    direct: Callable[[str], Channel | None]
    has_role: Callable[[str, str], bool]
    _: KW_ONLY
    platforms: Collection[str]
    admin: str

    def find(self, name: str) -> Channel | None:
        return self.direct(name) if is_direct(name) else self.named.get(name)

    def may_read(self, name: str, needs: str) -> bool:
        """Whether the reader of this channel has the role that a message needs right now."""
        return not is_direct(name) or self.has_role(name, needs)

    def scopes(self, name: str) -> set[str]:
        """Return the scopes of every hold that would stop this channel."""
        channel = self.find(name)
        return set(holds.scopes_of(channel).values()) if channel else {holds.ALL, holds.channel_scope(name)}

    def display_name(self, name: str) -> str:
        """Return `"policy"`, or the name of the person it reaches."""
        if not is_direct(name):
            return f'"{name}"'
        to_confirm = TO_CONFIRM + name.removeprefix(BY_MAIL)  # where only an address that is not confirmed is found
        channel = self.direct(name) or self.direct(to_confirm)
        return channel.person if channel else "someone who has left"

    def for_trouble(self, active_holds: Collection[str]) -> Channel:
        """The admin channel or, if on hold, an open one on another platform; none whose readers the bot cannot see."""
        admin = self.named[self.admin]
        chats = {*self.platforms} - {admin.platform, *BLIND}
        others = [channel for channel in self.named.values() if channel.platform in chats]
        return next((c for c in (admin, *others) if not self.scopes(c.name) & {*active_holds}), admin)


def channels_of(feeds: Feeds) -> dict[str, Channel]:
    """The channels of feeds.yml, by name."""
    return {name: Channel(name, *channel.to.split(":", 1)) for name, channel in feeds.channels.items()}


def is_direct(name: str) -> bool:
    return name.startswith((*PERSONAL, OUTSIDE, OFFICE, NOTICE))


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

    def update(self, channels: Mapping[str, Channel]) -> None:
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
