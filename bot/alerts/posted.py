"""SQL: which entries were posted where, and the lines queued for a digest.

The only module outside the outbox that reads the outbox's tables; only the outbox writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from operator import itemgetter
from typing import Final

from bot.alerts.plan import DigestLine, PostedEntry
from bot.outbox.messages import audience_of
from bot.outbox.model import BY_MAIL, DIRECT, mark_of, readable_card
from bot.shared.card import Card
from bot.shared.plain_text import EASTERN
from bot.store.database import Reader, Row, Transaction, chunks, from_text, insert_rows, one, select_in, to_text

# Must equal the condition of the index `delivery_open`, or the index is not used.
_OPEN: Final = "d.state IN ('pending', 'sending', 'retry', 'ambiguous')"
_LITERALLY: Final = str.maketrans({sign: f"!{sign}" for sign in "!%_"})  # in a LIKE with ESCAPE '!'
# CROSS JOIN fixes the join order: SQLite would start with all alerts.
_POSTED: Final = """
    SELECT d.seq, d.id, d.key, d.channel, d.thread, d.state, d.attempts, d.due_at, d.kind,
           e.entry_id, e.stage, entry.thread AS entry_thread, entry.first_seen_at, entry.position
    FROM {}
    WHERE e.delivery_id = d.id AND entry.id = e.entry_id
"""
_BY_ENTRY: Final = _POSTED.format("entry CROSS JOIN delivery_entry AS e CROSS JOIN delivery AS d")
_BY_DELIVERY: Final = _POSTED.format("delivery AS d CROSS JOIN delivery_entry AS e CROSS JOIN entry")


def posted_entries(
    db: Reader, entries: Iterable[tuple[str, str]], now: datetime, *kinds: str
) -> list[list[PostedEntry]]:
    """Of each kind, the deliveries about these entries ((id, thread) each) or their threads, oldest first.

    Includes every delivery that waits for the end of quiet hours.
    """
    pairs = set(entries)
    read = chain(
        # `tests/unit/alerts/test_posted.py` checks that this uses the index `delivery_waiting`.
        db.read(
            f"{_BY_DELIVERY} AND d.state = 'pending' AND d.attempts = 0 AND d.due_at > :now", {"now": to_text(now)}
        ),
        select_in(db, f"{_BY_ENTRY} AND entry.id IN ({{}})", {id_ for id_, _ in pairs}),
        select_in(db, f"{_BY_ENTRY} AND entry.thread IN ({{}})", {thread for _, thread in pairs}),
    )
    rows = {(row["id"], row["entry_id"], row["stage"]): row for row in read}
    in_order = sorted(rows.values(), key=itemgetter("seq", "first_seen_at", "position"))
    return [[_posted_entry(row, now) for row in in_order if row["kind"] == kind] for kind in kinds]


def _posted_entry(row: Row, now: datetime) -> PostedEntry:
    return PostedEntry(
        delivery=row["id"],
        audience=audience_of(row["key"]),
        channel=row["channel"],
        # A discarded delivery leaves no message to reply to.
        thread=row["thread"] if row["state"] != "dropped" else None,
        entry_id=row["entry_id"],
        stage=row["stage"],
        entry_thread=row["entry_thread"],
        waits=row["state"] == "pending" and row["attempts"] == 0 and from_text(row["due_at"]) > now,
    )


def delays(db: Reader, since: datetime, until: datetime) -> dict[str, list[timedelta]]:
    """By source, how long after its publication each entry was first posted at once, in a channel, in that period.

    Only of entries whose source gives an hour: midnight or noon stands for a day alone.
    """
    sql = """
        SELECT entry.source_id, entry.published_at, MIN(d.sent_at) AS sent_at
        FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id JOIN entry ON entry.id = e.entry_id
        WHERE d.kind IN ('alert', 'story') AND d.sent_at BETWEEN :since AND :until AND entry.published_at IS NOT NULL
        GROUP BY entry.id, entry.source_id, entry.published_at
    """
    by_source: dict[str, list[timedelta]] = {}
    for row in db.read(sql, {"since": to_text(since), "until": to_text(until)}):
        published, sent = from_text(row["published_at"]), from_text(row["sent_at"])
        day_alone = any(published.astimezone(zone).time() in (time(0), time(12)) for zone in (UTC, EASTERN))
        if not day_alone and published <= sent:
            by_source.setdefault(row["source_id"], []).append(sent - published)
    return by_source


def deliveries_of(db: Reader, entry_id: str) -> list[Row]:
    """Channel messages about an entry, oldest first, with their latest update's state; not the private direct ones."""
    sql = """
        SELECT d.id, d.key, d.channel, d.platform, d.kind, d.thread, d.state, d.due_at, d.sent_at, d.why, d.attempts,
               e.stage, (SELECT c.state FROM delivery AS c WHERE c.edits = d.id) AS change_state
        FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
        WHERE e.entry_id = :id AND d.key NOT LIKE :direct AND d.key NOT LIKE :mail ORDER BY d.seq
    """
    return db.read(sql, {"id": entry_id, "direct": f"{DIRECT}%", "mail": f"{BY_MAIL}%"})


