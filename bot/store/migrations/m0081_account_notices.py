"""Who confirmed an account or a role, and where people learn that their accounts changed."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # The administrator who confirmed what another one gave; without one it acts for a member after a day.
    "ALTER TABLE account ADD COLUMN confirmed_by TEXT",
    "ALTER TABLE person_role ADD COLUMN confirmed_by TEXT",
    # Who set the address; NULL: the person themselves.
    "ALTER TABLE mail_address ADD COLUMN set_by TEXT",
    # An account or address as it was when the notice was written: it may be gone when the notice is sent. `platform`
    # "": the admin channel, with a button to confirm.
    """
    CREATE TABLE account_notice (
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        platform TEXT NOT NULL,
        address TEXT NOT NULL,
        text TEXT NOT NULL,
        made_at TEXT NOT NULL,
        posted_at TEXT
    )
    """,
)
