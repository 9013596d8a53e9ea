"""A source with two roads: whichever is closed, and whenever, nothing is lost and nothing comes twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.config.feeds import SourceConfig
from bot.shared.answer import Fetched, FetchFailed, Health, NotModified
from tests.kit.source_reader import SourceReader, reading
from tests.peers.feedserver import broken_off, rss
from tests.peers.newsrooms import newsroom

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
GIVEN = {"bills": (), "laws": (), "sources": ()}
LOGIN = "<html><body><form action='/login'><input type=password></form></body></html>"
CHALLENGE = "<html><head><title>Access Denied</title></head><body></body></html>"
OPEN = "open"
EACH_ROW_OF_THREE = "oooxoxxxoo"  # polls, open or closed: each of the eight rows of three is in it
REFUSALS = {
    "403": {"body": CHALLENGE, "status": 403, "content_type": "text/html"},
    "429": {"body": "", "status": 429},
    "429 and wait": {"body": "", "status": 429, "headers": {"Retry-After": "7200"}},
    "503": {"body": "", "status": 503},
    "login page with 200": {"body": LOGIN, "content_type": "text/html"},
    "challenge with 200": {"body": CHALLENGE, "content_type": "text/html"},
    "gone": {"body": "", "status": 404},
    "moved": {"body": "", "status": 301, "headers": {"Location": "/welcome"}},
    "empty": {"body": rss()},
    "half an answer": None,  # the connection ends in the middle
}


class TwoRoads(SourceReader):
    """A feed and the page of the same newsroom; a release is on both, on the page in other words."""

    def __init__(self, server):
        super().__init__(server, NOW)
        self.published: list[int] = []
        self.brought: list[str] = []
        self.open: dict[str, str] = {}
        self.archive: list[int] = []  # older releases, on the page alone
        server.say("/welcome", "<html><body>Welcome</body></html>", content_type="text/html")
        fallback = {"kind": "news-page", "url": server.url("/newsroom")}
        values = {"kind": "feed", "name": "Agency", "url": server.url("/rss"), "stale_after": "3d"}
        config = SourceConfig.model_validate({**values, "fallbacks": [fallback]})
        self.source = config.adapter("agency", config.url, self.fetcher, **GIVEN)

    async def poll(self, feed=OPEN, page=OPEN, *, hours=1):
        """Ask the source, whose roads are open or refuse so. The first poll's entries are its baseline."""
        recent = self.published[::-1][:20]
        self._say("/rss", feed, rss(*(self._item(number) for number in recent)), "application/rss+xml")
        shown = [self._headline(number) for number in (*recent, *self.archive)]
        self._say("/newsroom", page, newsroom(shown), "text/html")
        before = self.memory.first_success_at
        answer = await self.ask(self.source)
        self.now += timedelta(hours=hours)
        if isinstance(answer, Fetched):
            news = [entry for entry in answer.entries if before and entry.identity[0] not in answer.baseline]
            self.brought += [entry.url.rpartition("-")[2] for entry in news]
        return answer

    def _say(self, path, state, body, content_type):
        if state == OPEN:
            self.open[path] = body
        if state in (OPEN, "silent"):  # silent: as it was when it was last open
            self.server.say(path, self.open[path], content_type=content_type)
        elif REFUSALS[state] is None:
            self.server.script(path, broken_off)
        else:
            self.server.say(path, **REFUSALS[state])

    def publish(self, number):
        self.published.append(number)

    def _item(self, number):
        url = self.server.url(f"/news/release-{number}")
        return {"title": f"Release Number {number}", "link": url, "guid": f"g{number}", "pubDate": self._day(number)}

    def _day(self, number):
        return f"{NOW + timedelta(hours=number):%a, %d %b %Y %H:%M:%S} GMT"

    def _headline(self, number):
        day = NOW + timedelta(hours=number)
        return f"Agency: Release Number {number}", f"/news/release-{number}", f"{day:%Y-%m-%d}"


@pytest.fixture
async def roads():
    async with reading(TwoRoads) as reader:
        for number in range(-12, 0):
            reader.publish(number)
        yield reader


