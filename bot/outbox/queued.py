"""The queue: list, retry and discard messages, for people; and change or drop stored deliveries, for other rooms.

Email has a limit an hour, so that one coalition does not use up a relay that several share. What is beyond it waits in
the outbox, in order. A tenth of the limit is kept for email by which someone logs in or confirms, which would have
expired an hour later; one more tenth is not for what strangers ask for on public pages, and one more not for the
campaign page's news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Final

from bot.commands.model import Context, Reference
from bot.outbox.model import LINK, OPEN, PUBLIC_LINK, UNREADABLE, State, readable_card, to_json
from bot.outbox.records import EMPTIED, EMPTY, IS_OPEN, RANK, RETRACTION, WITHDRAWN
from bot.people import mail
from bot.shared.card import Card
from bot.shared.journey import shell_command
from bot.shared.wording import number
from bot.store.database import Reader, Row, Rows, Transaction, from_text, one, params, placeholders

# Drops the waiting deliveries of a channel. A retraction becomes a dead letter: its words stay, which is reported.
_DROP: Final = f"""
    UPDATE delivery SET state = CASE WHEN kind = '{RETRACTION}' THEN 'dead' ELSE 'dropped' END, why = :why,
        lease = NULL, {EMPTY}
    WHERE channel = :channel AND {IS_OPEN}
"""
UNSENT = (*OPEN, State.DEAD)


def date_back(tx: Transaction, kinds: Sequence[str], *, now: datetime, after: datetime) -> list[datetime]:
    """Date messages of these kinds that were queued later than `after`, by a clock that was ahead, as queued now.

    Return their former times. They give up their key, which names a date that is still to come, unless it may be
    needed to find them in a channel.
    """
    times = {"now": now, "after": after}
    where = f"created_at > :after AND kind IN ({placeholders(kinds)})"
    wrong = tx.read(f"SELECT created_at FROM delivery WHERE {where}", times | params(kinds))
    if wrong:
        sql = f"""
            UPDATE delivery SET
                key = CASE WHEN state = 'sent' OR attempts = 0 THEN key || '@' || created_at ELSE key END,
                created_at = :now
            WHERE {where}
        """
        tx.execute(sql, times | params(kinds))
    return [from_text(row["created_at"]) for row in wrong]


def erase_content(tx: Transaction, delivery_id: str, card: Card) -> None:
    """Replace the content of a delivery and its edits, and delete its files. What was not sent yet is dropped."""
    params = {"id": delivery_id, "card": to_json(card)}
    tx.execute("DELETE FROM delivery_file WHERE delivery_id = :id", params)
    sql = """
        UPDATE delivery SET
            card = :card, state = CASE WHEN state IN ('pending', 'retry') THEN 'dropped' ELSE state END,
            why = CASE WHEN state IN ('pending', 'retry') THEN 'emptied before it was sent' ELSE why END
        WHERE id = :id OR edits = :id
    """
    tx.execute(sql, params)


def replace_card(tx: Transaction, delivery_id: str, card: Card) -> None:
    """Replace the stored card of a delivery and its edits. What was posted is not changed in the chat."""
    sql = "UPDATE delivery SET card = :card WHERE id = :id OR edits = :id"
    tx.execute(sql, {"id": delivery_id, "card": to_json(card)})


def drop_channel(tx: Transaction, channel: str, *, why: str) -> int:
    """Drop every waiting delivery of a channel. Return how many."""
    return len(tx.execute(f"{_DROP} RETURNING id", {"channel": channel, "why": why}))


def mailed_to(db: Reader, mark: str, since: datetime) -> str | None:
    """Return the channel of the email with that mark which was sent since then."""
    sql = f"SELECT channel FROM delivery WHERE {MAILED} AND sent_at >= :since AND ref LIKE :id"
    row = one(db.read(sql, {"since": since, "id": f"<{mark}@%"}))
    return row["channel"] if row else None


def required_roles(db: Reader, channel: str) -> list[str]:
    """Return the roles that a channel's waiting messages need their reader to have."""
    sql = f"SELECT DISTINCT needs FROM delivery WHERE channel = :channel AND needs <> '' AND {IS_OPEN} ORDER BY needs"
    return [row["needs"] for row in db.read(sql, {"channel": channel})]


