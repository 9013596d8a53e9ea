"""An index of references by entry: without it, each entry that expires had all of them read."""

STATEMENTS = ("CREATE INDEX entry_reference_entry ON entry_reference (entry_id)",)
