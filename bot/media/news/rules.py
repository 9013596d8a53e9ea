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


def held(db: Reader) -> list[Held]:
    sql = "SELECT * FROM entity_rule ORDER BY written_at, id"
    rows = db.read(sql)
    return [Held(row["id"], Rule(row["entity"], RuleKind(row["kind"]), row["value"]), row["person_id"]) for row in rows]


def keep(tx: Transaction, id_: str, rule: Rule, *, by: str, now: datetime) -> None:
    tx.execute(
        """
        INSERT INTO entity_rule (id, entity, kind, value, person_id, written_at)
        VALUES (:id, :entity, :kind, :value, :by, :now) ON CONFLICT (entity, kind, value) DO NOTHING
        """,
        {"id": id_, "entity": rule.entity, "kind": rule.kind.value, "value": rule.value, "by": by, "now": to_text(now)},
    )


def drop(tx: Transaction, rule: Rule) -> None:
    sql = "DELETE FROM entity_rule WHERE entity = :entity AND kind = :kind AND value = :value"
    tx.execute(sql, {"entity": rule.entity, "kind": rule.kind.value, "value": rule.value})


def hashes(coalition_id: str, entry: Entry) -> set[str]:
    """Return the hashes to store of a redacted entry: its address cannot be recovered from them."""
    keys = {*entry.identity, f"url:{canonical_key(entry.url)}"} if entry.url else {*entry.identity}
    return {hashlib.sha256(f"{coalition_id}\n{key}".encode()).hexdigest() for key in keys}


def redacted(db: Reader, wanted: Collection[str]) -> set[str]:
    """Return which of these hashes are barred."""
    return {
        row["hash"]
        for chunk in chunks(set(wanted))
        for row in db.read(f"SELECT hash FROM redaction WHERE hash IN ({placeholders(chunk)})", params(chunk))
    }


def redact(tx: Transaction, wanted: Iterable[str], *, by: str, now: datetime) -> None:
    tx.execute_many(
        "INSERT INTO redaction (hash, person_id, redacted_at) VALUES (:hash, :by, :now) ON CONFLICT (hash) DO NOTHING",
        [{"hash": hash_, "by": by, "now": to_text(now)} for hash_ in sorted(wanted)],
    )
