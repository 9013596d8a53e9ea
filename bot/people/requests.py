"""Requests already handled: platforms deliver some twice, and a signed one can be sent again. The SQL of `inbox`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.store.database import Reader, Transaction, to_text

RETENTION: Final = timedelta(days=10)


def is_seen(db: Reader, coalition_id: str, key: str) -> bool:
    sql = "SELECT key FROM inbox WHERE coalition_id = :coalition AND key = :key"
    return bool(db.read(sql, {"coalition": coalition_id, "key": key}))


def release(tx: Transaction, coalition_id: str, key: str) -> None:
    """As if the request had not been taken: it was answered by a question, and nothing was done."""
    sql = "DELETE FROM inbox WHERE coalition_id = :coalition AND key = :key"
    tx.execute(sql, {"coalition": coalition_id, "key": key})


def take(tx: Transaction, coalition_id: str, key: str, now: datetime) -> bool:
    """Take a request for handling; False when it was taken before."""
    sql = """
        INSERT INTO inbox (coalition_id, key, seen_at) VALUES (:coalition, :key, :now)
        ON CONFLICT (coalition_id, key) DO NOTHING
        RETURNING key
    """
    return bool(tx.execute(sql, {"coalition": coalition_id, "key": key, "now": to_text(now)}))
