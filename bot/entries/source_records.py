"""SQL for the state of each source after its last answer. Runs on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.entries.codec import memory_from_json, memory_to_json
from bot.sources.model import Health, Memory
from bot.store.database import Params, Reader, Row, Transaction, from_text, one, to_text

_SAVE: Final = """
    INSERT INTO source (id, memory, health, health_detail, health_since, health_told, checked_at,
                        first_success_at, last_success_at, last_change_at, failures, due_at)
    VALUES (:id, :memory, :health, :detail, :since, :told, :checked_at, :first, :last, :change, :failures, :due_at)
    ON CONFLICT (id) DO UPDATE SET
        memory = excluded.memory, health = excluded.health, health_detail = excluded.health_detail,
        health_since = excluded.health_since, health_told = excluded.health_told,
        checked_at = excluded.checked_at, first_success_at = excluded.first_success_at,
        last_success_at = excluded.last_success_at, last_change_at = excluded.last_change_at,
        failures = excluded.failures, due_at = excluded.due_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source's state after its last answer.

    `failures` counts consecutive bad answers. `reported` is the trouble that was reported to the admin channel, until
    its end is reported.
    """

    id: str
    memory: Memory
    health: Health
    detail: str
    since: datetime
    reported: str | None
    checked_at: datetime
    failures: int
    due_at: datetime


def source_state(db: Reader, source: str) -> SourceState | None:
    """The source's state; None if it was never checked."""
    row = one(db.read("SELECT * FROM source WHERE id = :id", {"id": source}))
    return _state(row) if row else None


def source_states(db: Reader) -> dict[str, SourceState]:
    return {row["id"]: _state(row) for row in db.read("SELECT * FROM source ORDER BY id")}


def source_states_in_brief(db: Reader) -> dict[str, SourceState]:
    """As `source_states`, with only the times of each memory: what adapters keep in it takes longer to read."""
    sql = """
        SELECT id, health, health_detail, health_since, health_told, checked_at, failures, due_at,
               first_success_at, last_success_at, last_change_at
        FROM source ORDER BY id
    """
    return {row["id"]: _state(row, _times(row)) for row in db.read(sql)}


def outage_since(db: Reader) -> datetime | None:
    """Start of the outage that was reported to the admin channel; None if there is none."""
    row = one(db.read("SELECT MIN(health_since) AS since FROM source WHERE health_told = 'outage'"))
    return from_text(row["since"]) if row else None


def end_outage(tx: Transaction) -> None:
    tx.execute("UPDATE source SET health_told = NULL WHERE health_told = 'outage'")


def ask_now(tx: Transaction, sources: Sequence[str], now: datetime) -> None:
    """Make these sources due, whatever their rhythm and hours."""
    tx.execute_many(
        "UPDATE source SET due_at = :now WHERE id = :id AND due_at > :now",
        [{"id": id_, "now": to_text(now)} for id_ in sources],
    )


def save_source(tx: Transaction, state: SourceState) -> None:
    tx.execute(_SAVE, _params(state))


def save_sources(tx: Transaction, states: Sequence[SourceState]) -> None:
    tx.execute_many(_SAVE, map(_params, states))


def _params(state: SourceState) -> Params:
    return {
        "id": state.id,
        "memory": memory_to_json(state.memory),
        "health": state.health.value,
        "detail": state.detail,
        "since": to_text(state.since),
        "told": state.reported,
        "checked_at": to_text(state.checked_at),
        "first": to_text(state.memory.first_success_at),
        "last": to_text(state.memory.last_success_at),
        "change": to_text(state.memory.last_change_at),
        "failures": state.failures,
        "due_at": to_text(state.due_at),
    }


def _times(row: Row) -> Memory:
    return Memory(
        first_success_at=from_text(row["first_success_at"]),
        last_success_at=from_text(row["last_success_at"]),
        last_change_at=from_text(row["last_change_at"]),
    )


def _state(row: Row, memory: Memory | None = None) -> SourceState:
    return SourceState(
        id=row["id"],
        memory=memory or memory_from_json(row["memory"]),
        health=Health(row["health"]),
        detail=row["health_detail"],
        since=from_text(row["health_since"]),
        reported=row["health_told"],
        checked_at=from_text(row["checked_at"]),
        failures=row["failures"],
        due_at=from_text(row["due_at"]),
    )
