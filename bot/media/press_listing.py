"""The press list itself: adding, finding, verifying, notes, and those who want no more mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.alerts.later import MORNING, deadline
from bot.alerts.words import number
from bot.answering import answer
from bot.calendar import day_in_words
from bot.card import Button, Card, Line, Mark
from bot.command import Choice, Desk, Form, FormField, Kind, Param, Refused, Reply
from bot.media import press_records, press_words, records
from bot.media.bylines import is_by
from bot.media.model import Story
from bot.media.press_asking import found, meant, member_name
from bot.media.press_model import Basis, Contact, Entry, Logged, folded
from bot.people.asking import look_through
from bot.people.care import REACHED
from bot.people.records import people

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


def add(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Put somebody on the list; or change what is known of who is on it."""
    was = _known(desk, args)
    contact = replace(changed(desk, was, args), verified_on=desk.today)
    refuse_suppressed(desk, contact)
    if was and was.outlet.id != contact.outlet.id:
        _log(desk, was, Logged.MOVED, f"from {was.outlet.name} to {contact.outlet.name}")
    press_records.put(desk.tx, desk.config.coalition.id, contact, desk.now)
    desk.note(f"press contact {contact.label}", "as it was" if was else "", "changed" if was else "added")
    same = was and replace(contact, verified_on=was.verified_on) == was
    head = f"{contact.label} {contact.who}: " + ("nothing new" if same else "changed" if was else "on the list")
    return Reply(card=sheet(desk, contact, head))


def change(desk: Desk, args: Mapping[str, str]) -> Reply:
    """What is known of somebody, to be changed; what is emptied is known no more."""
    contact = meant(desk, args["contact"])
    its = contact.outlet
    known = {"outlet": its.name, "type": its.type, "market": its.market, "tier": str(its.tier or "")}
    known |= {name: getattr(contact, name) for name in (*_FIELDS, "basis")}
    fields = (FormField(param, param.name.capitalize(), known[param.name]) for param in ADD if param.name in known)
    form = Form(title=f"Change {contact.label}", path="press add", fields=tuple(fields), args={"contact": contact.id})
    return Reply(form=form)


