"""Until when: what people type for a moment to come. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

MORNING: Final = time(9)
CLOSE_OF_BUSINESS: Final = time(17)
LONGEST: Final = timedelta(days=366)
HINT: Final = "write 3d, 2w, monday or a date such as 2026-12-01"
# The end of a deadline: `17:00`, `5pm`, `5:30 p.m.`
_HOUR: Final = re.compile(
    r"(?P<day>.*?)[ t]*\b(?P<hour>\d{1,2})(?=:| ?[ap])(?::(?P<minute>\d\d))?(?: ?(?P<half>[ap])\.?m\.?)?"
)
_LENGTHS: Final = {"h": "hours", "d": "days", "w": "weeks"}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def later(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """`6h`, `3d` and `2w` from now; `monday`, `mon` and `2026-12-01` at nine in the morning there.

    None for what is none of these, lies in the past or is more than a year away.
    """
    moment = _moment(text.strip().lower(), now, zone)
    return moment if moment and now < moment <= now + LONGEST else None


def deadline(text: str, now: datetime, zone: tzinfo, at: time = CLOSE_OF_BUSINESS) -> datetime | None:
    """The moment that is meant, in `zone`: `Fri 17:00`, `2h`, `3d`, `2026-12-04`; of a day alone `at`.

    None for what is none of these, lies in the past or is more than a year away.
    """
    day = text.strip().lower()
    if re.fullmatch(r"\d{1,4} ?h", day):
        return later(day, now, zone)
    if found := _HOUR.fullmatch(day):
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if found["half"]:
            hour = hour % 12 + 12 * (found["half"] == "p") if 1 <= hour <= 12 else 24
        if hour > 23 or minute > 59:
            return None
        day, at = found["day"].strip(), time(hour, minute)
    moment = now if day in ("", "today", f"{now.astimezone(zone):%A}".lower()[: max(3, len(day))]) else None
    if moment is None or _at(moment, at, zone) <= now:
        moment = later(day, now, zone) or later(day, now.replace(hour=0, minute=0), zone)
    there = _at(moment, at, zone) if moment else now
    return there if there > now else None


def _at(moment: datetime, at: time, zone: tzinfo) -> datetime:
    """That time of its day there."""
    return datetime.combine(moment.astimezone(zone).date(), at, tzinfo=zone).astimezone(UTC)


def _moment(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    if found := re.fullmatch(r"(\d{1,4}) ?([hdw])", text):
        return now + timedelta(**{_LENGTHS[found[2]]: int(found[1])})
    today = now.astimezone(zone).date()
    if text == "tomorrow":
        return datetime.combine(today + timedelta(days=1), MORNING, tzinfo=zone).astimezone(now.tzinfo)
    if weekday := next((day for day in _DAYS if len(text) >= 3 and day.startswith(text)), ""):
        ahead = (_DAYS.index(weekday) - today.weekday() - 1) % 7 + 1
        return datetime.combine(today + timedelta(days=ahead), MORNING, tzinfo=zone).astimezone(now.tzinfo)
    try:
        return datetime.combine(date.fromisoformat(text), MORNING, tzinfo=zone).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return None
