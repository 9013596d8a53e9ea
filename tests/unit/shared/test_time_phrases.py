"""Moments to come, as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.shared.time_phrases import deadline, later

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
    assert later(text, TUESDAY, NEW_YORK) == datetime.fromisoformat(f"{moment}+00:00")


@pytest.mark.parametrize(
    "text", ["", "now", "0d", "-1d", "367d", "9999w", "2026-11-24", "2026-02-31", "9999-12-31", "1", "fr", "frist"]
)
def test_the_past_the_far_future_and_anything_else_is_none(text):
    assert later(text, TUESDAY, NEW_YORK) is None


def test_a_deadline_of_some_hours_is_from_now_and_one_of_days_is_at_their_hour():
    assert deadline("2h", TUESDAY, NEW_YORK) == TUESDAY.replace(hour=17)
    assert deadline("2d", TUESDAY, NEW_YORK) == datetime.fromisoformat("2026-11-26T22:00+00:00")
    assert deadline("Fri", TUESDAY, NEW_YORK, time(9)) == datetime.fromisoformat("2026-11-27T14:00+00:00")
