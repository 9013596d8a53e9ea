"""What is said of somebody on the press list. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from bot.media.news.model import Story
from bot.media.press.model import Contact, Entry, Logged
from bot.shared.calendar import day_in_words
from bot.shared.wording import asks, listed, number, short

_TEXT = 160  # characters of a note in one line


def ago(at: datetime, now: datetime, zone: tzinfo) -> str:
    """`today`, `yesterday`, `3 days ago`."""
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def about(contact: Contact) -> list[str]:
    """Who they are and how they are reached; for the press role's eyes alone."""
    its = contact.outlet
    place = [its.type, its.market, f"tier {its.tier}" if its.tier else ""]
    reached = [contact.email, contact.phone, f"prefers {contact.channel}" if contact.channel else ""]
    when = f"not near {contact.deadlines}" if contact.deadlines else ""
    lines = [[contact.title, contact.beat, *place], [*reached, when]]
    return [" · ".join(filter(None, line)) for line in lines if any(line)]


def standing(contact: Contact, today: date) -> list[str]:
    """Whether they may be written to, and how sure we are of them."""
    lines = []
    if contact.opted_out_at:
        lines.append(f"Asked on {day_in_words(contact.opted_out_at.date())} not to be written to.")
    if contact.stale(today):
        last = f"last on {day_in_words(contact.verified_on)}" if contact.verified_on else "never yet"
        lines.append(f"Nobody has verified this for six months ({last}): reporters change beats.")
    return lines


def last_pitch(entries: Sequence[Entry], whose: Mapping[str, str], now: datetime, zone: tzinfo) -> str:
    """`Last pitched 3 days ago by ABC: “…”`; `whose`: names by the id of a member, the coalition's under ""."""
    last = next((each for each in entries if each.kind is Logged.PITCH), None)
    if last is None:
        return ""
    by = whose.get(last.pitched_by, last.pitched_by)
    answered = f", {last.answer}" if last.answer else ""
    return f"Last pitched {ago(last.at, now, zone)} by {by}: “{short(last.text, _TEXT)}”{answered}"


def line(entry: Entry, who: Mapping[str, str], whose: Mapping[str, str], now: datetime, zone: tzinfo) -> str:
    """One thing of the log. `who`: people's names by id."""
    by = whose.get(entry.pitched_by, entry.pitched_by) if entry.kind is Logged.PITCH else who.get(entry.person, "")
    words = f"{ago(entry.at, now, zone)}, {entry.kind.value} by {by}: “{short(entry.text, _TEXT)}”"
    more = [asks((entry.ask,)) if entry.ask else "", entry.answer, short(entry.result, _TEXT)]
    words = " · ".join(filter(None, [words, *more]))
    return words[0].upper() + words[1:]


def written(stories: Sequence[Story]) -> str:
    """The stories on our issues that carry their byline."""
    if not stories:
        return ""
    named = listed([story.label for story in stories], 6)
    return f"{number(len(stories), 'story', 'stories')} of ours under this byline: {named}"
