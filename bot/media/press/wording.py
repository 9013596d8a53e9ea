"""Wording for press contacts and their log. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from bot.media.contacts.model import Contact, LogEntry, LogKind
from bot.media.news.model import Story
from bot.shared.calendar import day_in_words
from bot.shared.wording import asks, dotted, listed, number, short

_MAX_TEXT = 160  # characters of a note in one line


def ago(at: datetime, now: datetime, zone: tzinfo) -> str:
    """`today`, `yesterday`, `3 days ago`."""
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def contact_lines(contact: Contact) -> list[str]:
    """Lines about a contact and how to reach them; only for the press role."""
    outlet = contact.outlet
    outlet_parts = [outlet.type, outlet.market, f"tier {outlet.tier}" if outlet.tier else ""]
    contact_parts = [contact.email, contact.phone, f"prefers {contact.channel}" if contact.channel else ""]
    avoid = f"not near {contact.deadlines}" if contact.deadlines else ""
    lines = [[contact.title, contact.beat, *outlet_parts], [*contact_parts, avoid]]
    return [dotted(*parts) for parts in lines if any(parts)]


def status_lines(contact: Contact, today: date) -> list[str]:
    """Lines on opt-out and verification; empty if there is nothing to report."""
    lines = []
    if contact.opted_out_at:
        lines.append(f"Opted out on {day_in_words(contact.opted_out_at.date())}.")
    if contact.stale(today):
        last = f"last on {day_in_words(contact.verified_on)}" if contact.verified_on else "never"
        lines.append(f"Not verified for six months ({last}): reporters change beats.")
    return lines


def last_pitch(entries: Sequence[LogEntry], member_names: Mapping[str, str], now: datetime, zone: tzinfo) -> str:
    """`Last pitched 3 days ago by ABC: “…”`. `member_names`: by member id; "" is the coalition."""
    last = next((entry for entry in entries if entry.kind is LogKind.PITCH), None)
    if last is None:
        return ""
    by = member_names.get(last.pitched_by, last.pitched_by)
    answered = f", {last.answer}" if last.answer else ""
    return f"Last pitched {ago(last.at, now, zone)} by {by}: “{short(last.text, _MAX_TEXT)}”{answered}"


def log_line(
    entry: LogEntry, people_names: Mapping[str, str], member_names: Mapping[str, str], now: datetime, zone: tzinfo
) -> str:
    """A log entry as one line. `people_names`: by person id."""
    by = (
        member_names.get(entry.pitched_by, entry.pitched_by)
        if entry.kind is LogKind.PITCH
        else people_names.get(entry.person, "")
    )
    words = f"{ago(entry.at, now, zone)}, {entry.kind.value} by {by}: “{short(entry.text, _MAX_TEXT)}”"
    more = [asks((entry.ask,)) if entry.ask else "", entry.answer, short(entry.result, _MAX_TEXT)]
    words = dotted(words, *more)
    return words[0].upper() + words[1:]


def byline_line(stories: Sequence[Story]) -> str:
    """A line listing stories with the contact's byline; "" if there are none."""
    if not stories:
        return ""
    labels = listed([story.label for story in stories], 6)
    return f"{number(len(stories), 'story', 'stories')} of ours under this byline: {labels}"
