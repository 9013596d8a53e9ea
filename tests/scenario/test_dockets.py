"""regulations.gov's comment dates, kept beside the Register's: asked gently, read in Washington's time."""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deadlines import records
from bot.deadlines.dockets import Dockets, comments_close_on
from bot.deadlines.windows import open_windows
from bot.sources.fetch.http import Fetcher, Limits
from tests.kit.alerts import Room, document
from tests.peers.feedserver import serving


def answer(*rows: tuple[str, str | None]) -> dict:
    return {"data": [{"id": "X", "attributes": {"frDocNum": number, "commentEndDate": end}} for number, end in rows]}


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("2021-08-17T03:59:59Z", date(2021, 8, 16)),  # summer time in Washington
        ("2021-12-17T04:59:59Z", date(2021, 12, 16)),  # winter time
        ("2026-11-01T03:59:59Z", date(2026, 10, 31)),  # the night before the clocks go back
        ("2021-08-16T23:59:59-04:00", date(2021, 8, 16)),
        (None, None),
        ("soon", None),
    ],
)
def test_the_last_second_in_washington_names_the_day(end, day):
    assert comments_close_on(answer(("2021-14902", end)), "2021-14902") == day


def test_only_the_documents_own_rows_count_and_of_several_the_latest():
    rows = answer(
        ("2021-1", "2021-08-17T03:59:59Z"), ("2021-1", "2021-09-17T03:59:59Z"), ("2021-2", "2022-01-01T05:00:00Z")
    )

    assert comments_close_on(rows, "2021-1") == date(2021, 9, 16)
    assert comments_close_on(rows, "2021-3") is None


KEYS = st.sampled_from(("data", "attributes", "frDocNum", "commentEndDate"))
PLAIN = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner)))
def test_whatever_comes_is_read_without_harm(data):
    assert comments_close_on({"data": data}, "2021-1") is None


def test_the_recorded_answers_are_read(corpus):
    pages = json.loads((corpus / "federal_register/regulations_gov_v4_daily_search_2021_07_16.json").read_text())
    numbers = {
        row["attributes"]["frDocNum"]: row["attributes"]["commentEndDate"]
        for page in pages
        for row in page["data"]
        if row["attributes"]["commentEndDate"]
    }
    assert numbers
    for number, end in numbers.items():
        # Every recorded end is a midnight there, written as the early hours of the next day.
        found = max(comments_close_on(page, number) or date.min for page in pages)
        assert found == date.fromisoformat(end[:10]) - timedelta(1)


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def server():
    async with serving() as server:
        yield server


@pytest.fixture
async def look(tmp_path, server):
    """A room with one open comment period, and what looks its date up."""
    room = Room(tmp_path)
    room.take("register", document(comments_close_on=date(2026, 12, 10)))
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    dockets = Dockets(room.db, "us", fetcher, "secret-key", url=server.url("/v4/documents"))
    path = "/v4/documents?filter%5BsearchTerm%5D=2026-00001&page%5Bsize%5D=25"
    yield room, dockets, path
    await fetcher.close()


async def test_a_docket_date_that_differs_is_saved_and_the_earlier_date_binds(server, look):
    room, dockets, path = look
    server.say(path, json.dumps(answer(("2026-00001", "2026-12-10T04:59:59Z"))), content_type="application/json")
    await dockets.refresh(room.now)

    [window] = open_windows(room.db, "us", room.now)
    assert (window.register, window.docket, window.closes) == (
        date(2026, 12, 10), date(2026, 12, 9), date(2026, 12, 9)
    )  # fmt: skip


async def test_a_date_is_asked_for_once_a_day_with_the_key_in_a_header(server, look):
    room, dockets, path = look
    server.say(path, json.dumps(answer()), content_type="application/json")
    for _ in range(20):
        await dockets.refresh(room.now)
        room.wait(minutes=30)
    assert len(server.asked) == 1
    assert server.asked[0][1]["X-Api-Key"] == "secret-key"
    assert "secret" not in server.asked[0][0]

    await dockets.refresh(room.wait(hours=12).now)
    assert len(server.asked) == 2


async def test_a_refusal_is_logged_without_the_key_and_not_repeated_for_an_hour(server, look, caplog):
    room, dockets, path = look
    caplog.set_level(logging.WARNING)
    server.say(path, "no", status=429)
    await dockets.refresh(room.now)
    await dockets.refresh(room.wait(minutes=50).now)

    assert len(server.asked) == 1
    assert "Could not read comment dates" in caplog.text
    assert "secret-key" not in caplog.text
    assert records.docket_dates(room.db, ["2026-00001"]) == {}
    await dockets.refresh(room.wait(minutes=20).now)
    assert len(server.asked) == 2


async def test_nothing_is_requested_without_an_open_comment_period(server, look):
    room, dockets, _ = look
    room.wait(days=30)
    await dockets.refresh(room.now)

    assert server.asked == []
