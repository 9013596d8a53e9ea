"""The SQL of `lobbying_entry` and `lobbying_year`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from bot.letters.ledger.model import Entry, TaxYear
from bot.store import memo
from bot.store.database import Reader, Rows, Transaction, delete_rows, select_in, update_rows

ENTRIES: Final = Rows(Entry, "lobbying_entry")
_YEARS: Final = Rows(TaxYear, "lobbying_year")


def next_number(tx: Transaction) -> int:
    """The next unused number; those of erased organizations are never used again."""
    return memo.next_number(tx, "lobbying entry number")


def entries(db: Reader, organizations: Collection[str]) -> list[Entry]:
    """Every line of these organizations, corrected ones too, by day."""
    rows = select_in(db, "SELECT * FROM lobbying_entry WHERE organization IN ({})", organizations)
    return sorted(map(ENTRIES.read, rows), key=lambda each: (each.on_day, each.number))


def save_year(tx: Transaction, year: TaxYear, by: str, now: datetime) -> None:
    """Store what is said of a tax year, in place of what was, but for what was reported."""
    _YEARS.save(tx, year, key="organization, begins", keep=("reported",), entered_by=by, entered_at=now)


def mark_reported(tx: Transaction, year: TaxYear, reported: str) -> None:
    update_rows(tx, "lobbying_year", {"reported": reported}, organization=year.organization, begins=year.begins)


def years(db: Reader, organizations: Collection[str]) -> list[TaxYear]:
    """What these organizations said of their tax years, oldest first."""
    rows = select_in(db, "SELECT * FROM lobbying_year WHERE organization IN ({})", organizations)
    return sorted(map(_YEARS.read, rows), key=lambda each: (each.begins, each.organization))


def delete_overlapped(tx: Transaction, year: TaxYear) -> None:
    """Delete what the organization said of other tax years with a day of this one: their first month was wrong."""
    for each in years(tx, [year.organization]):
        if each.begins != year.begins and each.begins < year.ends and year.begins < each.ends:
            delete_rows(tx, "lobbying_year", organization=each.organization, begins=each.begins)
