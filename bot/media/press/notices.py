"""An inquiry's card, and notices of the press room: inquiries that wait too long, follow-ups, contacts to verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.model import Actor, Job, Role, Work
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.media.contacts import records as press_records
from bot.media.contacts.model import Inquiry, InquiryKind, InquiryState, LogEntry, escalation, pick_speaker
from bot.media.press.people import ago
from bot.media.press.picking import in_both_zones, member_name
from bot.outbox import queued
from bot.outbox.messages import (
    ANY_ROLE,
    members_only_place,
    post,
    post_to_first_reader,
    post_to_person,
    retract_from,
    update,
)
from bot.outbox.records import WITHDRAWN
from bot.people.contacts import scrub
from bot.people.model import Person
from bot.people.records import names as people_names
from bot.people.records import people
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import asks, clock, number, short, with_period
from bot.store import memo
from bot.store.database import Reader, Transaction, to_text, update_rows

INQUIRY_KIND: Final = "inquiry"  # of deliveries
_MAX_QUESTION: Final = 600  # characters on a card
_MAX_OUTLET: Final = 60
_PROTECTED: Final = (
    "A request to meet someone you serve. It is not passed on automatically, and the question is not saved. Their "
    "consent and safety come first; do not pressure them through the people who serve them."
)
_ENDED: Final = {
    InquiryState.ANSWERED: "Answered",
    InquiryState.DECLINED: "Declined",
    InquiryState.CLOSED: "Closed without an answer",
}
_ESCALATIONS: Final = {
    "unheard": "{} from {}: not acknowledged yet",
    "soon": "{} from {}: less than an hour left, and no answer yet",
    "late": "{} from {} is past its deadline without an answer",
}
REMINDER_KIND: Final = "press"  # of deliveries
_MORNING: Final = 9  # o'clock, local
_CHECKED_ON: Final = "press verified looked on"


def inquiry_card(work: Work, inquiry: Inquiry, mark: Mark = Mark.NEWS) -> Card:
    names, zone = people_names(work.tx), work.zone
    args = (("inquiry", inquiry.id),)
    buttons = [
        Button("Acknowledge", "press acknowledge", args, "primary"),
        Button("Answered", "press answered", args),
        Button("Decline", "press decline", args),
        Button("Close", "press close", args),
    ]
    first = 0 if inquiry.state is InquiryState.RECEIVED else 1
    return Card(
        mark=mark,
        head=f"Press inquiry {inquiry.label} from {outlet_name(inquiry)}: answer by {due_text(inquiry, zone)}",
        badge=asks((inquiry.ask,)) if inquiry.ask else "",
        lines=tuple(Line(text) for text in _lines(work, inquiry, names) if text),
        foot=f"Received {clock(inquiry.received_at, zone, work.now)} by {names.get(inquiry.received_by, '')}",
        buttons=tuple(buttons[first:]) if inquiry.state.open else (),
    )


def due_text(inquiry: Inquiry, zone: ZoneInfo) -> str:
    return in_both_zones(inquiry.due_at, ZoneInfo(inquiry.zone), zone)


def outlet_name(inquiry: Inquiry) -> str:
    return short(inquiry.outlet, _MAX_OUTLET) or "an unnamed outlet"


def _lines(work: Work, inquiry: Inquiry, names: Mapping[str, str]) -> Iterator[str]:
    is_protected = inquiry.kind is InquiryKind.PROTECTED
    if is_protected:
        yield _PROTECTED
    question = f"“{short(inquiry.question, _MAX_QUESTION)}”" if inquiry.question else ""
    asker = f"{inquiry.reporter} asks for an interview" if inquiry.kind is InquiryKind.INTERVIEW else inquiry.reporter
    yield ": ".join(filter(None, (asker, question)))
    if inquiry.member:
        yield f"For {member_name(work, inquiry.member)}."
    if inquiry.spokesperson:
        yield f"Passed to {names.get(inquiry.spokesperson, 'a former member')}."
    elif inquiry.state.open and not is_protected:
        yield "Not passed on: coalition.yml has no spokesperson for it, or none with a linked account (/people link)."
    if inquiry.acknowledged_at:
        yield with_period(f"Acknowledged {clock(inquiry.acknowledged_at, work.zone, work.now)}")
    elif inquiry.state.open:
        yield "Not acknowledged yet."
    if not inquiry.state.open:
        ended_at = inquiry.answered_at or inquiry.ended_at
        ended = clock(ended_at, work.zone, work.now) if ended_at else ""
        late = ", after the deadline" if inquiry.late(work.now) else ""
        yield with_period(f"{_ENDED[inquiry.state]} {ended}{late}")
        yield short(inquiry.outcome, _MAX_QUESTION)
        yield inquiry.link


def announce(work: Work, inquiry: Inquiry) -> None:
    """Post a new inquiry to the press channel and to its spokesperson."""
    deliveries = _post_to_press(work, inquiry, f"inquiry:{inquiry.id}", inquiry_card(work, inquiry))
    _link_messages(work.tx, inquiry, deliveries)
    notify_speaker(work, inquiry)


def notify_speaker(work: Work, inquiry: Inquiry) -> None:
    """Notify the spokesperson at once, even in quiet hours, because of the reporter's deadline.

    Each call sends a new message: a person who gets an inquiry back must learn of it.
    """
    if inquiry.spokesperson:
        name = f"inquiry:{inquiry.id}:passed on:{to_text(work.now)}"
        delivery = _post_to_person(work, inquiry.spokesperson, name, inquiry_card(work, inquiry))
        _link_messages(work.tx, inquiry, [delivery])


def take_back(work: Work, inquiry: Inquiry) -> None:
    """Empty the messages about an inquiry to its spokesperson, who no longer has it."""
    if inquiry.spokesperson:
        gone = Card(mark=Mark.NEWS, head=f"Press inquiry {inquiry.label} is no longer yours")
        cards = press_records.linked_messages(work.tx, inquiry.id)
        press_records.unlink_messages(work.tx, retract_from(work, inquiry.spokesperson, cards, gone))


def update_cards(work: Work, inquiry: Inquiry) -> None:
    _drop_reminders(work, inquiry)
    card = inquiry_card(work, inquiry)
    for delivery in press_records.linked_messages(work.tx, inquiry.id):
        update(work, delivery, card)


def _drop_reminders(work: Work, inquiry: Inquiry) -> None:
    """Drop the reminders that still wait, such as during a pause, and are true no longer."""
    name = f"inquiry:{inquiry.id}:"
    step = escalation(inquiry, work.now, work.config.coalition.media.acknowledge)
    queued.drop_waiting(work.tx, REMINDER_KIND, name, keep=f"{name}{step or 'none'}:", why="it is true no longer")


def compose_inquiries(job: Job) -> None:
    """Escalate inquiries that wait too long, each step once, to the press channel and the spokesperson."""
    coalition = job.config.coalition
    for inquiry in press_records.open_inquiries(job.db):
        step = escalation(inquiry, job.now, coalition.media.acknowledge)
        if not step:
            continue
        with job.write() as work:
            if press_records.find_inquiry(work.tx, inquiry.id) == inquiry:
                head = _ESCALATIONS[step].format(inquiry.label, outlet_name(inquiry))
                show = Button("Show", "press open", (("inquiry", inquiry.id),))
                card = Card.of(Mark.NEWS, head, f"Answer by {due_text(inquiry, work.zone)}.", buttons=(show,))
                name = f"inquiry:{inquiry.id}:{step}:{inquiry.due_at:%Y%m%d%H%M}"
                recipients = [person.id for person in reachable_speakers(work.tx, work.config.coalition, inquiry)]
                if inquiry.spokesperson:
                    recipients = [inquiry.spokesperson, *recipients]
                _drop_reminders(work, inquiry)
                _post_to_press(work, inquiry, name, card, kind=REMINDER_KIND)
                for person in dict.fromkeys(recipients):
                    _post_to_person(work, person, name, card, kind=REMINDER_KIND)


def assigned_inquiries(db: Reader, config: Config, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    return [
        Line(f"To answer: {inquiry.label} from {outlet_name(inquiry)}{', late' if inquiry.late(now) else ''}")
        for inquiry in press_records.open_inquiries(db)
        if actor.person and inquiry.spokesperson == actor.person
    ]


def unassign_all(work: Work, person: str) -> list[Line]:
    """Unassign this person's open inquiries; return a line for each."""
    assigned = [inquiry for inquiry in press_records.open_inquiries(work.tx) if inquiry.spokesperson == person]
    for inquiry in assigned:
        take_back(work, inquiry)
        after = replace(inquiry, spokesperson=None)
        press_records.INQUIRIES.save(work.tx, after)
        update_cards(work, after)
    return [Line(f"Press inquiry {inquiry.label} from {outlet_name(inquiry)}") for inquiry in assigned]


