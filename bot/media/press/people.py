"""Commands of the press list: add, find, change, verify, note, opt out, and import and export as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from bot.commands.arguments import SEEN, read_later, refuse_outdated
from bot.commands.model import Choice, Context, Group, Kind, Param, Refused, Reply, answer
from bot.media.contacts import records as press_records
from bot.media.contacts.model import Contact, LogEntry, LogKind, has_byline
from bot.media.news import records
from bot.media.press.picking import CONTACT, PRESS_ROLE, member_name, pick_contact
from bot.people import contacts
from bot.people import records as people
from bot.people.contacts import Basis, ContactIndex, list_stale, read_email, suppression_list
from bot.people.pii import NO_DETAILS, REACHED, confirm_params
from bot.shared.calendar import day_in_words, hour_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.csv_cells import write_csv
from bot.shared.time_phrases import HINT, MORNING
from bot.shared.wording import asks, cap_lines, dotted, listed, number, short, with_period

TEXT: Final = Param("text", "facts only: notes can be read in lawsuits", kind=Kind.LONG, longest=1_000)

_TIERS: Final = (Choice("1", "1, national"), Choice("2", "2, regional"), Choice("3", "3, local or trade"))
ADD: Final = (
    Param("outlet", "who they write for, or Freelance", longest=120, free=True),
    Param("name", "the reporter; leave out for an outlet's desk", required=False, longest=120, free=True),
    Param("beat", "what they write about", required=False, longest=120, free=True, clears=True),
    Param("email", "their email address", required=False, longest=200, clears=True, check=read_email),
    Param("phone", "their number; only the press role sees it", required=False, longest=40, clears=True),
    Param("title", "such as labor reporter", required=False, longest=120, free=True, clears=True),
    Param("type", "of the outlet: wire, daily, radio, trade", required=False, longest=60, free=True, clears=True),
    Param("market", "the outlet's area", required=False, longest=60, free=True, clears=True),
    Param("tier", "how far the outlet reaches", required=False, choices=_TIERS, clears=True),
    Param("channel", "how they like to be reached", required=False, longest=60, free=True, clears=True),
    Param("deadlines", "times not to call", required=False, longest=120, free=True, clears=True),
    contacts.SOURCE,
    contacts.BASIS,
    Param("contact", "P-31: change this contact, such as after a move", required=False, longest=120),
    SEEN,
    NO_DETAILS,
)

_MAX_LISTED: Final = 8  # contacts in one answer
_MAX_LOG_LINES: Final = 4  # lines of the log in one answer
_MAX_TEXT: Final = 160  # characters of a note in one line
_BYLINE_WINDOW: Final = timedelta(days=400)  # how far back stories are searched for a byline
_FIELDS: Final = ("name", "title", "beat", "email", "phone", "channel", "deadlines", "source")

slash = Group("press", who=PRESS_ROLE)


@slash.command(
    example='outlet:"Example Wire" name:"Jo Sample" beat:labor email:jo.sample@wire.example', params=ADD, changes=True
)
def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add a contact to the press list, or change one."""
    before: Contact | None = (
        pick_contact(ctx, args["contact"])
        if "contact" in args
        else find_in(ContactIndex(press_records.all_contacts(ctx.tx)), args)
    )
    contact = apply_changes(ctx, before, args)
    same = contact == before
    if "contact" in args and before and not same:
        refuse_outdated(args, _shown(before), before.label)
    contact = replace(contact, verified_on=ctx.today)
    suppression_list(ctx.tx).refuse(contact, before, "the press list")
    if before and before.outlet.id != contact.outlet.id:
        _log(ctx, before, LogKind.MOVED, f"from {before.outlet.name} to {contact.outlet.name}")
    press_records.save_contact(ctx.tx, contact, ctx.now)
    ctx.note(f"press contact {contact.label}", "earlier entry" if before else "", "changed" if before else "added")
    head = f"{contact.label} {contact.who}: " + ("nothing new" if same else "changed" if before else "on the list")
    return Reply(card=contact_card(ctx, contact, head))


