"""Telling people, once, of what was given up and what is held. Survives a crash: what is told is marked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.card import Card
from bot.outbox import holds, records, words
from bot.outbox.channels import Channels
from bot.outbox.desk import head_of
from bot.outbox.records import End, NewDelivery
from bot.store.database import Database, Transaction

log = logging.getLogger(__name__)

HEALTH: Final = "health"  # the kind of the outbox's own messages


def tell(
    db: Database,
    channels: Channels,
    stuck: Sequence[End] = (),
    *,
    coalition_id: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """`stuck`: attempts that the platform rejects with an error we do not know. Each message is told of once."""
    with db.write() as tx:
        told = [(f"outbox:{new_id()}", card) for card in _cards(tx, channels, coalition_id, now)]
        told += _stuck(stuck, channels)
        for key, card in told:
            channel = channels.for_trouble(holds.active(tx, coalition_id=coalition_id, now=now))
            new = NewDelivery(
                coalition_id=coalition_id,
                channel=channel.name,
                platform=channel.platform,
                key=key,
                kind=HEALTH,
                card=card,
                due_at=now,
            )
            records.enqueue(tx, new, new_id=new_id, now=now)


def _stuck(ends: Iterable[End], channels: Channels) -> list[tuple[str, Card]]:
    """A message of ours about trouble, itself in trouble, tells of nothing."""
    others = [end for end in ends if end.claimed.kind != HEALTH]
    letters = [
        words.DeadLetter(
            end.claimed.id, channels.called(end.channel.name), head_of(end.claimed.card), end.mark.why or ""
        )
        for end in others
    ]
    return [(f"stuck:{letter.id}", words.stuck(letter)) for letter in letters]


def _cards(tx: Transaction, channels: Channels, coalition_id: str, now: datetime) -> list[Card]:
    cards = []
    for held in holds.take_untold(tx, coalition_id=coalition_id, now=now):
        log.error("posting is held for %s: %s", held.scope, held.why)
        cards.append(words.held(held, channels.called))
    rows = records.take_untold(tx, coalition_id=coalition_id, now=now)
    letters = [words.DeadLetter(r["id"], channels.called(r["channel"]), head_of(r["card"]), r["why"]) for r in rows]
    for row in rows:
        log.error("delivery %s to %s was given up: %s", row["id"], row["channel"], row["why"])
    # Our own message about a dead letter, dead itself, would tell of itself for ever: the log has it.
    others = [letter for letter, row in zip(letters, rows, strict=True) if row["kind"] != HEALTH]
    return [*cards, words.dead_letters(others)] if others else cards