def drop_requiring(tx: Transaction, channel: str, needs: str) -> int:
    """Drop a channel's waiting messages that need a role its reader does not have. Return how many.

    A retraction stays, with the words of its message as it was stored then: a later edit may have joined it since.
    """
    params = {"channel": channel, "needs": needs}
    sql = f"""
        UPDATE delivery
        SET card = (SELECT card FROM delivery AS changed WHERE changed.id = delivery.edits), needs = ''
        WHERE channel = :channel AND needs = :needs AND kind = '{RETRACTION}' AND {IS_OPEN}
    """
    tx.execute(sql, params)
    sql = f"{_DROP} AND needs = :needs AND kind <> '{RETRACTION}' RETURNING id"
    return len(tx.execute(sql, params | {"why": WITHDRAWN}))


def in_channel(db: Reader, channel: str, ids: Sequence[str], *, needs: str) -> list[str]:
    """Return those of these deliveries that are a channel's and need that of their reader."""
    sql = f"SELECT id FROM delivery WHERE channel = :channel AND needs = :needs AND id IN ({placeholders(ids)})"
    return [row["id"] for row in db.read(sql, {"channel": channel, "needs": needs} | params(ids))]


def dropped_for_role(db: Reader, *, kind: str) -> list[Row]:
    """Return (id, key) of messages dropped for a lost role that no one else got yet."""
    sql = "SELECT id, key FROM delivery WHERE kind = :kind AND state = 'dropped' AND why = :why ORDER BY seq"
    return db.read(sql, {"kind": kind, "why": WITHDRAWN})


def state_in(db: Reader, channel: str) -> tuple[State | None, str]:
    """Return the state of a channel's last message, and why; None if it has none."""
    sql = "SELECT state, why FROM delivery WHERE channel = :channel AND edits IS NULL ORDER BY seq DESC LIMIT 1"
    row = one(db.read(sql, {"channel": channel}))
    return (State(row["state"]), row["why"] or "") if row else (None, "")


def may_have_arrived(db: Reader, channel: str) -> bool:
    """Whether the end of an attempt at a message of a channel, which does not count as sent, is not known."""
    sql = "SELECT 1 AS one FROM delivery WHERE channel = :channel AND state <> 'sent' AND attempted_at IS NOT NULL"
    return bool(db.read(sql, {"channel": channel}))


def waiting_cards(db: Reader, kind: str) -> list[Card]:
    """The different cards of messages of a kind that wait to be sent."""
    sql = "SELECT DISTINCT card FROM delivery WHERE kind = :kind AND state IN ('pending', 'retry')"
    return [card for row in db.read(sql, {"kind": kind}) if (card := readable_card(row["card"]))]


def replace_waiting(tx: Transaction, kind: str, card: Card, instead: Card | None, *, why: str) -> None:
    """Give the messages of a kind that wait with a card another one; drop them for that reason if there is none."""
    change = "card = :instead" if instead else f"state = 'dropped', why = :why, {EMPTY}"
    sql = f"UPDATE delivery SET {change} WHERE kind = :kind AND state IN ('pending', 'retry') AND card = :card"
    row = {"kind": kind, "card": to_json(card), "instead": to_json(instead) if instead else None, "why": why}
    tx.execute(sql, row)


def drop_waiting(tx: Transaction, kind: str, name: str, *, keep: str, why: str) -> None:
    """Drop the messages of a kind that wait and whose name begins with `name`, but for those that begin with `keep`."""
    sql = f"""
        UPDATE delivery SET state = 'dropped', why = :why, {EMPTY}
        WHERE kind = :kind AND state IN ('pending', 'retry') AND key LIKE '%/' || :name || '%'
            AND key NOT LIKE '%/' || :keep || '%'
    """
    tx.execute(sql, {"kind": kind, "name": name, "keep": keep, "why": why})


