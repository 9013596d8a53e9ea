"""Messages found in the channels after a restore, which the backup does not know. The SQL of table `recalled`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.outbox.model import PostedMessage, mark_of
from bot.store.database import Reader, Transaction, to_text
from bot.store.rows import Rows, insert_rows

_RECALLED: Final = Rows(PostedMessage, {"at": "said_at"}, links=lambda row: tuple(json.loads(row["links"])))


def save(tx: Transaction, channel: str, messages: Iterable[PostedMessage]) -> None:
    rows = (_RECALLED.row(message, channel=channel, links=json.dumps(message.links)) for message in messages)
    insert_rows(tx, "recalled", rows, if_new=True)


def posted_in(db: Reader, channel: str) -> list[PostedMessage]:
    """Return the messages found in a channel, oldest first."""
    sql = "SELECT * FROM recalled WHERE channel = :channel ORDER BY said_at, ref"
    return _RECALLED.all(db, sql, {"channel": channel})


def find(db: Reader, channel: str, key: str) -> PostedMessage | None:
    """Return the message found in the channel for a delivery with that key."""
    sql = "SELECT * FROM recalled WHERE channel = :channel AND mark = :mark"
    mark = mark_of(channel, key)[:10]
    return _RECALLED.first(db, sql, {"channel": channel, "mark": mark})


def mark_if_posted(tx: Transaction, delivery_id: str, channel: str, key: str) -> bool:
    """Mark a delivery as posted if its message was found. Return whether it was. Files are checked separately."""
    message = find(tx, channel, key)
    if message is None:
        return False
    sql = """
        UPDATE delivery SET ref = :ref, sent_at = :at, attempted_at = :at, why = 'said before a backup was restored',
            state = CASE WHEN EXISTS (SELECT 1 FROM delivery_file WHERE delivery_id = delivery.id)
                    THEN 'ambiguous' ELSE 'sent' END
        WHERE id = :id
    """
    tx.execute(sql, {"id": delivery_id, "ref": message.ref, "at": to_text(message.at)})
    return True


def mark_in_doubt(tx: Transaction, channel: str, since: datetime) -> None:
    """Mark a channel's waiting deliveries as possibly posted since then, so that the platform is searched first."""
    tx.execute(
        """
        UPDATE delivery SET state = 'ambiguous', attempted_at = COALESCE(attempted_at, :since)
        WHERE channel = :channel AND edits IS NULL AND state IN ('pending', 'sending', 'retry', 'ambiguous')
        """,
        {"channel": channel, "since": to_text(since)},
    )
