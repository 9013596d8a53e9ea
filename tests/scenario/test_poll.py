"""One source that the bot trips over holds up no other, and a person hears which it is."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar

import pytest

from bot.app.polling import Poller
from bot.entries import records, source_records
from bot.media.news import records as news_records
from bot.media.news.entities import Rule, RuleKind
from bot.people.model import Person, Role
from bot.people.records import add as add_person
from bot.shared.answer import Answer, Fetched, FetchFailed, Health, Memory, NotModified
from bot.shared.entry import Entry
from bot.store.database import StoreUnusable
from tests.kit.alerts import FEEDS, Room, campaign, document, news
from tests.kit.media import OURS, Desk, story

LONE_SURROGATE = "Gloves \ud800"  # no database takes it


@dataclass
class Brings:
    """A source that brings one entry."""

    id: str
    entry: Entry
    name: str = "a source"

    async def poll(self, memory: Memory, now: object) -> Answer:
        return Fetched(entries=(self.entry,), memory=memory)


@dataclass
class Slow(Brings):
    """One that answers when it is let go."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    fails: bool = False

    async def poll(self, memory: Memory, now: object) -> Answer:
        self.asked += 1
        await self.go.wait()
        if self.fails:
            return FetchFailed(Health.UNREACHABLE, "no route to host")
        return await super().poll(memory, now)


@dataclass
class Unchanged(Brings):
    """A slow one that has nothing new."""

    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll(self, memory: Memory, now: object) -> Answer:
        await self.go.wait()
        return NotModified(memory)


@dataclass
class Silent(Brings):
    """One that is not to be reached."""

    async def poll(self, memory: Memory, now: object) -> Answer:
        return FetchFailed(Health.UNREACHABLE, "no route to host")


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def poller(room, *sources, **options):
    by_id = {source.id: source for source in sources}
    own = {"clock": lambda: room.now, "new_id": room.new_id, "dice": lambda: 0.0, "since": None} | options
    return Poller(room.db, by_id, room.config, press=room.news_room, **own)


async def until(condition, poll):
    """Round after round, as a running bot has them."""
    async with asyncio.timeout(30):
        while not condition():
            await poll.poll_due()
            await asyncio.sleep(0)


async def test_a_source_that_the_bot_trips_over_is_in_trouble_and_the_others_go_on(room):
    broken, sound = Brings("wire", news("a", LONE_SURROGATE, source="wire")), Brings("register", document())
    report = await poller(room.wait(hours=1), broken, sound).poll_now()

    assert {polled.source: polled.health for polled in report.polled} == {
        "wire": Health.MALFORMED,
        "register": Health.OK,
    }
    assert room.heads("policy") == ["Gloves made with forced labor"]
    (messages,) = room.cards("admin", "health")
    assert messages.head == "“The wire” cannot be read"
    assert (
        messages.lines[0].text
        == "the bot could not process the answer (PydanticSerializationError); the log has details"
    )
    assert source_records.source_state(room.db, "wire").due_at > room.now


@dataclass
class Endless(Brings):
    """One that lists more and more that is still to be read."""

    new: bool = True

    async def poll(self, memory: Memory, now: object) -> Answer:
        after = replace(memory, cursor={"left": [*memory.cursor.get("left", ()), *["an issue"] * 300_000]})
        return Fetched(entries=(self.entry,), memory=after) if self.new else NotModified(after)


@pytest.mark.long
@pytest.mark.parametrize("new", [True, False])
async def test_a_source_that_lists_without_end_is_refused_and_what_is_kept_of_it_stays_small(room, new):
    poll = poller(room.wait(hours=1), Endless("wire", news("a", source="wire"), new=new))
    health = [(await poll.poll_now()).polled[0].health for _ in range(3)]

    assert health[1:] == [Health.TOO_LARGE] * 2
    assert len(source_records.source_state(room.db, "wire").memory.cursor["left"]) == 300_000


