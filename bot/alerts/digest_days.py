"""When a channel's digest comes. Pure, and shared by the greeting, which says so, and the digest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from bot.config.feeds import DigestConfig
from bot.shared.calendar import business_day, business_days_until


def due(config: DigestConfig, last: date | None, now: datetime, zone: tzinfo) -> bool:
    """Whether a digest is due now; `last` is the local date of the last one (or of the greeting). Pure.

    A time of day that daylight saving skips counts as the next moment; one that it repeats counts once.
    """
    local = now.astimezone(zone)
    today = local.date()
    if config.days == "never" or (last is not None and last >= today) or local.time() < config.at:
        return False
    if config.days == "monday":
        sunday = today - timedelta(today.isoweekday())
        return business_day(today) and business_days_until(sunday, today) == 1
    return business_day(today)


def next_due(config: DigestConfig, last: date | None, now: datetime, zone: tzinfo) -> datetime | None:
    """When the next digest is due; None if never. Pure."""
    today = now.astimezone(zone).date()
    for ahead in range(15 if config.days != "never" else 0):
        at = datetime.combine(today + timedelta(ahead), config.at, tzinfo=zone).astimezone(UTC)
        if due(config, last, max(at, now), zone):
            return max(at, now)
    return None
