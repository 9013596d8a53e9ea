"""When a source is polled next. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.shared.calendar import business_day
from bot.shared.dates import EASTERN
from bot.shared.health import Health

_SOON: Final = timedelta(minutes=5)
_HOUR: Final = timedelta(hours=1)
_LONGEST_WAIT: Final = timedelta(days=1)  # a Retry-After beyond this is a mistake or a trap


def next_poll(
    *,
    every: timedelta,
    between: tuple[time, time] | None,
    health: Health,
    failures: int,
    retry_at: datetime | None,
    now: datetime,
    jitter: float,
) -> datetime:
    """The time of the next poll, in UTC.

    `failures` counts failed polls in a row, including this one; 0 after an answer. An unreachable source is retried
    after 5, 10, 20 … minutes, up to an hour (or `every`, if longer). One that blocks us, is gone or is not a feed waits
    that long at once. Retry-After is respected, up to a day. `between` are Eastern times of day on federal business
    days, inclusive; an unreachable source is retried outside them too, as it may have missed them. `jitter`, in [0, 1),
    spreads the polls by a tenth.
    """
    wait, longest = every, max(every, _HOUR)
    if failures:
        back_off = min(longest, min(every, _SOON) * (1 << min(failures - 1, 16)))
        wait = back_off if health is Health.UNREACHABLE else longest
    due = now + wait * (0.95 + 0.1 * jitter)
    if retry_at is not None:
        due = min(retry_at, now + _LONGEST_WAIT) + wait * 0.1 * jitter
    retrying = health is Health.UNREACHABLE and retry_at is None
    return due if between is None or retrying else _within(due, *between)


def _within(due: datetime, first: time, last: time) -> datetime:
    local = due.astimezone(EASTERN)
    day = local.date()
    if business_day(day) and first <= local.time() <= last:
        return due
    if local.time() > last:
        day += timedelta(days=1)
    while not business_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, first, EASTERN).astimezone(UTC)
