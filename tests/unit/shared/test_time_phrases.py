"""Durations, hours of the day and future times, as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from bot.cli.common import Length
from bot.shared.time_phrases import parse_deadline, parse_duration, parse_hours, parse_later
from bot.shared.values import Duration

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("6h", "2026-11-24T21:00"),
        ("1d", "2026-11-25T15:00"),
        ("2w", "2026-12-08T15:00"),
        ("Monday", "2026-11-30T14:00"),
        ("tuesday", "2026-12-01T14:00"),
        ("Fri", "2026-11-27T14:00"),
        ("2026-12-01", "2026-12-01T14:00"),
        ("2027-07-01", "2027-07-01T13:00"),
    ],
)
def test_a_moment_to_come_is_understood(text, moment):
    assert parse_later(text, TUESDAY, NEW_YORK) == datetime.fromisoformat(f"{moment}+00:00")


@pytest.mark.parametrize(
    "text", ["", "now", "0d", "-1d", "367d", "9999w", "2026-11-24", "2026-02-31", "9999-12-31", "1", "fr", "frist"]
)
def test_the_past_the_far_future_and_anything_else_is_none(text):
    assert parse_later(text, TUESDAY, NEW_YORK) is None


def test_a_deadline_of_some_hours_is_from_now_and_one_of_days_is_at_their_hour():
    assert parse_deadline("2h", TUESDAY, NEW_YORK) == TUESDAY.replace(hour=17)
    assert parse_deadline("2d", TUESDAY, NEW_YORK) == datetime.fromisoformat("2026-11-26T22:00+00:00")
    assert parse_deadline("Fri", TUESDAY, NEW_YORK, time(9)) == datetime.fromisoformat("2026-11-27T14:00+00:00")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        (" 3 D", timedelta(days=3)),
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


def test_chat_settings_and_the_command_line_read_the_same_durations():
    setting = TypeAdapter(Duration)
    for text in ("45s", "45m", "45h", "45d", "45w"):
        assert setting.validate_python(text) == Length().convert(text, None, None) == parse_duration(text)
        assert parse_later(text, TUESDAY, NEW_YORK) == TUESDAY + parse_duration(text)


def test_a_deadline_in_minutes_is_from_now():
    assert parse_deadline("90m", TUESDAY, NEW_YORK) == TUESDAY + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("18:00-08:00", "18:00-08:00"),
        ("18-8", "18:00-08:00"),
        ("22:30 to 7", "22:30-07:00"),
        ("9:00 – 17", "09:00-17:00"),
    ],
)
def test_hours_of_the_day_are_parsed(text, span):
    assert parse_hours(text) == span


@pytest.mark.parametrize("text", ["", "18:00", "25:00-08:00", "18:60-08:00", "8-8", "off", "18:00-08:00-09:00"])
def test_other_text_is_not_hours_of_the_day(text):
    assert parse_hours(text) is None
