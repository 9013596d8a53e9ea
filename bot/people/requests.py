"""Requests: those handled, those promised an answer, and how often email may be asked for.

The SQL of `inbox`, `promise` and `ally_limit`.

Platforms deliver some requests twice, and signed ones can be replayed. Of what is mailed to strangers, a mailbox, a
mail domain or a network is stored as a keyed hash, for a day.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.commands.model import Refused, Work
from bot.people import audit
from bot.shared.card import Line
from bot.shared.errors import Outage
from bot.shared.language import gettext, gettext_noop
from bot.shared.threads import for_people
from bot.store import memo
from bot.store.database import Database, Reader, Rows, Transaction, delete_rows, from_text, one, update_rows

RETENTION: Final = timedelta(days=10)
OF_ADDRESS: Final = 3  # emails to confirm a day to one mailbox, for one purpose
OF_DOMAIN: Final = 10  # requests a day for one organization's addresses, after which each network has one
OF_NETWORK: Final = 30  # an office or a university may share one address
_GOOGLE: Final = ("gmail.com", "googlemail.com")  # one mailbox, with or without dots in its name
_KEY: Final = "key of the limits of allies"
_TOO_MANY: Final = gettext_noop("There were too many requests like this one today. Try again tomorrow.")


def seen_at(db: Reader, key: str) -> datetime | None:
    """Return when a request was handled; None if it was not."""
    row = one(db.read("SELECT seen_at FROM inbox WHERE key = :key", {"key": key}))
    return from_text(row["seen_at"]) if row else None


def release(tx: Transaction, key: str) -> None:
    """Forget that a request was taken: it was answered with a form, and nothing was done."""
    delete_rows(tx, "inbox", key=key)


def take(tx: Transaction, key: str, now: datetime) -> bool:
    """Mark a request as handled. Return False if it was handled before."""
    sql = "INSERT INTO inbox (key, seen_at) VALUES (:key, :now) ON CONFLICT (key) DO NOTHING RETURNING key"
    return bool(tx.execute(sql, {"key": key, "now": now}))


def one_mailbox(address: str) -> str:
    """Return the address without a `+tag`, of which most servers deliver each to one mailbox, and Google's dots."""
    name, _, domain = address.rpartition("@")
    name = name.partition("+")[0]
    return f"{name.replace('.', '')}@{_GOOGLE[0]}" if domain in _GOOGLE else f"{name}@{domain}"


def count_request(work: Work, subjects: Iterable[tuple[str, int]]) -> None:
    """Count one request against the day's limits, given as ("network 192.0.2.0/24", 30). Raises `Refused`."""
    for subject, most in subjects:
        if _count_today(work, subject) > most:
            raise Refused(gettext(_TOO_MANY))


def may_confirm(work: Work, purpose: str, address: str) -> bool:
    """Count an email to confirm, which anyone may ask for; False after three to a mailbox a day.

    Their links still work then, so nobody can keep the owner from confirming by asking in their name. All addresses
    with a `+tag` of one mailbox get one together. Raises `Refused` for more of those.
    """
    mailbox = one_mailbox(address)
    if "+" not in address:
        return _count_today(work, f"{purpose} to {mailbox}") <= OF_ADDRESS
    count_request(work, [(f"{purpose} tags of {mailbox}", 1)])
    return True


def count_stranger(work: Work, purpose: str, network: str, *, crowd: int) -> int:
    """Count a request from a network against the day's limits; return how many that network has made for `purpose`.

    Once there were more than `crowd` from all networks, each has one: some hundred networks shut out nobody else.
    Raises `Refused`.
    """
    of_network, of_all = (_count_today(work, subject) for subject in (f"{purpose} network {network}", purpose))
    if of_network > (1 if of_all > crowd else OF_NETWORK):
        raise Refused(gettext(_TOO_MANY))
    return of_network


