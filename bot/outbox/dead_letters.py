"""List, retry, discard and count queued messages, for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Final

from bot.commands.model import Context, Reference
from bot.outbox import mail_limit
from bot.outbox.model import OPEN, UNREADABLE, State, readable_card
from bot.outbox.records import EMPTIED, EMPTY, IS_OPEN, RANK
from bot.shared.journey import shell_command
from bot.shared.wording import number
from bot.store.database import Reader, Transaction, from_text, one, to_text
from bot.store.rows import Rows

UNSENT = (*OPEN, State.DEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMessage:
    """A delivery as people see it."""

    id: str
    channel: str
    platform: str
    key: str
    kind: str
    head: str
    state: State
    attempts: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    why: str | None


def head_of(card: str) -> str:
    """Return the first line of a stored card."""
    if card == EMPTIED:
        return "(an email whose text is no longer stored)"
    return (readable_card(card) or UNREADABLE).head


_QUEUED: Final = Rows(QueuedMessage, head=lambda row: head_of(row["card"]))


def list_messages(db: Reader, *, states: Iterable[State] = UNSENT, limit: int = 100) -> list[QueuedMessage]:
    """Return deliveries in these states, oldest first."""
    wanted = {f"state_{n}": state.value for n, state in enumerate(states)}
    names = ", ".join(f":{name}" for name in wanted)
    sql = f"SELECT * FROM delivery WHERE state IN ({names}) ORDER BY seq LIMIT :limit"
    return _QUEUED.all(db, sql, {"limit": limit} | wanted)


def references(ctx: Context, kind: str, name: str) -> list[Reference]:
    """The messages that wait for a channel, which would never be posted without it."""
    if kind != "channel":
        return []
    states = ", ".join(f"'{state.value}'" for state in OPEN)
    sql = f"SELECT COUNT(*) AS n FROM delivery WHERE channel = :name AND state IN ({states})"
    count = int(ctx.tx.read(sql, {"name": name})[0]["n"])
    wait = f"{number(count, 'message waits', 'messages wait')} to be posted there"
    return [Reference(f"{wait}; “{shell_command('outbox list')}” shows them.", forbids=True)] if count else []


def counts(db: Reader) -> dict[State, int]:
    sql = "SELECT state, COUNT(*) AS n FROM delivery GROUP BY state"
    return {State(row["state"]): row["n"] for row in db.read(sql)}


def oldest_by_platform(db: Reader, *, mail_per_hour: int, now: datetime) -> dict[str, datetime]:
    """Return since when the oldest overdue delivery of each platform is due; nothing for the others.

    An email that waits for the limit of an hour is due when the limit lets it be sent.
    """
    rows = db.read(
        f"""
        SELECT platform, CASE WHEN {mail_limit.MAILED} AND first_attempt_at IS NULL THEN {RANK} END AS limited,
          MIN(CASE WHEN first_attempt_at < due_at THEN first_attempt_at ELSE due_at END) AS at
        FROM delivery WHERE {IS_OPEN} AND (due_at <= :now OR first_attempt_at IS NOT NULL)
        GROUP BY platform, limited
        """,
        {"now": to_text(now)},
    )
    limit = partial(mail_limit.room_at, db, per_hour=mail_per_hour, now=now)
    since = [(row["platform"], from_text(row["at"]), row["limited"]) for row in rows]
    late = [(name, at if rank is None else max(at, limit(rank) or at)) for name, at, rank in since]
    return {name: at for name, at in sorted(late, key=itemgetter(1), reverse=True) if at <= now}


def retry(tx: Transaction, delivery_id: str, *, now: datetime) -> str | None:
    """Retry a delivery now. Return its channel; None if none with that id and a content is waiting, dead or dropped.

    If an earlier attempt ended in doubt, the platform's history is searched first.
    """
    row = one(
        tx.execute(
            """
        UPDATE delivery SET
            state = CASE WHEN attempted_at IS NULL THEN 'retry' ELSE 'ambiguous' END,
            due_at = :now, attempts = 0, first_attempt_at = NULL, told_at = NULL
        WHERE id = :id AND state IN ('pending', 'retry', 'ambiguous', 'dead', 'dropped') AND card <> :emptied
        RETURNING channel
        """,
            {"id": delivery_id, "now": to_text(now), "emptied": EMPTIED},
        )
    )
    return row["channel"] if row else None


def drop(tx: Transaction, delivery_id: str, *, why: str) -> bool:
    """Discard a delivery. Return False if none with that id is waiting or dead."""
    return bool(
        tx.execute(
            f"""
        UPDATE delivery SET state = 'dropped', why = :why, {EMPTY}
        WHERE id = :id AND state IN ('pending', 'retry', 'ambiguous', 'dead')
        RETURNING id
        """,
            {"id": delivery_id, "why": why},
        )
    )
