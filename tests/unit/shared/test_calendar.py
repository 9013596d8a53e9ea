"""Federal business days, and dates as people write them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from bot.shared import calendar, isolation
from bot.shared.calendar import business_day, business_days_until, day_in_words, is_recent


def test_a_date_carries_its_weekday():
    assert day_in_words(date(2021, 3, 9)) == "Tue Mar 9, 2021"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 16), True),
        (date(2026, 1, 17), False),  # a Saturday
        (date(2026, 1, 19), False),  # Martin Luther King, Jr.
        (date(2026, 7, 3), False),  # Independence Day falls on a Saturday
        (date(2027, 12, 31), False),  # New Year's Day 2028 does, so the year before loses its last Friday
        (date(2026, 11, 27), True),  # the day after Thanksgiving is none of the federal holidays
    ],
)
def test_business_days_leave_out_weekends_and_federal_holidays_as_observed(on, expected):
    assert business_day(on) is expected


@pytest.mark.parametrize(
    ("today", "on", "expected"),
    [
        (date(2026, 1, 16), date(2026, 1, 20), 1),  # over a long weekend
        (date(2026, 1, 16), date(2026, 1, 18), 0),
        (date(2026, 1, 20), date(2026, 1, 20), 0),
        (date(2026, 1, 20), date(2026, 1, 19), 0),
        (date(2026, 12, 24), date(2027, 1, 4), 5),  # over the turn of the year
    ],
)
def test_days_are_counted_after_today_and_with_the_last(today, on, expected):
    assert business_days_until(today, on) == expected


def test_many_threads_asking_for_a_new_year_at_once_all_hear_of_its_holidays():
    days = [date(year, 1, 1) + timedelta(n) for year in range(2040, 2044) for n in range(365)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: [day for day in days if not business_day(day)], range(8)))

    published = holidays.country_holidays("US", years=range(2040, 2044))
    assert all(each == [day for day in days if day.weekday() >= 5 or day in published] for each in answers)


@pytest.mark.parametrize(("python", "seconds"), [("/nowhere/python", 30), ("/bin/false", 30), (sys.executable, 0.0)])
def test_holidays_are_known_if_the_child_cannot_start_or_fails_or_hangs(python, seconds, monkeypatch):
    monkeypatch.setattr(sys, "executable", python)
    monkeypatch.setattr(isolation, "TIMEOUT", seconds)
    calendar._federal_holidays.cache_clear()
    assert not business_day(date(2026, 7, 3))


def test_what_a_clock_that_was_ahead_noted_is_not_recent():
    now, hour = datetime(2026, 11, 24, 15, tzinfo=UTC), timedelta(hours=1)
    assert is_recent(now, now, hour)
    assert is_recent(now - hour + timedelta.resolution, now, hour)
    assert not is_recent(now - hour, now, hour)
    assert not is_recent(now + timedelta(days=30), now, hour)
    assert not is_recent(None, now, hour)
