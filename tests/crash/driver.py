"""The sender that the crash suite kills: it enqueues the given messages and delivers until nothing is left.

Runs in children of a fork server that has the imports done, so that a thousand deaths take minutes.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import random
import re
import resource
import signal
import sys
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

import bot.shared.failpoint
from bot.chat.discord.render import message as discord_message
from bot.chat.discord.sender import DiscordSender, Rest, create_discord_client
from bot.chat.slack.render import message as slack_message
from bot.chat.slack.sender import SlackSender, create_slack_client
from bot.chat.webhook import WebhookSender, secret_of
from bot.commands import model
from bot.config.settings import Settings
from bot.outbox.deliver import Deliverer
from bot.outbox.model import Channel
from bot.outbox.records import NewDelivery, enqueue, enqueue_edit
from bot.shared.card import Event
from bot.store.address import Address, File
from bot.store.database import Database, StoreError
from tests.kit.outbox import card
from tests.peers.chat import Remote
from tests.peers.webhook import SECRET

CHANNELS = {
    c.name: c
    for c in (
        Channel("policy", "slack", "C0POLICY"),
        Channel("field", "slack", "C0FIELD"),
        Channel("news", "discord", "1100000000000000001"),
    )
}
# Who is written to where a job says `people`: each item with a file.
PEOPLE = {
    c.name: c
    for c in (
        Channel("dm:ada", "slack", "U0ADA", "Ada Smith"),
        Channel("dm:bo", "discord", "2200000000000000001", "Bo Li"),
    )
}
PARTNERS = Channel("partners", "webhook", "partners")
TOKEN = "xoxb-peer-token"
DISCORD_TOKEN = "discord-peer-token"
STORE_FAILED = 3
KILLS = int(os.environ.get("KILLS", "1000"))  # of each long campaign


@dataclass(frozen=True)
class Job:
    """`items` are enqueued for every channel, if they are not yet. `die_at` names a failpoint."""

    store: Address
    slack: str
    discord: str
    items: int
    die_at: str = ""
    deadline: float = 0.5
    people: bool = False
    webhook: str = ""  # an address: each item is an event for it alone
    edited: bool = False  # each item is edited once
    full_at: str = ""  # "start" or "send": from then on no file may grow


def context() -> ForkServerContext:
    """Of a fork server that has this module, and the whole program, loaded."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__, "tests.crash.program", "tests.crash.site"])
    return forks


def start(forks: ForkServerContext, job: Job) -> ForkServerProcess:
    """Start a sender; returns once it is at work, or dead."""
    ready, theirs = forks.Pipe(duplex=False)
    process = forks.Process(target=child, args=(job, theirs))
    process.start()
    theirs.close()
    ready.poll(30)
    ready.close()
    return process


def changed(job: Job, **by: Any) -> Job:
    return replace(job, **by)


def run(forks: ForkServerContext, job: Job, **by: Any) -> int | None:
    """A sender that is left alone; its exit code."""
    process = start(forks, changed(job, **by))
    process.join(60)
    return process.exitcode


def posted(peers: tuple[Remote, Remote]) -> Counter[tuple[str, str]]:
    """How often each item is visible in each channel, of both platforms."""
    visible = peers[0].visible() | peers[1].visible()
    return Counter(
        (name, item_name)
        for name, texts in visible.items()
        for text in texts
        for item_name in dict.fromkeys(re.findall(r"(?:item|file) \d+", text))
    )


def served(items: int) -> Counter[tuple[str, str]]:
    """The result of `posted` when nothing is lost and nothing repeated."""
    return Counter({(c.address, f"item {n}"): 1 for c in CHANNELS.values() for n in range(items)})


def served_to_people(items: int) -> Counter[tuple[str, str]]:
    """The same of a job for people: each item, and its file."""
    rooms = ("D0ADA", "92200000000000000001")
    return Counter({(room, f"{what} {n}"): 1 for room in rooms for n in range(items) for what in ("item", "file")})


def child(job: Job, ready: Any) -> None:
    if job.die_at:
        os.environ["COALITION_BOT_FAILPOINT"] = job.die_at
        importlib.reload(bot.shared.failpoint)
    try:
        asyncio.run(deliver_all(job, ready))
    except StoreError:
        sys.exit(STORE_FAILED)


