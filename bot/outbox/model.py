"""Deliveries, what became of them, and when to try again. Pure: the clock and the dice come in as arguments."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.commands.model import File
from bot.shared.card import Card

DIRECT: Final = "dm:"  # and a person's id: the name of the channel that is one person's direct messages

# The shape Svix publishes for webhooks: 5 s, 5 min, 30 min, 2 h, 5 h, then every 10 h.
BACK_OFF: Final = tuple(timedelta(seconds=s) for s in (5, 300, 1_800, 7_200, 18_000, 36_000))
JITTER: Final = 0.1  # of a wait, always added, never taken away
LONGEST_WAIT: Final = BACK_OFF[-1] * (1 + JITTER)
GIVE_UP_AFTER: Final = timedelta(hours=72)
# As many waits as fill 72 h. Both must be used up: a clock that jumps ahead kills nothing, nor do many short 429s.
TRIES: Final = 12


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"  # committed before the network is touched
    SENT = "sent"
    RETRY = "retry"  # it certainly did not arrive
    AMBIGUOUS = "ambiguous"  # it may have arrived: the platform is asked before it is said again
    DEAD = "dead"  # given up; a person was told
    DROPPED = "dropped"  # by a person


OPEN: Final = (State.PENDING, State.SENDING, State.RETRY, State.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to post: `name` is the coalition's own word, `address` the platform's id of the channel.

    Where `person` is set it is that person's direct messages, and `address` is the platform's id of the user.
    """

    name: str
    platform: str  # "slack" | "discord" | "console"
    address: str
    person: str = ""  # their name, for people to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
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
    attempted_at: datetime | None = None  # of the first attempt that ended in doubt, for reconciliation
    tried_at: datetime | None = None  # until when the last such attempt may have arrived
    edits: str | None = None  # the platform's reference of the message this changes; then `key` is that message's
    files: tuple[File, ...] = ()
    said: str | None = None  # the platform's reference of this very message, where only its files are still to come

    @property
    def mark(self) -> str:
        """24 characters (a-z, 2-7) that stand for this message in this channel, the same at every attempt.

        The channel is part of it: Discord compares nonces per author, not per channel, so the same news in two
        channels would otherwise be posted in one.
        """
        return mark_of(self.channel.name, self.key)


def mark_of(channel: str, key: str) -> str:
    """`Outgoing.mark` of a delivery of that key in the channel of that name."""
    digest = hashlib.sha256(f"{channel}\n{key}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:24]


def alphanumeric(text: str) -> str:
    """The letters and digits of a text alone: the same on every platform, whatever its markup and layout."""
    return "".join(filter(str.isalnum, text.casefold()))


@dataclass(frozen=True, slots=True)
class Delivered:
    ref: str  # Slack ts, Discord message id


@dataclass(frozen=True, slots=True)
class FilesPending:
    """The message is there, its files are not yet: they are sent once that is written down, as a `Outgoing.said`."""

    ref: str


@dataclass(frozen=True, slots=True)
class RetryAt:
    """It certainly did not arrive; try again at `at` (None: the outbox's own schedule).

    `unknown`: the platform refuses it with a code that we do not know, so a person has to look.
    """

    why: str
    at: datetime | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will never arrive as it is. `scope` says how far the refusal reaches."""

    why: str
    scope: str = "message"  # "message" | "channel" (archived, not a member …) | "platform" (token revoked …)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may or may not have arrived: timeout, reset, half an answer, 5xx."""

    why: str


Outcome = Delivered | FilesPending | RetryAt | Rejected | Ambiguous


@dataclass(frozen=True, slots=True)
class Found:
    ref: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The platform's history was read and the message is not in it: sending again is safe."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """It is not in the platform's history, which may not show it yet: look again at `at`, and do not send before."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The platform shows its history to this bot never, or not far enough: it is said again with a warning."""

    why: str


SearchOutcome = Found | FilesPending | NotFound | NotYet | CannotTell | RetryAt | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """A message of ours as its platform shows it. `mark`: the first ten characters of it; `words`: `alphanumeric`."""

    mark: str
    ref: str
    at: datetime
    words: str
    links: tuple[str, ...]


class Sender(Protocol):
    """One platform's postman. Never raises for what the network or the platform does: that is an Outcome."""

    platform: str

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Post it with its files, or only the files where `outgoing.said`. `FilesPending`: the files come next."""

    async def edit(self, outgoing: Outgoing) -> Outcome:
        """Show `message.card` where the message `message.edits` stands. Doing it twice is as good as once."""

    async def find(self, outgoing: Outgoing) -> SearchOutcome:
        """Whether a message whose attempt ended in doubt (at `message.attempted_at`) was already said.

        Where `message.said`: whether its files are there. `FilesPending`: it was said, but for its files. `RetryAt` and
        `Rejected`: the platform could not be asked just now, and the doubt remains.
        """

    async def read_history(
        self, channel: Channel, since: datetime
    ) -> tuple[PostedMessage, ...] | CannotTell | RetryAt | Rejected:
        """All that we have said there since then, replies too, or why that cannot be known."""

    async def close(self) -> None: ...


def next_attempt(
    attempts: int,
    now: datetime,
    first_attempt: datetime,
    dice: Callable[[], float],
    *,
    not_before: datetime | None = None,
) -> datetime | None:
    """When to try again after `attempts` (>= 1) tries, or None when it is time to give up.

    `dice` gives a number in [0, 1). `not_before` is the platform's own word (Retry-After): never earlier, and at
    most a tenth of the wait later.
    """
    if attempts >= TRIES and now - first_attempt >= GIVE_UP_AFTER:
        return None
    wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    if not_before is not None:
        wait = max(not_before - now, timedelta(seconds=1))
    return now + wait * (1 + JITTER * dice())
