"""Forgetting somebody of the press: what is left is the hash by which an import would know them, and nothing else.

The rows go at once, in the transaction that was asked for. Their bytes stay in the store's files until those are
written anew, which is done at the bot's next look and is remembered until it was.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Final

from bot.alerts.words import number
from bot.card import Button, Card, Mark
from bot.command import Desk, Reply
from bot.media import inquiries_records, press_records
from bot.media.model import GONE
from bot.media.press_asking import answer, meant
from bot.media.press_listing import hashes_of
from bot.media.press_model import Contact
from bot.people import memo
from bot.post import unsay
from bot.store.database import Database, StoreBusy

log = logging.getLogger(__name__)

_TO_SCRUB: Final = "press erased"
# Where people write freely about the press, or a source gives a byline. What outlets publish stays as they publish it.
_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "press_contact": ("title", "beat", "email", "phone", "source"),
    "press_log": ("text", "answer", "result"),
    "press_agreement": ("evidence",),
    "press_embargo": ("about",),
    "press_inquiry": ("question", "outcome"),
    "story": ("clip_note", "spokesperson", "reporter"),
    "story_note": ("text",),
    "mention": ("body",),
}
_EMPTY: Final = Card(mark=Mark.ANSWER, head="This was about somebody who asked to be forgotten.")


def erase(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Forget somebody; asks once before, for there is no way back."""
    contact = meant(desk, args["contact"])
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
    hashes = hashes_of(desk, contact)
    emptied = _messages(desk, contact)
    press_records.delete(desk.tx, desk.config.coalition.id, contact)
    blanked = _elsewhere(desk, contact)
    press_records.suppress(desk.tx, desk.config.coalition.id, hashes, desk.now)
    memo.remember(desk.tx, desk.config.coalition.id, _TO_SCRUB, "yes")
    desk.note(f"press contact {contact.label}", "on the list", "erased")
    return answer(
        f"{contact.label} is forgotten",
        f"{number(emptied, 'message')} emptied, {number(blanked, 'other entry', 'other entries')} without their name. "
        "The database's files are written anew within the minute. Backups made before still have them, and so have "
        "files you exported.",
        replaces=True,
    )


def scrub(db: Database, coalition_id: str) -> None:
    """Write the store's files anew where somebody was erased since; tries again at the next look where it cannot."""
    if memo.recall(db, coalition_id, _TO_SCRUB) != "yes":
        return
    try:
        db.scrub()
    except StoreBusy as busy:
        log.info("what was erased is still in the store's files: %s", busy)
        return
    with db.write() as tx:
        memo.remember(tx, coalition_id, _TO_SCRUB, "done")


def _messages(desk: Desk, contact: Contact) -> int:
    """Empty what was said of them, in the chat too."""
    coalition = desk.config.coalition.id
    abouts = [contact.id, *(each.id for each in inquiries_records.of_reporter(desk.tx, coalition, contact.name))]
    said = [delivery for about in abouts for delivery in press_records.cards(desk.tx, coalition, about)]
    for delivery in said:
        unsay(desk.tx, coalition, delivery, _EMPTY, now=desk.now, new_id=desk.new_id)
    return len(said)


def _elsewhere(desk: Desk, contact: Contact) -> int:
    """Take their name out of what is kept of others; how many places that were."""
    coalition, theirs = desk.config.coalition.id, _pattern(contact)
    emptied = inquiries_records.forget_reporter(desk.tx, coalition, contact.name)
    rewritten = [
        press_records.rewrite(desk.tx, coalition, table, column, lambda text: theirs.sub(GONE, text))
        for table, columns in _TEXTS.items()
        for column in columns
    ]
    return emptied + sum(rewritten)


def _pattern(contact: Contact) -> re.Pattern[str]:
    """Their name, address and number, however they stand in a text; of a desk its address alone."""
    known = filter(None, (contact.name, contact.email, contact.phone))
    spelt = [r"\s+".join(map(re.escape, each.split())) for each in known]
    return re.compile("|".join(spelt) or r"(?!)", re.IGNORECASE)
