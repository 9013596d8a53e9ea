"""/office show and erase: all about one office, with our letters to it; and a contact, with their address in those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from bot.commands.model import EDITORS, STAFF, Context, Group, Reply, Work, answer, confirmation_param
from bot.config import catalog
from bot.deadlines import wording as deadlines
from bot.deadlines.commands import visible_commitments
from bot.deadlines.model import Commitment
from bot.letters import lookup
from bot.letters import wording as letters
from bot.letters.committees import member_behind
from bot.offices import commands as offices
from bot.offices import records, wording
from bot.offices.model import Contact, Meeting
from bot.offices.picking import CONTACT, OFFICE, OfficeIndex, office_name, pick_contact
from bot.people import contacts
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line, Section
from bot.shared.wording import cap_lines, table_counts
from bot.store import shape
from bot.store.database import Reader
from bot.store.names import Names

_MOST: Final = 8  # lines of one kind

# What people write about offices, and where the address of a contact is recorded.
_DESK: Final = {table: columns for table, columns in shape.WORDS.items() if table.startswith(("office_", "meeting"))}
_ADDRESSES: Final = {table: shape.WORDS[table] for table in ("audit", "delivery", "letter_mail")} | {
    "office_mail": {"address": ()}
}

slash = Group("office", who=EDITORS)


@slash.command(example="HSJU", params=(OFFICE,), who=offices.READERS, chat_only=True)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show one office: contacts, promises, meetings, letters."""
    named = next((each for each in records.all_contacts(ctx.tx) if each.label == args["office"].upper()), None)
    office = named.office if named else OfficeIndex(ctx).find(args["office"]).id
    name = office_name(ctx, office)
    every = [each for each in records.all_contacts(ctx.tx) if each.office == office]
    contacts = [each for each in every if not each.left_on]
    owed = [each for each in visible_commitments(ctx).values() if _owes(each, office, name)]
    parts = (
        ("Contacts", [wording.line(each, ctx) for each in contacts]),
        ("Left", [wording.line(each, ctx) for each in every if each.left_on]),
        ("Promised or required", [f"{each.owed}: {deadlines.commitment_head(each, ctx.today)}" for each in owed]),
        ("Meetings", [f"{each.label} {day_in_words(each.on)}, {each.state}" for each in _meetings(ctx, office)]),
        ("Letters", list(_letters(ctx, office))),
    )
    sections = [Section(head, tuple(map(Line, cap_lines(lines, _MOST)))) for head, lines in parts if lines]
    nothing = "" if sections else "No contact, promise, meeting or letter yet."
    of = (("office", office),)
    add = (Button("Add contact", "office add", of), Button("Log a meeting", "meeting log", of))
    edit = (Button(f"Edit {each.label}", "office edit", (("contact", each.id),)) for each in contacts[:3])
    return answer(name[:1].upper() + name[1:], nothing, sections=sections, buttons=ctx.theirs(*add, *edit))


def _owes(commitment: Commitment, office: str, name: str) -> bool:
    kind, _, key = office.partition(":")
    if kind == "office":
        return key in catalog.owners(commitment.by.partition(", to ")[0])
    return name.partition(" (")[0].casefold() in commitment.by.casefold()


def _meetings(ctx: Context, office: str) -> list[Meeting]:
    """The meetings with the office that the asker may read, the latest first."""
    return [each for each in records.meetings(ctx.tx) if each.office == office and each.is_open_to(ctx.actor)]


def _letters(ctx: Context, office: str) -> Iterator[str]:
    """Each letter to the office, or to a post that its member has, with its state; the newest first."""
    kind, _, key = office.partition(":")
    posts = {f"chair:{key}", f"ranking:{key}"} if kind == "committee" else set()
    for letter in lookup.visible_letters(ctx):
        ids = {part for id_ in letter.version.addressees for part in id_.removeprefix("joint:").split("+")}
        if office in ids or ids & posts or (kind == "member" and key in {member_behind(ctx.tx, id_) for id_ in ids}):
            yield letters.summary_line(letter)


# --- erasing ----------------------------------------------------------------------------------------------------------


@slash.command(example="C-12", params=(CONTACT, confirmation_param("do not ask again")), changes=True)
def erase(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Erase a contact; only a hash stays, so that no import adds them."""
    contact = pick_contact(ctx, args["contact"])
    if args.get("sure") != "yes":
        counts = shape.count_redactable(ctx.tx, names_of(ctx, contact), _DESK)
        sure = Button("Erase", "office erase", (("contact", contact.id), ("sure", "yes")), "danger")
        return answer(
            f"Erase {contact.label} {contact.who}? This cannot be undone",
            "Deletes the entry, and the address where a letter that was mailed to it is recorded; messages that were "
            "posted keep it. A hash stays, so that no import brings them back.",
            f"Their name also goes from what was written about offices: {table_counts(counts) or 'nothing'}. From "
            f"other texts, an operator can remove it instead of you: coalition-bot erase --reporter {contact.label}",
            buttons=(sure,),
        )
    names, _ = erase_contact(ctx, contact)
    ctx.note(offices.subject(contact), "in the list", "erased")
    left_ = table_counts(shape.count_named(ctx.tx, names))
    return answer(f"{contact.label} is erased", f"The name stays elsewhere: {left_}." if left_ else "", replaces=True)


def names_of(work: Work, contact: Contact) -> Names:
    """How the contact is found in texts: not by an address that a colleague has, too."""
    others = [each for each in records.all_contacts(work.tx) if each.id != contact.id]
    own = contact.email.casefold() not in {each.email.casefold() for each in others}
    return Names((contact.name,), (contact.email,) if own else (), spared=[each.name for each in others])


def erase_contact(work: Work, contact: Contact, words: shape.Words = _DESK) -> tuple[Names, Counter[str]]:
    """Delete a contact, their address and, from `words`, their name.

    Returns how they were searched for, and how many rows lost the name or the address, by table.
    """
    names = names_of(work, contact)
    contacts.suppress(work, contact)
    records.delete_contact(work.tx, contact)
    texts = shape.redact(work.tx, names, words) + shape.redact(work.tx, Names((), names.others), _ADDRESSES)
    contacts.must_scrub(work.tx)
    return names, texts


def known(db: Reader) -> list[Contact]:
    """Every contact, for rooms that know offices by their letters alone."""
    return records.all_contacts(db)


def save(work: Work, contact: Contact) -> None:
    records.save_contact(work, contact)


def contact_lines(ctx: Context, office: str) -> list[str]:
    """Who staff may ask for there now."""
    those = records.all_contacts(ctx.tx) if ctx.actor.roles & STAFF else []
    return [
        wording.line(each, ctx) for each in those if each.office == office and not (each.left_on or each.opted_out_at)
    ]


def free(work: Work, person: str) -> list[Line]:
    """Take the open next steps after meetings of a person who left, and return them."""
    return [Line(f"{each.label} {wording.step(each)}") for each in records.free_steps(work.tx, person)]
