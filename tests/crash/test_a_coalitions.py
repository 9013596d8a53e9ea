"""Many coalitions on one PostgreSQL, several workers and web processes that are killed: each posts each item, once.

The oracle is what each coalition's channel shows. The long form, `make soak-coalitions`, also prints how late digests
came, how soon commands were acknowledged, and how soon all was posted.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

import tests.peers.slack
from bot.app import wiring
from bot.config import installation
from bot.store.database import StoreError
from tests.crash import program
from tests.crash.program import World
from tests.crash.test_a1_program import TUESDAY
from tests.crash.test_a_soak import cut_connections, is_digest
from tests.kit import coalitions, stores
from tests.kit.ports import unused_port
from tests.peers.feedserver import FeedServer, rss, serving
from tests.peers.slack_app import SECRET, SlackApp

pytestmark = [pytest.mark.long, pytest.mark.sqlite]  # it chooses its store

WORKERS, WEB = 4, 2
WATCHES = 20
COALITIONS = int(os.environ.get("COALITIONS", "100"))  # of the long form
PATIENCE = 300 + COALITIONS  # seconds within which all is posted, on a busy machine
# Of the steps, which take half a second. The long form has 1,000 kills in an hour, 140 cuts and 36 restarts.
OFTEN = {"kill": 0.5, "cut": 0.05, "restart": 0.03}
FOR_AN_HOUR = {"kill": 0.17, "cut": 0.02, "restart": 0.005}
BEFORE_DIGESTS = 90  # seconds
FEW = 50  # coalitions that are looked up one by one
ASKED_EVERY = 60  # seconds between two looks at a source: what comes later does not wait for a process


class SharedSlack(SlackApp):
    """The Slack of all coalitions: each has a token and a channel."""

    def _known(self, request: web.Request) -> bool:
        return request.headers.get("Authorization", "").startswith("Bearer xoxb-")


@dataclass
class Crowd:
    """The coalitions' surroundings, and the processes that serve them. `digest_at`: when digests are due, if at all."""

    forks: ForkServerContext
    world: World
    slack: SharedSlack
    feeds: FeedServer
    names: list[str]
    life: program.SharedLife
    dice: random.Random
    digest_at: datetime | None
    items: list[dict[str, str]] = field(default_factory=list)
    shown: dict[str, tuple[int, Counter[int]]] = field(default_factory=dict)  # messages counted, and items in them
    lacking: list[str] = field(default_factory=list)  # coalitions that lacked an item at the last look
    waits: list[float] = field(default_factory=list)  # seconds until a command was acknowledged
    processes: dict[int, ForkServerProcess] = field(default_factory=dict)  # by port, or the number of a worker

    def publish(self, kind: str = "item") -> None:
        """Publish an item that all coalitions watch."""
        number = len(self.items) + 1
        link = f"https://x.test/{number}"
        date = format_datetime(datetime.fromtimestamp(self.world.time(), UTC))
        self.items.insert(0, {"title": f"A canary: {kind} {number}", "link": link, "guid": link, "pubDate": date})
        self.feeds.say("/news", rss(*self.items[:50]), headers={"ETag": f'"{number}"'})

    def start(self, seat: int) -> None:
        """Start the worker with this number, or the web process at this port."""
        life = replace(self.life, port=0 if seat < WORKERS else seat)
        self.processes[seat] = process = self.forks.Process(target=program.shared_child, args=(life,))
        process.start()

    async def turn_to_digests(self) -> None:
        """Start all at the next day, shortly before digests are due: the day of the greeting has none."""
        assert self.digest_at
        for seat in self.processes:
            await self.kill(seat)
        self.world.ahead += self.digest_at.timestamp() - BEFORE_DIGESTS - self.world.time()
        self.life = replace(self.life, ahead=self.world.ahead)
        for seat in self.processes:
            self.start(seat)

    async def kill(self, seat: int) -> None:
        self.processes[seat].kill()
        await asyncio.to_thread(self.processes[seat].join)

    def amiss(self) -> dict[str, int]:
        """Count what channels lack and what they have twice, reading only the messages since the last look."""
        wanted = Counter(int(item["title"].split()[-1]) for item in self.items if "item" in item["title"])
        lost = repeated = 0
        self.lacking.clear()
        for name in self.names:
            counted, shown = self.shown.get(name, (0, Counter[int]()))
            messages = self.slack.messages[channel_of(name)]
            for message in messages[counted:]:
                text = json.dumps(message)
                if not is_digest(text):
                    shown.update({int(number) for number in re.findall(r"canary: item (\d+)\b", text)})
            self.shown[name] = len(messages), shown
            if missing := (wanted - shown).total():
                lost += missing
                self.lacking.append(name)
            repeated += (shown - wanted).total()
        return {what: count for what, count in (("lost", lost), ("repeated", repeated)) if count}

    async def type_command(self, session: aiohttp.ClientSession) -> None:
        """Type a command in one coalition's Slack, and note how soon it is acknowledged."""
        port = self.dice.choice([seat for seat in self.processes if seat >= WORKERS])
        name = self.dice.choice(self.names)
        body, headers = self.slack.signed(self.slack.command("/campaign status"), now=self.world.time())
        began = time.monotonic()
        with suppress(aiohttp.ClientError, TimeoutError):  # it was killed, or starts
            url = f"http://127.0.0.1:{port}/slack/events"
            async with session.post(url, data=body, headers=headers | {"Host": host_of(name)}) as answer:
                if answer.status == 200:
                    self.waits.append(time.monotonic() - began)

    def digest_skews(self) -> dict[str, float]:
        """By how many seconds each coalition's digest came after its time."""
        if self.digest_at is None:
            return {}
        return {
            name: float(message["ts"]) - self.digest_at.timestamp()
            for name in self.names
            for message in self.slack.messages[channel_of(name)]
            if is_digest(json.dumps(message))
        }


