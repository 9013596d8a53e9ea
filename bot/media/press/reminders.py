"""Press reminders: follow-ups when due, contacts to verify, and inquiries that wait too long."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands.model import Job, Role
from bot.media.contacts import records
from bot.media.contacts.model import LogEntry
from bot.media.press import erase
from bot.media.press.inquiries import notices
from bot.media.press.people import ago
from bot.outbox import queued
from bot.outbox.messages import messages_without_reader, post_to_first_reader, post_to_person
from bot.people.records import people
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import number, short
from bot.store import memo
from bot.store.database import Reader

KIND: Final = "press"  # of deliveries
_MORNING: Final = 9  # o'clock, local
_CHECKED_ON: Final = "press verified looked on"


def compose(job: Job) -> None:
    """Queue the reminders that are due, and scrub erased data from the database files."""
    erase.scrub(job.db)
    notices.compose(job)
    for due in records.due_follow_ups(job.db, job.now):
        _follow_up(job, due, f"press:follow:{due.id}")
    # Send a follow-up to another person if its reader lost the press role before delivery.
    for id_, key in messages_without_reader(job.db, KIND):
        parts = key.split(":")
        entry = records.find_entry(job.db, parts[2]) if parts[:2] == ["press", "follow"] else None
        if entry is None or _follow_up(job, entry, f"press:follow:{entry.id}:{id_}"):
            with job.write() as work:
                queued.mark_reassigned(work.tx, id_)
    _remind_to_verify(job)


def _follow_up(job: Job, entry: LogEntry, name: str) -> bool:
    """Queue a follow-up for the note's author, another press person or the press channel; whether it has a reader."""
    coalition = job.config.coalition
    contact = records.find_contact(job.db, entry.contact)
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
        delivery = post_to_first_reader(work, readers, channel, name, card, kind=KIND, needs=Role.PRESS)
        if delivery:
            records.link_message(work.tx, contact.id, delivery)
            records.save_entry(work.tx, replace(entry, followed_at=job.now))
    return delivery is not None


def _remind_to_verify(job: Job) -> None:
    """Once a month, remind press people how many contacts are not verified; checked once a day."""
    coalition = job.config.coalition
    local = job.now.astimezone(coalition.tz)
    today = local.date().isoformat()
    if local.hour < _MORNING or memo.get_memo(job.db, _CHECKED_ON) == today:
        return
    contacts = records.all_contacts(job.db)
    stale = [contact for contact in contacts if contact.stale(local.date()) and not contact.opted_out_at]
    with job.write() as work:
        memo.set_memo(work.tx, _CHECKED_ON, today)
        if not stale:
            return
        card = Card(
            mark=Mark.NEWS,
            head=f"{number(len(stale), 'contact')} on the press list not verified for six months",
            lines=(Line("Reporters change beats. Check whether outlet and address are still right."),),
            buttons=(Button("Show them", "press verify"),),
        )
        for person in _press_people(work.tx):
            post_to_person(work, person, f"press:verify:{local:%Y-%m}", card, kind=KIND, needs=Role.PRESS)


def _press_people(db: Reader) -> list[str]:
    return [person.id for person in people(db) if Role.PRESS in person.roles]
