"""People, what they may do and did, and what they changed from chat."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # A person of the coalition. Nothing of a person is kept but what this table and the next two say.
    """
    CREATE TABLE person (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        organisation TEXT,
        created_at TEXT NOT NULL,
        left_at TEXT
    )
    """,
    # The accounts a person acts with: exactly this user of exactly this workspace or guild.
    """
    CREATE TABLE account (
        platform TEXT NOT NULL,
        team TEXT NOT NULL,
        user_id TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        linked_at TEXT NOT NULL,
        linked_by TEXT,
        PRIMARY KEY (platform, team, user_id)
    )
    """,
    "CREATE INDEX account_person ON account (person_id)",
    """
    CREATE TABLE person_role (
        person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        role TEXT NOT NULL,
        granted_at TEXT NOT NULL,
        granted_by TEXT,
        PRIMARY KEY (person_id, role)
    )
    """,
    # Who changed what, when, from where. Never edited.
    """
    CREATE TABLE audit (
        id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        at TEXT NOT NULL,
        person_id TEXT,
        who TEXT NOT NULL,
        origin TEXT NOT NULL,
        command TEXT NOT NULL,
        subject TEXT NOT NULL,
        before_text TEXT NOT NULL,
        after_text TEXT NOT NULL
    )
    """,
    "CREATE INDEX audit_at ON audit (seq)",
    # Requests already handled: Slack and Discord deliver some twice. Kept ten days.
    """
    CREATE TABLE inbox (
        key TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (key)
    )
    """,
    # What people changed from chat in sources and watches; laid over feeds.yml. body NULL: taken out.
    """
    CREATE TABLE overlay (
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        body TEXT,
        muted_until TEXT,
        changed_at TEXT NOT NULL,
        changed_by TEXT,
        PRIMARY KEY (kind, name)
    )
    """,
    # What people did with an alert: who works on it, until when it sleeps, what they thought of it.
    """
    CREATE TABLE entry_work (
        entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
        assigned_to TEXT REFERENCES person (id),
        assigned_at TEXT,
        snoozed_until TEXT,
        snoozed_by TEXT REFERENCES person (id),
        verdict TEXT,
        verdict_by TEXT REFERENCES person (id),
        verdict_at TEXT,
        PRIMARY KEY (entry_id)
    )
    """,
    # Set in a delivery that changes how another, already said, is shown: the id of that one.
    "ALTER TABLE delivery ADD COLUMN edits TEXT REFERENCES delivery (id)",
    # What the bot itself must know again after a restart.
    """
    CREATE TABLE memo (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    # What a person follows, and when they may be told.
    """
    CREATE TABLE preference (
        person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (person_id, name)
    )
    """,
)
