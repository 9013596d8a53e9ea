"""A filing on regulations.gov: its states, and the comment as it is sent. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.letters.model import Letter
from bot.shared.errors import Problem
from bot.shared.wording import number

HOW: Final = "regulations.gov"  # of a letter's log of mail
LONGEST_COMMENT: Final = 5_000  # characters and bytes
LONGEST_NAME: Final = 120  # characters of an organization's name
LARGEST_PDF: Final = 10_000_000  # bytes
_LONGEST_EMAIL: Final = 100


class FilingState(StrEnum):
    """What was recorded before the next step. From `POSTING` on, the comment may have been filed."""

    PREPARED = "prepared"  # shown; another person may file it
    PRESSED = "to be filed"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    POSTING = "posting"
    UNCLEAR = "unclear"  # it was sent, and no answer says whether it was received
    FILED = "filed"
    NOT_FILED = "not filed"
    REPLACED = "replaced"


ENDED: Final = (FilingState.NOT_FILED, FilingState.REPLACED)


class CannotFile(Problem):
    """regulations.gov would refuse the comment; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One filing of a letter. `body` is the comment as it is sent; `tries`: failed uploads; `why`: the last trouble.

    `stepped_at`: when its state began; of one that was sent, when it was sent.
    """

    id: str
    letter: str  # id
    state: FilingState
    document: str
    document_title: str
    object_id: str
    url: str  # of the API
    body: str
    submission_key: str
    pdf_name: str
    pdf_digest: str
    pdf_size: int
    prepared_by: str
    prepared_at: datetime
    filed_by: str | None = None
    stepped_at: datetime
    tries: int = 0
    retry_at: datetime | None = None
    asked_at: datetime | None = None
    tracking: str | None = None
    why: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 of all that is sent and of where it goes: what a person's press agrees to."""
        parts = (self.url, self.body, self.pdf_name, self.pdf_digest)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def digest_with(self, warning: str) -> str:
        """The same with a warning that a person was asked about."""
        return hashlib.sha256(f"{self.digest}\n{warning}".encode()).hexdigest()

    @property
    def is_trial(self) -> bool:
        """Whether it goes to the staging site, from which no agency gets it."""
        return "api-staging.regulations.gov" in self.url

    def received(self, tracking: str) -> Filing:
        """The filing once regulations.gov has it. A trial is not filed, so that the real one can follow."""
        if self.is_trial:
            why = f"It was a trial on the staging site, which gave the tracking number {tracking}. No agency gets it."
            return replace(self, state=FilingState.NOT_FILED, why=why)
        return replace(self, state=FilingState.FILED, tracking=tracking, why="")

    @property
    def sent(self) -> bytes:
        return self.body.encode()

    @property
    def attributes(self) -> Mapping[str, Any]:
        attributes: Mapping[str, Any] = json.loads(self.body)["data"]["attributes"]
        return attributes


def comment_text(letter: Letter) -> str:
    """The comment's text, which refers to the attached letter."""
    signed = len(letter.signatures)
    with_ = f", signed by {number(signed, 'organization')}" if signed else ""
    return f"{letter.sender[0]} submits the attached comment{with_}: {letter.written.subject}"


def comment_body(
    *, document: str, comment: str, organization: str, organization_type: str, email: str, key: str, file: str
) -> str:
    """A comment's JSON, in an organization's name, with one file. Raises `CannotFile`. `email`: for a receipt."""
    if len(organization) > LONGEST_NAME:
        raise CannotFile(f"The coalition’s name is longer than {LONGEST_NAME} characters. Shorten it in coalition.yml.")
    if max(len(comment), len(comment.encode())) > LONGEST_COMMENT:
        raise CannotFile(f"The comment is longer than {LONGEST_COMMENT:,} characters. Shorten the letter’s subject.")
    if any(ord(sign) > 0xFFFF for sign in comment + organization):
        raise CannotFile(
            "regulations.gov takes no emoji. Remove them from the letter’s subject and the coalition’s name."
        )
    receipt = {"email": email, "sendEmailReceipt": True} if email and len(email) <= _LONGEST_EMAIL else {}
    attributes = {
        "commentOnDocumentId": document,
        "comment": comment,
        "submissionType": "API",
        "submitterType": "ORGANIZATION",
        "organization": organization,
        "organizationType": organization_type,
        **receipt,
        "submissionKey": key,
        "files": [file],
    }
    return json.dumps({"data": {"type": "comments", "attributes": attributes}}, ensure_ascii=False)
