"""Requests that a chat was told will be answered: the SQL of `promise`, and what a request has done.

A promise is noted before the acknowledgment and deleted after the answer. What the end of the program cuts off is
answered by the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.people import audit, requests
from bot.shared.card import Line
from bot.shared.errors import Outage
from bot.shared.threads import for_people
from bot.store.database import Database, Reader, Transaction, to_text
from bot.store.rows import Rows

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


_PROMISES: Final = Rows(Promise, {"person": "person_id"})


def note(tx: Transaction, promise: Promise) -> None:
    """Note a promise; one that was noted before counts from now."""
    _PROMISES.save(tx, "promise", promise, key="key")


def renew(tx: Transaction, key: str, now: datetime) -> None:
    """Note that a process still works on it."""
    sql = "UPDATE promise SET at = :now WHERE key = :key"
    tx.execute(sql, {"key": key, "now": to_text(now)})


def keep(tx: Transaction, key: str) -> None:
    """Forget a promise: it was answered."""
    sql = "DELETE FROM promise WHERE key = :key"
    tx.execute(sql, {"key": key})


def cut_off(db: Reader, now: datetime) -> list[Promise]:
    """Return the promises that no process works on any more. A time to come is of a clock that was ahead."""
    sql = "SELECT * FROM promise WHERE at < :before OR at > :after ORDER BY at, key"
    times = {"before": to_text(now - CUT_OFF_AFTER), "after": to_text(now + timedelta(hours=1))}
    return _PROMISES.all(db, sql, times)


def done(db: Reader, key: str, person: str, path: str) -> tuple[Line, ...] | None:
    """Return what this person's request for a command changed, by the audit; None if the request was not done."""
    at = requests.seen_at(db, key)
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
                while not await self._save(keep, key):  # noqa: ASYNC110 - no event says when the store is back
                    await asyncio.sleep(_STORE_AGAIN)

    async def _note(self, key: str, path: str, person: Callable[[], str | None]) -> bool:
        """Return whether the promise may have been noted."""

        def write() -> bool:
            who = person()
            if who is not None:
                with self._db.write() as tx:
                    note(tx, Promise(key=key, person=who, path=path, at=self._clock()))
            return who is not None

        try:
            return await for_people(write)
        except Outage as error:
            return error.is_unsure

    async def _renew(self, key: str) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY.total_seconds())
            await self._save(renew, key, self._clock())

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
