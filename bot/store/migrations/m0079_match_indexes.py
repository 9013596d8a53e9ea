"""An index of digest lines by entry: without it, each entry that expires had all of them read."""

STATEMENTS = ("CREATE INDEX digest_line_entry ON digest_line (entry_id)",)