async def answered(poll):
    """Round after round until a source has ended."""
    async with asyncio.timeout(30):
        report, _ = await poll.poll_due()
        while not report.polled:
            await asyncio.sleep(0)
            report, _ = await poll.poll_due()


def bringing(*titles):
    """Sources that bring one entry each."""
    ids = ("register", "wire", "newsroom", "bills")
    return [Brings(id_, news(title, title, source=id_)) for id_, title in zip(ids, titles, strict=False)]


async def test_answers_that_come_while_one_is_stored_are_stored_in_one_transaction(room, monkeypatch):
    transactions, write = [], room.db.write
    monkeypatch.setattr(room.db, "write", lambda: transactions.append(1) or write())
    report = await poller(room.wait(hours=1), *bringing("Gloves", "Relief", "Pledge")).poll_now()
    assert (report.new, len(transactions)) == (3, 2)


async def test_an_answer_that_cannot_be_stored_stops_none_that_waits_with_it(room):
    report = await poller(room.wait(hours=1), *bringing("Gloves", "Relief", LONE_SURROGATE, "Pledge")).poll_now()
    assert [polled.health.value for polled in report.polled] == ["ok", "ok", "malformed", "ok"]
    assert report.new == 3


class Noticed(tuple):
    """An answer's entries, and whether they have been looked at."""

    __slots__ = ()
    looked: ClassVar = threading.Event()

    def __iter__(self):
        self.looked.set()
        return super().__iter__()


@dataclass
class Watched(Brings):
    """One whose answer shows when it is read."""

    async def poll(self, memory: Memory, now: object) -> Answer:
        await asyncio.sleep(0)
        return Fetched(entries=Noticed((self.entry,)), memory=memory)


async def test_an_answer_is_read_while_the_one_before_is_committed(tmp_path, monkeypatch):
    desk = Desk(tmp_path).wait(hours=1)
    write = desk.db.write
    Noticed.looked.clear()

    @contextmanager
    def waiting_for_the_disk():
        with write() as tx:
            yield tx
            assert Noticed.looked.wait(60)

    monkeypatch.setattr(desk.db, "write", waiting_for_the_disk)
    sources = Brings("newsroom", story("post")), Watched("wire", story("wire", source="wire"))
    report = await poller(desk, *sources).poll_now()
    assert report.new == 2


def changed_before_it_is_stored(desk, monkeypatch, change):
    """After an answer is read, and before its transaction begins, someone changes something."""
    write, person = desk.db.write, Person(id="P-1", name="Dana Reed", roles=frozenset({Role.PRESS}))
    with write() as tx:
        add_person(tx, person, by=None, now=desk.now)

    def late():
        with write() as tx:
            change(tx)
        return write()

    monkeypatch.setattr(desk.db, "write", late)


async def test_a_correction_that_is_made_after_an_answer_is_read_counts(tmp_path, monkeypatch):
    desk = Desk(tmp_path).wait(hours=1)
    other = Rule("lantern", RuleKind.SITE, "post.example")
    changed_before_it_is_stored(
        desk, monkeypatch, lambda tx: news_records.add_rule(tx, "rule", other, by="P-1", now=desk.now)
    )
    await poller(desk, Brings("newsroom", story("post"))).poll_now()
    assert [stored.entry.names for stored in records.seen_since(desk.db, desk.now)] == [()]
    assert desk.stories() == []


async def test_an_entry_that_is_erased_after_it_is_read_is_not_stored(tmp_path, monkeypatch):
    desk, entry = Desk(tmp_path).wait(hours=1), story("post")
    gone = news_records.redaction_hashes(OURS.id, entry)
    changed_before_it_is_stored(desk, monkeypatch, lambda tx: news_records.bar(tx, gone, by="P-1", now=desk.now))
    report = await poller(desk, Brings("newsroom", entry), Brings("wire", story("wire", source="wire"))).poll_now()
    assert report.new == 1


async def test_d5_a_source_is_asked_at_once_after_the_clock_was_set_back_and_then_as_usual(room):
    source = Slow("register", document())
    source.go.set()
    poll = poller(room.wait(days=1), source)
    await poll.poll_due()
    room.wait(days=-1)
    for _ in range(3):
        await poll.poll_due()
    assert source.asked == 2


