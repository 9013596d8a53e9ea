"""Press reminders: follow-ups when due, contacts to verify, and inquiries that wait too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.commands.model import Role
from bot.media.press import erase, records
from bot.media.press.inquiries import notices
from bot.media.press.model import LogEntry
from bot.media.press.wording import ago
from bot.outbox.messages import (
    ConfigFiles,
    mark_reassigned,
    messages_without_reader,
    post_to_first_reader,
    post_to_person,
)
from bot.people.records import people
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import number, short
from bot.store import memo
from bot.store.database import Database, Reader, Transaction

KIND: Final = "press"  # of deliveries
_MORNING: Final = 9  # o'clock, local
_CHECKED_ON: Final = "press verified looked on"

NewId = Callable[[], str]


def compose(db: Database, config: ConfigFiles, *, now: datetime, new_id: NewId) -> None:
    """Queue the reminders that are due, and scrub erased data from the database files."""
    erase.scrub(db, config.coalition.id)
    notices.compose(db, config, now=now, new_id=new_id)
    for entry in records.due_follow_ups(db, config.coalition.id, now):
        _follow_up(db, config, entry, f"press:follow:{entry.id}", now=now, new_id=new_id)
    _reassign(db, config, now=now, new_id=new_id)
    _remind_to_verify(db, config, now=now, new_id=new_id)


def _reassign(db: Database, config: ConfigFiles, *, now: datetime, new_id: NewId) -> None:
    """Send a follow-up to another person if its reader lost the press role before delivery."""
    for id_, key in messages_without_reader(db, config.coalition.id, KIND):
        parts = key.split(":")
        entry = records.find_entry(db, config.coalition.id, parts[2]) if parts[:2] == ["press", "follow"] else None
        if entry is None or _follow_up(db, config, entry, f"press:follow:{entry.id}:{id_}", now=now, new_id=new_id):
            with db.write() as tx:
                mark_reassigned(tx, config.coalition.id, id_)


def _follow_up(db: Database, config: ConfigFiles, entry: LogEntry, name: str, *, now: datetime, new_id: NewId) -> bool:
    """Queue a follow-up for the note's author, another press person or the press channel; whether it has a reader."""
    coalition = config.coalition
    contact = records.find_contact(db, coalition.id, entry.contact)
    if contact is None:
        return True
    args = (("contact", contact.id),)
    card = Card(
        mark=Mark.NEWS,
        head=f"Follow up with {contact.label} {contact.who}",
        lines=(Line(f"Your note of {ago(entry.at, now, coalition.tz)}: “{short(entry.text, 400)}”"),),
        buttons=(
            Button("Note", "press note", args, "primary"),
            Button("Pitch", "press pitch", args),
            Button(f"Open {contact.label}", "press find", (("text", contact.id),)),
        ),
    )
    # Only press people may read press notes: without a press channel the follow-up waits for one of them.
    channel = config.feeds.press
    readers = [entry.person, *(() if channel else _press_people(db, coalition.id))]
    with db.write() as tx:
        delivery = post_to_first_reader(
            tx, config, readers, channel, name, card, kind=KIND, now=now, new_id=new_id, needs=Role.PRESS
        )
        if delivery:
            records.link_message(tx, coalition.id, contact.id, delivery)
            records.save_entry(tx, coalition.id, replace(entry, followed_at=now))
    return delivery is not None


def _remind_to_verify(db: Database, config: ConfigFiles, *, now: datetime, new_id: NewId) -> None:
    """Once a month, remind press people how many contacts are not verified; checked once a day."""
    coalition = config.coalition
    local = now.astimezone(coalition.tz)
    today = local.date().isoformat()
    if local.hour < _MORNING or memo.get_memo(db, coalition.id, _CHECKED_ON) == today:
        return
    contacts = records.all_contacts(db, coalition.id)
    stale = [contact for contact in contacts if contact.stale(local.date()) and not contact.opted_out_at]
    with db.write() as tx:
        memo.set_memo(tx, coalition.id, _CHECKED_ON, today)
        if stale:
            _post_to_press(tx, config, len(stale), f"press:verify:{local:%Y-%m}", now=now, new_id=new_id)


def _post_to_press(
    tx: Transaction, config: ConfigFiles, stale: int, name: str, *, now: datetime, new_id: NewId
) -> None:
    card = Card(
        mark=Mark.NEWS,
        head=f"{number(stale, 'contact')} on the press list not verified for six months",
        lines=(Line("Reporters change beats. Check whether outlet and address are still right."),),
        buttons=(Button("Show them", "press verify"),),
    )
    for person in _press_people(tx, config.coalition.id):
        post_to_person(tx, config, person, name, card, kind=KIND, now=now, new_id=new_id, needs=Role.PRESS)


def _press_people(db: Reader, coalition_id: str) -> list[str]:
    return [person.id for person in people(db, coalition_id) if Role.PRESS in person.roles]
