"""The SQL of contacts in offices and their imports, and of meetings: who came, and what was asked and said there."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot.commands.model import Context, Work
from bot.offices.model import Contact, Meeting, MeetingAsk
from bot.shared.mail_address import same_address
from bot.store import memo
from bot.store.database import Reader, Rows, Transaction, delete_rows, insert_rows, one, select_in, update_rows

_CONTACTS: Final = Rows(Contact, "office_contact", asks=lambda row: tuple(json.loads(row["asks"])))


def all_contacts(db: Reader) -> list[Contact]:
    """All contacts by office, in the order they were added."""
    return _CONTACTS.select(db, "ORDER BY office, number")


def next_number(tx: Transaction) -> int:
    """The next unused number; numbers of erased contacts are never reused."""
    return memo.next_number(tx, "office contact number")


def save_contact(work: Work, contact: Contact) -> None:
    """Insert or update a contact."""
    asks, keep = json.dumps(contact.asks), ("number", "added_at")
    _CONTACTS.save(work.tx, contact, keep=keep, asks=asks, added_at=work.now)


def delete_contact(tx: Transaction, contact: Contact) -> None:
    """Delete a contact, and every table that waits to be imported: it may name them."""
    delete_rows(tx, "office_contact", id=contact.id)
    tx.execute("DELETE FROM office_import")


def doubt(work: Work, contact: Contact, why: str) -> None:
    """Note why a contact is to be verified, unless something was noted before."""
    update_rows(work.tx, "office_contact", {"doubt": why, "doubted_at": work.now}, id=contact.id, doubt="")


def doubt_address(work: Work, email: str, why: str) -> None:
    """Note why the contacts with this address are to be verified."""
    for contact in all_contacts(work.tx):
        if same_address(contact.email, email):
            doubt(work, contact, why)


def save_import(ctx: Context, rows: Sequence[Any]) -> str:
    """Keep a table until its person has read what it would change; return its id."""
    id_ = ctx.new_id()
    row = {"id": id_, "body": json.dumps(rows), "made_at": ctx.now, "person_id": ctx.person}
    insert_rows(ctx.tx, "office_import", [row])
    return id_


def take_import(ctx: Context, id_: str) -> list[tuple[int, dict[str, str]]] | None:
    """The lines of a table that this person gave, which is then no longer kept."""
    sql = "DELETE FROM office_import WHERE id = :id AND person_id = :person RETURNING body"
    row = one(ctx.tx.execute(sql, {"id": id_, "person": ctx.person}))
    return [(line, cells) for line, cells in json.loads(row["body"])] if row else None


_MEETINGS: Final = Rows(Meeting, "meeting", {"on": "held_on"}, organizations=lambda _: ())
ASKS: Final = Rows(MeetingAsk, "meeting_ask", {"meeting": "meeting_id"})


def next_meeting(tx: Transaction) -> int:
    """The next unused number; those of removed meetings are never reused."""
    return memo.next_number(tx, "meeting number")


def meetings(db: Reader, *, removed: bool = False) -> list[Meeting]:
    """All meetings, or all removed ones, the latest first."""
    which = "NOT NULL" if removed else "NULL"
    rows = _MEETINGS.select(db, f"WHERE removed_at IS {which} ORDER BY held_on DESC, number DESC")
    came = defaultdict[str, list[str]](list)
    for row in db.read("SELECT * FROM meeting_organization ORDER BY organization"):
        came[row["meeting_id"]].append(row["organization"])
    return [replace(meeting, organizations=tuple(came[meeting.id])) for meeting in rows]


def steps_due(db: Reader, until: date) -> list[Meeting]:
    """The meetings whose next step is due by this day and open, and its owner was not reminded."""
    every = (meeting for meeting in meetings(db) if meeting.has_open_step and not meeting.reminded_at)
    return [meeting for meeting in every if meeting.next_on and meeting.next_on <= until]


def asks_of(db: Reader, meetings: Iterable[Meeting]) -> dict[str, list[MeetingAsk]]:
    """What was asked and said in these meetings, by the meeting's id, in the order it was noted."""
    by_meeting = defaultdict[str, list[MeetingAsk]](list)
    sql = "SELECT * FROM meeting_ask WHERE meeting_id IN ({}) ORDER BY noted_at, id"
    for row in select_in(db, sql, (meeting.id for meeting in meetings)):
        by_meeting[row["meeting_id"]].append(ASKS.read(row))
    return by_meeting


def save_meeting(tx: Transaction, meeting: Meeting) -> None:
    """Save a meeting with the members that came."""
    _MEETINGS.save(tx, meeting)
    delete_rows(tx, "meeting_organization", meeting_id=meeting.id)
    came = [{"meeting_id": meeting.id, "organization": each} for each in meeting.organizations]
    insert_rows(tx, "meeting_organization", came)


def free_steps(tx: Transaction, person: str) -> list[Meeting]:
    """Take the open next steps of a person who left, and return their meetings."""
    theirs = [each for each in meetings(tx) if each.has_open_step and each.next_by == person]
    for meeting in theirs:
        save_meeting(tx, replace(meeting, next_by=None))
    return theirs
