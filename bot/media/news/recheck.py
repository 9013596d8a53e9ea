"""Check stored mentions again when the rules of `media.care` have changed: withhold what they now withhold, and
remove it from messages that showed it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.alerts import withholding
from bot.commands.model import Job, Work
from bot.entries import records as entries
from bot.media.news import records
from bot.media.news.intake import tell, withhold_story
from bot.media.news.withhold import Care
from bot.shared.entry import HEADLINE_WITHHELD, Kind
from bot.store import memo
from bot.store.database import Database
from bot.watch.index import Index

_CHECKED: Final = "care rules checked by"
_BATCH: Final = 50  # entries in one transaction: others can write in between
_PERIOD: Final = timedelta(days=7)  # of entries in memory at one time
_VERSION: Final = 3  # the version of `Care`: after an increase everything is checked again


def compose(job: Job) -> None:
    """Withhold stored mentions that may name a minor or someone harmed under today's rules; runs once per change.

    If the program ends in the middle, the next run starts over: what is withheld already stays as it is.
    """
    db, now, coalition = job.db, job.now, job.config.coalition
    rules = f"{coalition.media.care.model_dump_json()} {coalition.care.model_dump_json()} {coalition.speakers}"
    mark = hashlib.sha256(f"{_VERSION} {rules}".encode()).hexdigest()
    if memo.get_memo(db, _CHECKED) == mark:
        return
    care = Care(coalition)
    since = now - entries.KEY_LIFETIME
    while since <= now:
        ids = _may_name(db, care, since, since + _PERIOD)
        for at in range(0, len(ids), _BATCH):
            with job.write() as work:
                _withhold(work, ids[at : at + _BATCH])
        since += _PERIOD
    with db.write() as tx:
        memo.set_memo(tx, _CHECKED, mark)


def _may_name(db: Database, care: Care, since: datetime, until: datetime) -> list[str]:
    """Return the entries first seen in a period that are shown and may name a minor or someone harmed."""
    shown = (it for it in entries.seen_between(db, since, until) if not it.entry.withheld)
    read = (it for it in shown if it.entry.kind in (Kind.NEWS, Kind.LISTING, Kind.COURT))
    return [it.id for it in read if any(care.may_name(entry, Index(entry)) for entry in (it.entry, it.first))]


def _withhold(work: Work, ids: Collection[str]) -> None:
    """Withhold these entries and their stories, except stories that a press person has released."""
    tx = work.tx
    mentions = [mention for mention in records.of_entries(tx, ids) if not mention.withheld]
    stories = {story.id: story for story in records.by_ids(tx, sorted({it.story for it in mentions}))}
    unreleased = [mention for mention in mentions if stories[mention.story].released_by is None]
    for mention in unreleased:
        shown, hidden = HEADLINE_WITHHELD, mention.latest
        records.put(tx, replace(mention, title=shown, latest=shown, withheld=hidden, excerpt=""))
    released = {mention.entry for mention in mentions} - {mention.entry for mention in unreleased}
    withholding.withhold(work, sorted({*ids} - released))
    for story in records.by_ids(tx, sorted({mention.story for mention in unreleased})):
        withhold_story(work, story)
        tell(work, story)
