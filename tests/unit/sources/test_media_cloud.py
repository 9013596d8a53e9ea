"""Media Cloud's searches: what is asked with which key, and what comes of the answers."""

import json
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import FetchFailed, Memory
from bot.shared.health import Health
from bot.sources.news.media_cloud import MediaCloud
from tests.peers.feedserver import serving

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
KEY = "a-key-of-somebody"


def row(n, **more):
    return {"id": f"x{n}", "url": f"https://herald.example/2026/{n}?fbclid=1", "title": f"Story {n}", "language": "en",
            "media_name": "herald.example", "media_url": "herald.example", "publish_date": "2026-11-23",
            "indexed_date": "2026-11-24T09:15:00.123456"} | more  # fmt: skip


@pytest.fixture
async def server():
    async with serving() as made:
        yield made


async def poll(server, stories, *, memory=None, key=KEY, **text):
    body = json.dumps({"stories": stories, "pagination_token": None})
    server.say("/list", body, **{"content_type": "application/json"} | text)
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    where = server.url("/list")
    source = MediaCloud("mc", "Media Cloud", where, fetcher, query="a OR b", collections=[1, 2], key=key, gap=0)
    try:
        return await source.poll(memory or Memory(), NOW)
    finally:
        await fetcher.close()


async def test_an_article_has_its_headline_its_outlet_and_its_day(server):
    (entry,) = (await poll(server, [row(1)])).entries

    assert (entry.title, entry.outlet, entry.publication_date) == ("Story 1", "herald.example", date(2026, 11, 23))
    assert entry.identity == ("url:herald.example/2026/1",)
    assert (entry.published, entry.as_of) == (None, datetime(2026, 11, 24, 9, 15, 0, 123456, tzinfo=UTC))


async def test_days_may_be_missing_and_rows_may_be_broken(server):
    rows = [row(1, publish_date=None, indexed_date=None), row(2, url=""), row(3, title=None), 7]
    answer = await poll(server, rows)

    assert [entry.publication_date for entry in answer.entries] == [None]
    assert answer.broken == 3


async def test_what_was_handed_on_is_not_handed_on_again(server):
    first = await poll(server, [row(1)])
    second = await poll(server, [row(1), row(2)], memory=first.memory)

    assert [entry.title for entry in second.entries] == ["Story 2"]


async def test_the_key_goes_in_the_header_and_the_search_in_the_address(server):
    await poll(server, [])

    ((path, headers),) = server.asked
    asked = parse_qs(urlsplit(path).query)
    assert headers["Authorization"] == f"Token {KEY}"
    assert (asked["q"], asked["cs"], asked["start"], asked["end"]) == (["a OR b"], ["1,2"], ["2026-11-20"],
                                                                      ["2026-11-24"])  # fmt: skip
    assert KEY not in path


async def test_without_a_key_nobody_is_asked(server):
    answer = await poll(server, [], key="")

    assert isinstance(answer, FetchFailed)
    assert (answer.health, answer.detail) == (Health.BLOCKED, "it needs a key: set MEDIA_CLOUD_API_KEY")
    assert server.asked == []
