"""Pitches and embargoes: two members do not pitch one reporter twice, and nothing embargoed goes out unagreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.alerts.later import deadline
from bot.alerts.words import asks, number, short
from bot.answering import answer
from bot.card import Button
from bot.command import Choice, Desk, Form, FormField, Param, Refused, Reply
from bot.media import press_records, press_words
from bot.media.press_asking import ask_meant, embargo_meant, in_both, meant, member_meant, member_name, zone_meant
from bot.media.press_model import RECENT, Contact, Embargo, Entry, Logged
from bot.people.asking import look_through
from bot.people.care import REACHED
from bot.sources.canonical import web_address

_SHOWN: Final = 8

ANGLE: Final = Param("angle", "what it is about, in a line", longest=300)
ANSWER: Final = Param("answer", "what they said: yes, no, later, no answer", longest=200)
RESULT: Final = Param("result", "what came of it: a story's number or address", required=False, longest=500)


def pitch(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Write a pitch down before it is sent: who else has pitched them is said first."""
    contact = meant(desk, args["contact"])
    if contact.opted_out_at:
        raise Refused(f"{contact.label} {contact.who} has asked not to be written to. Nothing was logged.")
    embargo = _agreed(desk, contact, args["embargo"]) if "embargo" in args else None
    entry = _entry(desk, contact, embargo, args)
    earlier = _recent(desk, contact)
    if earlier and args.get("again") != "yes":
        rest = tuple((key, value) for key, value in args.items() if len(value) <= 100 and key != "contact")
        go_on = Button("Pitch all the same", "press pitch", (("contact", contact.id), *rest, ("again", "yes")))
        return answer(earlier, "Nothing is logged yet.", buttons=(go_on, _open(contact)))
    if ask := look_through(desk, args, f"press contact {contact.label}", ANGLE, usual=REACHED):
        return ask
    press_records.log(desk.tx, desk.config.coalition.id, entry)
    desk.note(f"press contact {contact.label}", "", f"pitched by {member_name(desk, entry.pitched_by)}")
    return answer(
        f"Logged: {contact.label} {contact.who}, pitched by {member_name(desk, entry.pitched_by)}",
        f"“{short(entry.text, 200)}”{f' · {asks((entry.ask,))}' if entry.ask else ''}",
        _lifts(desk, embargo) if embargo else "",
        "" if contact.email else "There is no e-mail address on the list.",
        buttons=(
            Button("They answered", "press result", (("pitch", entry.id),)),
            Button("Undo", "press unlog", (("entry", entry.id),)),
        ),
    )


def result(desk: Desk, args: Mapping[str, str]) -> Reply:
    """What they said to a pitch, and what came of it."""
    entry = press_records.entry(desk.tx, desk.config.coalition.id, args["pitch"])
    contact = press_records.contact(desk.tx, desk.config.coalition.id, entry.contact) if entry else None
    if entry is None or contact is None:
        raise Refused("That pitch is not there any more. /press find shows what is.", param="pitch")
    if ask := look_through(desk, args, f"press contact {contact.label}", ANSWER, RESULT, usual=REACHED):
        return ask
    after = replace(entry, answer=args["answer"], result=args.get("result", entry.result))
    press_records.log(desk.tx, desk.config.coalition.id, after)
    desk.note(f"press contact {contact.label}", "", "answered a pitch")
    return answer(f"Noted with {contact.label} {contact.who}: {after.answer}", after.result, buttons=(_open(contact),))


