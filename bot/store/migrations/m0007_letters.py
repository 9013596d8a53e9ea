"""Letters: their texts, who approved them, who signs, what was sent."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # A letter from its first draft to its answer. `number` is what people say: L-014. `facts`: what the template was
    # given, as JSON. `entry_id`: the alert it grew from. `closes_at`: until when it may be signed.
    """
    CREATE TABLE letter (
        id TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        state TEXT NOT NULL,
        template TEXT NOT NULL,
        template_digest TEXT NOT NULL,
        facts TEXT NOT NULL,
        lobbying TEXT NOT NULL,
        lobbying_why TEXT NOT NULL,
        ask INTEGER,
        entry_id TEXT REFERENCES entry (id) ON DELETE SET NULL,
        created_at TEXT NOT NULL,
        created_by TEXT NOT NULL REFERENCES person (id),
        closes_at TEXT,
        reminded_at TEXT,
        locked_at TEXT,
        shown_version INTEGER,
        published_at TEXT,
        UNIQUE (number)
    )
    """,
    # Every text a letter ever had. `texts`: subject, paragraphs, claims and addressees, as JSON; `digest` is of them.
    """
    CREATE TABLE letter_version (
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        texts TEXT NOT NULL,
        digest TEXT NOT NULL,
        written_at TEXT NOT NULL,
        written_by TEXT NOT NULL REFERENCES person (id),
        PRIMARY KEY (letter_id, version)
    )
    """,
    # Who approved which text.
    """
    CREATE TABLE letter_approval (
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        approved_at TEXT NOT NULL,
        PRIMARY KEY (letter_id, digest, person_id)
    )
    """,
    # One row an organisation: a member by its id in coalition.yml, an ally by "ally:" and its name. `digest` is of the
    # text it was shown. `evidence`: given elsewhere, written down by `person_id`.
    """
    CREATE TABLE signature (
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        organisation TEXT NOT NULL,
        decision TEXT NOT NULL,
        legal_name TEXT NOT NULL,
        signatory TEXT NOT NULL,
        title TEXT NOT NULL,
        digest TEXT NOT NULL,
        evidence TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        decided_at TEXT NOT NULL,
        PRIMARY KEY (letter_id, organisation)
    )
    """,
    # The cards that show a letter and change with it. `organisation`: whose own card it is; "" for one that all see.
    """
    CREATE TABLE letter_card (
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
        organisation TEXT NOT NULL,
        PRIMARY KEY (delivery_id)
    )
    """,
    "CREATE INDEX letter_card_letter ON letter_card (letter_id)",
    # What went out and what came back.
    """
    CREATE TABLE letter_mail (
        id TEXT PRIMARY KEY,
        letter_id TEXT NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        on_day TEXT NOT NULL,
        how TEXT NOT NULL,
        note TEXT NOT NULL,
        follow_up_on TEXT,
        followed_up_at TEXT,
        person_id TEXT NOT NULL REFERENCES person (id),
        written_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX letter_mail_letter ON letter_mail (letter_id)",
)
