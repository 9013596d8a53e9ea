"""Notice by the directory that a member with contacts left Congress or a committee, and tell it once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from bot.commands.model import Job
from bot.congress import records as congress
from bot.offices import records
from bot.offices.model import Contact
from bot.offices.picking import seats_of
from bot.shared.card import Line, Section
from bot.shared.wording import number
from bot.store.database import Reader


def note(job: Job) -> None:
    """Mark the contacts whose office is no longer what it was when they were verified."""
    if doubtful := list(_changed(job.db)):
        with job.write() as work:
            for contact, why in doubtful:
                records.doubt(work, contact, why)


def _changed(db: Reader) -> Iterator[tuple[Contact, str]]:
    directory, contacts = congress.stored_directory(db), records.all_contacts(db)
    if directory is None or not contacts:
        return
    members = {member.bioguide: member for member in congress.members(db)}
    committees = {committee.id: committee for committee in congress.committees(db)}
    for contact in contacts:
        kind, _, key = contact.office.partition(":")
        member = members.get(key)
        if contact.doubt or contact.left_on:
            continue
        if kind == "committee" and key not in committees:
            yield contact, "the committee is not in the directory"
        elif kind == "member" and (member is None or member.term_end <= directory.as_of):
            yield contact, "has left Congress"  # a term that ends is no departure until a later directory says so
        elif kind == "member":
            lost = {*contact.seats.split()} - {*seats_of(db, contact.office).split()}
            # A new Congress's committees have no members until they are named.
            if name := next((committees[id_].name for id_ in lost & {*committees} if congress.seats(db, id_)), ""):
                yield contact, f"has left the {name}"


def since(db: Reader, last: datetime | None) -> list[Section]:
    """What a digest says of contacts that became doubtful since the `last` one, without their names."""
    doubts = Counter(
        f"{each.office_name}: {each.doubt}"
        for each in records.all_contacts(db)
        if each.doubted_at and (last is None or each.doubted_at > last)
    )
    lines = [Line(f"{what}. {number(count, 'contact')} to verify: /office verify") for what, count in doubts.items()]
    return [Section("The offices you know", tuple(lines))] if lines else []
