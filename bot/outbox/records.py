"""The outbox's SQL: putting deliveries in, claiming them under a lease, recording what became of them.

What keeps the promise: `enqueue` runs inside the transaction that stores the news; `claim` commits "sending" before
any network call; `record` only counts with the claim's own lease.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.commands.model import File
from bot.outbox import channel_history, files, holds
from bot.outbox.codec import to_json
from bot.outbox.holds import Hold
from bot.outbox.model import LONGEST_WAIT, Channel, State
from bot.shared.card import Card
from bot.store.database import Database, Params, Reader, Row, Transaction, from_text, one, to_text

# The same words as in the index `delivery_open`, or the index is not used.
_STATES: Final = "('pending', 'sending', 'retry', 'ambiguous')"
WITHDRAWN: Final = "the person it was for no longer has the role"
_OPEN: Final = f"state IN {_STATES}"

# Longer than any lease, and than the time between looking at the clock and getting the writer's lock: a lease that ends
# later was given by a clock that has since been put back.
_BEYOND_ANY_LEASE: Final = timedelta(minutes=5)

# Due is due, and so is what a jump of the clock would otherwise hide: what was due at once when it was made, and
# waits or leases longer than any can be.
_DUE: Final = """
    (due_at <= :now OR (state = 'pending' AND due_at <= created_at)
     OR (state = 'sending' AND due_at > :no_lease) OR (state IN ('retry', 'ambiguous') AND due_at > :no_wait))
"""

EDIT: Final = "edit"  # the kind of a delivery that changes another
SNOOZED: Final = "again"  # the kind of one that a person put off; what is said meanwhile does not wait for it

# Longest that a follow-up waits for the next attempt at what comes before it in its thread.
PATIENCE: Final = timedelta(minutes=3)

# A follow-up waits until everything before it in its thread was posted (its files may still be missing), was given up,
# or has to wait longer than that; a change waits until what it changes was posted.
# (The COALESCE and the plus keep the planners from reading the channel's whole queue for each row of it, instead of the
# few deliveries of the thread.)
_IN_ORDER: Final = f"""
    NOT EXISTS (
        SELECT 1 FROM delivery AS earlier
        WHERE earlier.channel = d.channel AND earlier.thread = d.thread AND +earlier.seq < d.seq
          AND earlier.coalition_id = d.coalition_id AND earlier.kind <> '{SNOOZED}'
          AND COALESCE(earlier.state, '') IN {_STATES} AND earlier.ref IS NULL
          AND NOT (earlier.state IN ('retry', 'ambiguous') AND earlier.due_at > :patience))
    AND NOT EXISTS (
        SELECT 1 FROM delivery AS changed
        WHERE changed.id = d.edits AND COALESCE(changed.state, '') IN {_STATES} AND changed.ref IS NULL)
"""

# The channel's oldest due delivery, unless something holds it. With it: the first message of its thread that was really
# said there (a root that died leaves the place to the next), whether files go with it, and whether a hold that has run
# out lets it through.
_CLAIM: Final = f"""
    UPDATE delivery SET
        state = 'sending', lease = :token, due_at = :until, attempts = attempts + 1,
        platform = :on, ref = CASE WHEN platform = :on THEN ref END,
        attempted_at = COALESCE(attempted_at, :now),
        tried_at = CASE WHEN state = 'sending' THEN due_at ELSE tried_at END,
        first_attempt_at = CASE WHEN first_attempt_at <= :now THEN first_attempt_at ELSE :now END
    WHERE id = (
        SELECT id FROM delivery AS d
        WHERE coalition_id = :coalition_id AND channel = :channel AND {_OPEN} AND {_DUE}
          AND NOT EXISTS (
              SELECT 1 FROM hold
              WHERE coalition_id = :coalition_id AND scope IN (:all, :platform, :channel_scope)
                AND (until IS NULL OR until > :now))
          AND {_IN_ORDER}
        ORDER BY seq LIMIT 1 {{skip_locked}})
    RETURNING *,
        (SELECT said.ref FROM delivery AS said
         WHERE said.coalition_id = :coalition_id AND said.channel = :channel AND said.thread = delivery.thread
           AND said.platform = :on AND said.ref IS NOT NULL AND said.edits IS NULL AND said.id <> delivery.id
         ORDER BY COALESCE(said.sent_at, said.first_attempt_at), said.seq LIMIT 1) AS root,
        EXISTS (SELECT 1 FROM delivery_file WHERE delivery_id = delivery.id) AS has_files,
        EXISTS (SELECT 1 FROM hold
                WHERE coalition_id = :coalition_id AND scope IN (:all, :platform, :channel_scope)) AS probes
