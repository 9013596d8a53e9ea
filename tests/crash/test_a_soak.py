"""The running program under faults of every kind: whatever fails and whoever is killed, each message is posted, once.

On SQLite one process, on PostgreSQL several. The oracle is what two channels, a mailbox and a webhook show. Meanwhile
a person reads the first process's pages. The clock of the program and its peers goes faster than this machine's, so
that sources are due every few seconds.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.app.application import new_id
from bot.commands.model import Role
from bot.outbox.queued import head_of
from bot.people import mail, preferences, records, sessions
from bot.people.model import Account, Person
from bot.people.preferences import Follow, When
from bot.store import address as owner
from bot.store.address import address
from bot.store.database import StoreError
from tests.crash.program import World
from tests.crash.test_a1_program import BACKLOG, TUESDAY, Stage, staged
from tests.kit import stores
from tests.kit.mail import FROM
from tests.kit.ports import unused_port
from tests.kit.web_face import Browser
from tests.peers.feedserver import Handler, broken_off, rss
from tests.peers.smtp import Relay
from tests.peers.webhook import SECRET, Receiver
from tests.scenario.kit import DISCORD, SLACK, shipped

pytestmark = [pytest.mark.long, pytest.mark.sqlite]  # they choose their stores

SPEED = 20  # a lease of 35 s lasts 1.75 s: longer than a send to a loopback peer takes
CHANCE = 0.01  # of each fault in a step and, in a long soak, in a call
APART = 480  # seconds that the program's clock may be wrong: a search for a message allows ten minutes
ADMIN = "C0ADMIN"
START = TUESDAY + timedelta(hours=17, minutes=30)  # twelve minutes of the soak before the digest
DISCORD_RETRIES = 16  # seconds, of this machine, that discord.py waits between its own five tries of a post
AGE = timedelta(hours=11)  # longer than any wait before a retry
WARM = 1_200  # seconds until the memory of a process is measured
MOST_FILES = 100  # far more than a process has open, unless it leaks
PUBLISHED = 0.2  # of the steps
VIEWED = 0.2  # of the steps
PAGES = ("today", "letters", "deadlines", "bills", "asks", "mentions", "sources", "watches", "people", "report")

ANSWERS = ("drop-before", "drop-after", "delay", "half", "500-after", "429", "html", "status")
CALLS = ("post", "history", "update", "login")
MAIL = (
    *((step, kind) for step in ("connect", "mail", "rcpt") for kind in ("drop", "421 4.3.2 Shutting down")),
    *(("data", kind) for kind in ("drop-after", "451 4.7.1 Greylisted", "452 4.2.2 Mailbox full")),
)
HOOK = ("drop-before", "drop-after", "500", "503", "429")
FEED = (
    *("cut off", "broken off", "slow", "not modified", "renumbered", "empty", "moved", "no host", "page", "poisoned"),
    *("500", "429"),
)
POISON = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss><channel><item><title>Item 1 \udcff\x00 &b;&b;&b;&b;&b;&b;&b;&b;&b;&b;</title><link>javascript:alert(1)</link>"""


@dataclass
class Face:
    """How often each item was shown in one place. `read`: a message's id there, None if it is marked as a repeat, and
    its text; a message that has an earlier one's id counts once.
    """

    messages: Callable[[], Sequence[Any]]
    read: Callable[[Any], tuple[str | None, str]]
    counts: Counter[int] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    seen: int = 0

    def look(self) -> Counter[int]:
        messages = self.messages()
        for message in messages[self.seen :]:
            id_, text = self.read(message)
            if id_ not in self.ids and not is_digest(text):
                self.counts.update(_items(text))
            self.ids |= {id_} if id_ else set()
        self.seen = len(messages)
        return self.counts


def is_digest(text: str) -> bool:
    """Whether a message is a channel's digest, which repeats what was posted; a person's digest does not."""
    return bool(re.search(r"(?<!Your )\b\w+day digest: ", text))


