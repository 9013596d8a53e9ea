"""GDELT's searches: what they find, what they leave out, and what they say instead of an answer."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Fetched, FetchFailed, Memory, NotModified
from bot.shared.health import Health
from bot.sources.gdelt import Gdelt, tidy
from tests.kit.source_reader import stored
from tests.peers.feedserver import serving

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def row(n, **more):
    url = f"https://herald.example:443/2026/{n}?utm_source=gdelt"
    return {"url": url, "url_mobile": "", "title": f"Story {n} , of the day", "seendate": "20261124T091500Z",
            "domain": "herald.example", "language": "English"} | more  # fmt: skip


class Search:
    def __init__(self, server):
        self.server, self.memory = server, Memory()
        self.fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))

    async def poll(self, body, **sentence):
        text = body if isinstance(body, str) else json.dumps(body)
        self.server.say("/doc", text, **{"content_type": "application/json"} | sentence)
        source = Gdelt("gdelt", "GDELT", self.server.url("/doc"), self.fetcher, keyword="(a OR b) c", gap=0)
        answer = stored(await source.poll(self.memory, NOW), self.memory, NOW)
        self.memory = getattr(answer, "memory", self.memory)
        return answer


@pytest.fixture
async def search():
    async with serving() as server:
        made = Search(server)
        yield made
        await made.fetcher.close()


async def test_an_article_has_its_headline_its_outlet_and_when_it_was_seen(search):
    answer = await search.poll({"articles": [row(1)]})

    (entry,) = answer.entries
    assert (entry.title, entry.outlet) == ("Story 1, of the day", "herald.example")
    assert entry.identity == ("url:herald.example/2026/1",)
    assert entry.published is None  # it says when it saw it, not when it came out
    assert entry.as_of == datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize("body", [{}, {"articles": []}])
async def test_nothing_found_is_no_trouble(search, body):
    answer = await search.poll(body)

    assert isinstance(answer, Fetched)
    assert (answer.entries, answer.health) == ((), Health.EMPTY_EXPECTED)


async def test_what_was_handed_on_is_not_handed_on_again(search):
    await search.poll({"articles": [row(1), row(2)]})
    answer = await search.poll({"articles": [row(2), row(3)]})

    assert [entry.title[:7] for entry in answer.entries] == ["Story 3"]
    assert isinstance(await search.poll({"articles": [row(2), row(3)]}), NotModified)


async def test_rows_without_an_address_or_a_headline_are_counted(search):
    rows = [row(1), row(2, url="javascript:alert(1)"), row(3, title=""), "x", row(4, seendate="")]
    answer = await search.poll({"articles": rows})

    assert len(answer.entries) == 2
    assert answer.broken == 3


async def test_a_full_answer_of_news_alone_may_have_missed_some(search):
    await search.poll({"articles": [row(0)]})
    answer = await search.poll({"articles": [row(n) for n in range(1, 251)]})

    assert answer.health is Health.OVERRUN


async def test_what_it_cannot_search_for_it_is_quoted_on(search):
    answer = await search.poll("The specified phrase is too short.\n", content_type="text/html; charset=utf-8")

    assert isinstance(answer, FetchFailed)
    assert answer.detail == "GDELT rejected the query: “The specified phrase is too short.”"


async def test_too_many_requests_are_a_failure_to_wait_out(search):
    answer = await search.poll("slow down", status=429, headers={"Retry-After": "60"})

    assert isinstance(answer, FetchFailed)
    assert answer.retry_at is not None


async def test_the_question_is_the_search_of_a_day(search):
    await search.poll({})

    asked = parse_qs(urlsplit(Gdelt("g", "g", "", search.fetcher, keyword="(a OR b) c").url).query)
    assert (asked["query"], asked["mode"], asked["timespan"], asked["maxrecords"]) == (["(a OR b) c"], ["ArtList"],
                                                                                      ["1d"], ["250"])  # fmt: skip


@pytest.mark.parametrize(
    ("spaced", "sentence"),
    [
        ("Polaris , the nonprofit , says : no", "Polaris, the nonprofit, says: no"),
        ("Survivors ' s Act ( signed )", "Survivors's Act (signed)"),
        ("It costs $ 5 ?", "It costs $5?"),
    ],
)
def test_blanks_around_signs_are_taken_out(spaced, sentence):
    assert tidy(spaced) == sentence
