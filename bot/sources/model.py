"""The one port of the inbound edge: a source is asked and answers with a value; the network never raises here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.shared.entry import Entry
from bot.sources.congress.bill_record import BillRecord


class Health(StrEnum):
    """The state of a source, in classes a person can act on."""

    OK = "ok"
    UNCHANGED = "unchanged"
    EMPTY_EXPECTED = "empty-expected"  # e.g. floor feeds in recess
    EMPTY = "empty"  # entries were there before, none now
    STALE = "stale"  # answers, but nothing new for far longer than usual
    BLOCKED = "blocked"  # 403, challenge page, "Request Access"
    NOT_A_FEED = "not-a-feed"  # HTML or JSON where a feed was expected
    GONE = "gone"  # 404, 410
    MALFORMED = "malformed"  # not readable as what it claims to be
    OVERRUN = "overrun"  # nothing in the window was known: some may have been missed
    UNREACHABLE = "unreachable"  # DNS, refused, TLS, timeout, 5xx
    REFUSED = "refused"  # our own guard: private address, too large, too many redirects
    UNWELCOME = "unwelcome"  # robots.txt asks robots to stay away
    REDESIGNED = "redesigned"  # a web page was made anew, so its lines cannot be compared
    SUSPECT = "suspect"  # most known items came back as new: held until a person looks

    @property
    def good(self) -> bool:
        return self in (Health.OK, Health.UNCHANGED, Health.EMPTY_EXPECTED)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a source left behind at its last answer, kept in the store and handed back at the next poll."""

    validators: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # url → {"etag":…, "modified":…, "hash":…}
    cursor: Mapping[str, Any] = field(default_factory=dict)  # the adapter's own, JSON-able
    first_success_at: datetime | None = None  # None: never polled, so this poll is the silent baseline
    last_success_at: datetime | None = None
    last_change_at: datetime | None = None  # when it last brought something new


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Entries that may be new, oldest first. `broken` counts entries that had to be dropped; `detail` samples why.

    `baseline` names entries, by the first key of their identity, that are taken in silently although the source has
    been polled before: what was there when a part of it (a bill) began to be followed. `records` are bills' records as
    they were read.
    """

    entries: tuple[Entry, ...]
    memory: Memory
    health: Health = Health.OK
    detail: str = ""
    broken: int = 0
    baseline: frozenset[str] = frozenset()
    records: tuple[BillRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class NotModified:
    memory: Memory


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """`detail` says what came and what to try; it never holds a secret or a response body."""

    health: Health
    detail: str
    retry_at: datetime | None = None  # from Retry-After; None: the ordinary back-off


Answer = Fetched | NotModified | FetchFailed


class Source(Protocol):
    """An adapter bound to one entry of feeds.yml."""

    id: str
    name: str

    async def poll(self, memory: Memory, now: datetime) -> Answer: ...
