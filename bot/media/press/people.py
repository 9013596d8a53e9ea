"""The press list itself: adding, finding, verifying, notes, and those who want no more mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.commands.model import Choice, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.media.news import records
from bot.media.news.model import Story
from bot.media.press import records as press_records
from bot.media.press import wording
from bot.media.press.bylines import is_by
from bot.media.press.model import Basis, Contact, Entry, Logged, folded
from bot.media.press.picking import found, meant, member_name
from bot.people.confirm_text import confirm_params
from bot.people.pii import REACHED
from bot.people.records import people
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.time_phrases import MORNING, deadline
from bot.shared.wording import number

TEXT: Final = Param("text", "facts only: such notes are read in lawsuits too", kind=Kind.LONG, longest=1_000)

_TIERS: Final = (Choice("1", "1, national"), Choice("2", "2, regional"), Choice("3", "3, local or trade"))
ADD: Final = (
    Param("outlet", "for whom they write; Freelance is one too", longest=120),
    Param("name", "the reporter; left out for an outlet's desk", required=False, longest=120),
    Param("beat", "what they write about", required=False, longest=120, clears=True),
    Param("email", "their address", required=False, longest=200, clears=True),
    Param("phone", "their number; only you of the press role see it", required=False, longest=40, clears=True),
    Param("title", "such as labor reporter", required=False, longest=120, clears=True),
    Param("type", "of the outlet: wire, daily, radio, trade", required=False, longest=60, clears=True),
    Param("market", "where the outlet is read or heard", required=False, longest=60, clears=True),
    Param("tier", "how far the outlet reaches", required=False, choices=_TIERS, clears=True),
    Param("channel", "how they like to be reached", required=False, longest=60, clears=True),
    Param("deadlines", "when not to call", required=False, longest=120, clears=True),
    Param("source", "where this is known from", required=False, longest=200),
    Param(
        "basis",
        "why it may be kept",
        required=False,
        choices=tuple(Choice(basis.value, basis.value) for basis in Basis),
    ),
    Param("contact", "P-31: change this one, as when they move", required=False, longest=120),
)

_SHOWN: Final = 8  # contacts in one answer
_LOGGED: Final = 4  # lines of the log in one answer
_BYLINES: Final = timedelta(days=400)  # how far back stories are looked through for a byline
_FIELDS: Final = ("name", "title", "beat", "email", "phone", "channel", "deadlines", "source")


def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Put somebody on the list; or change what is known of who is on it."""
    was = _known(ctx, args)
    contact = replace(changed(ctx, was, args), verified_on=ctx.today)
    refuse_suppressed(ctx, contact)
    if was and was.outlet.id != contact.outlet.id:
        _log(ctx, was, Logged.MOVED, f"from {was.outlet.name} to {contact.outlet.name}")
    press_records.put(ctx.tx, ctx.config.coalition.id, contact, ctx.now)
    ctx.note(f"press contact {contact.label}", "as it was" if was else "", "changed" if was else "added")
    same = was and replace(contact, verified_on=was.verified_on) == was
    head = f"{contact.label} {contact.who}: " + ("nothing new" if same else "changed" if was else "on the list")
    return Reply(card=sheet(ctx, contact, head))


def change(ctx: Context, args: Mapping[str, str]) -> Reply:
    """What is known of somebody, to be changed; what is emptied is known no more."""
    contact = meant(ctx, args["contact"])
    its = contact.outlet
    known = {"outlet": its.name, "type": its.type, "market": its.market, "tier": str(its.tier or "")}
    known |= {name: getattr(contact, name) for name in (*_FIELDS, "basis")}
    fields = (FormField(param, param.name.capitalize(), known[param.name]) for param in ADD if param.name in known)
    form = Form(title=f"Change {contact.label}", path="press add", fields=tuple(fields), args={"contact": contact.id})
    return Reply(form=form)


