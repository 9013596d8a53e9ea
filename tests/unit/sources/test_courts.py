"""CourtListener's search feeds: one identity for one record, whatever its address is called, and the feed's traps."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from html import escape

import pytest

from bot.alerts.cards import Item, digest_line, story_card
from bot.alerts.source_health import advice
from bot.config.load import Labels
from bot.shared.answer import Health, Memory, NotModified
from bot.shared.entry import Agency, Kind
from bot.sources.courts import FILING, OPINION, CourtListener, record_of
from tests.kit.source_reader import SourceReader

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SITE = "https://www.courtlistener.com"
PATH = "/feed/search/"
API = "/api/rest/v4/search/"
HEADER = "Case 1:26-cv-00118-ABC Document 5 Filed 11/20/26 Page 1 of 9 ORDER on the river permit."


def result(path, name="River Alliance v. Water Board", text="The permit stands.", filed="2026-11-20T00:00:00-08:00",
           court="Court of Appeals for the Ninth Circuit"):  # fmt: skip
    """One result, as the site's own feed generator writes it."""
    summary = escape(f'\n<p>{text}</p><br>\n<a href="{path}">Original document</a>')
    return (
        f'<entry><title>{escape(name)}</title><link href="{SITE}{path}" rel="alternate"/><published>{filed}</published>'
        f"<updated>{filed}</updated><author><name>{court}</name></author><id>{SITE}{path}</id>"
        f'<summary type="html">{summary}</summary></entry>'
    )


def feed(*results):
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">'
        f"<title>CourtListener.com Custom Search Feed</title>{''.join(results)}</feed>"
    )


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, MONDAY)

    async def poll(self, *results, body=None, **how):
        self.server.say(PATH, feed(*results) if body is None else body, **({"content_type": "application/xml"} | how))
        self.now += timedelta(hours=6)
        return await self.ask(CourtListener("courts", "Courts", self.server.url(PATH), self.fetcher, gap=0))


async def test_an_opinion_has_its_court_case_and_day_and_its_text_is_only_matched(reader):
    (entry,) = (await reader.poll(result("/opinion/9012345/river-alliance-v-water-board/"))).entries

    assert (entry.kind, entry.type, entry.title) == (Kind.COURT, OPINION, "River Alliance v. Water Board")
    assert entry.agencies == (Agency("Court of Appeals for the Ninth Circuit"),)
    assert entry.publication_date == date(2026, 11, 20)
    assert entry.url == f"{SITE}/opinion/9012345/river-alliance-v-water-board/"
    assert "The permit stands." in entry.text
    assert (entry.summary, entry.notes) == (None, ())  # the feed has no docket number


async def test_a_filing_quotes_the_docket_number_of_its_own_header(reader):
    answer = await reader.poll(
        result("/docket/700/5/river-alliance-v-water-board/", text=HEADER),
        result("/docket/700/6/2/river-alliance-v-water-board/", text=f"{'Facts. ' * 60}See Case 2:20-cv-00001."),
    )

    second, first = answer.entries
    assert first.notes == ("Docket number in its header: 1:26-cv-00118.",)
    assert second.notes == ()  # a case that its text cites is another one
    assert {first.thread, second.thread} == {"court:docket:700"}
    assert (first.identity, first.type) == (("court:docket:700:5",), FILING)
    assert second.identity == ("court:docket:700:6:2",)


@pytest.mark.parametrize(
    "filed", ["2026-11-20T00:00:00-08:00", "2026-11-20T00:00:00-05:00", "2026-11-20T00:00:00-10:00"]
)
async def test_the_day_is_the_one_on_the_record_in_any_of_its_zones(reader, filed):
    (entry,) = (await reader.poll(result("/opinion/1/x/", filed=filed))).entries
    assert entry.publication_date == date(2026, 11, 20)


async def test_a_repeated_feed_and_a_renamed_case_are_the_same_record(reader):
    one, other = result("/opinion/1/doe-v-board/", "Doe v. Board"), result("/opinion/2/roe-v-board/", "Roe v. Board")
    await reader.poll(one, other)

    assert isinstance(await reader.poll(one, other), NotModified)
    assert (await reader.poll(other, one)).entries == ()  # the order changed
    renamed = await reader.poll(result("/opinion/1/doe-v-water-board/", "Doe v. Water Board"), other)
    assert [entry.identity for entry in renamed.entries] == [("court:opinion:1",)]
    assert (await reader.poll(one, one)).entries == ()  # seen under that name before, and listed twice


