"""Public posts on social networks that name an entity."""

STATEMENTS = (
    """
    CREATE TABLE post (
        id TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        network TEXT NOT NULL,
        key TEXT NOT NULL,
        ref TEXT NOT NULL,
        handle TEXT NOT NULL,
        url TEXT NOT NULL,
        text TEXT NOT NULL,
        entities TEXT NOT NULL,
        at TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        announced_at TEXT,
        UNIQUE (key)
    )
    """,
    "CREATE INDEX post_at ON post (at)",
    "CREATE INDEX post_checked ON post (checked_at)",
)
