"""The SQL of `bill`, `roll_call` and `bill_proposal`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.shared.bill_record import BillRecord, RollCall, fill_gaps
from bot.shared.values import json_adapter
from bot.store.database import Reader, Transaction, from_text, one, save_row, update_rows

_RECORD: Final = json_adapter(BillRecord)
_ROLL_CALL: Final = json_adapter(RollCall)
ADDED: Final = "added"
NOT_OURS: Final = "not ours"
_MOST_PROPOSED: Final = 8  # bills of one family in a day: a feed may list the title under any number of bills


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
        previous = stored(tx, record.number.id, record.source)
        merged = fill_gaps(record, previous[0].record) if previous else record
        row = {
            "bill_id": record.number.id,
            "source": record.source,
            "name": f"{record.number.type}{record.number.number}",
            "title": merged.title,
            "record": _RECORD.dump_json(merged).decode(),
            "as_of": record.updated,
            "read_at": now,
        }
        save_row(tx, "bill", row, key="bill_id, source")


def save_roll_calls(tx: Transaction, roll_calls: Iterable[RollCall], now: datetime) -> None:
    """Save roll calls just read; a corrected one replaces its earlier reading."""
    for roll_call in roll_calls:
        row = {
            "id": roll_call.key,
            "bill_id": roll_call.bill,
            "voted_at": roll_call.at,
            "body": _ROLL_CALL.dump_json(roll_call).decode(),
            "read_at": now,
        }
        save_row(tx, "roll_call", row, keep=("bill_id",))


def roll_calls(db: Reader, bill_id: str) -> list[RollCall]:
    """The roll calls on a bill that were read, oldest first."""
    sql = "SELECT body FROM roll_call WHERE bill_id = :bill ORDER BY COALESCE(voted_at, ''), id"
    return [_ROLL_CALL.validate_json(row["body"]) for row in db.read(sql, {"bill": bill_id})]


def stored(db: Reader, bill_id: str, source: str | None = None) -> list[StoredBill]:
    """A bill's record from each source, or from one, the most recently updated first."""
    only = "AND source = :source" if source else ""
    sql = f"SELECT record, read_at FROM bill WHERE bill_id = :bill {only} ORDER BY COALESCE(as_of, '') DESC, source"
    rows = db.read(sql, {"bill": bill_id} | ({"source": source} if source else {}))
    return [StoredBill(_RECORD.validate_json(row["record"]), from_text(row["read_at"])) for row in rows]


def titles(db: Reader, name: str | None = None) -> dict[str, str]:
    """The titles of stored bills by id, optionally only those named `name` ("s567")."""
    where = "WHERE name = :name" if name else ""
    sql = f"SELECT bill_id, title FROM bill {where} ORDER BY bill_id, source DESC"
    return {row["bill_id"]: row["title"] for row in db.read(sql, {"name": name} if name else {})}


def propose(tx: Transaction, proposal: Proposal, now: datetime) -> bool:
    """Save a proposal; False if the bill was proposed before, or too many for its family within a day."""
    sql = f"""
        INSERT INTO bill_proposal (bill_id, family, title, proposed_at) SELECT :bill, :family, :title, :now
        WHERE (SELECT COUNT(*) FROM bill_proposal WHERE family = :family AND proposed_at > :since) < {_MOST_PROPOSED}
        ON CONFLICT (bill_id) DO NOTHING RETURNING bill_id
    """
    params = {"bill": proposal.bill, "family": proposal.family, "title": proposal.title, "now": now}
    return bool(tx.execute(sql, params | {"since": now - timedelta(days=1)}))


def proposal(db: Reader, bill_id: str) -> Proposal | None:
    sql = "SELECT * FROM bill_proposal WHERE bill_id = :bill"
    row = one(db.read(sql, {"bill": bill_id}))
    return Proposal(row["bill_id"], row["family"], row["title"], row["answer"]) if row else None


def save_answer(tx: Transaction, bill_id: str, chosen: str, *, by: str | None, now: datetime) -> None:
    update_rows(tx, "bill_proposal", {"answer": chosen, "answered_at": now, "answered_by": by}, bill_id=bill_id)
