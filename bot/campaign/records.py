"""What waits for one person: the SQL over entries and the work on them."""

from __future__ import annotations

from bot.store.database import Reader, Row


def assigned(db: Reader, coalition_id: str, person: str) -> list[Row]:
    """(id, title, url) of the entries that this person took on, the oldest first."""
    sql = """
        SELECT e.id, e.title, e.url FROM entry_work AS w JOIN entry AS e ON e.id = w.entry_id
        WHERE w.coalition_id = :coalition AND w.assigned_to = :person ORDER BY w.assigned_at, e.id
    """
    return db.read(sql, {"coalition": coalition_id, "person": person})
