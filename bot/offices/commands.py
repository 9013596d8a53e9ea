"""Commands about contacts in offices: list, add, edit, verify, left, import, export, opt out and erase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot.commands.arguments import SEEN, read_asks, refuse_outdated
from bot.commands.model import (
    EDITORS,
    Choice,
    Context,
    Group,
    Kind,
    Param,
    Refused,
    Reply,
    Role,
    SearchHit,
    answer,
    long_answer,
)
from bot.offices import records, wording
from bot.offices.model import Contact
from bot.offices.picking import CONTACT, OFFICE, OfficeIndex, office_name, pick_contact, seats_of
from bot.people import contacts, pii
from bot.people.contacts import Basis, ContactIndex
from bot.people.sessions import ASSISTANT
from bot.shared.card import Button
from bot.shared.csv_cells import write_csv
from bot.shared.search import Words
from bot.shared.wording import number

READERS: Final = EDITORS | {Role.PRESS}
COLUMNS: Final = ("office", "name", "role", "asks", "email", "phone", "source", "basis", "verified_on", "notes")
_EXPORTED: Final = ("number", "office_name", *COLUMNS, "status", "to_verify", "left_on", "opted_out_on")
_FIELDS: Final = ("name", "role", "email", "phone", "notes", "source")
_STATES: Final = (Choice("to-verify", "to verify"), Choice("current", "verified"), Choice("left", "left"))
ADD: Final = (
    OFFICE,
    Param("name", "as the office gives it", longest=120, free=True),
    Param("role", "LA, LD, counsel, scheduler …", required=False, longest=80, free=True, clears=True),
    Param(
        "email", "the office's address for them", required=False, longest=200, clears=True, check=contacts.read_email
    ),
    Param("asks", "the asks they handle, such as 4, 8", required=False, longest=60, clears=True),
    Param("phone", "the office's number", required=False, longest=40, clears=True),
    Param(
        "notes", "of work alone: write what they may read", kind=Kind.LONG, required=False, longest=600, free=True,
        clears=True,
    ),
    replace(contacts.SOURCE, help="its page, or who told us, and when"),
    contacts.BASIS,
    Param("contact", "which one to change", required=False, longest=120, by_button=True),
    SEEN,
    pii.NO_DETAILS,
)  # fmt: skip

slash = Group("office", who=EDITORS)


@slash.command(
    verb="contacts",
    example="ask:{ask} state:to-verify",
    params=(
        replace(OFFICE, required=False),
        Param("ask", "the number of an ask", required=False, longest=9),
        Param("state", "which of them", required=False, choices=_STATES),
    ),
    who=READERS,
    chat_only=True,
)
def list_contacts(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List the contacts: by office, ask or state."""
    office = OfficeIndex(ctx).find(args["office"]).id if "office" in args else ""
    ask = next(iter(read_asks(ctx.config.coalition.asks, args.get("ask", ""))), None)
    state = args.get("state", "").replace("to-verify", "unknown")
    every = [each for each in records.all_contacts(ctx.tx) if office in ("", each.office) and ask in (None, *each.asks)]
    shown = [each for each in every if (each.status(ctx.today) == state if state else not each.left_on)]
    lines = [f"{each.office_name}: {wording.line(each, ctx)}" for each in shown]
    there = {each.status(ctx.today) for each in every}
    others = (
        Button(label, "office contacts", (*args.items(), ("state", choice)))
        for label, choice, is_there in (("To verify", "to-verify", "unknown"), ("Left", "left", "left"))
        if is_there in there and not state
    )
    buttons = ctx.theirs(*others, Button("Add contact", "office add"), Button("Import", "office import"))
    head = f"{number(len(shown), 'contact')} in {number(len({each.office for each in shown}), 'office')}"
    if not shown and args:
        return answer("No contact fits", buttons=(Button("All contacts", "office contacts"), *buttons))
    if not shown and every:
        return answer("Every contact has left", buttons=buttons)
    if not shown:
        return answer("No contacts", "Add one, or import a spreadsheet as CSV.", buttons=buttons)
    return long_answer(head, lines, "contacts.txt", buttons=buttons, foot="/office show has all about one office.")


@slash.command(example='office:HSJU name:"Jo Sample" role:counsel email:jo@house.example', params=ADD, changes=True)
def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add a contact in an office, or change one."""
    every = records.all_contacts(ctx.tx)
    office = OfficeIndex(ctx).find(args["office"]).id
    before = pick_contact(ctx, args["contact"]) if "contact" in args else _find(ContactIndex(every), office, args)
    contact = _changed(ctx, before, office, args)
    if "contact" in args and before and contact != before:
        refuse_outdated(args, _shown(before), before.label)
    contacts.suppression_list(ctx.tx).refuse(contact, before, "the list of contacts")
    return _saved(ctx, _verified(ctx, contact, ctx.today), "changed" if before else "added")


@slash.command(example="C-12", params=(CONTACT,), chat_only=True)
def edit(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Change a contact in a form."""
    contact = pick_contact(ctx, args["contact"])
    return contacts.edit_form(contact, ADD, _shown(contact), "office add", {"office": contact.office_name})


