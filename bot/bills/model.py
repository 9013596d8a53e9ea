"""Facts about a bill. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.bills.stage import UNREAD, Place, status
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words

_SEAT: Final = re.compile(r"\[(?P<party>[A-Z]{1,4})-(?P<state>[A-Z]{2})(?:-[^\]]{1,20})?\]$")


@dataclass(frozen=True, slots=True)
class Cosponsorship:
    name: str  # "Rep. Wagner, Ann [R-MO-2]"
    joined: date | None
    withdrawn: date | None = None

    @property
    def party(self) -> str:
        """Its letter, `R`; "" if the name does not give it."""
        return self._seat[0]

    @property
    def state(self) -> str:
        """`MO`; "" if the name does not give it."""
        return self._seat[1]

    @property
    def _seat(self) -> tuple[str, str]:
        seat = _SEAT.search(self.name)
        return (seat["party"], seat["state"]) if seat else ("", "")


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

    `listed` is what coalition.yml says of a bill without a record. `as_of` is when the source last changed its record,
    `checked_at` when we last checked it; both are None if only coalition.yml lists the bill, and `source` then names
    that file. `enacted` is the law that the policy became under another number.
    """

    bill: BillNumber
    title: str
    official_title: str | None = None
    sponsor: str | None = None
    sponsor_id: str | None = None  # Bioguide
    introduced: date | None = None
    cosponsors: Mapping[str, Cosponsorship] | None = None  # by Bioguide id
    committees: tuple[str, ...] | None = None
    listed: str = ""
    law: str  # "Public Law 119-99"
    as_of: datetime | None = None
    checked_at: datetime | None = None
    source: str
    place: Place = UNREAD
    enacted: Enacted | None = None
    companion: BillNumber | None = None  # the bill with the same text in the other chamber
    twin: BillFacts | None = None  # the facts of the companion, if its record was read; without those of another bill

    @property
    def status(self) -> str:
        """Where it is, in a sentence: "It became Public Law 119-99 on Fri Jan 23, 2026."."""
        return self.status_as("it", day_in_words) or self.listed or "Its record has no dated step yet."

    def status_as(self, subject: str, day: Callable[[date], str]) -> str:
        """The same with another name for the bill and dates as `day` writes them; "" if no record was read."""
        return status(self.place, self.bill, subject=subject, law=self.law, day=day)

    @property
    def current_cosponsors(self) -> dict[str, Cosponsorship] | None:
        """The cosponsors who have not withdrawn."""
        if self.cosponsors is None:
            return None
        return {id_: member for id_, member in self.cosponsors.items() if member.withdrawn is None}
