"""Durations, hours of the day and future times as people type them. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

MORNING: Final = time(9)
CLOSE_OF_BUSINESS: Final = time(17)
FARTHEST: Final = timedelta(days=366)
HINT: Final = "3d, 2w, monday or a date such as 2026-12-01"
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST: Final = timedelta(days=36_500)
# The end of a deadline: `17:00`, `5pm`, `5:30 p.m.`
_HOUR: Final = re.compile(
    r"(?P<day>.*?)[ t]*\b(?P<hour>\d{1,2})(?=:| ?[ap])(?::(?P<minute>\d\d))?(?: ?(?P<half>[ap])\.?m\.?)?"
)
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_duration(text: str) -> timedelta | None:
    """`30s`, `15m`, `2h`, `3d` or `1w`, more than zero and up to a century; None for anything else."""
    match = re.fullmatch(r"([0-9]{1,10}) *([smhdw])", text.strip().lower())
    if match is None:
        return None
    try:
        duration = timedelta(**{_UNITS[match[2]]: int(match[1])})
    except OverflowError:
        return None
    return duration if timedelta(0) < duration <= _LONGEST else None


def duration_text(duration: timedelta) -> str:
    """`2h` for two hours, as `parse_duration` reads it: whole days, hours, minutes or seconds."""
    seconds = int(duration.total_seconds())
    size, unit = next((n, u) for n, u in ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")) if not seconds % n)
    return f"{seconds // size}{unit}"


def parse_hours(text: str) -> str | None:
    """`18:00-08:00` from `18-8`, `22:30 to 7` and the like; None for anything else or an empty span."""
    match = re.fullmatch(r"(\d{1,2})(?::(\d\d))?\s*(?:-|–|to)\s*(\d{1,2})(?::(\d\d))?", text.strip().lower())
    if not match:
        return None
    try:
        start = time(int(match[1]), int(match[2] or 0))
        end = time(int(match[3]), int(match[4] or 0))
    except ValueError:
        return None
    return f"{start:%H:%M}-{end:%H:%M}" if start != end else None


def parse_later(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """A future time: a duration such as `6h` or `3d` from now; `monday`, `mon` or `2026-12-01` at 9 a.m. in `zone`.

    None for anything else, the past, or more than a year ahead.
    """
    moment = _moment(text.strip().lower(), now, zone)
    return moment if moment and now < moment <= now + FARTHEST else None


def parse_deadline(text: str, now: datetime, zone: tzinfo, at: time = CLOSE_OF_BUSINESS) -> datetime | None:
    """A deadline in `zone`: `Fri 17:00`, `2h`, `3d`, `2026-12-04`; a day without an hour ends at `at`.

    None for anything else, the past, or more than a year ahead.
    """
    day = text.strip().lower()
    if (duration := parse_duration(day)) and day[-1] in "smh":
        return now + duration if duration <= FARTHEST else None
    if match := _HOUR.fullmatch(day):
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if match["half"]:
            hour = hour % 12 + 12 * (match["half"] == "p") if 1 <= hour <= 12 else 24
        if hour > 23 or minute > 59:
            return None
        day, at = match["day"].strip(), time(hour, minute)
    today = day in ("", "today", f"{now.astimezone(zone):%A}".lower()[: max(3, len(day))])
    moment = now if today else None
    if moment is None or _on_day_of(moment, at, zone) <= now:
        moment = parse_later(day, now, zone) or parse_later(day, now.replace(hour=0, minute=0), zone)
    parse_deadline = _on_day_of(moment, at, zone) if moment else now
    return parse_deadline if parse_deadline > now else None


def _on_day_of(moment: datetime, at: time, zone: tzinfo) -> datetime:
    """`at` on the day of `moment` in `zone`, in UTC."""
    return datetime.combine(moment.astimezone(zone).date(), at, tzinfo=zone).astimezone(UTC)


def _moment(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    if duration := parse_duration(text):
        return now + duration
    today = now.astimezone(zone).date()
    if text == "tomorrow":
        day = today + timedelta(days=1)
    elif weekday := next((day for day in _DAYS if len(text) >= 3 and day.startswith(text)), ""):
        day = today + timedelta(days=(_DAYS.index(weekday) - today.weekday() - 1) % 7 + 1)
    else:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
    try:
        return datetime.combine(day, MORNING, tzinfo=zone).astimezone(now.tzinfo)
    except OverflowError:
        return None
