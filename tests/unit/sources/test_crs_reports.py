"""Reports of the Congressional Research Service by two roads, EveryCRSReport's feed and congress.gov."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from bot.config.feeds import SourceConfig
from bot.shared.answer import Fetched, Health
from tests.kit.source_reader import SourceReader, reading
from tests.peers import congress_api as api
from tests.peers.feedserver import broken_off, rss

NOW = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)
REFUSALS = {
    "403": {"body": "<html><body>Access Denied</body></html>", "status": 403, "content_type": "text/html"},
    "429": {"body": "", "status": 429},
    "login page with 200": {"body": "<html><body><form></form></body></html>", "content_type": "text/html"},
    "moved": {"body": "", "status": 301, "headers": {"Location": "/welcome"}},
    "gone": {"body": "", "status": 404},
    "empty": None,
    "half an answer": None,
}


class Roads(SourceReader):
    def __init__(self, server):
        super().__init__(server, NOW)
        self.reports: dict[str, datetime] = {}
        self.touched: dict[str, datetime] = {"RL30001": NOW - timedelta(days=4_000)}  # old ones that changed lately
        self.brought: list[str] = []
        server.say("/welcome", "<html><body>Welcome</body></html>", content_type="text/html")
        fallback = {"kind": "crs-reports", "url": server.url("/v3/crsreport?format=json&limit=250")}
        values = {"kind": "feed", "name": "CRS", "url": server.url("/rss.xml"), "stale_after": "14d"}
        config = SourceConfig.model_validate({**values, "fallbacks": [fallback]})
        given = {"bills": (), "laws": (), "sources": ()}
        self.source = config.adapter("crs", config.url, self.fetcher, lambda road: road.key_setting and "k", **given)

    def say(self, path, state, body, empty, content_type):
        if state in ("open", "empty"):
            self.server.say(path, body if state == "open" else empty, content_type=content_type)
        elif state == "half an answer":
            self.server.script(path, broken_off)
        else:
            self.server.say(path, **REFUSALS[state])

    async def poll(self, feed="open", congress="open"):
        newest = [*reversed(self.reports.items())][:20]
        items = [{"title": f"Report {id_}", "link": f"https://www.everycrsreport.com/reports/{id_}.html",
                  "guid": f"https://www.everycrsreport.com/reports/{id_}.html",
                  "pubDate": f"{at:%a, %d %b %Y %T} GMT"} for id_, at in newest]  # fmt: skip
        self.say("/rss.xml", feed, rss(*items), rss(), "application/rss+xml")
        rows = [api.report_row(id_, f"Report {id_}", at, self.now) for id_, at in (self.reports | self.touched).items()]
        self.say("/v3/crsreport", congress, api.listed("CRSReports", rows), api.listed("CRSReports", ()),
                 "application/json")  # fmt: skip
        before = self.memory.first_success_at
        answer = await self.ask(self.source)
        self.now += timedelta(hours=6)
        if isinstance(answer, Fetched) and before:
            news = [entry for entry in answer.entries if entry.identity[0] not in answer.baseline]
            self.brought += [entry.title for entry in news]
        return answer


@pytest.fixture
async def roads():
    async with reading(Roads) as reader:
        for number in range(12):
            reader.reports[f"R480{number:02}"] = NOW - timedelta(days=20 - number)
        yield reader


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("which", ["feed", "congress"])
async def test_one_road_closed_at_any_polls_loses_no_report_and_brings_none_twice(roads, refusal, which):
    await roads.poll()
    shut = [*itertools.chain.from_iterable(itertools.product((False, True), repeat=3))]
    for number, closed in enumerate(shut):
        roads.reports[f"IF129{number:02}"] = roads.now
        await roads.poll(**{which: refusal if closed else "open"})
    for _ in range(2):
        await roads.poll()

    assert sorted(roads.brought) == [f"Report IF129{number:02}" for number in range(len(shut))]


async def test_an_old_report_that_changed_is_no_news(roads):
    await roads.poll()
    roads.touched["98-202"] = NOW - timedelta(days=9_000)
    await roads.poll(feed="403")

    assert roads.brought == []


async def test_a_report_of_congress_gov_leads_to_its_page_there(roads):
    await roads.poll()
    roads.reports["IF12901"] = roads.now
    answer = await roads.poll(feed="403")

    [entry] = [entry for entry in answer.entries if entry.title == "Report IF12901"]
    assert entry.url == "https://www.congress.gov/crs-product/IF12901"
    assert entry.identity[0] == "url:everycrsreport.com/reports/IF12901.html"
    assert (answer.health, answer.detail.rpartition("; ")[2]) == (
        Health.DETOUR,
        "read instead: crs-reports of 127.0.0.1",
    )
    assert {headers.get("X-Api-Key") for path, headers in roads.server.asked if path.startswith("/v3")} == {"k"}
