"""Contacts in offices, and when one is to be verified; meetings with offices, and who may read each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from bot.commands.model import EDITORS, STAFF, Actor, Role
from bot.people import contacts
from bot.shared.wording import dotted


def began(today: date) -> date:
    """The day on which the Congress of `today` began: January 3 of an odd year."""
    year = today.year - (today.year + 1) % 2
    return date(year if today >= date(year, 1, 3) else year - 2, 1, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(contacts.Contact):
    """A person who works in an office. No field is for anything but their work there.

    `office`: "member:G000555", "committee:HSJU" or "office:ovc". `seats`: the committees of the member when the contact
    was verified. `doubt`: why it is to be verified, whenever it was.
    """

    LETTER: ClassVar[str] = "C"

    office: str
    office_name: str
    role: str = ""
    asks: tuple[int, ...] = ()
    notes: str = ""
    verified_by: str | None = None
    seats: str = ""
    doubt: str = ""
    doubted_at: datetime | None = None
    left_on: date | None = None
    added_at: datetime | None = None

    @property
    def who(self) -> str:
        """`Jo Sample, counsel (House Committee on the Judiciary)`."""
        return f"{self.title} ({self.office_name})"

    @property
    def title(self) -> str:
        """`Jo Sample, counsel`."""
        return ", ".join(filter(None, (self.name, self.role)))

    @property
    def place(self) -> str:
        return self.office

    @property
    def words(self) -> str:
        return f"{self.name} {self.role} {self.email.replace('@', ' ')} {self.office_name}"

    @property
    def signs(self) -> Mapping[str, str]:
        """Not the telephone, which is the office's: a colleague has the same."""
        return {"name": self.name, "email": self.email, "office": self.office}

    def to_verify(self, today: date) -> str:
        """Why nobody may rely on it today; "" if it was verified and nothing has happened since."""
        if self.left_on or self.doubt or self.verified_on is None:
            return "left" if self.left_on else self.doubt or "never verified"
        if self.verified_on < began(today):
            return f"{self.verified}, before this Congress began"
        return f"{self.verified}, more than six months ago" if self.stale(today) else ""

    def status(self, today: date) -> str:
        """`current`, `left` or `unknown`."""
        return "left" if self.left_on else "unknown" if self.to_verify(today) else "current"

    def reached(self) -> str:
        return dotted(self.email, self.phone)


class State(StrEnum):
    ASKED = "asked"
    HELD = "held"
    CANCELED = "canceled"


class Answer(StrEnum):
    """What an office said to us on a bill. It is no public position: a vote or a signature says more."""

    FOR = "said yes"
    AGAINST = "said no"
    LEANING = "leans yes"
    NONE = "gave no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAsk:
    """What we asked in a meeting, and what they said in their words. `answer`: on the bill, if it is about one."""

    id: str
    meeting: str
    asked: str
    reply: str
    bill: str | None = None
    answer: Answer | None = None
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting. `office`: as a letter's addressee, "member:G000555"; `role`: of the people met, without names.

    `organizations`: our members that came; none: the coalition's staff alone.
    """

    id: str
    number: int
    office: str
    office_name: str
    state: State
    on: date
    purpose: str = ""
    role: str = ""
    next_step: str = ""
    next_on: date | None = None
    next_by: str | None = None
    reminded_at: datetime | None = None
    done_at: datetime | None = None
    logged_by: str
    logged_at: datetime
    removed_at: datetime | None = None
    organizations: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"M-{self.number}"

    @property
    def promise_id(self) -> str:
        """The id of its first promise in the ledger of commitments; the others' are `m7-2`, `m7-3` …"""
        return f"m{self.number}"

    @property
    def has_open_step(self) -> bool:
        return self.next_on is not None and self.done_at is None

    @property
    def readers(self) -> str:
        """Who may read it, as the `needs` of a message."""
        return "|".join((*sorted(STAFF), *(f"{Role.REPRESENTATIVE}:{each}" for each in self.organizations)))

    def is_open_to(self, actor: Actor) -> bool:
        """Whether someone may read it: staff, and the representatives of the members that came."""
        own = Role.REPRESENTATIVE in actor.roles and actor.organisation in self.organizations
        return own or bool(actor.roles & STAFF)

    def is_changed_by(self, actor: Actor) -> bool:
        """Whether someone may change it: policy staff, and a representative whose member came alone."""
        own = Role.REPRESENTATIVE in actor.roles and self.organizations == (actor.organisation,)
        return own or bool(actor.roles & EDITORS)