@slash.command(example="P-31", params=(CONTACT,), hidden=True)
def change(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Change a contact in a form.

    A field that is emptied is deleted.
    """
    contact = pick_contact(ctx, args["contact"])
    return contacts.edit_form(contact, ADD, _shown(contact), "press add")


def _shown(contact: Contact) -> dict[str, str]:
    """What the form of a contact shows."""
    outlet = contact.outlet
    values = {"outlet": outlet.name, "type": outlet.type, "market": outlet.market, "tier": str(outlet.tier or "")}
    return values | {name: getattr(contact, name) for name in (*_FIELDS, "basis")}


@slash.command(
    example="labor",
    params=(Param("text", "a name, an outlet, a beat, or P-31", required=False, longest=120),),
    chat_only=True,
)
def find(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Find press contacts; a single one is shown with its log."""
    everyone = press_records.all_contacts(ctx.tx)
    chosen = contacts.find(everyone, args["text"]) if "text" in args else everyone
    if not chosen and "text" in args:
        return answer(
            f"No press contact found for “{args['text'][:60]}”",
            "The search covers names, outlets, beats, markets and email addresses.",
            buttons=(Button("Add contact", "press add", style="primary"),),
        )
    if not chosen:
        return answer(
            "The press list is empty",
            "Import a spreadsheet as CSV with /press import, or add people one by one.",
            buttons=(Button("Add contact", "press add"), Button("Import", "press import")),
        )
    if len(chosen) == 1:
        return Reply(card=contact_card(ctx, chosen[0], f"{chosen[0].label} {chosen[0].who}"))
    lines = [
        dotted(f"{contact.label} {contact.who}", contact.beat, "opted out" if contact.opted_out_at else "")
        for contact in chosen
    ]
    lines = cap_lines(lines, _MAX_LISTED, "and {} more: add a word of the name, the outlet or the beat")
    return answer(f"{len(chosen)} on the press list", *lines, foot="/press find P-31 shows one in full.")


@slash.command(
    example='contact:P-31 text:"called, wants to talk to a farmworker leader" follow:Fri',
    params=(
        CONTACT,
        TEXT,
        Param("follow", f"when to remind you: {HINT}", required=False, longest=40, check=read_later),
        NO_DETAILS,
    ),
    changes=True,
)
def note(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Save a note about a contact; `follow:Fri` reminds you."""
    contact = pick_contact(ctx, args["contact"])
    zone = ctx.config.coalition.tz
    at = read_later(args["follow"], ctx.local_now, MORNING) if "follow" in args else None
    if ask := confirm_params(ctx, args, f"press contact {contact.label}", TEXT, usual=(*REACHED, contact.name)):
        return ask
    entry = _log(ctx, contact, LogKind.NOTE, args["text"])
    if at:
        press_records.LOG.save(ctx.tx, replace(entry, follow_at=at))
    ctx.note(f"press contact {contact.label}", "", "a note")
    local = at.astimezone(zone) if at else None
    reminder = with_period(f"The bot will remind you {day_in_words(local)} at {hour_in_words(local)}") if local else ""
    undo = Button("Undo", "press unlog", (("entry", entry.id),))
    return answer(f"Note saved for {contact.label} {contact.who}", reminder, buttons=(undo,))


@slash.command(verb="unlog", example="ENTRY", params=(Param("entry", "which", longest=60),), changes=True, hidden=True)
def undo_log(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Delete an entry that was logged by mistake."""
    entry = press_records.LOG.get(ctx.tx, id=args["entry"])
    if entry is None or entry.person != ctx.actor.person:
        raise Refused("There is nothing to undo: it was deleted already, or another person wrote it.")
    press_records.delete_entry(ctx.tx, entry.id)
    ctx.note("the press log", f"a {entry.kind.value}", "deleted")
    return answer("Deleted", replaces=True)


@slash.command(example="P-31", params=(replace(CONTACT, required=False),), changes=True)
def verify(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mark a contact as verified; without a contact: list those to verify."""
    if "contact" not in args:
        everyone = press_records.all_contacts(ctx.tx)
        stale = [contact for contact in everyone if contact.stale(ctx.today) and not contact.opted_out_at]
        if not stale:
            return answer("All press contacts were verified within six months")
        return list_stale(stale, "press verify", "reporters change beats", lambda each: each.verified)
    contact = replace(pick_contact(ctx, args["contact"]), verified_on=ctx.today)
    press_records.save_contact(ctx.tx, contact, ctx.now)
    ctx.note(f"press contact {contact.label}", "", "verified")
    return Reply(card=contact_card(ctx, contact, f"{contact.label} {contact.who}: verified today"))


@slash.command(
    verb="optout",
    example="P-31",
    params=(CONTACT, Param("again", "yes: undo the opt-out", kind=Kind.YES_NO, required=False)),
    changes=True,
)
def opt_out(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Opt a contact out: no pitches, and no import adds them again."""
    contact = pick_contact(ctx, args["contact"])
    means = (
        "No pitch can be logged to them, and an import does not add them again. They stay on the list, marked as opted "
        "out. To erase them: /press erase"
    )
    subject, undo = f"press contact {contact.label}", args.get("again") == "yes"
    after, reply = contacts.opt_out(ctx, contact, undo=undo, subject=subject, means=means, path="press optout")
    press_records.save_contact(ctx.tx, after, ctx.now)
    return reply


# --- used by other modules of the press list ------------------------------------------------------------------------


def find_in(index: ContactIndex[Contact], args: Mapping[str, str]) -> Contact | None:
    return index.find(name=args.get("name", ""), place=args.get("outlet", ""), email=args.get("email", ""))


def apply_changes(ctx: Context, before: Contact | None, args: Mapping[str, str]) -> Contact:
    """The contact with the given fields changed; a new contact if `before` is None."""
    outlet = press_records.get_or_create_outlet(ctx.tx, args["outlet"], ctx.new_id) if "outlet" in args else None
    outlet = outlet or (before.outlet if before else None)
    if outlet is None:
        raise Refused("An outlet is required. For a freelance reporter use outlet:Freelance", param="outlet")
    outlet = replace(
        outlet,
        type=args.get("type", outlet.type),
        market=args.get("market", outlet.market),
        tier=outlet.tier if "tier" not in args else int(args["tier"]) if args["tier"] else None,
    )
    if before is None:
        id_, number_ = ctx.new_id(), press_records.next_number(ctx.tx)
        before = Contact(id=id_, number=number_, outlet=outlet, source=f"added by {ctx.actor.name}")
    given: dict[str, Any] = {field: args[field] for field in _FIELDS if field in args}
    basis = Basis(args["basis"]) if "basis" in args else before.basis
    return replace(before, outlet=outlet, basis=basis, **given)


def contact_card(ctx: Context, contact: Contact, head: str) -> Card:
    """A contact's card: details, status, last pitch, log and stories."""
    outlet, entries, names = contact.outlet, press_records.contact_history(ctx.tx, contact.id), people.names(ctx.tx)
    lines = [
        dotted(contact.title, contact.beat, outlet.type, outlet.market, f"tier {outlet.tier}" if outlet.tier else ""),
        dotted(
            contact.email,
            contact.phone,
            f"prefers {contact.channel}" if contact.channel else "",
            f"not near {contact.deadlines}" if contact.deadlines else "",
        ),
    ]
    if contact.opted_out_at:
        lines.append(f"Opted out on {day_in_words(ctx.config.coalition.day(contact.opted_out_at))}.")
    if contact.stale(ctx.today):
        lines.append(f"Not verified for six months ({contact.verified}): reporters change beats.")
    lines += [last_pitch(ctx, entries), *(_log_line(ctx, entry, names) for entry in entries[:_MAX_LOG_LINES])]
    recent = records.stories(ctx.tx, ctx.now - _BYLINE_WINDOW, ctx.now) if contact.name else ()
    labels = [
        story.label
        for story in recent
        if any(has_byline(by, contact.name) for by in (story.reporter or "", *(it.reporter for it in story.mentions)))
    ]
    if labels:
        lines.append(f"{number(len(labels), 'story', 'stories')} of ours under this byline: {listed(labels, 6)}")
    args = (("contact", contact.id),)
    note, change = Button("Note", "press note", args), Button("Change", "press change", args)
    pitch, out = Button("Pitch", "press pitch", args), Button("Opt out", "press optout", args)
    return Card(
        mark=Mark.ANSWER,
        head=head,
        lines=tuple(Line(line) for line in lines if line),
        foot=f"Source: {contact.source}; kept for: {contact.basis.value}",
        buttons=(note, change) if contact.opted_out_at else (note, pitch, change, out),
    )


def _log(ctx: Context, contact: Contact, kind: LogKind, text: str) -> LogEntry:
    entry = LogEntry(id=ctx.new_id(), contact=contact.id, kind=kind, text=text, person=ctx.person, at=ctx.now)
    press_records.LOG.save(ctx.tx, entry)
    return entry


def ago(at: datetime, now: datetime, zone: tzinfo) -> str:
    """`today`, `yesterday`, `3 days ago`."""
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def last_pitch(ctx: Context, entries: Sequence[LogEntry]) -> str:
    """`Last pitched 3 days ago by ABC: “…”`; "" if no entry is a pitch. `entries`: newest first."""
    last = next((entry for entry in entries if entry.kind is LogKind.PITCH), None)
    if last is None:
        return ""
    by, answered = member_name(ctx, last.pitched_by), f", {last.answer}" if last.answer else ""
    return f"Last pitched {ago(last.at, ctx.now, ctx.zone)} by {by}: “{short(last.text, _MAX_TEXT)}”{answered}"


def _log_line(ctx: Context, entry: LogEntry, names: Mapping[str, str]) -> str:
    """A log entry as one line. `names`: of people, by id."""
    by = member_name(ctx, entry.pitched_by) if entry.kind is LogKind.PITCH else names.get(entry.person, "")
    words = f"{ago(entry.at, ctx.now, ctx.zone)}, {entry.kind.value} by {by}: “{short(entry.text, _MAX_TEXT)}”"
    words = dotted(words, asks((entry.ask,)) if entry.ask else "", entry.answer, short(entry.result, _MAX_TEXT))
    return words[0].upper() + words[1:]


CSV_COLUMNS: Final = (
    "outlet", "type", "market", "tier", "name", "title", "beat", "email", "phone", "channel", "deadlines", "source",
    "basis", "verified_on",
)  # fmt: skip
_EXPORT_COLUMNS: Final = ("number", *CSV_COLUMNS, "opted_out_on", "last_contact_on", "last_contact_by")


@slash.command(
    example='"outlet,name,email …"',
    params=(Param("csv", "the table, including its first line", kind=Kind.LONG, longest=2_000_000),),
    changes=True,
)
def import_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Import a press list from CSV."""
    rows = contacts.read_contacts(args["csv"], CSV_COLUMNS, ADD, "outlet", _check)
    suppressed = contacts.suppression_list(ctx.tx)
    index = ContactIndex(press_records.all_contacts(ctx.tx))
    imported = contacts.Imported[Contact]()
    for line, cells in rows:
        before = find_in(index, cells)
        contact = apply_changes(ctx, before, cells if before else {"source": "an imported list", **cells})
        if "verified_on" in cells:
            contact = replace(contact, verified_on=date.fromisoformat(cells["verified_on"]))
        if imported.add(line, before, contact, suppressed):
            index.add(contact)
            press_records.save_contact(ctx.tx, contact, ctx.now)
    new, changed, left_out = len(imported.new), len(imported.changed), len(imported.left_out)
    ctx.note("the press list", "", f"import: {new} new, {changed} changed, {left_out} left out")
    return answer(
        f"Imported: {imported.counts}",
        imported.skipped("/press add"),
        "" if not new else "Contacts without a date in verified_on count as not verified: /press verify",
    )


@slash.command(changes=True)
def export(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Export the press list as CSV."""
    everyone, history, names = (
        press_records.all_contacts(ctx.tx),
        press_records.all_histories(ctx.tx),
        people.names(ctx.tx),
    )
    data = write_csv(_EXPORT_COLUMNS, (_cells(ctx, each, history.get(each.id, []), names) for each in everyone))
    return contacts.exported(ctx, len(everyone), data, "press", "the press list", "press", "/press import")


# --- the table --------------------------------------------------------------------------------------------------------


def _check(filled: Mapping[str, str]) -> None:
    if filled.get("tier", "1") not in ("1", "2", "3"):
        raise ValueError(f"tier must be 1, 2 or 3, not “{filled['tier'][:20]}”")


def _cells(ctx: Context, contact: Contact, entries: list[LogEntry], names: Mapping[str, str]) -> list[str]:
    outlet, last, day = contact.outlet, entries[0] if entries else None, ctx.config.coalition.day
    of_outlet = {"outlet": outlet.name, "type": outlet.type, "market": outlet.market, "tier": outlet.tier}
    return [
        contact.label,
        *(str((of_outlet[name] if name in of_outlet else getattr(contact, name)) or "") for name in CSV_COLUMNS),
        str(day(contact.opted_out_at)) if contact.opted_out_at else "",
        str(day(last.at)) if last else "",
        names.get(last.person, "") if last else "",
    ]
