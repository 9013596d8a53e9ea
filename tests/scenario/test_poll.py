"""One source that the bot trips over holds up no other, and a person hears which it is."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.alerts import records
from bot.entry import Entry
from bot.poll import Poller
from bot.sources.model import Answer, Fetched, Health, Memory
from bot.store.database import StoreUnusable
from tests.alerts_kit import Room, document, news

LONE_SURROGATE = "Gloves \ud800"  # no database takes it


@dataclass
class Brings:
    """A source that brings one entry."""

    id: str
    entry: Entry
    name: str = "a source"

    async def poll(self, memory: Memory, now: object) -> Answer:
        return Fetched(entries=(self.entry,), memory=memory)


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def poller(room, *sources):
    by_id = {source.id: source for source in sources}
    return Poller(room.db, by_id, room.house, clock=lambda: room.now, new_id=room.new_id, dice=lambda: 0.0, since=None)


async def test_a_source_that_the_bot_trips_over_is_in_trouble_and_the_others_go_on(room):
    broken, sound = Brings("wire", news("a", LONE_SURROGATE, source="wire")), Brings("register", document())
    report = await poller(room.wait(hours=1), broken, sound).poll_all()

    assert {polled.source: polled.health for polled in report.polled} == {
        "wire": Health.MALFORMED,
        "register": Health.OK,
    }
    assert room.heads("policy") == ["Gloves made with forced labor"]
    (told,) = room.cards("admin", "health")
    assert told.head == "“The wire” cannot be read"
    assert told.lines[0].text == "the bot tripped over what came (PydanticSerializationError); its log has more"
    assert records.source_state(room.db, "wire").due_at > room.now


async def test_a_store_that_cannot_be_used_is_no_fault_of_the_source(room, monkeypatch):
    def full(*_, **__):
        raise StoreUnusable("the disk is full")

    monkeypatch.setattr(records, "save_source", full)
    with pytest.raises(StoreUnusable):
        await poller(room.wait(hours=1), Brings("register", document())).poll_all()
