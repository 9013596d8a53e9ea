from datetime import UTC, datetime, time, timedelta

import pytest

from bot.app.polling import next_poll
from bot.shared.answer import Health
from bot.shared.plain_text import EASTERN

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # a Tuesday, noon in Washington; Thursday is Thanksgiving
HALF_HOUR, HOUR, SIX_HOURS = timedelta(minutes=30), timedelta(hours=1), timedelta(hours=6)


def due(now=NOW, **given):
    defaults = {"every": HALF_HOUR, "between": None, "health": Health.OK, "failures": 0, "retry_at": None}
    return next_poll(**{**defaults, "jitter": 0.5, **given}, now=now)


def eastern(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=EASTERN).astimezone(UTC)


def test_a_source_that_answers_is_asked_at_its_own_pace():
    assert due() == NOW + HALF_HOUR


def test_jitter_moves_it_by_a_twentieth_either_way():
    assert due(jitter=0.0) == NOW + HALF_HOUR * 0.95
    assert NOW + HALF_HOUR < due(jitter=0.999) < NOW + HALF_HOUR * 1.05


def test_an_unreachable_source_is_asked_ever_more_rarely_up_to_an_hour():
    rests = [(due(health=Health.UNREACHABLE, failures=n) - NOW).total_seconds() / 60 for n in (1, 2, 3, 4, 5, 6, 1000)]
    assert rests == [5, 10, 20, 40, 60, 60, 60]


def test_back_off_reaches_the_pace_of_a_slow_source_and_never_hurries_a_fast_one():
    assert due(every=SIX_HOURS, health=Health.UNREACHABLE, failures=99) == NOW + SIX_HOURS
    assert due(every=timedelta(minutes=2), health=Health.UNREACHABLE, failures=1) == NOW + timedelta(minutes=2)


@pytest.mark.parametrize("health", [Health.GONE, Health.BLOCKED, Health.NOT_A_FEED, Health.MALFORMED, Health.REFUSED])
def test_what_haste_does_not_mend_waits_an_hour_at_once(health):
    assert due(health=health, failures=1) == NOW + HOUR
    assert due(health=health, failures=1, every=SIX_HOURS) == NOW + SIX_HOURS


def test_retry_after_is_kept_and_never_undercut():
    at = NOW + timedelta(minutes=7)
    assert due(health=Health.UNREACHABLE, failures=9, retry_at=at, jitter=0.0) == at
    assert due(health=Health.UNREACHABLE, failures=9, retry_at=at, jitter=0.9) > at


def test_a_retry_after_of_years_silences_a_source_for_a_day_at_most():
    later = due(health=Health.UNREACHABLE, failures=1, retry_at=NOW + timedelta(days=3650), jitter=0.0)
    assert later == NOW + timedelta(days=1)


HOURS = (time(8, 30), time(17, 0))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (eastern(24, 12), eastern(24, 12, 30)),  # within
        (eastern(24, 16, 30), eastern(24, 17)),  # the last minute counts
        (eastern(24, 16, 45), eastern(25, 8, 30)),  # after hours
        (eastern(24, 5), eastern(24, 8, 30)),  # before hours
        (eastern(24, 23, 50), eastern(25, 8, 30)),  # over midnight
        (eastern(25, 16, 45), eastern(27, 8, 30)),  # Thanksgiving is no business day
        (eastern(27, 18), eastern(30, 8, 30)),  # nor is the weekend
        (eastern(28, 12), eastern(30, 8, 30)),
    ],
)
def test_a_source_with_hours_is_asked_only_then_on_federal_business_days(now, expected):
    assert due(now=now, between=HOURS) == expected


def test_hours_are_washingtons_in_summer_too():
    july_3 = datetime(2026, 7, 3, 13, 0, tzinfo=UTC)  # Independence Day is observed on this Friday
    assert due(now=july_3, between=HOURS) == datetime(2026, 7, 6, 12, 30, tzinfo=UTC)


def test_an_unreachable_source_is_retried_outside_its_hours():
    night = eastern(24, 22)
    retry = due(now=night, between=HOURS, health=Health.UNREACHABLE, failures=1)
    assert retry == night + timedelta(minutes=5)
    assert due(now=night, between=HOURS, health=Health.BLOCKED, failures=1) == eastern(25, 8, 30)


def test_hours_apply_to_a_source_that_asked_for_a_later_poll():
    retry = eastern(24, 20)
    assert due(between=HOURS, health=Health.UNREACHABLE, failures=1, retry_at=retry) == eastern(25, 8, 30)