def _items(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"\b[Ii]tem\s+(\d+)\b", text)}


class Soak(Stage):
    """A stage with a mailbox and a webhook, whose peers, sources and clock fail by `dice`. `faults` counts."""

    def set_up(self, folder: Path, dice: random.Random, relay: Relay, hook: Receiver) -> None:
        self.dice, self.faults, self.stale, self.chance = dice, Counter[str](), 0, CHANCE
        self.first = ["cut off"]  # what reads such a feed is imported in the first minute, too
        self.views = Counter[int]()  # of the board, by status
        self.given_up = Counter[int]()
        places = {"policy": f"slack:{SLACK}", "news": f"discord:{DISCORD}", "partners": "webhook:partners"}
        admin = {"admin": {"to": f"slack:{ADMIN}", "digest": {"days": "never"}}}
        sources = {"register": self.register.documents_url, "cbp-news": self.feeds.url("/cbp")}
        channels = {"channels": {name: {"to": to} for name, to in places.items()} | admin}
        config = shipped(folder, sources, places, replace=channels)
        often = {"every": timedelta(minutes=1), "between": None}
        quick = {id_: source.model_copy(update=often) for id_, source in config.feeds.sources.items()}
        config = replace(config, feeds=config.feeds.model_copy(update={"sources": quick}))
        settings = {"smtp_url": relay.url, "mail_from": FROM}
        settings |= {"webhook_url": {"partners": hook.url}, "webhook_secret": {"partners": SECRET}}
        world = {"speed": SPEED, "since": self.world.since, "jump": self.forks.RawValue("d", 0.0)}
        self.life = replace(self.life, config=config, settings=settings, **world)
        self._add_reader(config.coalition)
        slack, discord = self.chats
        discord.remembers += DISCORD_RETRIES * SPEED
        self.shown = {
            "Slack": Face(lambda: slack.messages[SLACK], lambda message: ("", json.dumps(message))),
            "Discord": Face(lambda: discord.messages[DISCORD], lambda message: ("", json.dumps(message))),
            "the mailbox": Face(lambda: relay.mails, _read_mail),
            "the webhook": Face(lambda: hook.requests, lambda one: (one[0]["webhook-id"], one[1].decode())),
        }
        self.relay, self.hook = relay, hook

    def _add_reader(self, coalition: Any) -> None:
        """Someone who follows every ask by mail, and reads the board."""
        now, account = datetime.fromtimestamp(self.world.time(), UTC), Account("slack", "T1", "U1")
        with closing(address(self.life.database_url).open()) as database, database.write() as tx:
            owner.take(tx, coalition.id, coalition.name, now)
            dana = Person(id="dana", name="Dana Reed", roles=frozenset({Role.POLICY}), accounts=(account,))
            records.add(tx, dana, by=None, now=now)
            mail.set_address(tx, "dana", "dana@member.test", token="dana-token", code="1", now=now)
            mine = mail.address_of(tx, "dana")
            assert mine
            link = sessions.make_link(tx, "dana", account, now=now, new_id=new_id)
            self.session = sessions.redeem(tx, link, now=now, new_id=new_id) or ""
            mail.confirm(tx, mine, now)
            mail.choose(tx, mine, now, direct=True)
            for ask in coalition.asks:
                preferences.follow(tx, "dana", Follow(f"ask:{ask}", When.NOW, now - timedelta(seconds=APART)))

    def fail(self) -> None:
        """From now on everything fails now and then."""
        for chat in self.chats:
            chat.dice = self.dice.random
            chat.on_fault.append(partial(self.faults.update, ["chat"]))
            for kind in ANSWERS:
                for method in CALLS:
                    chat.fail(kind, method=method, chance=self.chance, seconds=0.3)
        self.relay.dice = self.dice.random
        for step, kind in MAIL:
            self.relay.fail(step, kind, chance=self.chance)
        self.hook.fault = partial(self._draw, HOOK)
        self.register.answer = self._answer_register
        self._break_feed()

    def heal(self) -> None:
        for peer in (*self.chats, self.relay):
            peer.heal()
        self.hook.fault = str
        self.register.answer = lambda _: None
        self.feeds.pages["/cbp"] = self.feeds.pages["/moved"]
        self.life.jump.value = 0

    def publish(self) -> None:
        super().publish()
        self._break_feed()

    def _break_feed(self) -> None:
        sound = self.feeds.pages["/cbp"]
        self.feeds.script("/moved", sound)
        self.feeds.script("/cbp", partial(self._answer_feed, sound))

    def _draw(self, kinds: Sequence[str]) -> str:
        kind = next((kind for kind in kinds if self.dice.random() < self.chance), "")
        self.faults.update([kind] if kind else [])
        return kind

    def _answer_register(self, _: web.Request) -> web.Response | None:
        match self._draw(("page", "500", "429", "half", "empty")):
            case "page":
                return web.Response(text="<html>Request Access</html>", content_type="text/html")
            case "half":
                return web.Response(text='{"count": 2, "results": [{"title": "W', content_type="application/json")
            case "empty":
                return web.json_response({"count": 0, "description": "Documents published", "total_pages": 0})
            case "":
                return None
            case status:
                return web.Response(status=int(status), headers={"Retry-After": "1"})

    async def _answer_feed(self, sound: Handler, request: web.Request) -> web.StreamResponse:  # noqa: PLR0911
        kind = self.first.pop() if self.first else "not modified" if self.stale else self._draw(FEED)
        self.stale = max(0, self.stale - 1) if self.stale else 5 * (kind == "not modified")
        match kind:
            case "":
                pass
            case "not modified":
                return web.Response(status=304)
            case "broken off":
                return await broken_off(request)
            case "slow":
                await asyncio.sleep(2)
            case "moved":
                return web.Response(status=302, headers={"Location": "/moved"})
            case "no host":
                return web.Response(status=302, headers={"Location": "http://feed.invalid/cbp"})
            case "500" | "429":
                return web.Response(status=int(kind), headers={"Retry-After": "1"})
            case _:
                return self._broken_feed(kind)
        return await sound(request)

    def _broken_feed(self, kind: str) -> web.Response:
        again = [item | {"guid": f"{item['guid']}?again"} for item in self.items[:50]]
        bodies = {
            "cut off": rss(*self.items[:50])[:-400],
            "renumbered": rss(*again),
            "empty": rss(),
            "page": "<html>Please log in</html>",
            "poisoned": POISON,
        }
        body = bodies[kind].encode(errors="surrogateescape")
        return web.Response(body=body, content_type="text/html" if kind == "page" else "application/rss+xml")

    def read_given_up(self) -> None:
        """Look up mails that were twice handed over without an answer: the admin channel asks a person about them."""
        reports = json.dumps(self.chats[0].messages[ADMIN], ensure_ascii=False)
        with closing(address(self.life.database_url).open()) as database:
            rows = database.read("SELECT card FROM delivery WHERE channel = 'dm:dana' AND state = 'dead'")
        reported = [row["card"] for row in rows if head_of(row["card"])[:40] in reports]
        self.given_up = Counter({number for card in reported for number in _items(card)})

    def amiss(self) -> dict[str, list[int]]:
        wanted = Counter(range(1, 2 * len(self.items) - 1))
        shown = {name: face.look() for name, face in self.shown.items()}
        counts = {f"lost in {name}": sorted(wanted - seen) for name, seen in shown.items()}
        counts["lost in the mailbox"] = sorted(wanted - shown["the mailbox"] - self.given_up)
        counts |= {f"repeated in {name}": sorted(seen - wanted) for name, seen in shown.items()}
        return {what: items for what, items in counts.items() if items}

    def posts(self) -> int:
        return sum(face.seen for face in self.shown.values())

    async def view(self, port: int) -> None:
        """Perhaps read a page of the board; nobody answers while the process that serves it starts."""
        if self.dice.random() >= VIEWED:
            return
        with suppress(aiohttp.ClientError, TimeoutError):
            async with asyncio.timeout(5), Browser(f"http://127.0.0.1:{port}") as browser:
                browser.set_cookie("session", self.session)
                answer = await browser.get(f"/{self.dice.choice(PAGES)}")
                assert answer.status == 503 or b"Dana Reed" in answer.body, (answer.url, answer.status)
                self.views[answer.status] += 1


