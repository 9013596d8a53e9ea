"""How an inquiry is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.media.press.inquiries.model import Inquiry, Kind, State
from bot.media.press.picking import in_both
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import asks, clock, short

_QUESTION: Final = 600  # characters on a card
_OUTLET: Final = 60
_PROTECTED: Final = (
    "A request to meet someone you serve. It is not passed on by itself, and nothing of what is asked is stored here. "
    "Their consent and safety come first; nobody presses them through those who serve them."
)
_ENDED: Final = {
    State.ANSWERED: "Answered",
    State.DECLINED: "Declined",
    State.CLOSED: "Closed without an answer",
}


@dataclass(frozen=True, slots=True)
class Names:
    """`people` by id, `members` by id (the short ones), and the coalition's zone."""

    people: Mapping[str, str]
    members: Mapping[str, str]
    zone: ZoneInfo


def card(inquiry: Inquiry, names: Names, now: datetime, mark: Mark = Mark.NEWS) -> Card:
    """One inquiry as it stands."""
    return Card(
        mark=mark,
        head=f"Press inquiry {inquiry.label} from {outlet(inquiry)}: answer by {due(inquiry, names)}",
        badge=asks((inquiry.ask,)) if inquiry.ask else "",
        lines=tuple(Line(text) for text in _lines(inquiry, names, now) if text),
        foot=f"Received {clock(inquiry.received_at, names.zone, now)} by {names.people.get(inquiry.received_by, '')}",
        buttons=buttons(inquiry),
    )


def buttons(inquiry: Inquiry) -> tuple[Button, ...]:
    if not inquiry.state.open:
        return ()
    its = (("inquiry", inquiry.id),)
    first = (Button("Acknowledge", "press acknowledge", its, "primary"),) if inquiry.state is State.RECEIVED else ()
    return (
        *first,
        Button("Answered", "press answered", its),
        Button("Decline", "press decline", its),
        Button("Close", "press close", its),
    )


def line(inquiry: Inquiry, names: Names, now: datetime) -> str:
    """One inquiry in a list."""
    who = names.people.get(inquiry.spokesperson or "", "nobody")
    late = "late, " if inquiry.late(now) else ""
    return f"{inquiry.label} {outlet(inquiry)}, {late}due {due(inquiry, names)}: {inquiry.state.value}, with {who}"


def due(inquiry: Inquiry, names: Names) -> str:
    return in_both(inquiry.due_at, ZoneInfo(inquiry.zone), names.zone)


def outlet(inquiry: Inquiry) -> str:
    return short(inquiry.outlet, _OUTLET) or "somebody"


def _lines(inquiry: Inquiry, names: Names, now: datetime) -> list[str]:
    asked = f"“{short(inquiry.question, _QUESTION)}”" if inquiry.question else ""
    who = f"{inquiry.reporter} asks for an interview" if inquiry.kind is Kind.INTERVIEW else inquiry.reporter
    about = f"For {names.members.get(inquiry.member, inquiry.member)}." if inquiry.member else ""
    return [
        _PROTECTED if inquiry.kind is Kind.PROTECTED else "",
        ": ".join(filter(None, (who, asked))),
        about,
        _with(inquiry, names),
        *_so_far(inquiry, names, now),
    ]


def _with(inquiry: Inquiry, names: Names) -> str:
    if inquiry.spokesperson:
        return f"Passed to {names.people.get(inquiry.spokesperson, 'somebody who has left')}."
    if inquiry.kind is Kind.PROTECTED or not inquiry.state.open:
        return ""
    return "Passed to nobody: coalition.yml names nobody for this, or nobody who is linked here (/campaign link)."


def _so_far(inquiry: Inquiry, names: Names, now: datetime) -> list[str]:
    def at(moment: datetime | None) -> str:
        return clock(moment, names.zone, now) if moment else ""

    lines = [f"Acknowledged {at(inquiry.acknowledged_at)}."] if inquiry.acknowledged_at else []
    if inquiry.state.open:
        return lines or ["Not acknowledged yet."]
    after = f" {at(inquiry.answered_at or inquiry.ended_at)}"
    late = ", after the deadline" if inquiry.late(now) else ""
    lines.append(f"{_ENDED[inquiry.state]}{after}{late}.")
    return [*lines, short(inquiry.outcome, _QUESTION), inquiry.link]
