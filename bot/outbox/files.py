"""The files that go with a delivery. The SQL of `delivery_file`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from bot.commands.model import File
from bot.outbox.model import OPEN, State
from bot.store import file_search
from bot.store.database import Reader, Transaction, to_text
from bot.store.file_search import ScanResult
from bot.store.names import Names
from bot.store.rows import insert_rows

_STATES: Final = ", ".join(f"'{state}'" for state in OPEN)


@dataclass(frozen=True, slots=True)
class StrippedDelivery:
    """A waiting delivery whose files were deleted. `unsent`: none of it was posted yet."""

    id: str
    key: str
    unsent: bool


def put(tx: Transaction, delivery_id: str, files: Iterable[File]) -> None:
    rows = (asdict(file) | {"delivery_id": delivery_id, "position": n} for n, file in enumerate(files))
    insert_rows(tx, "delivery_file", rows)


def load(db: Reader, delivery_id: str) -> tuple[File, ...]:
    sql = "SELECT name, media_type, data, alt FROM delivery_file WHERE delivery_id = :id ORDER BY position"
    rows = db.read(sql, {"id": delivery_id})
    return tuple(File(row["name"], row["media_type"], bytes(row["data"]), row["alt"]) for row in rows)


def delete(tx: Transaction, delivery_id: str) -> None:
    """Delete a delivery's files: the platform has them now."""
    tx.execute("DELETE FROM delivery_file WHERE delivery_id = :id", {"id": delivery_id})


def pending_bytes(db: Reader) -> int:
    """Return the size of all files that are still to be delivered, in bytes."""
    sql = f"""
        SELECT COALESCE(SUM(LENGTH(data)), 0) AS size FROM delivery_file WHERE delivery_id IN (
            SELECT id FROM delivery WHERE state IN ({_STATES}))
    """
    return int(db.read(sql)[0]["size"])


def strip(tx: Transaction, names: Names, now: datetime) -> Sequence[StrippedDelivery]:
    """Delete files that contain the names. Return the waiting deliveries that had one.

    A PDF cannot be searched, so it is deleted too unless the files with it were searched and clean.
    """
    tx.execute(f"""
        DELETE FROM delivery_file WHERE delivery_id IN (SELECT id FROM delivery WHERE state NOT IN ({_STATES}))
    """)
    sql = f"""
        SELECT id, key, state, ref FROM delivery WHERE state IN ({_STATES})
          AND EXISTS (SELECT 1 FROM delivery_file WHERE delivery_id = delivery.id) ORDER BY seq
    """
    stripped = []
    for row in tx.read(sql):
        if (
            file_search.combine(file_search.scan_bytes(file.data, names) for file in load(tx, row["id"]))
            is ScanResult.CLEAN
        ):
            continue
        delete(tx, row["id"])
        if row["ref"] is not None:  # the message was posted, and no file follows
            sql = "UPDATE delivery SET state = 'sent', sent_at = COALESCE(sent_at, :now), lease = NULL WHERE id = :id"
            tx.execute(sql, {"id": row["id"], "now": to_text(now)})
        unsent = row["ref"] is None and row["state"] in (State.PENDING, State.RETRY)
        stripped.append(StrippedDelivery(row["id"], row["key"], unsent))
    return stripped


def retire(tx: Transaction, delivery_id: str, why: str) -> None:
    """Drop a delivery for good and free its key, so that it can be enqueued again."""
    sql = "UPDATE delivery SET state = 'dropped', key = key || ':' || id, why = :why WHERE id = :id"
    tx.execute(sql, {"id": delivery_id, "why": why})
