"""The press list and inquiries: outlets, contacts, log entries, embargoes, and when to escalate an inquiry. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from bot.config.media import Spokesperson
from bot.watch import text as txt

VERIFIED_FOR: Final = timedelta(days=183)  # reporters change beats, so contacts are verified twice a year
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


class Basis(StrEnum):
    """Legal basis for keeping a person's data (GDPR, art. 6(1)), which protects reporters in the EU and UK."""

    INTEREST = "legitimate interest"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """`tier`: 1 (national) to 3 (local or trade); None if unknown."""

    id: str
    name: str
    type: str = ""  # "wire", "daily", "radio", "trade", …
    market: str = ""
    tier: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A reporter; an outlet's desk if `name` is empty."""

    id: str
    number: int
    outlet: Outlet
    name: str = ""
    title: str = ""
    beat: str = ""
    email: str = ""
    phone: str = ""
    channel: str = ""  # how they like to be reached
    deadlines: str = ""  # times not to call
    source: str = ""
    basis: Basis = Basis.INTEREST
    verified_on: date | None = None
    opted_out_at: datetime | None = None

    @property
    def label(self) -> str:
        """The number that people use: `P-31`."""
        return f"P-{self.number}"

    @property
    def who(self) -> str:
        """`Jane Doe (AP)`, `the desk of KTAR`."""
        return f"{self.name} ({self.outlet.name})" if self.name else f"the desk of {self.outlet.name}"

    def stale(self, today: date) -> bool:
        """Whether the contact was not verified for half a year."""
        return self.verified_on is None or today - self.verified_on > VERIFIED_FOR


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


def normalize(text: str) -> str:
    """`text` without accents, case and punctuation: `T’ruah` equals `Truah`, `The AP` equals `the  AP.`."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]+", "", plain.casefold()).split())


def fingerprints(salt: str, *, name: str, outlet: str, email: str, phone: str) -> dict[str, str]:
    """Hashes by which a person can be recognized, by kind; empty values have none.

    An import skips a person whose name alone matches, because lists spell outlets differently; a contact added by hand
    is not refused for the name alone.
    """
    digits = re.sub(r"\D", "", phone)[-10:]  # without the country code
    texts = {
        "email": email.strip().casefold(),
        "phone": digits if len(digits) == 10 else "",
        "name and outlet": f"{normalize(name)}\n{normalize(outlet)}" if normalize(name) else "",
        "name": normalize(name),
    }
    return {kind: sha256(f"{salt}\n{kind}\n{value}".encode()).hexdigest() for kind, value in texts.items() if value}


def fingerprints_of(salt: str, contact: Contact) -> dict[str, str]:
    return fingerprints(salt, name=contact.name, outlet=contact.outlet.name, email=contact.email, phone=contact.phone)


@dataclass(frozen=True, slots=True)
class SuppressionList:
    """Hashes of people who asked to be erased or opted out. `salt`: "" while there are none."""

    salt: str
    hashes: frozenset[str]

    def by(self, contact: Contact, *, name: bool, before: Contact | None = None) -> str:
        """The kind of hash by which `contact` is on the list, and was not `before`; "" if there is none.

        `name`: the name alone counts.
        """
        hashes, earlier = fingerprints_of(self.salt, contact), fingerprints_of(self.salt, before) if before else {}
        kinds = (kind for kind in hashes if name or kind != "name")
        return next((kind for kind in kinds if hashes[kind] in self.hashes and hashes[kind] != earlier.get(kind)), "")


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
