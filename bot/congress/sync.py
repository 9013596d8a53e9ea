"""Keep the directory of Congress current, and warn before letters to members are refused."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from bot.config.coalition import Coalition
from bot.congress import published, records
from bot.congress.model import Member, Snapshot
from bot.congress.published import PUBLIC, WrongSnapshot
from bot.congress.records import StoredDirectory
from bot.fetch.http import Fetcher
from bot.fetch.payload import refused_page
from bot.shared.answer import Body, FetchFailed
from bot.shared.calendar import day_in_words
from bot.shared.journey import shell_command
from bot.shared.wording import number
from bot.store.database import Database, Reader, Transaction

log = logging.getLogger(__name__)
_WEEK: Final = timedelta(days=7)
_RETRY: Final = timedelta(hours=6)
_AHEAD: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """The changes of a new snapshot. `joined` and `left` are empty for a first snapshot."""

    before: StoredDirectory | None
    after: StoredDirectory
    joined: tuple[Member, ...]
    left: tuple[Member, ...]


async def fetch_snapshot(fetcher: Fetcher, url: str, *, now: datetime) -> Snapshot:
    """Fetch the public site's current snapshot. Raises `WrongSnapshot`.

    Its date is the last modification of its oldest file, if the site gives one.
    """
    bodies = []
    for name in PUBLIC:
        response = await fetcher.get(f"{url.rstrip('/')}/{name}", now=now, accept="application/json")
        if isinstance(response, FetchFailed):
            raise WrongSnapshot(response.detail)
        assert isinstance(response, Body), "without validators the answer is always complete"
        if refused := refused_page(response):
            raise WrongSnapshot(refused.detail)
        bodies.append(response)
    as_of = min(_day(body, now) for body in bodies)

    def read() -> Snapshot:
        values = [published.parsed(body.data, name) for body, name in zip(bodies, PUBLIC, strict=True)]
        return published.public(*values, as_of=as_of, source=url)

    return await asyncio.to_thread(read)


def store_snapshot(tx: Transaction, snapshot: Snapshot, *, now: datetime, force: bool = False) -> Synced:
    """Store this snapshot. Raises `WrongSnapshot` if it is older than the stored one, unless `force`."""
    before, members_before = records.stored_directory(tx), {member.bioguide: member for member in records.members(tx)}
    if snapshot.as_of > now.date():
        raise WrongSnapshot(f"its date is {day_in_words(snapshot.as_of)}, which is in the future")
    if before and snapshot.as_of < before.as_of and not force:
        raise WrongSnapshot(
            f"it is from {day_in_words(snapshot.as_of)}, and the current one from {day_in_words(before.as_of)}: "
            "--force stores the older one"
        )
    records.replace(tx, snapshot, now=now)
    members_after = {member.bioguide: member for member in snapshot.members}
    return Synced(
        before=before,
        after=StoredDirectory(as_of=snapshot.as_of, taken_at=now, source=snapshot.source),
        joined=tuple(member for bioguide, member in members_after.items() if before and bioguide not in members_before),
        left=tuple(member for bioguide, member in members_before.items() if bioguide not in members_after),
    )


async def sync(
    db: Database, fetcher: Fetcher, url: str, path: Path | None, *, as_of: date | None, force: bool, now: datetime
) -> Synced:
    """Replace the directory with the files in `path`, or else those at `url`. Raises `WrongSnapshot`."""
    if path:
        snapshot = published.from_path(path, as_of)
    else:
        snapshot = await fetch_snapshot(fetcher, url, now=now)
    with db.write() as tx:
        return store_snapshot(tx, snapshot, now=now, force=force)


def _day(body: Body, now: datetime) -> date:
    try:
        return min(now, parsedate_to_datetime(body.validators["modified"])).date()
    except (KeyError, TypeError, ValueError):
        return now.date()


def warnings(db: Reader, coalition: Coalition, today: date) -> list[str]:
    """Reasons why letters to members of Congress are or soon will be refused (30 days); empty without a directory."""
    stored = records.stored_directory(db)
    if stored is None:
        return []
    fix, limit = f"`{shell_command('directory sync')}`", coalition.directory.good_for
    until, age = stored.as_of + limit, f"The directory of Congress is from {day_in_words(stored.as_of)}"
    lines = []
    if until < today:
        lines.append(f"{age}, older than its limit of {limit.days} days: letters to members are refused. Run {fix}.")
    elif until - today <= _AHEAD:
        lines.append(f"{age}: letters to members are refused after {day_in_words(until)}. Run {fix}.")
    ends = [member.term_end for member in records.members(db) if member.term_end <= today + _AHEAD]
    if ended := sum(end < today for end in ends):
        what = number(ended, "term in the directory of Congress has", "terms in the directory of Congress have")
        lines.append(f"{what} ended: letters to those members are refused. Run {fix} to see who holds the seats now.")
    for end, count in sorted(Counter(end for end in ends if end >= today).items()):
        what = number(count, "term", "terms")
        lines.append(f"{what} of Congress will end on {day_in_words(end)}. Run {fix} after that day.")
    return lines


class WeeklySync:
    """Replaces a directory that came from the public site once a week; one that came from files is left alone."""

    def __init__(self, db: Database, fetcher: Fetcher) -> None:
        self._db = db
        self._fetcher = fetcher
        self._tried_at: datetime | None = None

    async def run_if_due(self, url: str, now: datetime) -> bool:
        """Sync if due; whether a newer directory was saved. A failure is logged and retried after six hours."""
        stored = await asyncio.to_thread(records.stored_directory, self._db)
        if stored is None or not stored.source.startswith("http") or now - stored.taken_at < _WEEK:
            return False
        if self._tried_at and now - self._tried_at < _RETRY:
            return False
        self._tried_at = now
        try:
            done = await sync(self._db, self._fetcher, url, None, as_of=None, force=False, now=now)
        except WrongSnapshot as wrong:
            log.warning("Could not update the directory of Congress: %s", wrong)
            return False
        changes = len(done.joined), len(done.left)
        log.info("the directory of Congress is now from %s: %d members joined, %d left", done.after.as_of, *changes)
        return True
