"""An outside organization's request to sign, and what a person must see before accepting it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

_WORD: Final = re.compile(r"\w+")


class Stage(StrEnum):
    """Where a request is."""

    ASKED = "asked"  # until the link in the mail is pressed
    CONFIRMED = "confirmed"  # until a person accepts or refuses it
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DISOWNED = "not theirs"  # someone at the organization's address said that it did not sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an organization types on the public page. `listed`: whether the page may name the signatory."""

    legal_name: str
    website: str  # with its scheme
    signatory: str
    title: str
    address: str  # of email, in lower case
    listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AllyRequest:
    """A stored request. `digest`: of the text it asked to sign, or confirmed last; `turn`: as in the table."""

    id: str
    number: int
    letter: str  # id
    given: Given
    digest: str
    stage: Stage
    asked_at: datetime
    turn: int = 1
    confirmed_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"A-{self.number:03}"

    @property
    def domain(self) -> str:
        """The domain of its mail address."""
        return self.given.address.rpartition("@")[2]

    @property
    def organisation(self) -> str:
        """Its id among the letter's signatures."""
        return ally_id(self.given.legal_name)


def ally_id(legal_name: str) -> str:
    """The id of an outside organization among a letter's signatures, the same for spellings that differ in signs."""
    return f"ally:{'-'.join(_WORD.findall(legal_name.casefold())) or legal_name}"
