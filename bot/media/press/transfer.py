"""Import and export the press list as CSV, with the usual columns. A row without a name is an outlet's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.commands.model import Context, File, Group, Kind, Param, Refused, Reply, answer
from bot.media.contacts import records
from bot.media.contacts.model import Basis, Contact, LogEntry
from bot.media.press.people import ContactIndex, apply_changes
from bot.media.press.picking import PRESS_ROLE
from bot.people import records as people
from bot.shared.csv_cells import InvalidTable, read_table, write_csv
from bot.shared.time_phrases import parse_day
from bot.shared.wording import listed, number

COLUMNS: Final = (
    "outlet", "type", "market", "tier", "name", "title", "beat", "email", "phone", "channel", "deadlines", "source",
    "basis", "verified_on",
)  # fmt: skip
_EXPORT_COLUMNS: Final = ("number", *COLUMNS, "opted_out_on", "last_contact_on", "last_contact_by")
_MAX_CELL: Final = 300  # characters of a cell
MAX_ROWS: Final = 5_000  # rows
_MAX_LINES: Final = 8  # line numbers in one answer

slash = Group("press", who=PRESS_ROLE)


@slash.command(
    example='"outlet,name,email …"',
    params=(Param("csv", "the table, including its first line", kind=Kind.LONG, longest=2_000_000),),
    changes=True,
)
def import_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Import a press list from CSV."""
    try:
        rows = read_table(args["csv"], COLUMNS, _row, needed=["outlet"])
    except InvalidTable as bad:
        raise Refused(f"Nothing was imported. {bad}", param="csv") from bad
    if len(rows) > MAX_ROWS:
        raise Refused(f"The table has more than {MAX_ROWS:,} rows. Split it and import each part.", param="csv")
    suppressed = records.suppression_list(ctx.tx)
    index = ContactIndex(records.all_contacts(ctx.tx))
    new = changes = 0
    left_out: list[int] = []
    for line, cells in rows:
        before = index.find(cells)
        contact = apply_changes(ctx, before, cells if before else {"source": "an imported list", **cells})
        if "verified_on" in cells:
            contact = replace(contact, verified_on=date.fromisoformat(cells["verified_on"]))
        if suppressed.by(contact, name=True, before=before):
            left_out.append(line)
            continue
        new, changes = new + (before is None), changes + (before is not None and contact != before)
        index.add(contact)
        records.save_contact(ctx.tx, contact, ctx.now)
    lines = listed([str(line) for line in left_out], _MAX_LINES)
    ctx.note("the press list", "", f"import: {new} new, {changes} changed, {len(left_out)} left out")
    return answer(
        f"Imported: {new} new, {changes} changed, {len(rows) - new - changes - len(left_out)} unchanged",
        f"Skipped: line{'s' if len(left_out) > 1 else ''} {lines}. They asked not to be on the list, or have the name "
        "of a person who did. Add another person of that name by hand: /press add"
        if left_out
        else "",
        "" if not new else "Contacts without a date in verified_on count as not verified: /press verify",
    )


@slash.command(changes=True)
def export(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Export the press list as CSV."""
    contacts, history, names = records.all_contacts(ctx.tx), records.all_histories(ctx.tx), people.names(ctx.tx)
    data = write_csv(_EXPORT_COLUMNS, (_cells(ctx, each, history.get(each.id, []), names) for each in contacts))
    ctx.note("the press list", "", f"exported, {number(len(contacts), 'contact')}")
    reply = answer(
        f"{number(len(contacts), 'contact')}, as CSV",
        "It contains personal data: store it where only press staff can open it, and delete it after use.",
        foot="/press import can import it again.",
    )
    return replace(reply, file=File(f"press-{ctx.today}.csv", "text/csv", data))


# --- the table --------------------------------------------------------------------------------------------------------


def _row(line: int, cells: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """The line and the cells that are filled in."""
    filled = {name: cell for name, cell in cells.items() if cell}
    if "outlet" not in filled:
        raise ValueError("no outlet")
    if long := next((name for name, cell in filled.items() if len(cell) > _MAX_CELL), None):
        raise ValueError(f"{long} has more than {_MAX_CELL} characters")
    if filled.get("tier", "1") not in ("1", "2", "3"):
        raise ValueError(f"tier must be 1, 2 or 3, not “{filled['tier'][:20]}”")
    if "basis" in filled and filled["basis"] not in set(Basis):
        raise ValueError(f"basis must be one of {', '.join(Basis)}, not “{filled['basis'][:40]}”")
    if day := filled.get("verified_on"):
        if (verified_on := parse_day(day)) is None:
            raise ValueError(f"verified_on must be a date such as 11/24/2026, not “{day[:20]}”")
        filled["verified_on"] = verified_on.isoformat()
    return line, filled


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
