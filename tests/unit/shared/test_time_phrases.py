"""Durations, hours of the day, days and times, as Americans type them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.shared.calendar import moment_in_words
from bot.shared.time_phrases import CLOSE_OF_BUSINESS, parse_day, parse_duration, parse_hour, parse_hours, parse_time
from bot.shared.values import Duration

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 in New York


def later(text, now=TUESDAY, at=CLOSE_OF_BUSINESS):
    moment = parse_time(text, now, NEW_YORK, at)
    return moment and f"{moment.astimezone(NEW_YORK):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize("month", [1, 4, 7, 10])
@pytest.mark.parametrize(
    "place",
    ["America/Anchorage", "America/Denver", "America/New_York", "America/Phoenix", "America/Puerto_Rico",
     "Pacific/Guam", "Pacific/Honolulu"],
)  # fmt: skip
def test_a_time_in_the_coalition_s_zone_is_read_as_cards_write_it(place, month):
    now = datetime(2027, month, 5, 15, 0, tzinfo=UTC)
    shown = datetime(2027, month, 20, 17, 0, tzinfo=ZoneInfo(place))
    assert parse_time(f"{moment_in_words(shown)} {shown:%Z}", now, ZoneInfo(place), None) == shown


def test_the_time_of_denver_is_not_that_of_phoenix():
    now, phoenix = datetime(2027, 7, 5, 15, 0, tzinfo=UTC), ZoneInfo("America/Phoenix")
    read = {name: parse_time(f"Jul 20 5pm {name}", now, phoenix, None) for name in ("MST", "MDT", "MT")}
    assert {name: moment and moment.hour for name, moment in read.items()} == {"MST": 0, "MDT": 23, "MT": 23}


def earlier(text):
    moment = parse_time(text, TUESDAY, NEW_YORK, time(0), past=True)
    return moment and f"{moment.astimezone(NEW_YORK):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2h", "Tue 2026-11-24 12:00"),
        ("90 min", "Tue 2026-11-24 11:30"),
        ("2d", "Thu 2026-11-26 17:00"),
        ("in 2 weeks", "Tue 2026-12-08 17:00"),
        ("5pm", "Tue 2026-11-24 17:00"),
        ("today 5pm", "Tue 2026-11-24 17:00"),
        ("tomorrow", "Wed 2026-11-25 17:00"),
        ("tomorrow noon", "Wed 2026-11-25 12:00"),
        ("noon tomorrow", "Wed 2026-11-25 12:00"),
        ("Friday midnight", "Fri 2026-11-27 23:59"),
        ("COB Friday", "Fri 2026-11-27 17:00"),
        ("Fri", "Fri 2026-11-27 17:00"),
        ("this Friday", "Fri 2026-11-27 17:00"),
        ("next Friday", "Fri 2026-12-04 17:00"),
        ("next week", "Mon 2026-11-30 17:00"),
        ("Tuesday", "Tue 2026-11-24 17:00"),
        ("Tuesday 9am", "Tue 2026-12-01 09:00"),
        ("Weds. at 5:30 p.m.", "Wed 2026-11-25 17:30"),
        ("by 5pm Friday", "Fri 2026-11-27 17:00"),
        ("Dec 18 5pm", "Fri 2026-12-18 17:00"),
        ("Friday, December 18th, 2026 at 5:30 p.m. ET", "Fri 2026-12-18 17:30"),
        ("Dec 18 5pm PT", "Fri 2026-12-18 20:00"),
        ("12/18", "Fri 2026-12-18 17:00"),
        ("12/18/26 8 am", "Fri 2026-12-18 08:00"),
        ("18 December", "Fri 2026-12-18 17:00"),
        ("Jan 5", "Tue 2027-01-05 17:00"),
        ("Feb 29", "Tue 2028-02-29 17:00"),
        ("2026-12-04", "Fri 2026-12-04 17:00"),
        ("2026-12-04T17:00", "Fri 2026-12-04 17:00"),
        ("11/23", "Mon 2026-11-23 17:00"),  # yesterday, not next year: a caller refuses the past
        ("Sep 23", "Thu 2027-09-23 17:00"),
    ],
)
def test_a_time_ahead_is_read_as_americans_type_it(text, moment):
    assert later(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7d", "Tue 2026-11-17 00:00"),
        ("12h", "Mon 2026-11-23 22:00"),
        ("yesterday", "Mon 2026-11-23 00:00"),
        ("Friday", "Fri 2026-11-20 00:00"),
        ("last Tuesday", "Tue 2026-11-17 00:00"),
        ("Tuesday", "Tue 2026-11-24 00:00"),
        ("7/1", "Wed 2026-07-01 00:00"),
        ("Dec 20", "Sun 2026-12-20 00:00"),  # next month, not last year: a caller refuses the future
        ("Dec 28", "Sun 2025-12-28 00:00"),
    ],
)
def test_a_day_in_the_past_is_read_as_the_last_one(text, moment):
    assert earlier(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "now",
            "0d",
            "-1d",
            "1",
            "fr",
            "frist",
            "sss",
            "Dec",
            "2026",
            "13",
            "month",
            "next",
            "Friday Friday",
            "the 18th",
        ),
        *(
            "12/18 5",
            "12/05 5",
            "Dec 18 5",
            "31-02-2027",
            "2026-02-31",
            "Mon Dec 18",
            "5:99",
            "25:00",
            "13pm",
            "Dec 18 5pm 6pm",
            "12/18/2026 17:00:30",
        ),
        *("١٢/١٨", "9" * 61, "1/1/1/1", "99999999d", "12.18.2026.1"),
    ],
)
def test_other_text_is_no_time(text):
    assert later(text) is None


def test_a_time_that_needs_its_hour_has_one():
    assert later("Dec 18", at=None) is None
    assert later("Dec 18 10am", at=None) == "Fri 2026-12-18 10:00"


MINUTES = st.integers(min_value=0, max_value=300 * 24 * 60)


@given(MINUTES, st.sampled_from(("%b %-d %-I:%M%p", "%-m/%-d/%Y %H:%M", "%A, %B %-d, %Y, %-I:%M %p", "%Y-%m-%d %H:%M")))
def test_every_minute_ahead_is_read_back_over_both_changes_of_the_clocks(minutes, form):
    moment = (TUESDAY + timedelta(minutes=minutes)).astimezone(NEW_YORK)
    back = parse_time(f"{moment:{form}}", TUESDAY, NEW_YORK, None)
    assert back.astimezone(NEW_YORK).replace(fold=0, tzinfo=None) == moment.replace(fold=0, tzinfo=None)


@given(st.text(alphabet="0123456789 :/.-,aepmtdecnovfrisunxlhw'\u0660\n", max_size=80), st.booleans())
def test_no_text_raises_and_every_time_is_in_utc(text, past):
    moment = parse_time(text, TUESDAY, NEW_YORK, CLOSE_OF_BUSINESS, past=past)
    assert moment is None or moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        (" 3 D", timedelta(days=3)),
        ("3 days", timedelta(days=3)),
        ("1w", timedelta(weeks=1)),
        ("604800s", timedelta(days=7)),
    ],
)
def test_a_duration_has_seconds_minutes_hours_days_or_weeks(text, duration):
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "0h", "h", "-2h", "2h30", "2mo", "1y", "tomorrow", "٢h", "99999w", "9999999999w", "9" * 30 + "s"]
)
def test_other_text_zero_and_more_than_a_century_are_not_a_duration(text):
    assert parse_duration(text) is None


def test_chat_and_settings_read_the_same_durations():
    setting = TypeAdapter(Duration)
    for text in ("45s", "45m", "45h", "45d", "45w"):
        assert setting.validate_python(text) == parse_duration(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("18:00-08:00", "18:00-08:00"),
        ("18-8", "18:00-08:00"),
        ("22:30 to 7", "22:30-07:00"),
        ("9:00 – 17", "09:00-17:00"),
        ("6pm-8am", "18:00-08:00"),
        ("10:30 p.m. until 7 a.m.", "22:30-07:00"),
        ("9-5pm", "09:00-17:00"),
        ("6-8am", "06:00-08:00"),
        ("11-7am", "23:00-07:00"),
        ("noon-1pm", "12:00-13:00"),
        ("10pm-midnight", "22:00-00:00"),
    ],
)
def test_hours_of_the_day_are_parsed(text, span):
    assert parse_hours(text) == span


@pytest.mark.parametrize(
    "text", ["", "18:00", "25:00-08:00", "18:60-08:00", "8-8", "off", "18:00-08:00-09:00", "13pm-8", "6pm"]
)
def test_other_text_is_not_hours_of_the_day(text):
    assert parse_hours(text) is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [("8:30 a.m.", "08:30"), ("8:30", "08:30"), ("5pm", "17:00"), ("noon", "12:00"), ("8", None), ("25:00", None)],
)
def test_an_hour_of_the_day_is_parsed(text, hour):
    assert parse_hour(text) == hour


@pytest.mark.parametrize(
    ("text", "day"),
    [("Fri Dec 18, 2026", "2026-12-18"), ("Dec 18, 2026", "2026-12-18"), ("12/18/26", "2026-12-18"),
     ("Mon Dec 18, 2026", None), ("Friday", None), ("Dec 18", None), ("12/18 5", None), ("May 5, 2026", "2026-05-05")],
)  # fmt: skip
def test_a_day_with_its_year_is_of_the_day_of_the_week_that_it_names(text, day):
    parsed = parse_day(text)
    assert (parsed and parsed.isoformat()) == day
