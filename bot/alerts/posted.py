"""The SQL of what was said where, and of the lines that wait for a digest.

This is the one place of the room that reads the outbox's rows, to know which entries they say; only the outbox writes
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.alerts.plan import DigestLine, Spoken
from bot.outbox.codec import from_json
from bot.outbox.messages import audience_of
from bot.outbox.model import DIRECT
from bot.shared.card import Card
from bot.store.database import Reader, Row, Transaction, from_text, to_text
from bot.store.in_lists import chunks, params, placeholders

# The same words as in the index `delivery_open`, or the index is not used.
_OPEN: Final = "d.state IN ('pending', 'sending', 'retry', 'ambiguous')"
# In the order of the joins: SQLite would begin with all alerts of the coalition, however few are asked for.
_SPOKEN: Final = """
    SELECT d.seq, d.id, d.key, d.channel, d.thread, d.state, d.attempts, d.due_at, d.kind, d.coalition_id,
           e.entry_id, e.stage, entry.thread AS entry_thread, entry.first_seen_at, entry.position
    FROM {}
    WHERE e.delivery_id = d.id AND entry.id = e.entry_id
"""
_BY_ENTRY: Final = _SPOKEN.format("entry CROSS JOIN delivery_entry AS e CROSS JOIN delivery AS d")
_BY_DELIVERY: Final = _SPOKEN.format("delivery AS d CROSS JOIN delivery_entry AS e CROSS JOIN entry")


def spoken(
    db: Reader, coalition_id: str, entries: Iterable[tuple[str, str]], now: datetime, *, kind: str
) -> list[Spoken]:
    """What deliveries of `kind` say of these entries ((id, thread) each) and their threads, oldest first.

    All that waits out quiet hours is there too.
    """
    pairs = set(entries)
    rows: dict[tuple[str, str, str], Row] = {}
    conditions = [
        (
            _BY_DELIVERY,
            f"{_OPEN} AND d.state = 'pending' AND d.attempts = 0 AND d.due_at > :now",
            {"now": to_text(now)},
        ),
        *(
            (_BY_ENTRY, f"entry.id IN ({placeholders(chunk)})", params(chunk))
            for chunk in chunks({entry_id for entry_id, _ in pairs})
        ),
        *(
            (_BY_ENTRY, f"entry.thread IN ({placeholders(chunk)})", params(chunk))
            for chunk in chunks({it for _, it in pairs})
        ),
    ]
    for select, condition, wanted in conditions:
        for row in db.read(f"{select} AND {condition}", wanted):
            if row["coalition_id"] == coalition_id and row["kind"] == kind:
                rows[row["id"], row["entry_id"], row["stage"]] = row
    return [_spoken(row, now) for row in sorted(rows.values(), key=_as_said)]


def deliveries_of(db: Reader, coalition_id: str, entry_id: str) -> list[Row]:
    """Every message to a channel that says an entry, oldest first, with the state of the newest change to it.

    What was said to one person alone is theirs.
    """
    sql = """
        SELECT d.id, d.key, d.channel, d.platform, d.kind, d.thread, d.state, d.due_at, d.sent_at, d.why, d.attempts,
               e.stage, (SELECT c.state FROM delivery AS c WHERE c.edits = d.id) AS change_state
        FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
        WHERE d.coalition_id = :coalition AND e.entry_id = :id AND d.key NOT LIKE :direct ORDER BY d.seq
    """
    return db.read(sql, {"coalition": coalition_id, "id": entry_id, "direct": f"{DIRECT}%"})


def all_of(db: Reader, coalition_id: str, entry_id: str) -> list[Row]:
    """Every message that says an entry, to channels and to single people, oldest first; how many entries it says."""
    sql = """
        SELECT d.id, d.seq, d.state,
               (SELECT COUNT(*) FROM delivery_entry AS o WHERE o.delivery_id = d.id) AS entries
        FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
        WHERE d.coalition_id = :coalition AND e.entry_id = :id ORDER BY d.seq
    """
    return db.read(sql, {"coalition": coalition_id, "id": entry_id})


def waiting_messages(db: Reader, coalition_id: str) -> dict[str, list[tuple[str, str]]]:
    """(entry id, stage) of what each delivery that waits is to say, by its id."""
    sql = f"""
        SELECT d.id, e.entry_id, e.stage FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
        WHERE d.coalition_id = :coalition AND {_OPEN} ORDER BY d.seq
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for row in db.read(sql, {"coalition": coalition_id}):
        found.setdefault(row["id"], []).append((row["entry_id"], row["stage"]))
    return found


def card_of(db: Reader, delivery_id: str) -> Card | None:
    """What a message showed when it was said; None for a card that another version wrote in another way."""
    try:
        return from_json(db.read("SELECT card FROM delivery WHERE id = :id", {"id": delivery_id})[0]["card"])
    except ValueError:
        return None


def stands(db: Reader, delivery_id: str) -> bool:
    """Whether a message was sent or still will be: it was neither given up nor dropped."""
    sql = "SELECT 1 FROM delivery WHERE id = :id AND state NOT IN ('dead', 'dropped')"
    return bool(db.read(sql, {"id": delivery_id}))


