"""How many emails a coalition sends within an hour, so that those of one do not use up a relay that several share.

What is beyond the limit waits in the outbox, in order. A tenth of the limit is kept for email by which someone logs in
or confirms, which would have expired an hour later; one more tenth is not for what strangers ask for on public pages,
and one more not for the campaign page's news.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.outbox.records import IS_OPEN, RANK
from bot.people import mail
from bot.store.database import Reader, from_text, one, to_text

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


def waiting(db: Reader, *, per_hour: int, now: datetime) -> WaitingMail | None:
    """Return the emails that wait for the limit; None if none does."""
    sql = f"""
        SELECT COUNT(*) AS n, MIN({RANK}) AS rank FROM delivery
        WHERE {MAILED} AND sent_at IS NULL AND {IS_OPEN} AND due_at <= :now
    """
    row = one(db.read(sql, {"now": to_text(now)}))
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
    row = one(db.read(sql, {"since": to_text(now - 2 * _HOUR), "now": to_text(now), "newer": limit - 1}))
    return from_text(row["sent_at"]) + _HOUR if row else None
