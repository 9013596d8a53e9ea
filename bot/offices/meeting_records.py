"""The SQL of meetings, who came, and what was asked and said there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from bot.offices.meetings import Meeting, MeetingAsk
from bot.store import memo
from bot.store.database import Reader, Rows, Transaction, insert_rows, select_in

_MEETINGS: Final = Rows(Meeting, {"on": "held_on"}, organizations=lambda _: ())
_ASKS: Final = Rows(MeetingAsk, {"meeting": "meeting_id"})


def next_number(tx: Transaction) -> int:
    """The next unused number; those of removed meetings are never reused."""
    return memo.next_number(tx, "meeting number")


def meetings(db: Reader, *, removed: bool = False) -> list[Meeting]:
    """All meetings, or all removed ones, the latest first."""
    which = "NOT NULL" if removed else "NULL"
    rows = _MEETINGS.all(db, f"SELECT * FROM meeting WHERE removed_at IS {which} ORDER BY held_on DESC, number DESC")
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
        by_meeting[row["meeting_id"]].append(_ASKS.read(row))
    return by_meeting


def save(tx: Transaction, meeting: Meeting) -> None:
    """Save a meeting with the members that came."""
    _MEETINGS.save(tx, "meeting", meeting)
    tx.execute("DELETE FROM meeting_organization WHERE meeting_id = :id", {"id": meeting.id})
    came = [{"meeting_id": meeting.id, "organization": each} for each in meeting.organizations]
    insert_rows(tx, "meeting_organization", came)


def save_ask(tx: Transaction, ask: MeetingAsk) -> None:
    _ASKS.save(tx, "meeting_ask", ask)


def free(tx: Transaction, person: str) -> list[Meeting]:
    """Take the open next steps of a person who left, and return their meetings."""
    theirs = [each for each in meetings(tx) if each.has_open_step and each.next_by == person]
    for meeting in theirs:
        save(tx, replace(meeting, next_by=None))
    return theirs