def cards_of_trouble(db: Reader, coalition_id: str) -> list[str]:
    """The ids of our own messages that quote the head of a message that failed."""
    sql = """
        SELECT id FROM delivery
        WHERE coalition_id = :coalition AND (key LIKE 'outbox:%' OR key LIKE 'stuck:%') ORDER BY seq
    """
    return [row["id"] for row in db.read(sql, {"coalition": coalition_id})]


def entries_of(db: Reader, coalition_id: str, delivery_id: str) -> list[str]:
    """The ids of the entries that a delivery of the coalition says."""
    sql = """
        SELECT e.entry_id FROM delivery_entry AS e JOIN delivery AS d ON d.id = e.delivery_id
        WHERE d.coalition_id = :coalition AND d.id = :id
    """
    return [row["entry_id"] for row in db.read(sql, {"coalition": coalition_id, "id": delivery_id})]


def _as_said(row: Row) -> tuple[int, str, int]:
    return row["seq"], row["first_seen_at"], row["position"]


def said_since(db: Reader, coalition_id: str, audience: str, since: datetime, *, kind: str) -> list[tuple[str, str]]:
    """(entry id, stage) of what messages of `kind` told a channel since `since`."""
    sql = """
        SELECT e.entry_id, e.stage FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
        WHERE d.coalition_id = :coalition AND d.kind = :kind AND d.created_at >= :since AND d.state <> 'dropped'
          AND d.key LIKE :audience
        ORDER BY d.seq
    """
    params = {"coalition": coalition_id, "kind": kind, "since": to_text(since), "audience": f"{audience}/%"}
    return [(row["entry_id"], row["stage"]) for row in db.read(sql, params)]


def said_at(db: Reader, coalition_id: str, kind: str) -> dict[str, datetime]:
    """When each channel was last given a message of `kind`, by the channel it was meant for."""
    sql = "SELECT key, created_at FROM delivery WHERE coalition_id = :coalition AND kind = :kind ORDER BY seq"
    rows = db.read(sql, {"coalition": coalition_id, "kind": kind})
    return {audience_of(row["key"]): from_text(row["created_at"]) for row in rows}


def insert_lines(tx: Transaction, coalition_id: str, lines: Iterable[DigestLine], now: datetime) -> None:
    """A line that waits for an entry's earlier stage gives way to that of the later one."""
    rows = [_line_row(coalition_id, line) | {"now": to_text(now)} for line in lines]
    tx.execute_many(
        """
        DELETE FROM digest_line
        WHERE coalition_id = :coalition AND channel = :channel AND entry_id = :id AND stage <> :stage
          AND delivery_id IS NULL
        """,
        rows,
    )
    tx.execute_many(
        """
        INSERT INTO digest_line (coalition_id, channel, entry_id, stage, created_at)
        VALUES (:coalition, :channel, :id, :stage, :now)
        ON CONFLICT (channel, entry_id, stage) DO NOTHING
        """,
        rows,
    )


def delete_lines(tx: Transaction, coalition_id: str, entries: Iterable[tuple[str, str]]) -> None:
    """(channel, entry id) each: it is alerted, so no digest need say it."""
    tx.execute_many(
        """
        DELETE FROM digest_line
        WHERE coalition_id = :coalition AND channel = :channel AND entry_id = :id AND delivery_id IS NULL
        """,
        [{"coalition": coalition_id, "channel": channel, "id": id_} for channel, id_ in entries],
    )


def waiting_lines(db: Reader, coalition_id: str, channel: str) -> list[tuple[str, str]]:
    """(entry id, stage) of what the channel's next digest will say, oldest first."""
    sql = """
        SELECT entry_id, stage FROM digest_line
        WHERE coalition_id = :coalition AND channel = :channel AND delivery_id IS NULL ORDER BY created_at, entry_id
    """
    rows = db.read(sql, {"coalition": coalition_id, "channel": channel})
    return [(row["entry_id"], row["stage"]) for row in rows]


def lines_of(db: Reader, coalition_id: str, entry_id: str) -> list[str]:
    """The channels in whose next digest an entry waits to be said."""
    sql = """
        SELECT DISTINCT channel FROM digest_line
        WHERE coalition_id = :coalition AND entry_id = :id AND delivery_id IS NULL ORDER BY channel
    """
    return [row["channel"] for row in db.read(sql, {"coalition": coalition_id, "id": entry_id})]


def take_lines(
    tx: Transaction, coalition_id: str, channel: str, lines: Iterable[tuple[str, str]], delivery_id: str
) -> None:
    tx.execute_many(
        """
        UPDATE digest_line SET delivery_id = :delivery
        WHERE coalition_id = :coalition AND channel = :channel AND entry_id = :id AND stage = :stage
        """,
        [_line_row(coalition_id, DigestLine(channel, *line)) | {"delivery": delivery_id} for line in lines],
    )


def _spoken(row: Row, now: datetime) -> Spoken:
    return Spoken(
        delivery=row["id"],
        audience=audience_of(row["key"]),
        channel=row["channel"],
        # What was dropped leaves no message to hang a reply on.
        thread=row["thread"] if row["state"] != "dropped" else None,
        entry_id=row["entry_id"],
        stage=row["stage"],
        entry_thread=row["entry_thread"],
        waits=row["state"] == "pending" and row["attempts"] == 0 and from_text(row["due_at"]) > now,
    )


def _line_row(coalition_id: str, line: DigestLine) -> dict[str, str]:
    return {"coalition": coalition_id, "channel": line.audience, "id": line.entry_id, "stage": line.stage}
