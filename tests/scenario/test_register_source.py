"""The Register's two sources against its API's own shape and traps, over loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import web

from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Fetched, FetchFailed, Health, Memory, NotModified
from bot.shared.entry import Change, Stage
from bot.sources.register.federal_register import FederalRegister, PublicInspection
from tests.peers.register import GATE, RegisterPeer, filing

pytestmark = pytest.mark.sqlite  # no store is read

TUESDAY = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # 11:00 Eastern
SATURDAY = datetime(2026, 11, 28, 16, 0, tzinfo=UTC)
POLLED = Memory(first_success_at=TUESDAY - timedelta(days=30))
BROKEN = "<html><head><title>Federal Register</title></head><body>A search page</body></html>"


def document(number: int, day: str = "2026-11-24", slug: str = "justice-department", **sentence: Any) -> dict[str, Any]:
    agency = {"raw_name": slug.upper(), "name": slug, "id": 1, "parent_id": None, "slug": slug}
    return {
        "document_number": f"2026-{number:05}",
        "title": f"Notice {number}",
        "type": "Notice",
        "publication_date": day,
        "agencies": [agency],
    } | sentence


def page(text: str, content_type: str = "text/html", **how: Any) -> Any:
    return lambda _: web.Response(text=text, content_type=content_type, **how)


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    fetcher = Fetcher("coalition-bot/test (+tests)", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    yield fetcher
    await fetcher.close()


@pytest.fixture
async def peer() -> AsyncIterator[RegisterPeer]:
    async with RegisterPeer([document(n) for n in range(1, 4)]) as peer:
        yield peer


def register(peer: RegisterPeer, fetcher: Fetcher, **how: Any) -> FederalRegister:
    return FederalRegister("fr", "Federal Register", peer.documents_url, fetcher, **how)


def inspection(peer: RegisterPeer, fetcher: Fetcher) -> PublicInspection:
    return PublicInspection("pi", "Public inspection", peer.inspection_url, fetcher)


def numbers(answer: Any) -> list[str | None]:
    assert isinstance(answer, Fetched), answer
    return [entry.number for entry in answer.entries]


async def test_a_week_of_the_asked_agencies_comes_oldest_first(peer, fetcher):
    peer.documents += [
        document(9, "2026-11-18"),
        document(8, "2026-11-16"),
        document(7, slug="coast-guard"),
        document(6, slug="other"),
    ]
    source = register(peer, fetcher, agencies=["justice-department", "coast-guard"])
    answer = await source.poll(Memory(), TUESDAY)
    assert numbers(answer) == ["2026-00009", "2026-00001", "2026-00002", "2026-00003", "2026-00007"]
    query = parse_qsl(urlsplit(peer.asked[0]).query)
    assert ("conditions[publication_date][gte]", "2026-11-17") in query
    assert ("per_page", "1000") in query
    assert {"document_number", "dates", "toc_doc", "correction_of"} <= {
        value for key, value in query if key == "fields[]"
    }


async def test_after_a_fortnight_s_absence_the_window_reaches_back_to_before_the_last_answer(peer, fetcher):
    peer.documents = [document(1, "2026-11-03"), document(2, "2026-11-06"), document(3, "2026-11-24")]
    memory = Memory(first_success_at=TUESDAY - timedelta(days=30), last_success_at=TUESDAY - timedelta(days=12))
    assert numbers(await register(peer, fetcher).poll(memory, TUESDAY)) == ["2026-00002", "2026-00003"]


async def test_after_years_of_absence_the_window_reaches_back_a_quarter_of_a_year(peer, fetcher):
    memory = Memory(first_success_at=TUESDAY - timedelta(days=999), last_success_at=TUESDAY - timedelta(days=900))
    await register(peer, fetcher).poll(memory, TUESDAY)
    assert "gte%5D=2026-08-19" in peer.asked[0]


async def test_an_unchanged_answer_is_no_news(peer, fetcher):
    source = register(peer, fetcher)
    first = await source.poll(Memory(), TUESDAY)
    again = await source.poll(first.memory, TUESDAY + timedelta(hours=1))
    assert isinstance(again, NotModified)
    peer.documents.append(document(4))
    assert len(numbers(await source.poll(again.memory, TUESDAY + timedelta(hours=2)))) == 4


async def test_pages_are_followed_as_the_api_wrote_them(peer, fetcher):
    peer.documents = [document(n) for n in range(1, 2501)]
    answer = await register(peer, fetcher).poll(Memory(), TUESDAY)
    assert len(set(numbers(answer))) == 2500
    assert answer.health is Health.OK
    assert len(peer.asked) == 3
    assert "search_after_cursor=" in peer.asked[1]
    assert "conditions%5Bpublication_date%5D%5Bgte%5D=2026-11-17" in peer.asked[1]
    assert ".json" not in peer.asked[1]


async def test_pages_on_another_host_are_not_followed_and_the_days_are_asked_for_one_by_one(peer, fetcher):
    peer.documents = [document(n, f"2026-11-{17 + n % 8}") for n in range(1, 1201)]
    async with RegisterPeer(peer.documents) as elsewhere:
        peer.page_elsewhere = elsewhere.base
        answer = await register(peer, fetcher).poll(Memory(), TUESDAY)
    assert len(set(numbers(answer))) == 1200
    assert answer.health is Health.OK
    assert sum("%5Bis%5D" in path for path in peer.asked) == 8
    assert elsewhere.asked == []


async def test_a_later_page_that_changed_is_news_though_the_first_did_not(peer, fetcher):
    peer.documents = [document(n) for n in range(1, 1101)]
    source = register(peer, fetcher)
    first = await source.poll(Memory(), TUESDAY)
    peer.documents[0] = document(1, title="Notice 1; Correction")
    again = await source.poll(first.memory, TUESDAY + timedelta(hours=1))
    assert isinstance(again, Fetched)
    assert "Notice 1; Correction" in {entry.title for entry in again.entries}


@pytest.mark.long
async def test_small_pages_that_start_again_at_the_fiftieth_neither_loop_nor_lose(peer, fetcher):
    peer.largest_page = 500  # so that 1000 becomes 20 without a word
    peer.documents = [document(n, f"2026-11-{17 + n % 8}") for n in range(1, 1605)]
    answer = await register(peer, fetcher).poll(Memory(), TUESDAY)
    assert len(set(numbers(answer))) == 1604
    assert answer.health is Health.OK


@pytest.mark.long
async def test_more_than_ten_thousand_documents_come_whole_and_without_a_round_too_many(peer, fetcher):
    peer.documents = [document(n, f"2026-11-{17 + n % 8}") for n in range(1, 10_051)]
    answer = await register(peer, fetcher).poll(Memory(), TUESDAY)
    assert len(set(numbers(answer))) == 10_050
    assert answer.health is Health.OK
    in_one_go = [path for path in peer.asked if "%5Bis%5D" not in path]
    assert len(in_one_go) == 11  # ten pages, and the eleventh that is the first again


async def test_what_cannot_be_had_is_listed_as_missing(peer, fetcher):
    peer.documents = [document(n) for n in range(1, 1201)]
    peer.page_elsewhere = "http://127.0.0.1:1"
    answer = await register(peer, fetcher).poll(Memory(), TUESDAY)
    assert answer.health is Health.OVERRUN
    assert "1000 of 1200" in answer.detail


async def test_a_quiet_register_is_distinguished_from_a_silent_one(peer, fetcher):
    peer.documents = []
    source = register(peer, fetcher)
    quiet = await source.poll(POLLED, TUESDAY)
    assert isinstance(quiet, Fetched)
    assert (quiet.health, quiet.entries) == (Health.EMPTY, ())
    assert "0 documents on 6 business days since Tue Nov 17, 2026" in quiet.detail
    peer.answer = page("down", status=500)
    silent = await source.poll(POLLED, TUESDAY)
    assert isinstance(silent, FetchFailed)
    assert silent.health is Health.UNREACHABLE


async def test_an_issue_missing_on_a_business_day_is_noticed_but_not_at_the_weekend_or_before_breakfast(peer, fetcher):
    peer.documents = [document(1, "2026-11-23")]
    source = register(peer, fetcher)
    missing = await source.poll(POLLED, TUESDAY)
    assert (missing.health, len(missing.entries)) == (Health.EMPTY, 1)
    assert "Tue Nov 24, 2026" in missing.detail
    before = await source.poll(POLLED, datetime(2026, 11, 24, 11, 0, tzinfo=UTC))
    weekend = await source.poll(POLLED, SATURDAY)
    thanksgiving = await source.poll(POLLED, datetime(2026, 11, 26, 16, 0, tzinfo=UTC))
    assert {before.health, weekend.health, thanksgiving.health} == {Health.OK}
    of_an_agency = await register(peer, fetcher, agencies=["justice-department"]).poll(POLLED, TUESDAY)
    assert of_an_agency.health is Health.OK


async def test_an_agency_that_publishes_little_may_be_silent(peer, fetcher):
    source = register(peer, fetcher, agencies=["parole-commission"], may_be_empty=True)
    assert (await source.poll(POLLED, TUESDAY)).health is Health.EMPTY_EXPECTED


async def test_a_404_is_an_empty_search_but_at_the_first_poll_a_wrong_address(peer, fetcher):
    peer.documents, peer.empty_is_404 = [], True
    source = register(peer, fetcher)
    first = await source.poll(Memory(), TUESDAY)
    assert isinstance(first, FetchFailed)
    assert first.health is Health.GONE
    later = await source.poll(POLLED, TUESDAY)
    assert isinstance(later, Fetched)
    assert (later.health, later.entries) == (Health.EMPTY, ())


async def test_days_without_documents_may_be_404s(peer, fetcher):
    peer.documents = [document(n, f"2026-11-{17 + n % 2}") for n in range(1, 1201)]
    peer.page_elsewhere, peer.empty_is_404 = "http://127.0.0.1:1", True
    assert len(numbers(await register(peer, fetcher).poll(POLLED, SATURDAY - timedelta(days=4)))) == 1200


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (page(GATE), Health.BLOCKED),
        (page("", status=302, headers={"Location": "http://unblock.federalregister.gov/"}), Health.BLOCKED),
        (page("", status=302, headers={"Location": "/elsewhere"}), Health.BLOCKED),
        (page("<html>Forbidden</html>", status=403), Health.BLOCKED),
        (page(BROKEN), Health.NOT_A_FEED),
        (page("<?xml version='1.0'?><rss/>", "application/xml"), Health.MALFORMED),
        (page('{"count": 3, "results": [', "application/json"), Health.MALFORMED),
        (page("[1, 2]", "application/json"), Health.MALFORMED),
        (page("[" * 100_000, "application/json"), Health.MALFORMED),
        (page('{"errors": {"agencies": "bad"}}', "application/json"), Health.MALFORMED),
        (page('{"errors": {"agencies": "bad"}}', "application/json", status=400), Health.UNREACHABLE),
    ],
)
async def test_what_is_no_search_result_is_named_for_what_it_is(peer, fetcher, answer, health):
    peer.answer = answer
    for source in (register(peer, fetcher), inspection(peer, fetcher)):
        failed = await source.poll(POLLED, TUESDAY)
        assert isinstance(failed, FetchFailed)
        assert failed.health is health


async def test_a_document_without_a_number_is_counted_and_stops_nothing(peer, fetcher):
    body = {"count": 3, "results": [{"title": "no number"}, "no object", document(1)]}
    peer.answer = lambda _: web.json_response(body)
    answer = await register(peer, fetcher, agencies=["x"]).poll(POLLED, TUESDAY)
    assert numbers(answer) == ["2026-00001"]
    assert (answer.broken, answer.health) == (2, Health.OK)


async def test_a_filing_and_its_publication_are_one_thread_in_two_states(peer, fetcher):
    peer.filings = [filing("2026-5", publication_date="2026-11-25")]
    filed = (await inspection(peer, fetcher).poll(Memory(), TUESDAY)).entries[0]
    peer.documents = [document(5, "2026-11-25")]
    published = (await register(peer, fetcher).poll(Memory(), TUESDAY + timedelta(days=1))).entries[0]
    assert filed.identity == published.identity == ("fr:2026-00005",)
    assert filed.thread == published.thread
    assert (filed.stage, published.stage) == (Stage.FILED, Stage.PUBLISHED)
    assert filed.publication_date == date(2026, 11, 25)


async def test_special_and_regular_filings_are_as_of_their_own_times(peer, fetcher):
    special = filing("2026-00006", filing_type="special", filed_at="2026-11-23T16:15:00.000-05:00")
    peer.filings = [special, filing("2026-00007")]
    regular, urgent = (await inspection(peer, fetcher).poll(Memory(), TUESDAY)).entries
    assert regular.as_of == datetime(2026, 11, 23, 13, 45, tzinfo=UTC)
    assert urgent.as_of == datetime(2026, 11, 23, 21, 15, tzinfo=UTC)


async def test_a_filing_withdrawn_before_publication_is_a_follow_up_in_its_thread(peer, fetcher):
    source = inspection(peer, fetcher)
    peer.filings = [filing("2026-00006")]
    before = await source.poll(Memory(), TUESDAY)
    assert isinstance(await source.poll(before.memory, TUESDAY), NotModified)
    peer.filings = [filing("2026-00006", publication_date=None)]
    after = await source.poll(before.memory, TUESDAY)
    assert after.entries[0].identity != before.entries[0].identity
    assert after.entries[0].thread == before.entries[0].thread
    assert (before.entries[0].change, after.entries[0].change) == (None, Change.WITHDRAWAL)


async def test_an_unchanged_answer_becomes_bad_news_when_the_day_s_issue_is_due(peer, fetcher):
    peer.documents = [document(1, "2026-11-23")]
    source = register(peer, fetcher)
    early = await source.poll(POLLED, datetime(2026, 11, 24, 11, 10, tzinfo=UTC))
    assert early.health is Health.OK
    assert isinstance(await source.poll(early.memory, datetime(2026, 11, 24, 12, 10, tzinfo=UTC)), NotModified)
    for hour in (14, 15):
        late = await source.poll(early.memory, datetime(2026, 11, 24, hour, 10, tzinfo=UTC))
        assert (late.health, late.entries) == (Health.EMPTY, ())
        assert "Tue Nov 24, 2026" in late.detail


async def test_an_empty_list_stays_empty_however_often_it_is_unchanged(peer, fetcher):
    source = inspection(peer, fetcher)
    dawn = await source.poll(Memory(), datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert dawn.health is Health.EMPTY_EXPECTED
    for hour in (15, 16):
        assert (await source.poll(dawn.memory, datetime(2026, 11, 24, hour, 0, tzinfo=UTC))).health is Health.EMPTY


async def test_nothing_on_public_inspection_is_normal_but_on_a_business_day(peer, fetcher):
    source = inspection(peer, fetcher)
    assert (await source.poll(Memory(), TUESDAY)).health is Health.EMPTY
    assert (await source.poll(Memory(), SATURDAY)).health is Health.EMPTY_EXPECTED
