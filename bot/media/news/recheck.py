"""Check stored mentions again when the rules of `media.care` have changed: withhold what they now withhold, and
remove it from messages that showed it.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.alerts import withholding
from bot.alerts.campaign import Campaign, NewId
from bot.entries import records as entries
from bot.media.news import records
from bot.media.news.intake import tell, withhold_story
from bot.media.news.withhold import Care
from bot.shared.entry import HEADLINE_WITHHELD, Kind
from bot.store import memo
from bot.store.database import Database
from bot.watch.index import Index

_CHECKED: Final = "care rules checked by"
_VERSION: Final = 2  # the version of `Care`: after an increase everything is checked again


def compose(db: Database, campaign: Campaign, *, now: datetime, new_id: NewId) -> None:
    """Withhold stored mentions that may name a minor or someone harmed under today's rules; runs once per change."""
    cid, coalition = campaign.coalition.id, campaign.coalition
    rules = f"{coalition.media.care.model_dump_json()} {coalition.care.model_dump_json()}"
    mark = hashlib.sha256(f"{_VERSION} {rules}".encode()).hexdigest()
    if memo.get_memo(db, cid, _CHECKED) == mark:
        return
    care = Care(coalition)
    stored = [
        it for it in entries.seen_since(db, now - entries.KEY_LIFETIME) if it.entry.kind in (Kind.NEWS, Kind.LISTING)
    ]
    open_ = [it for it in stored if not it.entry.withheld]
    named = {it.id for it in open_ if any(care.may_name(entry, Index(entry)) for entry in (it.entry, it.first))}
    with db.write() as tx:
        mentions = [mention for mention in records.of_entries(tx, cid, named) if not mention.withheld]
        stories = {story.id: story for story in records.by_ids(tx, cid, sorted({it.story for it in mentions}))}
        unreleased = [mention for mention in mentions if stories[mention.story].released_by is None]
        for mention in unreleased:
            shown, hidden = HEADLINE_WITHHELD, mention.latest
            records.put(tx, cid, replace(mention, title=shown, latest=shown, withheld=hidden, excerpt=""))
        released = {mention.entry for mention in mentions} - {mention.entry for mention in unreleased}
        withholding.withhold(tx, cid, sorted(named - released), now=now, new_id=new_id)
        for story in records.by_ids(tx, cid, sorted({mention.story for mention in unreleased})):
            withhold_story(tx, story, cid, now=now, new_id=new_id)
            tell(tx, story, campaign, now=now, new_id=new_id)
        memo.set_memo(tx, cid, _CHECKED, mark)
