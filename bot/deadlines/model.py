"""What offices owe, comment windows, and the claims that letters and alerts may make. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.config.coalition import Coalition
from bot.shared.calendar import business_day, business_day_after, business_days_until, day_in_words, day_of_a_letter
from bot.shared.entry import Entry
from bot.shared.plain_text import typographic
from bot.shared.wording import closing, number

DOCUMENT_URL: Final = "https://www.regulations.gov/document/"  # and its id
COMMITMENT_STEPS: Final = (-60, -14, 0)  # days from the due date
COMMENT_STEPS: Final = (-14, -7, -2)  # days from the close of comments
_NEWER_AFTER: Final = timedelta(days=548)  # 18 months after what a claim is about, a newer one is probably out
_OURS: Final = 5  # business days before the close by which our own comment is due


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement of law or fact with its source, from the table of authorities or a confirmed commitment."""

    id: str  # in coalition.yml
    text: str  # the sentence as we say it
    source: str  # address
    checked_on: date
    citation: str = ""  # of the note; "" in letters of earlier versions, whose sentence includes it

    @property
    def cited(self) -> str:
        """The sentence with its citation, where there are no notes."""
        return f"{self.text.removesuffix('.')} ({self.citation})." if self.citation else self.text


@dataclass(frozen=True, slots=True)
class Count:
    """How many comments on a document were posted as of `counted_at`."""

    comments: int
    counted_at: datetime


class State(StrEnum):
    """What we know about whether a commitment was met. Moved: its office gave another day."""

    UNKNOWN = "no record found"
    MET = "met"
    NOT_MET = "not met"
    MOVED = "moved"


class Basis(StrEnum):
    """What makes an office owe something."""

    LAW = "law"
    ANSWER = "answer"
    HEARING = "hearing"
    MEETING = "meeting"
    NOTICE = "notice"
    FOIA = "foia"  # our own request for records


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What an office owes, by law or because it said so. `basis`: the statute, or the answer, hearing or notice.

    `looked_on`: the day a person last checked whether it was met; None: not yet. `state_source` is the source of the
    state, "" while no public record was found. `moved_to`: the day that its office gave later. `quote`: its own words.
    """

    id: str
    basis: str
    owed: str
    by: str
    since: date
    period: str  # "180 days"; "" if it is due on `since`
    source: str
    looked_on: date | None
    confirmed: bool
    asks: tuple[int, ...] = ()
    note: str = ""
    state: State = State.UNKNOWN
    state_source: str = ""
    moved_to: date | None = None
    kind: Basis = Basis.LAW
    quote: str = ""

    @property
    def due(self) -> date:
        """The day that counts: an office may move what it promised, but not what a law requires."""
        return self.moved_to if self.moved_to and self.kind is not Basis.LAW else self.first_due

    @property
    def first_due(self) -> date:
        return due_on(self.since, self.period)

    @property
    def runs(self) -> str:
        """`180 days after 2018-12-21`, or the day."""
        return f"{self.period} after {self.since}" if self.period else str(self.since)

    @property
    def overdue(self) -> int:
        """Days from the due date to the day a person found it not met; otherwise 0.

        It may have been met since, so an old finding does not keep counting.
        """
        checked = self.looked_on if self.state is State.NOT_MET else None
        return max((checked - self.due).days, 0) if checked else 0

    def unchecked(self, today: date) -> bool:
        """Whether it fell due and nobody has checked since whether it was met."""
        looked = self.looked_on is not None and self.looked_on >= self.due
        return self.is_missed(today) and not looked

    @property
    def is_internal(self) -> bool:
        """Whether it was promised to us in a meeting and no source that others can open has it."""
        return self.kind is Basis.MEETING and not self.source

    def is_missed(self, today: date) -> bool:
        """Whether it fell due and nobody has found that it was met."""
        return self.state is not State.MET and self.due < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An open comment period. `closes` is the day that binds us: the earlier one if two sources differ.

    `register` is the Federal Register's date, `docket` that of regulations.gov; None if a source gives none. `dates`
    is the document's DATES text, which may be newer than the record's date; `worded`: `register` was read from that
    text, because the record has no date. `hour` is the hour of the last day. `alerted` are the (channel, thread) of
    the alerts on it. `document` is its id on regulations.gov, `listed` all its ids there, `comments` how many were
    posted there and as of when, `filed` what became of ours; "" if not known. `listed_only`: it is from a followed
    docket, not from an alert.
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
    document: str = ""
    listed: tuple[str, ...] = ()
    comments: str = ""
    filed: str = ""
    listed_only: bool = False

    @property
    def closes(self) -> date:
        return min(on for on in (self.register, self.docket) if on)

    @property
    def differ(self) -> bool:
        return self.register is not None and self.docket is not None and self.register != self.docket

    @property
    def by(self) -> str:
        """`by 5:00 p.m. ET`; "" if the document gives no hour for the day that binds."""
        return f"by {self.hour}" if self.hour and self.closes == self.register else ""

    @property
    def detail(self) -> str:
        """`by 5:00 p.m. ET, from the document's words`; "" if regulations.gov's day binds."""
        return closing(self.hour, worded=self.worded) if self.closes == self.register else ""

    def bound(self, entry: Entry) -> Entry:
        """One of its documents with the day that binds."""
        own = self.closes == self.register
        hour, worded = (self.hour, self.worded) if own else ("", False)
        return replace(entry, comments_close_on=self.closes, comments_hour=hour, comments_worded=worded)

    @property
    def ours(self) -> date:
        day = self.closes
        while business_days_until(day, self.closes) < _OURS or not business_day(day):
            day -= timedelta(1)
        return day


