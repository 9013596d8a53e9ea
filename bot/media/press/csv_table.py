"""The press list as a CSV table that a spreadsheet can open, and back. Pure.

The columns are those that press officers keep. A row without a name is an outlet's desk.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.media.press.model import Basis, Contact, Entry
from bot.people.csv_table import bare, write_csv
from bot.shared.errors import CoalitionBotError

COLUMNS: Final = (
    "outlet", "type", "market", "tier", "name", "title", "beat", "email", "phone", "channel", "deadlines", "source",
    "basis", "verified_on",
)  # fmt: skip
_TOLD: Final = ("number", *COLUMNS, "opted_out_on", "last_contact_on", "last_contact_by")
_LONGEST: Final = 300  # characters of a cell
MOST: Final = 5_000  # rows


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says: only the cells that say something."""

    line: int
    cells: Mapping[str, str]
    verified_on: date | None


class BadTable(CoalitionBotError):
    """The table cannot be taken in; says every slip with its line."""


def of_contacts(contacts: Iterable[Contact], history: Mapping[str, list[Entry]], who: Mapping[str, str]) -> bytes:
    """Everybody as CSV. `who`: the names of our people by id."""
    return write_csv(_TOLD, (_cells(each, history.get(each.id, []), who) for each in contacts))


def read(text: str) -> list[Row]:
    """The rows of a table with at least the column `outlet`. Columns of other names are left aside.

    Raises `BadTable`.
    """
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff").strip()), restkey="", restval="")
    columns = [name.strip().lower().replace(" ", "_").replace("e-mail", "email") for name in table.fieldnames or ()]
    if "outlet" not in columns:
        raise BadTable(f"The first line must name the columns, of these: {', '.join(COLUMNS)}. `outlet` is needed.")
    table.fieldnames = columns
    rows: list[Row] = []
    slips: list[str] = []
    try:
        for cells in table:
            if len(rows) == MOST:
                raise BadTable(f"The table has more than {MOST:,} rows. Part it.")
            try:
                rows.append(_row(table.line_num, cells))
            except ValueError as slip:
                slips.append(f"line {table.line_num}: {slip}")
    except csv.Error as error:
        slips.append(f"line {table.line_num}: {error}")
    if slips or not rows:
        more = f"; and {len(slips) - 5} more" if len(slips) > 5 else ""
        raise BadTable("; ".join(slips[:5]) + more or "There is nobody in the table.")
    return rows


def _row(line: int, cells: Mapping[str, str]) -> Row:
    if "" in cells:
        raise ValueError('more cells than columns: put a cell that has commas in "quotes"')
    said = {name: " ".join(bare(cells[name]).split()) for name in COLUMNS if cells.get(name, "").strip()}
    if "outlet" not in said:
        raise ValueError("no outlet")
    if long := next((name for name, cell in said.items() if len(cell) > _LONGEST), None):
        raise ValueError(f"{long} has more than {_LONGEST} characters")
    if said.get("tier", "1") not in ("1", "2", "3"):
        raise ValueError(f"tier is 1, 2 or 3, not “{said['tier'][:20]}”")
    if "basis" in said and said["basis"] not in set(Basis):
        raise ValueError(f"basis is one of {', '.join(Basis)}, not “{said['basis'][:40]}”")
    return Row(line, said, _day(said.pop("verified_on", "")))


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        raise ValueError(f"verified_on is a day such as 2026-11-24, not “{cell[:20]}”") from None


def _cells(contact: Contact, entries: list[Entry], who: Mapping[str, str]) -> list[str]:
    its, last = contact.outlet, entries[0] if entries else None
    return [
        contact.label, its.name, its.type, its.market, str(its.tier or ""), contact.name, contact.title, contact.beat,
        contact.email, contact.phone, contact.channel, contact.deadlines, contact.source, contact.basis.value,
        contact.verified_on.isoformat() if contact.verified_on else "",
        contact.opted_out_at.date().isoformat() if contact.opted_out_at else "",
        last.at.date().isoformat() if last else "",
        who.get(last.person, "") if last else "",
    ]  # fmt: skip