"""

_RECORD: Final = """
    UPDATE delivery SET
        state = :state, due_at = :due_at, why = :why, ref = COALESCE(:ref, ref), may_repeat = :may_repeat,
        attempts = :attempts, attempted_at = :attempted_at, tried_at = :tried_at, sent_at = :sent_at, lease = NULL
    WHERE id = :id AND lease = :lease
    RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """Something to say. `key` says what it is: the same key is said once in a channel, however often it is enqueued.

    Deliveries of one `thread` in one channel are said in the order they were enqueued, the later as replies.
    `entries` are the (entry id, stage) pairs that it says. `needs`: the role that its reader must have when it is
    delivered, as `bot.outbox.messages.may_read` has it; "" for none.
    """

    coalition_id: str
    channel: str
    platform: str
    key: str
    kind: str
    card: Card
    due_at: datetime
    thread: str | None = None
    entries: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()
    needs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that is ours to send until `until`. `in_doubt_since`: an earlier attempt may have arrived."""

    id: str
    key: str
    kind: str
    card: str
    lease: str
    until: datetime
    attempts: int
    first_attempt: datetime
    attempted_at: datetime
    in_doubt_since: datetime | None
    tried_at: datetime | None  # as in `Outgoing`
    may_repeat: bool
    probes: bool  # a hold that has run out let it through: its success lifts that
    reply_to: str | None
    edits: str | None = None  # as in `Outgoing`; "" where the message to change is not there
    files: tuple[File, ...] = ()
    said: str | None = None  # as in `Outgoing`


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a claim. `counts` is False for an attempt that says nothing about the message itself.

    `in_doubt`: it may have arrived; `tried_at`: until when.
    """

    state: State
    due_at: datetime
    why: str | None = None
    ref: str | None = None
    in_doubt: bool = False
    tried_at: datetime | None = None
    may_repeat: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How a claim ended, `at` what moment; `held`: what that means for what is behind it, `tell`: to be told of.

    `failed`: its channel is to be left alone for a moment. `unknown`: the platform's answer is not one we know.
    """

    channel: Channel
    claimed: Claimed
    mark: Result
    at: datetime
    held: Hold | None = None
    tell: bool = False
    failed: bool = False
    unknown: bool = False


def enqueue(tx: Transaction, new: NewDelivery, *, new_id: Callable[[], str], now: datetime) -> str | None:
    """Put a delivery in, inside the caller's transaction; its id, or None when the channel has that key already."""
    rows = tx.execute(
        """
        INSERT INTO delivery (id, seq, coalition_id, channel, platform, key, kind, thread, card, state, due_at,
                              attempts, may_repeat, created_at, needs)
        VALUES (:id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM delivery), :coalition_id, :channel, :platform, :key, :kind,
                :thread, :card, 'pending', :due_at, 0, 0, :now, :needs)
        ON CONFLICT (channel, key) DO NOTHING
        RETURNING id
        """,
        {
            "id": new_id(),
            "coalition_id": new.coalition_id,
            "channel": new.channel,
            "platform": new.platform,
            "key": new.key,
            "kind": new.kind,
            "thread": new.thread,
            "card": to_json(new.card),
            "due_at": to_text(new.due_at),
            "now": to_text(now),
            "needs": new.needs,
        },
    )
    if not rows:
        return None
    delivery_id = str(rows[0]["id"])
    if new.files:
        files.put(tx, delivery_id, new.files)
    channel_history.mark_if_posted(tx, new.coalition_id, delivery_id, new.channel, new.key)
    if new.entries:
        tx.execute_many(
            "INSERT INTO delivery_entry (delivery_id, entry_id, stage) VALUES (:delivery, :entry, :stage)",
            [{"delivery": delivery_id, "entry": entry, "stage": stage} for entry, stage in new.entries],
        )
    return delivery_id


