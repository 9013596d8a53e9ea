"""How soon each source of the catalog is asked after it has published, by an injected clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.app.polling import next_poll
from bot.config import catalog
from bot.config.feeds import SourceConfig
from bot.shared.calendar import business_day
from bot.shared.dates import EASTERN
from bot.shared.health import Health

WEEK = [datetime(2023, 6, 12, 0, tzinfo=EASTERN) + timedelta(minutes=n) for n in range(7 * 24 * 60)]  # the recorded one
ISSUES = [at for at in WEEK if at.time() == time(6) and business_day(at.date())]  # the Register is out by 6 a.m.
PAGE = Path(__file__).parents[3] / "docs" / "performance.md"
LIMITS = {
    "register": timedelta(minutes=30),
    "bill-status": timedelta(minutes=60),
    "house-votes": timedelta(minutes=60),
    "senate-votes": timedelta(minutes=60),
    "senate-hearings": timedelta(hours=2),
    "house-hearings": timedelta(hours=2),
}


def looks(config):
    """When it is asked in two weeks, with the widest jitter."""
    asked, now = [], WEEK[0] - timedelta(days=3)
    while not asked or asked[-1] < WEEK[-1] + timedelta(days=3):
        asked.append(now)
        now = next_poll(every=config.every, between=config.between, health=Health.OK, failures=0, retry_at=None,
                        now=now, jitter=0.999)  # fmt: skip
    return asked


@pytest.mark.parametrize(("source", "limit"), LIMITS.items())
def test_the_schedule_brings_news_in_time_and_the_page_says_how_soon(source, limit):
    config = SourceConfig.model_validate(catalog.sources()[source])
    asked, delays = looks(config), []
    for moment in ISSUES if source == "register" else WEEK:
        while asked[0] < moment:
            asked.pop(0)
        delays.append(asked[0] - moment)
    delays.sort()
    median, late = (round(delays[int(len(delays) * share)] / timedelta(minutes=1)) for share in (0.5, 0.95))
    assert timedelta(minutes=late) <= limit
    assert f"| {config.name} | {median} | {late} | {round(limit / timedelta(minutes=1))} |" in PAGE.read_text("utf-8")
