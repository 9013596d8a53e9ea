"""How long a table's rows are stored and how they end: the type in which each room declares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.store.database import Reader, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One table. Exactly one of `term`, `goes_with` and `stays` says how its rows end.

    `term`: a length of time, or the name of one under `retention:` in coalition.yml; it runs from the time in the
    column `since`. A row stays longer while `still` is true of it (SQL; `:before` is the end of the term), and
    while other rows refer to it that do not go with it. `goes_with`: the tables whose rows take these rows with them.
    `stays`: why rows stay until a person removes them.

    `theirs`: the column with the person whose rows are deleted when they are erased, `members` the same for an
    organization. `sheet`: an export also has it as a table for people; `sheet_rows` returns the rows to show there.
    """

    table: str
    term: str | timedelta = ""
    since: str = ""
    still: str = ""
    goes_with: tuple[str, ...] = ()
    stays: str = ""
    theirs: str = ""
    members: str = ""
    sheet: bool = False
    sheet_rows: Callable[[Reader, Sequence[Row]], Sequence[Mapping[str, Any]]] | None = None
