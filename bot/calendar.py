"""The calendar that Washington works by: dates as people write them, and federal business days. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays


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


@cache
def _federal_holidays(year: int) -> frozenset[date]:
    """A whole year at once: the library's own calendar fills itself while it is asked, which threads must not share."""
    return frozenset(holidays.country_holidays("US", years=year))
