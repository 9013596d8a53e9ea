"""The language of the page on which an organization asked to sign, or an address was typed: mails follow in it."""

from typing import Final

STATEMENTS: Final = tuple(
    f"ALTER TABLE {table} ADD COLUMN language TEXT NOT NULL DEFAULT 'en'" for table in ("ally_request", "subscriber")
)