def reachable_speakers(db: Reader, coalition: Coalition, inquiry: Inquiry) -> list[Person]:
    """The spokesperson for this inquiry and their backup, if they have an account; none to meet someone served."""
    line = pick_speaker(coalition.spokespeople, inquiry.ask, inquiry.member)
    if line is None or inquiry.kind is InquiryKind.PROTECTED:
        return []
    by_name = {person.name.casefold(): person for person in people(db)}
    persons = [by_name.get(name.casefold()) for name in (line.name, line.backup)]
    return [person for person in persons if person and person.accounts]


def _post_to_press(
    work: Work, inquiry: Inquiry, name: str, card: Card, *, kind: str = INQUIRY_KIND
) -> list[str | None]:
    """Post to the press channel, or to everyone with the press role if there is none; return the message ids."""
    channel = work.config.feeds.press
    if channel is None:
        readers = [person for person in people(work.tx) if Role.PRESS in person.roles]
        return [_post_to_person(work, reader.id, name, card, kind=kind, needs=Role.PRESS) for reader in readers]
    place = members_only_place(channel, work.config.feeds)
    return [post(work, place, name, card, kind=kind, thread=place.thread(f"inquiry:{inquiry.id}"))]


def _post_to_person(
    work: Work, person: str, name: str, card: Card, *, kind: str = INQUIRY_KIND, needs: str = ANY_ROLE
) -> str | None:
    return post_to_person(work, person, name, card, kind=kind, urgent=True, needs=needs)