def channel_of(name: str) -> str:
    return f"C0{name.upper()}"


def host_of(name: str) -> str:
    return f"{name}.example.org"


@pytest.fixture
async def crowd(tmp_path: Path, forks, monkeypatch, request) -> AsyncIterator[Crowd]:
    count, speed, digests = request.param
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    world = World(TUESDAY, speed)
    monkeypatch.setattr(tests.peers.slack, "time", world)
    coalitions.enter(tmp_path, monkeypatch)
    seed = int(os.environ.get("CRASH_SEED", time.time_ns() % 1_000_000))
    print(f"CRASH_SEED={seed}")  # noqa: T201 - pytest shows it when the campaign fails
    due = datetime.fromtimestamp(world.time(), UTC).replace(second=0, microsecond=0) + digests if digests else None
    slack, names = SharedSlack(), [f"c{number:04}" for number in range(count)]
    async with serving() as feeds, slack.running() as url:
        monkeypatch.setenv("SLACK_API_URL", url)
        for name in names:
            _add_coalition(name, feeds.url("/news"), due)
        await asyncio.to_thread(coalitions.created)
        environment = {key: os.environ[key] for key in ("DATABASE_URL", "SLACK_API_URL")}
        life = program.SharedLife(str(tmp_path), environment, world.ahead, speed, world.since)
        crowd = Crowd(forks, world, slack, feeds, names, life, random.Random(seed), due)
        crowd.publish("first notice")
        for seat in (*range(WORKERS), *(unused_port() for _ in range(WEB))):
            crowd.start(seat)
        try:
            yield crowd
        finally:
            for seat in crowd.processes:
                await crowd.kill(seat)


def _add_coalition(name: str, feed: str, digest: datetime | None) -> None:
    """Write a coalition's folder, with its watches."""
    env = {
        "SLACK_BOT_TOKEN": f"xoxb-{name}",
        "SLACK_MODE": "http",
        "SLACK_SIGNING_SECRET": SECRET,
        "WEB_URL": f"https://{host_of(name)}",
    }
    folder = coalitions.add(name, {"news": feed}, "item", to=f"slack:{channel_of(name)}", env=env)
    at = f'at: "{digest.astimezone(ZoneInfo("America/New_York")):%H:%M}"' if digest else "days: never"
    more = "".join(
        f"  w{nth}: {{asks: [1], level: alert, query: 'word{nth} OR {name}x{nth}'}}\n" for nth in range(WATCHES - 1)
    )
    feeds = (folder / "feeds.yml").read_text()
    feeds = feeds.replace("watches:\n", "watches:\n" + more)
    feeds = feeds.replace(
        f'{{to: "slack:{channel_of(name)}"}}', f'{{to: "slack:{channel_of(name)}", digest: {{{at}}}}}'
    )
    (folder / "feeds.yml").write_text(feeds)


async def until_posted(crowd: Crowd) -> tuple[float, float]:
    """Wait until each coalition has posted all; return how many seconds that took, and how many until the only ones
    missing were being posted when their process was killed: Slack's history may lag by two minutes, so these wait.
    """
    began, proven = time.monotonic(), 0.0
    async with asyncio.timeout(PATIENCE):
        while crowd.amiss():
            seconds = time.monotonic() - began
            if len(crowd.lacking) > FEW or not await asyncio.to_thread(_are_interrupted, crowd.lacking):
                proven = seconds
            await asyncio.sleep(0.5)
    return time.monotonic() - began, proven


