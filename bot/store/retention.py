"""How long the rows of a table are kept, and what becomes of them: the words in which each room says it of its own."""

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
    column `since`. A row is kept beyond it while `still` is true of it (SQL; `:before` is the end of what is kept), and
    while rows hang on it that do not go with it. `goes_with`: the tables with whose rows its own go. `stays`: why they
    stay until somebody takes them away.

    `theirs`: the column with the person whose rows go when they are erased, `members` that with an organisation.
    `sheet`: an export has it as a table for people, too; `sheet_rows` makes of its rows what such a table may show.
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