def _link_messages(tx: Transaction, inquiry: Inquiry, deliveries: Iterable[str | None]) -> None:
    """Record that these messages show the inquiry: they are updated with it, and emptied if the reporter is erased."""
    for delivery in filter(None, deliveries):
        press_records.link_message(tx, inquiry.id, delivery)


def compose(job: Job) -> None:
    """Queue the reminders that are due, and scrub erased data from the database files."""
    scrub(job.db)
    compose_inquiries(job)
    for due in press_records.due_follow_ups(job.db, job.now):
        _follow_up(job, due, f"press:follow:{due.id}")
    # Send a follow-up to another person if its reader lost the press role before delivery.
    for row in queued.dropped_for_role(job.db, kind=REMINDER_KIND):
        parts = row["key"].partition("/")[2].split(":")
        entry = press_records.LOG.get(job.db, id=parts[2]) if parts[:2] == ["press", "follow"] else None
        if entry is None or _follow_up(job, entry, f"press:follow:{entry.id}:{row['id']}"):
            with job.write() as work:
                update_rows(work.tx, "delivery", {"why": f"{WITHDRAWN}; passed on"}, id=row["id"])
    _remind_to_verify(job)


def _follow_up(job: Job, entry: LogEntry, name: str) -> bool:
    """Queue a follow-up for the note's author, another press person or the press channel; whether it has a reader."""
    coalition = job.config.coalition
    contact = press_records.find_contact(job.db, entry.contact)
    if contact is None:
        return True
    args = (("contact", contact.id),)
    card = Card(
        mark=Mark.NEWS,
        head=f"Follow up with {contact.label} {contact.who}",
        lines=(Line(f"Your note of {ago(entry.at, job.now, coalition.tz)}: “{short(entry.text, 400)}”"),),
        buttons=(
            Button("Note", "press note", args, "primary"),
            Button("Pitch", "press pitch", args),
            Button(f"Open {contact.label}", "press find", (("text", contact.id),)),
        ),
    )
    # Only press people may read press notes: without a press channel the follow-up waits for one of them.
    channel = job.config.feeds.press
    readers = [entry.person, *(() if channel else _press_people(job.db))]
    with job.write() as work:
        delivery = post_to_first_reader(work, readers, channel, name, card, kind=REMINDER_KIND, needs=Role.PRESS)
        if delivery:
            press_records.link_message(work.tx, contact.id, delivery)
            press_records.LOG.save(work.tx, replace(entry, followed_at=job.now))
    return delivery is not None


def _remind_to_verify(job: Job) -> None:
    """Once a month, remind press people how many contacts are not verified; checked once a day."""
    coalition = job.config.coalition
    local = job.now.astimezone(coalition.tz)
    today = local.date().isoformat()
    if local.hour < _MORNING or memo.get_memo(job.db, _CHECKED_ON) == today:
        return
    contacts = press_records.all_contacts(job.db)
    stale = [contact for contact in contacts if contact.stale(local.date()) and not contact.opted_out_at]
    with job.write() as work:
        memo.set_memo(work.tx, _CHECKED_ON, today)
        if not stale:
            return
        head = f"{number(len(stale), 'contact')} on the press list not verified for six months"
        line = "Reporters change beats. Check whether outlet and address are still right."
        card = Card.of(Mark.NEWS, head, line, buttons=(Button("Show them", "press verify"),))
        for person in _press_people(work.tx):
            post_to_person(work, person, f"press:verify:{local:%Y-%m}", card, kind=REMINDER_KIND, needs=Role.PRESS)


def _press_people(db: Reader) -> list[str]:
    return [person.id for person in people(db) if Role.PRESS in person.roles]
