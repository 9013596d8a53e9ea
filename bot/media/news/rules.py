"""Corrections made in chat: look-alikes of an entity, and stories that must not come back. The SQL of both."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.media.news.entities import Rule, RuleKind
from bot.shared.entry import Entry
from bot.shared.urls import canonical_key
from bot.store.database import Reader, Transaction, to_text
from bot.store.rows import chunks, params, placeholders


@dataclass(frozen=True, slots=True)
class Held:
    """A stored rule with its id."""

    id: str
    rule: Rule
    by: str


def held(db: Reader, coalition_id: str) -> list[Held]:
    sql = "SELECT * FROM entity_rule WHERE coalition_id = :coalition ORDER BY written_at, id"
    rows = db.read(sql, {"coalition": coalition_id})
    return [Held(row["id"], Rule(row["entity"], RuleKind(row["kind"]), row["value"]), row["person_id"]) for row in rows]


def keep(tx: Transaction, coalition_id: str, id_: str, rule: Rule, *, by: str, now: datetime) -> None:
    tx.execute(
        """
        INSERT INTO entity_rule (id, coalition_id, entity, kind, value, person_id, written_at)
        VALUES (:id, :coalition, :entity, :kind, :value, :by, :now)
        ON CONFLICT (coalition_id, entity, kind, value) DO NOTHING
        """,
        {
            "id": id_,
            "coalition": coalition_id,
            "entity": rule.entity,
            "kind": rule.kind.value,
            "value": rule.value,
            "by": by,
            "now": to_text(now),
        },
    )


def drop(tx: Transaction, coalition_id: str, rule: Rule) -> None:
    sql = """
        DELETE FROM entity_rule
        WHERE coalition_id = :coalition AND entity = :entity AND kind = :kind AND value = :value
    """
    key = {"coalition": coalition_id, "entity": rule.entity, "kind": rule.kind.value, "value": rule.value}
    tx.execute(sql, key)


def hashes(coalition_id: str, entry: Entry) -> set[str]:
    """Return the hashes to store of a redacted entry: its address cannot be recovered from them."""
    keys = {*entry.identity, f"url:{canonical_key(entry.url)}"} if entry.url else {*entry.identity}
    return {hashlib.sha256(f"{coalition_id}\n{key}".encode()).hexdigest() for key in keys}


def redacted(db: Reader, coalition_id: str, wanted: Collection[str]) -> set[str]:
    """Return which of these hashes are barred."""
    return {
        row["hash"]
        for chunk in chunks(set(wanted))
        for row in db.read(
            f"SELECT hash FROM redaction WHERE coalition_id = :coalition AND hash IN ({placeholders(chunk)})",
            params(chunk) | {"coalition": coalition_id},
        )
    }


def redact(tx: Transaction, coalition_id: str, wanted: Iterable[str], *, by: str, now: datetime) -> None:
    tx.execute_many(
        """
        INSERT INTO redaction (coalition_id, hash, person_id, redacted_at) VALUES (:coalition, :hash, :by, :now)
        ON CONFLICT (coalition_id, hash) DO NOTHING
        """,
        [{"coalition": coalition_id, "hash": hash_, "by": by, "now": to_text(now)} for hash_ in sorted(wanted)],
    )
