"""Telling people, once, of what was given up and what is held. Survives a crash: what is told is marked."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.outbox import holds, records, wording
from bot.outbox.channels import Channels
from bot.outbox.dead_letters import head_of
from bot.outbox.holds import Hold
from bot.outbox.records import End, NewDelivery
from bot.shared.card import Card
from bot.store.database import Database, Transaction, from_text, to_text

log = logging.getLogger(__name__)

HEALTH: Final = "health"  # the kind of the outbox's own messages
_HOLD: Final = "hold:"  # begins the thread of a hold
_OVER: Final = ":over"  # ends the key of the message that tells its end


@dataclass(frozen=True, slots=True)
class _Told:
    """A card, and where it goes: by itself, or into the thread `thread` of the channel `channel`."""

    key: str
    card: Card
    thread: str | None = None
    channel: str = ""
    platform: str = ""


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
        told = [
            *_held(tx, channels, coalition_id, now),
            *_given_up(tx, channels, coalition_id, now, new_id),
            *_stuck(stuck, channels),
            *_over(tx, channels, coalition_id, now),
        ]
        for each in told:
            channel = channels.for_trouble(holds.active(tx, coalition_id=coalition_id, now=now))
            new = NewDelivery(
                coalition_id=coalition_id,
                channel=each.channel or channel.name,
                platform=each.platform or channel.platform,
                key=each.key,
                kind=HEALTH,
                card=each.card,
                due_at=now,
                thread=each.thread,
            )
            records.enqueue(tx, new, new_id=new_id, now=now)


def _held(tx: Transaction, channels: Channels, coalition_id: str, now: datetime) -> Iterator[_Told]:
    """A hold is told of in a thread of its own, where its end is told, too."""
    for held in holds.take_untold(tx, coalition_id=coalition_id, now=now):
        log.error("posting is held for %s: %s", held.scope, held.why)
        thread = _thread(held)
        why = hashlib.sha256(held.why.encode()).hexdigest()[:8]
        yield _Told(f"{thread}:{why}", wording.held(held, channels.called), thread)


def _given_up(
    tx: Transaction, channels: Channels, coalition_id: str, now: datetime, new_id: Callable[[], str]
) -> Iterator[_Told]:
    rows = records.take_untold(tx, coalition_id=coalition_id, now=now)
    letters = [wording.DeadLetter(r["id"], channels.called(r["channel"]), head_of(r["card"]), r["why"]) for r in rows]
    for row in rows:
        log.error("delivery %s to %s was given up: %s", row["id"], row["channel"], row["why"])
    # Our own message about a dead letter, dead itself, would tell of itself for ever: the log has it.
    others = [letter for letter, row in zip(letters, rows, strict=True) if row["kind"] != HEALTH]
    if others:
        yield _Told(f"outbox:{new_id()}", wording.dead_letters(others))


def _stuck(ends: Iterable[End], channels: Channels) -> Iterator[_Told]:
    """A message of ours about trouble, itself in trouble, tells of nothing."""
    for end in ends:
        if end.claimed.kind != HEALTH:
            to, head = channels.called(end.channel.name), head_of(end.claimed.card)
            letter = wording.DeadLetter(end.claimed.id, to, head, end.mark.why or "")
            yield _Told(f"stuck:{letter.id}", wording.stuck(letter))


def _over(tx: Transaction, channels: Channels, coalition_id: str, now: datetime) -> Iterator[_Told]:
    """The end of each hold that was told of, and is no more."""
    held = {_thread(hold) for hold in holds.holds(tx, coalition_id=coalition_id)}
    for row in records.unanswered_threads(tx, coalition_id=coalition_id, kind=HEALTH, ending=_OVER):
        thread = row["thread"]
        if not thread.startswith(_HOLD) or thread in held:
            continue
        records.withdraw(tx, row["channel"], thread, coalition_id=coalition_id, why="over before it could be told")
        scope, _, since = thread.removeprefix(_HOLD).rpartition("@")
        card = wording.over(scope, now - from_text(since), channels.called)
        yield _Told(thread + _OVER, card, thread, row["channel"], row["platform"])


def _thread(held: Hold) -> str:
    assert held.since is not None
    return f"{_HOLD}{held.scope}@{to_text(held.since)}"