def messages_of(db: Reader, entry_id: str) -> list[Row]:
    """Every message about an entry, direct messages included, oldest first, with the number of its entries."""
    sql = """
        SELECT d.id, d.seq, d.state,
               (SELECT COUNT(*) FROM delivery_entry AS o WHERE o.delivery_id = d.id) AS entries
        FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
        WHERE e.entry_id = :id ORDER BY d.seq
    """
    return db.read(sql, {"id": entry_id})


def waiting_messages(db: Reader) -> dict[str, list[tuple[str, str]]]:
    """The (entry id, stage) pairs of each open delivery, by delivery id."""
    sql = f"""
        SELECT d.id, e.entry_id, e.stage FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
        WHERE {_OPEN} ORDER BY d.seq
    """
    pairs_by_delivery: dict[str, list[tuple[str, str]]] = {}
    for row in db.read(sql):
        pairs_by_delivery.setdefault(row["id"], []).append((row["entry_id"], row["stage"]))
    return pairs_by_delivery


def card_of(db: Reader, delivery_id: str) -> Card | None:
    """The card of a delivery as it was posted; None if another version stored it in another format."""
    return readable_card(db.read("SELECT card FROM delivery WHERE id = :id", {"id": delivery_id})[0]["card"])


def state_of(db: Reader, delivery_id: str) -> str | None:
    """A delivery's state; None if it is no longer stored."""
    row = one(db.read("SELECT state FROM delivery WHERE id = :id", {"id": delivery_id}))
    return row["state"] if row else None


def failure_notices(db: Reader) -> list[str]:
    """Ids of the bot's notices that quote the headline of a failed message."""
    sql = "SELECT id FROM delivery WHERE key LIKE 'outbox:%' OR key LIKE 'stuck:%' ORDER BY seq"
    return [row["id"] for row in db.read(sql)]


def quoting(db: Reader, texts: Iterable[str]) -> dict[str, Card]:
    """What each message that has one of these texts shows now; but for alerts, which list what they show."""
    sql = """
        SELECT id, shown FROM (
            SELECT d.id, COALESCE(e.card, d.card) AS shown
            FROM delivery AS d LEFT JOIN delivery AS e ON e.edits = d.id
            WHERE d.edits IS NULL AND d.kind NOT IN ('alert', 'story')
        ) AS message WHERE {}
    """
    stored = {json.dumps(text, ensure_ascii=False)[1:-1].translate(_LITERALLY) for text in texts}
    cards = {}
    for chunk in chunks(stored):
        patterns = {f"text{n}": f"%{text}%" for n, text in enumerate(chunk)}
        has_one = " OR ".join(f"shown LIKE :{name} ESCAPE '!'" for name in patterns)
        for row in db.read(sql.format(has_one), patterns):
            if card := readable_card(row["shown"]):
                cards[row["id"]] = card
    return cards


def entries_of(db: Reader, delivery_id: str) -> list[str]:
    """Ids of the entries in a delivery."""
    sql = "SELECT entry_id FROM delivery_entry WHERE delivery_id = :id"
    return [row["entry_id"] for row in db.read(sql, {"id": delivery_id})]


def delivery_with_mark(db: Reader, mark: str) -> str | None:
    """Id of the newest message with that mark."""
    rows = db.read("SELECT id, channel, key FROM delivery ORDER BY seq DESC")
    return next((row["id"] for row in rows if mark_of(row["channel"], row["key"])[:10] == mark), None)


def posted_since(db: Reader, audience: str, since: datetime, *, kind: str) -> list[tuple[str, str]]:
    """(entry id, stage) pairs in messages of `kind` to a channel since `since`."""
    sql = """
        SELECT e.entry_id, e.stage FROM delivery AS d JOIN delivery_entry AS e ON e.delivery_id = d.id
        WHERE d.kind = :kind AND d.created_at >= :since AND d.state <> 'dropped' AND d.key LIKE :audience
        ORDER BY d.seq
    """
    params = {"kind": kind, "since": to_text(since), "audience": f"{audience}/%"}
    return [(row["entry_id"], row["stage"]) for row in db.read(sql, params)]