async def test_the_log_says_once_that_a_source_does_not_answer_and_why(room, caplog):
    caplog.set_level(logging.INFO)
    poll = poller(room.wait(hours=1), Silent("wire", document()))
    for _ in range(3):
        await poll.poll_now()
        room.wait(hours=1)
    assert [(each.levelname, each.getMessage()) for each in caplog.records if each.name == "bot.app.polling"] == [
        ("INFO", "wire: unreachable, no route to host")
    ]


async def test_a_store_that_cannot_be_used_is_no_fault_of_the_source(room, monkeypatch, caplog):
    def full(*_, **__):
        raise StoreUnusable("the disk is full")

    monkeypatch.setattr(source_records, "save_source", full)
    with pytest.raises(StoreUnusable):
        await poller(room.wait(hours=1), Brings("register", document())).poll_now()
    assert not caplog.records


@pytest.mark.sqlite
async def test_after_many_new_entries_the_statistics_are_gathered_without_waiting_for_the_hour(room):
    """What looks for copies of news would read all that is stored, for each new entry of a first answer."""

    class Many(Brings):
        async def poll(self, memory: Memory, now: object) -> Answer:
            entries = (news(f"{self.id}-{n}", f"Hats {n}", source=self.id) for n in range(100))
            return Fetched(entries=tuple(entries), memory=memory)

    poll = poller(room, Many("newsroom", document()), Many("wire", document()))
    gathered = []
    for source in ("newsroom", "wire"):
        await poll.poll_now(source)
        gathered += [room.db.read("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'sqlite_stat1'")[0]["n"]]
    assert gathered == [0, 1]


async def test_a_round_waits_for_no_slow_source_and_takes_it_in_when_it_has_ended(room):
    slow, quick = Slow("wire", news("a", "Gloves seized", source="wire")), Brings("register", document())
    poll = poller(room.wait(hours=2), slow, quick, patience=0.0)
    await until(lambda: "Gloves made with forced labor" in room.heads("policy"), poll)

    quick.entry = document("2026-00002", "More gloves")
    room.wait(hours=2)
    await until(lambda: "More gloves" in room.heads("policy"), poll)
    assert slow.asked == 1  # by both rounds together

    slow.go.set()
    await until(lambda: "Gloves seized" in room.heads("policy"), poll)
    assert source_records.source_state(room.db, "wire").due_at > room.now


async def test_a_slow_source_without_news_is_noted_once_it_has_ended(room):
    slow = Unchanged("wire", document())
    poll = poller(room.wait(hours=2), slow, patience=0.0)
    assert (await poll.poll_due())[1] is None  # nobody but who is being asked
    slow.go.set()
    await until(lambda: source_records.source_state(room.db, "wire").checked_at == room.now, poll)
    assert (await poll.poll_due())[1] > room.now


async def test_an_answer_from_before_another_process_asked_the_source_is_dropped(room):
    slow = Unchanged("wire", document())
    poll = poller(room.wait(hours=2), slow, patience=0.0)
    await poll.poll_due()
    await poller(room, Brings("wire", news("a", source="wire"))).poll_now()
    checked = source_records.source_state(room.db, "wire")
    room.wait(minutes=1)
    slow.go.set()
    for _ in range(3):
        await poll.poll_due()
        await asyncio.sleep(0)
    assert source_records.source_state(room.db, "wire") == checked


async def test_an_unchanged_answer_is_dropped_if_another_process_asked_the_source_in_the_same_round(room):
    """This process was frozen after it had read the states: it would write the older validators over the newer ones."""

    class Frozen(Brings):
        async def poll(self, memory: Memory, now: object) -> Answer:
            await poller(room.wait(minutes=1), Brings("wire", news("a", source="wire"))).poll_now()
            return NotModified(replace(memory, validators={"wire": {"ETag": "older"}}))

    room.unchanged("wire")
    await poller(room.wait(hours=2), Frozen("wire", document())).poll_due()
    assert source_records.source_state(room.db, "wire").memory.validators == {}