def _read_mail(message: EmailMessage) -> tuple[str | None, str]:
    body = message.get_body(("plain",))
    assert body
    return message["Message-ID"], body.get_content()


class FailingReceiver(Receiver):
    """`fault` draws how the next request goes wrong, "" for not at all."""

    fault: Callable[[], str] = str

    async def take(self, request: web.Request) -> web.StreamResponse:
        match self.fault():
            case "drop-before":
                assert request.transport
                request.transport.abort()
                return web.Response()
            case "drop-after":
                self.answers = [(0, {})]
            case "":
                pass
            case status:
                return web.Response(status=int(status), headers={"Retry-After": "1"})
        return await super().take(request)


@pytest.fixture
async def stage(tmp_path, forks, monkeypatch, request) -> AsyncIterator[Soak]:
    monkeypatch.setattr(stores, "CHOSEN", request.param)
    seed = int(os.environ.get("CRASH_SEED", time.time_ns() % 1_000_000))
    print(f"CRASH_SEED={seed}")  # noqa: T201 - pytest shows it when the soak fails
    async with (
        staged(tmp_path, forks, World(START, SPEED), monkeypatch, Soak) as stage,
        Relay().running() as relay,
        FailingReceiver().running() as hook,
    ):
        stage.set_up(tmp_path, random.Random(seed), relay, hook)
        assert await stage.run() == 0  # the silent baseline, and the greetings
        yield stage
        for process in multiprocessing.active_children():  # after a failure pytest would wait for them
            process.kill()


