"""Lengths of time and hours of the day as people type them. Pure."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Final

_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def length(text: str) -> timedelta | None:
    """`2h`, `3d`, `1w`; None for anything else."""
    found = re.fullmatch(r"([1-9]\d{0,2})\s*([hdw])", text.strip().lower())
    return int(found[1]) * _UNITS[found[2]] if found else None


def hours(text: str) -> str | None:
    """`18:00-08:00` from any plain way to write it; None for anything else, and for no time at all."""
    found = re.fullmatch(r"(\d{1,2})(?::(\d\d))?\s*(?:-|–|to)\s*(\d{1,2})(?::(\d\d))?", text.strip().lower())
    if not found:
        return None
    try:
        start = time(int(found[1]), int(found[2] or 0))
        end = time(int(found[3]), int(found[4] or 0))
    except ValueError:
        return None
    return f"{start:%H:%M}-{end:%H:%M}" if start != end else None
