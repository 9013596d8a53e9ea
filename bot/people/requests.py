"""Requests already handled: platforms deliver some twice, and signed ones can be replayed. The SQL of `inbox`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.store.database import Reader, Transaction, to_text

RETENTION: Final = timedelta(days=10)


def is_seen(db: Reader, coalition_id: str, key: str) -> bool:
    sql = "SELECT key FROM inbox WHERE coalition_id = :coalition AND key = :key"
    return bool(db.read(sql, {"coalition": coalition_id, "key": key}))


def release(tx: Transaction, coalition_id: str, key: str) -> None:
    """Forget that a request was taken: it was answered with a form, and nothing was done."""
    sql = "DELETE FROM inbox WHERE coalition_id = :coalition AND key = :key"
    tx.execute(sql, {"coalition": coalition_id, "key": key})


def take(tx: Transaction, coalition_id: str, key: str, now: datetime) -> bool:
    """Mark a request as handled. Return False if it was handled before."""
    sql = """
        INSERT INTO inbox (coalition_id, key, seen_at) VALUES (:coalition, :key, :now)
        ON CONFLICT (coalition_id, key) DO NOTHING
        RETURNING key
    """
    return bool(tx.execute(sql, {"coalition": coalition_id, "key": key, "now": to_text(now)}))