async def test_many_filings_of_one_case_share_its_name_and_are_all_new(reader):
    def filings(last):
        return [result(f"/docket/700/{n}/river-alliance-v-water-board/") for n in range(last, last - 20, -1)]

    await reader.poll(*filings(20))
    answer = await reader.poll(*filings(24))

    assert [entry.identity[0] for entry in answer.entries] == [f"court:docket:700:{n}" for n in range(21, 25)]
    assert answer.health is Health.OK
    overrun = await reader.poll(*filings(60))
    assert (len(overrun.entries), overrun.health) == (20, Health.OVERRUN)


async def test_a_search_without_results_is_an_answer(reader):
    answer = await reader.poll()

    assert (answer.entries, answer.health, answer.broken) == ((), Health.EMPTY_EXPECTED, 0)
    assert len((await reader.poll(result("/opinion/1/x/"))).entries) == 1


async def test_what_is_no_record_is_left_out_and_counted(reader):
    answer = await reader.poll(
        result("/opinion/1/x/"),
        result("/docket/700/river-alliance-v-water-board/"),  # the whole docket: it changes with each filing
        result("/opinion/latest/"),
        result("/person/8/a-judge/"),
        result("/opinion/2/y/", name=""),
    )
    assert ([entry.identity[0] for entry in answer.entries], answer.broken) == (["court:opinion:1"], 4)


@pytest.mark.parametrize(
    ("how", "health"),
    [
        (
            {"body": "<!doctype html><title>Error</title><h1>Server error</h1>", "content_type": "text/html"},
            "not-a-feed",
        ),
        ({"body": '{"detail": "Request was throttled."}', "content_type": "application/json"}, "not-a-feed"),
        ({"status": 403}, "needs-key"),
        ({"status": 404}, "gone"),
    ],
)
async def test_an_error_is_health_and_what_was_seen_stays(reader, how, health):
    await reader.poll(result("/opinion/1/x/"))

    assert (await reader.poll(**how)).health == health
    assert (await reader.poll(result("/opinion/1/x/"))) == NotModified(reader.memory)


async def test_a_limit_is_waited_for(reader):
    answer = await reader.poll(status=429, headers={"Retry-After": "3600"})
    assert (answer.health, answer.retry_at) == (Health.UNREACHABLE, reader.now + timedelta(hours=1))


async def test_huge_texts_and_markup_come_out_short_and_plain(reader):
    hostile = result("/opinion/1/x/", "<b>A</b> v. <script>B</script>" * 500, "word " * 40_000, court="C" * 9_000)
    (entry,) = (await reader.poll(hostile)).entries

    assert len(entry.title) <= 500
    assert len(entry.text) <= 2_000
    assert len(entry.agencies[0].name) <= 100
    assert "<" not in entry.title + entry.text


async def test_a_card_says_which_court_and_when_it_was_filed(reader):
    (entry,) = (await reader.poll(result("/docket/700/5/x/", text=HEADER))).entries
    labels = Labels(asks={}, sources={"courts": "CourtListener"}, zone=UTC)

    card = story_card([Item(id="e1", entry=entry, matches=())], labels)

    assert card.byline == "Court of Appeals for the Ninth Circuit · Court filing · filed Fri Nov 20, 2026"
    assert [line.text for line in card.lines] == ["Docket number in its header: 1:26-cv-00118."]
    assert [link.label for link in card.links] == ["Court record"]
    line = digest_line([Item(id="e1", entry=entry, matches=())]).text
    assert line == "Court of Appeals for the Ninth Circuit: River Alliance v. Water Board"


async def test_two_searches_of_the_site_keep_their_distance(reader):
    """The second one waits, and holds up no other host."""
    url = reader.server.say(PATH, feed(), content_type="application/xml")
    searches = [CourtListener("courts", "Courts", url, reader.fetcher, gap=3600) for _ in range(2)]
    await searches[0].poll(Memory(), MONDAY)
    waits = asyncio.create_task(searches[1].poll(Memory(), MONDAY))
    elsewhere = CourtListener("x", "X", url.replace("127.0.0.1", "localhost"), reader.fetcher)

    async with asyncio.timeout(60):
        answer = await elsewhere.poll(Memory(), MONDAY)

    assert answer.health is Health.EMPTY_EXPECTED
    assert (waits.done(), reader.server.count(PATH)) == (False, 2)
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)


