"""The press list: outlets, who writes for them, what was said to whom, and what was agreed. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

GOOD_FOR: Final = timedelta(days=183)  # reporters change beats: after half a year somebody should look again
RECENT: Final = timedelta(days=30)  # a second pitch within this time is asked about first


class Logged(StrEnum):
    """What was done with a contact."""

    NOTE = "note"
    PITCH = "pitch"
    MOVED = "moved"  # to another outlet


class Basis(StrEnum):
    """Why a person's data may be kept (GDPR, art. 6(1)); it reaches reporters in the EU and UK wherever we sit."""

    INTEREST = "legitimate interest"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """`tier`: 1 to 3, 1 being what everybody reads; None where nobody said."""

    id: str
    name: str
    type: str = ""  # "wire", "daily", "radio", "trade", …
    market: str = ""
    tier: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A reporter; or, where `name` is empty, an outlet's desk."""

    id: str
    number: int
    outlet: Outlet
    name: str = ""
    title: str = ""
    beat: str = ""
    email: str = ""
    phone: str = ""
    channel: str = ""  # how they like to be reached
    deadlines: str = ""  # when not to call
    source: str = ""
    basis: Basis = Basis.INTEREST
    verified_on: date | None = None
    opted_out_at: datetime | None = None

    @property
    def label(self) -> str:
        """What people say: `P-31`."""
        return f"P-{self.number}"

    @property
    def who(self) -> str:
        """`Jane Doe (AP)`, `the desk of KTAR`."""
        return f"{self.name} ({self.outlet.name})" if self.name else f"the desk of {self.outlet.name}"

    def stale(self, today: date) -> bool:
        """Whether nobody has looked for half a year if this is still so."""
        return self.verified_on is None or today - self.verified_on > GOOD_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A note or a pitch. `pitched_by`: the id of the member whose pitch it was, "" for the coalition's own."""

    id: str
    contact: str
    kind: Logged
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
    """Something shown before it may be published. `lifts_at` in UTC, `zone` the one it was said in."""

    id: str
    number: int
    about: str
    lifts_at: datetime
    zone: str
    agreed: Mapping[str, str] = field(default_factory=dict)  # contact id → where they said yes

    @property
    def label(self) -> str:
        return f"E-{self.number}"


def folded(text: str) -> str:
    """Without accents, case and punctuation: `T’ruah` and `Truah` are one, so are `The AP` and `the  AP.`."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w\s]+", "", plain.casefold()).split())


def prints(salt: str, *, name: str, outlet: str, email: str, phone: str) -> dict[str, str]:
    """How somebody would be known again, as hashes by what they are of; what is empty gives none.

    By the name alone an import leaves somebody out, for lists write an outlet now this way, now that; a person who adds
    another of that name by hand means it.
    """
    digits = re.sub(r"\D", "", phone)[-10:]  # with or without the country before it
    known = {
        "email": email.strip().casefold(),
        "phone": digits if len(digits) == 10 else "",
        "name and outlet": f"{folded(name)}\n{folded(outlet)}" if folded(name) else "",
        "name": folded(name),
    }
    return {what: sha256(f"{salt}\n{what}\n{value}".encode()).hexdigest() for what, value in known.items() if value}


def prints_of(salt: str, contact: Contact) -> dict[str, str]:
    return prints(salt, name=contact.name, outlet=contact.outlet.name, email=contact.email, phone=contact.phone)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Who asked not to be kept or written to, as nothing but hashes. `salt`: "" where nobody has asked yet."""

    salt: str
    hashes: frozenset[str]

    def by(self, contact: Contact, *, name: bool) -> str:
        """By what `contact` is known to be one of them, "" for who is not. `name`: the name alone will do."""
        theirs = prints_of(self.salt, contact).items()
        return next((what for what, hash_ in theirs if hash_ in self.hashes and (name or what != "name")), "")
