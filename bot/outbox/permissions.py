"""The bot's permissions in a channel, as its platform reports them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.outbox.model import Channel


@dataclass(frozen=True, slots=True)
class Permissions:
    """`lacking`: each missing permission and how to grant it; `unknown`: why the check failed."""

    lacking: tuple[str, ...] = ()
    unknown: str = ""


CheckPermissions = Callable[[Channel], Awaitable[Permissions]]
