"""A letter's parts: addressee, text, signatures. Pure.

Every document is rendered from one `Letter`, so that DOCX, PDF and the text in chat have the same words.
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
    """The kind of a paragraph."""

    TEXT = "text"
    ITEM = "item"  # of a list
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str  # plain, one line
    shape: Shape = Shape.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The text that a template rendered from its facts, for one or more addressees.

    `templated`: the citing sentences that come from the template, not from typed values.
    """

    subject: str
    body: tuple[Paragraph, ...]
    claims: tuple[Claim, ...] = ()
    templated: tuple[str, ...] = ()

    @property
    def passages(self) -> tuple[str, ...]:
        """The subject, then the text of each paragraph."""
        return (self.subject, *(part.text for part in self.body))

    def reads_as(self, other: Written) -> bool:
        """Whether both have the same words and layout."""
        return (self.subject, self.body) == (other.subject, other.body)


class Evidence(StrEnum):
    """How an organization gave a signature outside the chat. Staff recorded those from `EMAIL` on."""

    REPLY = "reply by email"
    PAGE = "public page"  # confirmed from the organization's own mailbox
    EMAIL = "email"
    LETTER = "letter"
    FORM = "form"
    SPOKEN = "spoken"
    NOT_STATED = "not stated"  # recorded before the kind was asked for

    @property
    def written(self) -> bool:
        return self in (Evidence.REPLY, Evidence.EMAIL, Evidence.LETTER, Evidence.FORM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One organization's signature. `evidence`: how staff learned of it; None if it was given in chat."""

    organisation: str  # its legal name
    signatory: str = ""
    title: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter to one addressee, ready to render."""

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
