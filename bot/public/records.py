"""The SQL of what the campaign page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.store.database import Reader, Transaction, from_text, one, to_text
from bot.store.rows import Rows


class Kind(StrEnum):
    """What an administrator can show on the page."""

    ASK = "ask"
    BILL = "bill"
    LETTER = "letter"
    CLIP = "clip"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicItem:
    """One item that everyone may see. `name`, `body` and `digest` as in the table.

    `changed_at`: when what the page shows of it last changed.
    """

    kind: Kind
    name: str
    body: str
    digest: str
    shown_at: datetime
    changed_at: datetime


_ITEMS: Final = Rows(PublicItem)


def items(db: Reader, coalition_id: str) -> list[PublicItem]:
    """Return what is shown, the oldest first."""
    sql = "SELECT * FROM public_item WHERE coalition_id = :coalition AND hidden_at IS NULL ORDER BY shown_at, name"
    return _ITEMS.all(db, sql, {"coalition": coalition_id})


def changed_at(db: Reader, coalition_id: str) -> datetime | None:
    """Return when anything was last shown, changed or hidden; None if nothing ever was."""
    sql = """
        SELECT MAX(CASE WHEN hidden_at > changed_at THEN hidden_at ELSE changed_at END) AS at FROM public_item
        WHERE coalition_id = :coalition
    """
    row = one(db.read(sql, {"coalition": coalition_id}))
    return from_text(row["at"]) if row and row["at"] else None


def show(tx: Transaction, coalition_id: str, item: PublicItem, by: str) -> None:
    """Show an item from now on, as it is in `body`."""
    sql = """
        INSERT INTO public_item (coalition_id, kind, name, body, digest, shown_at, shown_by, changed_at)
        VALUES (:coalition, :kind, :name, :body, :digest, :shown_at, :by, :changed_at)
        ON CONFLICT (coalition_id, kind, name) DO UPDATE SET
            body = excluded.body, digest = excluded.digest, shown_at = excluded.shown_at, shown_by = excluded.shown_by,
            changed_at = excluded.changed_at, hidden_at = NULL
    """
    tx.execute(sql, _ITEMS.params(item, coalition=coalition_id, by=by))


def hide(tx: Transaction, coalition_id: str, kind: Kind, name: str, now: datetime) -> None:
    """Hide an item, if it is shown."""
    sql = """
        UPDATE public_item SET hidden_at = :now, body = ''
        WHERE coalition_id = :coalition AND kind = :kind AND name = :name AND hidden_at IS NULL
    """
    params = {"coalition": coalition_id, "kind": kind.value, "name": name, "now": to_text(now)}
    tx.execute(sql, params)


def note_change(tx: Transaction, coalition_id: str, item: PublicItem, digest: str, now: datetime) -> None:
    """Record that the page now shows something else of this item."""
    sql = """
        UPDATE public_item SET digest = :digest, changed_at = :now
        WHERE coalition_id = :coalition AND kind = :kind AND name = :name AND hidden_at IS NULL
    """
    names = {"coalition": coalition_id, "kind": item.kind.value, "name": item.name}
    tx.execute(sql, names | {"digest": digest, "now": to_text(now)})
