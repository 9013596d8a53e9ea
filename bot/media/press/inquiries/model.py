"""A question from the press, on its way to an answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

SOON: Final = timedelta(hours=1)  # before its deadline an open question is said once more


class Kind(StrEnum):
    QUESTION = "question"
    INTERVIEW = "interview"
    PROTECTED = "protected interview"  # of someone who is served: never passed on by itself, nothing of it is stored


class State(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    DECLINED = "declined"
    CLOSED = "closed"  # without an answer: withdrawn, or overtaken

    @property
    def open(self) -> bool:
        return self in (State.RECEIVED, State.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """`due_at` in UTC, `zone` the one it was said in. `reporter` and `outlet` as they were given."""

    id: str
    number: int
    kind: Kind
    reporter: str
    outlet: str
    question: str
    due_at: datetime
    zone: str
    received_at: datetime
    received_by: str
    ask: int | None = None
    member: str | None = None
    state: State = State.RECEIVED
    spokesperson: str | None = None  # a person's id
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    link: str = ""

    @property
    def label(self) -> str:
        """What people say: `Q-7`."""
        return f"Q-{self.number}"

    def late(self, now: datetime) -> bool:
        """Past its deadline and not answered; or answered after it."""
        return (self.answered_at or now) > self.due_at and self.state in (
            State.RECEIVED, State.ACKNOWLEDGED, State.ANSWERED
        )  # fmt: skip


class Speaker(Protocol):
    """A line of `spokespeople` in coalition.yml."""

    @property
    def name(self) -> str: ...
    @property
    def backup(self) -> str: ...
    @property
    def asks(self) -> tuple[int, ...]: ...
    @property
    def members(self) -> tuple[str, ...]: ...


def speaker(lines: Sequence[Speaker], ask: int | None, member: str | None) -> Speaker | None:
    """Who speaks on this: the line that says most of it, the first of equals.

    A line without asks is for any, one without members for what is about none in particular: for a member's own matter
    its own people speak, or somebody who is named for it.
    """

    def fits(line: Speaker) -> bool:
        return (not line.asks or ask in line.asks) and (member in line.members if member else not line.members)

    fitting = [line for line in lines if fits(line)]
    return max(fitting, key=lambda line: bool(line.asks), default=None)


def raised(inquiry: Inquiry, now: datetime, acknowledge: timedelta) -> str:
    """What there is to be said of an open inquiry by now, the most pressing alone; "" for nothing.

    "unheard": nobody has acknowledged it within `acknowledge`; "soon": its deadline is less than an hour away;
    "late": it is past.
    """
    if not inquiry.state.open:
        return ""
    if now >= inquiry.due_at:
        return "late"
    if now >= inquiry.due_at - SOON and inquiry.due_at - inquiry.received_at > SOON:
        return "soon"
    unheard = inquiry.state is State.RECEIVED and now - inquiry.received_at >= acknowledge
    return "unheard" if unheard else ""
