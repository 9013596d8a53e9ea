"""D15: a connection that is down for long is reported once, and once when it is back; `status` shows it meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.alerts import status
from bot.outbox import connections
from bot.outbox.connections import Uptime
from bot.store import memo
from tests.kit.alerts import TUESDAY, Room


class Line:
    def __init__(self, room: Room) -> None:
        self.room, self.at, self.notices = room, 0.0, []
        self.uptime = self.made()

    def made(self) -> Uptime:
        return Uptime(
            "slack",
            clock=lambda: TUESDAY + timedelta(seconds=self.at),
            ticks=lambda: self.at,
            remember=self.remember,
            tell=self.notices.append,
        )

    def remember(self, name: str, value: str) -> None:
        with self.room.db.write() as tx:
            memo.set_memo(tx, name, value)

    async def down_for(self, seconds: int, why: str = "TimeoutError") -> None:
        for _ in range(0, seconds, 30):
            await self.uptime.down(why)
            self.at += 30

    @property
    def shown(self) -> tuple[connections.ConnectionDown, ...]:
        return status.status(self.room.db, self.room.config, now=TUESDAY).lines


@pytest.fixture
def line(tmp_path):
    return Line(Room(tmp_path))


async def test_a_blip_is_neither_reported_nor_shown(line):
    await line.down_for(60)
    await line.uptime.up()
    assert (line.notices, line.shown) == ([], ())


async def test_what_lasts_a_minute_is_shown_and_what_lasts_five_is_reported_once_with_its_end(line):
    await line.down_for(120)
    assert line.shown == (connections.ConnectionDown("slack", TUESDAY, "TimeoutError"),)
    assert not status.status(line.room.db, line.room.config, now=TUESDAY).healthy
    assert line.notices == []
    await line.down_for(600)
    assert [notice.split(":")[0] for notice in line.notices] == [
        "Commands and buttons have not worked in Slack since 15"
    ]
    await line.uptime.up()
    assert line.notices[1:] == ["Commands and buttons work again in Slack. They were down for 12 minutes."]
    assert line.shown == ()


async def test_what_only_a_person_can_fix_is_reported_and_shown_at_once(line):
    for _ in range(3):
        await line.uptime.down("a dead token", report="Make a new one.")
        line.at += 1_200
    assert line.notices == ["Make a new one."]
    assert [down.why for down in line.shown] == ["a dead token"]


async def test_what_an_earlier_run_left_is_taken_back_by_the_next_that_connects(line):
    await line.down_for(120)
    line.uptime = line.made()
    await line.uptime.up()
    assert line.shown == ()
