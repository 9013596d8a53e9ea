"""Planned rules among the entries, found without reading all entries."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("CREATE INDEX entry_planned_rule ON entry (first_seen_at) WHERE kind = 'planned-rule'",)
