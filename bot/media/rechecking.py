"""Check what is stored again when the rules of `media.care` have changed: what they withhold now is withheld, and taken
out of the messages that showed it.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.alerts import records as entries
from bot.alerts import withholding
from bot.alerts.house import House, NewId
from bot.entry import HEADLINE_WITHHELD, Kind
from bot.media import records
from bot.media.arriving import tell, withhold_story
from bot.media.care import Care
from bot.people import memo
from bot.store.database import Database

_CHECKED: Final = "care rules checked by"
_VERSION: Final = 2  # of `Care`: a higher one has everything checked again


def compose(db: Database, house: House, *, now: datetime, new_id: NewId) -> None:
    """Withhold what is stored and may name a minor or someone harmed by today's rules; nothing until they change."""
    cid, coalition = house.coalition.id, house.coalition
    rules = f"{coalition.media.care.model_dump_json()} {coalition.care.model_dump_json()}"
    mark = hashlib.sha256(f"{_VERSION} {rules}".encode()).hexdigest()
    if memo.recall(db, cid, _CHECKED) == mark:
        return
    care = Care(coalition)
    stored = [it for it in entries.seen_since(db, now - entries.KEPT) if it.entry.kind in (Kind.NEWS, Kind.LISTING)]
    named = {it.id for it in stored if not it.entry.withheld and (care.may_name(it.entry) or care.may_name(it.first))}
    with db.write() as tx:
        mentions = [mention for mention in records.of_entries(tx, cid, named) if not mention.withheld]
        stories = {story.id: story for story in records.by_ids(tx, cid, sorted({it.story for it in mentions}))}
        kept = [mention for mention in mentions if stories[mention.story].released_by is None]
        for mention in kept:
            shown, hidden = HEADLINE_WITHHELD, mention.latest
            records.put(tx, cid, replace(mention, title=shown, latest=shown, withheld=hidden, excerpt=""))
        released = {mention.entry for mention in mentions} - {mention.entry for mention in kept}
        withholding.withhold(tx, cid, sorted(named - released), now=now, new_id=new_id)
        for story in records.by_ids(tx, cid, sorted({mention.story for mention in kept})):
            withhold_story(tx, story, cid, now=now, new_id=new_id)
            tell(tx, story, house, now=now, new_id=new_id)
        memo.remember(tx, cid, _CHECKED, mark)
