"""Whom a locked letter went to, as they were then."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # JSON: the addressee of each id in the letter's texts, written down at the lock; NULL before.
    "ALTER TABLE letter ADD COLUMN addressed TEXT",
)
