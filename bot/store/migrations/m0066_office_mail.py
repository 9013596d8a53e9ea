"""Letters that a person mailed to an office's listed address."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # `address`, `reply_to` and `digest` (of the mail's text) as the person saw them. `state`: queued, sent, failed or
    # bounced; `told_at`: when the person was notified of a failure or bounce.
    """
    CREATE TABLE office_mail (
        id TEXT PRIMARY KEY,
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        office TEXT NOT NULL,
        address TEXT NOT NULL,
        reply_to TEXT NOT NULL,
        digest TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        asked_at TEXT NOT NULL,
        state TEXT NOT NULL,
        why TEXT NOT NULL,
        told_at TEXT
    )
    """,
    "CREATE INDEX office_mail_letter ON office_mail (letter_id)",
)
