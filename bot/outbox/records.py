"""The outbox's SQL: enqueue deliveries, claim them under a lease, record the results.

Nothing is lost or posted twice because `enqueue` runs inside the transaction that stores the news, `claim` commits
"sending" before any network call, and `record` only counts with the claim's own lease.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.commands.model import File
from bot.outbox import files, holds
from bot.outbox.model import (
    EMPTIED_KINDS,
    LINK,
    LONGEST_WAIT,
    PAGE_NEWS,
    PUBLIC_LINK,
    TO_CONFIRM,
    UNREADABLE,
    Channel,
    Outgoing,
    PostedMessage,
    State,
    mark_of,
    readable_card,
    to_json,
)
from bot.shared import journey
from bot.shared.card import Card
from bot.store.database import (
    Database,
    Params,
    Reader,
    Row,
    Rows,
    Transaction,
    delete_rows,
    from_text,
    insert_rows,
    one,
)

# Must match the condition of the index `delivery_open`, or the index is not used.
_STATES: Final = "('pending', 'sending', 'retry', 'ambiguous')"
WITHDRAWN: Final = "the person it was for no longer has the role"
IS_OPEN: Final = f"state IN {_STATES}"
EMPTIED: Final = ""  # the card of a delivery of `EMPTIED_KINDS` once its outcome is final
EMPTY: Final = f"card = CASE WHEN kind IN {EMPTIED_KINDS} THEN '{EMPTIED}' ELSE card END"
_FINAL: Final = (State.SENT, State.DEAD, State.DROPPED)

# Longer than any lease plus the wait for the writer's lock. A lease that ends later was given by a clock that has since
# been set back.
_BEYOND_ANY_LEASE: Final = timedelta(minutes=5)

# Due by the clock, or hidden by a clock that was set back: due when it was created, or with an impossibly long wait or
# lease.
_DUE: Final = """
    (due_at <= :now OR (state = 'pending' AND due_at <= created_at)
     OR (state = 'sending' AND due_at > :no_lease) OR (state IN ('retry', 'ambiguous') AND due_at > :no_wait))
"""

EDIT: Final = "edit"  # the kind of a delivery that changes another
RETRACTION: Final = "retraction"  # an edit that takes words away: it is reported if they stay
SNOOZED: Final = "again"  # the kind of a snoozed message; later messages do not wait for it

# The longest a follow-up waits for the next attempt of an earlier message in its thread.
PATIENCE: Final = timedelta(minutes=3)

# A follow-up waits until each earlier message in its thread was posted (perhaps without its files yet), was given up,
# or has to wait longer than that. An edit waits until its message was posted.
# (The COALESCE and the plus make the planners read the thread's deliveries for each row, not the channel's queue.)
_IN_ORDER: Final = f"""
    NOT EXISTS (
        SELECT 1 FROM delivery AS earlier
        WHERE earlier.channel = d.channel AND earlier.thread = d.thread AND +earlier.seq < d.seq
          AND earlier.kind <> '{SNOOZED}'
          AND COALESCE(earlier.state, '') IN {_STATES} AND earlier.ref IS NULL
          AND NOT (earlier.state IN ('retry', 'ambiguous') AND earlier.due_at > :patience))
    AND NOT EXISTS (
        SELECT 1 FROM delivery AS changed
        WHERE changed.id = d.edits AND COALESCE(changed.state, '') IN {_STATES} AND changed.ref IS NULL)
"""

# Which email goes first: 0 by which a person of the coalition logs in or confirms, 1 other email to them, 2 what the
# public asked for, which has a limit of its own, 3 the campaign page's news, which goes to thousands at once.
RANK: Final = f"""
    CASE WHEN kind = '{PUBLIC_LINK}' THEN 2 WHEN kind = '{PAGE_NEWS}' THEN 3
         WHEN kind = '{LINK}' OR channel LIKE '{TO_CONFIRM}%' THEN 0 ELSE 1 END
