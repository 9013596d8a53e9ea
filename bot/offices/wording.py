"""The sentences about contacts in offices."""

from __future__ import annotations

from bot.commands.model import Context
from bot.offices.model import Contact, Meeting
from bot.people import records as people
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import asks, dotted, short


def line(contact: Contact, ctx: Context) -> str:
    """`C-12 Jo Sample, LA · ask 4 · jo@example.gov · to verify: never verified`."""
    reason = contact.to_verify(ctx.today)
    state = "opted out" if contact.opted_out_at else "left" if contact.left_on else reason and f"to verify: {reason}"
    return dotted(f"{contact.label} {contact.title}", asks(contact.asks), contact.reached(), state)


def card(contact: Contact, ctx: Context, head: str) -> Card:
    """A contact's card: how to reach them, what they handle, and whether that is verified."""
    args = (("contact", contact.id),)
    by = people.names(ctx.tx).get(contact.verified_by or "", "")
    reason = contact.to_verify(ctx.today)
    if contact.left_on:
        state = f"Left, noted on {day_in_words(contact.left_on)}; deleted a year after that."
    else:
        state = (
            f"To verify: {reason}."
            if reason
            else f"Verified {contact.verified.removeprefix('last ')}{f', by {by}' if by else ''}."
        )
    lines = (
        dotted(asks(contact.asks), contact.reached()),
        contact.notes,
        state,
        "Opted out: no letter is mailed to them." if contact.opted_out_at else "",
    )
    buttons = (
        Button("Still right", "office verify", args, "primary" if reason else "plain"),
        Button("Edit", "office edit", args),
        *(() if contact.left_on else (Button("Left", "office left", args),)),
        Button("Show office", "office show", (("office", contact.office),)),
    )
    return Card(
        mark=Mark.ANSWER,
        head=head,
        lines=tuple(Line(text) for text in lines if text),
        foot=f"Source: {contact.source}; kept for: {contact.basis.value}",
        buttons=ctx.theirs(*buttons),
    )


def step(meeting: Meeting) -> str:
    """`Next step with Senator Kirsten Gillibrand (NY): send the text, by Fri Dec 18, 2026`."""
    by = f", by {day_in_words(meeting.next_on)}" if meeting.next_on else ""
    return f"Next step with {meeting.office_name}: {short(meeting.next_step, 200)}{by}"
