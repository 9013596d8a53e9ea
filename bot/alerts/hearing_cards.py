"""Announced hearings and markups on cards; and a card's dates: what is due, and what a document says of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.shared import wording
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import business_day
from bot.shared.card import Button, Due
from bot.shared.entry import REVIEW_TAKES, UNDER_REVIEW, Change, Entry, HearingStatus, Stage
from bot.watch.model import Match

STATEMENT: Final = "statement-for-the-record"  # letter templates
REQUEST: Final = "ask-for-a-hearing"
_MAX_TITLE: Final = 110  # characters of a meeting's own title in a headline
_TITLE_LINE: Final = 300  # characters of that title on its own line: some titles list every bill
_MAX_BILLS: Final = 3  # named in a headline
_OFF: Final = (HearingStatus.CANCELED, HearingStatus.POSTPONED)
_SATURDAY: Final = 5  # of date.weekday()
_WORDS_LENGTH: Final = 220  # characters of the DATES paragraph


def hearing_headline(entry: Entry, matches: Iterable[Match]) -> str:
    """`Markup Wed Jul 29, 2026, 9:30 a.m. ET: S. 365 among 44 bills, Senate Judiciary Committee`.

    A change of a meeting begins with what changed: `Hearing moved to Thu Jul 30, 2026, 10 a.m. ET: …`.
    """
    hearing = entry.hearing
    assert hearing is not None
    kind = entry.type or hearing.kind
    to = " to" if kind.endswith(" moved") else "" if kind == hearing.kind else ","
    return f"{kind}{to} {hearing.when}: {subject(entry, matches)}"


def watched_bills(matches: Iterable[Match]) -> list[str]:
    """The bills for which watches matched, by id."""
    named = (reason.words for match in matches for reason in match.reasons if reason.field == "bill")
    return list(dict.fromkeys(named))


def subject(entry: Entry, matches: Iterable[Match]) -> str:
    """`S. 365 among 44 bills, Senate Judiciary Committee`; the meeting's title if the agenda has no watched bill."""
    hearing = entry.hearing
    assert hearing is not None
    bills = watched_bills(matches)
    ours = [bill for bill in dict.fromkeys((*hearing.bills, *entry.bills)) if bill in bills]
    if not ours:
        return f"{wording.short(entry.title, _MAX_TITLE)} ({hearing.body})"
    count = len(hearing.bills)
    among = f" among {count} bills" if count > len(ours) and set(ours) & set(hearing.bills) else ""
    return f"{wording.listed([BillNumber.of(bill).name for bill in ours], _MAX_BILLS)}{among}, {hearing.body}"


def texts(entries: Sequence[Entry], head: str) -> list[str]:
    """The lines under a meeting's headline: its changes, its title, the committee and the place."""
    newest = entries[-1]
    hearing = newest.hearing
    assert hearing is not None
    where = wording.dotted(hearing.body, hearing.place)
    changes = dict.fromkeys(note for entry in entries for note in entry.notes)
    title = "" if newest.title in head else wording.short(newest.title, _TITLE_LINE)
    return [*changes, *filter(None, [title]), where]


def hearing_dues(entry: Entry) -> tuple[Due, ...]:
    """The day of a meeting unless it is off, and the last day for statements if the source gives one."""
    hearing = entry.hearing
    if hearing is None or hearing.status in _OFF:
        return ()
    detail = f"at {hearing.hour}" if hearing.hour else "no hour given"
    closes = hearing.statements_close
    return (
        Due(hearing.kind, hearing.day, detail),
        *([Due("Statements for the record close", closes, "by the source's own words")] if closes else ()),
    )


def buttons(entry_id: str) -> tuple[Button, ...]:
    """Assign and Snooze are behind [Why]."""
    entry = ("entry", entry_id)
    return (
        Button("Draft statement", "letter draft", (entry, ("template", STATEMENT)), "primary"),
        Button("Ask for a hearing", "letter draft", (entry, ("template", REQUEST))),
        Button("Why", "alerts why", (entry,)),
        Button("Not relevant", "alerts not-relevant", (entry,)),
    )


def dates_in_words(entry: Entry) -> str:
    """The document's DATES paragraph, as fields can be old and some dates have none; or ""."""
    words = wording.short(entry.dates_text or "", _WORDS_LENGTH)
    return f"Dates, as the document states them: {words}" if words else ""


def dues(entries: Sequence[Entry]) -> tuple[Due, ...]:
    """The dates of the newest entry that has any: a correction often repeats none of the unchanged dates."""
    if any(entry.change is Change.WITHDRAWAL for entry in entries):
        return ()
    if entries[-1].hearing:
        return hearing_dues(entries[-1])
    return next(filter(None, map(_dues_of_one, reversed(entries))), ())


def titled_dues(title: str, dues: Iterable[Due]) -> tuple[Due, ...]:
    """The dates of a story on a card of several."""
    return tuple(Due(f"{wording.short(title, 60)}: {due.label.lower()}", due.on, due.detail) for due in dues)


def _dues_of_one(entry: Entry) -> tuple[Due, ...]:
    comments = entry.comments_close_on
    publishes = entry.publication_date if entry.stage is Stage.FILED else None
    is_holiday = comments is not None and comments.weekday() < _SATURDAY and not business_day(comments)
    received = entry.publication_date if entry.type == UNDER_REVIEW else None
    review_ends = received + REVIEW_TAKES if received else None
    hour = wording.closing(entry.comments_hour, worded=entry.comments_worded)
    closing = ", ".join(filter(None, ("(a federal holiday)" if is_holiday else "", hour)))
    dates = (
        ("Publishes", publishes, ""),
        ("Comments close", comments, closing),
        ("Applications close", entry.closes_on, ""),
        ("Takes effect", entry.effective_on, ""),
        ("Review is due", review_ends, ""),
    )
    return tuple(Due(label, on, detail) for label, on, detail in dates if on)
