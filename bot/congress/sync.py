"""Taking a new snapshot of Congress into the directory: from the public site, or from a folder."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from bot.congress import published, records
from bot.congress.model import Member, Snapshot
from bot.congress.published import PUBLIC, WrongSnapshot
from bot.congress.records import Held
from bot.shared.calendar import day_in_words
from bot.sources.fetch.http import Body, Fetcher
from bot.sources.fetch.payload import refused_page
from bot.sources.model import FetchFailed
from bot.store.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a new snapshot changed. `came` and `went` are members, none of them for a first snapshot."""

    before: Held | None
    after: Held
    came: tuple[Member, ...]
    went: tuple[Member, ...]


async def fetch(fetcher: Fetcher, url: str, *, now: datetime) -> Snapshot:
    """The snapshot that the public site has now. Raises `WrongSnapshot`.

    It is from the day on which the oldest of its files was last modified, where the site says so.
    """
    bodies = [await _fetched(fetcher, f"{url.rstrip('/')}/{name}", now=now) for name in PUBLIC]
    as_of = min(_day(body, now) for body in bodies)
    return await asyncio.to_thread(_read, bodies, as_of, url)


def take(tx: Transaction, snapshot: Snapshot, *, now: datetime, force: bool = False) -> Synced:
    """Hold this snapshot from now on. Raises `WrongSnapshot` for one that is older than what is held.

    `force`: take it all the same.
    """
    before, were = records.held(tx), {member.bioguide: member for member in records.members(tx)}
    if snapshot.as_of > now.date():
        raise WrongSnapshot(f"it says that it is from {day_in_words(snapshot.as_of)}, which is still to come")
    if before and snapshot.as_of < before.as_of and not force:
        raise WrongSnapshot(
            f"it is from {day_in_words(snapshot.as_of)}, and the one that is held from {day_in_words(before.as_of)}: "
            "--force takes the older one"
        )
    records.replace(tx, snapshot, now=now)
    are = {member.bioguide: member for member in snapshot.members}
    return Synced(
        before=before,
        after=Held(as_of=snapshot.as_of, taken_at=now, source=snapshot.source),
        came=tuple(member for bioguide, member in are.items() if before and bioguide not in were),
        went=tuple(member for bioguide, member in were.items() if bioguide not in are),
    )


async def sync(
    db: Database, fetcher: Fetcher, url: str, path: Path | None, *, as_of: date | None, force: bool, now: datetime
) -> Synced:
    """Replace the directory by what `path` holds, or else by what stands at `url`. Raises `WrongSnapshot`."""
    if path:
        snapshot = published.from_path(path, as_of)
    else:
        snapshot = await fetch(fetcher, url, now=now)
    with db.write() as tx:
        return take(tx, snapshot, now=now, force=force)


async def _fetched(fetcher: Fetcher, url: str, *, now: datetime) -> Body:
    got = await fetcher.get(url, now=now, accept="application/json")
    if isinstance(got, FetchFailed):
        raise WrongSnapshot(got.detail)
    assert isinstance(got, Body), "nothing is unchanged where nothing was known"
    if refused := refused_page(got):
        raise WrongSnapshot(refused.detail)
    return got


def _day(body: Body, now: datetime) -> date:
    try:
        return min(now, parsedate_to_datetime(body.validators["modified"])).date()
    except (KeyError, TypeError, ValueError):
        return now.date()


def _read(bodies: list[Body], as_of: date, url: str) -> Snapshot:
    values = [published.parsed(body.data, name) for body, name in zip(bodies, PUBLIC, strict=True)]
    return published.public(*values, as_of=as_of, source=url)
