"""A road that reads a meeting for the first time may be late: it takes nothing back that another road has brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.shared.entry import Hearing, HearingStatus
from bot.sources.congress import meetings
from bot.sources.congress.meetings import FILES, Notice

API = "congress.gov"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HEARING = Hearing(
    id="senate:1", chamber="Senate", committee="Senate Judiciary Committee", committee_id="SSJU", subcommittee="",
    kind="Hearing", day=date(2026, 12, 10), starts=datetime(2026, 12, 10, 15, tzinfo=UTC), place="SD-226",
    bills=("s1-119",), statements_close=None, status=HearingStatus.SCHEDULED,
)  # fmt: skip
CANCELED = replace(HEARING, status=HearingStatus.CANCELED)
MOVED = replace(HEARING, day=date(2026, 12, 14), starts=datetime(2026, 12, 14, 15, tzinfo=UTC), place="SD-430")


def announced(*readings):
    """The changes that are told, reading by reading of (hearing, road)."""
    states = {}
    entries = [
        entry
        for hour, (hearing, road) in enumerate(readings)
        for entry in meetings.take(
            "hearings",
            Notice(hearing=hearing, title="Oversight", url="https://example.gov/1", road=road),
            states,
            NOW + timedelta(hours=hour),
        )
    ]
    return [" ".join(entry.notes) or "announced" for entry in entries]


@pytest.mark.parametrize("news", [CANCELED, MOVED], ids=["canceled", "moved"])
def test_a_late_first_reading_of_the_other_road_takes_no_change_back(news):
    by_one_road = announced((HEARING, FILES), (news, FILES))
    assert len(by_one_road) == 2
    assert announced((HEARING, FILES), (news, FILES), (HEARING, API), (news, API), (news, FILES)) == by_one_road


def test_a_road_without_the_hour_or_the_room_does_not_take_them_away():
    assert announced((HEARING, FILES), (replace(HEARING, starts=None, place=""), API)) == ["announced"]


def test_a_new_day_without_an_hour_does_not_keep_the_hour_of_the_old_day():
    changes = announced((HEARING, FILES), (HEARING, API), (replace(MOVED, starts=None, place=HEARING.place), API))
    assert changes == ["announced", "Moved from Thu Dec 10, 2026, 10 a.m. ET to Mon Dec 14, 2026."]


def test_a_late_first_reading_with_another_hour_of_the_old_day_is_no_news():
    old = replace(HEARING, starts=HEARING.starts + timedelta(hours=1), place=MOVED.place)
    assert len(announced((HEARING, FILES), (MOVED, FILES), (old, API))) == 2


@pytest.mark.parametrize("news", [CANCELED, MOVED], ids=["canceled", "moved"])
def test_a_first_reading_that_is_ahead_of_the_other_road_is_by_one_road(news):
    changes = announced((HEARING, FILES), (news, API), (news, FILES), (news, API))
    assert len(changes) == 2


def test_a_meeting_that_left_the_list_is_not_listed_again_because_the_other_road_has_its_record():
    states = {}
    meetings.take("hearings", Notice(hearing=HEARING, title="T", url="https://example.gov/1"), states, NOW)
    _, states["senate:1"] = meetings.note_missing("hearings", states["senate:1"], "The Senate's list")
    notice = Notice(hearing=HEARING, title="T", url="https://example.gov/1", road=API)
    assert meetings.take("hearings", notice, states, NOW) == []
    listed = Notice(hearing=HEARING, title="T", url="https://example.gov/1")
    assert [entry.notes for entry in meetings.take("hearings", listed, states, NOW)] == [("Listed again.",)]
