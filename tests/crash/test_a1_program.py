"""A1 to A3 for the whole program, from the fetch to the record: killed at any moment, it posts each message once.

The sources and the chats run in the test's process, so they outlast every kill. Program and peers share a clock that
moves forward at each start, because a message that was being sent is not retried until its lease has expired.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any, TypeVar

import discord.http
import pytest

import tests.peers.discord
import tests.peers.slack
from tests.crash import driver, program
from tests.crash.program import World
from tests.kit import stores
from tests.peers.chat import Peer
from tests.peers.discord import DiscordPeer
from tests.peers.feedserver import FeedServer, rss, serving
from tests.peers.register import RegisterPeer
from tests.peers.slack import SlackPeer
from tests.scenario.kit import DISCORD, SLACK, shipped

pytestmark = pytest.mark.long

TUESDAY = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
LEASE = 160  # seconds: more than the program's own lease, and what it gives Slack's history
BACKLOG = 12  # items that may wait: those that do not fit into one message are only counted in it
DHS = {"slug": "homeland-security-department", "name": "Homeland Security Department", "id": 227, "parent_id": None}
DEATHS = ("fetch", "parse", "store", "match", "outbox-insert", "claim", "before-send", "after-send", "after-mark")

AnyStage = TypeVar("AnyStage", bound="Stage")


class Stage:
    """The program's surroundings, and its lives and deaths."""

    def __init__(
        self, folder: Path, forks: ForkServerContext, world: World, sources: tuple[RegisterPeer, FeedServer],
        chats: tuple[SlackPeer, DiscordPeer], urls: tuple[str, str],
    ) -> None:  # fmt: skip
        self.forks, self.world, self.chats = forks, world, chats
        self.register, self.feeds = sources
        self.items: list[dict[str, str]] = []
        self._numbers = count(1)
        self._publish("Watches seized", "Airworthiness Directives")
        places = {"policy": f"slack:{SLACK}", "news": f"discord:{DISCORD}"}
        config = shipped(folder, {"register": self.register.documents_url, "cbp-news": self.feeds.url("/cbp")}, places)
        database = folder / "coalition.db"
        stores.create(database).close()
        self.life = program.Life(stores.url(database), config, *urls, ahead=world.ahead)

    def publish(self) -> None:
        """A news item and a document; both concern us."""
        release, document = next(self._numbers), next(self._numbers)
        self._publish(
            f"CBP issues Withhold Release Order on item {release}",
            f"Finding That Item {document} Is Produced With Convict, Forced or Indentured Labor",
        )

    def _publish(self, release: str, document: str) -> None:
        now = datetime.fromtimestamp(self.world.time(), UTC)
        link = f"https://www.cbp.gov/newsroom/{len(self.items)}"
        self.items.insert(0, {"title": release, "link": link, "guid": link, "pubDate": format_datetime(now)})
        body = rss(*self.items[:50])
        self.feeds.say("/cbp", body, headers={"ETag": f'"{len(self.items)}"'})
        number, day = f"2026-{90_000 + len(self.items)}", now.date()
        about = {"document_number": number, "title": document, "publication_date": f"{day}", "agencies": [DHS]}
        url = f"https://www.federalregister.gov/documents/{day:%Y/%m/%d}/{number}/example"
        self.register.documents.append(about | {"html_url": url, "type": "Notice", "abstract": None})
        del self.register.documents[:-50]

    def begin(self, *, later: float = LEASE, **how: Any) -> ForkServerProcess:
        """A new start, by itself later than every lease of the one before."""
        self.world.ahead += later
        life = replace(self.life, ahead=self.world.ahead, **how)
        process = self.forks.Process(target=program.child, args=(life,))
        process.start()
        return process

    async def run(self, **how: Any) -> int | None:
        process = self.begin(**how)
        await asyncio.to_thread(process.join, 60)
        return process.exitcode

    async def settle(self) -> None:
        """Start it again, undisturbed, until it has nothing more to say."""
        for chat in self.chats:
            chat.heal()
        for _ in range(5):
            before = self.posts()
            assert await self.run() == 0
            if self.posts() == before:
                return
        raise AssertionError("it never falls silent")

    async def until_it_posts(self, before: int) -> None:
        """Wait for more posts than `before`, if there is something to post.

        On a busy machine the program needs seconds to start; a retry that is due later may not come in this life.
        """
        deadline = time.monotonic() + 10
        while (  # noqa: ASYNC110 - the peers count, they do not call
            self.posts() == before and self.amiss() and time.monotonic() < deadline
        ):
            await asyncio.sleep(0.002)

    def posts(self) -> int:
        return sum(chat.calls["post"] for chat in self.chats)

    def amiss(self) -> dict[str, list[int]]:
        """The items that were lost or repeated, by platform; nothing where each was said once."""
        wanted = Counter(range(1, 2 * len(self.items) - 1))
        counts: dict[str, list[int]] = {}
        for name, chat, channel in zip(("Slack", "Discord"), self.chats, (SLACK, DISCORD), strict=True):
            text = _said(chat, channel)
            counts |= {f"lost in {name}": sorted(wanted - text), f"repeated in {name}": sorted(text - wanted)}
        return {what: items for what, items in counts.items() if items}


