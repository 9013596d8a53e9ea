"""Roll calls on our bills, and the number by which the Senate's votes name a senator."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # What the public published is shared by all coalitions. `body`: the roll call with each member's vote.
    """
    CREATE TABLE roll_call (
        id TEXT PRIMARY KEY,
        bill_id TEXT NOT NULL,
        voted_at TEXT,
        body TEXT NOT NULL,
        read_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX roll_call_bill ON roll_call (bill_id)",
    "ALTER TABLE legislator ADD COLUMN lis TEXT NOT NULL DEFAULT ''",
)