class Workers:
    """The processes of the program. The first `spared` are never killed: they show what a long life costs.

    They have all of the work for the first minute: each part of it imports something, later a step in that memory.
    """

    def __init__(self, stage: Soak, count: int, spared: int) -> None:
        self.stage, self.spared, self.began, self.port = stage, spared, time.monotonic(), 0
        self.count = count
        self.processes = [self._start(at) for at in range(spared or count)]
        self.sizes: list[tuple[float, int, int]] = []  # seconds, KB and open files of the first

    def _start(self, at: int) -> ForkServerProcess:
        port = unused_port()
        self.port = port if at == 0 else self.port
        return self.stage.begin(later=0, worker=True, port=port)

    def complete(self) -> dict[str, Callable[[], Any]]:
        """Start the others, if there are any; return that one may be killed from now on."""
        self.processes += [self._start(at) for at in range(len(self.processes), self.count)]
        return {"kill": self.kill} if self.spared < self.count else {}

    async def kill(self) -> None:
        at = self.stage.dice.randrange(self.spared, len(self.processes))
        await self.end(self.processes[at])
        self.processes[at] = self._start(at)

    async def end(self, process: ForkServerProcess) -> None:
        process.kill()
        await asyncio.to_thread(process.join)

    async def restart_ended(self) -> None:
        """As a supervisor does: one that has lost its store ends."""
        for at, process in enumerate(self.processes):
            if process.exitcode is not None:
                self.stage.faults["ended"] += 1
                self.processes[at] = self._start(at)
                self.sizes, self.began = ([], time.monotonic()) if at == 0 else (self.sizes, self.began)

    def measure(self) -> None:
        with suppress(OSError):  # it ends just now
            pid = self.processes[0].pid
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            (own,) = re.findall(r"RssAnon:\s+(\d+) kB", status)  # pages of files come and go with the machine's needs
            files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
            self.sizes.append((time.monotonic() - self.began, int(own), files))

    def describe(self) -> str:
        """The size of the first process and, once it is warm, the growth of its memory."""
        warm = [(at / 3600, kilobytes / 1024) for at, kilobytes, _ in self.sizes if at > WARM]
        slope = f"{statistics.linear_regression(*zip(*warm, strict=True)).slope:+.2f} MB/h" if len(warm) > 2 else "-"
        _, kilobytes, files = self.sizes[-1] if self.sizes else (0, 0, 0)
        return f"{kilobytes / 1024:.1f} MB ({slope}), {files} open files"


