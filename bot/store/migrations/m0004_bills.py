"""Bills' records as they were last read, and bills proposed as one of ours."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # A bill's record as one source has it; the public's, so shared. `name` ("s567") is in every Congress another bill.
    """
    CREATE TABLE bill (
        bill_id TEXT NOT NULL,
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        record TEXT NOT NULL,
        as_of TEXT,
        read_at TEXT NOT NULL,
        PRIMARY KEY (bill_id, source)
    )
    """,
    "CREATE INDEX bill_name ON bill (name)",
    # A bill that looks like one of a family's, brought in again. It is asked about once.
    """
    CREATE TABLE bill_proposal (
        bill_id TEXT NOT NULL,
        family TEXT NOT NULL,
        title TEXT NOT NULL,
        proposed_at TEXT NOT NULL,
        answer TEXT,
        answered_at TEXT,
        answered_by TEXT,
        PRIMARY KEY (bill_id)
    )
    """,
)
