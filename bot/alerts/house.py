"""What every part of this room is given: the coalition, its feeds, its watches; and the one way into the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.alerts.cards import Voice
from bot.card import Card
from bot.config.model import Coalition, Feeds
from bot.post import Place, place, say
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
            families={
                bill.id: family.known_as
                for family in self.coalition.bills.values()
                for bill in family.bills
                if family.known_as
            },
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
        name: str,
        card: Card,
        *,
        kind: str,
        now: datetime,
        new_id: NewId,
        due_at: datetime | None = None,
        thread: str | None = None,
        says: tuple[tuple[str, str], ...] = (),
    ) -> str | None:
        """Put a message into the outbox, as `bot.post.say` does; its id, or None where the place was told `name`."""
        return say(
            tx,
            self.coalition.id,
            to,
            name,
            card,
            kind=kind,
            now=now,
            new_id=new_id,
            due_at=due_at,
            thread=thread,
            says=says,
        )