def enqueue_edit(
    tx: Transaction, delivery_id: str, card: Card, *, coalition_id: str, new_id: Callable[[], str], now: datetime
) -> None:
    """Show a delivery as `card` from now on. A newer change takes the place of one that still waits."""
    tx.execute(
        """
        INSERT INTO delivery (id, seq, coalition_id, channel, platform, key, kind, card, state, due_at, attempts,
                              may_repeat, created_at, edits, needs)
        SELECT :id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM delivery), coalition_id, channel, platform, :key, :kind,
               :card, 'pending', :now, 0, 0, :now, id, needs
        FROM delivery
        WHERE id = :delivery AND coalition_id = :coalition_id AND state NOT IN ('dead', 'dropped')
        ON CONFLICT (channel, key) DO UPDATE SET
            card = excluded.card, state = 'pending', due_at = excluded.due_at, attempts = 0, first_attempt_at = NULL,
            attempted_at = NULL, lease = NULL, why = NULL, created_at = excluded.created_at
        """,
        {
            "id": new_id(),
            "delivery": delivery_id,
            "coalition_id": coalition_id,
            "key": f"edit:{delivery_id}",
            "kind": EDIT,
            "card": to_json(card),
            "now": to_text(now),
        },
    )


def erase_content(tx: Transaction, delivery_id: str, card: Card, *, coalition_id: str) -> None:
    """Let nothing be kept of what a delivery and its changes said; what was not sent yet is not said at all."""
    its = {"id": delivery_id, "coalition_id": coalition_id, "card": to_json(card)}
    tx.execute("DELETE FROM delivery_file WHERE delivery_id = :id", its)
    tx.execute(
        """
        UPDATE delivery SET
            card = :card, state = CASE WHEN state IN ('pending', 'retry') THEN 'dropped' ELSE state END,
            why = CASE WHEN state IN ('pending', 'retry') THEN 'emptied before it was sent' ELSE why END
        WHERE coalition_id = :coalition_id AND (id = :id OR edits = :id)
        """,
        its,
    )


def replace_card(tx: Transaction, delivery_id: str, card: Card, *, coalition_id: str) -> None:
    """Keep `card` in place of what a delivery, and its changes, were to show; what was sent stands as it is."""
    sql = "UPDATE delivery SET card = :card WHERE coalition_id = :coalition AND (id = :id OR edits = :id)"
    tx.execute(sql, {"id": delivery_id, "coalition": coalition_id, "card": to_json(card)})


def rename_thread(tx: Transaction, coalition_id: str, thread: str, instead: str) -> None:
    """Let a thread bear another name, in every channel."""
    sql = "UPDATE delivery SET thread = :instead WHERE coalition_id = :coalition AND thread = :thread"
    tx.execute(sql, {"coalition": coalition_id, "thread": thread, "instead": instead})


def add_entries(tx: Transaction, delivery_id: str, entries: Iterable[tuple[str, str]]) -> None:
    """A delivery was changed so that it says these entries too: (entry id, stage) each."""
    tx.execute_many(
        """
        INSERT INTO delivery_entry (delivery_id, entry_id, stage) VALUES (:delivery, :entry, :stage)
        ON CONFLICT (delivery_id, entry_id, stage) DO NOTHING
        """,
        [{"delivery": delivery_id, "entry": entry, "stage": stage} for entry, stage in entries],
    )


def due_channels(db: Reader, *, coalition_id: str, now: datetime) -> list[str]:
    """The channels that have something to claim, held or not."""
    sql = f"""
        SELECT DISTINCT channel FROM delivery AS d
        WHERE coalition_id = :coalition_id AND {_OPEN} AND {_DUE} AND {_IN_ORDER} ORDER BY channel
    """
    rows = db.read(sql, {"coalition_id": coalition_id} | _time_params(now))
    return [row["channel"] for row in rows]


def claim(
    db: Database, wanted: Sequence[tuple[Channel, str]], *, coalition_id: str, now: datetime, lease: timedelta
) -> list[Claimed | None]:
    """Take the oldest due delivery of each channel under the lease token beside it; None where a channel has none.

    All are committed as "sending", together, when this returns. A "sending" whose lease has run out (the process died)
    comes back in doubt. What waits for a person goes to the platform that they are on now.
    """
    until = now + lease
    asked = [
        holds.scopes_of(channel)
        | {"coalition_id": coalition_id, "channel": channel.name, "on": channel.platform}
        | {"token": token, "until": to_text(until)}
        | _time_params(now)
        for channel, token in wanted
    ]
    with db.write(alone=False) as tx:
        over = holds.expired_scopes(tx, coalition_id=coalition_id, now=now)
        if any(over.intersection(holds.scopes_of(channel).values()) for channel, _ in wanted):
            found = [_probe(tx, each, db.skip_locked) for each in asked]
        else:
            found = tx.execute_each(_CLAIM.format(skip_locked=db.skip_locked), asked)
        return [_claimed_delivery(tx, rows[0], now, until) if rows else None for rows in found]


