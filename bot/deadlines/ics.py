"""Deadlines as an iCalendar file (RFC 5545), which every calendar program reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.deadlines.model import Duty, State, Window, status_sentence

MEDIA_TYPE: Final = "text/calendar"
_TITLE: Final = 120  # characters


@dataclass(frozen=True, slots=True)
class Day:
    """An all-day calendar entry. It has no time zone, so it is the same day everywhere."""

    uid: str
    on: date
    title: str
    text: str
    url: str


def calendar_days(windows: Sequence[Window], duties: Sequence[Duty], today: date) -> Iterator[Day]:
    """Calendar entries: the close of each comment period, our own day before it, and each duty not met."""
    for window in windows:
        name = f"comments-{window.numbers[0] if window.numbers else window.id}"
        register = "The document's words" if window.worded else "The Register"
        both = f"{register}: {window.register}; regulations.gov: {window.docket}. " if window.differ else ""
        worded = "The day is from the document's words. " if window.worded and not window.differ else ""
        close = " ".join(filter(None, ("Comments close", window.by)))
        text = f"{both}{worded}{window.dates}".strip()
        yield Day(name, window.closes, f"{close}: {window.title}", text, window.url)
        if window.ours >= today:
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


def calendar(entries: Sequence[Day], *, name: str, host: str, now: datetime) -> bytes:
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
    return bytes(ical.to_ical())
