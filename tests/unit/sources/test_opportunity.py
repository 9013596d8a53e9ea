"""What grants.gov's records say, in all the shapes they have, and what goes wrong when it is asked."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Fetched, FetchFailed, Health, Memory
from bot.sources.grants.grants import Grants
from bot.sources.grants.opportunity import (
    FORECAST,
    POSTED,
    Hit,
    parse_hit,
    parse_opportunity,
    previous_announcement,
    program,
)
from tests.peers.feedserver import serving
from tests.peers.grants import Announcement, GrantsPeer

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
ONE = Announcement(1, "O-OVC-2026-1", "OVC FY 2026 Housing Assistance", date(2026, 2, 20), date(2026, 4, 3))


def listed(id_=1, title="OVC FY 2026 Housing", opened=date(2026, 1, 5), listings=("16.320",), stage=POSTED):
    return Hit(str(id_), "n", title, stage, "USDOJ-OJP-OVC", frozenset(listings), opened, None)


# --- pure ------------------------------------------------------------------------------------------------------------


def test_a_hit_is_read_with_its_dates():
    parsed = parse_hit(ONE.hit())
    assert (parsed.id, parsed.stage, parsed.opened, parsed.closes) == ("1", POSTED, date(2026, 2, 20), date(2026, 4, 3))
    assert parsed.listings == {"16.320"}


def test_a_record_is_read_and_an_empty_forecast_next_to_it_is_not():
    parsed = parse_opportunity(ONE.record(), parse_hit(ONE.hit()))
    assert (parsed.stage, parsed.closes, parsed.expected) == (POSTED, date(2026, 4, 3), "")
    assert [agency.name for agency in parsed.agencies] == ["Office for Victims of Crime", "Department of Justice"]
    assert parsed.summary == "Services for victims of human trafficking."


def test_a_forecast_gives_estimates_and_no_closing_date():
    one = Announcement(1, "N", "T", date(2026, 2, 20), date(2026, 4, 3), forecast=True)
    parsed = parse_opportunity(one.record(), parse_hit(one.hit()))
    assert (parsed.stage, parsed.closes) == (FORECAST, None)
    assert parsed.expected == "applications due Fri Apr 3, 2026"


@pytest.mark.parametrize(
    ("kinds", "read"),
    [
        (["Full Announcement", "Other Supporting Documents"], ["0.pdf"]),
        (["Full Announcement", "Revised Full Announcement"], ["1.pdf"]),
        (["Other Supporting Documents"], ["0.pdf"]),
        ([], []),
    ],
)
def test_of_the_attached_files_the_announcement_s_newest_own_are_read(kinds, read):
    folders = [
        {
            "folderType": kind,
            "synopsisAttachments": [{"id": n, "fileName": f"{n}.pdf"}, {"id": 9, "fileName": "x.xlsx"}],
        }
        for n, kind in enumerate(kinds)
    ]
    parsed = parse_opportunity(ONE.record() | {"synopsisAttachmentFolders": folders}, parse_hit(ONE.hit()))
    assert [file.name for file in parsed.files] == read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OVC FY 2025 Housing Assistance", "OVC FY 2026 Housing Assistance"),
        ("OVC FY25 Housing Assistance", "OVC Fiscal Year 2026 Housing Assistance"),
        ("BJA FY 2024-25 Task Forces", "BJA FY 2026 Task Forces"),
    ],
)
def test_a_programme_is_its_title_without_the_year(one, other):
    assert program(one) == program(other)


def test_the_one_before_is_the_newest_earlier_one_of_the_same_programme():
    last = listed(2, "OVC FY 2025 Housing", date(2025, 1, 5))
    others = [
        listed(3, "OVC FY 2024 Housing", date(2024, 1, 5)),
        last,
        listed(4, "OVC FY 2025 Shelter", date(2025, 6, 1)),
        listed(5, "OVC FY 2025 Housing", date(2025, 6, 1), listings=("93.1",)),
        listed(6, "OVC FY 2027 Housing", date(2027, 1, 5)),
        listed(7, "OVC FY 2025 Housing", date(2025, 7, 1), stage=FORECAST),
        listed(1),
    ]
    assert previous_announcement(listed(1), others) == last
    assert previous_announcement(listed(1), others[3:]) is None


NAMES = st.sampled_from([
    "id", "title", "oppStatus", "openDate", "cfdaList", "docType", "synopsis", "forecast", "synopsisDesc", "agencyName",
    "synopsisAttachmentFolders", "synopsisAttachments", "folderType", "fileName", "postingDate", "agencyDetails",
])  # fmt: skip
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["posted", "1", "a.pdf"])
ANY = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6))


@pytest.mark.long
@given(st.dictionaries(NAMES, ANY))
def test_whatever_comes_is_read_without_harm(record):
    parse_hit(record)
    parse_opportunity(record, listed())


# --- asking ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def peer():
    async with serving() as server:
        peer = GrantsPeer(server)
        peer.server = server
        peer.fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
        yield peer
        await peer.fetcher.close()


def source(peer, **options):
    return Grants("g", "Grants", peer.url, peer.fetcher, attachments=peer.files_url, **options)


async def test_the_search_is_of_open_announcements_by_agencies_and_words(peer):
    await source(peer, agencies=["A", "B"], keyword="human trafficking").poll(Memory(), NOW)
    assert peer.asked == [
        ("search2", {"rows": 100, "startRecordNum": 0, "oppStatuses": "forecasted|posted",
                     "keyword": "human trafficking", "agencies": "A|B"})
    ]  # fmt: skip


async def test_long_lists_are_turned_over_and_a_poll_opens_six(peer):
    peer.announcements = [Announcement(n, f"N-{n}", f"Title {n}", date(2026, 1, 5)) for n in range(1, 131)]
    answer = await source(peer).poll(Memory(), NOW)
    searched = [question["startRecordNum"] for what, question in peer.asked if what == "search2"]
    assert searched == [0, 100]
    assert len(answer.memory.cursor["opportunities"]) == 130
    assert len(answer.entries) == 6


@pytest.mark.parametrize(("may_be_empty", "health"), [(False, Health.EMPTY), (True, Health.EMPTY_EXPECTED)])
async def test_a_search_without_hits_forgets_nothing(peer, may_be_empty, health):
    before = Memory(cursor={"opportunities": {"1": {"stage": POSTED}}}, first_success_at=NOW)
    answer = await source(peer, may_be_empty=may_be_empty).poll(before, NOW)
    assert (answer.health, answer.memory.cursor) == (health, before.cursor)


@pytest.mark.parametrize(
    ("body", "health"),
    [
        ({"errorcode": 1, "msg": "Webservice fails", "data": {}}, Health.MALFORMED),
        ({"errorcode": 0, "data": {"hitCount": 0}}, Health.MALFORMED),
        ([], Health.MALFORMED),
        ("<!doctype html><title>Just a moment...</title>", Health.BLOCKED),
        ("<!doctype html><title>Not Found</title>", Health.NOT_A_FEED),
    ],
)
async def test_an_answer_that_is_none_is_reported_as_what_it_is(peer, body, health):
    text = body if isinstance(body, str) else json.dumps(body)
    peer.server.say("/v1/api/search2", text, content_type="application/json")
    answer = await source(peer).poll(Memory(), NOW)
    assert isinstance(answer, FetchFailed)
    assert answer.health is health


async def test_where_none_can_be_opened_the_source_has_failed(peer):
    peer.announcements = [ONE]
    peer.broken = {1}
    assert (await source(peer).poll(Memory(), NOW)).health is Health.UNREACHABLE


async def test_a_hit_without_an_id_is_left_out(peer):
    peer.announcements = [ONE]
    hits = {"oppHits": [ONE.hit(), {"title": "x"}, "y", ONE.hit() | {"oppStatus": "draft", "id": "2"}]}
    peer.server.say("/v1/api/search2", json.dumps({"errorcode": 0, "data": hits}), content_type="application/json")
    answer = await source(peer).poll(Memory(), NOW)
    assert isinstance(answer, Fetched)
    assert list(answer.memory.cursor["opportunities"]) == ["1"]