def _probe(tx: Transaction, asked: Params, skip_locked: str) -> list[Row]:
    """Where a hold has run out, one delivery may go: the next one is looked for when that is written down."""
    rows = tx.execute(_CLAIM.format(skip_locked=skip_locked), asked)
    if rows:
        holds.extend_for_probe(tx, asked)
    return rows


def record(db: Database, ends: Sequence[Attempt], *, coalition_id: str) -> list[bool]:
    """Write down, together, what became of claims and what that says of their channels.

    False for each whose lease was no longer ours.
    """
    with db.write(alone=False) as tx:
        written = [bool(rows) for rows in tx.execute_each(_RECORD, [_params(end) for end in ends])]
        for end in (end for end, ours in zip(ends, written, strict=True) if ours):
            if end.mark.state is State.SENT and end.claimed.files:
                files.delete(tx, end.claimed.id)
            if end.held is not None:
                holds.place(tx, end.held, coalition_id=coalition_id, now=end.at, tell=end.tell)
            elif end.claimed.probes and (end.mark.ref is not None or end.mark.state in (State.DEAD, State.DROPPED)):
                holds.lift(tx, end.channel, coalition_id=coalition_id, probed_until=end.claimed.until)
        return written


def drop_channel(tx: Transaction, channel: str, *, coalition_id: str, why: str) -> int:
    """Drop all that waits for a channel; how much it was."""
    sql = f"""
        UPDATE delivery SET state = 'dropped', why = :why, lease = NULL
        WHERE coalition_id = :coalition_id AND channel = :channel AND {_OPEN}
        RETURNING id
    """
    return len(tx.execute(sql, {"coalition_id": coalition_id, "channel": channel, "why": why}))


def required_roles(db: Reader, channel: str, *, coalition_id: str) -> list[str]:
    """What the messages that wait for a channel need of their reader."""
    sql = f"""
        SELECT DISTINCT needs FROM delivery
        WHERE coalition_id = :coalition_id AND channel = :channel AND needs <> '' AND {_OPEN} ORDER BY needs
    """
    return [row["needs"] for row in db.read(sql, {"coalition_id": coalition_id, "channel": channel})]


def drop_requiring(tx: Transaction, channel: str, needs: str, *, coalition_id: str) -> int:
    """Drop what waits for a channel and needs what its reader does not have; how much it was."""
    sql = f"""
        UPDATE delivery SET state = 'dropped', why = :why, lease = NULL
        WHERE coalition_id = :coalition_id AND channel = :channel AND needs = :needs AND {_OPEN}
        RETURNING id
    """
    its = {"coalition_id": coalition_id, "channel": channel, "needs": needs, "why": WITHDRAWN}
    return len(tx.execute(sql, its))


def drop_waiting(tx: Transaction, channel: str, ids: Collection[str], *, coalition_id: str, why: str) -> None:
    """Drop these deliveries to a channel, and changes to them, as far as they still wait."""
    sql = f"""
        UPDATE delivery SET state = 'dropped', why = :why, lease = NULL
        WHERE coalition_id = :coalition_id AND channel = :channel AND (id = :id OR edits = :id) AND {_OPEN}
    """
    its = {"coalition_id": coalition_id, "channel": channel, "why": why}
    tx.execute_many(sql, [{**its, "id": id_} for id_ in ids])


def dropped_for_role(db: Reader, *, coalition_id: str, kind: str) -> list[Row]:
    """(id, key) of the messages of a kind whose reader no longer had the role, and that nobody else got yet."""
    sql = """
        SELECT id, key FROM delivery
        WHERE coalition_id = :coalition_id AND kind = :kind AND state = 'dropped' AND why = :why ORDER BY seq
    """
    return db.read(sql, {"coalition_id": coalition_id, "kind": kind, "why": WITHDRAWN})


def mark_reassigned(tx: Transaction, delivery_id: str, *, coalition_id: str) -> None:
    """Note that somebody else gets what was withdrawn."""
    sql = "UPDATE delivery SET why = :why WHERE coalition_id = :coalition_id AND id = :id"
    tx.execute(sql, {"coalition_id": coalition_id, "id": delivery_id, "why": f"{WITHDRAWN}; passed on"})


