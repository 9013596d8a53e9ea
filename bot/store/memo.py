"""Small values to remember across restarts, such as which commands were registered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store.database import Reader, Transaction, one, params, placeholders, save_row


def get_memos(db: Reader, names: Sequence[str]) -> dict[str, str]:
    """Return those of the values that are stored, by name."""
    sql = f"SELECT name, value FROM memo WHERE name IN ({placeholders(names)})"
    return {row["name"]: row["value"] for row in db.read(sql, params(names))}


def get_memo(db: Reader, name: str) -> str | None:
    sql = "SELECT value FROM memo WHERE name = :name"
    row = one(db.read(sql, {"name": name}))
    return str(row["value"]) if row else None


def set_memo(tx: Transaction, name: str, value: str) -> None:
    save_row(tx, "memo", {"name": name, "value": value}, key="name")


def next_number(tx: Transaction, name: str, used: int = 0) -> int:
    """Return a number that was never used, even by a deleted row. `used`: the highest known use."""
    number = max(int(get_memo(tx, name) or 0), used) + 1
    set_memo(tx, name, str(number))
    return number
