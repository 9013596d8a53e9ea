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
from bot.outbox.records import Attempt, NewDelivery
from bot.shared.card import Card
from bot.store.database import Database, Transaction, from_text, to_text

log = logging.getLogger(__name__)

HEALTH: Final = "health"  # the kind of the outbox's own messages
_HOLD: Final = "hold:"  # begins the thread of a hold
_RECOVERED: Final = ":over"  # ends the key of the message that tells its end


@dataclass(frozen=True, slots=True)
class _Notice:
    """A card, and where it goes: by itself, or into the thread `thread` of the channel `channel`."""

    key: str
    card: Card
    thread: str | None = None
    channel: str = ""
    platform: str = ""


def post_notices(
    db: Database,
    channels: Channels,
    stuck: Sequence[Attempt] = (),
    *,
    coalition_id: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Report, once each, dead letters, holds, recoveries, and `stuck_card`: attempts refused with an unknown error."""
    with db.write() as tx:
        told = [
            *_hold_notices(tx, channels, coalition_id, now),
            *_dead_letter_notices(tx, channels, coalition_id, now, new_id),
            *_stuck_notices(stuck, channels),
            *_recovery_notices(tx, channels, coalition_id, now),
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


def _hold_notices(tx: Transaction, channels: Channels, coalition_id: str, now: datetime) -> Iterator[_Notice]:
    """A hold is told of in a thread of its own, where its end is told, too."""
    for held in holds.take_unreported(tx, coalition_id=coalition_id, now=now):
        log.error("posting is held for %s: %s", held.scope, held.why)
        thread = _thread_of(held)
        why = hashlib.sha256(held.why.encode()).hexdigest()[:8]
        yield _Notice(f"{thread}:{why}", wording.hold_card(held, channels.called), thread)


def _dead_letter_notices(
    tx: Transaction, channels: Channels, coalition_id: str, now: datetime, new_id: Callable[[], str]
) -> Iterator[_Notice]:
    rows = records.take_unreported(tx, coalition_id=coalition_id, now=now)
    letters = [wording.DeadLetter(r["id"], channels.called(r["channel"]), head_of(r["card"]), r["why"]) for r in rows]
    for row in rows:
        log.error("delivery %s to %s was given up: %s", row["id"], row["channel"], row["why"])
    # Our own message about a dead letter, dead itself, would tell of itself for ever: the log has it.
    others = [letter for letter, row in zip(letters, rows, strict=True) if row["kind"] != HEALTH]
    if others:
        yield _Notice(f"outbox:{new_id()}", wording.dead_letters_card(others))


def _stuck_notices(ends: Iterable[Attempt], channels: Channels) -> Iterator[_Notice]:
    """A message of ours about trouble, itself in trouble, tells of nothing."""
    for end in ends:
        if end.claimed.kind != HEALTH:
            to, head = channels.called(end.channel.name), head_of(end.claimed.card)
            letter = wording.DeadLetter(end.claimed.id, to, head, end.mark.why or "")
            yield _Notice(f"stuck:{letter.id}", wording.stuck_card(letter))


def _recovery_notices(tx: Transaction, channels: Channels, coalition_id: str, now: datetime) -> Iterator[_Notice]:
    """The end of each hold that was told of, and is no more."""
    held = {_thread_of(hold) for hold in holds.all_holds(tx, coalition_id=coalition_id)}
    for row in records.unfinished_threads(tx, coalition_id=coalition_id, kind=HEALTH, ending=_RECOVERED):
        thread = row["thread"]
        if not thread.startswith(_HOLD) or thread in held:
            continue
        records.drop_thread(tx, row["channel"], thread, coalition_id=coalition_id, why="over before it could be told")
        scope, _, since = thread.removeprefix(_HOLD).rpartition("@")
        card = wording.recovered_card(scope, now - from_text(since), channels.called)
        yield _Notice(thread + _RECOVERED, card, thread, row["channel"], row["platform"])


def _thread_of(held: Hold) -> str:
    assert held.since is not None
    return f"{_HOLD}{held.scope}@{to_text(held.since)}"
