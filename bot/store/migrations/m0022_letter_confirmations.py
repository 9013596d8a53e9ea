"""What a letter cites and a person has confirmed, sentence by sentence."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # `mark` is the digest of the citation and its sentence: another sentence has another.
    """
    CREATE TABLE letter_confirmation (
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        mark TEXT NOT NULL,
        cited TEXT NOT NULL,
        source TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        confirmed_at TEXT NOT NULL,
        PRIMARY KEY (letter_id, mark)
    )
    """,
)
