"""What each letter's texts were rendered from, and how a rendering read before people edited it."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # A version that its template rendered; later versions, up to the next row, are edits of it. `facts`: what it was
    # rendered from, as JSON; NULL for a letter from before facts were stored. `texts`: the texts as rendered.
    """
    CREATE TABLE letter_rendering (
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        facts TEXT,
        texts TEXT NOT NULL,
        PRIMARY KEY (letter_id, version)
    )
    """,
    """
    INSERT INTO letter_rendering (letter_id, version, facts, texts)
    SELECT letter_id, version, NULL, texts FROM letter_version WHERE version = 1
    """,
    # Why its text is not true any more, by the last look: a JSON list of sentences; NULL if it is true.
    "ALTER TABLE letter ADD COLUMN untrue TEXT",
)