def drop_links(tx: Transaction) -> None:
    """Drop all waiting mail with a secret link or code: a copy of the store must not let its reader act for others."""
    sql = f"UPDATE delivery SET state = 'dropped', why = :why, {EMPTY} WHERE kind IN (:link, :public) AND {IS_OPEN}"
    tx.execute(sql, {"link": LINK, "public": PUBLIC_LINK, "why": "copies contain no secret links"})


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMessage:
    """A delivery as people see it."""

    id: str
    channel: str
    platform: str
    key: str
    kind: str
    head: str
    state: State
    attempts: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    why: str | None


def head_of(card: str) -> str:
    """Return the first line of a stored card."""
    if card == EMPTIED:
        return "(an email whose text is no longer stored)"
    return (readable_card(card) or UNREADABLE).head


_QUEUED: Final = Rows(QueuedMessage, "delivery", head=lambda row: head_of(row["card"]))


def list_messages(db: Reader, *, states: Iterable[State] = UNSENT, limit: int = 100) -> list[QueuedMessage]:
    """Return deliveries in these states, oldest first."""
    wanted = {f"state_{n}": state.value for n, state in enumerate(states)}
    names = ", ".join(f":{name}" for name in wanted)
    return _QUEUED.select(db, f"WHERE state IN ({names}) ORDER BY seq LIMIT :limit", limit=limit, **wanted)


def references(ctx: Context, kind: str, name: str) -> list[Reference]:
    """The messages that wait for a channel, which would never be posted without it."""
    if kind != "channel":
        return []
    states = ", ".join(f"'{state.value}'" for state in OPEN)
    sql = f"SELECT COUNT(*) AS n FROM delivery WHERE channel = :name AND state IN ({states})"
    count = int(ctx.tx.read(sql, {"name": name})[0]["n"])
    wait = f"{number(count, 'message waits', 'messages wait')} to be posted there"
    return [Reference(f"{wait}; “{shell_command('outbox list')}” shows them.", forbids=True)] if count else []


def counts(db: Reader) -> dict[State, int]:
    sql = "SELECT state, COUNT(*) AS n FROM delivery GROUP BY state"
    return {State(row["state"]): row["n"] for row in db.read(sql)}


def oldest_by_platform(db: Reader, *, mail_per_hour: int, now: datetime) -> dict[str, datetime]:
    """Return since when the oldest overdue delivery of each platform is due; nothing for the others.

    An email that waits for the limit of an hour is due when the limit lets it be sent.
    """
    sql = f"""
        SELECT platform, CASE WHEN {MAILED} AND first_attempt_at IS NULL THEN {RANK} END AS limited,
          MIN(CASE WHEN first_attempt_at < due_at THEN first_attempt_at ELSE due_at END) AS at
        FROM delivery WHERE {IS_OPEN} AND (due_at <= :now OR first_attempt_at IS NOT NULL)
        GROUP BY platform, limited
    """
    rows = db.read(sql, {"now": now})
    limit = partial(room_at, db, per_hour=mail_per_hour, now=now)
    since = [(row["platform"], from_text(row["at"]), row["limited"]) for row in rows]
    late = [(name, at if rank is None else max(at, limit(rank) or at)) for name, at, rank in since]
    return {name: at for name, at in sorted(late, key=itemgetter(1), reverse=True) if at <= now}


