"""Press inquiries and when to escalate them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.config.media import Spokesperson

SOON: Final = timedelta(hours=1)  # how long before its deadline an open inquiry is escalated


class InquiryKind(StrEnum):
    QUESTION = "question"
    INTERVIEW = "interview"
    PROTECTED = "protected interview"  # with a person who is served: never passed on automatically, nothing is saved


class InquiryState(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    DECLINED = "declined"
    CLOSED = "closed"  # without an answer: withdrawn, or overtaken

    @property
    def open(self) -> bool:
        return self in (InquiryState.RECEIVED, InquiryState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """`due_at` in UTC; `zone` is the one it was given in. `reporter` and `outlet` as entered."""

    id: str
    number: int
    kind: InquiryKind
    reporter: str
    outlet: str
    question: str
    due_at: datetime
    zone: str
    received_at: datetime
    received_by: str
    ask: int | None = None
    member: str | None = None
    state: InquiryState = InquiryState.RECEIVED
    spokesperson: str | None = None  # a person's id
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    link: str = ""

    @property
    def label(self) -> str:
        """The number that people use: `Q-7`."""
        return f"Q-{self.number}"

    def late(self, now: datetime) -> bool:
        """Whether it is past its deadline without an answer, or was answered late."""
        return (self.answered_at or now) > self.due_at and self.state in (
            InquiryState.RECEIVED, InquiryState.ACKNOWLEDGED, InquiryState.ANSWERED
        )  # fmt: skip


def pick_speaker(lines: Sequence[Spokesperson], ask: int | None, member: str | None) -> Spokesperson | None:
    """The most specific entry of `lines` for this ask and member; of equals, the first.

    An entry without asks covers every ask. An entry without members covers only matters that concern no member: a
    member's own matter needs an entry that names the member.
    """
    candidates = [
        line
        for line in lines
        if (not line.asks or ask in line.asks) and (member in line.members if member else not line.members)
    ]
    return max(candidates, key=lambda line: bool(line.asks), default=None)


def escalation(inquiry: Inquiry, now: datetime, acknowledge: timedelta) -> str:
    """The most urgent escalation of an open inquiry that is due now; "" for none.

    "unheard": not acknowledged within `acknowledge`; "soon": less than an hour before the deadline; "late": past it.
    """
    if not inquiry.state.open:
        return ""
    if now >= inquiry.due_at:
        return "late"
    if now >= inquiry.due_at - SOON and inquiry.due_at - inquiry.received_at > SOON:
        return "soon"
    unacknowledged = inquiry.state is InquiryState.RECEIVED and now - inquiry.received_at >= acknowledge
    return "unheard" if unacknowledged else ""
