"""The scorecard's tables, on the board and on the public page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.campaign.scorecard import COLUMNS, Row, Scorecard
from bot.chat.web.pages import Cell, Table
from bot.shared.language import gettext
from bot.shared.wording import dotted


def table_of(card: Scorecard, rows: Sequence[Row]) -> Table:
    """A row for each member, with what was recorded and its day below each position."""
    return Table(
        (gettext("Member"), gettext("Counts"), *(item.name for item in card.items)),
        [
            (Cell(row.name, note=dotted(row.who.party, row.who.place), is_english=True), row.counts,
             *(Cell(gettext(cell.standing.value), note=cell.line) for cell in row.cells))
            for row in rows
        ],
    )  # fmt: skip


def whole_table(card: Scorecard, rows: Sequence[Row]) -> Table:
    """A row for each member and item, with source, day and rule, for a file."""
    return Table(COLUMNS, card.lines(rows))
