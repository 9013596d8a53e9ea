"""The id under which the log has what a message came from."""

STATEMENTS = ("ALTER TABLE delivery ADD COLUMN journey TEXT",)
