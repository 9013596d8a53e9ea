"""The channels of one coalition: those of feeds.yml, and each person's direct messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from bot.outbox import holds
from bot.outbox.model import DIRECT, Channel


class Channels:
    """`direct` tells where `dm:<person id>` leads at this moment, None where it leads nowhere any more.

    `may_read` tells whether that person has the role that a message needs. `platforms` are those that can be posted to.
    """

    def __init__(
        self,
        named: Mapping[str, Channel],
        direct: Callable[[str], Channel | None],
        may_read: Callable[[str, str], bool],
        *,
        platforms: Collection[str],
        admin: str,
    ) -> None:
        self._named = named
        self._direct = direct
        self._may_read = may_read
        self._platforms = platforms
        self._admin = admin

    def find(self, name: str) -> Channel | None:
        return self._direct(name) if is_direct(name) else self._named.get(name)

    def may_read(self, name: str, needs: str) -> bool:
        """Whether whoever reads this channel has, at this moment, the role that a message needs."""
        return not is_direct(name) or self._may_read(name, needs)

    def scopes(self, name: str) -> set[str]:
        """Whatever may hold this channel."""
        channel = self.find(name)
        return set(holds.scopes_of(channel).values()) if channel else {holds.ALL, holds.channel_scope(name)}

    def called(self, name: str) -> str:
        """What people call it: `"policy"`, or the person whom it reaches."""
        if not is_direct(name):
            return f'"{name}"'
        channel = self._direct(name)
        return channel.person if channel else "somebody who has left"

    def for_trouble(self, held: Collection[str]) -> Channel:
        """The admin channel; while that is held, one on another platform, if any is open. `held`: scopes."""
        admin = self._named[self._admin]
        others = [c for c in self._named.values() if c.platform in {*self._platforms} - {admin.platform}]
        return next((c for c in (admin, *others) if not self.scopes(c.name) & {*held}), admin)


def is_direct(name: str) -> bool:
    return name.startswith(DIRECT)