@slash.command(example="C-12", params=(replace(CONTACT, required=False),), changes=True)
def verify(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mark a contact as verified; alone: list those to verify."""
    if "contact" not in args:
        every = [each for each in records.all_contacts(ctx.tx) if not (each.left_on or each.opted_out_at)]
        stale = [each for each in every if each.to_verify(ctx.today)]
        if not stale:
            return answer("All contacts in offices are verified" if every else "No contact to verify")
        return contacts.list_stale(
            stale, "office verify", "staff change offices", lambda each: each.to_verify(ctx.today)
        )
    return _saved(ctx, _verified(ctx, pick_contact(ctx, args["contact"]), ctx.today), "verified today")


@slash.command(example="C-12", params=(CONTACT,), changes=True)
def left(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Note that a contact has left; deleted after a year."""
    return _saved(ctx, replace(pick_contact(ctx, args["contact"]), left_on=ctx.today), "has left")


@slash.command(
    verb="optout",
    example="C-12",
    params=(CONTACT, Param("again", "yes: undo the opt-out", kind=Kind.YES_NO, required=False)),
    changes=True,
)
def opt_out(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Opt a contact out: no mail, and no import adds them again."""
    contact = pick_contact(ctx, args["contact"])
    means = "No letter is mailed to them, and an import does not add them again. To erase them: /office erase"
    undo, named = args.get("again") == "yes", subject(contact)
    after, reply = contacts.opt_out(ctx, contact, undo=undo, subject=named, means=means, path="office optout")
    records.save_contact(ctx, after)
    return reply


def search(ctx: Context, wanted: Words) -> Iterator[SearchHit]:
    """Contacts that have not left, for who may read them; an assistant finds none, not even by guessing an address."""
    if not ctx.actor.roles & READERS or ctx.actor.platform == ASSISTANT:
        return
    for each in sorted(records.all_contacts(ctx.tx), key=lambda each: each.number, reverse=True):
        if not each.left_on and wanted.fit(each.words, each.notes):
            yield SearchHit("Offices", each.added_at or ctx.now, each.label, f"{each.who} {each.reached()}".rstrip())


# --- spreadsheets -----------------------------------------------------------------------------------------------------


def read_file(ctx: Context, args: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:  # noqa: ARG001 - of a command
    """The lines of the table; one that may identify a person who is served gets the cell `personal`, and is refused."""
    try:
        csv = ctx.files["file"].data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("The file is not CSV in UTF-8. Save it again as CSV UTF-8.", param="file") from error
    rows = contacts.read_contacts(csv, COLUMNS, ADD, "office")
    for _, cells in rows:
        if signs := pii.signs("\n".join(cells.get(each, "") for each in ("role", "notes")), ctx.config.coalition):
            cells["personal"] = ", ".join(signs)
    return rows


@slash.command(
    verb="import",
    params=(Param("file", f"a CSV whose first line is {','.join(COLUMNS)}", kind=Kind.FILE),),
    changes=True,
    prepare=read_file,
)
def import_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Import contacts from CSV, after a preview."""
    imported, refused = _import(ctx, ctx.prepared)
    lines = [f"Refused, line {line}: {why}" for line, why in refused]
    lines += [imported.skipped("/office add")] if imported.left_out else []
    lines += [f"Changed: {each.who}" for each in imported.changed]
    lines += [f"New: {each.who}{'' if each.verified_on else ', to verify'}" for each in imported.new]
    count, head = len(imported.new) + len(imported.changed), f"{imported.counts}, {len(refused)} refused"
    if not count:
        return long_answer(f"Nothing to import: {head}", lines, "import.txt")
    rows = [(line, cells) for line, cells in ctx.prepared if line not in dict(refused)]
    button = Button(f"Import {count}", "office save-import", (("draft", records.save_import(ctx, rows)),), "primary")
    return long_answer(f"{head}. Import them?", lines, "import.txt", buttons=(button,))


@slash.command(
    verb="save-import", example="DRAFT", params=(Param("draft", "which", longest=64),), changes=True, hidden=True
)
def save_import(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Import what the preview showed."""
    rows = records.take_import(ctx, args["draft"])
    if rows is None:
        raise Refused("This table was imported already, or it is older than a day: /office import")
    imported, _ = _import(ctx, rows)
    for contact in (*imported.new, *imported.changed):
        records.save_contact(ctx, replace(contact, number=contact.number or records.next_number(ctx.tx)))
    ctx.note("the contacts in offices", "", f"import: {imported.counts}")
    show = Button("List them", "office contacts")
    unverified = sum(not each.verified_on for each in imported.new)
    note = f"{number(unverified, 'contact')} without a day in verified_on: /office verify" if unverified else ""
    return answer(f"Imported: {imported.counts}", note, buttons=(show,), replaces=True)


def _import(
    ctx: Context, rows: Sequence[tuple[int, dict[str, str]]]
) -> tuple[contacts.Imported[Contact], list[tuple[int, str]]]:
    """What the rows become, and why some are refused, by line."""
    offices, index = OfficeIndex(ctx), ContactIndex(records.all_contacts(ctx.tx))
    suppressed = contacts.suppression_list(ctx.tx)
    imported, refused = contacts.Imported[Contact](), list[tuple[int, str]]()
    for line, cells in rows:
        try:
            before, contact = _read(ctx, offices, index, cells)
        except Refused as wrong:
            refused.append((line, wrong.what))
        else:
            if imported.add(line, before, contact, suppressed):
                index.add(contact)
    return imported, refused


def _read(
    ctx: Context, offices: OfficeIndex, index: ContactIndex[Contact], cells: Mapping[str, str]
) -> tuple[Contact | None, Contact]:
    """The contact of a row as it is and as it becomes. Raises `Refused`."""
    if "name" not in cells:
        raise Refused("no name")
    contacts.read_email(cells.get("email", ""))
    if "personal" in cells:
        raise Refused(f"it seems to contain {cells['personal']}")
    office = offices.find(cells["office"]).id
    before = _find(index, office, cells)
    contact = _changed(ctx, before, office, cells if before else {"source": "an imported list", **cells}, number=0)
    on = date.fromisoformat(cells.get("verified_on", date.min.isoformat()))
    if on > ctx.today:
        raise Refused("verified_on is in the future")
    dated = (contact.verified_on, contact.left_on, contact.doubted_at and contact.doubted_at.date(), date.min)
    return before, _verified(ctx, contact, on) if on > max(filter(None, dated)) else contact


@slash.command(changes=True)
def export(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Export the contacts as CSV."""
    everyone = records.all_contacts(ctx.tx)
    data = write_csv(_EXPORTED, (_cells(ctx, each) for each in everyone))
    return contacts.exported(
        ctx, len(everyone), data, "contacts", "the contacts in offices", "policy", "/office import"
    )


def _cells(ctx: Context, contact: Contact) -> list[str]:
    day = ctx.config.coalition.day
    special = {
        "number": contact.label,
        "asks": ", ".join(map(str, contact.asks)),
        "status": contact.status(ctx.today),
        "to_verify": contact.to_verify(ctx.today),
        "opted_out_on": day(contact.opted_out_at) if contact.opted_out_at else "",
    }
    return [str((special[name] if name in special else getattr(contact, name)) or "") for name in _EXPORTED]


# --- what several of them do ------------------------------------------------------------------------------------------


def _find(index: ContactIndex[Contact], office: str, args: Mapping[str, str]) -> Contact | None:
    return index.find(name=args.get("name", ""), place=office, email=args.get("email", ""))


def _changed(
    ctx: Context, before: Contact | None, office: str, args: Mapping[str, str], number: int | None = None
) -> Contact:
    """The contact with the given fields changed. `number`: of a new one, if it is not the next."""
    if before is None:
        next_ = records.next_number(ctx.tx) if number is None else number
        source = f"added by {ctx.actor.name}"
        before = Contact(id=ctx.new_id(), number=next_, office=office, office_name="", source=source)
    given: dict[str, Any] = {field: args[field] for field in _FIELDS if field in args}
    if "asks" in args:
        given["asks"] = read_asks(ctx.config.coalition.asks, args["asks"])
    basis = Basis(args["basis"]) if "basis" in args else before.basis
    name = before.office_name if before.office_name and before.office == office else office_name(ctx, office)
    return replace(before, office=office, office_name=name, basis=basis, **given)


def _verified(ctx: Context, contact: Contact, on: date) -> Contact:
    seats = seats_of(ctx.tx, contact.office)
    news: dict[str, Any] = {"doubt": "", "doubted_at": None, "left_on": None}
    return replace(contact, seats=seats, verified_on=on, verified_by=ctx.person, **news)


def _saved(ctx: Context, contact: Contact, what: str) -> Reply:
    records.save_contact(ctx, contact)
    ctx.note(subject(contact), "", what)
    return Reply(card=wording.card(contact, ctx, f"{contact.label} {contact.who}: {what}"))


def subject(contact: Contact) -> str:
    """As the audit names a contact."""
    return f"office contact {contact.label}"


def _shown(contact: Contact) -> dict[str, str]:
    """What the form of a contact shows."""
    values = {name: str(getattr(contact, name)) for name in ("office", *_FIELDS, "basis")}
    return values | {"asks": ", ".join(map(str, contact.asks))}
