"""Which entries people found relevant, and the round of entries that each person is answering."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # One answer for an entry and an ask; ask 0 is the coalition as a whole. "skip" is an answer, too: it is not shown
    # again.
    """
    CREATE TABLE judgment (
        entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
        ask INTEGER NOT NULL,
        answer TEXT NOT NULL,
        judged_by TEXT REFERENCES person (id),
        judged_at TEXT NOT NULL,
        PRIMARY KEY (entry_id, ask)
    )
    """,
    "CREATE INDEX judgment_ask ON judgment (ask, judged_at)",
    # `cards`: JSON, the entries to show with the words for which each is shown.
    """
    CREATE TABLE learning_round (
        person_id TEXT NOT NULL REFERENCES person (id),
        ask INTEGER NOT NULL,
        cards TEXT NOT NULL,
        made_at TEXT NOT NULL,
        PRIMARY KEY (person_id, ask)
    )
    """,
)