async def deliver_all(job: Job, ready: Any) -> None:
    db = job.store.open()
    deliverer = assemble(db, job)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: (stopped.set(), deliverer.stop()))
    ready.send(True)
    ready.close()
    put_in(db, job)
    if job.full_at == "start":
        fill_disk(job.store)
    while is_open(db) and not stopped.is_set():
        report = await deliverer.run_once()
        if not report.sent:
            await asyncio.sleep(0.02)
    await deliverer.close()


def assemble(db: Database, job: Job) -> Deliverer:
    settings = Settings(
        _env_file=None,
        slack_api_url=job.slack,
        slack_bot_token=TOKEN,
        discord_api_url=job.discord,
        discord_bot_token=DISCORD_TOKEN,
    )

    def render(*args: Any, **how: Any) -> dict[str, Any]:
        if job.full_at == "send":
            fill_disk(job.store)
        return slack_message(*args, **how)

    def now() -> datetime:
        return datetime.now(UTC)

    return Deliverer(
        db,
        {
            "slack": SlackSender(
                create_slack_client(settings), render, clock=now, zone=UTC, lag=timedelta(seconds=0.2)
            ),
            "discord": DiscordSender(
                Rest(lambda: create_discord_client(settings), DISCORD_TOKEN, now), discord_message, clock=now, zone=UTC
            ),
            "webhook": WebhookSender({"partners": job.webhook}, {"partners": secret_of(SECRET)}, clock=now),
        },
        CHANNELS | {PARTNERS.name: PARTNERS},
        direct=PEOPLE.get,
        clock=now,
        new_id=lambda: uuid.uuid4().hex,
        dice=random.random,
        admin="policy",
        pace=timedelta(0),
        deadline=timedelta(seconds=job.deadline),
        settle=timedelta(seconds=0.2),
    )


def put_in(db: Database, job: Job) -> None:
    """A few at a time, each batch in its own transaction, some of them in threads."""
    channels = {PARTNERS.name: PARTNERS} if job.webhook else PEOPLE if job.people else CHANNELS
    enqueued = db.read("SELECT COUNT(*) AS n FROM delivery")[0]["n"] // len(channels)
    now = datetime.now(UTC)
    for lot in range(enqueued, job.items, 5):
        with db.write() as tx:
            for number in range(lot, min(lot + 5, job.items)):
                for channel in channels.values():
                    enqueue(tx, item(number, channel, now), new_id=lambda: uuid.uuid4().hex, now=now)
            bot.shared.failpoint.failpoint("outbox-insert")
    if job.edited and not db.read("SELECT 1 FROM delivery WHERE edits IS NOT NULL"):
        with db.write() as tx:
            for row in tx.read("SELECT id, key FROM delivery"):
                edited = card(f"{row['key']}, edited.")
                enqueue_edit(tx, row["id"], edited, new_id=lambda: uuid.uuid4().hex, now=now)


def item(number: int, channel: Channel, now: datetime) -> NewDelivery:
    return NewDelivery(
        channel=channel.name,
        platform=channel.platform,
        key=f"item {number}",
        kind="alert",
        card=replace(card(f"item {number}."), event=_event(number, now) if channel is PARTNERS else None),
        due_at=now,
        thread="letter" if channel is PARTNERS else f"thread {number // 3}" if number % 4 == 0 else None,
        files=(model.File(f"file {number}.pdf", "application/pdf", b"%PDF"),) if channel.person else (),
    )


def _event(number: int, now: datetime) -> Event:
    return Event(type="letter.signed", at=now, id="L-001", title=None, state="locked", organizations=(str(number),))


def is_open(db: Database) -> bool:
    sql = "SELECT 1 FROM delivery WHERE state IN ('pending', 'sending', 'retry', 'ambiguous') LIMIT 1"
    return bool(db.read(sql))


def fill_disk(store: File) -> None:
    """From here on the database's log cannot grow in this process."""
    size = store.path.with_name(f"{store.path.name}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