"""

# Claim the channel's oldest due delivery, unless it is on hold. Also return the first posted message of its thread (if
# the root was given up, the next one), whether it has files, and whether it is the probe of an expired hold.
_CLAIM: Final = f"""
    UPDATE delivery SET
        state = 'sending', lease = :token, due_at = :until, attempts = attempts + 1,
        platform = :on, ref = CASE WHEN platform = :on THEN ref END,
        attempted_at = COALESCE(attempted_at, :now),
        tried_at = CASE WHEN state = 'sending' THEN due_at ELSE tried_at END,
        first_attempt_at = CASE WHEN first_attempt_at <= :now THEN first_attempt_at ELSE :now END
    WHERE id = (
        SELECT id FROM delivery AS d WHERE channel = :channel AND {IS_OPEN} AND {_DUE}
          AND NOT EXISTS (
              SELECT 1 FROM hold WHERE scope IN (:all, :platform, :channel_scope) AND (until IS NULL OR until > :now)
                AND NOT (scope = :all AND d.kind = '{RETRACTION}'))
          AND {_IN_ORDER}
        ORDER BY seq LIMIT 1 {{skip_locked}})
    RETURNING *,
        (SELECT said.ref FROM delivery AS said WHERE said.channel = :channel AND said.thread = delivery.thread
           AND said.platform = :on AND said.ref IS NOT NULL AND said.edits IS NULL AND said.id <> delivery.id
         ORDER BY COALESCE(said.sent_at, said.first_attempt_at), said.seq LIMIT 1) AS root,
        EXISTS (SELECT 1 FROM delivery_file WHERE delivery_id = delivery.id) AS has_files,
        EXISTS (SELECT 1 FROM hold WHERE scope IN (:all, :platform, :channel_scope)
                  AND NOT (scope = :all AND delivery.kind = '{RETRACTION}')) AS probes
"""

_RECORD: Final = """
    UPDATE delivery SET
        state = :state, due_at = :due_at, why = :why, ref = COALESCE(:ref, ref), may_repeat = :may_repeat,
        attempts = :attempts, attempted_at = :attempted_at, tried_at = :tried_at, sent_at = :sent_at, lease = NULL,
        card = COALESCE(:card, card)
    WHERE id = :id AND lease = :lease
    RETURNING id
"""
_RECALLED: Final = Rows(PostedMessage, "recalled", {"at": "said_at"}, links=lambda row: tuple(json.loads(row["links"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A message to enqueue. The same `key` is posted once in a channel, however often it is enqueued.

    Deliveries of one `thread` in a channel are posted in the order they were enqueued, later ones as replies.
    `entries`: the (entry id, stage) pairs it reports. `needs`: the role its reader must have at delivery, as in
    `bot.outbox.messages.may_read`; "" for none.
    """

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
class Claimed(Outgoing):
    """A delivery leased to us until `until`. Its `edits` are "" if the message to edit does not exist."""

    kind: str
    lease: str
    until: datetime
    attempts: int
    first_attempt: datetime
    begun_at: datetime  # this attempt, or the first of those with an unknown end
    probes: bool  # it is the probe of an expired hold: its success lifts the hold
    journey: str = ""  # "" before version 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A delivery's state after an attempt. `counts`: it uses up one of the tries. `in_doubt`: it may have arrived."""

    state: State
    due_at: datetime
    why: str | None = None
    ref: str | None = None
    in_doubt: bool = False
    may_repeat: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How an attempt ended. `hold`: what it places on later messages; `report`: whether to report that to people.

    `failed`: its channel rests for a moment. `unknown`: the platform answered with an unknown error. `searched`:
    nothing was sent, the platform's history was only searched.
    """

    claimed: Claimed
    result: Result
    at: datetime
    hold: holds.Hold | None = None
    report: bool = False
    failed: bool = False
    unknown: bool = False
    searched: bool = False


def enqueue(tx: Transaction, new: NewDelivery, *, new_id: Callable[[], str], now: datetime) -> str | None:
    """Insert a delivery in the caller's transaction. Return its id, or None if the channel has that key already."""
    rows = tx.execute(
        """
        INSERT INTO delivery (id, seq, channel, platform, key, kind, thread, card, state, due_at,
                              attempts, may_repeat, created_at, needs, journey)
        VALUES (:id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM delivery), :channel, :platform, :key, :kind,
                :thread, :card, 'pending', :due_at, 0, 0, :now, :needs, :journey)
        ON CONFLICT (channel, key) DO NOTHING
        RETURNING id
        """,
        {
            "id": new_id(),
            "channel": new.channel,
            "platform": new.platform,
            "key": new.key,
            "kind": new.kind,
            "thread": new.thread,
            "card": to_json(new.card),
            "due_at": new.due_at,
            "now": now,
            "needs": new.needs,
            "journey": journey.current(),
        },
    )
    if not rows:
        return None
    delivery_id = str(rows[0]["id"])
    if new.files:
        files.put(tx, delivery_id, new.files)
    mark_if_posted(tx, delivery_id, new.channel, new.key)
    reported = ({"delivery_id": delivery_id, "entry_id": entry, "stage": stage} for entry, stage in new.entries)
    insert_rows(tx, "delivery_entry", reported)
    return delivery_id


