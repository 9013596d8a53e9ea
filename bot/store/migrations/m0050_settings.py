"""What administrators set in chat instead of in the two files: every change, in order, so that each can be undone."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # The newest version of a section is in force. `effect`: set (to `body`), removed, or reset to the file's value.
    """
    CREATE TABLE setting_change (
        version INTEGER NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        effect TEXT NOT NULL,
        body TEXT,
        undoes INTEGER,
        changed_at TEXT NOT NULL,
        changed_by TEXT,
        PRIMARY KEY (version)
    )
    """,
    "CREATE INDEX setting_change_section ON setting_change (kind, name, version)",
)
