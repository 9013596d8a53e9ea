"""Import and export the press list as CSV, with the usual columns. A row without a name is an outlet's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.commands.model import Context, Group, Kind, Param, Reply, answer
from bot.media.contacts import records
from bot.media.contacts.model import Contact, LogEntry
from bot.media.press.people import ADD, apply_changes, find_in
from bot.media.press.picking import PRESS_ROLE
from bot.people import contacts
from bot.people import records as people
from bot.people.contacts import ContactIndex
from bot.shared.csv_cells import write_csv

COLUMNS: Final = (
    "outlet", "type", "market", "tier", "name", "title", "beat", "email", "phone", "channel", "deadlines", "source",
    "basis", "verified_on",
)  # fmt: skip
_EXPORT_COLUMNS: Final = ("number", *COLUMNS, "opted_out_on", "last_contact_on", "last_contact_by")

slash = Group("press", who=PRESS_ROLE)


@slash.command(
    example='"outlet,name,email …"',
    params=(Param("csv", "the table, including its first line", kind=Kind.LONG, longest=2_000_000),),
    changes=True,
)
def import_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Import a press list from CSV."""
    rows = contacts.read_contacts(args["csv"], COLUMNS, ADD, "outlet", _check)
    suppressed = contacts.suppression_list(ctx.tx)
    index = ContactIndex(records.all_contacts(ctx.tx))
    imported = contacts.Imported[Contact]()
    for line, cells in rows:
        before = find_in(index, cells)
        contact = apply_changes(ctx, before, cells if before else {"source": "an imported list", **cells})
        if "verified_on" in cells:
            contact = replace(contact, verified_on=date.fromisoformat(cells["verified_on"]))
        if imported.add(line, before, contact, suppressed):
            index.add(contact)
            records.save_contact(ctx.tx, contact, ctx.now)
    new, changed, left_out = len(imported.new), len(imported.changed), len(imported.left_out)
    ctx.note("the press list", "", f"import: {new} new, {changed} changed, {left_out} left out")
    return answer(
        f"Imported: {imported.counts}",
        imported.skipped("/press add"),
        "" if not new else "Contacts without a date in verified_on count as not verified: /press verify",
    )


@slash.command(changes=True)
def export(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Export the press list as CSV."""
    everyone, history, names = records.all_contacts(ctx.tx), records.all_histories(ctx.tx), people.names(ctx.tx)
    data = write_csv(_EXPORT_COLUMNS, (_cells(ctx, each, history.get(each.id, []), names) for each in everyone))
    return contacts.exported(ctx, len(everyone), data, "press", "the press list", "press", "/press import")


# --- the table --------------------------------------------------------------------------------------------------------


def _check(filled: Mapping[str, str]) -> None:
    if filled.get("tier", "1") not in ("1", "2", "3"):
        raise ValueError(f"tier must be 1, 2 or 3, not “{filled['tier'][:20]}”")


def _cells(ctx: Context, contact: Contact, entries: list[LogEntry], names: Mapping[str, str]) -> list[str]:
    outlet, last, day = contact.outlet, entries[0] if entries else None, ctx.config.coalition.day
    of_outlet = {"outlet": outlet.name, "type": outlet.type, "market": outlet.market, "tier": outlet.tier}
    return [
        contact.label,
        *(str((of_outlet[name] if name in of_outlet else getattr(contact, name)) or "") for name in COLUMNS),
        str(day(contact.opted_out_at)) if contact.opted_out_at else "",
        str(day(last.at)) if last else "",
        names.get(last.person, "") if last else "",
    ]
