"""Indexes of matches and digest lines by entry: without them, each entry that expires had all of them read."""

STATEMENTS = (
    "CREATE INDEX match_entry ON match (entry_id)",
    "CREATE INDEX digest_line_entry ON digest_line (entry_id)",
)
