"""Keeping the directory of Congress fresh: a weekly sync, and a warning before letters to members are refused."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from bot.commands.model import Job
from bot.config.coalition import Coalition
from bot.congress import records, sync
from bot.congress.published import WrongSnapshot
from bot.outbox.messages import place, post
from bot.shared.calendar import day_in_words
from bot.shared.card import Card, Line, Mark
from bot.shared.wording import number
from bot.sources.fetch.http import Fetcher
from bot.store.database import Database, Reader

log = logging.getLogger(__name__)

KIND: Final = "health"  # deliveries.kind
_WEEK: Final = timedelta(days=7)
_RETRY: Final = timedelta(hours=6)
_AHEAD: Final = timedelta(days=30)
_SYNC: Final = "`coalition-bot directory sync`"


def warnings(db: Reader, coalition: Coalition, today: date) -> list[str]:
    """Reasons why letters to members of Congress are or soon will be refused (30 days); empty without a directory."""
    stored = records.stored_directory(db)
    if stored is None:
        return []
    return [*_age(stored.as_of, coalition.directory.good_for, today), *_terms(db, today)]


def _age(as_of: date, limit: timedelta, today: date) -> Iterable[str]:
    until, age = as_of + limit, f"The directory of Congress is from {day_in_words(as_of)}"
    if until < today:
        yield f"{age}, older than its limit of {limit.days} days: letters to members are refused. Run {_SYNC}."
    elif until - today <= _AHEAD:
        yield f"{age}: letters to members are refused after {day_in_words(until)}. Run {_SYNC}."


def _terms(db: Reader, today: date) -> Iterable[str]:
    ends = [member.term_end for member in records.members(db) if member.term_end <= today + _AHEAD]
    ended = sum(end < today for end in ends)
    if ended:
        what = number(ended, "term in the directory of Congress has", "terms in the directory of Congress have")
        yield f"{what} ended: letters to those members are refused. Run {_SYNC} to see who holds the seats now."
    for end, count in sorted(Counter(end for end in ends if end >= today).items()):
        what = number(count, "term", "terms")
        yield f"{what} of Congress will end on {day_in_words(end)}. Run {_SYNC} after that day."


def post_warnings(job: Job) -> None:
    """Post each warning to the admin channel once."""
    coalition, feeds = job.config.coalition, job.config.feeds
    lines = warnings(job.db, coalition, coalition.day(job.now))
    if not lines:
        return
    card = Card(mark=Mark.HEALTH, head=lines[0], lines=tuple(map(Line, lines[1:])))
    # The words change with the directory and with what has run out; the same words are posted once.
    key = f"directory:{hashlib.sha256(repr(lines).encode()).hexdigest()[:16]}"
    with job.write() as work:
        post(work, place(feeds.admin, feeds), key, card, kind=KIND)


class WeeklySync:
    """Replaces a directory that came from the public site once a week; one that came from files is left alone."""

    def __init__(self, db: Database, fetcher: Fetcher) -> None:
        self._db = db
        self._fetcher = fetcher
        self._tried_at: datetime | None = None

    async def run_if_due(self, url: str, now: datetime) -> bool:
        """Sync if due; whether a newer directory was saved. A failure is logged and retried after six hours."""
        stored = records.stored_directory(self._db)
        if stored is None or not stored.source.startswith("http") or now - stored.taken_at < _WEEK:
            return False
        if self._tried_at and now - self._tried_at < _RETRY:
            return False
        self._tried_at = now
        try:
            done = await sync.sync(self._db, self._fetcher, url, None, as_of=None, force=False, now=now)
        except WrongSnapshot as wrong:
            log.warning("Could not update the directory of Congress: %s", wrong)
            return False
        changes = len(done.joined), len(done.left)
        log.info("the directory of Congress is now from %s: %d members joined, %d left", done.after.as_of, *changes)
        return True
