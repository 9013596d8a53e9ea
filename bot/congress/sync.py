"""Update the directory of Congress from the public site or from a folder."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from bot.congress import published, records
from bot.congress.model import Member, Snapshot
from bot.congress.published import PUBLIC, WrongSnapshot
from bot.congress.records import StoredDirectory
from bot.shared.calendar import day_in_words
from bot.sources.fetch.http import Body, Fetcher
from bot.sources.fetch.payload import refused_page
from bot.sources.model import FetchFailed
from bot.store.database import Database, Transaction


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
    bodies = [await _fetch_file(fetcher, f"{url.rstrip('/')}/{name}", now=now) for name in PUBLIC]
    as_of = min(_day(body, now) for body in bodies)
    return await asyncio.to_thread(_read, bodies, as_of, url)


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


async def _fetch_file(fetcher: Fetcher, url: str, *, now: datetime) -> Body:
    response = await fetcher.get(url, now=now, accept="application/json")
    if isinstance(response, FetchFailed):
        raise WrongSnapshot(response.detail)
    assert isinstance(response, Body), "without validators the answer is always complete"
    if refused := refused_page(response):
        raise WrongSnapshot(refused.detail)
    return response


def _day(body: Body, now: datetime) -> date:
    try:
        return min(now, parsedate_to_datetime(body.validators["modified"])).date()
    except (KeyError, TypeError, ValueError):
        return now.date()


def _read(bodies: list[Body], as_of: date, url: str) -> Snapshot:
    values = [published.parsed(body.data, name) for body, name in zip(bodies, PUBLIC, strict=True)]
    return published.public(*values, as_of=as_of, source=url)