def _are_interrupted(names: Sequence[str]) -> bool:
    return all(_has_delivery(name, "state <> 'sent' AND attempts > 0") for name in names)


def _has_delivery(name: str, condition: str) -> bool:
    db = wiring.store_address(installation.settings_of(name)).open_as_is()
    try:
        return bool(db.read(f"SELECT id FROM delivery WHERE {condition}"))
    finally:
        db.close()


def _percentile_99(values: Iterable[float]) -> float:
    """Return what 99 of 100 are within; 0 of none."""
    ordered = sorted(values)
    return ordered[len(ordered) * 99 // 100] if ordered else 0.0


async def campaign(crowd: Crowd, seconds: float, chances: Mapping[str, float], *, publish_every: float) -> None:
    """Kill processes, cut connections and restart the server for so long; then all that came has been posted, once."""
    async with asyncio.timeout(PATIENCE):
        while not all(crowd.slack.messages[channel_of(name)] for name in crowd.names):  # noqa: ASYNC110
            await asyncio.sleep(0.2)  # until the first look at the source, which is silent, and the greeting
    if crowd.digest_at:
        await crowd.turn_to_digests()
    began = published = time.monotonic()
    faults = Counter[str]()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session:
        while time.monotonic() - began < seconds:
            left = seconds - (time.monotonic() - began)
            if time.monotonic() - published >= publish_every and left >= ASKED_EVERY / crowd.world.speed:
                published = time.monotonic()
                crowd.publish()
            await asyncio.gather(asyncio.sleep(0.5), *(crowd.type_command(session) for _ in range(2)))
            await _cause_faults(crowd, faults, chances)
            assert "repeated" not in crowd.amiss()
        drained, proven = await until_posted(crowd)
        async with asyncio.timeout(PATIENCE):
            while not crowd.waits:
                await asyncio.gather(asyncio.sleep(0.2), crowd.type_command(session))
    waits, skews = crowd.waits, crowd.digest_skews()
    late = [name for name, seconds in skews.items() if seconds > 60]
    resumed = await asyncio.to_thread(
        lambda: [_has_delivery(name, "kind = 'digest' AND attempts > 1") for name in late]
    )
    print(  # noqa: T201
        f"{len(crowd.names)} coalitions, {len(crowd.items)} items, {crowd.slack.calls['post']} posts, {dict(faults)}; "
        f"all posted after {drained:.0f} s, {proven:.0f} without those whose process was killed while it posted; "
        f"{len(waits)} commands acknowledged, 99 of 100 within {_percentile_99(waits) * 1_000:.0f} ms; "
        f"{len(skews)} digests, half within {statistics.median(skews.values() or [0]):.0f} s, 99 of 100 within "
        f"{_percentile_99(skews.values()):.0f} and all within {max(skews.values(), default=0):.0f}; "
        f"{len(late)} later than 60 s, {sum(resumed)} of them killed while posted"
    )
    assert crowd.amiss() == {}


async def _cause_faults(crowd: Crowd, faults: Counter[str], chances: Mapping[str, float]) -> None:
    for name, chance in chances.items():
        if crowd.dice.random() >= chance:
            continue
        faults[name] += 1
        if name == "kill":
            seat = crowd.dice.choice(list(crowd.processes))
            await crowd.kill(seat)
            crowd.start(seat)
        elif name == "restart":
            await asyncio.to_thread(stores.server().restart)
        else:
            with suppress(StoreError):
                await asyncio.to_thread(cut_connections, installation.load_settings().database_url)
    for seat, process in crowd.processes.items():
        if process.exitcode is not None:  # as a supervisor does
            faults["ended"] += 1
            crowd.start(seat)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("crowd", [(3, 20, None)], indirect=True)
async def test_a2_coalitions_whose_processes_are_killed_neither_lose_nor_repeat(crowd):
    await campaign(crowd, 15, OFTEN, publish_every=2)


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("crowd", [(COALITIONS, 1, timedelta(days=1))], indirect=True)
async def test_a2_a_soak_of_many_coalitions_neither_loses_nor_repeats(crowd):
    seconds = 60 * float(os.environ.get("SOAK_MINUTES", "20"))
    await campaign(crowd, seconds, FOR_AN_HOUR, publish_every=max(30, COALITIONS / 8))
