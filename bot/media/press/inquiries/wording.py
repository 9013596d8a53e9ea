"""Wording and cards for inquiries. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.media.press.inquiries.model import Inquiry, Kind, State
from bot.media.press.picking import in_both_zones
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import asks, clock, short

_MAX_QUESTION: Final = 600  # characters on a card
_MAX_OUTLET: Final = 60
_PROTECTED: Final = (
    "A request to meet someone you serve. It is not passed on automatically, and the question is not saved. Their "
    "consent and safety come first; do not pressure them through the people who serve them."
)
_ENDED: Final = {
    State.ANSWERED: "Answered",
    State.DECLINED: "Declined",
    State.CLOSED: "Closed without an answer",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of people and short names of members, by id; and the coalition's time zone."""

    people: Mapping[str, str]
    members: Mapping[str, str]
    zone: ZoneInfo


def card(inquiry: Inquiry, names: Names, now: datetime, mark: Mark = Mark.NEWS) -> Card:
    """The card of an inquiry in its current state."""
    return Card(
        mark=mark,
        head=f"Press inquiry {inquiry.label} from {outlet_name(inquiry)}: answer by {due_text(inquiry, names)}",
        badge=asks((inquiry.ask,)) if inquiry.ask else "",
        lines=tuple(Line(text) for text in _lines(inquiry, names, now) if text),
        foot=f"Received {clock(inquiry.received_at, names.zone, now)} by {names.people.get(inquiry.received_by, '')}",
        buttons=buttons(inquiry),
    )


def buttons(inquiry: Inquiry) -> tuple[Button, ...]:
    if not inquiry.state.open:
        return ()
    args = (("inquiry", inquiry.id),)
    first = (Button("Acknowledge", "press acknowledge", args, "primary"),) if inquiry.state is State.RECEIVED else ()
    return (
        *first,
        Button("Answered", "press answered", args),
        Button("Decline", "press decline", args),
        Button("Close", "press close", args),
    )


def list_line(inquiry: Inquiry, names: Names, now: datetime) -> str:
    speaker = names.people.get(inquiry.spokesperson or "", "no one")
    late = "late, " if inquiry.late(now) else ""
    due = f"{late}due {due_text(inquiry, names)}"
    return f"{inquiry.label} {outlet_name(inquiry)}, {due}: {inquiry.state.value}, with {speaker}"


def due_text(inquiry: Inquiry, names: Names) -> str:
    return in_both_zones(inquiry.due_at, ZoneInfo(inquiry.zone), names.zone)


def outlet_name(inquiry: Inquiry) -> str:
    return short(inquiry.outlet, _MAX_OUTLET) or "an unnamed outlet"


def _lines(inquiry: Inquiry, names: Names, now: datetime) -> list[str]:
    question = f"“{short(inquiry.question, _MAX_QUESTION)}”" if inquiry.question else ""
    asker = f"{inquiry.reporter} asks for an interview" if inquiry.kind is Kind.INTERVIEW else inquiry.reporter
    member = f"For {names.members.get(inquiry.member, inquiry.member)}." if inquiry.member else ""
    return [
        _PROTECTED if inquiry.kind is Kind.PROTECTED else "",
        ": ".join(filter(None, (asker, question))),
        member,
        _assignment_line(inquiry, names),
        *_progress_lines(inquiry, names, now),
    ]


def _assignment_line(inquiry: Inquiry, names: Names) -> str:
    if inquiry.spokesperson:
        return f"Passed to {names.people.get(inquiry.spokesperson, 'a former member')}."
    if inquiry.kind is Kind.PROTECTED or not inquiry.state.open:
        return ""
    return "Not passed on: coalition.yml has no spokesperson for it, or none with a linked account (/campaign link)."


def _progress_lines(inquiry: Inquiry, names: Names, now: datetime) -> list[str]:
    def at(moment: datetime | None) -> str:
        return clock(moment, names.zone, now) if moment else ""

    lines = [f"Acknowledged {at(inquiry.acknowledged_at)}."] if inquiry.acknowledged_at else []
    if inquiry.state.open:
        return lines or ["Not acknowledged yet."]
    ended = f" {at(inquiry.answered_at or inquiry.ended_at)}"
    late = ", after the deadline" if inquiry.late(now) else ""
    lines.append(f"{_ENDED[inquiry.state]}{ended}{late}.")
    return [*lines, short(inquiry.outcome, _MAX_QUESTION), inquiry.link]
