"""A letter's parts: addressee, text, signatures. Pure. DOCX, PDF and chat have the same words, from one `Letter`."""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class Note:
    """The source of a claim, numbered in the order of the text."""

    number: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a paragraph, and the note at its end, if any."""

    text: str
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A letter's text in another language, by people. `sent`: whether it is sent, too, after the English text."""

    language: str  # a key of `language.NAMES`
    subject: str
    body: tuple[Paragraph, ...]
    sent: bool = False

    @property
    def written(self) -> Written:
        return Written(subject=self.subject, body=self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The text that a template rendered from its facts, for one or more addressees.

    `templated`: the sentences as the template writes them from facts, whatever is typed into its fields.
    """

    subject: str
    body: tuple[Paragraph, ...]
    claims: tuple[Claim, ...] = ()
    templated: tuple[str, ...] = ()
    translation: Translation | None = None

    @property
    def passages(self) -> tuple[str, ...]:
        """The subject, then the text of each paragraph, in English."""
        return (self.subject, *(part.text for part in self.body))

    @property
    def runs(self) -> tuple[tuple[Run, ...], ...]:
        """Each paragraph, divided after every sentence that has a note.

        Nobody types a note: it belongs to the claim's own sentence, and goes with it when that is moved or removed.
        """
        noted: dict[str, Note] = {}  # by the claim's id: one note for each, where it is first made
        paragraphs = []
        for text in (part.text for part in self.body):
            ends, runs, start = {}, list[Run](), 0
            for claim in (each for each in self.claims if each.citation and each.id not in noted):
                if span := next(sentence_spans(text, " ".join(claim.text.split())), None):
                    ends[span[1]] = claim
            for end, claim in sorted(ends.items()):
                noted[claim.id] = Note(len(noted) + 1, claim)
                runs.append(Run(text[start:end], noted[claim.id]))
                start = end
            paragraphs.append((*runs, *([Run(text[start:])] if start < len(text) else [])))
        return tuple(paragraphs)

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(run.note for runs in self.runs for run in runs if run.note)

    def reads_as(self, other: Written) -> bool:
        """Whether both have the same words and layout in English."""
        return (self.subject, self.body) == (other.subject, other.body)


def sentence_spans(text: str, sentence: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each place where `sentence` is a whole sentence; words before it could reverse its meaning."""
    at = text.find(sentence) if sentence else -1
    while at >= 0:
        before = text[max(at - 2, 0) : at].rstrip()
        if not before or before[-1] in '.!?:;”"’)':
            yield at, at + len(sentence)
        at = text.find(sentence, at + len(sentence))


def states(text: str, claim: Claim) -> bool:
    """Whether a paragraph has the claim's own sentence."""
    return next(sentence_spans(text, " ".join(claim.text.split())), None) is not None


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
