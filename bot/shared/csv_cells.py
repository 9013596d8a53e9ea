"""Tables as CSV for spreadsheets, in which no cell is a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import regex

from bot.shared.wording import UNSEEN

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


def _defused(cell: str) -> str:
    inside = _INSIDE.sub(r"\1'", cell)
    return f"'{inside}" if _FORMULA.match(cell) else inside


def bare(cell: str) -> str:
    """Return a cell as it was before it was defused."""
    plain = _GUARDED_INSIDE.sub(r"\1", cell)
    return plain[1:] if plain.startswith("'") and _FORMULA.match(plain, 1) else plain
