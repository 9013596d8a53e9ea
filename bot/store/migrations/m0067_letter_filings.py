"""Filings of letters as comments on regulations.gov, each with the state that was recorded before its next step."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # `body`: the comment as it is shown and sent, to the byte; `pdf_digest`: of the attachment, which is rendered again
    # and compared before it is sent.
    """
    CREATE TABLE letter_filing (
        id TEXT PRIMARY KEY,
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        state TEXT NOT NULL,
        document TEXT NOT NULL,
        document_title TEXT NOT NULL,
        object_id TEXT NOT NULL,
        url TEXT NOT NULL,
        body TEXT NOT NULL,
        submission_key TEXT NOT NULL,
        pdf_name TEXT NOT NULL,
        pdf_digest TEXT NOT NULL,
        pdf_size INTEGER NOT NULL,
        prepared_by TEXT NOT NULL REFERENCES person (id),
        prepared_at TEXT NOT NULL,
        filed_by TEXT REFERENCES person (id),
        stepped_at TEXT NOT NULL,
        tries INTEGER NOT NULL,
        retry_at TEXT,
        asked_at TEXT,
        tracking TEXT,
        why TEXT NOT NULL
    )
    """,
    # A comment on a document is filed once for a letter, or again only after it certainly was not.
    """
    CREATE UNIQUE INDEX letter_filing_once ON letter_filing (letter_id, document)
    WHERE state NOT IN ('not filed', 'replaced')
    """,
)
