"""Handing a message to the outbox: to a channel of feeds.yml, or to one person.

Every room says things through here, inside the transaction that makes them true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.card import Card
from bot.config.model import Feeds
from bot.outbox.records import NewDelivery, change, enqueue
from bot.people import records as people
from bot.store.database import Reader, Transaction

_DIRECT: Final = "dm:"  # and the person's id: the outbox's name for what is said to one person alone


@dataclass(frozen=True, slots=True)
class Place:
    """Where what is meant for the channel `audience` goes: that channel, or the safety channel while there is one."""

    audience: str
    channel: str
    platform: str

    def key(self, name: str) -> str:
        """A delivery's key bears the channel it was meant for, so that ending a trial repeats nothing."""
        return f"{self.audience}/{name}"

    def thread(self, name: str) -> str:
        return name if self.channel == self.audience else self.key(name)


def place(audience: str, feeds: Feeds) -> Place:
    """A channel of feeds.yml as a place."""
    channel = feeds.safety or audience
    return Place(audience, channel, feeds.channels[channel].to.partition(":")[0])


def person(db: Reader, coalition_id: str, person_id: str, feeds: Feeds) -> Place | None:
    """One person as a place, by the first of their accounts in a chat; None for who has none, or has left."""
    accounts = people.accounts_of(db, coalition_id, person_id)
    if not accounts:
        return None
    audience = f"{_DIRECT}{person_id}"
    if feeds.safety:
        return Place(audience, feeds.safety, feeds.channels[feeds.safety].to.partition(":")[0])
    # The console's stand-in is the last resort: who has a chat account reads there.
    return Place(audience, audience, min(accounts, key=lambda account: account.platform == "console").platform)


def audience_of(key: str) -> str:
    """The channel that a delivery's key says it was meant for."""
    return key.partition("/")[0]


def say(
    tx: Transaction,
    coalition_id: str,
    to: Place,
    name: str,
    card: Card,
    *,
    kind: str,
    now: datetime,
    new_id: Callable[[], str],
    due_at: datetime | None = None,
    thread: str | None = None,
    says: tuple[tuple[str, str], ...] = (),
) -> str | None:
    """Put a message into the outbox; its id, or None where that place was told `name` already.

    `kind`: what the message is to the rooms ("alert", "digest", "letter" …). `thread`: `to.thread(…)`, on which
    follow-ups hang together. `says`: (entry id, stage) of the entries it says.
    """
    new = NewDelivery(
        coalition_id=coalition_id,
        channel=to.channel,
        platform=to.platform,
        key=to.key(name),
        kind=kind,
        card=card,
        due_at=due_at or now,
        thread=thread,
        entries=says,
    )
    return enqueue(tx, new, new_id=new_id, now=now)


def show(
    tx: Transaction, coalition_id: str, delivery_id: str, card: Card, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Let a message that was said, or is about to be, show `card` from now on."""
    change(tx, delivery_id, card, coalition_id=coalition_id, new_id=new_id, now=now)
