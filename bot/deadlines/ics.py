"""Deadlines and hearings as an iCalendar file (RFC 5545), which every calendar program reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.alerts.cards import story_headline
from bot.deadlines.announced import Meeting
from bot.deadlines.model import Duty, State, Window
from bot.deadlines.wording import clock_line
from bot.shared.entry import HearingStatus

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE: Final = "text/calendar"
_TITLE: Final = 120  # characters
# Of an event that is certain none is written: a calendar takes it for confirmed.
_STATUSES: Final = {
    HearingStatus.CANCELED: "CANCELLED",
    HearingStatus.POSTPONED: "CANCELLED",
    HearingStatus.UNLISTED: "TENTATIVE",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A calendar entry. A day without a time has no time zone, so it is the same day everywhere.

    A calendar replaces its copy of a meeting when `sequence` is higher than before; None for what is no meeting.
    """

    uid: str
    begins: datetime | date
    title: str
    text: str
    url: str
    ends: datetime | date | None = None
    place: str = ""
    sequence: int | None = None
    status: str = ""
    changed_at: datetime | None = None


def appointments(meetings: Sequence[Meeting]) -> Iterator[Entry]:
    """Calendar entries of hearings and markups. One that was called off stays until its day, marked as canceled."""
    for meeting in meetings:
        hearing, entry = meeting.hearing, meeting.item.entry
        ends = hearing.ends if hearing.starts and hearing.ends and hearing.ends > hearing.starts else None
        yield Entry(
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
    windows: Sequence[Window], duties: Collection[Duty], today: date, *, public: bool = False
) -> Iterator[Entry]:
    """Calendar entries: the close of each comment period, our own day before it unless `public`, each duty not met."""
    for window in windows:
        name = f"comments-{window.numbers[0] if window.numbers else window.id}"
        register = "The document's words" if window.worded else "The Register"
        both = f"{register}: {window.register}; regulations.gov: {window.docket}. " if window.differ else ""
        worded = "The day is from the document's words. " if window.worded and not window.differ else ""
        close = " ".join(filter(None, ("Comments close", window.by)))
        text = f"{both}{worded}{window.dates}".strip()
        yield _day(name, window.closes, f"{close}: {window.title}", text, window.url)
        if window.ours >= today and not window.filed and not public:
            yield _day(f"{name}-ours", window.ours, f"Our own comment due: {window.title}", "", window.url)
    for duty in duties:
        if duty.state is not State.MET:
            title = f"{'' if duty.confirmed else 'Not confirmed: '}due by law: {duty.owed}"
            yield _day(f"duty-{duty.id}", duty.due, title[0].upper() + title[1:], clock_line(duty, today), duty.source)


def _day(uid: str, on: date, title: str, text: str, url: str) -> Entry:
    """An all-day entry; it ends on the day after (RFC 5545)."""
    return Entry(uid, on, title, text, url, ends=on + timedelta(1))


def calendar(entries: Sequence[Entry], *, name: str, host: str, now: datetime) -> bytes:
    """The iCalendar file. `host` makes entry ids globally unique; a deadline keeps its id when its day moves."""
    from icalendar import Calendar

    ical = Calendar()
    ical.add("prodid", "-//coalition-bot//deadlines//EN")
    ical.add("version", "2.0")
    ical.add("method", "PUBLISH")
    ical.add("x-wr-calname", name)
    for entry in entries:
        ical.add_component(_event(entry, host, now))
    return bytes(ical.to_ical())


def _event(entry: Entry, host: str, now: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", entry.begins)
    event.add("summary", entry.title[:_TITLE])
    event.add("transp", "TRANSPARENT")
    if entry.sequence is not None:
        event.add("sequence", entry.sequence)
    optional = {"dtend": entry.ends, "last-modified": entry.changed_at, "status": entry.status} | {
        "description": entry.text, "url": entry.url, "location": entry.place
    }  # fmt: skip
    for key, value in optional.items():
        if value:
            event.add(key, value)
    return event
