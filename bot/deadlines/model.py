"""Duties, their clocks, comment windows, and the claims that letters and alerts may make. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.shared.calendar import business_day, business_days_until

DUTY_STEPS: Final = (-60, -14, 0)  # days from the due date; after it, each month
COMMENT_STEPS: Final = (-14, -7, -2)  # days from the close of comments
_OURS: Final = 5  # business days before the close by which our own comment should stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement of law or fact that we make: only what the table of authorities holds."""

    id: str  # in coalition.yml
    text: str  # the sentence as we say it
    source: str  # address
    checked_on: date


class NoClaim(Exception):
    """A claim that may not be made. The text says which, why, and what would let it be made."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class State(StrEnum):
    """What is known of a duty."""

    UNKNOWN = "no record found"
    MET = "met"
    NOT_MET = "not met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What somebody owes by law. `looked_on`: the day somebody last looked what became of it; None: nobody has.

    `state_source` is where the state is known from; "" while no public record was found.
    """

    id: str
    statute: str
    owed: str
    by: str
    since: date
    period: str  # "180 days"
    source: str
    looked_on: date | None
    confirmed: bool
    asks: tuple[int, ...] = ()
    note: str = ""
    state: State = State.UNKNOWN
    state_source: str = ""

    @property
    def due(self) -> date:
        return due_on(self.since, self.period)

    @property
    def overdue(self) -> int:
        """Days from the due date to the day on which a person found it not met; 0 for any other.

        It may have been met since, so nobody counts on from an old finding.
        """
        found = self.looked_on if self.state is State.NOT_MET else None
        return max((found - self.due).days, 0) if found else 0

    def unseen(self, today: date) -> bool:
        """Whether it fell due, and nobody has looked since what became of it."""
        looked = self.looked_on is not None and self.looked_on >= self.due
        return self.state is not State.MET and self.due < today and not looked


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A comment period that is open. `closes` is the day that binds us: the earlier, where two sources differ.

    `register` is the Federal Register's date, `docket` that of regulations.gov; None where one does not say. `dates`
    are the document's own words, which the record's date may lag behind; `worded`: `register` was read from them,
    because the record has no date. `hour` is that of the document's last day. `alerted` are (channel, thread) of the
    messages that told of it.
    """

    id: str  # of the newest entry of its thread
    numbers: tuple[str, ...]  # of its thread's documents in the Register, oldest first
    title: str
    url: str
    register: date | None
    docket: date | None = None
    moved: bool = False  # extended or reopened
    dates: str = ""
    hour: str = ""
    worded: bool = False
    asks: tuple[int, ...] = ()
    alerted: tuple[tuple[str, str | None], ...] = ()

    @property
    def closes(self) -> date:
        return min(on for on in (self.register, self.docket) if on)

    @property
    def differ(self) -> bool:
        return self.register is not None and self.docket is not None and self.register != self.docket

    @property
    def by(self) -> str:
        """`by 5:00 p.m. ET`; "" where the document gives no hour for the day that binds."""
        return f"by {self.hour}" if self.hour and self.closes == self.register else ""

    @property
    def ours(self) -> date:
        return business_days_before(self.closes, _OURS)


def due_on(since: date, period: str) -> date:
    """The last day of a period such as "180 days", "18 months", "1 year". The first day does not count.

    A month ends on the day of the same number, or on the last day of a month that has none: 31 January and a month is
    28 or 29 February. Raises `ValueError` or `OverflowError` where the calendar ends.
    """
    number, unit = period.split()
    match unit.rstrip("s"):
        case "day":
            return since + timedelta(days=int(number))
        case "month":
            return since + relativedelta(months=int(number))
        case _:
            return since + relativedelta(years=int(number))


def business_days_before(on: date, count: int) -> date:
    """The last business day after which `count` business days are left, `on` included."""
    day = on
    while business_days_until(day, on) < count or not business_day(day):
        day -= timedelta(1)
    return day


def duty_reminders(due: date, today: date) -> list[date]:
    """The days up to `today` on which a duty is said, oldest first: 60 and 14 days before, the day, then monthly."""
    days = [due + timedelta(step) for step in DUTY_STEPS]
    months = 1
    while (on := due + relativedelta(months=months)) <= today:
        days.append(on)
        months += 1
    return [on for on in days if on <= today]


def comment_reminders(closes: date, today: date) -> list[date]:
    """The days up to `today` on which the close of a comment period is said."""
    return [on for step in COMMENT_STEPS if (on := closes + timedelta(step)) <= today]


def step_due(days: Sequence[date], said_until: date) -> date | None:
    """The newest of the days that was not reached when reminders were last said; None where nothing is new."""
    return days[-1] if days and days[-1] > said_until else None


def sentence(duty: Duty, today: date) -> str:
    """One true sentence on a duty, for letters.

    Raises `NoClaim` where its date is not confirmed, or nobody has looked since it fell due.
    """
    if not duty.confirmed:
        raise NoClaim(
            f"“{duty.owed}” ({duty.statute}): its date is not confirmed. Somebody has to read the text in force; "
            f"then /deadlines confirm {duty.id}."
        )
    if duty.looked_on is None or duty.unseen(today):
        raise NoClaim(
            f"“{duty.owed}” ({duty.statute}): nobody has looked since it fell due. Look for a public record, then "
            f"/deadlines set {duty.id}."
        )
    return told(duty, today)


def told(duty: Duty, today: date) -> str:
    """What is known of a duty, in one sentence."""
    what = f"{duty.owed} ({duty.statute})"
    if duty.state is State.MET:
        return f"{what} was due {duty.due} and was issued; source: {duty.state_source}."
    if duty.due >= today:
        return f"{what} is due {duty.due}."
    if late := duty.overdue:
        days = f"{late:,} day{'s' if late > 1 else ''}"
        return f"{what} was due {duty.due} and is overdue, {days} as of {duty.looked_on}; source: {duty.state_source}."
    if duty.unseen(today):
        return f"{what} was due {duty.due}; nobody has looked since whether it was issued."
    return f"{what} was due {duty.due}; as of {duty.looked_on} we have found no public record that it was issued."
