"""What the press list says by itself: follow-ups at their hour, who is to be verified, inquiries that wait too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.commands.model import Role
from bot.media.press import erase, records
from bot.media.press.inquiries import notices
from bot.media.press.model import Entry
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
_LOOKED: Final = "press verified looked on"

NewId = Callable[[], str]


def compose(db: Database, config: ConfigFiles, *, now: datetime, new_id: NewId) -> None:
    """Put into the outbox what is due, and forget for good who was erased."""
    erase.scrub(db, config.coalition.id)
    notices.compose(db, config, now=now, new_id=new_id)
    for entry in records.to_follow(db, config.coalition.id, now):
        _follow_up(db, config, entry, f"press:follow:{entry.id}", now=now, new_id=new_id)
    _pass_on(db, config, now=now, new_id=new_id)
    _nudge(db, config, now=now, new_id=new_id)


def _pass_on(db: Database, config: ConfigFiles, *, now: datetime, new_id: NewId) -> None:
    """Give a follow-up to somebody else whose reader lost the press role before it was delivered."""
    for id_, said in messages_without_reader(db, config.coalition.id, KIND):
        name = said.split(":")
        entry = records.entry(db, config.coalition.id, name[2]) if name[:2] == ["press", "follow"] else None
        if entry is None or _follow_up(db, config, entry, f"press:follow:{entry.id}:{id_}", now=now, new_id=new_id):
            with db.write() as tx:
                mark_reassigned(tx, config.coalition.id, id_)


def _follow_up(db: Database, config: ConfigFiles, entry: Entry, name: str, *, now: datetime, new_id: NewId) -> bool:
    """Whether somebody gets it: who wrote the note, somebody else who has the press role now, or the press channel."""
    coalition = config.coalition
    contact = records.contact(db, coalition.id, entry.contact)
    if contact is None:
        return True
    its = (("contact", contact.id),)
    card = Card(
        mark=Mark.NEWS,
        head=f"Follow up with {contact.label} {contact.who}",
        lines=(Line(f"Your note of {ago(entry.at, now, coalition.tz)}: “{short(entry.text, 400)}”"),),
        buttons=(
            Button("Note", "press note", its, "primary"),
            Button("Pitch", "press pitch", its),
            Button(f"Open {contact.label}", "press find", (("text", contact.id),)),
        ),
    )
    # What is written of the press is for the press alone: without a channel of theirs it waits for one of them.
    channel = config.feeds.press
    whom = [entry.person, *(() if channel else _press(db, coalition.id))]
    with db.write() as tx:
        said = post_to_first_reader(
            tx, config, whom, channel, name, card, kind=KIND, now=now, new_id=new_id, needs=Role.PRESS
        )
        if said:
            records.keep_card(tx, coalition.id, contact.id, said)
            records.log(tx, coalition.id, replace(entry, followed_at=now))
    return said is not None


def _nudge(db: Database, config: ConfigFiles, *, now: datetime, new_id: NewId) -> None:
    """Once a month, how many nobody has verified for half a year; names nobody. Looked at once a day."""
    coalition = config.coalition
    local = now.astimezone(coalition.tz)
    today = local.date().isoformat()
    if local.hour < _MORNING or memo.get_memo(db, coalition.id, _LOOKED) == today:
        return
    everybody = records.contacts(db, coalition.id)
    stale = [each for each in everybody if each.stale(local.date()) and not each.opted_out_at]
    with db.write() as tx:
        memo.set_memo(tx, coalition.id, _LOOKED, today)
        if stale:
            _tell_press(tx, config, len(stale), f"press:verify:{local:%Y-%m}", now=now, new_id=new_id)


def _tell_press(tx: Transaction, config: ConfigFiles, stale: int, name: str, *, now: datetime, new_id: NewId) -> None:
    card = Card(
        mark=Mark.NEWS,
        head=f"{number(stale, 'contact')} on the press list nobody has verified for six months",
        lines=(Line("Reporters change beats. A look at each is enough: is the outlet still right, and the address?"),),
        buttons=(Button("Show them", "press verify"),),
    )
    for person in _press(tx, config.coalition.id):
        post_to_person(tx, config, person, name, card, kind=KIND, now=now, new_id=new_id, needs=Role.PRESS)


def _press(db: Reader, coalition_id: str) -> list[str]:
    return [person.id for person in people(db, coalition_id) if Role.PRESS in person.roles]
