"""Deliveries, what became of them, and when to try again. Pure: the clock and the dice come in as arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.card import Card


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to post: `name` is the coalition's own word, `address` the platform's id."""

    name: str
    platform: str  # "slack" | "discord" | "console"
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One claimed delivery, ready to be rendered and sent.

    `key` is stable across restarts and attempts: the same key is the same message. `reply_to` is the platform's
    reference of the thread's first message, None for a new thread. `may_repeat` is set when an earlier attempt may
    have arrived and the platform cannot tell.
    """

    id: str
    key: str
    channel: Channel
    card: Card
    reply_to: str | None = None
    may_repeat: bool = False
    attempt: int = 1
    attempted_at: datetime | None = None  # of the attempt that ended in doubt, for reconciliation


@dataclass(frozen=True, slots=True)
class Delivered:
    ref: str  # Slack ts, Discord message id


@dataclass(frozen=True, slots=True)
class RetryAt:
    """It certainly did not arrive; try again at `at` (None: the outbox's own schedule)."""

    why: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will never arrive as it is. `scope` says how far the refusal reaches."""

    why: str
    scope: str = "message"  # "message" | "channel" (archived, not a member …) | "platform" (token revoked …)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may or may not have arrived: timeout, reset, half an answer, 5xx."""

    why: str


Outcome = Delivered | RetryAt | Rejected | Ambiguous


@dataclass(frozen=True, slots=True)
class Found:
    ref: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The platform's history was read and the message is not in it: sending again is safe."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """No history scope, or the history could not be read."""

    why: str


class Courier(Protocol):
    """One platform's postman. Never raises for what the network or the platform does: that is an Outcome."""

    platform: str

    async def send(self, parcel: Parcel) -> Outcome: ...

    async def find(self, parcel: Parcel) -> Found | NotFound | CannotTell:
        """Whether a parcel whose attempt ended in doubt (at `parcel.attempted_at`) was already said."""

    async def close(self) -> None: ...
