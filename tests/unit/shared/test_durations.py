"""Lengths of time and hours of the day, as people type them."""

from datetime import timedelta

import pytest

from bot.shared.durations import hours, length


@pytest.mark.parametrize(
    ("text", "is_"), [("2h", timedelta(hours=2)), (" 3 D", timedelta(days=3)), ("1w", timedelta(weeks=1))]
)
def test_a_length_of_time(text, is_):
    assert length(text) == is_


@pytest.mark.parametrize("text", ["", "0h", "h", "-2h", "2m", "1000d", "2h30", "tomorrow", "٢h"])
def test_no_length_of_time(text):
    assert length(text) is None


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("18:00-08:00", "18:00-08:00"),
        ("18-8", "18:00-08:00"),
        ("22:30 to 7", "22:30-07:00"),
        ("9:00 – 17", "09:00-17:00"),
    ],
)
def test_hours_of_the_day(text, is_):
    assert hours(text) == is_


@pytest.mark.parametrize("text", ["", "18:00", "25:00-08:00", "18:60-08:00", "8-8", "off", "18:00-08:00-09:00"])
def test_no_hours_of_the_day(text):
    assert hours(text) is None
