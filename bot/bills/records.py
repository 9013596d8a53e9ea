"""The SQL of `bill` and `bill_proposal`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from bot.sources.congress.bill_record import BillRecord, fill_gaps
from bot.store.database import Reader, Transaction, from_text, one, to_text

_RECORD: Final = TypeAdapter(BillRecord)
ADDED: Final = "added"
NOT_OURS: Final = "not ours"


@dataclass(frozen=True, slots=True)
class StoredBill:
    """A bill's record and when it was last read. Fields missing from the last answer keep their earlier values."""

    record: BillRecord
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A bill that may belong to a family. `answer`: ADDED, NOT_OURS, or None until someone answers."""

    bill: str
    family: str
    title: str
    answer: str | None


def save(tx: Transaction, new_records: Iterable[BillRecord], now: datetime) -> None:
    """Save records just read, replacing those from the same source."""
    for record in new_records:
        previous = _stored(tx, record.number.id, record.source)
        merged = fill_gaps(record, previous[0].record) if previous else record
        tx.execute(
            """
            INSERT INTO bill (bill_id, source, name, title, record, as_of, read_at)
            VALUES (:bill, :source, :name, :title, :record, :as_of, :now)
            ON CONFLICT (bill_id, source) DO UPDATE SET
                title = excluded.title, record = excluded.record, as_of = excluded.as_of, read_at = excluded.read_at
            """,
            {
                "bill": record.number.id,
                "source": record.source,
                "name": f"{record.number.type}{record.number.number}",
                "title": merged.title,
                "record": _RECORD.dump_json(merged).decode(),
                "as_of": to_text(record.updated) if record.updated else None,
                "now": to_text(now),
            },
        )


def stored(db: Reader, bill_id: str) -> list[StoredBill]:
    """A bill's record from each source, the most recently updated first."""
    return _stored(db, bill_id)


def titles(db: Reader, name: str | None = None) -> dict[str, str]:
    """The titles of stored bills by id, optionally only those named `name` ("s567")."""
    where = "WHERE name = :name" if name else ""
    sql = f"SELECT bill_id, title FROM bill {where} ORDER BY bill_id, source DESC"
    return {row["bill_id"]: row["title"] for row in db.read(sql, {"name": name} if name else {})}


def propose(tx: Transaction, coalition_id: str, proposal: Proposal, now: datetime) -> bool:
    """Save a proposal; False if the bill was proposed before."""
    inserted = tx.execute(
        """
        INSERT INTO bill_proposal (coalition_id, bill_id, family, title, proposed_at)
        VALUES (:coalition, :bill, :family, :title, :now)
        ON CONFLICT (coalition_id, bill_id) DO NOTHING RETURNING bill_id
        """,
        {
            "coalition": coalition_id,
            "bill": proposal.bill,
            "family": proposal.family,
            "title": proposal.title,
            "now": to_text(now),
        },
    )
    return bool(inserted)


def proposal(db: Reader, coalition_id: str, bill_id: str) -> Proposal | None:
    sql = "SELECT * FROM bill_proposal WHERE coalition_id = :coalition AND bill_id = :bill"
    row = one(db.read(sql, {"coalition": coalition_id, "bill": bill_id}))
    return Proposal(row["bill_id"], row["family"], row["title"], row["answer"]) if row else None


def save_answer(
    tx: Transaction, coalition_id: str, bill_id: str, chosen: str, *, by: str | None, now: datetime
) -> None:
    tx.execute(
        """
        UPDATE bill_proposal SET answer = :answer, answered_at = :now, answered_by = :by
        WHERE coalition_id = :coalition AND bill_id = :bill
        """,
        {"coalition": coalition_id, "bill": bill_id, "answer": chosen, "now": to_text(now), "by": by},
    )


def _stored(db: Reader, bill_id: str, source: str | None = None) -> list[StoredBill]:
    only = "AND source = :source" if source else ""
    sql = f"SELECT record, read_at FROM bill WHERE bill_id = :bill {only} ORDER BY COALESCE(as_of, '') DESC, source"
    rows = db.read(sql, {"bill": bill_id} | ({"source": source} if source else {}))
    return [StoredBill(_RECORD.validate_json(row["record"]), from_text(row["read_at"])) for row in rows]
