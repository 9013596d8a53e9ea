from datetime import UTC, datetime, timedelta
from time import strptime

import pytest

from bot.shared.plain_text import believable, read_date

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hours_utc"),
    [
        ("Tue, 24 Nov 2026 12:00:00 GMT", 12),
        ("Tue, 24 Nov 2026 12:00:00 +0000 (UTC)", 12),
        ("Tue, 24 Nov 2026 12:00:00 -0000", 12),
        ("Tue, 24 Nov 2026 12:00:00 EST", 17),
        ("Tue, 24 Nov 2026 12:00:00 PDT", 19),
        ("Tue, 24 Nov 2026 12:00:00 America/New_York", 17),
        ("Tue, 24 Nov 2026 12:00:00 America/Los_Angeles", 20),
        ("Tue, 24 Nov 2026 12:00:00", 17),
        ("24 Nov 2026 12:00 +0200", 10),
        ("2026-11-24T12:00:00Z", 12),
        ("2026-11-24T12:00:00.5-05:00", 17),
        ("2026-11-24T12:00:00", 17),
        ("11/24/2026 5:00 PM", 22),
        ("Tuesday, November 24, 2026 - 12:00", 17),
        ("Tuesday, November 24, 2026 - 9:05am", 14),
        ("November 24, 2026 10:00 a.m. ET", 15),
        ("Nov 24, 2026", 17),
        ("November 24, 2026", 17),
        ("2026-11-24", 17),
        ("20261124T120000Z", 12),
    ],
)
def test_the_styles_that_agencies_write_are_read(text, hours_utc):
    when = read_date(text)
    assert when is not None
    assert when.utcoffset() == timedelta(0)
    assert (when.date(), when.hour) == (NOON.date(), hours_utc)


@pytest.mark.parametrize(
    "text",
    ["Tue, 24 Nov 2026 00:00:00 GMT", "Tue, 24 Nov 2026 00:00:00 +0000", "2026-11-24T00:00:00Z", "2026-11-24T00:00",
     "Nov 24, 2026 12:00:00 AM EDT", "Tue, 24 Nov 2026 00:00:00 -0800", "2026-11-24T00:00:00+02:00"],
)  # fmt: skip
def test_midnight_is_a_day_without_an_hour_and_noon_of_it_in_washington(text):
    assert read_date(text) == NOON.replace(hour=17)


def test_summer_time_is_kept_where_a_place_is_named_and_not_where_an_offset_is():
    assert read_date("July 1, 2026 12:00 ET") == datetime(2026, 7, 1, 16, tzinfo=UTC)
    assert read_date("1 Jul 2026 12:00 EST") == datetime(2026, 7, 1, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "not a real date", "November 2026", "2026", "12:00", "Mon, 30 Feb 2026 10:00:00 GMT", "x" * 5000),
        *("Thu, 01 Jan 1970 00:00:00 GMT", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "9" * 70),
        *("24 Nov 2026 12:00 +9900", "Nov 24, 2026 12:00 +2400", "24 Xyz 2026 12:00:00 GMT"),
        *("Tue, 24 Nov 2026 12:00:00 Mars/Olympus", "Tue, 24 Nov 2026 12:00:00 America/Indiana"),
    ],
)
def test_what_is_no_whole_date_is_not_known(text):
    assert read_date(text) is None


def test_a_date_in_another_language_is_what_the_feed_parser_made_of_it():
    assert read_date("24 novembre 2026", strptime("2026-11-24", "%Y-%m-%d")) == NOON.replace(hour=17)


def test_a_date_more_than_a_day_ahead_is_not_believed():
    assert believable(NOON + timedelta(hours=24), NOON) is not None
    assert believable(NOON + timedelta(hours=25), NOON) is None
    assert believable(None, NOON) is None
