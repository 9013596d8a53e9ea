"""The SQL of the directory: `directory`, `legislator`, `committee`, `committee_seat`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.congress.model import Committee, Member, Seat, Snapshot
from bot.shared.language import gettext_noop
from bot.store.database import Reader, Rows, Transaction, insert_rows

_ONLY: Final = "congress"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDirectory:
    """The stored directory's date and source."""

    as_of: date
    taken_at: datetime
    source: str

    @property
    def public_source(self) -> str:
        """What offices may read as its source: the address, not the path of a folder on our server."""
        return self.source if self.source.startswith("http") else gettext_noop("the public directory of Congress")


_DIRECTORIES: Final = Rows(StoredDirectory, "directory")
# Columns for fields whose names are reserved words somewhere.
_MEMBERS: Final = Rows(Member, "legislator", {"first": "first_name", "last": "last_name"})
_COMMITTEES: Final = Rows(Committee, "committee", {"parent": "parent_id"})
_SEATS: Final = Rows(Seat, "committee_seat", {"committee": "committee_id"})


def stored_directory(db: Reader) -> StoredDirectory | None:
    return _DIRECTORIES.get(db, id=_ONLY)


def replace(tx: Transaction, snapshot: Snapshot, *, now: datetime) -> None:
    """Replace the stored directory with this snapshot."""
    for table in ("committee_seat", "committee", "legislator", "directory"):
        tx.execute(f"DELETE FROM {table}")
    row = {"id": _ONLY, "as_of": snapshot.as_of, "taken_at": now, "source": snapshot.source}
    insert_rows(tx, "directory", [row])
    _MEMBERS.insert(tx, snapshot.members)
    _COMMITTEES.insert(tx, snapshot.committees)
    _SEATS.insert(tx, snapshot.seats)


def members(db: Reader) -> list[Member]:
    """All members: senators first, then by state and district."""
    first = "CASE role WHEN 'Senator' THEN 0 ELSE 1 END"
    return _MEMBERS.select(db, f"ORDER BY {first}, state, district, last_name, bioguide")


def member(db: Reader, bioguide: str) -> Member | None:
    return _MEMBERS.get(db, bioguide=bioguide)


def committees(db: Reader) -> list[Committee]:
    """All committees, each parent before its subcommittees."""
    return _COMMITTEES.select(db, "ORDER BY id")


def committee(db: Reader, id_: str) -> Committee | None:
    return _COMMITTEES.get(db, id=id_)


def parent(db: Reader, of: Committee) -> Committee | None:
    """The committee that this subcommittee is part of; None for a whole committee."""
    return committee(db, of.parent) if of.parent else None


def seats(db: Reader, committee_id: str) -> list[Seat]:
    """The seats of a committee, in the record's order."""
    return _SEATS.select(db, "WHERE committee_id = :id ORDER BY place", id=committee_id)


def seats_of(db: Reader, bioguide: str) -> list[Seat]:
    """The committee seats of a member."""
    return _SEATS.select(db, "WHERE bioguide = :bioguide ORDER BY committee_id", bioguide=bioguide)


def senate_numbers(db: Reader) -> dict[str, str]:
    """The Bioguide ids of senators by their number in the Senate's roll calls."""
    return {row["lis"]: row["bioguide"] for row in db.read("SELECT lis, bioguide FROM legislator WHERE lis <> ''")}


def leaders(db: Reader) -> list[Seat]:
    """The seats with a title, full committees first."""
    return _SEATS.select(db, "WHERE title <> '' ORDER BY LENGTH(committee_id), committee_id, place")


def count(db: Reader) -> Mapping[str, int]:
    """The number of members by role, and of committees."""
    rows = db.read("SELECT role AS what, COUNT(*) AS n FROM legislator GROUP BY role ORDER BY role")
    rows += db.read("SELECT 'Committee' AS what, COUNT(*) AS n FROM committee WHERE parent_id IS NULL")
    return {row["what"]: row["n"] for row in rows}
