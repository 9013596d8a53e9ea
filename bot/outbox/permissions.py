"""What the bot may do in a channel, as its platform says now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.outbox.model import Channel


@dataclass(frozen=True, slots=True)
class Permissions:
    """`lacking`: each with what a person can do about it; none: all is in order. `unknown`: why nobody could look."""

    lacking: tuple[str, ...] = ()
    unknown: str = ""


CheckPermissions = Callable[[Channel], Awaitable[Permissions]]