def _count_today(work: Work, subject: str) -> int:
    """Count one more request of `subject`, as a hash with the day's key; return how many it has made today."""
    today = work.today.isoformat()
    day, _, key = (memo.get_memo(work.tx, _KEY) or "").partition(" ")
    if day != today:
        key = work.new_id()  # yesterday's hashes can no longer be tied to anyone
        memo.set_memo(work.tx, _KEY, f"{today} {key}")
    sql = """
        INSERT INTO ally_limit (day, subject, times) VALUES (:day, :subject, 1)
        ON CONFLICT (day, subject) DO UPDATE SET times = ally_limit.times + 1 RETURNING times
    """
    hashed = hmac.new(key.encode(), subject.encode(), hashlib.sha256).hexdigest()
    return int(work.tx.execute(sql, {"day": today, "subject": hashed})[0]["times"])


# --- promises: requests that a chat was told will be answered ---------------------------------------------------------
# A promise is noted before the acknowledgment and deleted after the answer. What the end of the program cuts off is
# answered by the next one.

RENEW_EVERY: Final = timedelta(seconds=30)  # while a process works on it
CUT_OFF_AFTER: Final = 3 * RENEW_EVERY
_NOTING: Final = 0.5  # seconds; an acknowledgment waits no longer for its promise to be noted
_STORE_AGAIN: Final = 1.0  # seconds until a store that was away is tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`key`: the request's, as in `requests`. `path`: the command; "" if what was typed is none. `at`: last renewed."""

    key: str
    person: str
    path: str
    at: datetime


_PROMISES: Final = Rows(Promise, "promise", {"person": "person_id"})


def note_promise(tx: Transaction, promise: Promise) -> None:
    """Note a promise; one that was noted before counts from now."""
    _PROMISES.save(tx, promise, key="key")


def renew_promise(tx: Transaction, key: str, now: datetime) -> None:
    """Note that a process still works on it."""
    update_rows(tx, "promise", {"at": now}, key=key)


def delete_promise(tx: Transaction, key: str) -> None:
    """Forget a promise: it was answered."""
    delete_rows(tx, "promise", key=key)


def cut_off_promises(db: Reader, now: datetime) -> list[Promise]:
    """Return the promises that no process works on any more. A time to come is of a clock that was ahead."""
    sql = "WHERE at < :before OR at > :after ORDER BY at, key"
    return _PROMISES.select(db, sql, before=now - CUT_OFF_AFTER, after=now + timedelta(hours=1))


def changes_of(db: Reader, key: str, person: str, path: str) -> tuple[Line, ...] | None:
    """Return what this person's request for a command changed, by the audit; None if the request was not done."""
    at = seen_at(db, key)
    if at is None:
        return None
    changes = audit.of_moment(db, at, person, path)
    return tuple(Line(f"{each.subject}: {each.after or f'no longer {each.before}'}") for each in changes)


class Promises:
    """Notes each promise of a coalition while the work on it lasts."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    @asynccontextmanager
    async def during(self, key: str, path: str, person: Callable[[], str | None]) -> AsyncIterator[None]:
        """Have the promise noted while the block runs. `person` reads who asks; None for strangers, who get none.

        A block that is canceled leaves it noted. While the store cannot be used, nothing is noted.
        """
        noting = asyncio.create_task(self._note(key, path, person))
        await asyncio.wait({noting}, timeout=_NOTING)
        renewing = asyncio.create_task(self._renew(key))
        is_cut_off = False
        try:
            yield
        except asyncio.CancelledError:
            is_cut_off = True
            raise
        finally:
            renewing.cancel()
            if not is_cut_off and await noting:
                while not await self._save(delete_promise, key):  # noqa: ASYNC110 - no event says when the store is back
                    await asyncio.sleep(_STORE_AGAIN)

    async def _note(self, key: str, path: str, person: Callable[[], str | None]) -> bool:
        """Return whether the promise may have been noted."""

        def write() -> bool:
            who = person()
            if who is not None:
                with self._db.write() as tx:
                    note_promise(tx, Promise(key=key, person=who, path=path, at=self._clock()))
            return who is not None

        try:
            return await for_people(write)
        except Outage as error:
            return error.is_unsure

    async def _renew(self, key: str) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY.total_seconds())
            await self._save(renew_promise, key, self._clock())

    async def _save(self, change: Callable[..., None], key: str, *times: datetime) -> bool:
        """Return whether the change was saved; not while the store is away."""

        def write() -> None:
            with self._db.write() as tx:
                change(tx, key, *times)

        try:
            await for_people(write)
        except Outage:
            return False
        return True
