"""The SQL of `bill` and `bill_proposal`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from bot.sources.congress.bill_record import BillRecord, filled
from bot.store.database import Reader, Transaction, from_text, one, to_text

_RECORD: Final = TypeAdapter(BillRecord)
ADDED: Final = "added"
NOT_OURS: Final = "not ours"


@dataclass(frozen=True, slots=True)
class Kept:
    """A bill's record, and when it was last read. What its source left out at that time is as it said it before."""

    record: BillRecord
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """`answer`: ADDED, NOT_OURS, or None while nobody has said."""

    bill: str
    family: str
    title: str
    answer: str | None


def keep(tx: Transaction, read: Iterable[BillRecord], now: datetime) -> None:
    """Records as they were just read, in place of those that the same source gave before."""
    for record in read:
        before = _kept(tx, record.number.id, record.source)
        whole = filled(record, before[0].record) if before else record
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
                "title": whole.title,
                "record": _RECORD.dump_json(whole).decode(),
                "as_of": to_text(record.updated) if record.updated else None,
                "now": to_text(now),
            },
        )


def of(db: Reader, bill_id: str) -> list[Kept]:
    """What each source says of a bill, the one that was touched last first."""
    return _kept(db, bill_id)


def titles(db: Reader, name: str | None = None) -> dict[str, str]:
    """Bills whose record is kept, by id; those called `name` ("s3240") alone where it is given."""
    where = "WHERE name = :name" if name else ""
    sql = f"SELECT bill_id, title FROM bill {where} ORDER BY bill_id, source DESC"
    return {row["bill_id"]: row["title"] for row in db.read(sql, {"name": name} if name else {})}


def propose(tx: Transaction, coalition_id: str, proposal: Proposal, now: datetime) -> bool:
    """Write down that a bill is asked about; False where it was before."""
    fresh = tx.execute(
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
    return bool(fresh)


def proposal(db: Reader, coalition_id: str, bill_id: str) -> Proposal | None:
    sql = "SELECT * FROM bill_proposal WHERE coalition_id = :coalition AND bill_id = :bill"
    row = one(db.read(sql, {"coalition": coalition_id, "bill": bill_id}))
    return Proposal(row["bill_id"], row["family"], row["title"], row["answer"]) if row else None


def answer(tx: Transaction, coalition_id: str, bill_id: str, said: str, *, by: str | None, now: datetime) -> None:
    tx.execute(
        """
        UPDATE bill_proposal SET answer = :answer, answered_at = :now, answered_by = :by
        WHERE coalition_id = :coalition AND bill_id = :bill
        """,
        {"coalition": coalition_id, "bill": bill_id, "answer": said, "now": to_text(now), "by": by},
    )


def _kept(db: Reader, bill_id: str, source: str | None = None) -> list[Kept]:
    only = "AND source = :source" if source else ""
    sql = f"SELECT record, read_at FROM bill WHERE bill_id = :bill {only} ORDER BY COALESCE(as_of, '') DESC, source"
    rows = db.read(sql, {"bill": bill_id} | ({"source": source} if source else {}))
    return [Kept(_RECORD.validate_json(row["record"]), from_text(row["read_at"])) for row in rows]