def retry(tx: Transaction, delivery_id: str, *, now: datetime) -> str | None:
    """Retry a delivery now. Return its channel; None if none with that id and a content is waiting, dead or dropped.

    If an earlier attempt ended in doubt, the platform's history is searched first.
    """
    sql = """
        UPDATE delivery SET
            state = CASE WHEN attempted_at IS NULL THEN 'retry' ELSE 'ambiguous' END,
            due_at = :now, attempts = 0, first_attempt_at = NULL, told_at = NULL
        WHERE id = :id AND state IN ('pending', 'retry', 'ambiguous', 'dead', 'dropped') AND card <> :emptied
        RETURNING channel
    """
    row = one(tx.execute(sql, {"id": delivery_id, "now": now, "emptied": EMPTIED}))
    return row["channel"] if row else None


def drop(tx: Transaction, delivery_id: str, *, why: str) -> bool:
    """Discard a delivery. Return False if none with that id is waiting or dead."""
    sql = f"""
        UPDATE delivery SET state = 'dropped', why = :why, {EMPTY}
        WHERE id = :id AND state IN ('pending', 'retry', 'ambiguous', 'dead')
        RETURNING id
    """
    return bool(tx.execute(sql, {"id": delivery_id, "why": why}))


_HOUR: Final = timedelta(hours=1)
_AT_ONCE: Final = 20  # emails before other channels are checked again: a link to log in does not wait for all of them
# Must match the condition of the index `delivery_mailed`, or the index is not used. An edit of an email sends nothing.
MAILED: Final = f"platform = '{mail.PLATFORM}' AND edits IS NULL"
_SENT: Final = f"{MAILED} AND sent_at > :since AND sent_at <= :now"


@dataclass(slots=True)
class Allowance:
    """What may be sent at one moment. `under_way`: emails that are being sent."""

    db: Reader
    per_hour: int
    _: KW_ONLY
    under_way: int
    now: datetime
    _next: dict[int, datetime | None] = field(default_factory=dict)  # by rank, until the next email is taken

    def next_at(self, rank: int) -> datetime | None:
        """Return when to look again, if no email of this rank may be sent now; None if one may."""
        if self.under_way >= _AT_ONCE:
            return self.now
        if rank not in self._next:
            limit = _limit(self.per_hour, rank) - self.under_way
            if limit <= 0:
                return self.now
            at = _room_at(self.db, limit, self.now)
            self._next[rank] = at if at and at > self.now else None
        return self._next[rank]

    def take(self) -> None:
        """Count an email that is sent now."""
        self.under_way += 1
        self._next.clear()


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """The emails that wait for the limit, and when the next one is sent."""

    count: int
    per_hour: int
    next_at: datetime


def waiting_mail(db: Reader, *, per_hour: int, now: datetime) -> WaitingMail | None:
    """Return the emails that wait for the limit; None if none does."""
    sql = f"""
        SELECT COUNT(*) AS n, MIN({RANK}) AS rank FROM delivery
        WHERE {MAILED} AND sent_at IS NULL AND {IS_OPEN} AND due_at <= :now
    """
    row = one(db.read(sql, {"now": now}))
    if row is None or not row["n"]:
        return None
    next_at = room_at(db, row["rank"], per_hour=per_hour, now=now)
    return WaitingMail(row["n"], per_hour, next_at) if next_at and next_at > now else None


def room_at(db: Reader, rank: int, *, per_hour: int, now: datetime) -> datetime | None:
    """Return since when an email of this rank may be sent, or from when on; None if that is more than an hour ago."""
    return _room_at(db, _limit(per_hour, rank), now)


def _limit(per_hour: int, rank: int) -> int:
    return per_hour - rank * (per_hour // 10)


def _room_at(db: Reader, limit: int, now: datetime) -> datetime | None:
    """Return when fewer than `limit` emails were sent in the hour before; None if that is more than an hour ago."""
    sql = f"SELECT sent_at FROM delivery WHERE {_SENT} ORDER BY sent_at DESC LIMIT 1 OFFSET :newer"
    row = one(db.read(sql, {"since": now - 2 * _HOUR, "now": now, "newer": limit - 1}))
    return from_text(row["sent_at"]) + _HOUR if row else None
