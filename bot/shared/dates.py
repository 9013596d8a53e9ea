"""Parse the dates of feeds, in the formats that agencies and newsrooms use. Pure.

Whether an entry is new never depends on them: a date that cannot be parsed or is implausible is unknown.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from time import struct_time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser, tz

EASTERN: Final = ZoneInfo("America/New_York")  # what a Washington office means when it names no zone
_ZONES: Final[dict[str, tzinfo]] = {
    **{name: tz.tzoffset(name, hours * 3600) for name, hours in (("EST", -5), ("CST", -6), ("MST", -7), ("PST", -8))},
    **{name: tz.tzoffset(name, hours * 3600) for name, hours in (("EDT", -4), ("CDT", -5), ("MDT", -6), ("PDT", -7))},
    **dict.fromkeys(("UTC", "GMT", "UT", "Z"), UTC),
    "ET": EASTERN,
}
_RFC_822: Final = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT|[ECMP][SD]T)")
# What nearly all feeds write; ten times as fast as the library.
_USUAL: Final = re.compile(
    r"(?:\w{3}, )?(\d{1,2}) (\w{3}) ((?:19|20)\d\d) (\d\d):(\d\d)(?::(\d\d))? (?:GMT|([+-])([01]\d|2[0-3])([0-5]\d))",
    re.ASCII,
)
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS: Final = {name: number for number, name in enumerate(_NAMES, start=1)}
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
_NAMED_ZONE: Final = re.compile(r"\s([A-Z][A-Za-z]+/[A-Z][A-Za-z_]+)$")
_YEARS: Final = range(1990, 2200)  # before the web it is an unset clock, not a date
_LONGEST: Final = 80
# Parsed twice over different defaults, a date that leaves out its year, month, day or hour gives two answers.
_DEFAULTS: Final = (datetime(2000, 1, 1, 0), datetime(2001, 2, 2, 1))  # noqa: DTZ001  wall times


def read_date(text: str, fallback: struct_time | None = None) -> datetime | None:
    """A feed's date in UTC, or None.

    A date without a zone is Eastern time; one without a time of day is noon there, so that it is the same day all
    over the country. Midnight, in whatever zone, is how programs write a day alone. `fallback` (UTC) is the feed
    parser's result, for languages that we do not parse.
    """
    text, when = text.strip(), None
    with suppress(ValueError, OverflowError):
        when = _fast(text) or _slow(text)
    if when is None and fallback is not None:
        with suppress(ValueError):
            when = datetime(*fallback[:5], tzinfo=UTC)
    if when and when.time() == time(0):
        when = datetime.combine(when, time(12), EASTERN)
    with suppress(ValueError, OverflowError):  # a zone a day or more from UTC
        return when.astimezone(UTC) if when and when.year in _YEARS else None
    return None


def eastern(text: str | None, form: str = "") -> datetime | None:
    """A time in Washington, in UTC: ISO, or in a form of `strptime`; None for anything else."""
    try:
        moment = datetime.strptime(text or "", form) if form else datetime.fromisoformat(text or "")  # noqa: DTZ007
        return moment.replace(tzinfo=EASTERN).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def believable(when: datetime | None, now: datetime) -> datetime | None:
    """The date, unless it lies more than a day ahead: nobody publishes tomorrow."""
    return when if when and when <= now + timedelta(days=1) else None


def _fast(text: str) -> datetime | None:
    if (usual := _USUAL.fullmatch(text)) and usual[2] in _MONTHS:
        day, month, year, hour, minute, second, sign, hours, minutes = usual.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes)) if sign else None
        zone = UTC if ahead is None else timezone(-ahead if sign == "-" else ahead)
        return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
    if _RFC_822.fullmatch(text):
        when = parsedate_to_datetime(text)
        return when if when.tzinfo else when.replace(tzinfo=UTC)  # "-0000" names no place
    return datetime.fromisoformat(text) if _ISO.fullmatch(text) else None


def _slow(text: str) -> datetime | None:
    if len(text) > _LONGEST:
        return None
    named = _NAMED_ZONE.search(text)
    zone = _zone(named[1]) if named else EASTERN
    text = text[: named.start()] if named else text
    one, other = (parser.parse(text, default=default, tzinfos=_tzinfo) for default in _DEFAULTS)
    if one.date() != other.date():
        return None
    return one if one.tzinfo else one.replace(tzinfo=zone)  # midnight without a time of day


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a folder of zones
        raise ValueError(name) from error


def _tzinfo(name: str | None, offset: int | None) -> tzinfo | None:
    """For dateutil, which would otherwise take a name for the zone of the machine it runs on."""
    return tz.tzoffset(name, offset) if offset is not None else _ZONES.get(name or "")
