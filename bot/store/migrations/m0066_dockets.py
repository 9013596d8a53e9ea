"""Dockets on regulations.gov: which are followed, their documents, and the comments that we filed."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # followed_by NULL: the Register's number of an alert's document leads to it. `read_to`: the last change that was
    # read, where the next reading goes on.
    """
    CREATE TABLE docket (
        id TEXT NOT NULL,
        title TEXT NOT NULL,
        followed_at TEXT NOT NULL,
        followed_by TEXT REFERENCES person (id),
        unfollowed_at TEXT,
        read_to TEXT,
        looked_at TEXT,
        trouble TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    # What regulations.gov lists. comments NULL: not counted yet.
    """
    CREATE TABLE docket_document (
        id TEXT PRIMARY KEY,
        docket TEXT NOT NULL,
        object_id TEXT NOT NULL,
        number TEXT,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        posted_on TEXT,
        closes_on TEXT,
        status TEXT NOT NULL,
        comments INTEGER,
        counted_at TEXT
    )
    """,
    "CREATE INDEX docket_document_docket ON docket_document (docket)",
    "CREATE INDEX docket_document_number ON docket_document (number)",
    # Which numbers of the Register were looked for, found or not. It takes the place of the table of dates by number.
    """
    CREATE TABLE docket_lookup (
        number TEXT PRIMARY KEY,
        looked_at TEXT NOT NULL
    )
    """,
    "DROP TABLE docket_date",
    # A comment of ours by its tracking number; `what`: the letter's number. posted_as NULL: not posted by the agency.
    """
    CREATE TABLE docket_comment (
        tracking TEXT NOT NULL,
        document TEXT NOT NULL,
        what TEXT NOT NULL,
        organization TEXT NOT NULL,
        filed_at TEXT NOT NULL,
        filed_by TEXT REFERENCES person (id),
        posted_as TEXT,
        posted_seen_at TEXT,
        looked_at TEXT,
        PRIMARY KEY (tracking)
    )
    """,
)