@pytest.mark.long
@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("which", ["feed", "page"])
async def test_one_road_closed_at_any_polls_loses_nothing_and_brings_nothing_twice(roads, refusal, which):
    await roads.poll()
    for number, state in enumerate(EACH_ROW_OF_THREE):
        roads.publish(number)
        await roads.poll(**{which: refusal if state == "x" else OPEN})
    await roads.poll()
    await roads.poll()

    assert sorted(map(int, roads.brought)) == list(range(10))


@pytest.mark.long
@pytest.mark.parametrize("refusal", REFUSALS)
async def test_the_roads_take_turns_in_being_closed(roads, refusal):
    await roads.poll()
    for number in range(12):
        roads.publish(number)
        await roads.poll(**({"feed": refusal} if number % 2 else {"page": refusal}))
    await roads.poll()
    await roads.poll()

    assert sorted(map(int, roads.brought)) == list(range(12))


@pytest.mark.long
@pytest.mark.parametrize("refusal", REFUSALS)
async def test_both_closed_for_a_while_loses_nothing(roads, refusal):
    await roads.poll()
    for number in range(6):
        roads.publish(number)
        await roads.poll(feed=refusal, page=refusal)
    await roads.poll()

    assert sorted(map(int, roads.brought)) == list(range(6))


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_second_road_that_was_closed_at_the_start_brings_no_old_news_later(roads, refusal):
    await roads.poll(page=refusal)
    roads.archive = [*range(-60, -40)]
    roads.publish(0)
    await roads.poll(page=refusal)
    roads.publish(1)
    await roads.poll(feed="403")

    assert sorted(map(int, roads.brought)) == [0, 1]


async def test_the_cause_is_named_and_the_road_that_is_taken(roads):
    await roads.poll()
    roads.publish(0)
    answer = await roads.poll(feed="403")

    assert answer.health is Health.DETOUR
    assert answer.detail.startswith("feed of 127.0.0.1: blocks the bot (")
    assert answer.detail.endswith("; read instead: news-page of 127.0.0.1")
    assert (await roads.poll()).health.good


async def test_if_all_roads_are_closed_each_cause_is_named(roads):
    await roads.poll()
    answer = await roads.poll(feed="403", page="gone")

    assert isinstance(answer, FetchFailed)
    assert answer.health is Health.BLOCKED
    assert "; news-page of 127.0.0.1: gone" in answer.detail


async def test_while_the_first_road_works_the_second_is_asked_once_a_day(roads):
    for _ in range(4):
        await roads.poll()
    assert roads.server.count("/newsroom") == 1
    assert isinstance(await roads.poll(hours=24), NotModified)

    for answer in (await roads.poll(page="gone"), await roads.poll(page="gone")):
        assert (answer.health, roads.server.count("/newsroom")) == (Health.UNCHANGED, 2)
        assert answer.detail.startswith("another road is closed: news-page of 127.0.0.1: gone")


@pytest.mark.long
async def test_a_feed_that_has_gone_silent_is_told_if_the_page_has_news(roads):
    await roads.poll()
    for day in range(6):
        roads.publish(24 * day)
        answer = await roads.poll(feed="silent", hours=24)

    assert answer.health is Health.DETOUR
    assert "for a long time (nothing new since" in answer.detail
    assert sorted(map(int, roads.brought)) == [24 * day for day in range(6)]


async def test_if_both_are_silent_that_is_no_detour(roads):
    await roads.poll()
    for _ in range(6):
        answer = await roads.poll(hours=24)

    assert answer.health is Health.STALE


async def test_a_road_that_asks_us_to_wait_is_not_asked_before(roads):
    await roads.poll()
    await roads.poll(feed="429 and wait")
    asked = roads.server.count("/rss")
    answer = await roads.poll()

    assert (roads.server.count("/rss"), answer.health) == (asked, Health.DETOUR)
    await roads.poll()
    assert isinstance(await roads.poll(), NotModified)


def test_a_fallback_must_bring_the_same_kind_of_entry():
    page = {"kind": "page", "url": "https://agency.example/news"}
    with pytest.raises(ValueError, match="a page cannot be a fallback of a feed"):
        SourceConfig.model_validate(
            {"kind": "feed", "name": "Agency", "url": "https://agency.example/rss", "fallbacks": [page]}
        )