def find(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Who is on the list; one alone with what was said to them."""
    several = found(ctx, args["text"]) if "text" in args else press_records.contacts(ctx.tx, ctx.config.coalition.id)
    if not several and "text" in args:
        return answer(
            f"Nobody on the press list answers to “{args['text'][:60]}”",
            "I look in names, outlets, beats, markets and e-mail addresses.",
            buttons=(Button("Add somebody", "press add", style="primary"),),
        )
    if not several:
        head, how = "The press list is empty", "Bring a spreadsheet: /press import takes CSV, or add people one by one."
        return answer(head, how, buttons=(Button("Add somebody", "press add"), Button("Import", "press import")))
    if len(several) == 1:
        return Reply(card=sheet(ctx, several[0], f"{several[0].label} {several[0].who}"))
    more = len(several) - _SHOWN
    lines = [f"{each.label} {each.who}{_beat(each)}" for each in several[:_SHOWN]]
    lines += [f"and {more} more: write another word of the name, the outlet or the beat"] if more > 0 else []
    return answer(f"{len(several)} on the press list", *lines, foot="/press find P-31 tells all of one.")


def note(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Write down what was said; and when to come back to it."""
    contact = meant(ctx, args["contact"])
    zone = ctx.config.coalition.tz
    at = deadline(args["follow"], ctx.now, zone, MORNING) if "follow" in args else None
    if "follow" in args and at is None:
        raise Refused(
            f"“{args['follow'][:40]}” is no moment within the next year: write Fri, Fri 14:00, 3d or 2026-12-04.",
            param="follow",
        )
    if ask := confirm_params(ctx, args, f"press contact {contact.label}", TEXT, usual=REACHED):
        return ask
    entry = _log(ctx, contact, Logged.NOTE, args["text"])
    if at:
        press_records.log(ctx.tx, ctx.config.coalition.id, replace(entry, follow_at=at))
    ctx.note(f"press contact {contact.label}", "", "a note")
    there = at.astimezone(zone) if at else None
    back = f"I remind you {day_in_words(there.date())} at {there:%H:%M}." if there else ""
    undo = Button("Undo", "press unlog", (("entry", entry.id),))
    return answer(f"Noted with {contact.label} {contact.who}", back, buttons=(undo,))


def unlog(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Take back what was logged by mistake."""
    entry = press_records.entry(ctx.tx, ctx.config.coalition.id, args["entry"])
    if entry is None or entry.person != ctx.actor.person:
        raise Refused("There is nothing to undo: it is gone already, or somebody else wrote it.")
    press_records.delete_entry(ctx.tx, ctx.config.coalition.id, entry.id)
    ctx.note("the press log", f"a {entry.kind.value}", "taken back")
    return answer("Taken back", replaces=True)


def verify(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Somebody has looked today whether it is still so; without a contact: who is due for that."""
    if "contact" not in args:
        return _unverified(ctx)
    contact = replace(meant(ctx, args["contact"]), verified_on=ctx.today)
    press_records.put(ctx.tx, ctx.config.coalition.id, contact, ctx.now)
    ctx.note(f"press contact {contact.label}", "", "verified")
    return Reply(card=sheet(ctx, contact, f"{contact.label} {contact.who}: verified today"))


def optout(ctx: Context, args: Mapping[str, str]) -> Reply:
    """They want no more mail: no pitch goes to them, and no import brings them back as somebody new."""
    contact = meant(ctx, args["contact"])
    again = args.get("again") == "yes"
    after = replace(contact, opted_out_at=None if again else contact.opted_out_at or ctx.now)
    press_records.put(ctx.tx, ctx.config.coalition.id, after, ctx.now)
    if again:
        press_records.let_back(ctx.tx, ctx.config.coalition.id, contact)
    else:
        press_records.suppress(ctx.tx, ctx.config.coalition.id, contact, ctx.now, ctx.new_id)
    words = ("opted out", "may be written to") if again else ("may be written to", "opted out")
    ctx.note(f"press contact {contact.label}", *words)
    if again:
        return answer(f"{contact.label} {contact.who} may be written to again", replaces=True)
    undo = Button("They may be written to again", "press optout", (("contact", contact.id), ("again", "yes")))
    return answer(
        f"{contact.label} {contact.who} has opted out",
        "No pitch can be logged to them, and an import does not bring them back. They are still on the list, so that "
        "everybody knows. To have them forgotten: /press erase",
        buttons=(undo,),
    )


# --- what other parts of the press list ask -------------------------------------------------------------------------


def refuse_suppressed(ctx: Context, contact: Contact) -> None:
    """Raises `Refused` for who asked not to be kept. The name alone is no reason: another may bear it."""
    coalition = ctx.config.coalition.id
    known = press_records.suppressed(ctx.tx, coalition).by(contact, name=False)
    if known and press_records.contact(ctx.tx, coalition, contact.id) is None:
        raise Refused(
            f"Somebody of this {known} has asked not to be kept on the press list, so nothing was written down. If "
            "they have changed their mind, have them say so in writing and ask an operator.",
            param="name",
        )


class Known:
    """The contacts there are, to be asked whom a name and an outlet, or a name and an e-mail address, are about."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._by: dict[tuple[str, str], Contact] = {}
        for contact in contacts:
            self.add(contact)

    def add(self, contact: Contact) -> None:
        if contact.name and contact.email:
            self._by[("", contact.email.casefold())] = contact
        self._by[(f"at {folded(contact.outlet.name)}", folded(contact.name))] = contact

    def find(self, args: Mapping[str, str]) -> Contact | None:
        name, outlet, email = (args.get(key, "") for key in ("name", "outlet", "email"))
        there = self._by.get((f"at {folded(outlet)}", folded(name)))
        return there or (self._by.get(("", email.casefold())) if name and email else None)


def changed(ctx: Context, was: Contact | None, args: Mapping[str, str]) -> Contact:
    """The contact with what was given; what was not given stays."""
    coalition = ctx.config.coalition.id
    outlet = press_records.outlet(ctx.tx, coalition, args["outlet"], ctx.new_id) if "outlet" in args else None
    outlet = outlet or (was.outlet if was else None)
    if outlet is None:
        raise Refused("Of which outlet? A freelance reporter has one too: write outlet:Freelance", param="outlet")
    outlet = replace(
        outlet,
        type=args.get("type", outlet.type),
        market=args.get("market", outlet.market),
        tier=outlet.tier if "tier" not in args else int(args["tier"]) if args["tier"] else None,
    )
    if was is None:
        id_, number_ = ctx.new_id(), press_records.next_number(ctx.tx, coalition)
        was = Contact(id=id_, number=number_, outlet=outlet, source=f"added by {ctx.actor.name}")
    given: dict[str, Any] = {field: args[field] for field in _FIELDS if field in args}
    basis = Basis(args["basis"]) if "basis" in args else was.basis
    return replace(was, outlet=outlet, basis=basis, **given)


def sheet(ctx: Context, contact: Contact, head: str) -> Card:
    """All that is known of one."""
    coalition, zone = ctx.config.coalition, ctx.config.coalition.tz
    entries = press_records.history_of(ctx.tx, coalition.id, contact.id)
    who = {person.id: person.name for person in people(ctx.tx, coalition.id)}
    whose = {id_: member_name(ctx, id_) for id_ in ("", *coalition.members)}
    lines = [
        *wording.about(contact),
        *wording.standing(contact, ctx.today),
        wording.last_pitch(entries, whose, ctx.now, zone),
        *(wording.line(each, who, whose, ctx.now, zone) for each in entries[:_LOGGED]),
        wording.written(_by(ctx, contact)),
    ]
    its = (("contact", contact.id),)
    note, change = Button("Note", "press note", its), Button("Change", "press change", its)
    pitch, out = Button("Pitch", "press pitch", its), Button("Wants no mail", "press optout", its)
    return Card(
        mark=Mark.ANSWER,
        head=head,
        lines=tuple(Line(line) for line in lines if line),
        foot=f"Source: {contact.source}; kept for: {contact.basis.value}",
        buttons=(note, change) if contact.opted_out_at else (note, pitch, change, out),
    )


def _known(ctx: Context, args: Mapping[str, str]) -> Contact | None:
    """Whom these words are about already: named as a contact, of that e-mail address, or of that name there."""
    if "contact" in args:
        return meant(ctx, args["contact"])
    return Known(press_records.contacts(ctx.tx, ctx.config.coalition.id)).find(args)


def _log(ctx: Context, contact: Contact, kind: Logged, text: str) -> Entry:
    assert ctx.actor.person
    entry = Entry(id=ctx.new_id(), contact=contact.id, kind=kind, text=text, person=ctx.actor.person, at=ctx.now)
    press_records.log(ctx.tx, ctx.config.coalition.id, entry)
    return entry


def _by(ctx: Context, contact: Contact) -> list[Story]:
    """The stories of the last 400 days that carry their name."""
    if not contact.name:
        return []
    stories = records.stories(ctx.tx, ctx.config.coalition.id, ctx.now - _BYLINES, ctx.now)
    return [
        story
        for story in stories
        if any(
            is_by(byline, contact.name) for byline in (story.reporter or "", *(it.reporter for it in story.mentions))
        )
    ]


def _unverified(ctx: Context) -> Reply:
    everybody = press_records.contacts(ctx.tx, ctx.config.coalition.id)
    stale = [each for each in everybody if each.stale(ctx.today) and not each.opted_out_at]
    if not stale:
        return answer("Everybody on the press list was verified within six months")
    more = len(stale) - _SHOWN
    lines = [f"{each.label} {each.who}, {_last(each)}" for each in stale[:_SHOWN]]
    lines += [f"and {more} more"] if more > 0 else []
    buttons = [Button(f"{each.label} is right", "press verify", (("contact", each.id),)) for each in stale[:4]]
    head = f"{number(len(stale), 'contact')} to verify: reporters change beats"
    return answer(head, *lines, buttons=buttons)


def _last(contact: Contact) -> str:
    return f"last on {day_in_words(contact.verified_on)}" if contact.verified_on else "never verified"


def _beat(contact: Contact) -> str:
    words = [contact.beat, "opted out" if contact.opted_out_at else ""]
    return "".join(f" · {word}" for word in words if word)
