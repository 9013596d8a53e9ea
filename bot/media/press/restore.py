"""A backup brings the press list back as it was, but for who has asked since to be forgotten, or to get no mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.media.press import records
from bot.media.press.erase import forget
from bot.media.press.model import Suppressed
from bot.store.database import Reader, Transaction


@dataclass(frozen=True, slots=True)
class Asked:
    """Who has asked, as one store knows it. `opted_out`: since when, of everybody on its list, by id."""

    suppressed: Suppressed
    opted_out: Mapping[str, datetime | None]


def asked(db: Reader, coalition_id: str) -> Asked:
    contacts = records.contacts(db, coalition_id)
    return Asked(records.suppressed(db, coalition_id), {each.id: each.opted_out_at for each in contacts})


def again(tx: Transaction, coalition_id: str, those: Asked, *, now: datetime, new_id: Callable[[], str]) -> int:
    """Hold a restored list to it; of how many that had to be done."""
    if not those.suppressed.hashes:
        return 0
    records.suppress_all(tx, coalition_id, those.suppressed, now)
    count = 0
    for contact in records.contacts(tx, coalition_id):
        since = those.opted_out.get(contact.id)
        if since and not contact.opted_out_at:
            records.put(tx, coalition_id, replace(contact, opted_out_at=since), now)
            count += 1
        elif contact.id not in those.opted_out and those.suppressed.by(contact, name=True):
            forget(tx, coalition_id, contact, now=now, new_id=new_id)
            count += 1
    return count
