"""Roll calls of the House by two roads, the Clerk's pages and congress.gov: whichever is closed, and whenever."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.config.feeds import SourceConfig
from bot.shared.answer import Fetched, FetchFailed, Health
from bot.shared.bill_events import vote_count
from bot.sources.congress.roll_calls import HouseRollCalls
from tests.kit.source_reader import SourceReader, reading
from tests.peers import congress_api as api
from tests.peers.feedserver import broken_off
from tests.peers.votes import action, floor, house_roll

NOON = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
LIST = "/v3/house-vote/119/2"
MEMBERS = {"A000370": "Aye", "B000001": "Nay", "C000001": "Not Voting"}
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
        super().__init__(server, NOON)
        self.votes: dict[int, datetime] = {}
        self.heard: list[str] = []
        self.read: list[str] = []
        server.say("/welcome", "<html><body>Welcome</body></html>", content_type="text/html")
        fallback = {"kind": "house-roll-calls", "url": server.url("/v3")}
        values = {"kind": "house-votes", "name": "House", "url": server.url("/floor/{day}.xml")}
        config = SourceConfig.model_validate({**values, "fallbacks": [fallback]})
        given = {"bills": ("hr4323-119",), "laws": (), "sources": ()}
        self.source = config.adapter("votes", config.url, self.fetcher, lambda road: road.key_setting and "k", **given)

    def say(self, path, state, body, content_type, empty):
        if state in ("open", "empty"):
            self.server.say(path, body if state == "open" else empty, content_type=content_type)
        elif state == "half an answer":
            self.server.script(path, broken_off)
        else:
            self.server.say(path, **REFUSALS[state])

    async def poll(self, clerk="open", congress="open"):
        actions = [action("On passage Passed by recorded vote: 1 - 1", roll=number) for number in self.votes]
        self.say("/floor/20260327.xml", clerk, floor(*actions), "text/xml", floor())
        rows = [api.vote_row(number, at=at) for number, at in self.votes.items()]
        rows += [api.vote_row(1, ("HR", 1), at=NOON), api.amendment_row(2, at=NOON)]
        self.say(LIST, congress, api.listed("houseRollCallVotes", rows), "application/json",
                 api.listed("houseRollCallVotes", ()))  # fmt: skip
        for number, at in self.votes.items():
            self.say(f"/evs/2026/roll{number:03}.xml", clerk, house_roll(number, MEMBERS), "text/xml", floor())
            self.say(f"{LIST}/{number}/members", congress, api.vote_members(number, MEMBERS, at=at),
                     "application/json", "{}")  # fmt: skip
        before = self.memory.first_success_at
        answer = await self.ask(self.source)
        self.now += timedelta(minutes=15)
        if isinstance(answer, Fetched) and before:
            self.heard += [e.identity[0] for e in answer.entries if e.identity[0] not in answer.baseline]
        if isinstance(answer, Fetched):
            self.read += [vote.key for vote in answer.roll_calls]
        return answer


@pytest.fixture
async def roads():
    async with reading(Roads) as reader:
        yield reader


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("which", ["clerk", "congress"])
async def test_one_road_closed_at_any_polls_loses_no_vote_and_each_comes_by_one_road(roads, refusal, which):
    await roads.poll()
    numbers = range(101, 117)
    shut = itertools.chain.from_iterable(itertools.product((False, True), repeat=3))
    for number, closed in zip(numbers, shut, strict=False):
        roads.votes[number] = roads.now
        await roads.poll(**{which: refusal if closed else "open"})
    for _ in range(3):
        await roads.poll()

    # A page that is read again brings its own entries again, which the store knows by their key.
    assert {*roads.heard} == {*roads.read} == {f"vote:house:119-2:{number}" for number in numbers}


async def test_a_vote_that_congress_gov_brought_is_not_brought_by_the_clerk(roads):
    await roads.poll()
    roads.votes[108] = roads.now
    answer = await roads.poll(clerk="403")
    assert answer.health is Health.DETOUR
    assert answer.detail.endswith("; read instead: house-roll-calls of 127.0.0.1")
    for _ in range(3):
        await roads.poll()

    assert roads.heard == ["vote:house:119-2:108"]


async def test_a_vote_has_its_members_its_counts_and_the_clerk_s_address(roads):
    source = HouseRollCalls("votes", "House", roads.server.url("/v3"), roads.fetcher, bills=("hr4323-119",), key="k")
    rows = [api.vote_row(108, at=NOON), api.vote_row(1, ("HR", 1), at=NOON), api.amendment_row(2, at=NOON)]
    roads.server.say(LIST, api.listed("houseRollCallVotes", rows), content_type="application/json")
    record = api.vote_members(108, MEMBERS, at=NOON, result="Failed")
    roads.server.say(f"{LIST}/108/members", record, content_type="application/json")
    answer = await roads.ask(source)

    [entry], [vote] = answer.entries, answer.roll_calls
    assert (entry.type, entry.title) == ("Failed in House", "On Passage: Failed by Yea-and-Nay. 1 - 1 (Roll no. 108).")
    assert (entry.published, entry.bill) == (NOON, "hr4323-119")
    assert (vote.yeas, vote.nays, vote.url) == (1, 1, "https://clerk.house.gov/evs/2026/roll108.xml")
    assert [each.in_favor for each in vote.votes] == [True, False, None]
    assert [path.partition("?")[0] for path, _ in roads.server.asked] == [LIST, f"{LIST}/108/members"]


@pytest.mark.parametrize(
    ("printed", "kind"),
    [("2/3 Recorded Vote", "2/3 Recorded Vote"), ("Yea-and-Nay", "Yea-and-Nay"), (None, "a vote of unknown kind")],
)
async def test_the_kind_of_a_vote_is_that_of_its_record_or_unknown(roads, printed, kind):
    source = HouseRollCalls("votes", "House", roads.server.url("/v3"), roads.fetcher, bills=("hr4323-119",), key="k")
    roads.server.say(LIST, api.listed("houseRollCallVotes", [api.vote_row(108, at=NOON)]))
    record = json.loads(api.vote_members(108, MEMBERS, at=NOON))
    record["houseRollCallVoteMemberVotes"]["voteType"] = printed
    roads.server.say(f"{LIST}/108/members", json.dumps(record))
    [entry] = (await roads.ask(source)).entries

    assert entry.title == f"On Passage: Passed by {kind}. 1 - 1 (Roll no. 108)."
    assert vote_count(entry.title) == (1, 1)


@pytest.mark.parametrize("record", ["{}", api.vote_members(109, MEMBERS, at=NOON), api.vote_members(108, {}, at=NOON)])
async def test_a_record_that_is_not_that_of_the_vote_is_health(roads, record):
    source = HouseRollCalls("votes", "House", roads.server.url("/v3"), roads.fetcher, bills=("hr4323-119",), key="k")
    roads.server.say(LIST, api.listed("houseRollCallVotes", [api.vote_row(108, at=NOON)]))
    roads.server.say(f"{LIST}/108/members", record)
    answer = await roads.ask(source)

    assert (answer.entries, answer.health) == ((), Health.MALFORMED)


async def test_without_a_key_it_says_which(roads):
    source = HouseRollCalls("votes", "House", roads.server.url("/v3"), roads.fetcher, bills=())
    answer = await roads.ask(source)

    assert isinstance(answer, FetchFailed)
    assert "CONGRESS_API_KEY" in answer.detail


def of_many(page):
    """A list that says it has five million rows, page by page."""

    async def answer(request):
        return web.json_response({"houseRollCallVotes": page(request), "pagination": {"count": 5_000_000}})

    return answer


async def test_a_list_whose_count_lies_ends_with_the_page_that_brings_nothing_new(roads):
    source = HouseRollCalls("votes", "House", roads.server.url("/v3"), roads.fetcher, bills=(), key="k")
    roads.server.script(LIST, of_many(lambda _: [api.vote_row(108, at=NOON)]))
    answer = await roads.ask(source)

    assert answer.health.good
    assert sum(path.startswith(LIST) for path, _ in roads.server.asked) == 2


async def test_a_list_without_an_end_is_said_after_twenty_pages(roads):
    source = HouseRollCalls("votes", "House", roads.server.url("/v3"), roads.fetcher, bills=(), key="k")
    roads.server.script(LIST, of_many(lambda request: [api.vote_row(int(request.query["offset"]), at=NOON)]))
    answer = await roads.ask(source)

    assert (answer.health, sum(path.startswith(LIST) for path, _ in roads.server.asked)) == (Health.MALFORMED, 20)
    assert answer.detail == "the API's list of houseRollCallVotes does not end after 20 pages"
