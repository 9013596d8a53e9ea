"""Committee meetings among the entries, found without reading all entries."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("CREATE INDEX entry_hearing ON entry (first_seen_at) WHERE kind = 'hearing'",)
