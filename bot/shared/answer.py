"""The port of the inbound edge: a source is polled and answers with a value. Network failures never raise.

And what its state means: for the admin channel, `status` and `check --online`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from bot.shared.errors import CoalitionBotError

if TYPE_CHECKING:  # a child that parses a feed or a mail has none of these
    from bot.shared.bill_record import BillRecord, RollCall
    from bot.shared.entry import Entry

Read = TypeVar("Read")
HOSTS: Final = "hosts"  # in a feed's cursor: those that its items last led to, unless they were many


class Health(StrEnum):
    """The state of a source, by what a person can do about it."""

    OK = "ok"
    UNCHANGED = "unchanged"
    EMPTY_EXPECTED = "empty-expected"  # e.g. floor feeds in recess
    EMPTY = "empty"  # entries were there before, none now
    STALE = "stale"  # answers, but nothing new for far longer than usual
    BLOCKED = "blocked"  # 403, challenge page, "Request Access"
    NEEDS_KEY = "needs-key"  # 401, or a refusal by a service that has keys, tokens or app passwords
    NOT_A_FEED = "not-a-feed"  # HTML or JSON where a feed was expected
    GONE = "gone"  # 404, 410
    MALFORMED = "malformed"  # not readable as what it claims to be
    OVERRUN = "overrun"  # every listed entry was new: some may have been missed
    FLOOD = "flood"  # more new entries than are stored in a day
    UNREACHABLE = "unreachable"  # DNS, refused, TLS, timeout, 5xx
    REFUSED = "refused"  # our own guard: private address, too many redirects, too costly to read
    TOO_LARGE = "too-large"  # more bytes than are read
    UNWELCOME = "unwelcome"  # robots.txt disallows the page
    REDESIGNED = "redesigned"  # a web page has a new layout, so its lines cannot be compared
    FOREIGN = "foreign"  # all items are new and of other sites: nothing is taken before a person accepts them
    DETOUR = "detour"  # its first road is closed, and another brings its news
    WAITING = "waiting"  # a person has to act before it brings anything
    SUSPECT = "suspect"  # most known items came back under new ids

    @property
    def good(self) -> bool:
        return self in _GOOD

    @property
    def words(self) -> str:
        """What people read about a source: `cannot be read`, `is gone`."""
        return _WORDS[self]

    @property
    def label(self) -> str:
        """Its words next to the source's name: `cannot be read`, `gone`."""
        return self.words.removeprefix("is ")


_GOOD: Final = (Health.OK, Health.UNCHANGED, Health.EMPTY_EXPECTED)
_WORDS: Final = {
    Health.OK: "is working",
    Health.UNCHANGED: "is working, nothing new",
    Health.EMPTY_EXPECTED: "is empty, as is normal for it",
    Health.EMPTY: "lists nothing at all",
    Health.STALE: "answers, but has had nothing new for a long time",
    Health.BLOCKED: "blocks the bot",
    Health.NEEDS_KEY: "wants a key or a login",
    Health.NOT_A_FEED: "is not returning a feed",
    Health.GONE: "is gone",
    Health.MALFORMED: "cannot be read",
    Health.OVERRUN: "may have had more items than the bot saw",
    Health.FLOOD: "has more new items than a day stores",
    Health.UNREACHABLE: "cannot be reached",
    Health.TOO_LARGE: "is too large to read",
    Health.REFUSED: "is refused by the bot's own network guard",
    Health.UNWELCOME: "does not allow bots (robots.txt)",
    Health.REDESIGNED: "was redesigned",
    Health.FOREIGN: "lists nothing it listed before; is the address still right?",
    Health.DETOUR: "is read by another road",
    Health.WAITING: "waits for a person",
    Health.SUSPECT: "gave its known items new ids",
}


@dataclass(frozen=True, slots=True)
class Memory:
    """A source's state after its last answer, stored and passed to the next poll."""

    validators: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # url → {"etag":…, "modified":…, "hash":…}
    cursor: Mapping[str, Any] = field(default_factory=dict)  # the adapter's own, JSON-able
    first_success_at: datetime | None = None  # None: never polled, so this poll is the silent baseline
    last_success_at: datetime | None = None
    last_change_at: datetime | None = None  # when it last brought something new


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Entries that may be new, oldest first. `broken` counts dropped entries; `detail` gives a sample reason.

    `baseline` names entries, by the first key of their identity, that are stored without an alert although the source
    was polled before: those that already existed when a part of it (a bill) was first followed. `records` and
    `roll_calls` are the bill records and the roll calls that were read.
    """

    entries: tuple[Entry, ...]
    memory: Memory
    health: Health = Health.OK
    detail: str = ""
    broken: int = 0
    baseline: frozenset[str] = frozenset()
    records: tuple[BillRecord, ...] = ()
    roll_calls: tuple[RollCall, ...] = ()

    @property
    def size(self) -> int:
        """The number of things to store."""
        return len(self.entries) + len(self.records) + len(self.roll_calls)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The source answered that nothing changed."""

    memory: Memory


@dataclass(frozen=True, slots=True)
class Body:
    """A body that differs from the last one. `moved_to` is the new address after permanent redirects only."""

    url: str
    status: int
    content_type: str
    data: bytes
    validators: Mapping[str, str]
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server answered 304, or the body has the same hash as the last one."""

    validators: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """The poll failed. `detail` says what happened and never contains a secret or a response body."""

    health: Health
    detail: str
    retry_at: datetime | None = None  # from Retry-After; None: the ordinary back-off

    @property
    def error(self) -> Failure:
        return Failure(self.health, self.detail, self.retry_at)


Answer = Fetched | NotModified | FetchFailed


class Failure(CoalitionBotError):
    """Ends a poll or a fetch where it is raised. `answer` is what the caller gets."""

    def __init__(self, health: Health, detail: str, retry_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.answer = FetchFailed(health, detail, retry_at)


def checked(answer: Read | FetchFailed) -> Read:
    """The answer. Raises `Failure` if it is one."""
    if isinstance(answer, FetchFailed):
        raise answer.error
    return answer


async def outcome(reading: Awaitable[Read]) -> Read | FetchFailed:
    """What is read, or the failure that ended it."""
    try:
        return await reading
    except Failure as failure:
        return failure.answer


class Source(Protocol):
    """The adapter of one source in feeds.yml. Implementations keep no state between polls except `Memory`."""

    id: str
    name: str

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        """Fetch the source once and return the entries that may be new since `memory`.

        Called outside any transaction. Network and format failures return `FetchFailed`; anything raised is a bug.
        `now` is UTC; adapters do not read the clock.
        """
        ...


def nothing_new(troubled: int, sources: int) -> str:
    """Say that there is no news, as far as is known while so many of the sources need attention."""
    if troubled and troubled == sources:
        return "nothing known (no source answers as it should)"
    return "nothing new from the sources that answer" if troubled else "nothing new"


class State(StrEnum):
    GOOD = "good"
    LOOK = "look"  # works, but a person should look
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one thing in a sentence. `next_step` says what to do if it is not good; "" if nobody knows."""

    subject: str
    state: State
    sentence: str
    next_step: str = ""
