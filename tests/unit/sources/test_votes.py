"""Votes of the day itself: what is read of a chamber's page and its roll calls, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.shared.answer import Body, Failure, Fetched, FetchFailed, Health, NotModified
from bot.shared.bill_record import congress_on, session_of
from bot.shared.entry import Kind
from bot.sources.congress.house_floor import HouseVotes
from bot.sources.congress.roll_calls import SenateVotes, read_house, read_senate
from tests.kit.source_reader import SourceReader
from tests.peers.votes import ERROR_BODY, NOT_FOUND, action, floor, house_roll, menu, senate_roll

SATURDAY = datetime(2026, 3, 28, 4, 0, tzinfo=UTC)  # midnight in Washington, after the vote
PASSED = "On passage Passed by recorded vote: 213 - 203"
DAY, ROLL = "/floor/20260327.xml", "/evs/2026/roll108.xml"
MENU = "/legislative/LIS/roll_call_lists/vote_menu_119_2.xml"
VOTE = "/legislative/LIS/roll_call_votes/vote1192/vote_119_2_00045.xml"


def body(data):
    return Body("https://example.org/x.xml", 200, "text/xml", data if isinstance(data, bytes) else data.encode(), {})


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, SATURDAY)

    def says(self, path, text, **more):
        self.server.say(path, text, content_type="text/xml", **more)

    async def poll(self, chamber="house", *, minutes=15, followed=("hr4323-119",)):
        self.now += timedelta(minutes=minutes)
        sources = {"house": (HouseVotes, "/floor/{day}.xml"),
                   "senate": (SenateVotes, "/legislative/LIS/roll_call_lists/vote_menu_{session}.xml")}  # fmt: skip
        kind, path = sources[chamber]
        return await self.ask(kind("votes", "Votes", self.server.url(path), self.fetcher, bills=followed))


# --- the House's floor ------------------------------------------------------------------------------------------------


async def test_a_vote_on_a_followed_bill_is_read_with_its_time_and_each_members_vote(reader):
    reader.says(DAY, floor(action(PASSED, roll=108), action("On passage Passed.", "H.R. 1"),
                           action("DEBATE - One hour on H.R. 4323."), action("The House adjourned.", "")))  # fmt: skip
    reader.says(ROLL, house_roll(votes={"A000370": "Yea", "B000001": "No", "C000001": "Not Voting"}))
    answer = await reader.poll()

    [entry] = answer.entries
    assert (entry.kind, entry.thread, entry.type) == (Kind.BILL, "bill:hr4323-119", "Passed House")
    assert entry.title == "On passage Passed by recorded vote: 213 - 203 (Roll no. 108)."
    assert entry.identity == ("vote:house:119-2:108",)
    assert entry.published == datetime(2026, 3, 28, 3, 26, 20, tzinfo=UTC)
    assert entry.as_of == datetime(2026, 3, 28, 3, 32, tzinfo=UTC)
    [vote] = answer.roll_calls
    assert [each.in_favor for each in vote.votes] == [True, False, None]
    assert (vote.key, vote.bill, vote.passed, vote.on_passage, vote.yeas) == (
        "vote:house:119-2:108", "hr4323-119", True, True, 213,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("On motion to suspend the rules and pass the bill, as amended Agreed to by voice vote.", "Passed House"),
        ("On motion to suspend the rules and pass the bill Failed by the Yeas and Nays: 248 - 177", "Failed in House"),
        ("On motion to recommit Failed by recorded vote: 203 - 213", "Floor vote"),
    ],
)
async def test_a_decision_is_called_what_its_words_say(reader, text, type_):
    roll = 0 if "voice" in text else 108
    reader.says(DAY, floor(action(text, roll=roll)))
    [entry] = (await reader.poll()).entries

    assert entry.type == type_


async def test_a_page_rewritten_with_only_its_date_brings_the_same_entries_and_each_roll_call_is_read_hourly(reader):
    reader.says(DAY, floor(action(PASSED, roll=108)))
    reader.says(ROLL, house_roll())
    first = await reader.poll()
    reader.says(DAY, floor(action(PASSED, roll=108), published="later"))
    second = await reader.poll()

    assert first.entries == second.entries
    assert reader.server.count(ROLL) == 1
    await reader.poll(minutes=60)
    assert reader.server.count(ROLL) == 2


async def test_a_roll_call_that_is_not_there_yet_is_waited_for_and_then_reported(reader):
    reader.says(DAY, floor(action(PASSED, roll=108)))
    reader.says(ROLL, ERROR_BODY)
    answer = await reader.poll()
    assert (answer.health, answer.roll_calls, len(answer.entries)) == (Health.OK, (), 1)

    late = await reader.poll(minutes=240)
    assert late.health is Health.MALFORMED
    assert late.detail.startswith("roll call 108 is on the floor's page and cannot be read")
    reader.says(ROLL, house_roll())
    assert len((await reader.poll()).roll_calls) == 1


async def test_a_day_without_a_session_is_no_failure_and_the_day_before_is_read_too(reader):
    answer = await reader.poll()
    assert (answer.health, answer.detail) == (Health.EMPTY_EXPECTED, "no floor page: no session")
    assert [path for path, _ in reader.server.asked] == ["/floor/20260327.xml", "/floor/20260328.xml"]


@pytest.mark.parametrize(
    ("text", "status", "health"),
    [(NOT_FOUND, 200, Health.NOT_A_FEED), ("", 403, Health.BLOCKED), (ERROR_BODY, 200, Health.NOT_A_FEED),
     (floor()[:-30], 200, Health.MALFORMED), ("<legislative_activity/>", 200, Health.MALFORMED)],
)  # fmt: skip
async def test_what_is_no_floor_page_is_the_sources_health(reader, text, status, health):
    reader.says(DAY, text, status=status)
    answer = await reader.poll()

    assert isinstance(answer, FetchFailed)
    assert answer.health is health


# --- the Senate -------------------------------------------------------------------------------------------------------


async def test_only_listed_votes_on_followed_bills_are_asked_for(reader):
    reader.says(MENU, menu((45, "H.R. 4323"), (44, "PN373"), (43, ""), (42, "S. 4323")))
    reader.says(VOTE, senate_roll(votes={"S289": "Yea", "S300": "Present, Giving Live Pair"}))
    answer = await reader.poll("senate")

    assert [path for path, _ in reader.server.asked] == [MENU, VOTE]
    [entry] = answer.entries
    assert (entry.type, entry.identity) == ("Passed Senate", ("vote:senate:119-2:45",))
    assert entry.title == "On Passage of the Bill: Bill Passed by Yea-Nay Vote. 61 - 38. Record Vote Number: 45."
    assert [vote.in_favor for vote in answer.roll_calls[0].votes] == [True, None]
    assert isinstance(await reader.poll("senate"), NotModified)


async def test_votes_before_a_bill_was_followed_are_read_and_are_no_news(reader):
    reader.says(MENU, menu((45, "H.R. 4323"), (44, "S. 4323")))
    reader.says(VOTE, senate_roll())
    other = VOTE.replace("45", "44")
    both = ("hr4323-119", "s4323-119")
    await reader.poll("senate")
    reader.says(other, "", status=500)
    await reader.poll("senate", followed=both)
    reader.says(other, senate_roll(44, item="S. 4323"))
    answer = await reader.poll("senate", followed=both)
    assert [vote.number for vote in answer.roll_calls] == [44]
    assert answer.baseline == {"vote:senate:119-2:44"}

    newer = VOTE.replace("45", "46")
    reader.says(MENU, menu((46, "S. 4323"), (45, "H.R. 4323"), (44, "S. 4323")))
    reader.says(newer, senate_roll(46, item="S. 4323"))
    answer = await reader.poll("senate", followed=both)
    assert (answer.roll_calls[0].number, answer.baseline) == (46, frozenset())


@pytest.mark.parametrize(
    ("given", "type_"),
    [({"result": "Bill Defeated"}, "Failed in Senate"),
     ({"question": "On the Cloture Motion", "result": "Cloture Motion Agreed to"}, "Floor vote"),
     ({"question": "On the Joint Resolution", "result": "Joint Resolution Passed"}, "Passed Senate"),
     ({"question": "On Overriding the Veto", "result": "Veto Overridden"}, "Senate overrode veto"),
     ({"question": "On Overriding the Veto", "result": "Veto Sustained"}, "Failed in Senate"),
     ({"question": "Guilty or Not Guilty", "result": "Not Guilty"}, "Floor vote")],
)  # fmt: skip
async def test_whether_it_passed_is_only_in_the_results_words(reader, given, type_):
    reader.says(MENU, menu((45, "H.R. 4323")))
    reader.says(VOTE, senate_roll(**given, yeas=40, nays=59))
    [entry] = (await reader.poll("senate")).entries

    assert entry.type == type_


async def test_a_vote_on_an_amendment_is_not_one_on_the_bill(reader):
    reader.says(MENU, menu((45, "H.R. 4323")))
    reader.says(VOTE, senate_roll(amendment="S.Amdt. 7"))
    assert (await reader.poll("senate")).entries == ()


@pytest.mark.parametrize(
    ("text", "health"),
    [(NOT_FOUND, Health.NOT_A_FEED), (menu(congress=118), Health.MALFORMED), ("<x/>", Health.NOT_A_FEED)],
)
async def test_what_is_no_list_is_the_sources_health(reader, text, health):
    reader.says(MENU, text)
    assert (await reader.poll("senate")).health is health


async def test_a_new_session_without_a_list_is_no_failure_once_the_last_one_was_read(reader):
    reader.says(MENU, menu((45, "S. 4323")))
    await reader.poll("senate")
    reader.now = datetime(2027, 1, 5, 15, 0, tzinfo=UTC)
    reader.says("/legislative/LIS/roll_call_lists/vote_menu_120_1.xml", NOT_FOUND)
    for _ in range(2):
        answer = await reader.poll("senate")
        assert (answer.health, answer.detail) == (Health.EMPTY_EXPECTED, "no roll call in this session yet")


@pytest.mark.parametrize("woke", [datetime(2027, 1, 4, 15, tzinfo=UTC), datetime(2027, 2, 20, 15, tzinfo=UTC)])
async def test_a_last_vote_of_a_session_that_is_listed_in_the_next_one_is_read(reader, woke):
    reader.says(MENU, menu((44, "H.R. 4323")))
    reader.says(VOTE.replace("45", "44"), senate_roll(44))
    await reader.poll("senate")
    reader.now = woke
    reader.says("/legislative/LIS/roll_call_lists/vote_menu_120_1.xml", menu((1, "PN1"), congress=120))
    reader.says(MENU, menu((45, "H.R. 4323"), (44, "H.R. 4323")))
    reader.says(VOTE, senate_roll())
    answer = await reader.poll("senate")

    assert [vote.key for vote in answer.roll_calls] == ["vote:senate:119-2:45"]
    assert answer.baseline == frozenset()
    reader.now = datetime(2027, 3, 1, 15, tzinfo=UTC)
    before = len(reader.server.asked)
    assert isinstance(await reader.poll("senate"), NotModified)
    assert [path for path, _ in reader.server.asked[before:]] == [
        "/legislative/LIS/roll_call_lists/vote_menu_120_1.xml"
    ]


async def test_a_listed_vote_that_cannot_be_read_is_named_and_asked_for_again(reader):
    reader.says(MENU, menu((45, "H.R. 4323")))
    reader.says(VOTE, NOT_FOUND)
    answer = await reader.poll("senate")
    assert (answer.health, answer.detail.partition(":")[0]) == (Health.NOT_A_FEED, "roll call 45")
    reader.says(VOTE, senate_roll())
    assert isinstance(await reader.poll("senate"), Fetched)


# --- recorded bodies --------------------------------------------------------------------------------------------------


def test_the_recorded_roll_calls_are_read(material):
    house = read_house(body((material / "roll_calls/house_roll2025_158_cut60.xml").read_bytes()), "u")
    senate = read_senate(body((material / "roll_calls/senate_vote_116_2_00292.xml").read_bytes()), "u")

    assert (house.bill, house.yeas, house.nays, house.passed, house.on_passage) == ("hres488-119", 280, 113, True, True)
    assert house.at == datetime(2025, 6, 9, 23, 1, tzinfo=UTC)
    assert {vote.in_favor for vote in house.votes} >= {True, False}
    assert (senate.bill, senate.yeas, senate.nays, senate.result) == ("hr6395-116", 81, 13, "Veto Overridden")
    assert (senate.passed, senate.on_passage, senate.over_veto) == (True, True, True)
    assert senate.at == datetime(2021, 1, 1, 18, 38, tzinfo=UTC)
    assert all(vote.member.startswith("S") for vote in senate.votes)
    with pytest.raises(Failure):
        read_house(body((material / "roll_calls/house_roll315_NEGATIVE_error_body.xml").read_bytes()), "u")


async def test_the_recorded_floor_page_names_its_votes(reader, material):
    page = (material / "congress/house_floor/clerk_floor_20260327.xml").read_bytes()
    reader.server.say(DAY, page, content_type="text/xml")
    answer = await reader.poll(followed=("hres1142-119",))

    passage = next(entry for entry in answer.entries if entry.type == "Passed House")
    assert passage.title == "On agreeing to the resolution Agreed to by recorded vote: 213 - 203 (Roll no. 108)."
    assert passage.identity == ("vote:house:119-2:108",)


@pytest.mark.parametrize(
    ("day", "congress", "session"),
    [("2026-03-27", 119, 2), ("2025-01-03", 119, 1), ("2021-01-01", 116, 2), ("2027-01-02", 119, 2)],
)
def test_a_congress_ends_on_january_third(day, congress, session):
    on = datetime.fromisoformat(day).date()
    assert (congress_on(on), session_of(congress, on)) == (congress, session)
