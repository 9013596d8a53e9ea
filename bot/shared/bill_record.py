"""A bill's record from one source. Pure."""

from __future__ import annotations

import datetime as dt  # fields are called `date` and `time`, and pydantic looks annotations up among them
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from bot.shared.bill_number import BillNumber
from bot.shared.plain_text import clean

IDENTICAL: Final = "Identical bill"  # a relation by which two bills of one Congress are the same text
_PACKAGE: Final = "https://www.govinfo.gov/app/details/BILLS-{}{}{}{}"


@dataclass(frozen=True, slots=True)
class Action:
    """One row of a record. House, Senate and Library each write their own, so one event may have several rows."""

    date: dt.date
    text: str
    time: dt.time | None = None  # the House's clock
    code: str = ""
    type: str = ""
    source: str = ""
    committees: tuple[tuple[str, str], ...] = ()  # (system code, name)


@dataclass(frozen=True, slots=True)
class Sponsor:
    bioguide: str
    name: str  # "Rep. Fry, Russell [R-SC-7]"


@dataclass(frozen=True, slots=True)
class Cosponsor:
    bioguide: str
    name: str
    joined: dt.date | None = None
    withdrawn: dt.date | None = None
    original: bool = False  # from the day of introduction


@dataclass(frozen=True, slots=True)
class Committee:
    code: str  # "hsju00"
    name: str
    chamber: str = ""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """`code` is GovInfo's: "ih", "rh", "eh", "rds", "enr" …; "" where no address tells it."""

    name: str  # "Introduced in House"
    code: str = ""
    date: dt.date | None = None  # one in twenty has none


@dataclass(frozen=True, slots=True)
class Summary:
    """`action` is the stage it describes and `on` that stage's day; it may be `updated` months later."""

    action: str  # "Introduced in House", "Public Law"
    on: dt.date | None
    updated: dt.date | None
    markup: str  # as it came: few are ever read

    @property
    def text(self) -> str:
        """One line of plain text."""
        return clean(self.markup)


@dataclass(frozen=True, slots=True)
class Related:
    bill: str  # "s2255-119"; the official data never leave the Congress
    title: str
    relations: tuple[str, ...]  # "Identical bill", "Related bill", "Procedurally-related" …


@dataclass(frozen=True, slots=True)
class Estimate:
    """A cost estimate of the Congressional Budget Office. `of` is the text it is about, in CBO's words."""

    of: str  # "As ordered reported by the House Committee on the Judiciary on May 10, 2023"; the title in old records
    published: dt.date | None
    url: str


@dataclass(frozen=True, slots=True)
class Amendment:
    name: str  # "S.Amdt. 890"
    purpose: str
    submitted: dt.date | None


@dataclass(frozen=True, slots=True)
class BillRecord:
    """A bill's record from one source. `updated` is when the source changed it, which need not mean a new event.

    A list is None if the source did not give it, which is not the same as an empty list.
    """

    number: BillNumber
    title: str
    official_title: str | None
    updated: dt.datetime | None
    actions: tuple[Action, ...]  # in the source's order; rows that have no date, or nothing but one, are left out
    introduced: dt.date | None = None
    sponsors: tuple[Sponsor, ...] | None = None
    cosponsors: tuple[Cosponsor, ...] | None = None
    committees: tuple[Committee, ...] | None = None
    titles: tuple[tuple[str, str], ...] | None = None  # (kind, title)
    texts: tuple[TextVersion, ...] | None = None
    summaries: tuple[Summary, ...] | None = None
    laws: tuple[tuple[str, str], ...] | None = None  # ("Public Law", "119-99")
    related: tuple[Related, ...] | None = None
    subjects: tuple[str, ...] | None = None
    estimates: tuple[Estimate, ...] | None = None
    amendments: tuple[Amendment, ...] | None = None
    source: str = ""  # who says so: "GovInfo BILLSTATUS", "congress.gov"

    @property
    def law(self) -> str:
        """``Public Law 119-99``, or "" if no law is reported."""
        return " ".join(self.laws[0]) if self.laws else ""

    @property
    def identical(self) -> frozenset[str]:
        """The ids of other bills with this one's text."""
        return frozenset(other.bill for other in self.related or () if IDENTICAL in other.relations)


def text_page(bill: BillNumber, code: str) -> str:
    """GovInfo's page of a text version; the version may be of any age."""
    return _PACKAGE.format(bill.congress, bill.type, bill.number, code)


def fill_gaps(record: BillRecord, other: BillRecord) -> BillRecord:
    """`record` with its unknown fields taken from `other`, a record of the same bill."""
    gaps: dict[str, Any] = {
        field.name: getattr(other, field.name) for field in fields(record) if getattr(record, field.name) is None
    }
    return replace(record, **gaps, title=record.title or other.title)
