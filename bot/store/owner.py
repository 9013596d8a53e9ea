"""Whose store it is. Each coalition has its own, and no other opens it."""

from __future__ import annotations

from datetime import datetime

from bot.store.address import Address
from bot.store.database import Database, Reader, StoreUnusable, Transaction
from bot.store.rows import save_row


def open_own(store: Address, coalition_id: str) -> Database:
    """Open the coalition's store. Raises `StoreUnusable` as `Address.open`, and for the store of another coalition."""
    db = store.open()
    try:
        refuse_another(db, coalition_id, str(store))
    except BaseException:
        db.close()
        raise
    return db


def refuse_another(db: Reader, coalition_id: str, place: str) -> None:
    """Raise `StoreUnusable` if the store in `place` belongs to another coalition. An unused one belongs to none."""
    for row in db.read("SELECT id FROM coalition WHERE id <> :id", {"id": coalition_id}):
        raise StoreUnusable(
            f'{place} belongs to another coalition: "{row["id"]}". This one is "{coalition_id}", the id in '
            "coalition.yml. Use its own, or change the id back."
        )


def is_owner(db: Reader, coalition_id: str, name: str) -> bool:
    """Whether the store belongs to the coalition under this name."""
    return bool(db.read("SELECT 1 FROM coalition WHERE id = :id AND name = :name", {"id": coalition_id, "name": name}))


def take(tx: Transaction, coalition_id: str, name: str, now: datetime) -> None:
    """Write whose store it is. Raises `StoreUnusable` if it belongs to another coalition."""
    refuse_another(tx, coalition_id, "The database")
    save_row(tx, "coalition", {"id": coalition_id, "name": name, "created_at": now}, keep=("created_at",))
