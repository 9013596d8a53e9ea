"""Organizations outside the coalition that sign on a letter's public page: the pages, requests, links and limits."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # A letter with a row here has a public page.
    """
    CREATE TABLE letter_page (
        letter_id TEXT PRIMARY KEY REFERENCES letter (id) ON DELETE CASCADE,
        opened_by TEXT NOT NULL REFERENCES person (id),
        opened_at TEXT NOT NULL
    )
    """,
    # One organization's request under one letter, from one address. `organisation`: its id among the signatures;
    # `digest`: the text it confirmed.
    """
    CREATE TABLE ally_request (
        id TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        organisation TEXT NOT NULL,
        legal_name TEXT NOT NULL,
        website TEXT NOT NULL,
        signatory TEXT NOT NULL,
        title TEXT NOT NULL,
        address TEXT NOT NULL,
        listed INTEGER NOT NULL,
        digest TEXT NOT NULL,
        stage TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        confirmed_at TEXT,
        decided_by TEXT REFERENCES person (id),
        UNIQUE (number),
        UNIQUE (letter_id, address)
    )
    """,
    # The SHA-256 of each mailed link's secret. A request has one for each mail.
    """
    CREATE TABLE ally_link (
        secret TEXT PRIMARY KEY,
        request_id TEXT NOT NULL REFERENCES ally_request (id) ON DELETE CASCADE,
        made_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX ally_link_request ON ally_link (request_id)",
    # How often an address, a mail domain or a network asked on a day, under a keyed hash.
    """
    CREATE TABLE ally_limit (
        day TEXT NOT NULL,
        subject TEXT NOT NULL,
        times INTEGER NOT NULL,
        PRIMARY KEY (day, subject)
    )
    """,
)
