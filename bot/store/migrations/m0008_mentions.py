"""Mentions, and the stories they tell."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # A story, and what people did with it. `number` is what they say: S-12. `asks_set`: numbers, as JSON, where a
    # person has set them. `delivery_id`: the card that shows it, and changes with it.
    """
    CREATE TABLE story (
        id TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        opened_at TEXT NOT NULL,
        thread TEXT NOT NULL,
        delivery_id TEXT REFERENCES delivery (id) ON DELETE SET NULL,
        claimed_by TEXT REFERENCES person (id),
        claimed_at TEXT,
        clipped_by TEXT REFERENCES person (id),
        clipped_at TEXT,
        clip_note TEXT NOT NULL,
        muted_at TEXT,
        released_by TEXT REFERENCES person (id),
        asks_set TEXT,
        tone TEXT,
        spokesperson TEXT,
        reporter TEXT,
        UNIQUE (number)
    )
    """,
    # One published item. `body`: what else is known of it, as JSON, with no more than 60 words of its text.
    """
    CREATE TABLE mention (
        id TEXT PRIMARY KEY,
        story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
        entry_id TEXT REFERENCES entry (id) ON DELETE SET NULL,
        key TEXT NOT NULL,
        at TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        weight TEXT NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (key)
    )
    """,
    "CREATE INDEX mention_story ON mention (story_id)",
    "CREATE INDEX mention_entry ON mention (entry_id)",
    "CREATE INDEX mention_at ON mention (at)",
    # Pairs of neighbouring words, by which copies find their story; let go when a story is too old for copies.
    """
    CREATE TABLE mention_shingle (
        shingle TEXT NOT NULL,
        mention_id TEXT NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
        written_at TEXT NOT NULL,
        PRIMARY KEY (shingle, mention_id)
    )
    """,
    "CREATE INDEX mention_shingle_mention ON mention_shingle (mention_id)",
    "CREATE INDEX mention_shingle_written ON mention_shingle (written_at)",
    # What is to be done about a story, and what was.
    """
    CREATE TABLE story_note (
        id TEXT PRIMARY KEY,
        story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        due_on TEXT,
        done_at TEXT,
        told_at TEXT,
        person_id TEXT NOT NULL REFERENCES person (id),
        written_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX story_note_story ON story_note (story_id)",
    # What must not come back, as nothing but a hash of its key.
    """
    CREATE TABLE redaction (
        hash TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        redacted_at TEXT NOT NULL,
        PRIMARY KEY (hash)
    )
    """,
    # Look-alikes that people have told apart: words beside which an entity's name does not count, or a site's host.
    """
    CREATE TABLE entity_rule (
        id TEXT PRIMARY KEY,
        entity TEXT NOT NULL,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        written_at TEXT NOT NULL,
        UNIQUE (entity, kind, value)
    )
    """,
)
