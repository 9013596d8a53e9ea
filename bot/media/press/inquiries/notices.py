"""Notices about inquiries: assign the spokesperson, notify people, escalate what waits too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Final

from bot.commands.model import Actor, Context, Job, Role, Work
from bot.config.coalition import Coalition
from bot.media.contacts import records as press_records
from bot.media.press.inquiries import records, wording
from bot.media.press.inquiries.model import Inquiry, Kind, escalation, pick_speaker
from bot.media.press.inquiries.wording import Names
from bot.outbox.messages import ANY_ROLE, members_only_place, post, post_to_person, update
from bot.outbox.messages import cancel_messages as drop
from bot.people.model import Person
from bot.people.records import names as people_names
from bot.people.records import people
from bot.shared.card import Button, Card, Line, Mark
from bot.store.database import Reader, Transaction, to_text

KIND: Final = "inquiry"  # of deliveries
_ESCALATIONS: Final = {
    "unheard": "{} from {}: not acknowledged yet",
    "soon": "{} from {}: less than an hour left, and no answer yet",
    "late": "{} from {} is past its deadline without an answer",
}

NewId = Callable[[], str]


def assign_speaker(db: Reader, coalition: Coalition, inquiry: Inquiry) -> Inquiry:
    """The inquiry with the first reachable spokesperson assigned; a request to meet someone served has none."""
    if inquiry.kind is Kind.PROTECTED:
        return replace(inquiry, spokesperson=None)
    speakers = _reachable_speakers(db, coalition, inquiry)
    return replace(inquiry, spokesperson=speakers[0].id if speakers else None)


def names(db: Reader, coalition: Coalition) -> Names:
    return Names(
        people=people_names(db),
        members={id_: member.short or member.name for id_, member in coalition.members.items()},
        zone=coalition.tz,
    )


def announce(work: Work, inquiry: Inquiry) -> None:
    """Post a new inquiry to the press channel and to its spokesperson."""
    card = wording.card(inquiry, names(work.tx, work.config.coalition), work.now)
    deliveries = _post_to_press(work, inquiry, f"inquiry:{inquiry.id}", card)
    _link_messages(work.tx, inquiry, deliveries)
    notify_speaker(work, inquiry)


def notify_speaker(work: Work, inquiry: Inquiry) -> None:
    """Notify the spokesperson at once, even in quiet hours, because of the reporter's deadline.

    Each call sends a new message: a person who gets an inquiry back must learn of it.
    """
    if inquiry.spokesperson:
        card = wording.card(inquiry, names(work.tx, work.config.coalition), work.now)
        name = f"inquiry:{inquiry.id}:passed on:{to_text(work.now)}"
        deliveries = _post_to_person(work, inquiry.spokesperson, name, card)
        _link_messages(work.tx, inquiry, deliveries)


def cancel_notices(work: Work, inquiry: Inquiry) -> None:
    """Discard queued messages about an inquiry to its spokesperson."""
    if inquiry.spokesperson:
        cards = press_records.linked_messages(work.tx, inquiry.id)
        drop(work.tx, inquiry.spokesperson, cards, why="the inquiry was reassigned")


def update_cards(work: Work, inquiry: Inquiry) -> None:
    """Update every card of an inquiry to its current state."""
    card = wording.card(inquiry, names(work.tx, work.config.coalition), work.now)
    for delivery in press_records.linked_messages(work.tx, inquiry.id):
        update(work, delivery, card)


def compose(job: Job) -> None:
    """Escalate inquiries that wait too long, each step once, to the press channel and the spokesperson."""
    coalition = job.config.coalition
    for inquiry in records.open_inquiries(job.db):
        step = escalation(inquiry, job.now, coalition.media.acknowledge)
        if not step:
            continue
        with job.write() as work:
            if records.find(work.tx, inquiry.id) == inquiry:
                _post_escalation(work, inquiry, step)


def assigned_inquiries(db: Reader, actor: Actor, now: datetime) -> list[Line]:
    """The open inquiries assigned to this person."""
    assigned = [inquiry for inquiry in records.open_inquiries(db) if inquiry.spokesperson == actor.person]
    return [
        Line(f"To answer: {inquiry.label} from {wording.outlet_name(inquiry)}{', late' if inquiry.late(now) else ''}")
        for inquiry in assigned
        if actor.person
    ]


def unassign_all(ctx: Context, person: str) -> list[Line]:
    """Unassign this person's open inquiries; return a line for each."""
    assigned = [inquiry for inquiry in records.open_inquiries(ctx.tx) if inquiry.spokesperson == person]
    for inquiry in assigned:
        cancel_notices(ctx, inquiry)
        after = replace(inquiry, spokesperson=None)
        records.save(ctx.tx, after)
        update_cards(ctx, after)
    return [Line(f"Press inquiry {inquiry.label} from {wording.outlet_name(inquiry)}") for inquiry in assigned]


def _post_escalation(work: Work, inquiry: Inquiry, step: str) -> None:
    head = _ESCALATIONS[step].format(inquiry.label, wording.outlet_name(inquiry))
    due = wording.due_text(inquiry, names(work.tx, work.config.coalition))
    card = Card(mark=Mark.NEWS, head=head, lines=(Line(f"Answer by {due}."),), buttons=_show_button(inquiry))
    name = f"inquiry:{inquiry.id}:{step}:{inquiry.due_at:%Y%m%d%H%M}"
    recipients = [person.id for person in _reachable_speakers(work.tx, work.config.coalition, inquiry)]
    if inquiry.spokesperson:
        recipients = [inquiry.spokesperson, *recipients]
    _post_to_press(work, inquiry, name, card)
    for person in dict.fromkeys(recipients):
        _post_to_person(work, person, name, card)


def _show_button(inquiry: Inquiry) -> tuple[Button, ...]:
    return (Button("Show", "press open", (("inquiry", inquiry.id),)),)


def _reachable_speakers(db: Reader, coalition: Coalition, inquiry: Inquiry) -> list[Person]:
    """The spokesperson for this inquiry and their backup, if they have an account."""
    line = pick_speaker(coalition.spokespeople, inquiry.ask, inquiry.member)
    if line is None or inquiry.kind is Kind.PROTECTED:
        return []
    by_name = {person.name.casefold(): person for person in people(db)}
    persons = [by_name.get(name.casefold()) for name in (line.name, line.backup)]
    return [person for person in persons if person and person.accounts]


def _post_to_press(work: Work, inquiry: Inquiry, name: str, card: Card) -> list[str]:
    """Post to the press channel, or to everyone with the press role if there is none; return the message ids."""
    channel = work.config.feeds.press
    if channel is None:
        readers = [person for person in people(work.tx) if Role.PRESS in person.roles]
        sent = [_post_to_person(work, reader.id, name, card, needs=Role.PRESS) for reader in readers]
        return list(chain(*sent))
    place = members_only_place(channel, work.config.feeds)
    thread = place.thread(f"inquiry:{inquiry.id}")
    delivery = post(work, place, name, card, kind=KIND, thread=thread)
    return [delivery] if delivery else []


def _post_to_person(work: Work, person: str, name: str, card: Card, *, needs: str = ANY_ROLE) -> list[str]:
    delivery = post_to_person(work, person, name, card, kind=KIND, urgent=True, needs=needs)
    return [delivery] if delivery else []


def _link_messages(tx: Transaction, inquiry: Inquiry, deliveries: list[str]) -> None:
    """Record that these messages show the inquiry: they are updated with it, and emptied if the reporter is erased."""
    for delivery in deliveries:
        press_records.link_message(tx, inquiry.id, delivery)
