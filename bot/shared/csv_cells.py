"""Tables as CSV for spreadsheets, in which no cell is a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

import regex

from bot.shared.errors import CoalitionBotError
from bot.shared.wording import UNSEEN, cap_lines, listed

_T = TypeVar("_T")
# Spreadsheets run cells that begin like this, also in full width or after what does not show (OWASP, CSV injection).
_BLANK: Final = rf"[\s{UNSEEN}]*+"
_FORMULA: Final = regex.compile(rf"[\t\r\n]|{_BLANK}[=+\-@＝＋－＠]")
# Where cells are separated by semicolons or tabs (Excel in much of Europe), these begin a new cell.
_INSIDE: Final = regex.compile(rf"([;\t]{_BLANK})(?=[=+\-@＝＋－＠])")
_GUARDED_INSIDE: Final = regex.compile(rf"([;\t]{_BLANK})'(?=[=+\-@＝＋－＠])")

_SHOWN: Final = 5  # errors in one message


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return CSV in UTF-8 with a byte order mark (for Excel), with cells that a spreadsheet would run defused."""
    out = io.StringIO(newline="")
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    table.writerow(columns)
    table.writerows([_defused(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


class InvalidTable(CoalitionBotError):
    """The table cannot be imported. The message says what is wrong, with the line."""


def read_table(
    text: str, columns: Sequence[str], parse: Callable[[int, dict[str, str]], _T], *, needed: Sequence[str] = ()
) -> list[_T]:
    """Return what `parse` makes of each row, from its line and its cells by column. Raises `InvalidTable`.

    `parse` raises `ValueError` for a wrong row. `needed`: the columns that the table must have, all if left out; those
    that are not in `columns` are ignored.
    """
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff").strip()), restval="")
    try:
        names = [_column(name) for name in table.fieldnames or ()]
    except csv.Error as error:
        raise InvalidTable(f"line 1: {error}") from error
    table.fieldnames = names
    if twice := {name for name in columns if names.count(name) > 1}:
        raise InvalidTable(f"The first line names {listed(sorted(twice), _SHOWN)} twice.")
    if not {*(needed or columns)} <= {*names}:
        optional = f"; required: {', '.join(needed)}" if needed else ""
        raise InvalidTable(f"The first line must be {','.join(columns)}{optional}.")
    rows: list[_T] = []
    errors: list[str] = []
    try:
        for cells in table:
            try:
                if None in cells:
                    raise ValueError('more cells than columns: put cells that contain commas in "quotes"')  # noqa: TRY301
                plain = {name: " ".join(bare(cells.get(name, "")).split()) for name in columns}
                rows.append(parse(table.line_num, plain))
            except ValueError as error:
                errors.append(f"line {table.line_num}: {error}")
    except csv.Error as error:
        errors.append(f"line {table.line_num}: {error}")
    if errors or not rows:
        raise InvalidTable("; ".join(cap_lines(errors, _SHOWN)) or "The table has no rows.")
    return rows


def _column(name: str) -> str:
    """A column's name as we write it: "E-mail", "verified on", and the spelling of version 0.1."""
    return name.strip().lower().replace(" ", "_").replace("e-mail", "email").replace("isation", "ization")


def _defused(cell: str) -> str:
    inside = _INSIDE.sub(r"\1'", cell)
    return f"'{inside}" if _FORMULA.match(cell) else inside


def bare(cell: str) -> str:
    """Return a cell as it was before it was defused."""
    plain = _GUARDED_INSIDE.sub(r"\1", cell)
    return plain[1:] if plain.startswith("'") and _FORMULA.match(plain, 1) else plain
