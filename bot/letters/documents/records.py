"""The SQL of letters to many: the copies that are being made of a letter for one person."""

from __future__ import annotations

from typing import Final

from bot.letters.lifecycle import Merge
from bot.store.database import Reader, Transaction
from bot.store.rows import Rows

_MERGES: Final = Rows(
    Merge, {"letter": "letter_id", "person": "person_id", "delivery": "delivery_id", "at": "asked_at"}
)


def begin_merge(tx: Transaction, merge: Merge) -> bool:
    """Queue a mail merge; False if this person already has one running for this letter."""
    sql = """
        INSERT INTO letter_merge (id, letter_id, version, person_id, delivery_id, made, asked_at)
        VALUES (:id, :letter, :version, :person, :delivery, 0, :at)
        ON CONFLICT (letter_id, person_id) DO NOTHING RETURNING id
    """
    return bool(tx.execute(sql, _MERGES.params(merge)))


def next_merge(db: Reader) -> Merge | None:
    """The oldest queued mail merge."""
    sql = "SELECT * FROM letter_merge ORDER BY asked_at, id LIMIT 1"
    return _MERGES.first(db, sql)


def update_merge(tx: Transaction, id_: str, made: int) -> None:
    sql = "UPDATE letter_merge SET made = :made WHERE id = :id"
    tx.execute(sql, {"id": id_, "made": made})


def delete_merge(tx: Transaction, id_: str) -> None:
    sql = "DELETE FROM letter_merge WHERE id = :id"
    tx.execute(sql, {"id": id_})
