"""Import and export the press list as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.group import Group
from bot.commands.model import Context, File, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.media.contacts import records
from bot.media.contacts.model import Contact
from bot.media.press import csv_table
from bot.media.press.csv_table import BadTable, Row
from bot.media.press.people import ContactIndex, apply_changes
from bot.media.press.picking import PRESS_ROLE
from bot.people import records as people
from bot.shared.card import Card, Line, Mark
from bot.shared.wording import listed, number

_MAX_LINES = 8  # line numbers in one answer

slash = Group("press", who=PRESS_ROLE)


@slash.command(
    "import",
    "Import a press list from CSV",
    '"outlet,name,email …"',
    params=(Param("csv", "the table, including its first line", kind=Kind.LONG, longest=2_000_000),),
    changes=True,
)
def import_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Import a table: add new people, change existing ones, and skip those who asked to be erased."""
    try:
        rows = csv_table.parse(args["csv"])
    except BadTable as bad:
        raise Refused(f"Nothing was imported. {bad}", param="csv") from bad
    suppressed = records.suppression_list(ctx.tx)
    index = ContactIndex(records.all_contacts(ctx.tx))
    new = changes = 0
    left_out: list[int] = []
    for row in rows:
        before = index.find(row.cells)
        contact = _imported_contact(ctx, before, row)
        if before is None and suppressed.by(contact, name=True):
            left_out.append(row.line)
            continue
        new, changes = new + (before is None), changes + (before is not None and contact != before)
        index.add(contact)
        records.save_contact(ctx.tx, contact, ctx.now)
    ctx.note("the press list", "", f"import: {new} new, {changes} changed, {len(left_out)} left out")
    return answer(
        f"Imported: {new} new, {changes} changed, {len(rows) - new - changes - len(left_out)} unchanged",
        _left_out_note(left_out),
        "" if not new else "Contacts without a date in verified_on count as not verified: /press verify",
    )


@slash.command("export", "Export the press list as CSV", changes=True)
def export(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """The whole list as a file; the audit records the export."""
    contacts = records.all_contacts(ctx.tx)
    names = people.names(ctx.tx)
    data = csv_table.to_csv(contacts, records.all_histories(ctx.tx), names)
    ctx.note("the press list", "", f"exported, {number(len(contacts), 'contact')}")
    card = Card(
        mark=Mark.ANSWER,
        head=f"{number(len(contacts), 'contact')}, as CSV",
        lines=(
            Line("It contains personal data: store it where only press staff can open it, and delete it after use."),
        ),
        foot="/press import can import it again.",
    )
    return Reply(card=card, file=File(f"press-{ctx.today}.csv", "text/csv", data))


def _imported_contact(ctx: Context, before: Contact | None, row: Row) -> Contact:
    cells = {"source": "an imported list", **row.cells} if before is None else row.cells
    contact = apply_changes(ctx, before, cells)
    return replace(contact, verified_on=row.verified_on) if row.verified_on else contact


def _left_out_note(lines: list[int]) -> str:
    if not lines:
        return ""
    numbers = listed([str(line) for line in lines], _MAX_LINES)
    return (
        f"Skipped: line{'s' if len(lines) > 1 else ''} {numbers}. They asked not to be on the list, or have the name "
        "of a person who did. Add another person of that name by hand: /press add"
    )
