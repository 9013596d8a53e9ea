"""The press list, what was said to whom, embargoes, inquiries; and who must not be kept again."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # `key`: the name folded, so that one outlet is not kept twice. `tier`: 1 is what everybody reads; NULL: not said.
    """
    CREATE TABLE press_outlet (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        key TEXT NOT NULL,
        type TEXT NOT NULL,
        market TEXT NOT NULL,
        tier INTEGER,
        UNIQUE (key)
    )
    """,
    # A reporter, or an outlet's desk where `name` is empty. `source` and `basis`: where the data come from, and why
    # they may be kept. `number` is what people say: P-31; it is never given twice.
    """
    CREATE TABLE press_contact (
        id TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        outlet_id TEXT NOT NULL REFERENCES press_outlet (id),
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        beat TEXT NOT NULL,
        email TEXT NOT NULL,
        phone TEXT NOT NULL,
        channel TEXT NOT NULL,
        deadlines TEXT NOT NULL,
        source TEXT NOT NULL,
        basis TEXT NOT NULL,
        verified_on TEXT,
        opted_out_at TEXT,
        added_at TEXT NOT NULL,
        UNIQUE (number)
    )
    """,
    "CREATE INDEX press_contact_outlet ON press_contact (outlet_id)",
    # What was said or pitched to a contact. `pitched_by`: the member whose pitch it was; empty: the coalition's own.
    """
    CREATE TABLE press_log (
        id TEXT PRIMARY KEY,
        contact_id TEXT NOT NULL REFERENCES press_contact (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        at TEXT NOT NULL,
        pitched_by TEXT NOT NULL,
        ask INTEGER,
        link TEXT NOT NULL,
        embargo_id TEXT,
        answer TEXT NOT NULL,
        result TEXT NOT NULL,
        follow_at TEXT,
        followed_at TEXT
    )
    """,
    "CREATE INDEX press_log_contact ON press_log (contact_id, at)",
    "CREATE INDEX press_log_follow ON press_log (follow_at)",
    # Something that is shown before it may be published, and the hour at which it may, in the zone it was said in.
    """
    CREATE TABLE press_embargo (
        id TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        about TEXT NOT NULL,
        lifts_at TEXT NOT NULL,
        zone TEXT NOT NULL,
        UNIQUE (number)
    )
    """,
    # Who said yes to it in writing, and where that stands.
    """
    CREATE TABLE press_agreement (
        embargo_id TEXT NOT NULL REFERENCES press_embargo (id) ON DELETE CASCADE,
        contact_id TEXT NOT NULL REFERENCES press_contact (id) ON DELETE CASCADE,
        evidence TEXT NOT NULL,
        noted_at TEXT NOT NULL,
        PRIMARY KEY (embargo_id, contact_id)
    )
    """,
    # A question from the press. `reporter` and `outlet` as they were given; of a request to meet someone served no
    # question is kept. `spokesperson_id`: whom it was passed to.
    """
    CREATE TABLE press_inquiry (
        id TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reporter TEXT NOT NULL,
        outlet TEXT NOT NULL,
        question TEXT NOT NULL,
        ask INTEGER,
        member TEXT,
        due_at TEXT NOT NULL,
        zone TEXT NOT NULL,
        state TEXT NOT NULL,
        received_at TEXT NOT NULL,
        received_by TEXT NOT NULL REFERENCES person (id),
        spokesperson_id TEXT REFERENCES person (id),
        acknowledged_at TEXT,
        answered_at TEXT,
        ended_at TEXT,
        outcome TEXT NOT NULL,
        link TEXT NOT NULL,
        UNIQUE (number)
    )
    """,
    "CREATE INDEX press_inquiry_state ON press_inquiry (state)",
    # The messages that name somebody of the press, so that they change with what they show and can be emptied.
    """
    CREATE TABLE press_card (
        delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
        about_id TEXT NOT NULL,
        PRIMARY KEY (delivery_id)
    )
    """,
    "CREATE INDEX press_card_about ON press_card (about_id)",
    # Who asked not to be written to or kept, as nothing but salted hashes of how an import would name them.
    """
    CREATE TABLE press_suppression (
        hash TEXT NOT NULL,
        since TEXT NOT NULL,
        PRIMARY KEY (hash)
    )
    """,
)