def unfinished_threads(db: Reader, *, coalition_id: str, kind: str, ending: str) -> list[Row]:
    """The threads of a kind (channel, platform, thread) in which no key is the thread's name and `ending`."""
    return db.read(
        """
        SELECT channel, platform, thread, MIN(seq) AS first FROM delivery AS d
        WHERE coalition_id = :id AND kind = :kind AND thread IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM delivery AS o WHERE o.channel = d.channel AND o.key = d.thread || :ending)
        GROUP BY channel, platform, thread ORDER BY first
        """,
        {"id": coalition_id, "kind": kind, "ending": ending},
    )


def drop_thread(tx: Transaction, channel: str, thread: str, *, coalition_id: str, why: str) -> None:
    """Drop what waits in a thread and certainly did not arrive."""
    tx.execute(
        """
        UPDATE delivery SET state = 'dropped', why = :why
        WHERE coalition_id = :id AND channel = :channel AND thread = :thread AND state IN ('pending', 'retry')
        """,
        {"id": coalition_id, "channel": channel, "thread": thread, "why": why},
    )


def next_due(db: Reader, *, coalition_id: str, now: datetime) -> datetime | None:
    """The next moment at which something may become due: a delivery's own time, or the end of a hold."""
    row = one(
        db.read(
            f"""
            SELECT MIN(soon.at) AS at FROM (
                SELECT MIN(due_at) AS at FROM delivery WHERE coalition_id = :id AND {_OPEN} AND due_at > :now
                UNION ALL
                SELECT MIN(until) AS at FROM hold WHERE coalition_id = :id AND until > :now
            ) AS soon
            """,
            {"id": coalition_id, "now": to_text(now)},
        )
    )
    return from_text(row["at"]) if row and row["at"] else None


def take_unreported(tx: Transaction, *, coalition_id: str, now: datetime) -> list[Row]:
    """The dead letters nobody was told of yet (id, channel, kind, why, card), told from here on."""
    return tx.execute(
        """
        UPDATE delivery SET told_at = :now
        WHERE coalition_id = :id AND state = 'dead' AND told_at IS NULL
        RETURNING id, seq, channel, kind, why, card
        """,
        {"id": coalition_id, "now": to_text(now)},
    )


def _params(end: Attempt) -> Params:
    """Those of `_RECORD`."""
    claimed, mark = end.claimed, end.mark
    return {
        "id": claimed.id,
        "lease": claimed.lease,
        "state": mark.state.value,
        "due_at": to_text(mark.due_at),
        "why": mark.why,
        "ref": mark.ref,
        "may_repeat": int(mark.may_repeat),
        "attempts": claimed.attempts if mark.counts else claimed.attempts - 1,
        "attempted_at": to_text(claimed.attempted_at) if mark.in_doubt else None,
        "tried_at": to_text(mark.tried_at) if mark.in_doubt and mark.tried_at else None,
        "sent_at": to_text(end.at) if mark.state is State.SENT else None,
    }


def _claimed_delivery(tx: Transaction, row: Row, now: datetime, until: datetime) -> Claimed:
    attempted_at = from_text(row["attempted_at"])
    claimed = Claimed(
        id=row["id"],
        key=row["key"],
        kind=row["kind"],
        card=row["card"],
        lease=row["lease"],
        until=until,
        attempts=row["attempts"],
        first_attempt=from_text(row["first_attempt_at"]),
        attempted_at=attempted_at,
        # A fresh attempt is stamped with this very moment; an older stamp is of one whose end is not known.
        in_doubt_since=attempted_at if attempted_at != now else None,
        tried_at=from_text(row["tried_at"]) if row["tried_at"] else None,
        may_repeat=bool(row["may_repeat"]),
        probes=bool(row["probes"]),
        reply_to=row["root"],
        files=files.load(tx, row["id"]) if row["has_files"] else (),
        said=row["ref"] if row["edits"] is None else None,
    )
    return claimed if row["edits"] is None else _with_target(tx, claimed, row["edits"], row["platform"])


def _with_target(tx: Transaction, claimed: Claimed, target: str, platform: str) -> Claimed:
    """A change bears the key of what it changes, so that the message keeps its mark."""
    sql = "SELECT key, ref FROM delivery WHERE id = :id AND platform = :platform AND ref IS NOT NULL"
    said = one(tx.read(sql, {"id": target, "platform": platform}))
    return replace(claimed, key=said["key"], edits=said["ref"]) if said else replace(claimed, edits="")


def _time_params(now: datetime) -> dict[str, str]:
    return {
        "now": to_text(now),
        "no_lease": to_text(now + _BEYOND_ANY_LEASE),
        "no_wait": to_text(now + LONGEST_WAIT + _BEYOND_ANY_LEASE),
        "patience": to_text(now + PATIENCE),
    }
