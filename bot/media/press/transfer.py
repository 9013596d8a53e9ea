"""The press list as a file: brought in from a spreadsheet, and taken along as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.model import Context, File, Refused, Reply
from bot.commands.replies import answer
from bot.media.press import csv_table, records
from bot.media.press.csv_table import BadTable, Row
from bot.media.press.model import Contact
from bot.media.press.people import Known, changed
from bot.people.records import people
from bot.shared.card import Card, Line, Mark
from bot.shared.wording import listed, number

_LINES = 8  # of the table named in one answer


def import_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Take in a table: new people are added, known ones changed, and nobody who asked not to be kept comes back."""
    try:
        rows = csv_table.read(args["csv"])
    except BadTable as bad:
        raise Refused(f"Nothing was taken in. {bad}", param="csv") from bad
    coalition = ctx.config.coalition.id
    suppressed = records.suppressed(ctx.tx, coalition)
    known = Known(records.contacts(ctx.tx, coalition))
    new = changes = 0
    left_out: list[int] = []
    for row in rows:
        was = known.find(row.cells)
        contact = _taken(ctx, was, row)
        if was is None and suppressed.by(contact, name=True):
            left_out.append(row.line)
            continue
        new, changes = new + (was is None), changes + (was is not None and contact != was)
        known.add(contact)
        records.put(ctx.tx, coalition, contact, ctx.now)
    ctx.note("the press list", "", f"import: {new} new, {changes} changed, {len(left_out)} left out")
    return answer(
        f"Taken in: {new} new, {changes} changed, {len(rows) - new - changes - len(left_out)} as they were",
        _why_left_out(left_out),
        "" if not new else "Those without a day in verified_on count as not verified: /press verify",
    )


def export(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """The whole list; that somebody took it along is in the audit."""
    coalition = ctx.config.coalition.id
    contacts = records.contacts(ctx.tx, coalition)
    who = {person.id: person.name for person in people(ctx.tx, coalition)}
    data = csv_table.of_contacts(contacts, records.history(ctx.tx, coalition), who)
    ctx.note("the press list", "", f"exported, {number(len(contacts), 'contact')}")
    card = Card(
        mark=Mark.ANSWER,
        head=f"{number(len(contacts), 'contact')}, as CSV",
        lines=(
            Line("It holds personal data: keep it where only press people look, and delete it when it has served."),
        ),
        foot="/press import takes it back.",
    )
    return Reply(card=card, file=File(f"press-{ctx.today}.csv", "text/csv", data))


def _taken(ctx: Context, was: Contact | None, row: Row) -> Contact:
    cells = {"source": "an imported list", **row.cells} if was is None else row.cells
    contact = changed(ctx, was, cells)
    return replace(contact, verified_on=row.verified_on) if row.verified_on else contact


def _why_left_out(lines: list[int]) -> str:
    if not lines:
        return ""
    named = listed([str(line) for line in lines], _LINES)
    return (
        f"Left out: line{'s' if len(lines) > 1 else ''} {named}. They asked not to be kept, or have the name of "
        "somebody who did. Somebody else of that name you add by hand: /press add"
    )
