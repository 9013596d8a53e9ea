"""The press list as a file: brought in from a spreadsheet, and taken along as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.alerts.words import listed, number
from bot.answering import answer
from bot.card import Card, Line, Mark
from bot.command import Desk, File, Refused, Reply
from bot.media import press_records, press_table
from bot.media.press_listing import Known, changed
from bot.media.press_model import Contact
from bot.media.press_table import BadTable, Row
from bot.people.records import people

_LINES = 8  # of the table named in one answer


def import_(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Take in a table: new people are added, known ones changed, and nobody who asked not to be kept comes back."""
    try:
        rows = press_table.read(args["csv"])
    except BadTable as bad:
        raise Refused(f"Nothing was taken in. {bad}", param="csv") from bad
    coalition = desk.config.coalition.id
    suppressed = press_records.suppressed(desk.tx, coalition)
    known = Known(press_records.contacts(desk.tx, coalition))
    new = changes = 0
    left_out: list[int] = []
    for row in rows:
        was = known.find(row.cells)
        contact = _taken(desk, was, row)
        if was is None and suppressed.by(contact, name=True):
            left_out.append(row.line)
            continue
        new, changes = new + (was is None), changes + (was is not None and contact != was)
        known.add(contact)
        press_records.put(desk.tx, coalition, contact, desk.now)
    desk.note("the press list", "", f"import: {new} new, {changes} changed, {len(left_out)} left out")
    return answer(
        f"Taken in: {new} new, {changes} changed, {len(rows) - new - changes - len(left_out)} as they were",
        _why_left_out(left_out),
        "" if not new else "Those without a day in verified_on count as not verified: /press verify",
    )


def export(desk: Desk, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """The whole list; that somebody took it along is in the audit."""
    coalition = desk.config.coalition.id
    contacts = press_records.contacts(desk.tx, coalition)
    who = {person.id: person.name for person in people(desk.tx, coalition)}
    data = press_table.of_contacts(contacts, press_records.history(desk.tx, coalition), who)
    desk.note("the press list", "", f"exported, {number(len(contacts), 'contact')}")
    card = Card(
        mark=Mark.ANSWER,
        head=f"{number(len(contacts), 'contact')}, as CSV",
        lines=(
            Line("It holds personal data: keep it where only press people look, and delete it when it has served."),
        ),
        foot="/press import takes it back.",
    )
    return Reply(card=card, file=File(f"press-{desk.today}.csv", "text/csv", data))


def _taken(desk: Desk, was: Contact | None, row: Row) -> Contact:
    cells = {"source": "an imported list", **row.cells} if was is None else row.cells
    contact = changed(desk, was, cells)
    return replace(contact, verified_on=row.verified_on) if row.verified_on else contact


def _why_left_out(lines: list[int]) -> str:
    if not lines:
        return ""
    named = listed([str(line) for line in lines], _LINES)
    return (
        f"Left out: line{'s' if len(lines) > 1 else ''} {named}. They asked not to be kept, or have the name of "
        "somebody who did. Somebody else of that name you add by hand: /press add"
    )
