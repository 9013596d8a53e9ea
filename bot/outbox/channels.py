"""A coalition's channels: those of feeds.yml, and each person's direct messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from bot.outbox import holds
from bot.outbox.model import BY_MAIL, OFFICE, OUTSIDE, PERSONAL, TO_CONFIRM, Channel


class Channels:
    """Look up channels by name. `direct` resolves `dm:<person id>` now, None if nobody can be reached.

    `may_read`: whether that person has the role a message needs. `platforms`: those that can be posted to.
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
        """Whether the reader of this channel has the role that a message needs right now."""
        return not is_direct(name) or self._may_read(name, needs)

    def scopes(self, name: str) -> set[str]:
        """Return the scopes of every hold that would stop this channel."""
        channel = self.find(name)
        return set(holds.scopes_of(channel).values()) if channel else {holds.ALL, holds.channel_scope(name)}

    def display_name(self, name: str) -> str:
        """Return `"policy"`, or the name of the person it reaches."""
        if not is_direct(name):
            return f'"{name}"'
        to_confirm = TO_CONFIRM + name.removeprefix(BY_MAIL)  # where only an address that is not confirmed is found
        channel = self._direct(name) or self._direct(to_confirm)
        return channel.person if channel else "someone who has left"

    def for_trouble(self, active_holds: Collection[str]) -> Channel:
        """Return the admin channel, or while it is on hold an open one on another platform, if any.

        Never a webhook: others may read it.
        """
        admin = self._named[self._admin]
        chats = {*self._platforms} - {admin.platform, "webhook"}
        others = [channel for channel in self._named.values() if channel.platform in chats]
        return next((c for c in (admin, *others) if not self.scopes(c.name) & {*active_holds}), admin)


def is_direct(name: str) -> bool:
    return name.startswith((*PERSONAL, OUTSIDE, OFFICE))
