"""What every part of this room is given: the coalition, its feeds, its watches; and the one way into the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.alerts.cards import Voice
from bot.alerts.routes import Place, place
from bot.card import Card
from bot.config.model import Coalition, Feeds
from bot.outbox.records import NewDelivery, enqueue
from bot.store.database import Transaction
from bot.watch.engine import Matcher

NewId = Callable[[], str]


@dataclass(frozen=True)
class House:
    coalition: Coalition
    feeds: Feeds
    matcher: Matcher

    @cached_property
    def voice(self) -> Voice:
        return Voice(
            asks={number: ask.title for number, ask in self.coalition.asks.items()},
            sources={id_: source.name for id_, source in self.feeds.sources.items()},
            zone=self.zone,
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.coalition.zone)

    def place(self, audience: str) -> Place:
        return place(audience, self.feeds)

    def post(
        self,
        tx: Transaction,
        to: Place,
        key: str,
        card: Card,
        *,
        kind: str,
        now: datetime,
        new_id: NewId,
        due_at: datetime | None = None,
        thread: str | None = None,
        says: tuple[tuple[str, str], ...] = (),
    ) -> str | None:
        """Put a message into the outbox; its id, or None where the channel has that key already."""
        new = NewDelivery(
            coalition_id=self.coalition.id,
            channel=to.channel,
            platform=to.platform,
            key=key,
            kind=kind,
            card=card,
            due_at=due_at or now,
            thread=thread,
            entries=says,
        )
        return enqueue(tx, new, new_id=new_id, now=now)