async def test_an_older_version_that_comes_after_another_process_stored_a_newer_one_changes_nothing(room):
    """The process asked before it gave the coalition up. It would have posted that the comments close in January again,
    and the next answer that they close in February.
    """
    january, february = (document(comments_close_on=date(2027, month, 24)) for month in (1, 2))
    await poller(room.wait(hours=1), Brings("register", january)).poll_now()
    room.send_all()
    slow = Slow("register", january)
    poll = poller(room.wait(hours=2), slow, patience=0.0)
    await poll.poll_due()
    other = poller(room, Brings("register", february))
    await other.poll_now()
    room.send_all()
    posted, checked = room.heads("policy"), source_records.source_state(room.db, "register")

    room.wait(minutes=1)
    slow.go.set()
    await answered(poll)
    assert source_records.source_state(room.db, "register") == checked
    await other.poll_now()
    assert room.heads("policy") == posted
    assert len(posted) == 2


async def test_a_failure_that_comes_after_another_process_got_an_answer_reports_no_trouble(room):
    slow = Slow("register", document())
    slow.fails = True
    poll = poller(room.wait(hours=2), slow, patience=0.0)
    await poll.poll_due()
    await poller(room, Brings("register", document())).poll_now()
    checked = source_records.source_state(room.db, "register")
    room.wait(minutes=1)
    slow.go.set()
    await answered(poll)
    assert source_records.source_state(room.db, "register") == checked


async def test_a_source_that_is_taken_out_while_it_is_asked_is_not_noted(room):
    slow, quick = Unchanged("wire", document()), Brings("register", document())
    poll = poller(room.wait(hours=2), slow, quick, patience=0.0)
    await poll.poll_due()
    before = source_records.source_state(room.db, "wire")
    poll.update({"register": quick}, campaign({"sources": {"register": FEEDS["sources"]["register"]}}), None)
    slow.go.set()
    await until(lambda: "Gloves made with forced labor" in room.heads("policy"), poll)
    await poll.poll_due()
    assert source_records.source_state(room.db, "wire") == before


async def test_an_answer_is_read_by_the_news_room_of_the_configuration_it_was_asked_under(tmp_path):
    desk, slow = Desk(tmp_path).wait(hours=2), Slow("newsroom", story("post"))
    poll = poller(desk, slow, patience=0.0)
    await poll.poll_due()
    poll.update({"newsroom": slow}, desk.config, None)
    slow.go.set()
    await answered(poll)
    assert len(desk.stories()) == 1


async def test_a_source_that_is_taken_out_while_its_answer_waits_for_another_writer_fails_no_round(room, monkeypatch):
    unchanged, write = Unchanged("wire", document()), room.db.write
    unchanged.go.set()
    poll = poller(room.wait(hours=2), unchanged)

    def after_another_writer():
        poll.update({}, campaign({"sources": {"register": FEEDS["sources"]["register"]}}), None)
        return write()

    monkeypatch.setattr(room.db, "write", after_another_writer)
    report = await poll.poll_now()
    assert [(polled.source, polled.health) for polled in report.polled] == [("wire", Health.UNCHANGED)]


async def test_a_store_that_cannot_be_used_ends_the_next_round(room, monkeypatch):
    def full(*_, **__):
        raise StoreUnusable("the disk is full")

    slow = Slow("wire", news("a", source="wire"))
    poll = poller(room.wait(hours=2), slow, patience=0.0)
    await poll.poll_due()
    monkeypatch.setattr(source_records, "save_source", full)
    slow.go.set()
    with pytest.raises(StoreUnusable):
        await until(lambda: False, poll)


async def test_closing_waits_for_nobody(room):
    slow = Slow("wire", news("a", source="wire"))
    poll = poller(room.wait(hours=2), slow, patience=0.0)
    await poll.poll_due()
    await poll.close()
    assert len(asyncio.all_tasks()) == 1
