"""Copies that were made, who must not come back with one, and what platforms said after one was restored."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # Files that hold a copy of this store: backups, exports, stores that were put aside. `path` as this machine has it.
    """
    CREATE TABLE backup (
        path TEXT NOT NULL,
        made_at TEXT NOT NULL,
        PRIMARY KEY (path)
    )
    """,
    # Who was erased, by an id that says nothing to others: a restored backup that still has them loses them again.
    """
    CREATE TABLE erasure (
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        erased_at TEXT NOT NULL,
        PRIMARY KEY (kind, subject)
    )
    """,
    # Our own messages that a platform showed when a backup was restored, those of the time since it was made.
    # `words`: letters and digits alone; `links`: their addresses, as JSON. Let go after ninety days.
    """
    CREATE TABLE recalled (
        channel TEXT NOT NULL,
        ref TEXT NOT NULL,
        mark TEXT NOT NULL,
        said_at TEXT NOT NULL,
        words TEXT NOT NULL,
        links TEXT NOT NULL,
        PRIMARY KEY (channel, ref)
    )
    """,
    "CREATE INDEX recalled_mark ON recalled (channel, mark)",
    # To let go of a message, its store looks for what hangs on it.
    "CREATE INDEX delivery_edits ON delivery (edits)",
    "CREATE INDEX digest_line_delivery ON digest_line (delivery_id)",
)
