"""Statutory duties, what people found out about them, and the dates that regulations.gov gives."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # A duty that people wrote down or changed in chat; laid over the one of that id in coalition.yml.
    """
    CREATE TABLE duty (
        id TEXT NOT NULL,
        statute TEXT NOT NULL,
        owed TEXT NOT NULL,
        owed_by TEXT NOT NULL,
        since TEXT NOT NULL,
        period TEXT NOT NULL,
        source TEXT NOT NULL,
        looked_on TEXT,
        asks TEXT NOT NULL,
        note TEXT NOT NULL,
        confirmed_at TEXT,
        changed_at TEXT NOT NULL,
        changed_by TEXT REFERENCES person (id),
        removed_at TEXT,
        PRIMARY KEY (id)
    )
    """,
    # What a person found out about a duty. The newest that was not taken back counts; none means no record found.
    """
    CREATE TABLE duty_finding (
        id TEXT PRIMARY KEY,
        duty_id TEXT NOT NULL,
        state TEXT NOT NULL,
        source TEXT NOT NULL,
        found_on TEXT NOT NULL,
        found_at TEXT NOT NULL,
        found_by TEXT REFERENCES person (id),
        taken_back_at TEXT
    )
    """,
    "CREATE INDEX duty_finding_newest ON duty_finding (duty_id, found_at)",
    # A duty that a law's text seems to hold, until somebody takes it up; kept a week.
    """
    CREATE TABLE duty_proposal (
        id TEXT PRIMARY KEY,
        body TEXT NOT NULL,
        made_at TEXT NOT NULL
    )
    """,
    # When regulations.gov lets comments on a document of the Register end. closes_on NULL: it does not say.
    """
    CREATE TABLE docket_date (
        number TEXT PRIMARY KEY,
        closes_on TEXT,
        looked_at TEXT NOT NULL
    )
    """,
)
