"""A meeting with an office: when, who came, what was asked and said, the next step, and who may read it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.commands.model import EDITORS, STAFF, Actor, Role


class State(StrEnum):
    ASKED = "asked"
    HELD = "held"
    CANCELED = "canceled"


class Answer(StrEnum):
    """What an office said to us on a bill. It is no public position: a vote or a signature says more."""

    FOR = "said yes"
    AGAINST = "said no"
    LEANING = "leans yes"
    NONE = "gave no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAsk:
    """What we asked in a meeting, and what they said in their words. `answer`: on the bill, if it is about one."""

    id: str
    meeting: str
    asked: str
    reply: str
    bill: str | None = None
    answer: Answer | None = None
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting. `office`: as a letter's addressee, "member:G000555"; `role`: of the people met, without names.

    `organizations`: our members that came; none: the coalition's staff alone.
    """

    id: str
    number: int
    office: str
    office_name: str
    state: State
    on: date
    purpose: str = ""
    role: str = ""
    next_step: str = ""
    next_on: date | None = None
    next_by: str | None = None
    reminded_at: datetime | None = None
    done_at: datetime | None = None
    logged_by: str
    logged_at: datetime
    removed_at: datetime | None = None
    organizations: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"M-{self.number}"

    @property
    def promise_id(self) -> str:
        """The id of its first promise in the ledger of commitments; the others' are `m7-2`, `m7-3` …"""
        return f"m{self.number}"

    @property
    def has_open_step(self) -> bool:
        return self.next_on is not None and self.done_at is None

    @property
    def readers(self) -> str:
        """Who may read it, as the `needs` of a message."""
        return "|".join((*sorted(STAFF), *(f"{Role.REPRESENTATIVE}:{each}" for each in self.organizations)))

    def is_open_to(self, actor: Actor) -> bool:
        """Whether someone may read it: staff, and the representatives of the members that came."""
        own = Role.REPRESENTATIVE in actor.roles and actor.organisation in self.organizations
        return own or bool(actor.roles & STAFF)

    def is_changed_by(self, actor: Actor) -> bool:
        """Whether someone may change it: policy staff, and a representative whose member came alone."""
        own = Role.REPRESENTATIVE in actor.roles and self.organizations == (actor.organisation,)
        return own or bool(actor.roles & EDITORS)
