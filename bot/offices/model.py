"""Contacts in offices, and when one is to be verified. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

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