def enqueue_edit(
    tx: Transaction, delivery_id: str, card: Card, *, kind: str = EDIT, new_id: Callable[[], str], now: datetime
) -> None:
    """Enqueue an edit of a delivery to `card`. It replaces an earlier one, also as a retraction that failed.

    What was not posted yet shows nothing that a retraction could take back.
    """
    tx.execute(
        f"""
        INSERT INTO delivery (id, seq, channel, platform, key, kind, card, state, due_at, attempts,
                              may_repeat, created_at, edits, needs, journey)
        SELECT :id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM delivery), channel, platform, :key,
               CASE WHEN state IN ('pending', 'retry') AND ref IS NULL THEN '{EDIT}' ELSE :kind END,
               :card, 'pending', :now, 0, 0, :now, id, needs, :journey
        FROM delivery
        WHERE id = :delivery AND state NOT IN ('dead', 'dropped')
        ON CONFLICT (channel, key) DO UPDATE SET
            kind = CASE WHEN delivery.kind = :retraction AND delivery.state <> 'sent' THEN :retraction
                        ELSE excluded.kind END,
            card = excluded.card, needs = excluded.needs, state = 'pending', due_at = excluded.due_at, attempts = 0,
            first_attempt_at = NULL, attempted_at = NULL, lease = NULL, why = NULL, created_at = excluded.created_at,
            told_at = CASE WHEN excluded.kind <> :retraction THEN delivery.told_at END, journey = excluded.journey
        """,
        {
            "id": new_id(),
            "delivery": delivery_id,
            "key": f"edit:{delivery_id}",
            "kind": kind,
            "retraction": RETRACTION,
            "card": to_json(card),
            "now": now,
            "journey": journey.current(),
        },
    )


@dataclass(frozen=True, slots=True)
class DueChannel:
    """A channel with due deliveries. `by_mail`: one was queued for mail; `rank`: the first of its email, see `RANK`.

    `takes_back`: one takes words away, which a pause everywhere does not stop.
    """

    name: str
    by_mail: bool
    rank: int
    takes_back: bool


def due_channels(db: Reader, *, now: datetime) -> list[DueChannel]:
    """Return the channels with due deliveries, on hold or not, in the order of `RANK` and of their deliveries."""
    sql = f"""
        SELECT channel, MIN({RANK}) AS rank, MAX(CASE WHEN platform = 'mail' THEN 1 ELSE 0 END) AS by_mail,
            MAX(CASE WHEN kind = '{RETRACTION}' THEN 1 ELSE 0 END) AS takes_back
        FROM delivery AS d
        WHERE {IS_OPEN} AND {_DUE} AND {_IN_ORDER} GROUP BY channel ORDER BY rank, MIN(seq)
    """
    rows = db.read(sql, _time_params(now))
    return [
        DueChannel(row["channel"], bool(row["by_mail"]), row["rank"], takes_back=bool(row["takes_back"]))
        for row in rows
    ]


