"""Announcements of federal money at grants.gov."""

from __future__ import annotations

from typing import Final

FORECAST: Final = "Forecast"  # an announcement is expected
POSTED: Final = "Posted"
CHANGED: Final = "Changed"  # its closing date, or what it asks for
