"""Sentences and cards of deadlines. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.alerts import cards, hearing_cards
from bot.deadlines.announced import Meeting
from bot.deadlines.model import Duty, State, Window, status_sentence
from bot.entries.records import SHORT_ID
from bot.shared import wording
from bot.shared.calendar import business_days_until, day_in_words
from bot.shared.card import Button, Card, Due, Line, Link, Mark
from bot.shared.entry import HearingStatus

_TITLE: Final = 90  # characters
_DATES: Final = 300
_OFF: Final = {HearingStatus.UNLISTED: "no longer listed"}
_WORDED: Final = "from the document's words"


def days_away(on: date, today: date) -> str:
    """`today`, `in 1 day`, `in 61 days`, `2,715 days ago`."""
    days = (on - today).days
    if days == 0:
        return "today"
    return f"in {wording.number(days, 'day')}" if days > 0 else f"{wording.number(-days, 'day')} ago"


def duty_line(duty: Duty, today: date) -> Line:
    """`Wed 19 Jun 2019: The directive (6 U.S.C. 645), no public record found as of Tue 24 Nov 2026 [the-directive]`."""
    status = "" if duty.confirmed else ", date not confirmed"
    if duty.state is State.MET:
        status += ", met"
    elif duty.due >= today:
        status += f", due {days_away(duty.due, today)}"
    elif late := duty.overdue:
        status += f", overdue {wording.number(late, 'day')} as of {_looked_on(duty)}"
    elif duty.unchecked(today):
        status += ", not checked since"
    else:
        status += f", no public record found as of {_looked_on(duty)}"
    what = f"{wording.short(duty.owed, _TITLE)} ({duty.statute})"
    return Line(f"{day_in_words(duty.due)}: {what}{status} [{duty.id}]")


def window_line(window: Window, today: date) -> Line:
    left = wording.number(business_days_until(today, window.closes), "business day")
    number = f" [{window.numbers[-1]}]" if window.numbers else ""
    title = wording.short(window.title, _TITLE)
    worded = f" ({_WORDED})" if window.worded else ""
    docket = "".join(f", {part}" for part in (window.comments, window.filed) if part)
    return Line(f"{_closes(window)}: comments close, in {left}{worded}{docket}: {title}{number}", window.url)


def meeting_line(meeting: Meeting) -> Line:
    """`Wed 29 Jul 2026 09:30 ET: Markup, S. 365 among 44 bills, Senate Judiciary Committee [4f2c…]`."""
    hearing, item = meeting.hearing, meeting.item
    off = "" if hearing.status is HearingStatus.SCHEDULED else f", {_OFF.get(hearing.status, hearing.status.value)}"
    about = hearing_cards.subject(item.entry, item.matches)
    return Line(f"{hearing.when}: {hearing.kind}{off}: {about} [{item.id[:SHORT_ID]}]", item.entry.link)


def duty_card(duty: Duty, today: date, *, mark: Mark = Mark.DEADLINE) -> Card:
    """The card of a duty, for reminders and /deadlines show."""
    unsure = f"This date is not confirmed. {duty.note}".strip()
    status = status_sentence(duty, today)
    lines = [f"Owed by {duty.by}.", status] if duty.confirmed else [f"Owed by {duty.by}.", unsure]
    if duty.confirmed and duty.note:
        lines.append(duty.note)
    return Card(
        mark=mark,
        head=f"{_head(duty, today)}: {wording.short(duty.owed, _TITLE)} ({duty.statute})",
        badge=wording.asks(duty.asks),
        lines=tuple(map(Line, lines)),
        dues=(Due("Due", duty.due),) if duty.due >= today else (),
        links=_links(duty),
        foot=f"{duty.period} from {day_in_words(duty.since)} · last checked {_looked_on(duty)} · {duty.id}",
        buttons=_duty_buttons(duty),
    )


def window_card(window: Window, today: date, *, mark: Mark = Mark.DEADLINE) -> Card:
    """The card of a comment period, for reminders and /deadlines show."""
    detail = ", ".join(filter(None, (window.by, _WORDED if window.worded else "")))
    dates = f"The document's own words: {wording.short(window.dates, _DATES)}" if window.dates else ""
    moved = ", extended or reopened" if window.moved else ""
    return Card(
        mark=mark,
        head=f"Comments close {_closes(window)}{moved}: {wording.short(window.title, _TITLE)}",
        badge=wording.asks(window.asks),
        lines=tuple(Line(text) for text in (_differ(window), dates, _docket_sentence(window)) if text),
        dues=(
            Due("Comments close", window.closes, detail),
            *([Due("Our own comment due", window.ours)] if window.ours >= today and not window.filed else ()),
        ),
        links=(Link("Document", window.url),) if window.url else (),
        foot=wording.dotted(*window.numbers, window.document, _sources(window)),
        buttons=(
            Button("Details", "deadlines show", (("id", window.id),)),
            *(() if window.listed_only else (Button("Assign", "alerts assign", cards.entry_args(window.id)),)),
        ),
    )


def clock_line(duty: Duty, today: date) -> str:
    """A duty in the digest and in calendars, in one sentence, with a warning if its date is not confirmed."""
    unsure = "" if duty.confirmed else " This date is not confirmed."
    return f"{status_sentence(duty, today)}{unsure}"


def _head(duty: Duty, today: date) -> str:
    if duty.state is State.MET:
        return "Met"
    if duty.due >= today:
        return f"Due {day_in_words(duty.due)}"
    if late := duty.overdue:
        return f"Overdue, {wording.number(late, 'day')} as of {_looked_on(duty)}"
    finding = "not checked since" if duty.unchecked(today) else "no public record found"
    return f"Was due {day_in_words(duty.due)}, {finding}"


def _looked_on(duty: Duty) -> str:
    return day_in_words(duty.looked_on) if duty.looked_on else "never"


def _links(duty: Duty) -> tuple[Link, ...]:
    sources = (("Statute", duty.source), ("Outcome", duty.state_source))
    return tuple(Link(label, url) for label, url in sources if url)


def _duty_buttons(duty: Duty) -> tuple[Button, ...]:
    args = (("id", duty.id),)
    confirm = () if duty.confirmed else (Button("Confirm the date", "deadlines confirm", args),)
    return (Button("Set outcome", "deadlines set", args, "primary"), *confirm)


def _closes(window: Window) -> str:
    """`Fri 8 Jan 2027 by 5:00 p.m. ET`."""
    return " ".join(filter(None, (day_in_words(window.closes), window.by)))


def _differ(window: Window) -> str:
    if not window.differ or window.register is None or window.docket is None:
        return ""
    who = "The document's own words say" if window.worded else "The Register says"
    return (
        f"{who} {day_in_words(window.register)}, regulations.gov says {day_in_words(window.docket)}: "
        "the earlier day is used."
    )


def _docket_sentence(window: Window) -> str:
    """`12 comments posted as of …; L-014 is filed, …` as a sentence; "" if nothing is known."""
    parts = "; ".join(filter(None, (window.comments, window.filed)))
    return f"On regulations.gov: {parts}." if parts else ""


def _sources(window: Window) -> str:
    if window.listed_only:
        return "by regulations.gov alone"
    return "regulations.gov agrees" if window.docket and not window.differ else ""