def find(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Who is on the list; one alone with what was said to them."""
    several = found(desk, args["text"]) if "text" in args else press_records.contacts(desk.tx, desk.config.coalition.id)
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
        return Reply(card=sheet(desk, several[0], f"{several[0].label} {several[0].who}"))
    more = len(several) - _SHOWN
    lines = [f"{each.label} {each.who}{_beat(each)}" for each in several[:_SHOWN]]
    lines += [f"and {more} more: write another word of the name, the outlet or the beat"] if more > 0 else []
    return answer(f"{len(several)} on the press list", *lines, foot="/press find P-31 tells all of one.")


def note(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Write down what was said; and when to come back to it."""
    contact = meant(desk, args["contact"])
    zone = desk.config.coalition.tz
    at = deadline(args["follow"], desk.now, zone, MORNING) if "follow" in args else None
    if "follow" in args and at is None:
        raise Refused(
            f"“{args['follow'][:40]}” is no moment within the next year: write Fri, Fri 14:00, 3d or 2026-12-04.",
            param="follow",
        )
    if ask := look_through(desk, args, f"press contact {contact.label}", TEXT, usual=REACHED):
        return ask
    entry = _log(desk, contact, Logged.NOTE, args["text"])
    if at:
        press_records.log(desk.tx, desk.config.coalition.id, replace(entry, follow_at=at))
    desk.note(f"press contact {contact.label}", "", "a note")
    there = at.astimezone(zone) if at else None
    back = f"I remind you {day_in_words(there.date())} at {there:%H:%M}." if there else ""
    undo = Button("Undo", "press unlog", (("entry", entry.id),))
    return answer(f"Noted with {contact.label} {contact.who}", back, buttons=(undo,))


def unlog(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Take back what was logged by mistake."""
    entry = press_records.entry(desk.tx, desk.config.coalition.id, args["entry"])
    if entry is None or entry.person != desk.actor.person:
        raise Refused("There is nothing to undo: it is gone already, or somebody else wrote it.")
    press_records.delete_entry(desk.tx, desk.config.coalition.id, entry.id)
    desk.note("the press log", f"a {entry.kind.value}", "taken back")
    return answer("Taken back", replaces=True)


def verify(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Somebody has looked today whether it is still so; without a contact: who is due for that."""
    if "contact" not in args:
        return _unverified(desk)
    contact = replace(meant(desk, args["contact"]), verified_on=desk.today)
    press_records.put(desk.tx, desk.config.coalition.id, contact, desk.now)
    desk.note(f"press contact {contact.label}", "", "verified")
    return Reply(card=sheet(desk, contact, f"{contact.label} {contact.who}: verified today"))


def optout(desk: Desk, args: Mapping[str, str]) -> Reply:
    """They want no more mail: no pitch goes to them, and no import brings them back as somebody new."""
    contact = meant(desk, args["contact"])
    again = args.get("again") == "yes"
    after = replace(contact, opted_out_at=None if again else contact.opted_out_at or desk.now)
    press_records.put(desk.tx, desk.config.coalition.id, after, desk.now)
    if again:
        press_records.let_back(desk.tx, desk.config.coalition.id, contact)
    else:
        press_records.suppress(desk.tx, desk.config.coalition.id, contact, desk.now, desk.new_id)
    words = ("opted out", "may be written to") if again else ("may be written to", "opted out")
    desk.note(f"press contact {contact.label}", *words)
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


def refuse_suppressed(desk: Desk, contact: Contact) -> None:
    """Raises `Refused` for who asked not to be kept. The name alone is no reason: another may bear it."""
    coalition = desk.config.coalition.id
    known = press_records.suppressed(desk.tx, coalition).by(contact, name=False)
    if known and press_records.contact(desk.tx, coalition, contact.id) is None:
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


def changed(desk: Desk, was: Contact | None, args: Mapping[str, str]) -> Contact:
    """The contact with what was given; what was not given stays."""
    coalition = desk.config.coalition.id
    outlet = press_records.outlet(desk.tx, coalition, args["outlet"], desk.new_id) if "outlet" in args else None
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
        id_, number_ = desk.new_id(), press_records.next_number(desk.tx, coalition)
        was = Contact(id=id_, number=number_, outlet=outlet, source=f"added by {desk.actor.name}")
    given: dict[str, Any] = {field: args[field] for field in _FIELDS if field in args}
    basis = Basis(args["basis"]) if "basis" in args else was.basis
    return replace(was, outlet=outlet, basis=basis, **given)


def sheet(desk: Desk, contact: Contact, head: str) -> Card:
    """All that is known of one."""
    coalition, zone = desk.config.coalition, desk.config.coalition.tz
    entries = press_records.history_of(desk.tx, coalition.id, contact.id)
    who = {person.id: person.name for person in people(desk.tx, coalition.id)}
    whose = {id_: member_name(desk, id_) for id_ in ("", *coalition.members)}
    lines = [
        *press_words.about(contact),
        *press_words.standing(contact, desk.today),
        press_words.last_pitch(entries, whose, desk.now, zone),
        *(press_words.line(each, who, whose, desk.now, zone) for each in entries[:_LOGGED]),
        press_words.written(_by(desk, contact)),
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


def _known(desk: Desk, args: Mapping[str, str]) -> Contact | None:
    """Whom these words are about already: named as a contact, of that e-mail address, or of that name there."""
    if "contact" in args:
        return meant(desk, args["contact"])
    return Known(press_records.contacts(desk.tx, desk.config.coalition.id)).find(args)


def _log(desk: Desk, contact: Contact, kind: Logged, text: str) -> Entry:
    assert desk.actor.person
    entry = Entry(id=desk.new_id(), contact=contact.id, kind=kind, text=text, person=desk.actor.person, at=desk.now)
    press_records.log(desk.tx, desk.config.coalition.id, entry)
    return entry


def _by(desk: Desk, contact: Contact) -> list[Story]:
    """The stories of the last 400 days that carry their name."""
    if not contact.name:
        return []
    stories = records.stories(desk.tx, desk.config.coalition.id, desk.now - _BYLINES, desk.now)
    return [
        story
        for story in stories
        if any(
            is_by(byline, contact.name) for byline in (story.reporter or "", *(it.reporter for it in story.mentions))
        )
    ]


def _unverified(desk: Desk) -> Reply:
    everybody = press_records.contacts(desk.tx, desk.config.coalition.id)
    stale = [each for each in everybody if each.stale(desk.today) and not each.opted_out_at]
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
