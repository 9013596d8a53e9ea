"""Tables as CSV for spreadsheets, in which no cell is a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

import regex

from bot.shared.errors import CoalitionBotError
from bot.shared.wording import UNSEEN

_T = TypeVar("_T")
# Spreadsheets run cells that begin like this, also in full width or after what does not show (OWASP, CSV injection).
_BLANK: Final = rf"[\s{UNSEEN}]*+"
_FORMULA: Final = regex.compile(rf"[\t\r\n]|{_BLANK}[=+\-@＝＋－＠]")
# Where cells are separated by semicolons or tabs (Excel in much of Europe), these begin a new cell.
_INSIDE: Final = regex.compile(rf"([;\t]{_BLANK})(?=[=+\-@＝＋－＠])")
_GUARDED_INSIDE: Final = regex.compile(rf"([;\t]{_BLANK})'(?=[=+\-@＝＋－＠])")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return CSV in UTF-8 with a byte order mark (for Excel), with cells that a spreadsheet would run defused."""
    out = io.StringIO(newline="")
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    table.writerow(columns)
    table.writerows([_defused(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


class InvalidTable(CoalitionBotError):
    """The table cannot be imported. The message says what is wrong, with the line."""


def csv_table(text: str) -> csv.DictReader[str]:
    """Return a table's rows by column. A row with too many cells has "" as a column; one with too few, empty cells."""
    return csv.DictReader(io.StringIO(text.removeprefix("\ufeff").strip()), restkey="", restval="")


def parse_rows(table: csv.DictReader[str], parse: Callable[[int, dict[str, str]], _T]) -> tuple[list[_T], list[str]]:
    """Return what `parse` makes of each row, from its line and cells, and the errors, as `line 3: no name`.

    `parse` raises `ValueError` for a wrong row.
    """
    rows: list[_T] = []
    errors: list[str] = []
    try:
        for cells in table:
            try:
                rows.append(parse(table.line_num, _whole(cells)))
            except ValueError as error:
                errors.append(f"line {table.line_num}: {error}")
    except csv.Error as error:
        errors.append(f"line {table.line_num}: {error}")
    return rows, errors


def _whole(cells: dict[str, str]) -> dict[str, str]:
    if "" in cells:
        raise ValueError('more cells than columns: put cells that contain commas in "quotes"')
    return cells


def _defused(cell: str) -> str:
    inside = _INSIDE.sub(r"\1'", cell)
    return f"'{inside}" if _FORMULA.match(cell) else inside


def bare(cell: str) -> str:
    """Return a cell as it was before it was defused."""
    plain = _GUARDED_INSIDE.sub(r"\1", cell)
    return plain[1:] if plain.startswith("'") and _FORMULA.match(plain, 1) else plain
