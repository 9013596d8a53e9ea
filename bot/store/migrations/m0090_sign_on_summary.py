"""A letter's summary in a sentence, by its author, for those who are asked to sign it."""

STATEMENTS = ("ALTER TABLE letter ADD COLUMN summary TEXT NOT NULL DEFAULT ''",)
