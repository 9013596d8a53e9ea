"""Announced hearings and markups on cards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.shared import wording
from bot.shared.bill_number import BillNumber
from bot.shared.card import Button, Due
from bot.shared.entry import Entry, HearingStatus
from bot.watch.model import Match

STATEMENT: Final = "statement-for-the-record"  # letter templates
REQUEST: Final = "ask-for-a-hearing"
_MAX_TITLE: Final = 110  # characters of a meeting's own title in a headline
_TITLE_LINE: Final = 300  # characters of that title on its own line: some titles list every bill
_MAX_BILLS: Final = 3  # named in a headline
_OFF: Final = (HearingStatus.CANCELED, HearingStatus.POSTPONED)


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
