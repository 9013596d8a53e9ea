"""LegiScan's searches: which bills are read, what becomes of them, and what a month may cost."""

import json
from datetime import UTC, date, datetime

import pytest
from aiohttp import web

from bot.alerts import cards
from bot.alerts.cards import Item
from bot.config.load import Labels
from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Health, Memory
from bot.shared.entry import Kind
from bot.sources import legiscan
from bot.sources.legiscan import LegiScan
from tests.kit.source_reader import stored
from tests.peers.feedserver import serving

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
KEY = "a-key-of-the-test"


class State:
    """A legislature in LegiScan's words: bills by id, each with a hash that changes with it."""

    def __init__(self):
        self.bills, self.hashes, self.asked, self.broken = {}, {}, [], ()

    def step(self, id_, done, *, day="2026-11-23", importance=1, **more):
        bill = self.bills.setdefault(id_, {"bill_id": id_, "state": "OH", "bill_number": f"HB{id_}", "history": [],
            "title": f"River permits {id_}", "description": "To require permits for water taken from rivers.",
            "url": f"https://legiscan.com/OH/bill/HB{id_}/2026"})  # fmt: skip
        bill.update(more)
        bill["history"].append({"date": day, "action": done, "importance": importance})
        self.hashes[id_] = f"{len(bill['history']):032x}"

    def search(self):
        rows = [{"relevance": 99, "bill_id": id_, "change_hash": hash_} for id_, hash_ in self.hashes.items()]
        return {"summary": {"count": len(rows)}, "results": rows}

    async def answer(self, request):
        asked = request.query
        self.asked.append(asked)
        if asked["key"] != KEY:
            return web.json_response({"status": "ERROR", "alert": {"message": f"Invalid API Key {asked['key']}"}})
        if asked["op"] == "getBill":
            if asked["id"] in self.broken:
                return web.json_response({"status": "ERROR", "alert": {"message": "Unknown bill id"}})
            return web.json_response({"status": "OK", "bill": self.bills[int(asked["id"])]})
        return web.json_response({"status": "OK", "searchresult": self.search()})

    def ops(self):
        return [asked["op"] for asked in self.asked]


@pytest.fixture
async def state():
    made = State()
    async with serving() as server:
        server.script("/", made.answer)
        made.url = server.url("/")
        yield made


async def poll(state, memory=None, *, now=NOW, key=KEY, states=()):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    source = LegiScan("states", "LegiScan", state.url, fetcher, keyword="river", states=states, key=key, gap=0)
    try:
        before = memory or Memory()
        return stored(await source.poll(before, now), before, now)
    finally:
        await fetcher.close()


async def test_the_first_poll_lists_the_bills_and_reads_none(state):
    state.step(1, "Introduced")
    answer = await poll(state)

    assert (answer.entries, answer.health) == ((), Health.OK)
    assert state.ops() == ["getSearchRaw"]


async def test_a_bill_whose_hash_changed_is_read_with_its_newest_step(state):
    state.step(1, "Introduced")
    state.step(2, "Introduced")
    first = await poll(state)
    state.step(1, "Passed the House", day="2026-11-24")

    second = await poll(state, first.memory)
    third = await poll(state, second.memory)

    (entry,) = second.entries
    assert (entry.kind, entry.title) == (Kind.STATE_BILL, "Ohio HB1: River permits 1")
    assert (entry.action, entry.publication_date) == ("Passed the House", date(2026, 11, 24))
    assert entry.summary == "To require permits for water taken from rivers."
    assert entry.url == "https://legiscan.com/OH/bill/HB1/2026"
    assert entry.notes == ("Data: LegiScan, CC BY 4.0.",)
    assert third.entries == ()
    assert state.ops() == ["getSearchRaw", "getSearchRaw", "getBill", "getSearchRaw"]


async def test_the_steps_of_a_bill_share_its_thread_and_a_new_cosponsor_is_no_step(state):
    state.step(1, "Introduced")
    memory = (await poll(state)).memory
    steps = []
    for done, importance in (("PASSED Y32 N2", 0), ("Cosponsor added", 0), ("STA, TRA", 1), ("Transmitted", 1)):
        state.step(1, done, importance=importance)
        answer = await poll(state, memory)
        memory = answer.memory
        steps += answer.entries

    passed, cosponsored, referred, transmitted = steps
    assert [each.action for each in steps] == ["PASSED Y32 N2", *[passed.action] * 2, "Transmitted"]
    assert {entry.thread for entry in steps} == {"legiscan:1"}
    assert cosponsored.identity == referred.identity == passed.identity  # the store knows it already
    assert transmitted.identity != passed.identity


async def test_a_bill_that_is_new_in_the_search_is_read(state):
    memory = (await poll(state)).memory
    state.step(7, "Introduced")

    answer = await poll(state, memory)

    assert [entry.title for entry in answer.entries] == ["Ohio HB7: River permits 7"]


async def test_many_changes_are_read_over_several_polls(state, monkeypatch):
    monkeypatch.setattr(legiscan, "AT_ONCE", 2)
    memory = (await poll(state)).memory
    for id_ in (1, 2, 3):
        state.step(id_, "Introduced")

    first = await poll(state, memory)
    second = await poll(state, first.memory)

    assert [len(first.entries), len(second.entries)] == [2, 1]


