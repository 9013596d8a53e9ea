"""Deliveries, their states and outcomes, and the retry schedule. Pure: clock and dice are arguments."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.commands.model import File
from bot.shared.card import Card, Mark
from bot.shared.keyring import Keyring
from bot.shared.language import ENGLISH
from bot.shared.values import json_adapter

_CARD: Final = json_adapter(Card)
UNREADABLE: Final = Card(mark=Mark.HEALTH, head="(a card that cannot be read)")  # stands for one of another version

# The channels of one person, each followed by their id: direct messages, which go to a chat or by mail; mail alone;
# mail to an address that they have not confirmed yet; and links to log in.
DIRECT: Final = "dm:"
BY_MAIL: Final = "mail:"
TO_CONFIRM: Final = "confirm:"
LOG_IN: Final = "log-in:"
PERSONAL: Final = (DIRECT, BY_MAIL, TO_CONFIRM, LOG_IN)
# Mail to someone who is not a person of the coalition; an id of the room that writes to them follows.
OUTSIDE: Final = "outside:"
# To one account or address as it was when a notice about it was written; the notice's id follows.
NOTICE: Final = "notice:"
# What a pause everywhere does not stop: links that someone just asked for, most of which expire within a day, and
# notices about someone's accounts: within a day of it, what an administrator gave acts.
NEVER_PAUSED: Final = (TO_CONFIRM, LOG_IN, OUTSIDE, NOTICE)
# A letter to an office's listed address, as a person pressed Send; the mailing's id follows.
OFFICE: Final = "office:"

# The kind of a mail with a link or a code by which its reader acts. Its card is emptied once the outcome is final, so
# that nobody who reads the database later can act in the reader's name.
LINK: Final = "link"
# The kind of a mail with a link that someone outside asked for on a public page. It is emptied, too.
PUBLIC_LINK: Final = "public link"
# The kind of the campaign page's news by mail. Its cards are emptied, too: what is taken off the page goes from here.
PAGE_NEWS: Final = "page news"
EMPTIED_KINDS: Final = (LINK, PUBLIC_LINK, PAGE_NEWS)

# The shape Svix publishes for webhooks: 5 s, 5 min, 30 min, 2 h, 5 h, then every 10 h.
BACK_OFF: Final = tuple(timedelta(seconds=s) for s in (5, 300, 1_800, 7_200, 18_000, 36_000))
JITTER: Final = 0.1  # of a wait, always added, never subtracted
LONGEST_WAIT: Final = BACK_OFF[-1] * (1 + JITTER)
GIVE_UP_AFTER: Final = timedelta(hours=72)
# These waits fill 72 h. Both limits must be reached, so neither a clock jump nor many short 429s ends a message.
TRIES: Final = 12


class State(StrEnum):
    """A delivery's state."""

    PENDING = "pending"
    SENDING = "sending"  # committed before the network is touched
    SENT = "sent"
    RETRY = "retry"  # certainly not posted
    AMBIGUOUS = "ambiguous"  # perhaps posted: the platform is searched before it is sent again
    DEAD = "dead"  # given up, and reported to people
    DROPPED = "dropped"  # discarded by a person, or no longer needed


