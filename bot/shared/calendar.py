"""The calendar Washington works by: dates as people write them, federal business days, and the current zone."""

from __future__ import annotations

import subprocess
from calendar import month_name
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

from bot.shared import isolation, language

MONTH_DAY: Final = rf"(?:{'|'.join(month_name[1:])}) \d{{1,2}}"  # an expression: `March 29`
_LOOKING_UP: Final = Lock()  # threads that ask at once wait for one child


def day_in_words(on: date) -> str:
    """`Mon Mar 29, 2021`."""
    return f"{on:%a %b} {on.day}, {on.year}" if language.current() == language.ENGLISH else language.day(on)


def hour_in_words(at: time | datetime) -> str:
    """`5 p.m.`, `8:30 a.m.`, `noon`."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'p.m.' if at.hour >= 12 else 'a.m.'}"


def moment_in_words(at: datetime) -> str:
    """`Mon Mar 29, 2021, 5 p.m.`, in the moment's own zone."""
    return f"{day_in_words(at)}, {hour_in_words(at) if language.current() == language.ENGLISH else f'{at:%H:%M}'}"


def deadline_in_words(at: datetime | None, zone: tzinfo) -> str:
    """`Mon Mar 29, 2021, 5 p.m. EDT`; "" without one."""
    local = at.astimezone(zone) if at else None
    return f"{moment_in_words(local)} {language.zone(local)}" if local else ""


def day_of_a_letter(on: date) -> str:
    """`March 29, 2021`."""
    return f"{on:%B} {on.day}, {on.year}"


def business_day(on: date) -> bool:
    """Monday to Friday, and no federal holiday (5 U.S.C. 6103): a day on which the Register has an issue."""
    with _LOOKING_UP:
        return on.weekday() < 5 and on not in _federal_holidays()


def begins_week(on: date) -> bool:
    """Whether `on` is the first business day of its week."""
    return business_day(on) and not any(business_day(on - timedelta(n)) for n in range(1, on.isoweekday()))


def business_days_until(today: date, on: date) -> int:
    """Business days after `today`, up to and including `on`."""
    return sum(business_day(today + timedelta(n)) for n in range(1, (on - today).days + 1))


def business_day_after(day: date, count: int) -> date:
    """The `count`-th business day after `day`."""
    while count > 0:
        day += timedelta(1)
        count -= business_day(day)
    return day


def is_recent(last: datetime | None, now: datetime, within: timedelta) -> bool:
    """Whether `last` is less than `within` ago. A time to come is not: the clock was wrong when it was noted."""
    return last is not None and timedelta(0) <= now - last < within


def quiet_until(now: datetime, quiet: tuple[time, time] | None, zone: tzinfo) -> datetime:
    """`now`, or the end of the quiet hours that `now` lies in."""
    if quiet is None:
        return now
    begin, end = quiet
    local = now.astimezone(zone)
    clock = local.time()
    is_quiet = begin <= clock < end if begin <= end else clock >= begin or clock < end
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=0 if clock < end else 1)
    # In the hour that a change of the clocks repeats or skips, the wall clock may give an instant already past.
    return max(now, datetime.combine(day, end, tzinfo=zone).astimezone(now.tzinfo))


@cache
def _federal_holidays() -> frozenset[date]:
    """Every federal holiday from 1777 to 2100, and the days on which they are observed.

    From a child process; if it fails, the bot itself imports the library and keeps its 17 MB.
    """
    command, options = isolation.starting("bot.shared.holidays_child")
    options |= {"stdout": subprocess.PIPE, "text": True, "timeout": isolation.TIMEOUT}
    try:
        child = subprocess.run(command, check=True, **options)  # noqa: S603 - our own
    except (OSError, subprocess.SubprocessError):  # no process or no memory left, or a very busy machine
        from bot.shared.holidays_child import federal_holidays

        return frozenset(federal_holidays())
    return frozenset(map(date.fromisoformat, child.stdout.split()))


class CurrentZone(tzinfo):
    """The coalition's zone, for what is built once at the start; `zone` is replaced when an administrator changes it.

    A time that is converted with `astimezone` gets the zone of that moment, and keeps it.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def fromutc(self, moment: datetime) -> datetime:
        return self.zone.fromutc(moment.replace(tzinfo=self.zone))

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return self.zone.utcoffset(moment)

    def dst(self, moment: datetime | None) -> timedelta | None:
        return self.zone.dst(moment)

    def tzname(self, moment: datetime | None) -> str | None:
        return self.zone.tzname(moment)