def _said(chat: Peer, channel: str) -> Counter[int]:
    counts: Counter[int] = Counter()
    for message in chat.messages[channel]:
        counts.update({int(number) for number in re.findall(r"\b[Ii]tem (\d+)\b", json.dumps(message))})
    return counts


@asynccontextmanager
async def staged(
    folder: Path, forks: ForkServerContext, world: World, monkeypatch: pytest.MonkeyPatch, kind: type[AnyStage] = Stage
) -> AsyncIterator[AnyStage]:
    """A stage with its sources and chats, before the program's first run."""
    monkeypatch.setattr(tests.peers.slack, "time", world)
    monkeypatch.setattr(tests.peers.discord, "time", world)
    slack, discord_, base = SlackPeer(), DiscordPeer(), discord.http.Route.BASE
    async with (
        RegisterPeer() as register,
        serving() as feeds,
        slack.running() as slack_url,
        discord_.running() as discord_url,
    ):
        yield kind(folder, forks, world, (register, feeds), (slack, discord_), (slack_url, discord_url))
    discord.http.Route.BASE = base


@pytest.fixture
async def stage(tmp_path, forks, monkeypatch):
    async with staged(tmp_path, forks, World(TUESDAY), monkeypatch) as stage:
        assert await stage.run() == 0  # the silent baseline, and the greeting
        yield stage


@pytest.mark.parametrize("point", DEATHS)
async def test_a1_dying_at_a_point_neither_loses_nor_repeats(stage, point):
    for _ in range(3):
        stage.publish()
        assert await stage.run(die_at=point) == -signal.SIGKILL
    await stage.settle()
    assert stage.amiss() == {}


@pytest.mark.parametrize("point", ["before-send", "after-send"])
async def test_a1_dying_while_slack_s_history_lags_neither_loses_nor_repeats(stage, point):
    stage.chats[0].lag = 110
    for _ in range(3):
        stage.publish()
        assert await stage.run(die_at=point) == -signal.SIGKILL
        assert await stage.run(later=40) == 0
    await stage.settle()
    assert stage.amiss() == {}


@pytest.mark.parametrize("fault", ["delay", "hang-after", "hang"])
async def test_a1_dying_during_the_send_neither_loses_nor_repeats(stage, fault):
    stage.publish()
    before = [chat.calls["post"] for chat in stage.chats]
    for chat in stage.chats:
        chat.fail(fault, seconds=0.3)
    process = stage.begin()
    while not all(chat.calls["post"] > was for chat, was in zip(stage.chats, before, strict=True)):
        assert process.is_alive()
        await asyncio.sleep(0.01)
    process.kill()
    await asyncio.to_thread(process.join)
    await stage.settle()
    assert stage.amiss() == {}


@pytest.mark.parametrize("point", ["store", "match", "outbox-insert"])
async def test_a3_a_validator_is_never_kept_without_what_came_with_it(stage, point):
    stage.publish()
    assert await stage.run(die_at=point) == -signal.SIGKILL
    asked = len(stage.feeds.asked)
    await stage.settle()
    tags = [headers.get("If-None-Match") for _, headers in stage.feeds.asked[asked:]]
    assert tags == ['"1"', '"2"']  # the old one until the item is stored, then the new one
    assert stage.amiss() == {}


async def campaign(stage: Stage, kills: int) -> None:
    seed = int(os.environ.get("CRASH_SEED", time.time_ns() % 1_000_000))
    print(f"CRASH_SEED={seed}")  # noqa: T201 - pytest shows it when the campaign fails
    dice = random.Random(seed)
    for _ in range(kills):
        posts, process = stage.posts(), stage.begin(endless=True)
        for _ in range(dice.randint(1, 3)):
            if len(stage.amiss().get("lost in Discord", ())) < BACKLOG:
                stage.publish()
            await asyncio.sleep(dice.uniform(0, 0.15))
        if dice.random() < 0.5:  # on a busy machine hardly one would come to a send by itself
            await stage.until_it_posts(posts)
            await asyncio.sleep(dice.uniform(0, 0.02))
        process.kill()
        await asyncio.to_thread(process.join)
    looks = sum(chat.calls["history"] for chat in stage.chats)
    await stage.settle()
    print(f"{kills} kills, {2 * len(stage.items) - 2} items, {stage.posts()} posts, {looks} looks")  # noqa: T201
    assert stage.amiss() == {}
    assert looks  # or no kill hit a send


async def test_a1_fifty_random_kills_neither_lose_nor_repeat(stage):
    await campaign(stage, 50)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
async def test_a1_a_thousand_random_kills_neither_lose_nor_repeat(stage):
    await campaign(stage, driver.KILLS)
