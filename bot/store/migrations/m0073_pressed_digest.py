"""The digest of what was shown when a filing was pressed: a text that was changed since is not sent."""

STATEMENTS = ("ALTER TABLE letter_filing ADD COLUMN pressed_digest TEXT",)
