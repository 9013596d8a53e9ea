"""Drop the index of copies' marks by time: they are deleted once a day, and each new one had to be written into it."""

STATEMENTS = ("DROP INDEX mention_shingle_written",)
