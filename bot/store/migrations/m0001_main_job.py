"""The main job: sources, entries, what was judged, and the outbox."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE coalition (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        created_at TEXT NOT NULL
    )
    """,
    # Public: one row a source of feeds.yml, with what it left behind at its last answer.
    """
    CREATE TABLE source (
        id TEXT PRIMARY KEY,
        memory TEXT NOT NULL,
        health TEXT NOT NULL,
        health_detail TEXT NOT NULL,
        health_since TEXT NOT NULL,
        health_told TEXT,
        checked_at TEXT NOT NULL,
        first_success_at TEXT,
        last_success_at TEXT,
        last_change_at TEXT,
        failures INTEGER NOT NULL,
        due_at TEXT NOT NULL
    )
    """,
    # Public: what was published. `body` is the Entry as JSON, as last read; `first_body` as first read, kept
    # once the two differ. `position` is its place in the answer that first brought it. The other columns are
    # what SQL asks for.
    """
    CREATE TABLE entry (
        id TEXT PRIMARY KEY,
        source_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        stage TEXT NOT NULL,
        thread TEXT NOT NULL,
        title TEXT NOT NULL,
        url TEXT NOT NULL,
        published_at TEXT,
        first_seen_at TEXT NOT NULL,
        position INTEGER NOT NULL,
        updated_at TEXT NOT NULL,
        comments_close_on TEXT,
        baseline INTEGER NOT NULL,
        body TEXT NOT NULL,
        first_body TEXT
    )
    """,
    "CREATE INDEX entry_thread ON entry (thread)",
    "CREATE INDEX entry_comments ON entry (comments_close_on)",
    "CREATE INDEX entry_seen ON entry (first_seen_at)",
    "CREATE INDEX entry_source ON entry (source_id, first_seen_at)",
    # Which sources brought an entry, and at what stage: for `why`, and so that a second source is heard once.
    """
    CREATE TABLE sighting (
        entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
        source_id TEXT NOT NULL,
        stage TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (entry_id, source_id, stage)
    )
    """,
    # Every key by which the same thing may come again. Kept at least 400 days: old items resurface.
    """
    CREATE TABLE entry_key (
        key TEXT PRIMARY KEY,
        entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
        seen_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX entry_key_entry ON entry_key (entry_id)",
    # Numbers, dockets and RINs that an amending document may name; the newest entry with the reference wins.
    """
    CREATE TABLE entry_reference (
        reference TEXT NOT NULL,
        entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (reference, entry_id)
    )
    """,
    # The coalition's judgement of an entry at a stage, with its reasons as JSON.
    """
    CREATE TABLE match (
        entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
        stage TEXT NOT NULL,
        watch TEXT NOT NULL,
        level TEXT NOT NULL,
        asks TEXT NOT NULL,
        reasons TEXT NOT NULL,
        matched_at TEXT NOT NULL,
        PRIMARY KEY (entry_id, stage, watch)
    )
    """,
    # The outbox. UNIQUE (channel, key) is what "said once" rests on. `seq` is the order of enqueueing; `due_at`
    # is when it may next be claimed (the end of the lease while it is being sent); `attempted_at` is set while
    # an attempt is under way or its end is not known.
    """
    CREATE TABLE delivery (
        id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        channel TEXT NOT NULL,
        platform TEXT NOT NULL,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        thread TEXT,
        card TEXT NOT NULL,
        state TEXT NOT NULL,
        due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        first_attempt_at TEXT,
        attempted_at TEXT,
        lease TEXT,
        ref TEXT,
        why TEXT,
        may_repeat INTEGER NOT NULL,
        told_at TEXT,
        created_at TEXT NOT NULL,
        sent_at TEXT,
        UNIQUE (channel, key)
    )
    """,
    "CREATE INDEX delivery_seq ON delivery (seq)",
    # Only what is still to be said, so that years of sent messages cost a claim nothing.
    """
    CREATE INDEX delivery_open ON delivery (channel, seq)
    WHERE state IN ('pending', 'sending', 'retry', 'ambiguous')
    """,
    "CREATE INDEX delivery_thread ON delivery (channel, thread, sent_at)",
    "CREATE INDEX delivery_kind ON delivery (kind, seq)",
    # Which entries a delivery says: for `why`, and so that a digest only counts what was alerted.
    """
    CREATE TABLE delivery_entry (
        delivery_id TEXT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
        entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
        stage TEXT NOT NULL,
        PRIMARY KEY (delivery_id, entry_id, stage)
    )
    """,
    "CREATE INDEX delivery_entry_entry ON delivery_entry (entry_id)",
    # Lines that wait for a channel's next digest; delivery_id is set when one takes them.
    """
    CREATE TABLE digest_line (
        channel TEXT NOT NULL,
        entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
        stage TEXT NOT NULL,
        created_at TEXT NOT NULL,
        delivery_id TEXT REFERENCES delivery (id),
        PRIMARY KEY (channel, entry_id, stage)
    )
    """,
    "CREATE INDEX digest_line_waiting ON digest_line (channel, delivery_id)",
    # A channel or a whole platform that is held, and why: "channel:policy", "platform:slack", "all".
    """
    CREATE TABLE hold (
        scope TEXT NOT NULL,
        why TEXT NOT NULL,
        since TEXT NOT NULL,
        until TEXT,
        told_at TEXT,
        PRIMARY KEY (scope)
    )
    """,
)
