"""The press list and inquiries: outlets, contacts, log entries, embargoes, and when to escalate an inquiry. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from bot.config.media import Spokesperson
from bot.people import contacts
from bot.people.contacts import normalize
from bot.watch import text as txt

RECENT_PITCH: Final = timedelta(days=30)  # a second pitch within this time needs confirmation
_LEAD: Final = re.compile(r"^by\s+", re.IGNORECASE)
# Text after a name: its outlet, a date, other authors.
_TAIL: Final = re.compile(r"\s*(?:[,|(–—]|\s-\s|\b(?:updated|published|posted)\b).*$", re.IGNORECASE | re.DOTALL)
_MAX_WORDS: Final = 8  # two people and the words between them
_NOT_A_PERSON: Final = frozenset(
    txt.words(
        "admin administrator contributor contributors desk editor editors editorial guest media news newsroom office "
        "press release releases report reports service staff team webmaster wire"
    )
)
SOON: Final = timedelta(hours=1)  # how long before its deadline an open inquiry is escalated


class LogKind(StrEnum):
    """Kinds of log entries about a contact."""

    NOTE = "note"
    PITCH = "pitch"
    MOVED = "moved"  # to another outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """`tier`: 1 (national) to 3 (local or trade); None if unknown."""

    id: str
    name: str
    type: str = ""  # "wire", "daily", "radio", "trade", …
    market: str = ""
    tier: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(contacts.Contact):
    """A reporter; an outlet's desk if `name` is empty."""

    LETTER: ClassVar[str] = "P"

    outlet: Outlet
    title: str = ""
    beat: str = ""
    channel: str = ""  # how they like to be reached
    deadlines: str = ""  # times not to call

    @property
    def who(self) -> str:
        """`Jane Doe (AP)`, `the desk of KTAR`."""
        return f"{self.name} ({self.outlet.name})" if self.name else f"the desk of {self.outlet.name}"

    @property
    def place(self) -> str:
        return self.outlet.name

    @property
    def words(self) -> str:
        outlet, desk = self.outlet, "" if self.name else "desk"
        email = self.email.replace("@", " ")
        return f"{self.name} {self.title} {self.beat} {email} {outlet.name} {outlet.type} {outlet.market} {desk}"

    @property
    def signs(self) -> Mapping[str, str]:
        return {"name": self.name, "email": self.email, "phone": self.phone, "outlet": self.outlet.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """A note or a pitch. `pitched_by`: the id of the member that pitched; "" for the coalition itself."""

    id: str
    contact: str
    kind: LogKind
    text: str
    person: str
    at: datetime
    pitched_by: str = ""
    ask: int | None = None
    link: str = ""
    embargo: str | None = None
    answer: str = ""
    result: str = ""
    follow_at: datetime | None = None
    followed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Embargo:
    """Material shown before it may be published. `lifts_at` in UTC; `zone` is the one it was given in."""

    id: str
    number: int
    about: str
    lifts_at: datetime
    zone: str
    agreed: Mapping[str, str] = field(default_factory=dict)  # contact id → where they agreed in writing

    @property
    def label(self) -> str:
        return f"E-{self.number}"


def reporter_name(author: str, outlet: str) -> str:
    """The reporter's name as written; "" if the author is a desk, an outlet or an account."""
    name = _TAIL.sub("", _LEAD.sub("", author.strip()))
    words = normalize(name).split()
    named = 2 <= len(words) <= _MAX_WORDS and _NOT_A_PERSON.isdisjoint(words) and "@" not in name and "/" not in name
    return name if named and words != normalize(outlet).split() else ""


def has_byline(byline: str, name: str) -> bool:
    """Whether a byline contains the name, alone or with others."""
    return f" {normalize(name)} " in f" {normalize(byline)} "


class InquiryKind(StrEnum):
    QUESTION = "question"
    INTERVIEW = "interview"
    PROTECTED = "protected interview"  # with a person who is served: never passed on automatically, nothing is saved


class InquiryState(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    DECLINED = "declined"
    CLOSED = "closed"  # without an answer: withdrawn, or overtaken

    @property
    def open(self) -> bool:
        return self in (InquiryState.RECEIVED, InquiryState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """`due_at` in UTC; `zone` is the one it was given in. `reporter` and `outlet` as entered."""

    id: str
    number: int
    kind: InquiryKind
    reporter: str
    outlet: str
    question: str
    due_at: datetime
    zone: str
    received_at: datetime
    received_by: str
    ask: int | None = None
    member: str | None = None
    state: InquiryState = InquiryState.RECEIVED
    spokesperson: str | None = None  # a person's id
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    link: str = ""

    @property
    def label(self) -> str:
        """The number that people use: `Q-7`."""
        return f"Q-{self.number}"

    def late(self, now: datetime) -> bool:
        """Whether it is past its deadline without an answer, or was answered late."""
        return (self.answered_at or now) > self.due_at and self.state in (
            InquiryState.RECEIVED, InquiryState.ACKNOWLEDGED, InquiryState.ANSWERED
        )  # fmt: skip


def pick_speaker(lines: Sequence[Spokesperson], ask: int | None, member: str | None) -> Spokesperson | None:
    """The most specific entry of `lines` for this ask and member; of equals, the first.

    An entry without asks covers every ask. An entry without members covers only matters that concern no member: a
    member's own matter needs an entry that names the member.
    """
    candidates = [
        line
        for line in lines
        if (not line.asks or ask in line.asks) and (member in line.members if member else not line.members)
    ]
    return max(candidates, key=lambda line: bool(line.asks), default=None)


def escalation(inquiry: Inquiry, now: datetime, acknowledge: timedelta) -> str:
    """The most urgent escalation of an open inquiry that is due now; "" for none.

    "unheard": not acknowledged within `acknowledge`; "soon": less than an hour before the deadline; "late": past it.
    """
    if not inquiry.state.open:
        return ""
    if now >= inquiry.due_at:
        return "late"
    if now >= inquiry.due_at - SOON and inquiry.due_at - inquiry.received_at > SOON:
        return "soon"
    unacknowledged = inquiry.state is InquiryState.RECEIVED and now - inquiry.received_at >= acknowledge
    return "unheard" if unacknowledged else ""