OPEN: Final = (State.PENDING, State.SENDING, State.RETRY, State.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to post. `name`: as in feeds.yml; `address`: the platform's id of the channel.

    If `person` is set, these are that person's direct messages, and `address` is the platform's id of the user.
    `token`: what links in a mail to that address are bound to. `unproven`: anyone may have typed the address, so that a
    mailbox that does not exist is no news for the administrators.
    `reply_to`: where answers to a letter go. `keyring`: signs the links in a mail; None where none are signed.
    `language`: in which what a mail says besides its card is written.
    """

    name: str
    platform: str  # a name in shared/platforms.py
    address: str
    person: str = ""  # their name, for people to read
    token: str = ""
    unproven: bool = field(default=False, kw_only=True)
    reply_to: str = field(default="", kw_only=True)
    keyring: Keyring | None = field(default=None, kw_only=True, repr=False)
    language: str = field(default=ENGLISH, kw_only=True)

    @property
    def hold_name(self) -> str:
        """The name under which it is on hold. Everything to one mail address is held together."""
        kind, _, person = self.name.partition(":")
        return f"{BY_MAIL}{person}" if self.platform == "mail" and f"{kind}:" in PERSONAL else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One claimed delivery, ready to be rendered and sent.

    `key` is the same across restarts and attempts. `reply_to`: the platform's reference of the thread's first message,
    None for a new thread. `may_repeat`: an earlier attempt may have arrived, and the platform cannot tell.
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
    posted_ref: str | None = None  # the platform's reference of this message, if only its files are missing

    @property
    def mark(self) -> str:
        """24 characters (a-z, 2-7) that identify this message in this channel, the same for every attempt.

        The channel is part of it because Discord compares nonces per author, not per channel: the same news for two
        channels would otherwise be posted in one.
        """
        return mark_of(self.channel.name, self.key)


def to_json(card: Card) -> str:
    """Return a card as the store has it."""
    return _CARD.dump_json(card, exclude_defaults=True).decode()


def from_json(text: str) -> Card:
    """Parse a stored card. Raises `ValueError` for anything else, such as a card of another version."""
    return _CARD.validate_json(text)


def readable_card(text: str) -> Card | None:
    """Parse a stored card; None if it is of another version."""
    try:
        return from_json(text)
    except ValueError:
        return None


def mark_of(channel: str, key: str) -> str:
    """Return `Outgoing.mark` of the delivery with that key in that channel."""
    digest = hashlib.sha256(f"{channel}\n{key}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:24]


def alphanumeric(text: str) -> str:
    """Return only a text's letters and digits, which are the same on every platform whatever its markup."""
    return "".join(filter(str.isalnum, text.casefold()))


@dataclass(frozen=True, slots=True)
class Delivered:
    ref: str  # Slack ts, Discord message id


@dataclass(frozen=True, slots=True)
class FilesPending:
    """The message was posted without its files. They are sent after that is recorded, by `Outgoing.posted_ref`."""

    ref: str


@dataclass(frozen=True, slots=True)
class RetryAt:
    """It was certainly not posted; retry at `at` (None: by the outbox's own schedule).

    `unknown`: the platform answered with an unknown error code, so a person has to look.
    """

    why: str
    at: datetime | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """The platform refuses it. `scope`: what it refuses."""

    why: str
    # "message" | "channel" (archived, not a member …) | "address" (a mailbox that does not exist: never tried again)
    # | "platform" (token revoked …) | "gone" (the message that it would edit is not there any more)
    scope: str = "message"


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may or may not have been posted: timeout, reset, incomplete answer, 5xx."""

    why: str


Outcome = Delivered | FilesPending | RetryAt | Rejected | Ambiguous


@dataclass(frozen=True, slots=True)
class Found:
    ref: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The platform's history does not contain the message: sending again is safe."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """The platform's history may not show the message yet: search again at `at`, and do not send before."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The platform's history cannot be read far enough: the message is sent again with a warning."""

    why: str


SearchOutcome = Found | FilesPending | NotFound | NotYet | CannotTell | RetryAt | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """One of our messages in a platform's history. `mark`: its first ten characters; `words`: `alphanumeric`."""

    mark: str
    ref: str
    at: datetime
    words: str
    links: tuple[str, ...]


class Sender(Protocol):
    """Sends to one platform. Never raises for what the network or the platform does: that is an Outcome."""

    platform: str

    @property
    def deadline(self) -> timedelta | None:
        """How long one call may take; None for the outbox's own."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Post it with its files, or only the files if `outgoing.posted_ref`. `FilesPending`: the files come next."""

    async def edit(self, outgoing: Outgoing) -> Outcome:
        """Change the message `outgoing.edits` to `outgoing.card`. Doing it twice is harmless."""

    async def find(self, outgoing: Outgoing) -> SearchOutcome:
        """Search for a message whose attempt (at `outgoing.attempted_at`) ended in doubt.

        With `outgoing.posted_ref`: search for its files. `FilesPending`: it was posted without its files. `RetryAt` and
        `Rejected`: the search failed, and the doubt remains.
        """

    async def read_history(
        self, channel: Channel, since: datetime
    ) -> tuple[PostedMessage, ...] | CannotTell | RetryAt | Rejected:
        """Return every message we posted there since then, with replies, or why that cannot be known."""

    async def close(self) -> None: ...


def next_attempt(
    attempts: int,
    now: datetime,
    first_attempt: datetime,
    dice: Callable[[], float],
    *,
    not_before: datetime | None = None,
) -> datetime | None:
    """Return when to retry after `attempts` (>= 1) tries, or None to give up.

    `dice` returns a number in [0, 1). `not_before`: the platform's Retry-After; never earlier, and at most a tenth of
    the wait later.
    """
    if attempts >= TRIES and now - first_attempt >= GIVE_UP_AFTER:
        return None
    wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    if not_before is not None:
        wait = max(not_before - now, timedelta(seconds=1))
    return now + wait * (1 + JITTER * dice())


@dataclass(frozen=True, slots=True)
class Permissions:
    """`lacking`: each missing permission and how to grant it; `unknown`: why the check failed."""

    lacking: tuple[str, ...] = ()
    unknown: str = ""


CheckPermissions = Callable[[Channel], Awaitable[Permissions]]
