from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.model import GIVE_UP_AFTER, LONGEST_WAIT, TRIES, Channel, Outgoing, next_attempt
from tests.kit.outbox import card

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DICE = st.floats(0, 1, exclude_max=True)


def last_try(dice: float) -> tuple[int, timedelta]:
    now, attempts = NOW, 1
    while (then := next_attempt(attempts, now, NOW, lambda: dice)) is not None:
        now, attempts = then, attempts + 1
    return attempts, now - NOW


def test_the_waits_grow_from_seconds_to_ten_hours():
    waits = [next_attempt(n, NOW, NOW, lambda: 0.0) - NOW for n in range(1, 9)]
    assert [w.total_seconds() for w in waits] == [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000]


@given(DICE)
def test_nothing_is_given_up_before_72_hours_nor_much_later(dice):
    attempts, elapsed = last_try(dice)
    assert timedelta(hours=72) <= elapsed <= timedelta(hours=90)
    assert attempts <= TRIES + 1


@given(st.integers(1, 40), MOMENTS, MOMENTS, DICE)
def test_whatever_the_clock_says_the_next_try_is_within_the_longest_wait(attempts, now, first, dice):
    then = next_attempt(attempts, now, first, lambda: dice)
    assert then is None or now < then <= now + LONGEST_WAIT


@given(st.integers(1, 40), st.integers(1, 100_000), DICE)
def test_retry_after_is_never_early_and_at_most_a_tenth_late(attempts, seconds, dice):
    asked = timedelta(seconds=seconds)
    then = next_attempt(attempts, NOW, NOW, lambda: dice, not_before=NOW + asked)
    assert asked <= then - NOW <= asked * 1.1 + timedelta(microseconds=1)


def test_retry_after_zero_still_waits_a_second():
    assert next_attempt(1, NOW, NOW, lambda: 0.0, not_before=NOW) == NOW + timedelta(seconds=1)


def test_a_clock_that_jumps_a_week_ahead_does_not_kill_a_first_try():
    assert next_attempt(1, NOW + timedelta(days=7), NOW, lambda: 0.0) is not None


def test_many_short_rate_limits_do_not_kill_either():
    assert next_attempt(TRIES + 50, NOW + GIVE_UP_AFTER / 2, NOW, lambda: 0.0, not_before=NOW) is not None


def outgoing(channel: str, key: str) -> Outgoing:
    return Outgoing(id="x", key=key, channel=Channel(channel, "discord", "1"), card=card("x"))


def test_a_mark_identifies_one_message_in_one_channel():
    marks = {outgoing(channel, key).mark for channel in ("policy", "news") for key in ("a", "b")}
    assert len(marks) == 4
    assert outgoing("policy", "a").mark == outgoing("policy", "a").mark
    assert all(len(mark) == 24 and mark.isalnum() and mark.islower() for mark in marks)