def embargo(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Set an embargo, show one, or note who agreed to it in writing."""
    known = embargo_meant(desk, args["about"])
    if known is None and args["about"].upper().startswith("E-"):
        raise Refused(
            f"There is no embargo {args['about'][:20]}. /press embargoes shows those there are.", param="about"
        )
    if ask := look_through(desk, args, "an embargo", ABOUT, AGREED, usual=REACHED):
        return ask
    if known is None or "lifts" in args:
        known = _set(desk, known, args)
    if "contact" in args:
        return _agree(desk, known, args)
    return _shown(desk, known)


def embargoes(desk: Desk, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """All that are not lifted yet, and the last that were."""
    known = press_records.embargoes(desk.tx, desk.config.coalition.id)
    if not known:
        how = "Something to show before it may be published? Set its hour first: /press embargo"
        return answer("No embargoes", how, buttons=(Button("Set one", "press embargo"),))
    lines = [f"{each.label} {short(each.about, 80)}: {_lifts(desk, each)}" for each in known[:_SHOWN]]
    return answer(number(len(known), "embargo", "embargoes"), *lines, foot="/press embargo E-1 tells who agreed.")


def embargo_choices(desk: Desk, typed: str) -> Sequence[Choice]:
    known = press_records.embargoes(desk.tx, desk.config.coalition.id)
    offered = [Choice(each.label, f"{each.label} {each.about}") for each in known]
    return [each for each in offered if typed.casefold() in each.label.casefold()]


ABOUT: Final = Param("about", "what is embargoed; or E-1", complete=embargo_choices, longest=200)
AGREED: Final = Param("agreed", "where they said yes in writing: mail of 24 Nov", required=False, longest=300)


# --- pitches --------------------------------------------------------------------------------------------------------


def _entry(desk: Desk, contact: Contact, embargo: Embargo | None, args: Mapping[str, str]) -> Entry:
    assert desk.actor.person
    link = web_address(args["link"]) if "link" in args else ""
    if "link" in args and not link:
        raise Refused("That is no web address: it should begin with https://", param="link")
    return Entry(
        id=desk.new_id(),
        contact=contact.id,
        kind=Logged.PITCH,
        text=args["angle"],
        person=desk.actor.person,
        at=desk.now,
        pitched_by=member_meant(desk, args["by"], "by") if "by" in args else desk.actor.organisation or "",
        ask=ask_meant(desk, args["ask"]) if "ask" in args else None,
        link=link,
        embargo=embargo.id if embargo else None,
    )


def _recent(desk: Desk, contact: Contact) -> str:
    """What is to be known before a second pitch; "" where there was none of late."""
    entries = press_records.history_of(desk.tx, desk.config.coalition.id, contact.id)
    of_late = [each for each in entries if each.kind is Logged.PITCH and desk.now - each.at < RECENT]
    whose = {id_: member_name(desk, id_) for id_ in ("", *desk.config.coalition.members)}
    zone = desk.config.coalition.tz
    said = press_words.last_pitch(of_late, whose, desk.now, zone)
    return f"{contact.label} {contact.who}. {said}" if said else ""


def _agreed(desk: Desk, contact: Contact, typed: str) -> Embargo:
    """The embargo that they have agreed to in writing. Raises `Refused`: a word on the telephone binds nobody."""
    known = embargo_meant(desk, typed)
    if known is None:
        raise Refused(f"There is no embargo “{typed[:40]}”. /press embargo sets one.", param="embargo")
    if contact.id not in known.agreed:
        raise Refused(
            f"{contact.label} {contact.who} has not agreed to {known.label} in writing. Ask first, without the "
            f"material; then note the answer: /press embargo {known.label} contact:{contact.label} agreed:“mail of …”",
            param="embargo",
        )
    return known


def _open(contact: Contact) -> Button:
    return Button(f"Open {contact.label}", "press find", (("text", contact.id),))


# --- embargoes ------------------------------------------------------------------------------------------------------


def _set(desk: Desk, known: Embargo | None, args: Mapping[str, str]) -> Embargo:
    """A new one, or another hour for one: then everybody has to agree anew."""
    if not {"lifts", "zone"} <= args.keys():
        missing = "lifts" if "lifts" not in args else "zone"
        raise Refused(
            "An embargo needs its day, its hour and its zone: a missing one is how embargoes break. For example "
            "lifts:“2026-12-01 10:00” zone:ET",
            param=missing,
        )
    zone = zone_meant(args["zone"])
    at = deadline(args["lifts"], desk.now, zone) if ":" in args["lifts"] else None
    if at is None:
        raise Refused(
            f"“{args['lifts'][:40]}” is no day and hour within the next year: write 2026-12-01 10:00 or Fri 10:00.",
            param="lifts",
        )
    coalition = desk.config.coalition.id
    last = press_records.embargoes(desk.tx, coalition)
    after = Embargo(
        id=known.id if known else desk.new_id(),
        number=known.number if known else (last[0].number + 1 if last else 1),
        about=known.about if known else args["about"],
        lifts_at=at,
        zone=zone.key,
    )
    press_records.put_embargo(desk.tx, coalition, after)
    press_records.no_more_agreed(desk.tx, coalition, after.id)
    desk.note(f"embargo {after.label}", _lifts(desk, known) if known else "", _lifts(desk, after))
    return after


def _agree(desk: Desk, known: Embargo, args: Mapping[str, str]) -> Reply:
    contact = meant(desk, args["contact"])
    if "agreed" not in args:
        param = replace(AGREED, required=True)
        held = {"about": known.id, "contact": contact.id}
        return Reply(
            form=Form(
                title=f"{known.label} and {contact.label}",
                path="press embargo",
                fields=(FormField(param, "Where they said yes"),),
                args=held,
            )
        )
    press_records.agree(desk.tx, desk.config.coalition.id, known.id, contact.id, args["agreed"], desk.now)
    desk.note(f"embargo {known.label}", "", f"{contact.label} agreed")
    return _shown(desk, replace(known, agreed={**known.agreed, contact.id: args["agreed"]}))


def _shown(desk: Desk, known: Embargo) -> Reply:
    everybody = {each.id: each for each in press_records.contacts(desk.tx, desk.config.coalition.id)}
    agreed = [
        f"{everybody[id_].label} {everybody[id_].who}: {short(where, 120)}" for id_, where in known.agreed.items()
    ]
    more = [f"and {len(agreed) - _SHOWN} more"] if len(agreed) > _SHOWN else []
    return answer(
        f"{known.label} {short(known.about, 120)}: {_lifts(desk, known)}",
        *(agreed[:_SHOWN] or ["Nobody has agreed in writing yet, so no pitch may bear it."]),
        *more,
        f"Put at the top of what is sent: EMBARGOED until {_hour(desk, known)}",
    )


def _lifts(desk: Desk, known: Embargo) -> str:
    done = known.lifts_at <= desk.now
    return f"{'lifted' if done else 'lifts'} {_hour(desk, known)}"


def _hour(desk: Desk, known: Embargo) -> str:
    return in_both(known.lifts_at, ZoneInfo(known.zone), desk.config.coalition.tz)