def test_only_numbers_identify_a_record():
    assert record_of(f"{SITE}/opinion/12/a-v-b/") == record_of(f"{SITE}/opinion/12/c-v-d/")
    assert record_of(f"{SITE}/opinion/x12/a-v-b/") is None
    assert record_of("") is None


def api(*results):
    return json.dumps({"count": len(results), "next": None, "previous": None, "results": results})


OPINION_ROW = {
    "absolute_url": "/opinion/9012345/river-alliance-v-water-board/", "caseName": "River Alliance v. Water Board",
    "court": "Court of Appeals for the Ninth Circuit", "dateFiled": "2026-11-20", "docketNumber": "26-118",
    "opinions": [{"snippet": "The permit <mark>stands</mark>."}],
}  # fmt: skip
DOCKET_ROW = {
    "caseName": "River Alliance v. Water Board", "court": "District Court, D. Example", "dateFiled": "2026-01-02",
    "recap_documents": [
        {"absolute_url": "/docket/71/5/river-alliance-v-water-board/", "entry_date_filed": "2026-11-20",
         "description": "ORDER granting the motion", "snippet": ""},
    ],
}  # fmt: skip


async def test_with_a_token_the_api_is_asked_and_brings_the_same_entry_as_the_feed(reader):
    reader.server.say(API, api(OPINION_ROW), content_type="application/json")
    url = reader.server.url(f"{PATH}?type=o&q=permit")
    (by_feed,) = (await reader.poll(result(OPINION_ROW["absolute_url"]))).entries
    answer = await CourtListener("courts", "Courts", url, reader.fetcher, gap=0, key="a-token").poll(Memory(), MONDAY)

    (by_api,) = answer.entries
    same = ("identity", "thread", "title", "type", "agencies", "publication_date")
    assert [getattr(by_api, name) for name in same] == [getattr(by_feed, name) for name in same]
    assert by_api.text == "The permit stands."
    path, headers = reader.server.asked[-1]
    assert path == f"{API}?type=o&q=permit&order_by=dateFiled+desc"
    assert headers["Authorization"] == "Token a-token"


async def test_a_case_s_filings_are_entries_of_their_own_days(reader):
    reader.server.say(API, api(DOCKET_ROW), content_type="application/json")
    url = reader.server.url(f"{PATH}?type=r&q=permit")
    answer = await CourtListener("courts", "Courts", url, reader.fetcher, gap=0, key="a-token").poll(Memory(), MONDAY)

    (entry,) = answer.entries
    assert (entry.type, entry.publication_date, entry.text) == (FILING, date(2026, 11, 20), "ORDER granting the motion")


@pytest.mark.parametrize(
    ("status", "key", "health", "hint"),
    [
        (401, "", Health.NEEDS_KEY, ": it may want an account; set COURTLISTENER_TOKEN in .env"),
        (403, "", Health.NEEDS_KEY, ": it may want an account; set COURTLISTENER_TOKEN in .env"),
        (401, "a-token", Health.NEEDS_KEY, ": check COURTLISTENER_TOKEN"),
        (403, "a-token", Health.BLOCKED, "403 Forbidden"),
        (404, "", Health.GONE, "404 Not Found"),
        (429, "", Health.UNREACHABLE, "429 Too Many Requests"),
    ],
)
async def test_a_token_wanted_is_told_apart_from_a_search_that_is_gone(reader, status, key, health, hint):
    for path in (PATH, API):
        reader.server.say(path, status=status)
    source = CourtListener("courts", "Courts", reader.server.url(PATH), reader.fetcher, gap=0, key=key)

    failed = await source.poll(Memory(), MONDAY)

    assert (failed.health, failed.detail.endswith(hint), "a-token" in failed.detail) == (health, True, False)
    assert ("not gone" in advice(failed.health)) is (health is Health.NEEDS_KEY)


@pytest.mark.parametrize(
    "body", ["[]", '{"results": {}}', '{"results": [{"caseName": "X"}, 7]}', "<html>Log in</html>"]
)
async def test_an_api_s_odd_answer_brings_nothing(reader, body):
    reader.server.say(API, body, content_type="application/json")
    source = CourtListener("courts", "Courts", reader.server.url(PATH), reader.fetcher, gap=0, key="a-token")

    answer = await source.poll(Memory(), MONDAY)

    assert getattr(answer, "entries", ()) == ()
    assert getattr(answer, "broken", 2) == 2
