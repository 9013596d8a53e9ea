"""The plan of what to post, from items and what was posted before: where things go, and from when on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.cards import Item
from bot.alerts.digest import ready
from bot.alerts.plan import Past, Plan, PostedEntry, ask_channels, plan, routed_asks
from bot.config.feeds import DigestConfig
from bot.entries.source_records import SourceState
from bot.shared.answer import Health, Memory
from bot.shared.calendar import quiet_until
from bot.watch.model import Level, Match, Reason
from tests.kit.alerts import COALITION, TUESDAY, campaign, document, feeds

CAMPAIGN = campaign()


def make_matches(level: Level) -> tuple[Match, ...]:
    return (Match("gloves", "gloves", (4,), level, (Reason("title", "gloves"),)),)


def test_an_entry_that_was_posted_at_its_stage_is_neither_posted_nor_listed_again():
    for level in Level:
        item = Item(id="e1", entry=document(), matches=make_matches(level))
        posted = PostedEntry("d1", "policy", "policy", "fr:2026-00001", *item.pair, item.entry.thread, waits=False)
        first = plan([item], Past(), CAMPAIGN.feeds, CAMPAIGN.labels, TUESDAY)
        assert len(first.messages) + len(first.lines) == 1
        later = TUESDAY + timedelta(hours=1)
        assert plan([item], Past((posted,)), CAMPAIGN.feeds, CAMPAIGN.labels, later) == Plan()


EASTERN = ZoneInfo("America/New_York")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "quiet", "until"),
    [
        ("2026-11-24 10:00", (time(20), time(7)), "2026-11-24 10:00"),
        ("2026-11-24 20:00", (time(20), time(7)), "2026-11-25 07:00"),
        ("2026-11-25 06:59", (time(20), time(7)), "2026-11-25 07:00"),
        ("2026-11-25 07:00", (time(20), time(7)), "2026-11-25 07:00"),
        ("2026-11-24 12:30", (time(12), time(14)), "2026-11-24 14:00"),
        ("2026-11-24 15:00", (time(12), time(14)), "2026-11-24 15:00"),
        ("2026-03-07 23:00", (time(20), time(7)), "2026-03-08 07:00"),  # the clocks go forward in between
        ("2026-10-31 23:00", (time(20), time(7)), "2026-11-01 07:00"),  # and back
        ("2026-11-24 10:00", None, "2026-11-24 10:00"),
        ("2026-11-24 10:00", (time(7), time(7)), "2026-11-24 10:00"),
    ],
)
def test_quiet_hours_end_at_their_local_time(now, quiet, until):
    assert quiet_until(at(now), quiet, EASTERN) == at(until)


@given(st.integers(0, 366 * 24 * 60), st.times(), st.times())
def test_quiet_hours_never_move_anything_back_or_by_more_than_a_day_and_an_hour(minute, begin, end):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    assert timedelta(0) <= quiet_until(now, (begin, end), EASTERN) - now <= timedelta(hours=25)


def test_asks_that_reach_a_channel():
    asks = {number: ask.title for number, ask in COALITION.asks.items()}
    assert routed_asks("policy", feeds(), asks) == (3, 4, 8)
    assert routed_asks("policy", feeds({"routes": [{"to": "policy", "asks": [8]}]}), asks) == (8,)
    assert routed_asks("media", feeds(), asks) == ()


@pytest.mark.parametrize(
    ("days", "last", "now", "is_due"),
    [
        ("business-days", None, "2026-11-24 08:29", False),
        ("business-days", None, "2026-11-24 08:30", True),
        ("business-days", "2026-11-24", "2026-11-24 18:00", False),
        ("business-days", "2026-11-25", "2026-11-24 09:00", False),  # a clock that was wrong
        ("business-days", None, "2026-11-26 09:00", False),  # Thanksgiving
        ("business-days", None, "2026-11-28 09:00", False),
        ("business-days", None, "2026-03-08 02:45", False),  # a Sunday, in an hour that is skipped
        ("monday", None, "2026-11-23 08:30", True),
        ("monday", None, "2026-11-24 08:30", False),
        ("monday", None, "2026-10-13 08:30", True),  # the Tuesday after Columbus Day
        ("never", None, "2026-11-24 08:30", False),
    ],
)
def test_when_a_digest_is_due(days, last, now, is_due):
    day = datetime.fromisoformat(last).date() if last else None
    assert DigestConfig(days=days).is_due(day, at(now), EASTERN) is is_due


def test_the_next_digest_skips_the_holiday():
    wednesday = at("2026-11-25 12:00")
    assert DigestConfig().next_due(wednesday.date(), wednesday, EASTERN) == at("2026-11-27 08:30")
    assert DigestConfig(days="never").next_due(None, wednesday, EASTERN) is None


def state(due_at):
    return SourceState(id="a", memory=Memory(), health=Health.OK, detail="", since=due_at, reported=None,
                       checked_at=due_at, failures=0, due_at=due_at)  # fmt: skip


def test_a_digest_waits_for_what_is_due_but_not_for_ever():
    now = at("2026-11-24 08:30")
    minutes = lambda n: now + timedelta(minutes=n)  # noqa: E731
    assert ready({"a": state(minutes(5))}, ["a"], now, minutes(-60))
    assert not ready({"a": state(minutes(-1))}, ["a"], now, minutes(-60))
    assert ready({"a": state(minutes(-16))}, ["a"], now, minutes(-60))
    assert not ready({"a": state(minutes(-40_000))}, ["a"], now, minutes(-1))
    assert not ready({}, ["a"], now, minutes(-1))


def test_a_digest_does_not_wait_for_a_source_that_was_checked_since_its_time():
    time, now = at("2026-11-24 08:30"), at("2026-11-24 08:32")
    checked = lambda moment: replace(state(at("2026-11-24 08:31")), checked_at=at(moment))  # noqa: E731
    assert not ready({"a": checked("2026-11-24 08:29")}, ["a"], now, time, time)
    assert ready({"a": checked("2026-11-24 08:30")}, ["a"], now, time, time)
    assert not ready({"a": checked("2026-11-24 08:33")}, ["a"], now, time, time)  # the clock was set back


@pytest.mark.parametrize(
    ("routes", "heard"),
    [
        ([{"to": "policy", "asks": [4]}], ["policy"]),
        ([{"to": "policy", "asks": [1]}], ["admin"]),
        ([{"to": "policy", "kinds": ["news"]}], ["admin"]),
    ],
)
def test_laws_on_asks_without_a_route_go_to_the_admin_channel(routes, heard):
    assert ask_channels((4,), feeds({"routes": routes})) == heard