def posted_pairs(db: Reader, audience: str, entries: Iterable[str], *, kind: str) -> set[tuple[str, str]]:
    """(entry id, stage) pairs of these entries in messages of `kind` to an audience, whenever they were posted."""
    sql = """
        SELECT e.entry_id, e.stage FROM delivery_entry AS e JOIN delivery AS d ON d.id = e.delivery_id
        WHERE e.entry_id IN ({}) AND d.kind = :kind AND d.state <> 'dropped' AND d.key LIKE :audience
    """
    rows = select_in(db, sql, entries, {"kind": kind, "audience": f"{audience}/%"})
    return {(row["entry_id"], row["stage"]) for row in rows}


def last_posted(db: Reader, kind: str) -> dict[str, datetime]:
    """Time of the last message of `kind` by audience."""
    sql = "SELECT key, created_at FROM delivery WHERE kind = :kind ORDER BY seq"
    rows = db.read(sql, {"kind": kind})
    return {audience_of(row["key"]): from_text(row["created_at"]) for row in rows}


def last_reports(db: Reader) -> dict[str, datetime]:
    """Time of the last message that reported an entry, by audience."""
    sql = """
        SELECT d.key, d.created_at FROM delivery AS d WHERE d.state <> 'dropped'
          AND EXISTS (SELECT 1 FROM delivery_entry AS e WHERE e.delivery_id = d.id) ORDER BY d.seq
    """
    return {audience_of(row["key"]): from_text(row["created_at"]) for row in db.read(sql)}


def newest_named(db: Reader, channel: str, key: str) -> Row | None:
    """Id of the newest message with this key or with `key` and a ":" first, and its edit's state (`change_state`)."""
    sql = f"""
        SELECT d.id, (SELECT c.state FROM delivery AS c WHERE c.edits = d.id) AS change_state FROM delivery AS d
        WHERE d.channel = :channel AND SUBSTR(d.key || ':', 1, {len(key) + 1}) = :key AND d.edits IS NULL
        ORDER BY d.seq DESC LIMIT 1
    """
    return one(db.read(sql, {"channel": channel, "key": f"{key}:"}))


def insert_lines(tx: Transaction, lines: Iterable[DigestLine], now: datetime) -> None:
    """Queue digest lines; a line for a later stage replaces a queued line for an earlier stage."""
    rows = [{"channel": line.audience, "entry_id": line.entry_id, "stage": line.stage} for line in lines]
    sql = """
        DELETE FROM digest_line WHERE channel = :channel AND entry_id = :entry_id AND stage <> :stage
          AND delivery_id IS NULL
    """
    tx.execute_many(sql, rows)
    insert_rows(tx, "digest_line", ({**row, "created_at": now} for row in rows), if_new=True)


def delete_lines(tx: Transaction, entries: Iterable[tuple[str, str]]) -> None:
    """Remove queued digest lines for these (channel, entry id) pairs, which were posted as alerts."""
    tx.execute_many(
        "DELETE FROM digest_line WHERE channel = :channel AND entry_id = :id AND delivery_id IS NULL",
        [{"channel": channel, "id": id_} for channel, id_ in entries],
    )


def waiting_lines(db: Reader, channel: str) -> list[tuple[str, str]]:
    """(entry id, stage) pairs queued for the channel's next digest, oldest first."""
    sql = """
        SELECT entry_id, stage FROM digest_line
        WHERE channel = :channel AND delivery_id IS NULL ORDER BY created_at, entry_id
    """
    rows = db.read(sql, {"channel": channel})
    return [(row["entry_id"], row["stage"]) for row in rows]


def digest_channels(db: Reader, entry_id: str) -> list[str]:
    """The channels with the entry queued for their next digest."""
    sql = "SELECT DISTINCT channel FROM digest_line WHERE entry_id = :id AND delivery_id IS NULL ORDER BY channel"
    return [row["channel"] for row in db.read(sql, {"id": entry_id})]


def was_listed(db: Reader, entry_id: str) -> bool:
    """Whether a channel's digest has the entry, or will have it."""
    return bool(db.read("SELECT 1 AS one FROM digest_line WHERE entry_id = :id LIMIT 1", {"id": entry_id}))


def assign_lines(tx: Transaction, channel: str, lines: Iterable[tuple[str, str]], delivery_id: str) -> None:
    tx.execute_many(
        "UPDATE digest_line SET delivery_id = :delivery WHERE channel = :channel AND entry_id = :id AND stage = :stage",
        [{"channel": channel, "id": id_, "stage": stage, "delivery": delivery_id} for id_, stage in lines],
    )
