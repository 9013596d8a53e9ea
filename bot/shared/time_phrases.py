"""Durations, hours of the day, days and times as Americans type them. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

HINT: Final = "Fri 5pm, 3d or Dec 18"
MORNING: Final = time(9)
CLOSE_OF_BUSINESS: Final = time(17)
ZONES: Final = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles", "UTC": "UTC"
}  # fmt: skip
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION: Final = re.compile(
    r"(?:in )?([0-9]{1,10}) *(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:(?:ee)?ks?)?)"
)
_LONGEST: Final = timedelta(days=36_500)
_LONGEST_TEXT: Final = 60  # characters
_FILLER: Final = re.compile(r",|\b(?:at|by|on)\b|(?<=\d)t(?=\d)")
_DOTTED: Final = re.compile(r"\b([ap])\. ?m\b\.?")
_CLOCK: Final = r"(\d{1,2})(?::(\d\d))?(?: ?([ap])m?)?"
_NAMED_HOURS: Final = {"noon": time(12), "midnight": time(23, 59), "cob": CLOSE_OF_BUSINESS, "eod": CLOSE_OF_BUSINESS}
_HOUR: Final = re.compile(rf"\b(?:(?=\d+(?::| ?[ap]m)){_CLOCK}|{'|'.join(_NAMED_HOURS)})(?![\w:])")
_HOURS: Final = re.compile(rf"{_CLOCK} ?(?:-|–|to|until) ?{_CLOCK}")
_ZONE: Final = re.compile(r" (?:([ecmp])[sd]?t|(utc)|[a-z]{3,4})$")
_NEAR: Final = {"today": 0, "tomorrow": 1, "yesterday": -1}  # days from today
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = re.compile(r"(?:(next|last|this) )?([a-z]{3,9})\b\.?")
_CALENDAR: Final = re.compile(r"(?=.*\d)[a-z0-9 ./-]+")
_YEAR_NUMBER: Final = re.compile(r"\b\d{4}\b|\b\d\d$")  # the 5 of "12/18 5" is none
_FIRST_YEAR: Final = 1900  # the period before a day exists, too
# Parsed over two defaults, a text that leaves out its month, day or hour gives two answers. Both are leap years.
_DEFAULTS: Final = (datetime(2000, 1, 1, 0), datetime(2004, 2, 2, 1))  # noqa: DTZ001  wall times
_MONTH: Final = timedelta(days=31)
_YEAR: Final = timedelta(days=366)
FARTHEST: Final = _YEAR


def parse_duration(text: str) -> timedelta | None:
    """`30s`, `15 min`, `2h`, `3 days` or `1w`, more than zero and up to a century; None for anything else."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        return None
    try:
        duration = timedelta(**{_UNITS[match[2][0]]: int(match[1])})
    except OverflowError:
        return None
    return duration if timedelta(0) < duration <= _LONGEST else None


