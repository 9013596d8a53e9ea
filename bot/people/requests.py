"""Requests already handled, and how often email may be asked for. The SQL of `inbox` and `ally_limit`.

Platforms deliver some requests twice, and signed ones can be replayed. Of what is mailed to strangers, a mailbox, a
mail domain or a network is stored as a keyed hash, for a day.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.commands.model import Refused, Work
from bot.store import memo
from bot.store.database import Reader, Transaction, from_text, one, to_text

RETENTION: Final = timedelta(days=10)
OF_ADDRESS: Final = 3  # requests a day
OF_NETWORK: Final = 30  # an office or a university may share one address
_KEY: Final = "key of the limits of allies"
_TOO_MANY: Final = "There were too many requests like this one today. Try again tomorrow."


def seen_at(db: Reader, key: str) -> datetime | None:
    """Return when a request was handled; None if it was not."""
    sql = "SELECT seen_at FROM inbox WHERE key = :key"
    row = one(db.read(sql, {"key": key}))
    return from_text(row["seen_at"]) if row else None


def release(tx: Transaction, key: str) -> None:
    """Forget that a request was taken: it was answered with a form, and nothing was done."""
    sql = "DELETE FROM inbox WHERE key = :key"
    tx.execute(sql, {"key": key})


def take(tx: Transaction, key: str, now: datetime) -> bool:
    """Mark a request as handled. Return False if it was handled before."""
    sql = "INSERT INTO inbox (key, seen_at) VALUES (:key, :now) ON CONFLICT (key) DO NOTHING RETURNING key"
    return bool(tx.execute(sql, {"key": key, "now": to_text(now)}))


def one_mailbox(address: str) -> str:
    """Return the address without a `+tag`: most servers deliver every tag to one mailbox."""
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox.partition('+')[0]}@{domain}"


def count_request(work: Work, subjects: Iterable[tuple[str, int]]) -> None:
    """Count one request against the day's limits, given as ("network 192.0.2.0/24", 30). Raises `Refused`."""
    key = _key_of_today(work)
    for subject, most in subjects:
        if _count_today(work, key, subject) > most:
            raise Refused(_TOO_MANY)


def count_stranger(work: Work, purpose: str, network: str, *, crowd: int) -> int:
    """Count a request from a network against the day's limits; return how many that network has made for `purpose`.

    Once there were more than `crowd` from all networks, each has one: some hundred networks shut out nobody else.
    Raises `Refused`.
    """
    key = _key_of_today(work)
    of_network, of_all = (_count_today(work, key, subject) for subject in (f"{purpose} network {network}", purpose))
    if of_network > (1 if of_all > crowd else OF_NETWORK):
        raise Refused(_TOO_MANY)
    return of_network


def _key_of_today(work: Work) -> bytes:
    today = work.today.isoformat()
    day, _, key = (memo.get_memo(work.tx, _KEY) or "").partition(" ")
    if day != today:
        key = work.new_id()  # yesterday's hashes can no longer be tied to anyone
        memo.set_memo(work.tx, _KEY, f"{today} {key}")
    return key.encode()


def _count_today(work: Work, key: bytes, subject: str) -> int:
    """Count one more request of `subject`, as a keyed hash; return how many it has made today."""
    sql = """
        INSERT INTO ally_limit (day, subject, times) VALUES (:day, :subject, 1)
        ON CONFLICT (day, subject) DO UPDATE SET times = ally_limit.times + 1 RETURNING times
    """
    hashed = hmac.new(key, subject.encode(), hashlib.sha256).hexdigest()
    rows = work.tx.execute(sql, {"day": work.today.isoformat(), "subject": hashed})
    return int(rows[0]["times"])
