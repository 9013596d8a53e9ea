"""Letters to many, made as documents one after the other."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # What is still to be made, and for whom; the row goes with the last of its letters. `made`: how many letters are
    # done, `delivery_id`: the message that says how far it is.
    """
    CREATE TABLE letter_merge (
        id TEXT PRIMARY KEY,
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        delivery_id TEXT,
        made INTEGER NOT NULL,
        asked_at TEXT NOT NULL,
        UNIQUE (letter_id, person_id)
    )
    """,
)