def posted_by(counts: Collection[Count], zone: tzinfo) -> str:
    """`12 comments posted as of Tue Nov 24, 2026`, by the oldest count; "" without any."""
    if not counts:
        return ""
    as_of = min(count.counted_at for count in counts).astimezone(zone).date()
    return f"{number(sum(count.comments for count in counts), 'comment')} posted as of {day_in_words(as_of)}"


def due_on(since: date, period: str) -> date:
    """The last day of a period: "180 days", "1 year", "20 business days". The first day does not count; "" is `since`.

    A month ends on the same day number, or on the last day of a shorter month: January 31 and a month is
    February 28 or 29. Raises `ValueError` or `OverflowError` past the end of the calendar.
    """
    if not period:
        return since
    count, *_, unit = period.split()
    if "business" in period:
        return business_day_after(since, int(count))
    match unit.rstrip("s"):
        case "day":
            return since + timedelta(days=int(count))
        case "month":
            return since + relativedelta(months=int(count))
        case _:
            return since + relativedelta(years=int(count))


def reminder_due(day: date, steps: Sequence[int], reminded_until: date, today: date) -> date | None:
    """The newest reminder day of a deadline after `reminded_until` and up to `today`, or None."""
    days = [on for step in steps if reminded_until < (on := day + timedelta(step)) <= today]
    return max(days, default=None)


def claim_of(commitment: Commitment, today: date) -> Claim | str:
    """What letters may say about a commitment, with its statute, its source and the day it was last checked.

    Why not, if its date is not confirmed, or nobody has checked since it fell due.
    """
    about = f"“{commitment.owed}” ({commitment.basis})"
    if not commitment.confirmed:
        return (
            f"{about}: its date is not confirmed. Read the current text of the law, then confirm it: "
            f"/deadlines confirm {commitment.id}"
        )
    if commitment.looked_on is None or commitment.unchecked(today):
        return (
            f"{about}: nobody has checked since it fell due. Look for a public record, then record the result: "
            f"/deadlines set {commitment.id}"
        )
    return Claim(
        id=commitment.id,
        text=typographic(_status(commitment, today, day_of_a_letter, commitment.owed)),
        source=commitment.state_source or commitment.source,
        checked_on=commitment.looked_on,
        citation=commitment.basis,
    )


def status_sentence(commitment: Commitment, today: date) -> str:
    """The status of a commitment in one sentence, with its statute and the source of its state."""
    return _status(
        commitment,
        today,
        day_in_words,
        f"{commitment.owed} ({commitment.basis})",
        f"; source: {commitment.state_source}" if commitment.state_source else "",
    )


def _status(commitment: Commitment, today: date, day: Callable[[date], str], what: str, source: str = "") -> str:
    due, looked_on = day(commitment.due), day(commitment.looked_on) if commitment.looked_on else ""
    if commitment.moved_to and commitment.due != commitment.first_due:
        what = f"{what}, first due {day(commitment.first_due)} and then moved,"
    elif commitment.moved_to:
        what = f"{what}, for which its office has named {day(commitment.moved_to)},"
    if commitment.state is State.MET:
        if commitment.looked_on and commitment.looked_on <= commitment.due:  # in words that stay true after its day
            return f"{what.rstrip(',')}, due {due}, was done{source}."
        return f"{what} was due {due}; this was done{source}."
    if commitment.due >= today:
        return f"{what} is due {due}."
    if late := commitment.overdue:
        days = f"{late:,} day{'s' if late > 1 else ''}"
        return f"{what} was due {due} and is overdue, {days} as of {looked_on}{source}."
    if commitment.unchecked(today):
        return f"{what} was due {due}; nobody has checked since whether it was met."
    return f"{what} was due {due}; as of {looked_on} we have found no public record of it."


def claimable(coalition: Coalition, today: date, asks: Collection[int] | None = None) -> list[Claim]:
    """Every claim that may be made today, optionally only those for some of `asks`."""
    ids = (id_ for id_, each in coalition.authorities.items() if asks is None or set(asks) & set(each.asks))
    claims = (authority_claim(coalition, id_, today) for id_ in ids)
    return [claim for claim in claims if isinstance(claim, Claim)]


def aged_claims(coalition: Coalition, ids: Collection[str], today: date) -> list[str]:
    """For each of these claims that is about a time long past: the line that asks for a newer one."""
    listed_here = ((id_, coalition.authorities[id_]) for id_ in ids if id_ in coalition.authorities)
    return [
        f"Look for a newer year: {authority.citation} ({id_}) is about the time up to {day_in_words(authority.of)}."
        for id_, authority in listed_here
        if authority.of and today > authority.of + _NEWER_AFTER
    ]


def authority_claim(coalition: Coalition, id_: str, today: date) -> Claim | str:
    """The claim of that id. Why not, if it is missing, not confirmed, checked too long ago, or dated in the future."""
    authority = coalition.authorities.get(id_)
    if authority is None:
        return f"coalition.yml has no authority “{id_}”."
    if not authority.confirmed or authority.checked_on is None:
        return (
            f"{authority.citation} ({id_}) is not confirmed. Read it, then write source, checked_on, checked_by and "
            "confirmed: true under authorities in coalition.yml."
        )
    checked = f"{authority.citation} ({id_}) was checked on {day_in_words(authority.checked_on)}"
    if authority.checked_on > today:
        return f"{checked}, which is in the future. Correct checked_on in coalition.yml."
    if today > authority.checked_on + authority.good_for:
        return f"{checked}, which is too long ago. Read it again and renew checked_on in coalition.yml."
    return Claim(
        id=id_,
        text=typographic(f"{authority.says.rstrip('. ')}."),
        source=authority.source,
        checked_on=authority.checked_on,
        citation=authority.citation,
    )
