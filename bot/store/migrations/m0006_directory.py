"""The directory of Congress: one published snapshot of members, committees and who sits on them."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # Which snapshot is held: the one row "congress". What the public published is shared by all coalitions.
    """
    CREATE TABLE directory (
        id TEXT PRIMARY KEY,
        as_of TEXT NOT NULL,
        taken_at TEXT NOT NULL,
        source TEXT NOT NULL
    )
    """,
    # The members; `first_term` is empty where the source lists the present term alone.
    """
    CREATE TABLE legislator (
        bioguide TEXT PRIMARY KEY,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        suffix TEXT NOT NULL,
        nickname TEXT NOT NULL,
        official_full TEXT NOT NULL,
        gender TEXT NOT NULL,
        role TEXT NOT NULL,
        state TEXT NOT NULL,
        district INTEGER,
        party TEXT NOT NULL,
        term_start TEXT NOT NULL,
        term_end TEXT NOT NULL,
        first_term TEXT,
        room TEXT NOT NULL,
        leads TEXT NOT NULL
    )
    """,
    # Committees; a subcommittee names its parent.
    """
    CREATE TABLE committee (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        chamber TEXT NOT NULL,
        parent_id TEXT REFERENCES committee (id)
    )
    """,
    """
    CREATE TABLE committee_seat (
        committee_id TEXT NOT NULL REFERENCES committee (id),
        bioguide TEXT NOT NULL REFERENCES legislator (bioguide),
        place INTEGER NOT NULL,
        title TEXT NOT NULL,
        PRIMARY KEY (committee_id, bioguide)
    )
    """,
    "CREATE INDEX committee_seat_member ON committee_seat (bioguide)",
)
