"""Duties, their clocks, and the claims that letters and alerts may make. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement of law or fact that we make: only what the table of authorities holds."""

    id: str  # in coalition.yml
    text: str  # the sentence as we say it
    source: str  # address
    checked_on: date
