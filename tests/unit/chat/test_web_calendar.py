"""The site serves the calendar at its secret address: the file for who knows it, nothing for who guesses."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.chat.web.site import application

FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def site(calendar):
    return application([], calendar=calendar)


@pytest.fixture
async def client():
    async with TestClient(TestServer(site({"abc123": FILE}.get))) as opened:
        yield opened


async def test_who_knows_the_address_gets_the_calendar_and_no_cache_keeps_it(client):
    answer = await client.get("/calendar/abc123.ics")

    assert (answer.status, await answer.read()) == (200, FILE)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/calendar/guess.ics", "/calendar/.ics", "/calendar/", "/calendar/..%2Fabc123.ics"])
async def test_any_other_address_leads_nowhere(client, path):
    assert (await client.get(path)).status == 404


async def test_one_visitor_does_not_guess_on_and_on(client):
    guesses = [(await client.get(f"/calendar/guess{n}.ics")).status for n in range(62)]
    assert (guesses[0], guesses[-1]) == (404, 429)


async def test_without_a_calendar_there_is_no_such_place():
    async with TestClient(TestServer(site(None))) as opened:
        assert (await opened.get("/calendar/abc123.ics")).status == 404
