"""A letter as its parts: whom it goes to, what it says, who signs. Pure.

One `Letter` is what every document is made from, so DOCX, PDF and the text in chat say the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.congress.model import Addressee
from bot.deadlines.model import Claim

CLOSING: Final = "Sincerely,"


class Shape(StrEnum):
    """What a paragraph is."""

    TEXT = "text"
    ITEM = "item"  # of a list
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str  # plain, one line
    shape: Shape = Shape.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a template made of its facts: the same for every addressee unless the template says otherwise.

    `templated`: the sentences with a citation that are the template's own, and not what somebody typed.
    """

    subject: str
    body: tuple[Paragraph, ...]
    claims: tuple[Claim, ...] = ()
    templated: tuple[str, ...] = ()


class Evidence(StrEnum):
    """How an organization gave a signature that staff recorded for it."""

    EMAIL = "e-mail"
    LETTER = "letter"
    FORM = "form"
    SPOKEN = "spoken"
    NOT_STATED = "not stated"  # recorded before the kind was asked for

    @property
    def written(self) -> bool:
        return self in (Evidence.EMAIL, Evidence.LETTER, Evidence.FORM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One organization under a letter. `evidence`: how it is known, where staff recorded it; None: signed in chat."""

    organisation: str  # its legal name
    signatory: str = ""
    title: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter to one addressee, ready to be set."""

    number: str  # "L-014"
    version: int
    date: date
    sender: tuple[str, ...]  # the letterhead: the coalition's name first
    to: Addressee
    written: Written
    closing: str = CLOSING  # "" for a press release, which is not signed
    signer: tuple[str, ...] = ()  # who signs for the sender: name, title, organization
    signatures: tuple[Signature, ...] = ()
    digest: str = ""  # of the text that was signed, for the foot; "" for a draft
    language: str = "en-US"