def claim(
    db: Database, wanted: Sequence[tuple[Channel, str]], *, now: datetime, lease: Callable[[Channel], timedelta]
) -> list[Claimed | None]:
    """Claim the oldest due delivery of each channel under the lease token paired with it; None where there is none.

    All are committed as "sending" when this returns. A "sending" with an expired lease (the process died) comes back
    in doubt. A direct message goes to the platform that the person uses now.
    """
    claims = [
        holds.scopes_of(channel)
        | {"channel": channel.name, "on": channel.platform}
        | {"token": token, "until": now + lease(channel)}
        | _time_params(now)
        for channel, token in wanted
    ]
    with db.write(alone=False) as tx:
        expired = holds.expired_scopes(tx, now=now)
        if any(expired.intersection(holds.scopes_of(channel).values()) for channel, _ in wanted):
            claimed = [_probe(tx, claim_, db.skip_locked) for claim_ in claims]
        else:
            claimed = tx.execute_each(_CLAIM.format(skip_locked=db.skip_locked), claims)
        return [
            _claimed_delivery(tx, channel, rows[0], now, now + lease(channel)) if rows else None
            for rows, (channel, _) in zip(claimed, wanted, strict=True)
        ]


def _probe(tx: Transaction, claim_: Params, skip_locked: str) -> list[Row]:
    """Claim one delivery under expired holds, and extend those holds so that no second one follows."""
    rows = tx.execute(_CLAIM.format(skip_locked=skip_locked), claim_)
    if rows:
        holds.extend_for_probe(tx, claim_)
    return rows


def record(db: Database, attempts: Sequence[Attempt]) -> list[bool]:
    """Record attempts, and the holds they place or lift, at once; False for each whose lease was no longer ours."""
    with db.write(alone=False) as tx:
        written = [bool(rows) for rows in tx.execute_each(_RECORD, [_params(attempt) for attempt in attempts])]
        for attempt in (attempt for attempt, ours in zip(attempts, written, strict=True) if ours):
            result, claimed = attempt.result, attempt.claimed
            if result.state is State.SENT and claimed.files:
                delete_rows(tx, "delivery_file", delivery_id=claimed.id)
            if attempt.hold is not None:
                holds.place(tx, attempt.hold, now=attempt.at, report=attempt.report)
            elif claimed.probes and (result.ref is not None or result.state in (State.DEAD, State.DROPPED)):
                holds.lift(tx, claimed.channel, probed_until=claimed.until)
        return written


def next_due(db: Reader, *, now: datetime) -> datetime | None:
    """Return when something may next become due: a delivery's time, or the end of a hold."""
    sql = f"""
        SELECT MIN(soon.at) AS at FROM (
            SELECT MIN(due_at) AS at FROM delivery WHERE {IS_OPEN} AND due_at > :now
            UNION ALL
            SELECT MIN(until) AS at FROM hold WHERE until > :now
        ) AS soon
    """
    return from_text(db.read(sql, {"now": now})[0]["at"])


def take_unreported(tx: Transaction, *, now: datetime, late: datetime) -> list[Row]:
    """Return dead letters, and retractions that wait since `late`, that were not reported yet, and mark them so.

    Those of one moment are reported together: a dead one waits until no other is open, or `late`. An open one whose
    message may not have been sent shows nothing yet. `shown_at`: when what one edits was sent.
    """
    return tx.execute(
        f"""
        UPDATE delivery SET told_at = :now
        WHERE told_at IS NULL AND (state = 'dead' OR (
            {IS_OPEN} AND kind = '{RETRACTION}' AND created_at < :late
            AND EXISTS (SELECT 1 FROM delivery AS shown WHERE shown.id = delivery.edits AND shown.sent_at IS NOT NULL)))
          AND (kind <> '{RETRACTION}' OR created_at < :late OR NOT EXISTS (
            SELECT 1 FROM delivery AS other WHERE {IS_OPEN} AND kind = '{RETRACTION}' AND created_at >= :late))
        RETURNING id, seq, channel, kind, why, card,
            (SELECT shown.sent_at FROM delivery AS shown WHERE shown.id = delivery.edits) AS shown_at
        """,
        {"now": now, "late": late},
    )


def _params(attempt: Attempt) -> Params:
    """Return the parameters of `_RECORD`."""
    claimed, result = attempt.claimed, attempt.result
    tried_at = claimed.tried_at if attempt.searched else attempt.at
    return {
        "id": claimed.id,
        "lease": claimed.lease,
        "state": result.state.value,
        "due_at": result.due_at,
        "why": result.why,
        "ref": result.ref,
        "may_repeat": int(result.may_repeat),
        "attempts": claimed.attempts if result.counts else claimed.attempts - 1,
        "attempted_at": claimed.begun_at if result.in_doubt else None,
        "tried_at": tried_at if result.in_doubt else None,
        "sent_at": attempt.at if result.state is State.SENT else None,
        "card": EMPTIED if claimed.kind in EMPTIED_KINDS and result.state in _FINAL else None,
    }


