"""Erase a press contact, except for hashes by which an import or a restored backup recognizes them.

The rows are deleted at once, in the transaction of the request. Their bytes stay in the database files until those are
rewritten (scrubbed); the bot does that at its next round, and retries until it succeeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from bot.commands.model import Context, Group, Reply, Work, answer, confirmation_param
from bot.media.contacts import records as press_records
from bot.media.contacts.model import Contact
from bot.media.press.picking import CONTACT, PRESS_ROLE, pick_contact
from bot.outbox.messages import retract
from bot.people import contacts
from bot.people.contacts import normalize
from bot.shared.card import Button, Card, Mark
from bot.shared.wording import number, table_counts
from bot.store import shape
from bot.store.database import Reader
from bot.store.names import Names

# What the press desk writes. It types the names of reporters, so its erasure reaches no other text. Who made an inquiry
# is decided by inquiry: it may be a namesake's.
DESK: Final = {
    table: columns for table, columns in shape.WORDS.items() if table.startswith(("mention", "press_", "story"))
} | {"press_inquiry": {"question": (), "outcome": ()}}
_EMPTY_CARD: Final = Card(mark=Mark.ANSWER, head="This was about a person who asked to be erased.")

slash = Group("press", who=PRESS_ROLE)


@slash.command(example="P-31", params=(CONTACT, confirmation_param("do not ask again")), changes=True)
def erase(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Erase a contact; only a hash stays, so that no import adds them again."""
    contact = pick_contact(ctx, args["contact"])
    if args.get("sure") != "yes":
        args_ = (("contact", contact.id),)
        counts = shape.count_redactable(ctx.tx, _names(ctx.tx, contact), DESK)
        return answer(
            f"Erase {contact.label} {contact.who}? This cannot be undone",
            "Deletes their entry with every note, pitch and agreement. Inquiries keep their times, without name and "
            "text. Messages about them are emptied. A hash stays, so that no import brings them back.",
            f"Their name also goes from what the press desk wrote: {table_counts(counts) or 'nothing'}. From other "
            f"texts, an operator can remove it instead of you: coalition-bot erase --reporter {contact.label}",
            buttons=(
                Button("Erase", "press erase", (*args_, ("sure", "yes")), "danger"),
                Button("Cancel", "press find", (("text", contact.id),)),
            ),
        )
    names, emptied, texts = erase_contact(ctx, contact)
    ctx.note(f"press contact {contact.label}", "on the list", "erased")
    surnames = sum(count for table, count in shape.count_surnames(ctx.tx, names).items() if table in DESK)
    left = shape.count_named(ctx.tx, names)
    return answer(
        f"{contact.label} is erased",
        f"{number(emptied, 'message')} emptied; the name removed from "
        f"{number(texts.total(), 'other entry', 'other entries')}. The database files are rewritten within a "
        "minute. Earlier backups, exported files and documents that wait to be posted may still name them.",
        "A name of one word is not removed from sentences, so check your notes." if names.short else "",
        f"The surname alone may be another person's, so it stays: {number(surnames, 'text has', 'texts have')} "
        "it. Check your notes."
        if surnames
        else "",
        f"The name stays elsewhere: {table_counts(left)}." if left else "",
        replaces=True,
    )


def erase_contact(work: Work, contact: Contact, words: shape.Words = DESK) -> tuple[Names, int, Counter[str]]:
    """Delete a contact and all records about them, empty the messages about them, and take the name out of `words`.

    Returns the names that were searched for, how many messages were emptied, and how many rows lost the name, by table.
    """
    tx = work.tx
    contacts.suppress(work, contact)
    names = _names(tx, contact)
    asked = [each for each in press_records.all_inquiries(tx) if names.are_in(each.reporter)]
    others = [each for each in press_records.all_contacts(tx) if each.id != contact.id]
    alike = (each for each in others if names.are_in(each.name) or Names((each.name,)).surname_is_in(contact.name))
    theirs = {normalize(each.outlet.name) for each in alike}
    inquiries = [each for each in asked if normalize(each.outlet) not in theirs]  # not what another may have asked
    ids = [contact.id, *(inquiry.id for inquiry in inquiries)]
    deliveries = [delivery for id_ in ids for delivery in press_records.linked_messages(tx, id_)]
    for delivery in deliveries:
        retract(work, delivery, _EMPTY_CARD)
    press_records.delete_contact(tx, contact)
    press_records.redact_inquiries(tx, inquiries)
    texts = shape.redact(tx, names, words) + Counter(press_inquiry=len(inquiries))
    contacts.must_scrub(tx)
    return names, len(deliveries), texts


def _names(db: Reader, contact: Contact) -> Names:
    others = [other.name for other in press_records.all_contacts(db) if other.id != contact.id]
    return Names((contact.name,), (contact.email, contact.phone), spared=others)