def duration_text(duration: timedelta) -> str:
    """`2h` for two hours, as `parse_duration` reads it: whole days, hours, minutes or seconds."""
    seconds = int(duration.total_seconds())
    size, unit = next((n, u) for n, u in ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")) if not seconds % n)
    return f"{seconds // size}{unit}"


def parse_hour(text: str) -> str | None:
    """`08:30` from `8:30 a.m.`, `08:30` and the like; None for anything else."""
    hour = _HOUR.fullmatch(_plain(text))
    at = hour and (_NAMED_HOURS.get(hour[0]) or _clock(*hour.groups()))
    return f"{at:%H:%M}" if at else None


def parse_hours(text: str) -> str | None:
    """`18:00-08:00` from `6pm-8am`, `18-8`, `10:30 p.m. to 7` and the like; None for anything else or an empty span.

    In `9-5pm` and `6-8am` the first hour is the nearest one before the second.
    """
    plain = _plain(text).replace("noon", "12pm").replace("midnight", "12am")
    match = _HOURS.fullmatch(plain)
    if not match:
        return None
    end = _clock(*match.group(4, 5, 6))
    halves = "ap" if match[6] and not match[3] and int(match[1]) <= 12 else (match[3],)
    starts = [start for half in halves if (start := _clock(match[1], match[2], half))]
    if end is None or not starts:
        return None
    start = max(starts, key=lambda start: (start < end, start))
    return f"{start:%H:%M}-{end:%H:%M}" if start != end else None


def parse_time(text: str, now: datetime, zone: tzinfo, at: time | None, *, past: bool = False) -> datetime | None:
    """A time in UTC from `2h`, `tomorrow noon`, `next Friday`, `Dec 18 5pm` or `12/18/2026 17:00 PT`, else None.

    It may be on either side of `now`: `past` says which side is meant by `3d`, `Friday`, or a day without its year.
    `at`: the hour of a day that has none; None if an hour is needed. `next Friday` is the Friday of the next week.
    """
    plain = _plain(text)
    if (duration := parse_duration(plain)) and duration % timedelta(days=1):
        return now - duration if past else now + duration
    named = _ZONE.search(plain)
    if named and named[0].strip() in _own_names(zone, now):
        plain = plain[: named.start()]
    elif named and (named[1] or named[2]):
        from zoneinfo import ZoneInfo  # as dateutil, below

        zone, plain = ZoneInfo(ZONES[f"{named[1]}t".upper() if named[1] else "UTC"]), plain[: named.start()]
    hours = list(_HOUR.finditer(plain))
    if len(hours) == 1:
        (hour,) = hours
        at = _NAMED_HOURS.get(hour[0]) or _clock(*hour.groups())
        plain = f"{plain[: hour.start()]} {plain[hour.end() :]}".strip() or "today"
    today = now.astimezone(zone).date()
    day = _day(" ".join(plain.split()), today, past=past)
    if at is None or day is None:
        return None
    with suppress(OverflowError):
        moment = datetime.combine(day, at, zone).astimezone(UTC)
        if moment <= now and day == today and not past and plain not in _NEAR and _WEEKDAY.fullmatch(plain):
            return datetime.combine(day + timedelta(days=7), at, zone).astimezone(UTC)
        return moment
    return None


def parse_day(text: str) -> date | None:
    """A day of the calendar with its year: `Fri Dec 18, 2026`, `12/18/2026`, `2026-12-18`; None for anything else."""
    weekday, rest = split_weekday(text)
    day = _calendar_day(rest or _plain(text), None)
    return day if day and weekday in (None, day.weekday()) else None


def split_weekday(text: str) -> tuple[int | None, str]:
    """The day of the week with which a text begins, and what follows: (0, "dec 18") in `Mon Dec 18`; or (None, "")."""
    named = _WEEKDAY.match(plain := _plain(text))
    weekday = _number_of(named) if named else None
    return weekday, plain[named.end() :].strip() if named and weekday is not None else ""


def _plain(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        return ""
    return " ".join(_FILLER.sub(" ", _DOTTED.sub(r"\1m", text.lower())).split())


def _own_names(zone: tzinfo, now: datetime) -> set[str]:
    """What a zone calls its time in winter and in summer: in Phoenix both are MST, which is not Denver's time."""
    return {
        at.astimezone(zone).strftime("%Z").lower() for at in (now.replace(month=1, day=1), now.replace(month=7, day=1))
    }


def _clock(hour: str | None, minute: str | None, half: str | None) -> time | None:
    """The time of day; `half`: a or p, of 12-hour time."""
    number = int(hour or 24)
    if half:
        number = number % 12 + 12 * (half == "p") if 1 <= number <= 12 else 24
    return time(number, int(minute or 0)) if number < 24 and int(minute or 0) < 60 else None


def _day(text: str, today: date, *, past: bool) -> date | None:
    """The day that is meant, on either side of today; None for anything else.

    A day without its year is in the year that begins a month before today, or ends a month after it: a person who
    types yesterday's date for a deadline does not mean next year.
    """
    first = today + _MONTH - _YEAR if past else today - _MONTH
    if text in _NEAR:
        return today + timedelta(days=_NEAR[text])
    if duration := parse_duration(text):
        return today - duration if past else today + duration
    named = _WEEKDAY.match("next monday" if text == "next week" else text)
    weekday = _number_of(named) if named else None
    if named is None or weekday is None:
        return _calendar_day(text, first)
    if rest := text[named.end() :].strip():  # "Fri Dec 18"
        day = _calendar_day(rest, first)
        return day if day and day.weekday() == weekday else None
    after, before = (weekday - today.weekday()) % 7, (today.weekday() - weekday) % 7
    usual = -before if past else after
    days = {"next": 7 - today.weekday() + weekday, "last": -(before or 7)}.get(named[1] or "", usual)
    return today + timedelta(days=days)


def _number_of(weekday: re.Match[str]) -> int | None:
    return next((number for number, day in enumerate(_DAYS) if day.startswith(weekday[2].removesuffix("s"))), None)


def _calendar_day(text: str, first: date | None) -> date | None:
    """A day of the calendar; without its year the next one from `first` on, or None."""
    if not _CALENDAR.fullmatch(text):
        return None
    from dateutil import parser  # `coalition-bot --help` reads no date, and would take a third longer

    try:
        one, other = (parser.parse(text, default=default, ignoretz=True) for default in _DEFAULTS)
    except (ValueError, OverflowError):
        return None
    if (one.month, one.day) != (other.month, other.day) or one.hour == other.hour:
        return None
    if one.year == other.year or first is None:
        whole = one.year == other.year and one.year >= _FIRST_YEAR and _YEAR_NUMBER.search(text)
        return one.date() if whole else None
    for year in range(first.year, first.year + 9):  # a February 29 is at most eight years away
        with suppress(ValueError):
            if (day := one.date().replace(year=year)) >= first:
                return day
    return None
