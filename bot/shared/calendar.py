"""The calendar Washington works by: dates as people write them, federal business days, and the current zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo


def day_in_words(on: date) -> str:
    """`Mon 29 Mar 2021`."""
    return f"{on:%a} {on.day} {on:%b} {on.year}"


def day_of_a_letter(on: date) -> str:
    """`March 29, 2021`."""
    return f"{on:%B} {on.day}, {on.year}"


def business_day(on: date) -> bool:
    """Monday to Friday, and no federal holiday (5 U.S.C. 6103): a day on which the Register has an issue."""
    return on.weekday() < 5 and on not in _federal_holidays(on.year)


def business_days_until(today: date, on: date) -> int:
    """Business days after `today`, up to and including `on`."""
    return sum(business_day(today + timedelta(n)) for n in range(1, (on - today).days + 1))


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
    """The weekdays of a year on which offices close: 5 U.S.C. 6103(a); for a weekend, the nearest weekday (b)."""

    def nth(month: int, weekday: int, n: int) -> date:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1))

    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    fixed += [date(year, 6, 19)] if year >= 2021 else []  # Juneteenth, by Public Law 117-17
    fixed += [date(year + 1, 1, 1)] if year < date.max.year else []  # on a Saturday it closes the last day of this year
    observed = {on + timedelta({5: -1, 6: 1}.get(on.weekday(), 0)) for on in fixed}
    memorial = date(year, 5, 31) - timedelta(date(year, 5, 31).weekday())
    # Birthdays of King and Washington, Labor Day, Columbus Day, Thanksgiving.
    return frozenset({nth(1, 0, 3), nth(2, 0, 3), memorial, nth(9, 0, 1), nth(10, 0, 2), nth(11, 3, 4), *observed})


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
