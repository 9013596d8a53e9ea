"""The calendar Washington works by: dates as people write them, federal business days, and the current zone."""

from __future__ import annotations

from calendar import MONDAY, THURSDAY, month_name, monthcalendar
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

MONTH_DAY: Final = rf"(?:{'|'.join(month_name[1:])}) \d{{1,2}}"  # an expression: `March 29`
# 5 U.S.C. 6103(a), as it is since 1986: month and day; or month, day of the week, and which of them (-1 is the last).
# The `holidays` library takes 17 MB of memory for these rules; the tests compare with it.
_HOLIDAYS: Final = ((1, 1), (7, 4), (11, 11), (12, 25))
_JUNETEENTH: Final = (6, 19)
_SINCE_JUNETEENTH: Final = 2021  # P.L. 117-17
_MOVING_HOLIDAYS: Final = (
    (1, MONDAY, 2), (2, MONDAY, 2), (5, MONDAY, -1), (9, MONDAY, 0), (10, MONDAY, 1), (11, THURSDAY, 3)
)  # fmt: skip


def day_in_words(on: date) -> str:
    """`Mon Mar 29, 2021`."""
    return f"{on:%a %b} {on.day}, {on.year}"


def hour_in_words(at: time | datetime) -> str:
    """`5 p.m.`, `8:30 a.m.`, `noon`."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'p.m.' if at.hour >= 12 else 'a.m.'}"


def moment_in_words(at: datetime) -> str:
    """`Mon Mar 29, 2021, 5 p.m.`, in the moment's own zone."""
    return f"{day_in_words(at)}, {hour_in_words(at)}"


def day_of_a_letter(on: date) -> str:
    """`March 29, 2021`."""
    return f"{on:%B} {on.day}, {on.year}"


def business_day(on: date) -> bool:
    """Monday to Friday, and no federal holiday (5 U.S.C. 6103): a day on which the Register has an issue."""
    return on.weekday() < 5 and on not in _federal_holidays(on.year)


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
def _federal_holidays(year: int) -> frozenset[date]:
    """The days of a year on which federal holidays are observed: a Saturday's on Friday, a Sunday's on Monday."""
    fixed = [date(year, *day) for day in (*_HOLIDAYS, *([_JUNETEENTH] if year >= _SINCE_JUNETEENTH else []))]
    observed = {day + timedelta({5: -1, 6: 1}.get(day.weekday(), 0)) for day in fixed}
    if (eve := date(year, 12, 31)).weekday() == 4:  # the next New Year's Day is a Saturday
        observed.add(eve)
    weeks = (
        (month, [week[of] for week in monthcalendar(year, month) if week[of]], n) for month, of, n in _MOVING_HOLIDAYS
    )
    return frozenset((*observed, *(date(year, month, days[n]) for month, days, n in weeks)))


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
