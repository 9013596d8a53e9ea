"""Who is logged in to the web board."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # First a link that was asked for in chat, then the session that it opened. `hash`: of the link's token, and once
    # opened of the cookie's. `platform`, `team`, `user_id`: the account that asked.
    """
    CREATE TABLE web_session (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        person_id TEXT NOT NULL REFERENCES person (id),
        platform TEXT NOT NULL,
        team TEXT NOT NULL,
        user_id TEXT NOT NULL,
        made_at TEXT NOT NULL,
        opened_at TEXT,
        seen_at TEXT,
        ends_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX web_session_person ON web_session (person_id)",
)