async def soak(stage: Soak, seconds: float, count: int, spared: int, *, step: float = 0.25) -> None:
    """Publish and let everything fail for so long; then nothing fails, and all that was published has been posted."""
    workers = Workers(stage, count, spared)
    troubles = {"clock": partial(_jump, stage)} | ({} if spared else workers.complete())
    if stores.CHOSEN == "postgres":
        troubles |= {"cut": partial(asyncio.to_thread, cut_connections, stage.life.database_url)}
        troubles |= {"restart": partial(asyncio.to_thread, stores.server().restart)}
    stage.fail()
    began = reported = time.monotonic()

    def report() -> None:
        late = {what: len(items) for what, items in stage.amiss().items()}
        print(  # noqa: T201
            f"{time.monotonic() - began:.0f} s: {2 * len(stage.items) - 2} items, {stage.posts()} posts, "
            f"{dict(stage.views)} views, {workers.describe()}, late {late}, {len(stage.given_up)} left to a person, "
            f"faults {dict(stage.faults)}",
            flush=True,
        )

    while time.monotonic() - began < seconds:
        await asyncio.sleep(step)
        amiss = stage.amiss()
        assert {what: items for what, items in amiss.items() if what.startswith("repeated")} == {}
        if stage.dice.random() < PUBLISHED and all(len(items) < BACKLOG for items in amiss.values()):
            stage.publish()
        await stage.view(workers.port)
        for name, trouble in troubles.items():
            if stage.dice.random() < CHANCE:
                stage.faults[name] += 1
                await trouble()
        await workers.restart_ended()
        workers.measure()  # at each step: on SQLite what is cached comes and goes by 2 MB
        if time.monotonic() - reported > 60:
            reported = time.monotonic()
            troubles |= workers.complete()
            with suppress(StoreError):  # the server restarts just now
                stage.read_given_up()
            report()
    report()
    assert not workers.sizes or workers.sizes[-1][2] < MOST_FILES
    assert not spared or stage.views[200]
    for process in workers.processes:
        await workers.end(process)
    stage.heal()
    for _ in range(3):
        assert await stage.run(later=AGE.total_seconds()) == 0
        stage.read_given_up()
        report()
    assert stage.amiss() == {}


async def _jump(stage: Soak) -> None:
    stage.life.jump.value = stage.dice.uniform(-APART, APART)


def cut_connections(url: str) -> None:
    """Every connection to the store is lost."""
    with closing(address(url).open()) as database:
        database.read(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("stage", "count"), [("sqlite", 1), ("postgres", 3)], indirect=["stage"])
async def test_a2_killed_and_failed_at_random_it_neither_loses_nor_repeats(stage, count):
    stage.chance = 0.05  # there are few calls
    await soak(stage, 25, count, spared=0, step=0.1)


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    ("stage", "count", "spared"),
    [("sqlite", 1, 0), ("sqlite", 1, 1), ("postgres", 3, 1)],
    indirect=["stage"],
    ids=["killed", "long-lived", "workers"],
)
async def test_a2_a_soak_neither_loses_nor_repeats(stage, count, spared):
    await soak(stage, 60 * float(os.environ.get("SOAK_MINUTES", "20")), count, spared)
