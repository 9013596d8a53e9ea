"""Requests from chat that were acknowledged and are not answered yet, so that the next start answers what was cut off.

What was typed is not stored: `path` is the command alone.
"""

STATEMENTS = (
    # `at`: when a process last worked on it.
    """
    CREATE TABLE promise (
        key TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        path TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (key)
    )
    """,
)