def _claimed_delivery(tx: Transaction, channel: Channel, row: Row, now: datetime, until: datetime) -> Claimed:
    key, edits, begun_at = row["key"], None, from_text(row["attempted_at"])
    if row["edits"] is not None:
        # An edit has the key of the message it edits, so that the message keeps its mark.
        sql = "SELECT key, ref FROM delivery WHERE id = :id AND platform = :platform AND ref IS NOT NULL"
        posted = one(tx.read(sql, {"id": row["edits"], "platform": row["platform"]}))
        key, edits = (posted["key"], posted["ref"]) if posted else (key, "")
    return Claimed(
        id=row["id"],
        key=key,
        channel=channel,
        card=readable_card(row["card"]) or UNREADABLE,
        reply_to=row["root"],
        may_repeat=bool(row["may_repeat"]),
        # A new attempt has this moment's timestamp; an older one is from an attempt with an unknown end.
        attempted_at=begun_at if begun_at != now else None,
        tried_at=from_text(row["tried_at"]),
        edits=edits,
        files=files.load(tx, row["id"]) if row["has_files"] else (),
        posted_ref=row["ref"] if row["edits"] is None else None,
        kind=row["kind"],
        lease=row["lease"],
        until=until,
        attempts=row["attempts"],
        first_attempt=from_text(row["first_attempt_at"]),
        begun_at=begun_at,
        probes=bool(row["probes"]),
        journey=row["journey"] or "",
    )


def _time_params(now: datetime) -> dict[str, datetime]:
    return {
        "now": now,
        "no_lease": now + _BEYOND_ANY_LEASE,
        "no_wait": now + LONGEST_WAIT + _BEYOND_ANY_LEASE,
        "patience": now + PATIENCE,
    }


# --- messages found in the channels after a restore, which the backup does not know -----------------------------------


def save_recalled(tx: Transaction, channel: str, messages: Iterable[PostedMessage]) -> None:
    rows = (_RECALLED.row(message, channel=channel, links=json.dumps(message.links)) for message in messages)
    insert_rows(tx, "recalled", rows, if_new=True)


def recalled_in(db: Reader, channel: str) -> list[PostedMessage]:
    """Return the messages found in a channel, oldest first."""
    return _RECALLED.select(db, "WHERE channel = :channel ORDER BY said_at, ref", channel=channel)


def find_recalled(db: Reader, channel: str, key: str) -> PostedMessage | None:
    """Return the message found in the channel for a delivery with that key."""
    return _RECALLED.get(db, channel=channel, mark=mark_of(channel, key)[:10])


def mark_if_posted(tx: Transaction, delivery_id: str, channel: str, key: str) -> bool:
    """Mark a delivery as posted if its message was found. Return whether it was. Files are checked separately."""
    message = find_recalled(tx, channel, key)
    if message is None:
        return False
    sql = """
        UPDATE delivery SET ref = :ref, sent_at = :at, attempted_at = :at, why = 'said before a backup was restored',
            state = CASE WHEN EXISTS (SELECT 1 FROM delivery_file WHERE delivery_id = delivery.id)
                    THEN 'ambiguous' ELSE 'sent' END
        WHERE id = :id
    """
    tx.execute(sql, {"id": delivery_id, "ref": message.ref, "at": message.at})
    return True


def mark_in_doubt(tx: Transaction, channel: str, since: datetime) -> None:
    """Mark a channel's waiting deliveries as possibly posted since then, so that the platform is searched first."""
    sql = """
        UPDATE delivery SET state = 'ambiguous', attempted_at = COALESCE(attempted_at, :since)
        WHERE channel = :channel AND edits IS NULL AND state IN ('pending', 'sending', 'retry', 'ambiguous')
    """
    tx.execute(sql, {"channel": channel, "since": since})
