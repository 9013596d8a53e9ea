"""Rules under review at OMB: received, concluded, and what is no list of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alerts.headline import headline
from bot.shared.answer import FetchFailed, Health, NotModified
from bot.shared.entry import Kind
from bot.sources.register.reginfo import OmbReviews
from bot.watch.engine import Matcher
from bot.watch.model import Level, Watch
from bot.watch.query import parse
from tests.kit.source_reader import SourceReader
from tests.peers.agenda import NOT_THERE, ROBOTS, review, reviews

NOW = datetime(2026, 10, 2, 14, 0, tzinfo=UTC)
OTHER = review("1615-AC99", title="Another Rule")


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, NOW)

    async def poll(self, *received, concluded=(OTHER,), body=None, **refusal):
        self.server.say("/EO_RULES_UNDER_REVIEW", body or reviews(*received), content_type="text/xml", **refusal)
        self.server.say("/EO_RULE_COMPLETED_30_DAYS", reviews(*concluded), content_type="text/xml")
        answer = await self.ask(OmbReviews("omb", "OMB", self.server.url("/{list}"), self.fetcher))
        self.now += timedelta(hours=12)
        return answer


async def test_a_rule_received_has_its_clock_and_the_place_to_ask_for_a_meeting(reader):
    entry, _ = (await reader.poll(review())).entries

    assert (entry.kind, entry.thread, entry.publication_date) == (
        Kind.PLANNED_RULE,
        "rule:1121-AA12",
        date(2026, 10, 1),
    )
    assert headline(entry).text == "Under review at OMB: Relief for Survivors of Trafficking"
    assert entry.notes == (
        "Proposed Rule, RIN 1121-AA12, received by OMB on Thu Oct 1, 2026.",
        "OMB has 90 days and may take 30 more (E.O. 12866, section 6(b)(2)).",
        "Until it concludes, anyone may ask for a meeting, by the RIN. It does not replace a comment to the agency.",
    )
    assert entry.url == "https://www.reginfo.gov/public/do/eo/neweomeeting"


async def test_a_watch_for_documents_makes_it_an_alert(reader):
    entry, _ = (await reader.poll(review())).entries
    watch = Watch("w", "w", (), Level.ALERT, parse("survivors"), kinds=(Kind.DOCUMENT,))

    assert [match.level for match in Matcher([watch]).match(entry)] == [Level.ALERT]


async def test_its_conclusion_comes_once_in_the_same_thread_with_omb_s_decision(reader):
    await reader.poll(review(), OTHER)
    ended = review(completed="2026-11-05")
    [entry] = (await reader.poll(OTHER, concluded=(ended,))).entries
    assert isinstance(await reader.poll(OTHER, concluded=(ended,)), NotModified)

    assert (entry.thread, entry.type) == ("rule:1121-AA12", "Review at OMB concluded")
    assert entry.notes[1] == "Concluded on Thu Nov 5, 2026: Consistent with Change."
    assert entry.url.endswith("?rin=1121-AA12&viewRule=true")


async def test_a_rule_that_comes_to_omb_again_is_another_review(reader):
    await reader.poll(review(), OTHER)
    [entry] = (await reader.poll(review(stage="Final Rule", received="2027-03-01"), OTHER)).entries

    assert (entry.identity, entry.thread) == (("review:1121-AA12:2027-03-01",), "rule:1121-AA12")


@pytest.mark.parametrize("row", [review("x"), review(title=""), review(received="soon")])
async def test_a_row_that_cannot_be_read_is_counted_and_stops_no_other(reader, row):
    answer = await reader.poll(row, OTHER)

    assert (answer.broken, [entry.title for entry in answer.entries]) == (1, ["Another Rule"])


@pytest.mark.parametrize(
    ("refusal", "health"),
    [
        ({"body": NOT_THERE}, Health.NOT_A_FEED),
        ({"body": ROBOTS}, Health.BLOCKED),
        ({"body": ROBOTS, "status": 403}, Health.BLOCKED),
        ({"body": reviews()}, Health.EMPTY),
        ({"body": reviews(OTHER)[:-20]}, Health.MALFORMED),
    ],
)
async def test_what_is_no_list_is_health_and_nothing_is_lost(reader, refusal, health):
    await reader.poll(OTHER)
    answer = await reader.poll(**refusal)
    assert isinstance(answer, FetchFailed)
    assert answer.health is health

    [entry] = (await reader.poll(review(), OTHER)).entries
    assert entry.type == "Under review at OMB"
