"""Reaching people: files that go with a message, and what came in of late, found without reading all."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # SQLite takes any name for a column's type, and keeps bytes as they are.
    """
    CREATE TABLE delivery_file (
        delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        data BYTEA NOT NULL,
        PRIMARY KEY (delivery_id, position)
    )
    """,
    "CREATE INDEX match_at ON match (matched_at)",
)
