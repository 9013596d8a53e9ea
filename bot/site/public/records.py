"""The SQL of what the campaign page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.store.database import Reader, Rows, Transaction, from_text, one, update_rows


class Kind(StrEnum):
    """What an administrator can show on the page."""

    ASK = "ask"
    BILL = "bill"
    LETTER = "letter"
    CLIP = "clip"
    SCORECARD = "scorecard"
    KIT = "kit"


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


_ITEMS: Final = Rows(PublicItem, "public_item")


def items(db: Reader) -> list[PublicItem]:
    """Return what is shown, the oldest first."""
    return _ITEMS.select(db, "WHERE hidden_at IS NULL ORDER BY shown_at, name")


def changed_at(db: Reader) -> datetime | None:
    """Return when anything was last shown, changed or hidden; None if nothing ever was."""
    sql = "SELECT MAX(CASE WHEN hidden_at > changed_at THEN hidden_at ELSE changed_at END) AS at FROM public_item"
    row = one(db.read(sql))
    return from_text(row["at"]) if row and row["at"] else None


def show(tx: Transaction, item: PublicItem, by: str) -> None:
    """Show an item from now on, as it is in `body`."""
    _ITEMS.save(tx, item, key="kind, name", shown_by=by, hidden_at=None)


def hide(tx: Transaction, kind: Kind, name: str, now: datetime) -> None:
    """Hide an item, if it is shown."""
    update_rows(tx, "public_item", {"hidden_at": now, "body": ""}, kind=kind, name=name, hidden_at=None)


def note_change(tx: Transaction, item: PublicItem, digest: str, now: datetime) -> None:
    """Record that the page now shows something else of this item."""
    shown = {"digest": digest, "changed_at": now}
    update_rows(tx, "public_item", shown, kind=item.kind, name=item.name, hidden_at=None)
