"""Drop the index of entries by source: no query uses it, and each new entry had to be written into it."""

STATEMENTS = ("DROP INDEX entry_source",)
