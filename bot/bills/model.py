"""Facts about a bill. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.bills.stage import UNREAD, Place
from bot.shared.bill_number import BillNumber

_SEAT: Final = re.compile(r"\[(?P<party>[A-Z]{1,4})-(?P<state>[A-Z]{2})(?:-[^\]]{1,20})?\]$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bill that a number without its Congress may refer to."""

    bill: BillNumber
    title: str


@dataclass(frozen=True, slots=True)
class Cosponsorship:
    name: str  # "Rep. Wagner, Ann [R-MO-2]"
    joined: date | None
    withdrawn: date | None = None

    @property
    def party(self) -> str:
        """Its letter, `R`; "" if the name does not give it."""
        seat = _SEAT.search(self.name)
        return seat["party"] if seat else ""

    @property
    def state(self) -> str:
        """`MO`; "" if the name does not give it."""
        seat = _SEAT.search(self.name)
        return seat["state"] if seat else ""


@dataclass(frozen=True, slots=True)
class Enacted:
    """Another bill of the same policy that became law. `same_text`: its record calls the two identical."""

    bill: BillNumber
    law: str  # "Public Law 119-99"
    same_text: bool

    @property
    def label(self) -> str:
        """``H.R. 1234 (119th), which has the same text, is Public Law 119-99``."""
        how = "has the same text" if self.same_text else "is in the same family"
        return f"{self.bill.label}, which {how}, is {self.law}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFacts:
    """Facts about a bill, for letters and answers. None: the sources do not say; "": they say that there is none.

    `became` is the bill's status in our words: "Became Public Law 119-99 on Fri 23 Jan 2026"; `became_in_letters` is
    the same with the date as letters write it. `as_of` is when the source last changed its record, `checked_at` when we
    last checked it; both are None if only coalition.yml lists the bill, and `source` then names that file. `enacted`
    is the law that the policy became under another number.
    """

    bill: BillNumber
    title: str
    official_title: str | None = None
    sponsor: str | None = None
    sponsor_id: str | None = None  # Bioguide
    introduced: date | None = None
    cosponsors: Mapping[str, Cosponsorship] | None = None  # by Bioguide id
    committees: tuple[str, ...] | None = None
    became: str
    became_in_letters: str = ""
    law: str  # "Public Law 119-99"
    as_of: datetime | None = None
    checked_at: datetime | None = None
    source: str
    place: Place = UNREAD
    enacted: Enacted | None = None
    companion: BillNumber | None = None  # the bill with the same text in the other chamber

    @property
    def current_cosponsors(self) -> dict[str, Cosponsorship] | None:
        """The cosponsors who have not withdrawn."""
        if self.cosponsors is None:
            return None
        return {id_: member for id_, member in self.cosponsors.items() if member.withdrawn is None}
