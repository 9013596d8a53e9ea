"""What the tests of the outbox and the senders share: a clock to turn, a store, cards, a deliverer over real peers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.discord.render import message as discord_message
from bot.chat.discord.sender import DiscordSender, Rest, create_discord_client
from bot.chat.slack.render import message as slack_message
from bot.chat.slack.sender import HISTORY_LAG, SlackSender, create_slack_client
from bot.config.settings import Settings
from bot.outbox.deliver import Deliverer
from bot.outbox.model import Channel, Sender
from bot.outbox.records import NewDelivery, enqueue
from bot.shared.card import Card, Mark
from bot.store.database import Database, to_text
from tests.kit import stores
from tests.peers.chat import Peer

COALITION = "us"
ADMIN = Channel("admin", "slack", "C0ADMIN")
POLICY = Channel("policy", "slack", "C0POLICY")
FIELD = Channel("field", "slack", "C0FIELD")
NEWS = Channel("news", "discord", "1100000000000000001")
CHANNELS = {c.name: c for c in (ADMIN, POLICY, FIELD, NEWS)}


class Clock:
    """The real time until it is changed, so that the peers' times and ours agree."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self.stands_at: datetime | None = None

    def __call__(self) -> datetime:
        return (self.stands_at or datetime.now(UTC)) + self.ahead

    def stop(self) -> datetime:
        """From now on it moves only when it is turned, however long a busy machine takes."""
        self.stands_at = datetime.now(UTC)
        return self()

    def turn(self, **by: float) -> None:
        self.ahead += timedelta(**by)


def store(path: Path) -> Database:
    db = stores.create(path / "coalition.db")
    add_coalition(db)
    return db


def add_coalition(db: Database) -> None:
    with db.write() as tx:
        tx.execute(
            "INSERT INTO coalition (id, name, created_at) VALUES (:id, 'Us', :now)",
            {"id": COALITION, "now": to_text(datetime.now(UTC))},
        )


def card(head: str) -> Card:
    return Card(mark=Mark.ALERT, head=head)


@dataclass
class Kit:
    """A store and everything over it; `ids` count up."""

    db: Database
    clock: Clock = field(default_factory=Clock)
    counter: Any = field(default_factory=itertools.count)
    opened: list[Sender] = field(default_factory=list)
    people: dict[str, Channel] = field(default_factory=dict)  # where "dm:…" leads

    async def close(self) -> None:
        for sender in self.opened:
            await sender.close()
        self.db.close()

    def new_id(self) -> str:
        return f"id{next(self.counter)}"

    def say(self, head: str, channel: Channel = POLICY, **more: Any) -> str | None:
        now = self.clock()
        fields = {"key": head, "kind": "alert", "card": card(head), "due_at": now} | more
        new = NewDelivery(channel=channel.name, platform=channel.platform, **fields)
        with self.db.write() as tx:
            return enqueue(tx, new, new_id=self.new_id, now=now)

    def deliverer(self, *senders: Sender, channels: Iterable[Channel] = CHANNELS.values(), **more: Any) -> Deliverer:
        self.opened += senders
        options: dict[str, Any] = {"pace": timedelta(0), "deadline": timedelta(seconds=5), "admin": "admin"} | more
        return Deliverer(
            self.db,
            {c.platform: c for c in senders},
            {c.name: c for c in channels},
            direct=self.people.get,
            clock=self.clock,
            new_id=self.new_id,
            dice=lambda: 0.5,
            **options,
        )

    def slack(
        self,
        url: str,
        render: Callable[..., dict[str, Any]] = slack_message,
        lag: timedelta = HISTORY_LAG,
        **settings: Any,
    ) -> SlackSender:
        return SlackSender(slack_client(url, **settings), render, clock=self.clock, zone=UTC, lag=lag)

    def discord(
        self, url: str, render: Callable[..., dict[str, Any]] = discord_message, token: str = "discord-peer-token"
    ) -> DiscordSender:
        settings = Settings(_env_file=None, discord_api_url=url, discord_bot_token=token)
        return DiscordSender(
            Rest(lambda: create_discord_client(settings), token, self.clock), render, clock=self.clock, zone=UTC
        )

    def states(self) -> dict[str, str]:
        return {row["key"]: row["state"] for row in self.db.read("SELECT key, state FROM delivery ORDER BY seq")}

    def row(self, key: str) -> dict[str, Any]:
        return dict(self.db.read("SELECT * FROM delivery WHERE key = :key", {"key": key})[0])


def deadline_after_a_fault(*peers: Peer) -> Callable[[float], AbstractAsyncContextManager[None]]:
    """A timer for `Deliverer`: what is under way when one of `peers` goes wrong is ended a moment later.

    A call that goes well may take as long as a busy machine needs. The moment is shorter than what discord.py waits
    before it tries again by itself (1 s, in the same event loop).
    """
    under_way: set[asyncio.Timeout] = set()

    @asynccontextmanager
    async def timer(_seconds: float) -> AsyncIterator[None]:
        async with asyncio.timeout(60) as timeout:
            under_way.add(timeout)
            try:
                yield
            finally:
                under_way.discard(timeout)

    def end_soon() -> None:
        for timeout in under_way:
            timeout.reschedule(asyncio.get_running_loop().time() + 0.1)

    for peer in peers:
        peer.on_fault.append(end_soon)
    return timer


def slack_client(url: str, token: str = "xoxb-peer-token") -> AsyncWebClient:
    return create_slack_client(Settings(_env_file=None, slack_api_url=url, slack_bot_token=token))


def plain(card: Card, today: date, *, short: bool = False, may_repeat: bool = False) -> dict[str, Any]:
    """A renderer small enough that a test can say what it should give."""
    text = card.head + (" (may be a repeat)" if may_repeat else "")
    return {"text": text[:20] if short else text}
