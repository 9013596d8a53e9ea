"""The Justice Department's News API: every release of the window, whatever page it is on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.config.feeds import SourceConfig
from bot.shared.answer import Fetched, FetchFailed, Health, NotModified
from tests.kit.source_reader import SourceReader
from tests.peers.newsrooms import API, NewsApi, release

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GIVEN = {"bills": (), "laws": (), "sources": ()}


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, NOW)
        self.api = NewsApi()

    async def poll(self, **settings):
        config = SourceConfig.model_validate({"kind": "doj-news", "name": "Justice", **settings})
        answer = await self.ask(config.adapter("justice", self.api.serve(self.server), self.fetcher, **GIVEN))
        self.now += timedelta(minutes=30)
        return answer

    def add(self, count, *, first=1, days_ago=0, components=()):
        at = NOON - timedelta(days=days_ago)
        self.api.releases += [release(number, at, *components) for number in range(first, first + count)]


def titles(answer):
    return [entry.title for entry in answer.entries]


async def test_a_release_has_its_day_its_words_and_the_offices_that_issued_it(reader):
    reader.add(1, components=("Office of Public Affairs", "USAO - Texas, Southern"))

    (entry,) = (await reader.poll()).entries
    assert (entry.title, entry.summary) == ("Release Number 1", "What happened in case 1.")
    assert entry.published == NOON
    assert entry.outlet == "Justice, Office of Public Affairs; USAO - Texas, Southern"
    assert entry.identity == ("url:justice.example/opa/pr/release-1", "guid:justice:00001")


async def test_a_day_in_a_tag_is_read(reader):
    """As the API answered in 2026, and as it describes itself."""
    reader.api.releases = [release(1, NOON, date=f'<time datetime="2026-11-24">{NOON.timestamp():.0f}</time>\n')]

    assert (await reader.poll()).entries[0].published == NOON


async def test_pages_are_read_back_to_the_day_before_the_window(reader):
    for day in range(6):
        reader.add(40, first=100 * day, days_ago=day)

    answer = await reader.poll(lookback="2d")
    assert len(answer.entries) == 150  # three pages: on the third, all are older than two days
    assert reader.server.asked[-1][0].endswith("&page=2")


async def test_of_a_page_with_more_than_was_asked_for_no_more_is_read(reader):
    rows = [release(number, NOON) for number in range(1_000)]
    reader.server.say(API, json.dumps({"results": rows}), content_type="application/json")
    config = SourceConfig.model_validate({"kind": "doj-news", "name": "Justice"})
    source = config.adapter("justice", f"{reader.server.url(API)}?x=1", reader.fetcher, **GIVEN)
    source.lookback = timedelta(0)
    assert len((await reader.ask(source)).entries) == 50


async def test_ninety_days_can_be_read_back(reader):
    for day in range(90):
        reader.add(30, first=100 * day, days_ago=day)

    assert len((await reader.poll(lookback="90d")).entries) == 90 * 30


async def test_more_releases_than_a_page_between_two_polls_are_all_new(reader):
    reader.add(60, days_ago=1)
    await reader.poll()
    reader.add(120, first=200)

    answer = await reader.poll()
    assert len(answer.entries) == 120
    assert answer.health is Health.OK


async def test_a_release_that_is_dated_back_is_found_behind_newer_ones(reader):
    reader.add(80)
    await reader.poll()
    reader.add(1, first=900, days_ago=2)

    assert titles(await reader.poll()) == ["Release Number 900"]


async def test_if_a_later_page_fails_what_was_read_counts_and_the_next_poll_reads_all(reader):
    reader.add(120)
    reader.api.failing = {1}
    first = await reader.poll()
    reader.api.failing = set()

    assert len(first.entries) == 50
    assert "cut off" in first.detail
    assert len((await reader.poll()).entries) == 70


async def test_a_page_that_fails_after_an_absence_is_read_at_the_next_poll_however_old(reader):
    reader.add(40, days_ago=10)
    await reader.poll()
    for day in range(10):
        reader.add(40, first=100 * (day + 1), days_ago=day)
    reader.now += timedelta(days=1)
    reader.memory = replace(reader.memory, last_success_at=NOW - timedelta(days=10))
    reader.api.failing = {2}
    before = await reader.poll()
    await reader.poll()
    reader.api.failing = set()

    assert len(before.entries) + len((await reader.poll()).entries) == 400
    assert "since" not in reader.memory.cursor


async def test_only_the_offices_that_are_wanted(reader):
    reader.add(3, components=("USAO - Ohio, Northern",))
    reader.add(2, first=10, components=("Criminal Division",))

    answer = await reader.poll(components=["USAO - "])
    assert {entry.outlet for entry in answer.entries} == {"Justice, USAO - Ohio, Northern"}


async def test_an_archive_that_begins_with_its_oldest_releases_is_told(reader):
    reader.add(60, days_ago=5_000)

    answer = await reader.poll()
    assert isinstance(answer, FetchFailed)
    assert answer.detail == "it lists its oldest releases first, or none of this month"


async def test_the_same_answer_is_read_once(reader):
    reader.add(3)
    await reader.poll()

    assert isinstance(await reader.poll(), NotModified)


@pytest.mark.parametrize(
    ("body", "how", "health"),
    [
        ("<html><head><title>Access Denied</title></head></html>", {"status": 403}, Health.BLOCKED),
        ("", {"status": 429, "headers": {"Retry-After": "600"}}, Health.UNREACHABLE),
        ("<html><body><h1>Sign in</h1><input type=password></body></html>", {}, Health.NOT_A_FEED),
        ('{"results": [{"title": "Half', {}, Health.MALFORMED),
        ('{"metadata": {}}', {}, Health.MALFORMED),
        ('{"error": "no such resource"}', {}, Health.MALFORMED),
    ],
)
async def test_a_refusal_is_a_failure_and_brings_nothing(reader, body, how, health):
    reader.add(2)
    await reader.poll()
    reader.server.say(API, body, content_type="text/html", **how)
    source = SourceConfig.model_validate({"kind": "doj-news", "name": "Justice"})
    answer = await reader.ask(source.adapter("justice", reader.server.url(API), reader.fetcher, **GIVEN))

    assert isinstance(answer, FetchFailed)
    assert answer.health is health


async def test_rows_without_a_headline_or_an_address_are_counted(reader):
    reader.api.releases = [release(1, NOON), release(2, NOON, title=""), release(3, NOON, url="javascript:alert(1)")]

    answer = await reader.poll()
    assert isinstance(answer, Fetched)
    assert (len(answer.entries), answer.broken) == (1, 2)


async def test_a_row_with_a_date_that_is_none_is_read_without_one(reader):
    reader.api.releases = [release(1, NOON), release(2, NOON) | {"date": "9" * 400}]
    reader.api.releases[1]["date"] = str(10**17)

    assert {entry.published for entry in (await reader.poll()).entries} == {NOON, None}
