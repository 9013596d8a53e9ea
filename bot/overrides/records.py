"""The SQL of `overlay`: active changes, recently removed sections, and drafts that wait for [Save]."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.overrides import history
from bot.overrides.overlay import BILL, SOURCE, WATCH, Change
from bot.store.database import Reader, Row, Transaction, from_text, one, to_text

_KEPT: Final = timedelta(days=7)  # how long drafts and removed sections are stored


@dataclass(frozen=True, slots=True)
class Draft:
    """A section that was shown and not saved. `name`: the id of the new watch or source."""

    name: str
    body: str


def changes(db: Reader, coalition_id: str) -> list[Change]:
    """All changes from chat: watches, sources and bills by name, then settings in the order they were changed."""
    sql = """
        SELECT * FROM overlay WHERE coalition_id = :coalition AND kind IN (:watch, :source, :bill) ORDER BY kind, name
    """
    rows = db.read(sql, {"coalition": coalition_id, "watch": WATCH, "source": SOURCE, "bill": BILL})
    return [*map(_change, rows), *history.overrides(db, coalition_id)]


def save_override(
    tx: Transaction, coalition_id: str, kind: str, name: str, body: str, *, by: str | None, now: datetime
) -> None:
    """Save a section's new body; a mute stays."""
    _write(tx, coalition_id, kind, name, body, by=by, now=now)


def mute(tx: Transaction, coalition_id: str, name: str, until: datetime, *, by: str | None, now: datetime) -> None:
    tx.execute(
        """
        INSERT INTO overlay (coalition_id, kind, name, body, muted_until, changed_at, changed_by)
        VALUES (:coalition, :kind, :name, NULL, :until, :now, :by)
        ON CONFLICT (coalition_id, kind, name) DO UPDATE SET
            muted_until = excluded.muted_until, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """,
        _row(coalition_id, WATCH, name, by, now) | {"until": to_text(until)},
    )


def unmute(tx: Transaction, coalition_id: str, name: str) -> None:
    key = {"coalition": coalition_id, "kind": WATCH, "name": name}
    where = "WHERE coalition_id = :coalition AND kind = :kind AND name = :name"
    tx.execute(f"DELETE FROM overlay {where} AND body IS NULL AND muted_until IS NOT NULL", key)
    tx.execute(f"UPDATE overlay SET muted_until = NULL {where} AND body IS NOT NULL", key)


def remove_override(tx: Transaction, coalition_id: str, kind: str, name: str, *, by: str | None, now: datetime) -> None:
    """Remove a watch or source. Its version from chat is stored for a week, for `restore_override`."""
    before = _find(tx, coalition_id, kind, name)
    _forget_old(tx, coalition_id, now)
    _write(tx, coalition_id, _out(kind), name, before["body"] if before else None, by=by, now=now)
    _delete(tx, coalition_id, kind, name)
    _write(tx, coalition_id, kind, name, None, by=by, now=now)


def restore_override(
    tx: Transaction, coalition_id: str, kind: str, name: str, *, by: str | None, now: datetime
) -> bool:
    """Undo `remove_override`: restore the version from chat, else the file's. False if there is nothing to undo."""
    active, removed = _find(tx, coalition_id, kind, name), _find(tx, coalition_id, _out(kind), name)
    if active is None or removed is None or not _change(active).takes_out:
        return False
    _delete(tx, coalition_id, _out(kind), name)
    if removed["body"] is None:
        _delete(tx, coalition_id, kind, name)
    else:
        _write(tx, coalition_id, kind, name, removed["body"], by=by, now=now)
    return True


def keep_draft(
    tx: Transaction, coalition_id: str, kind: str, id_: str, draft: Draft, *, by: str | None, now: datetime
) -> None:
    """Save a draft for a week; its id fits into any button."""
    _forget_old(tx, coalition_id, now)
    _write(tx, coalition_id, _draft(kind), id_, json.dumps(asdict(draft)), by=by, now=now)


def draft(db: Reader, coalition_id: str, kind: str, id_: str, *, by: str | None) -> Draft | None:
    """A draft by this person."""
    row = _find(db, coalition_id, _draft(kind), id_)
    return Draft(**json.loads(row["body"])) if row and row["changed_by"] == by else None


def drop_draft(tx: Transaction, coalition_id: str, kind: str, id_: str) -> None:
    _delete(tx, coalition_id, _draft(kind), id_)


def _out(kind: str) -> str:
    return f"{kind} removed"


def _draft(kind: str) -> str:
    return f"{kind} draft"


def _find(db: Reader, coalition_id: str, kind: str, name: str) -> Row | None:
    sql = "SELECT * FROM overlay WHERE coalition_id = :coalition AND kind = :kind AND name = :name"
    return one(db.read(sql, {"coalition": coalition_id, "kind": kind, "name": name}))


def _write(
    tx: Transaction, coalition_id: str, kind: str, name: str, body: str | None, *, by: str | None, now: datetime
) -> None:
    tx.execute(
        """
        INSERT INTO overlay (coalition_id, kind, name, body, changed_at, changed_by)
        VALUES (:coalition, :kind, :name, :body, :now, :by)
        ON CONFLICT (coalition_id, kind, name) DO UPDATE SET
            body = excluded.body, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """,
        _row(coalition_id, kind, name, by, now) | {"body": body},
    )


def _delete(tx: Transaction, coalition_id: str, kind: str, name: str) -> None:
    sql = "DELETE FROM overlay WHERE coalition_id = :coalition AND kind = :kind AND name = :name"
    tx.execute(sql, {"coalition": coalition_id, "kind": kind, "name": name})


def _forget_old(tx: Transaction, coalition_id: str, now: datetime) -> None:
    kinds = {
        f"kind{n}": kind
        for n, kind in enumerate((_draft(WATCH), _draft(SOURCE), _out(WATCH), _out(SOURCE), _out(BILL)))
    }
    named = ", ".join(f":{name}" for name in kinds)
    sql = f"DELETE FROM overlay WHERE coalition_id = :coalition AND kind IN ({named}) AND changed_at < :before"
    tx.execute(sql, {"coalition": coalition_id, "before": to_text(now - _KEPT)} | kinds)


def _row(coalition_id: str, kind: str, name: str, by: str | None, now: datetime) -> dict[str, str | None]:
    return {"coalition": coalition_id, "kind": kind, "name": name, "now": to_text(now), "by": by}


def _change(row: Row) -> Change:
    until = row["muted_until"]
    return Change(kind=row["kind"], name=row["name"], body=row["body"], muted_until=from_text(until) if until else None)
