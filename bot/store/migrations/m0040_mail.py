"""Mail: each person's own address, what they want by mail, and whether they confirmed it."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # `token` is in the addresses to which the person's bounces, replies and unsubscribes come back. `code`: a hash.
    # `digested_at`: until when the last daily digest looked; NULL without a digest.
    """
    CREATE TABLE mail_address (
        person_id TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
        address TEXT NOT NULL,
        token TEXT NOT NULL UNIQUE,
        code TEXT NOT NULL,
        code_ends_at TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        set_at TEXT NOT NULL,
        confirmed_at TEXT,
        unsubscribed_at TEXT,
        direct INTEGER NOT NULL DEFAULT 0,
        digested_at TEXT,
        soft_bounces INTEGER NOT NULL DEFAULT 0,
        soft_bounced_at TEXT
    )
    """,
    # One person for each confirmed address: a reply from it is that person's.
    "CREATE UNIQUE INDEX mail_address_own ON mail_address (address) WHERE confirmed_at IS NOT NULL",
)
