"""Members, committees and seats of Congress, as published on one day. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal

_NUMERAL: Final = re.compile(r"[IVX]+")
_WORD: Final = re.compile(r"[^\W_]+")
# The titles of representatives without a vote (48 U.S.C. 1711, 1731, 1751; D.C. Code 1-401; 48 U.S.C. 891).
DELEGATES: Final = frozenset({"AS", "DC", "GU", "MP", "VI"})
COMMISSIONER: Final = "PR"


Gender = Literal["M", "F", ""]


class Role(StrEnum):
    """A member's title; non-voting members are never "Representative"."""

    SENATOR = "Senator"
    REPRESENTATIVE = "Representative"
    DELEGATE = "Delegate"
    RESIDENT_COMMISSIONER = "Resident Commissioner"


class Chamber(StrEnum):
    SENATE = "senate"
    HOUSE = "house"
    JOINT = "joint"  # for committees only


def role_of(chamber: Chamber, state: str) -> Role:
    if chamber is Chamber.SENATE:
        return Role.SENATOR
    if state == COMMISSIONER:
        return Role.RESIDENT_COMMISSIONER
    return Role.DELEGATE if state in DELEGATES else Role.REPRESENTATIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member in the public record; "" for what it lacks."""

    bioguide: str
    first: str
    last: str
    suffix: str = ""
    nickname: str = ""
    official_full: str = ""
    gender: Gender = ""
    role: Role
    state: str
    district: int | None = None  # 0: the whole state
    party: str = ""
    term_start: date
    term_end: date  # the day on which the term ends, at noon (20th Amendment)
    first_term: date | None = None  # the first term in this chamber; None if the record has only the current one
    room: str = ""
    phone: str = ""  # the office's in Washington, as it lists it
    leads: str = ""  # "Speaker of the House", "Senate Majority Whip" …
    lis: str = ""  # a senator's number in the Senate's roll calls, "S289"

    @property
    def chamber(self) -> Chamber:
        return Chamber.SENATE if self.role is Role.SENATOR else Chamber.HOUSE

    @property
    def full_name(self) -> str:
        """The name as the chamber writes it, else composed from its parts."""
        if self.official_full:
            return self.official_full
        ending = self.suffix and (" " if _NUMERAL.fullmatch(self.suffix) else ", ") + self.suffix
        return f"{self.first} {self.last}{ending}"

    @property
    def surname(self) -> str:
        """The surname as the full name uses it: Pablo José Hernández, on record as "Hernández Rivera"."""
        words = self.last.split()
        used = (" ".join(words[:n]) for n in range(len(words), 0, -1))
        return next((part for part in used if part in self.full_name), self.last)

    @property
    def place(self) -> str:
        """``NY`` for a senator or an at-large member, else ``NY-14``."""
        return f"{self.state}-{self.district}" if self.district else self.state

    @property
    def label(self) -> str:
        """``Senator Kirsten Gillibrand (NY)``."""
        return f"{self.role} {self.full_name} ({self.place})"

    def serves(self, today: date) -> bool:
        """Whether the term includes `today`. It ends on the day the next Congress begins."""
        return today < self.term_end


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """A committee, or with `parent` a subcommittee: ``HSJU``, ``HSJU08``."""

    id: str
    name: str  # "House Committee on the Judiciary"; for a subcommittee only its subject
    chamber: Chamber
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A member's place on a committee; `title` as the record writes it: "Chairman", "Ranking Member" …"""

    committee: str
    bioguide: str
    place: int  # in the order of the record
    title: str = ""

    @property
    def chair(self) -> bool:
        """Whether this is the chair. The Senate's record says "Chairman" for women too."""
        return self.title in ("Chair", "Chairman", "Chairwoman")

    @property
    def ranking(self) -> bool:
        return self.title.casefold() == "ranking member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Members, committees and seats as published on one day. `source` is the address or folder."""

    as_of: date
    source: str
    members: tuple[Member, ...]
    committees: tuple[Committee, ...] = ()
    seats: tuple[Seat, ...] = ()


@lru_cache(8_192)  # the whole directory is searched for each name, and changes once a day
def fold(text: str) -> tuple[str, ...]:
    """A name's words for comparison: "Velázquez" and "VELAZQUEZ" are the same."""
    plain = text
    if not text.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return tuple(_WORD.findall(plain.replace(".", "").replace("'", "").replace("’", "").casefold()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """The recipient of a letter.

    `id` is permanent: ``office:ovc`` (an office of coalition.yml), ``member:G000555`` (a member of Congress by
    Bioguide id), ``chair:SSJU`` and ``ranking:HSJU`` (who leads a committee), ``joint:…`` (several at once).
    `as_of` is the day of the data with the holder's name; None if only the office is addressed.
    `missing` lists in sentences what that data lacks: "The record gives no office room for James Doe."
    """

    id: str
    name: str  # as in a sentence: "Senator Kirsten Gillibrand", "the Secretary of Labor"
    block: tuple[str, ...]  # the lines of the envelope
    salutation: str  # "Dear Senator Gillibrand:"
    as_of: date | None = None
    missing: str = ""