async def test_a_bill_that_is_answered_with_an_error_delays_no_other(state):
    memory = (await poll(state)).memory
    state.step(1, "Introduced")
    state.step(2, "Introduced")
    state.broken = ("1",)

    first = await poll(state, memory)
    again = await poll(state, first.memory)
    state.broken = ()
    state.step(1, "Passed")
    second = await poll(state, again.memory)

    assert ([entry.title for entry in first.entries], first.broken) == (["Ohio HB2: River permits 2"], 1)
    assert (again.entries, again.broken) == ((), 0)
    assert [entry.title for entry in second.entries] == ["Ohio HB1: River permits 1"]


async def test_bills_that_cannot_be_asked_for_are_read_at_the_next_poll(state, monkeypatch):
    memory = (await poll(state)).memory
    state.step(1, "Introduced")
    state.step(2, "Introduced")
    used = memory.cursor["requests"]

    monkeypatch.setattr(legiscan, "MONTHLY", used + 2)  # the list and one bill
    first = await poll(state, memory)
    monkeypatch.setattr(legiscan, "MONTHLY", 10_000)
    second = await poll(state, first.memory)

    assert [entry.title for entry in (*first.entries, *second.entries)] == [
        "Ohio HB1: River permits 1",
        "Ohio HB2: River permits 2",
    ]
    assert len(first.entries) == 1


async def test_each_state_is_searched_and_its_bills_are_known_apart(state):
    await poll(state, states=("OH", "TX"))

    assert [asked["state"] for asked in state.asked] == ["OH", "TX"]


@pytest.mark.parametrize(
    "result",
    [
        {"summary": {"count": 1}, "0": {"bill_id": "5", "change_hash": "a" * 32}},
        {"summary": {"count": 1}, "results": {"0": {"bill_id": 5, "change_hash": "a" * 32}}},
    ],
)
async def test_a_list_may_be_an_object_with_numbers_for_keys(state, result):
    state.search = lambda: result
    answer = await poll(state)

    assert answer.memory.cursor["hashes"] == {"5": "a" * 32}


@pytest.mark.parametrize("result", [None, [], {"results": "none"}])
async def test_an_answer_without_a_list_is_malformed(state, result):
    state.search = lambda: result
    answer = await poll(state)

    assert (answer.health, answer.detail) == (Health.MALFORMED, "LegiScan sent no list of bills")


async def test_a_bill_without_its_parts_is_counted_as_broken(state):
    memory = (await poll(state)).memory
    for id_, broken in enumerate(({"title": None}, {"url": "javascript:alert(1)"}, {"history": {}}), start=1):
        state.step(id_, "Introduced")
        state.bills[id_].update(broken)

    answer = await poll(state, memory)

    assert (answer.entries, answer.broken) == ((), 3)


async def test_a_search_that_is_too_broad_is_reported(state, monkeypatch):
    monkeypatch.setattr(legiscan, "_MOST_LISTED", 2)
    state.step(1, "Introduced")
    state.step(2, "Introduced")
    answer = await poll(state)

    assert (answer.health, answer.detail) == (Health.OVERRUN, "the search has 2 bills or more: make it narrower")


async def test_a_month_has_its_requests_and_the_next_one_new_ones(state, monkeypatch):
    monkeypatch.setattr(legiscan, "MONTHLY", 2)
    memory = (await poll(state)).memory
    memory = (await poll(state, memory)).memory

    used_up = await poll(state, memory)
    later = await poll(state, memory, now=datetime(2026, 12, 1, 1, 0, tzinfo=UTC))

    assert (used_up.health, used_up.detail) == (Health.BLOCKED, "it has used its 2 requests of this month")
    assert used_up.retry_at == datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
    assert later.health is Health.EMPTY_EXPECTED
    assert len(state.asked) == 3


async def test_without_a_key_nothing_is_requested(state):
    answer = await poll(state, key="")

    assert (answer.health, answer.detail) == (Health.NEEDS_KEY, "it needs a key: set LEGISCAN_API_KEY")
    assert state.asked == []


async def test_a_refused_key_is_reported_without_the_key(state):
    answer = await poll(state, key="a-wrong-key")

    assert (answer.health, answer.detail) == (Health.NEEDS_KEY, "LegiScan refuses the key: check LEGISCAN_API_KEY")


async def test_recorded_bills_become_entries(state, corpus):
    memory = (await poll(state)).memory
    for name in ("getBill_AK_HB3.json", "getBill_AR_HB1044.json"):
        bill = json.loads((corpus / "states" / name).read_text(encoding="utf-8"))["bill"]
        state.bills[bill["bill_id"]], state.hashes[bill["bill_id"]] = bill, bill["change_hash"]

    answer = await poll(state, memory)

    assert answer.broken == 0
    assert [entry.title for entry in answer.entries] == [
        "Alaska HB3: Requirements For Driver's License",
        (
            "Arkansas HB1044: An Act For The Veterinary Medical Examining Board Appropriation For The 2012-2013 "
            "Fiscal Year."
        ),
    ]
    assert [entry.url for entry in answer.entries] == [
        "https://legiscan.com/AK/bill/HB3/2011",
        "https://legiscan.com/AR/bill/HB1044/2012/F",
    ]


async def test_a_card_shows_the_step_its_day_and_whose_data_it_is(state):
    memory = (await poll(state)).memory
    state.step(1, "Passed the House")
    (entry,) = (await poll(state, memory)).entries

    shown = cards.card([Item(id="e1", entry=entry, matches=())], Labels({}, {"states": "Bills of the states"}, UTC))

    text = " ".join((shown.head, *(line.text for line in shown.lines), shown.foot))
    assert "Ohio HB1: River permits 1" in text
    assert "Mon Nov 23, 2026: Passed the House" in text
    assert "Data: LegiScan, CC BY 4.0." in text
