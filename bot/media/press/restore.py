"""After a restore: reapply the erasures and opt-outs that press contacts asked for since the backup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.media.press import records
from bot.media.press.erase import erase_contact
from bot.media.press.model import SuppressionList
from bot.store.database import Reader, Transaction


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Erasures and opt-outs in one store. `opted_out`: by contact id, the time of the opt-out or None."""

    suppressed: SuppressionList
    opted_out: Mapping[str, datetime | None]


def load_opt_outs(db: Reader, coalition_id: str) -> OptOuts:
    contacts = records.all_contacts(db, coalition_id)
    return OptOuts(
        records.suppression_list(db, coalition_id), {contact.id: contact.opted_out_at for contact in contacts}
    )


def reapply_opt_outs(
    tx: Transaction, coalition_id: str, opt_outs: OptOuts, *, now: datetime, new_id: Callable[[], str]
) -> int:
    """Apply opt-outs and erasures to a restored list; return the number of contacts changed."""
    if not opt_outs.suppressed.hashes:
        return 0
    records.add_suppressions(tx, coalition_id, opt_outs.suppressed, now)
    count = 0
    for contact in records.all_contacts(tx, coalition_id):
        since = opt_outs.opted_out.get(contact.id)
        if since and not contact.opted_out_at:
            records.save_contact(tx, coalition_id, replace(contact, opted_out_at=since), now)
            count += 1
        elif contact.id not in opt_outs.opted_out and opt_outs.suppressed.by(contact, name=True):
            erase_contact(tx, coalition_id, contact, now=now, new_id=new_id)
            count += 1
    return count
