"""Until when: what people type for a moment to come. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

MORNING: Final = time(9)
LONGEST: Final = timedelta(days=366)
HINT: Final = "write 3d, 2w, monday or a date such as 2026-12-01"
_LENGTHS: Final = {"h": "hours", "d": "days", "w": "weeks"}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def later(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """`6h`, `3d` and `2w` from now; `monday` and `2026-12-01` at nine in the morning there.

    None for what is none of these, lies in the past or is more than a year away.
    """
    moment = _moment(text.strip().lower(), now, zone)
    return moment if moment and now < moment <= now + LONGEST else None


def _moment(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    if found := re.fullmatch(r"(\d{1,4}) ?([hdw])", text):
        return now + timedelta(**{_LENGTHS[found[2]]: int(found[1])})
    today = now.astimezone(zone).date()
    if text in _DAYS:
        ahead = (_DAYS.index(text) - today.weekday() - 1) % 7 + 1
        return datetime.combine(today + timedelta(days=ahead), MORNING, tzinfo=zone).astimezone(now.tzinfo)
    try:
        return datetime.combine(date.fromisoformat(text), MORNING, tzinfo=zone).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return None
