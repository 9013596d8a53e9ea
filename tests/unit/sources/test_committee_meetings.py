"""Committee meetings by two roads, the chambers' own lists and congress.gov: whichever is closed, and whenever."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from bot.config.feeds import SourceConfig
from bot.shared.answer import Fetched, FetchFailed, Health, NotModified
from bot.shared.entry import HearingStatus
from bot.shared.plain_text import EASTERN
from tests.kit.source_reader import SourceReader, reading
from tests.peers import congress_api as api
from tests.peers import hearings
from tests.peers.feedserver import broken_off

NOW = datetime(2026, 7, 20, 13, 0, tzinfo=UTC)
FIRST = 338001  # the number of the first meeting
REFUSALS = {
    "403": {"body": hearings.DENIED, "status": 403, "content_type": "text/html"},
    "429": {"body": "", "status": 429},
    "429 and wait": {"body": "", "status": 429, "headers": {"Retry-After": "7200"}},
    "login page with 200": {"body": "<html><body><form></form></body></html>", "content_type": "text/html"},
    "moved": {"body": "", "status": 301, "headers": {"Location": "/welcome"}},
    "gone": {"body": "", "status": 404},
    "empty": None,
    "half an answer": None,
}  # fmt: skip
API = "/v3/committee-meeting/119/{chamber}"


class Roads(SourceReader):
    """The meetings of one chamber on both roads: congress.gov writes them ten minutes later, in other words."""

    chamber = "senate"

    def __init__(self, server):
        super().__init__(server, NOW)
        self.meetings: dict[int, dict] = {}
        self.heard: list[tuple[int, str]] = []
        server.say("/welcome", "<html><body>Welcome</body></html>", content_type="text/html")
        fallback = {"kind": "committee-meetings", "chamber": self.chamber, "url": server.url("/v3")}
        values = {"kind": f"{self.chamber}-hearings", "name": "Committees", "url": server.url(self.path)}
        values |= {"committees": ["JU00"]} if self.chamber == "house" else {}
        config = SourceConfig.model_validate({**values, "fallbacks": [fallback]})
        given = {"bills": (), "laws": (), "sources": ()}
        self.source = config.adapter(
            "committees", config.url, self.fetcher, lambda road: road.key_setting and "k", **given
        )

    path = "/hearings.xml"

    def announce(self, number, **given):
        """Announce a meeting, or change what is given of it."""
        at = {"day": 10, "hour": 14, "status": "Scheduled", "room": "226", "bills": (number,)}
        self.meetings[number] = {**at, **self.meetings.get(number, {}), **given, "updated": self.now}

    def starts(self, about):
        return (NOW + timedelta(days=about["day"])).replace(hour=about["hour"])

    async def poll(self, files="open", congress="open", *, hours=2):
        self._say_files(files)
        self._say_congress(congress)
        before = self.memory.first_success_at
        answer = await self.ask(self.source)
        self.now += timedelta(hours=hours)
        if before and isinstance(answer, Fetched):
            news = [entry for entry in answer.entries if entry.identity[0] not in answer.baseline]
            self.heard += [(int(entry.hearing.id.partition(":")[2]) - FIRST, entry.type) for entry in news]
        return answer

    def _say(self, path, state, body, content_type, empty):
        if state == "open":
            self.server.say(path, body, content_type=content_type)
        elif state == "empty":
            self.server.say(path, empty, content_type=content_type)
        elif state == "half an answer":
            self.server.script(path, broken_off)
        else:
            self.server.say(path, **REFUSALS[state])

    def _say_files(self, state):
        rows = [hearings.row(FIRST + number, **self._listed(about)) for number, about in self.meetings.items()]
        self._say(self.path, state, hearings.senate(*rows), "text/xml", hearings.senate(hearings.PLACEHOLDER))

    def _listed(self, about):
        local = self.starts(about).astimezone(EASTERN)
        off = {"Canceled": "CANCELED: ", "Postponed": "POSTPONED: "}.get(about["status"], "")
        return {
            "on": f"{local:%F}", "time": f"{local:%I:%M %p}", "room": f"SD-{about['room']}",
            "matter": f"{off}Hearings to examine relief.", "bills": [("SN", n + 1) for n in about["bills"]],
            "updated": f"{about['updated'].astimezone(EASTERN):%m-%d-%Y %I:%M:%S %p}",
        }  # fmt: skip

    def _say_congress(self, state):
        late = {n: about["updated"] + timedelta(minutes=10) for n, about in self.meetings.items()}
        path = API.format(chamber=self.chamber)
        rows = [api.meeting_row(FIRST + n, stamp, chamber=self.chamber.title()) for n, stamp in late.items()]
        none = api.listed("committeeMeetings", ())
        self._say(path, state, api.listed("committeeMeetings", rows), "application/json", none)
        for number, about in self.meetings.items():
            record = api.meeting(FIRST + number, self.starts(about), late[number], **self._record(about))
            self._say(f"{path}/{FIRST + number}", state, record, "application/json", "{}")

    def _record(self, about):
        return {
            "chamber": "Senate", "kind": "Meeting", "status": about["status"], "code": "ssju00",
            "name": "Senate Judiciary", "room": about["room"], "building": "Dirksen Senate Office Building",
            "title": "Hearings to examine relief for survivors", "bills": [("S", n + 1) for n in about["bills"]],
        }  # fmt: skip


class HouseRoads(Roads):
    chamber = "house"
    path = "/rss?Code={committee}"

    def _say_files(self, state):
        items = []
        for number, about in self.meetings.items():
            on = f"{self.starts(about).astimezone(EASTERN):%Y%m%d}"
            items.append(hearings.item(FIRST + number, on, note=str(about["updated"])))
            local = self.starts(about).astimezone(EASTERN)
            documents = (hearings.document(f"HR {n + 1}", "A bill") for n in about["bills"])
            file = hearings.meeting(
                FIRST + number, *documents, status=about["status"][0], on=f"{local:%F}", starts=f"{local:%T}",
                room=about["room"], updated=f"{about['updated'].astimezone(EASTERN):%FT%T}",
            )  # fmt: skip
            self._say(hearings.path(FIRST + number, on), state, file, "text/xml", hearings.meeting(1))
        self._say("/rss", state, hearings.feed(*items), "application/rss+xml", hearings.feed(hearings.STUB))

    def _record(self, about):
        files = [f"BILLS-119HR{n + 1}ih.pdf" for n in about["bills"]]
        return {"status": about["status"], "room": about["room"], "files": files}


@pytest.fixture(params=[Roads, HouseRoads], ids=["senate", "house"])
async def roads(request):
    async with reading(request.param) as reader:
        reader.announce(0)
        reader.announce(1)
        yield reader


def life(roads, step):
    """At each step a new meeting is announced, and one of the others changes."""
    roads.announce(10 + step)
    changes = [{"hour": 15}, {"room": "419"}, {"status": "Canceled"}, {"bills": (9 + step, 40)}]
    roads.announce(9 + step if step else 0, **changes[step % 4])


NOTICE = {"senate": "Hearing", "house": "Markup"}
EXPECTED = ["moved", "room changed", "canceled", "agenda changed"]


def expected(roads, steps):
    """Every announcement once, and every change once; an agenda that changed brings the announcement anew."""
    kind = NOTICE[roads.chamber]
    wanted = [(10 + step, kind) for step in range(steps)]
    changed = [(9 + step if step else 0, EXPECTED[step % 4]) for step in range(steps)]
    return sorted(wanted), sorted((number, f"{kind} {verb}") for number, verb in changed)


def heard(roads):
    """What was heard, in the same shape: rewordings of an announcement are no news."""
    words = ("moved", "room changed", "canceled", "agenda changed")
    notices = [(n, t) for n, t in dict.fromkeys(roads.heard) if not t.endswith(words)]
    return sorted((n, NOTICE[roads.chamber]) for n, _ in notices if n >= 10), sorted(
        (n, t.replace("Meeting", NOTICE[roads.chamber])) for n, t in roads.heard if t.endswith(words)
    )


@pytest.mark.long
@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("which", ["files", "congress"])
async def test_one_road_closed_at_any_polls_loses_nothing_and_brings_nothing_twice(roads, refusal, which):
    await roads.poll()
    closed = list(itertools.chain.from_iterable(itertools.product((False, True), repeat=3)))
    for step, shut in enumerate(closed):
        life(roads, step)
        await roads.poll(**{which: refusal if shut else "open"})
    for _ in range(3):
        await roads.poll()

    assert heard(roads) == expected(roads, len(closed))


@pytest.mark.long
@pytest.mark.parametrize("refusal", REFUSALS)
async def test_the_roads_take_turns_in_being_closed(roads, refusal):
    await roads.poll()
    for step in range(12):
        life(roads, step)
        await roads.poll(**({"files": refusal} if step % 2 else {"congress": refusal}))
    for _ in range(3):
        await roads.poll()

    assert heard(roads) == expected(roads, 12)


async def test_a_network_that_the_chamber_refuses_from_the_first_day_hears_everything_from_congress_gov(roads):
    for step in range(6):
        answer = await roads.poll(files="403")
        assert answer.health is Health.DETOUR
        life(roads, step)
    await roads.poll(files="403")
    assert heard(roads) == expected(roads, 6)

    life(roads, 6)
    await roads.poll(congress="403")
    await roads.poll()
    assert heard(roads) == expected(roads, 7)


async def test_the_cause_is_named_and_the_road_that_is_taken(roads):
    await roads.poll()
    life(roads, 0)
    answer = await roads.poll(files="403")

    assert answer.health is Health.DETOUR
    assert answer.detail.startswith(f"{roads.chamber}-hearings of 127.0.0.1: blocks the bot (")
    assert answer.detail.endswith("; read instead: committee-meetings of 127.0.0.1")
    assert (await roads.poll()).health.good


async def test_if_both_are_closed_each_cause_is_named(roads):
    await roads.poll()
    answer = await roads.poll("403", "429")

    assert isinstance(answer, FetchFailed)
    assert "; committee-meetings of 127.0.0.1: " in answer.detail


async def test_while_the_chamber_s_list_works_congress_gov_is_asked_once_a_day(roads):
    for _ in range(4):
        await roads.poll()
    asked = [path for path, _ in roads.server.asked if path.startswith(API.format(chamber=roads.chamber) + "?")]
    assert len(asked) == 1
    assert "&format=json" in asked[0]
    assert "fromDateTime=2026-07-06T12:00:00Z" in asked[0]
    assert all("k" not in path.partition("?")[2].split("key=")[1:] for path in asked)
    keys = [headers.get("X-Api-Key") for path, headers in roads.server.asked if path.startswith("/v3")]
    assert set(keys) == {"k"}
    assert isinstance(await roads.poll(hours=24), NotModified)


async def test_without_a_key_there_is_one_road(roads):
    values = {"kind": f"{roads.chamber}-hearings", "name": "Committees", "fallbacks": [
        {"kind": "committee-meetings", "chamber": roads.chamber}]}  # fmt: skip
    given = {"bills": (), "laws": (), "sources": ()}
    source = SourceConfig.model_validate(values).adapter("x", "", roads.fetcher, lambda _: "", **given)

    assert type(source).__name__ == f"{roads.chamber.title()}Hearings"


async def test_a_meeting_of_congress_gov_alone_is_read_with_its_hour_its_room_and_its_bills(roads):
    roads.announce(1, hour=14, room="216", bills=(3, 4))
    answer = await roads.poll(files="403")
    hearing = {entry.hearing.id: entry.hearing for entry in answer.entries}[f"{roads.chamber}:{FIRST + 1}"]

    assert hearing.when == "Thu Jul 30, 2026, 10 a.m. ET"
    senate = roads.chamber == "senate"
    assert hearing.place == ("SD-216" if senate else "216 RHOB")
    assert hearing.committee == ("Senate Judiciary Committee" if senate else "House Judiciary Committee")
    assert hearing.committee_id == ("SSJU" if senate else "HSJU")
    assert hearing.bills == (("s4-119", "s5-119") if senate else ("hr4-119", "hr5-119"))
    assert hearing.status is HearingStatus.SCHEDULED
