"""A meeting of a congressional committee, as its chamber announces it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.shared.calendar import day_in_words
from bot.shared.dates import EASTERN

NOTICE: Final = "notice"  # ends the key by which the later changes of a meeting name its announcement


class Status(StrEnum):
    SCHEDULED = "scheduled"
    CANCELED = "canceled"
    POSTPONED = "postponed"  # without a new day
    UNLISTED = "unlisted"  # gone from its chamber's list before its hour, which gives no reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """One meeting at one reading. `starts` and `ends` are UTC; None where the source gives only the day.

    `sequence` counts the changes since it was announced.
    """

    id: str  # "senate:338691", "house:115955": each chamber numbers its own
    chamber: str  # "House", "Senate"
    committee: str  # "Senate Judiciary Committee"
    committee_id: str  # as in the directory: "SSJU", "SSJU22" for a subcommittee
    kind: str  # "Hearing", "Markup", "Business meeting" …
    day: date  # in Washington
    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""
    subcommittee: str = ""  # its name; "a subcommittee" where the source does not name it
    bills: tuple[str, ...] = ()  # on its agenda, "s365-119", in the source's order
    statements_close: date | None = None  # only where the source says so
    video: str = ""
    status: Status = Status.SCHEDULED
    sequence: int = 0

    @property
    def thread(self) -> str:
        return f"hearing:{self.id}"

    @property
    def body(self) -> str:
        """The committee, with its subcommittee."""
        return ", ".join(filter(None, (self.committee, self.subcommittee)))

    @property
    def when(self) -> str:
        """`Wed 29 Jul 2026 09:30 ET`; the day alone where no hour is given."""
        return day_in_words(self.day) + (f" {self.hour}" if self.starts else "")

    @property
    def hour(self) -> str:
        """`09:30 ET`; "" where no hour is given."""
        return f"{self.starts.astimezone(EASTERN):%H:%M} ET" if self.starts else ""

    def over(self, now: datetime) -> bool:
        """Whether its hour, or its day in Washington, has passed."""
        return self.starts < now if self.starts else self.day < now.astimezone(EASTERN).date()
