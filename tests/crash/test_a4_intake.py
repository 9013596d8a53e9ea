"""A4 for the intake: SIGTERM while thousands of news items are saved ends the program before it has them all."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count

import pytest
from aiohttp import web

from bot.alerts import intake
from bot.shared.answer import Fetched, Health, Memory
from bot.store.database import StopRequested
from tests.crash.test_h_flood import running
from tests.kit import stores
from tests.kit.alerts import Room, news
from tests.peers.feedserver import rss, serving
from tests.scenario.kit import shipped

MANY = 4_900


@pytest.mark.parametrize("after", [0, 1, 5, 30, 50])
def test_what_is_given_up_half_way_leaves_nothing_and_comes_again(tmp_path, after):
    room = Room(tmp_path)
    items = tuple(news(str(n), f"Gloves {n}", source="newsroom") for n in range(40))
    answer = Fetched(entries=items, memory=Memory(first_success_at=room.now), health=Health.OK, detail="")
    statements = count()

    def take(stopping):
        due = room.now + timedelta(hours=1)
        with room.job.write() as work:
            intake.ingest(work, answer, "newsroom", due_at=due, stopping=stopping)

    with pytest.raises(StopRequested):
        take(lambda: next(statements) >= after)
    assert room.db.read("SELECT 1 FROM entry") == room.db.read("SELECT 1 FROM delivery") == []
    take(lambda: False)
    assert len(room.posted("policy")) == 40


@pytest.mark.long
@pytest.mark.parametrize("seconds", [1, 4])
async def test_sigterm_while_thousands_of_items_are_taken_in_ends_it_in_the_middle(tmp_path, seconds):
    served = asyncio.Event()

    async def feed(_: web.Request) -> web.Response:
        served.set()
        now = format_datetime(datetime.now(UTC))
        items = [
            {
                "title": f"Human trafficking survivors in county {n}: forced labor grants {n * 7} announced",
                "link": f"https://www.cbp.gov/newsroom/{n}",
                "pubDate": now,
            }
            for n in range(MANY)
        ]
        return web.Response(body=rss(*items), content_type="application/rss+xml")

    async with serving() as feeds:
        sources = {name: feeds.url(f"/{name}") for name in ("cbp-news", "ice-news")}
        for url in sources.values():
            feeds.script(url.removeprefix(feeds.url("")), feed)
        shipped(tmp_path, sources, {"policy": "console:policy", "press": "console:press"})
        stores.create(tmp_path / "coalition.db").close()
        settings = {"DATABASE_URL": stores.url(tmp_path / "coalition.db")}
        log = tmp_path / "log"
        async with running(tmp_path, settings, log) as process:
            await asyncio.wait_for(served.wait(), 60)
            await asyncio.sleep(seconds)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 60) == 0, log.read_text()[-2000:]
    assert "Traceback" not in log.read_text()
    database = stores.at(tmp_path / "coalition.db").open()
    taken = database.read("SELECT COUNT(*) AS n FROM entry")[0]["n"]
    assert taken % MANY == 0  # a source's answer is kept whole or not at all
    assert taken < 2 * MANY, "it was too quick to be stopped in the middle"
    database.close()
