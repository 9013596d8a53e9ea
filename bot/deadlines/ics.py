"""Deadlines and hearings as an iCalendar file (RFC 5545), which every calendar program reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.alerts.cards import story_headline
from bot.deadlines.hearings import Meeting
from bot.deadlines.model import Duty, State, Window, status_sentence
from bot.shared.hearing import Status

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE: Final = "text/calendar"
_TITLE: Final = 120  # characters
# Of an event that is certain none is written: a calendar takes it for confirmed.
_STATUSES: Final = {Status.CANCELED: "CANCELLED", Status.POSTPONED: "CANCELLED", Status.UNLISTED: "TENTATIVE"}


@dataclass(frozen=True, slots=True)
class Day:
    """An all-day calendar entry. It has no time zone, so it is the same day everywhere."""

    uid: str
    on: date
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """A calendar entry of a meeting: a time of day, or a whole day while none is given.

    A calendar replaces its copy when `sequence` is higher than before.
    """

    uid: str
    begins: datetime | date
    ends: datetime | None
    title: str
    text: str
    url: str
    place: str
    sequence: int
    status: str
    changed_at: datetime


def appointments(meetings: Sequence[Meeting]) -> Iterator[Appointment]:
    """Calendar entries of hearings and markups. One that was called off stays until its day, marked as canceled."""
    for meeting in meetings:
        hearing, entry = meeting.hearing, meeting.item.entry
        ends = hearing.ends if hearing.starts and hearing.ends and hearing.ends > hearing.starts else None
        yield Appointment(
            uid=hearing.thread.replace(":", "-"),
            begins=hearing.starts or hearing.day,
            ends=ends,
            title=story_headline([meeting.item]),
            text="\n".join(dict.fromkeys((*entry.notes, entry.title, hearing.body))),
            url=entry.link,
            place=hearing.place,
            sequence=hearing.sequence,
            status=_STATUSES.get(hearing.status, ""),
            changed_at=meeting.changed_at,
        )


def calendar_days(
    windows: Sequence[Window], duties: Sequence[Duty], today: date, *, public: bool = False
) -> Iterator[Day]:
    """Calendar entries: the close of each comment period, our own day before it unless `public`, each duty not met."""
    for window in windows:
        name = f"comments-{window.numbers[0] if window.numbers else window.id}"
        register = "The document's words" if window.worded else "The Register"
        both = f"{register}: {window.register}; regulations.gov: {window.docket}. " if window.differ else ""
        worded = "The day is from the document's words. " if window.worded and not window.differ else ""
        close = " ".join(filter(None, ("Comments close", window.by)))
        text = f"{both}{worded}{window.dates}".strip()
        yield Day(name, window.closes, f"{close}: {window.title}", text, window.url)
        if window.ours >= today and not window.filed and not public:
            yield Day(f"{name}-ours", window.ours, f"Our own comment due: {window.title}", "", window.url)
    for duty in duties:
        if duty.state is not State.MET:
            unsure = "" if duty.confirmed else " This date is not confirmed."
            title = f"{'' if duty.confirmed else 'Not confirmed: '}due by law: {duty.owed}"
            yield Day(
                f"duty-{duty.id}",
                duty.due,
                title[0].upper() + title[1:],
                f"{status_sentence(duty, today)}{unsure}",
                duty.source,
            )


def calendar(
    entries: Sequence[Day], meetings: Sequence[Appointment] = (), *, name: str, host: str, now: datetime
) -> bytes:
    """The iCalendar file. `host` makes entry ids globally unique; a deadline keeps its id when its day moves."""
    from icalendar import Calendar, Event

    ical = Calendar()
    ical.add("prodid", "-//coalition-bot//deadlines//EN")
    ical.add("version", "2.0")
    ical.add("method", "PUBLISH")
    ical.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@{host}")
        event.add("dtstamp", now)
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(1))  # RFC 5545: the day after the last
        event.add("summary", entry.title[:_TITLE])
        if entry.text:
            event.add("description", entry.text)
        if entry.url:
            event.add("url", entry.url)
        event.add("transp", "TRANSPARENT")
        ical.add_component(event)
    for meeting in meetings:
        ical.add_component(_event(meeting, host, now))
    return bytes(ical.to_ical())


def _event(meeting: Appointment, host: str, now: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{meeting.uid}@{host}")
    event.add("dtstamp", now)
    event.add("sequence", meeting.sequence)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.begins)
    if meeting.ends:
        event.add("dtend", meeting.ends)
    event.add("summary", meeting.title[:_TITLE])
    for name in ("status", "text", "url", "place"):
        if value := getattr(meeting, name):
            event.add({"text": "description", "place": "location"}.get(name, name), value)
    event.add("transp", "TRANSPARENT")
    return event
