"""SQL for the state of each source after its last answer. Runs on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.shared.answer import Health, Memory
from bot.shared.values import json_adapter
from bot.store.database import Reader, Row, Rows, Transaction, from_text, one, update_rows

_GOOD: Final = ", ".join(f"'{health.value}'" for health in Health if health.good)
_COUNT: Final = """
    INSERT INTO source_day (day, source_id, checks, failures, new_entries) {}
    ON CONFLICT (day, source_id) DO UPDATE SET
        checks = source_day.checks + excluded.checks, failures = source_day.failures + excluded.failures,
        new_entries = source_day.new_entries + excluded.new_entries
"""
_KEPT: Final = json_adapter(dict[str, Any])
_OVERDUE: Final = timedelta(hours=1)  # a check takes minutes, also if many others are before it
SHOWN: Final = timedelta(days=31)  # of each source's days: thirty, and the one that another time zone has begun


@dataclass(frozen=True, slots=True)
class SourceDay:
    """A source's day: how many checks there were, how many of them found a problem, and what they brought."""

    day: date
    source_id: str
    checks: int
    failures: int
    new_entries: int


_DAYS: Final = Rows(SourceDay, "source_day")


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


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    """Whether nobody has checked a source since it was due: what watches does not run, though this process does."""
    return due_at is not None and now - due_at > _OVERDUE


def memory_to_json(memory: Memory) -> str:
    """The parts of a memory that have no column: what its adapter keeps."""
    return _KEPT.dump_json({"validators": memory.validators, "cursor": memory.cursor}).decode()


def _memory(row: Row) -> Memory:
    stored, times = _KEPT.validate_json(row["memory"]), (from_text(row[name]) for name in _TIMES)
    return Memory(stored["validators"], stored["cursor"], *times)


_TIMES: Final = ("first_success_at", "last_success_at", "last_change_at")  # of a memory, in columns of their own
_STATES: Final = Rows(
    SourceState,
    "source",
    {"detail": "health_detail", "since": "health_since", "reported": "health_told"},
    memory=_memory,
)


def source_state(db: Reader, source: str) -> SourceState | None:
    """The source's state; None if it was never checked."""
    return _STATES.get(db, id=source)


def source_states(db: Reader) -> dict[str, SourceState]:
    return {state.id: state for state in _STATES.select(db, "ORDER BY id")}


def unsettled(db: Reader) -> dict[str, str | None]:
    """The sources of which a good answer changes more than times, each with the trouble that was reported of it."""
    sql = f"""
        SELECT id, health_told FROM source
        WHERE health NOT IN ({_GOOD}) OR health_told IS NOT NULL OR first_success_at IS NULL
    """
    return {row["id"]: row["health_told"] for row in db.read(sql)}


def days_since(db: Reader, first: date) -> list[SourceDay]:
    """Each source's days from `first` on, oldest first; none for a day without a check."""
    return _DAYS.select(db, "WHERE day >= :first ORDER BY day", first=first)


def new_on(db: Reader, source: str, day: date) -> int:
    """How many new entries a source brought on that day."""
    sql = "SELECT new_entries FROM source_day WHERE day = :day AND source_id = :source"
    row = one(db.read(sql, {"day": day, "source": source}))
    return int(row["new_entries"]) if row else 0


def count_check(tx: Transaction, source: str, day: date, *, failed: bool, new: int) -> None:
    """Count a check on its day. `new`: entries that it brought, none for a source's first."""
    counted = {"id": source, "day": day, "failed": int(failed), "new": new}
    tx.execute(_COUNT.format("VALUES (:day, :id, 1, :failed, :new)"), counted)


def checked_at(state: SourceState | None) -> datetime | None:
    return state.checked_at if state else None


def reported(db: Reader) -> set[str]:
    """What was reported of sources to the admin channel, and is not over."""
    rows = db.read("SELECT DISTINCT health_told FROM source WHERE health_told IS NOT NULL")
    return {row["health_told"] for row in rows}


def outage_since(db: Reader) -> datetime | None:
    """Start of the outage that was reported to the admin channel; None if there is none."""
    sql = "SELECT MIN(health_since) AS since FROM source WHERE health_told = 'outage'"
    return from_text(db.read(sql)[0]["since"])


def report_as(tx: Transaction, reported: str, now_as: str | None) -> None:
    """What was reported of sources as one trouble counts as another; None: as nothing."""
    update_rows(tx, "source", {"health_told": now_as}, health_told=reported)


def ask_now(tx: Transaction, sources: Sequence[str], now: datetime) -> None:
    """Make these sources due, whatever their rhythm and hours."""
    tx.execute_many(
        "UPDATE source SET due_at = :now WHERE id = :id AND due_at > :now",
        [{"id": id_, "now": now} for id_ in sources],
    )


def save_source(tx: Transaction, state: SourceState) -> None:
    memory = state.memory
    times = {name: getattr(memory, name) for name in _TIMES}
    _STATES.save(tx, state, memory=memory_to_json(memory), **times)


def save_unchanged(
    tx: Transaction, answers: Iterable[tuple[SourceState, Memory, datetime]], now: datetime, today: date
) -> None:
    """Save that nothing changed: (state before, memory after, when it is due) tuples, of none that is `unsettled`.

    One that was checked since then is left as it is. Each check is counted on the day `today`.
    """
    tx.execute_many(
        """
        UPDATE source SET
            memory = COALESCE(:memory, memory), health = 'unchanged', health_detail = '', checked_at = :now,
            last_success_at = :now, due_at = :due_at
        WHERE id = :id AND checked_at = :since
        """,
        [
            {
                "id": before.id,
                "since": before.checked_at,
                "memory": _json_if_other(memory, before.memory),
                "now": now,
                "due_at": due,
            }
            for before, memory, due in answers
        ],
    )
    saved = "SELECT :day, id, 1, 0, 0 FROM source WHERE checked_at = :now AND health = 'unchanged'"
    tx.execute(_COUNT.format(saved), {"day": today, "now": now})


def _json_if_other(memory: Memory, before: Memory) -> str | None:
    """What an adapter keeps, as JSON; None if it is what it kept before."""
    same = memory.validators == before.validators and memory.cursor == before.cursor
    return None if same else memory_to_json(memory)
