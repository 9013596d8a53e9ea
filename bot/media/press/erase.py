"""Forgetting somebody of the press: what is left is the hash by which an import would know them, and nothing else.

The rows go at once, in the transaction that was asked for. Their bytes stay in the store's files until those are
written anew, which is done at the bot's next look and is remembered until it was.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.commands.model import Context, Reply
from bot.commands.replies import answer
from bot.media.press import records as press_records
from bot.media.press.inquiries import records
from bot.media.press.model import Contact
from bot.media.press.picking import meant
from bot.outbox.messages import retract, strip_files
from bot.shared.card import Button, Card, Mark
from bot.shared.wording import number
from bot.store import blanking, memo
from bot.store.database import Database, StoreBusy, Transaction
from bot.store.names import Names

log = logging.getLogger(__name__)

_TO_SCRUB: Final = "press erased"
_OWN: Final = ("person.name", "audit.who", "press_contact.name")  # another of the same name keeps theirs
_TOO_SHORT: Final = "One short word is a name only by itself. In sentences it stays, so look through your notes."
_EMPTY: Final = Card(mark=Mark.ANSWER, head="This was about somebody who asked to be forgotten.")


def erase(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Forget somebody; asks once before, for there is no way back."""
    contact = meant(ctx, args["contact"])
    if args.get("sure") != "yes":
        its = (("contact", contact.id),)
        return answer(
            f"Forget {contact.label} {contact.who}? There is no way back",
            "Their entry goes, with every note, pitch and agreement; inquiries keep their times, without name and "
            "words; messages that named them are emptied. A hash stays, so that no import brings them back.",
            buttons=(
                Button("Forget them", "press erase", (*its, ("sure", "yes")), "danger"),
                Button("No", "press find", (("text", contact.id),)),
            ),
        )
    done = forget(ctx.tx, ctx.config.coalition.id, contact, now=ctx.now, new_id=ctx.new_id)
    ctx.note(f"press contact {contact.label}", "on the list", "erased")
    return answer(
        f"{contact.label} is forgotten",
        f"{number(done.emptied, 'message')} emptied, {number(done.texts.total(), 'other entry', 'other entries')} "
        "without their name. The database's files are written anew within the minute. Backups made before still have "
        "them, and so have files you exported.",
        _TOO_SHORT if done.names.short else "",
        f"The surname alone may be somebody else's, so it stays: {number(done.surnames, 'text has', 'texts have')} it. "
        "Look through your notes."
        if done.surnames
        else "",
        replaces=True,
    )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`names`: by what texts named them, of a desk its address and number alone; `emptied`: messages about them;
    `texts`: how many rows of each table named them; `surnames`: how many have the surname alone.
    """

    names: Names
    emptied: int
    texts: Counter[str]
    surnames: int


def forget(
    tx: Transaction, coalition_id: str, contact: Contact, *, now: datetime, new_id: Callable[[], str]
) -> Forgotten:
    """Take them, and whatever was written down of them, out of the store and out of what was said in the chat."""
    press_records.suppress(tx, coalition_id, contact, now, new_id)
    inquiries = records.of_reporter(tx, coalition_id, contact.name)
    abouts = [contact.id, *(each.id for each in inquiries)]
    said = [delivery for about in abouts for delivery in press_records.cards(tx, coalition_id, about)]
    for delivery in said:
        retract(tx, coalition_id, delivery, _EMPTY, now=now, new_id=new_id)
    press_records.delete(tx, coalition_id, contact)
    records.forget_reporter(tx, coalition_id, contact.name)
    others = [each.name for each in press_records.contacts(tx, coalition_id)]
    names = Names((contact.name,), (contact.email, contact.phone), spared=others)
    texts = blanking.redact(tx, coalition_id, names, own=_OWN) + Counter(press_inquiry=len(inquiries))
    surnames = blanking.count_surnames(tx, coalition_id, names).total()
    strip_files(tx, coalition_id, names, now)
    memo.set_memo(tx, coalition_id, _TO_SCRUB, "yes")
    return Forgotten(names, len(said), texts, surnames)


def scrub(db: Database, coalition_id: str) -> None:
    """Write the store's files anew where somebody was erased since; tries again at the next look where it cannot."""
    if memo.get_memo(db, coalition_id, _TO_SCRUB) != "yes":
        return
    try:
        db.scrub()
    except StoreBusy as busy:
        log.info("what was erased is still in the store's files: %s", busy)
        return
    with db.write() as tx:
        memo.set_memo(tx, coalition_id, _TO_SCRUB, "done")
