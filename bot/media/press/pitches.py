"""Pitches and embargoes: warn before a second pitch, and require written agreement to an embargo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.arguments import matching, read_later, read_moment, read_zone, zone_choices
from bot.commands.model import Choice, Context, Form, FormField, Group, Kind, Param, Refused, Reply, answer
from bot.media.contacts import records
from bot.media.contacts.model import RECENT_PITCH, Contact, Embargo, LogEntry, LogKind
from bot.media.press.people import last_pitch
from bot.media.press.picking import (
    CONTACT,
    PRESS_ROLE,
    ask_choices,
    find_embargo,
    in_both_zones,
    member_name,
    parse_link,
    pick_ask,
    pick_contact,
)
from bot.people.members import find_member, member_choices
from bot.people.pii import NO_DETAILS, REACHED, confirm_params
from bot.shared.card import Button
from bot.shared.wording import asks, cap_lines, listed, number, short

_MAX_LISTED: Final = 8

ANGLE: Final = Param("angle", "what it is about, in one line", longest=300)
ANSWER: Final = Param("answer", "their answer: yes, no, later, no answer", longest=200)
RESULT: Final = Param("result", "the result: a story's number or URL", required=False, longest=500)


def embargo_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    return matching((Choice(it.label, f"{it.label} {it.about}") for it in records.embargoes(ctx.tx)), typed)


ABOUT: Final = Param("about", "what is embargoed, or E-1", complete=embargo_choices, longest=200, free=True)
AGREED: Final = Param("agreed", "where they agreed in writing: email of Nov 24", required=False, longest=200, free=True)

slash = Group("press", who=PRESS_ROLE)


@slash.command(
    example='contact:P-31 angle:"What a year of work has changed" ask:{ask}',
    params=(
        CONTACT,
        ANGLE,
        Param("ask", "the ask it supports", kind=Kind.NUMBER, required=False, complete=ask_choices),
        Param("link", "the press release", required=False, longest=500),
        Param("embargo", "its embargo, such as E-1", required=False, complete=embargo_choices),
        Param("by", "the member that pitches", required=False, complete=member_choices),
        Param("again", "yes: also after a recent pitch", kind=Kind.YES_NO, required=False),
        NO_DETAILS,
    ),
    changes=True,
)
def pitch(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Log a pitch before you send it; warns of other recent pitches."""
    contact = pick_contact(ctx, args["contact"])
    if contact.opted_out_at:
        raise Refused(f"{contact.label} {contact.who} has opted out. Nothing was logged.")
    embargo = _agreed_embargo(ctx, contact, args["embargo"]) if "embargo" in args else None
    entry = LogEntry(
        id=ctx.new_id(),
        contact=contact.id,
        kind=LogKind.PITCH,
        text=args["angle"],
        person=ctx.person,
        at=ctx.now,
        pitched_by=find_member(ctx, args["by"], "by") if "by" in args else ctx.actor.organisation or "",
        ask=pick_ask(ctx, args["ask"]) if "ask" in args else None,
        link=parse_link(args),
        embargo=embargo.id if embargo else None,
    )
    history = records.contact_history(ctx.tx, contact.id)
    recent = last_pitch(ctx, [earlier for earlier in history if ctx.now - earlier.at < RECENT_PITCH])
    if recent and args.get("again") != "yes":
        rest = tuple((key, value) for key, value in args.items() if len(value) <= 100 and key != "contact")
        go_on = Button("Pitch anyway", "press pitch", (("contact", contact.id), *rest, ("again", "yes")))
        head = f"{contact.label} {contact.who}. {recent}"
        return answer(head, "Nothing is logged yet.", buttons=(go_on, _open_button(contact)))
    if ask := confirm_params(ctx, args, f"press contact {contact.label}", ANGLE, usual=(*REACHED, contact.name)):
        return ask
    records.LOG.save(ctx.tx, entry)
    ctx.note(f"press contact {contact.label}", "", f"pitched by {member_name(ctx, entry.pitched_by)}")
    return answer(
        f"Logged: {contact.label} {contact.who}, pitched by {member_name(ctx, entry.pitched_by)}",
        f"“{short(entry.text, 200)}”{f' · {asks((entry.ask,))}' if entry.ask else ''}",
        _lift_text(ctx, embargo) if embargo else "",
        "" if contact.email else "The list has no email address for them.",
        buttons=(
            Button("They answered", "press result", (("pitch", entry.id),)),
            Button("Undo", "press unlog", (("entry", entry.id),)),
        ),
    )


@slash.command(
    example="pitch:PITCH answer:yes",
    params=(Param("pitch", "which", longest=60), ANSWER, RESULT, NO_DETAILS),
    changes=True,
    hidden=True,
)
def result(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Save the answer to a pitch, and its result."""
    entry = records.LOG.get(ctx.tx, id=args["pitch"])
    contact = records.find_contact(ctx.tx, entry.contact) if entry else None
    if entry is None or contact is None:
        raise Refused("That pitch no longer exists. /press find lists contacts.", param="pitch")
    usual = (*REACHED, contact.name)
    if ask := confirm_params(ctx, args, f"press contact {contact.label}", ANSWER, RESULT, usual=usual):
        return ask
    after = replace(entry, answer=args["answer"], result=args.get("result", entry.result))
    records.LOG.save(ctx.tx, after)
    ctx.note(f"press contact {contact.label}", "", "answered a pitch")
    return answer(
        f"Saved for {contact.label} {contact.who}: {after.answer}", after.result, buttons=(_open_button(contact),)
    )


@slash.command(
    example='about:"Our yearly report" lifts:"Fri 10am" zone:ET',
    params=(
        ABOUT,
        # With its hour: embargoes break without one.
        Param("lifts", "date and time: Dec 1 10am", required=False, longest=40, check=partial(read_moment, at=None)),
        Param(
            "zone",
            "the time zone: ET, PT, Europe/London",
            required=False,
            complete=zone_choices,
            longest=40,
            check=read_zone,
        ),
        replace(CONTACT, required=False, help="who agreed: P-31"),
        AGREED,
        NO_DETAILS,
    ),
    changes=True,
)
def embargo(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Set an embargo with date, time and zone; save who agreed to it in writing."""
    current = find_embargo(ctx, args["about"])
    if current is None and args["about"].upper().startswith("E-"):
        raise Refused(f"There is no embargo {args['about'][:20]}. /press embargoes lists them.", param="about")
    if current is None or "lifts" in args:
        current = _set_embargo(ctx, current, args)
    if "contact" in args:
        contact = pick_contact(ctx, args["contact"])
        if "agreed" not in args:
            param = replace(AGREED, required=True)
            fields, args_ = (FormField(param, "Where they agreed"),), {"about": current.id, "contact": contact.id}
            title = f"{current.label} and {contact.label}"
            return Reply(form=Form(title=title, path="press embargo", fields=fields, args=args_))
        records.save_agreement(ctx.tx, current.id, contact.id, args["agreed"], ctx.now)
        ctx.note(f"embargo {current.label}", "", f"{contact.label} agreed")
        return _embargo_reply(ctx, replace(current, agreed={**current.agreed, contact.id: args["agreed"]}))
    return _embargo_reply(ctx, current)


@slash.command()
def embargoes(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """List embargoes and when they lift."""
    listed = records.embargoes(ctx.tx)
    if not listed:
        how = "To show material before it may be published, set an embargo first: /press embargo"
        return answer("No embargoes", how, buttons=(Button("Set one", "press embargo"),))
    lines = [f"{item.label} {short(item.about, 80)}: {_lift_text(ctx, item)}" for item in listed[:_MAX_LISTED]]
    return answer(number(len(listed), "embargo", "embargoes"), *lines, foot="/press embargo E-1 shows who agreed.")


def _agreed_embargo(ctx: Context, contact: Contact, typed: str) -> Embargo:
    """The embargo, if the contact agreed to it in writing. Raises `Refused`: an oral promise does not bind."""
    embargo = find_embargo(ctx, typed)
    if embargo is None:
        raise Refused(f"There is no embargo “{typed[:40]}”. /press embargo sets one.", param="embargo")
    if contact.id not in embargo.agreed and embargo.lifts_at > ctx.now:
        raise Refused(
            f"{contact.label} {contact.who} has not agreed to {embargo.label} in writing. Ask first, without sending "
            "the material; then save the answer: "
            f"/press embargo {embargo.label} contact:{contact.label} agreed:“email of …”",
            param="embargo",
        )
    return embargo


def _open_button(contact: Contact) -> Button:
    return Button(f"Open {contact.label}", "press find", (("text", contact.id),))


# --- embargoes ------------------------------------------------------------------------------------------------------


def _set_embargo(ctx: Context, current: Embargo | None, args: Mapping[str, str]) -> Embargo:
    """Create an embargo, or move its time, which cancels all agreements to it."""
    if not {"lifts", "zone"} <= args.keys():
        missing = "lifts" if "lifts" not in args else "zone"
        raise Refused(
            "An embargo needs a date, a time and a time zone; embargoes break when one is missing. For example: "
            "lifts:“Fri 10am” zone:ET",
            param=missing,
        )
    zone = read_zone(args["zone"])
    at = read_later(args["lifts"], ctx.now.astimezone(zone), None, param="lifts")
    last = records.embargoes(ctx.tx)
    after = Embargo(
        id=current.id if current else ctx.new_id(),
        number=current.number if current else (last[0].number + 1 if last else 1),
        about=current.about if current else args["about"],
        lifts_at=at,
        zone=zone.key,
    )
    records.EMBARGOES.save(ctx.tx, after)
    records.delete_agreements(ctx.tx, after.id)
    ctx.note(f"embargo {after.label}", _lift_text(ctx, current) if current else "", _lift_text(ctx, after))
    return after


def _embargo_reply(ctx: Context, embargo: Embargo) -> Reply:
    who = {contact.id: f"{contact.label} {contact.who}" for contact in records.all_contacts(ctx.tx)}
    lines = cap_lines([f"{who[id_]}: {short(where, 120)}" for id_, where in embargo.agreed.items()], _MAX_LISTED)
    if embargo.lifts_at > ctx.now:
        lines = lines or ["No one has agreed to this time in writing yet, so no pitch can use it."]
        if earlier := [who[id_] for id_ in records.pitched_under(ctx.tx, embargo.id) if id_ not in embargo.agreed]:
            lines.append(f"Ask again those who were pitched it under an earlier time: {listed(earlier, _MAX_LISTED)}.")
        lines.append(f"Put this at the top of the material: EMBARGOED until {_lift_time(ctx, embargo)}")
    return answer(f"{embargo.label} {short(embargo.about, 120)}: {_lift_text(ctx, embargo)}", *lines)


def _lift_text(ctx: Context, embargo: Embargo) -> str:
    lifted = embargo.lifts_at <= ctx.now
    return f"{'lifted' if lifted else 'lifts'} {_lift_time(ctx, embargo)}"


def _lift_time(ctx: Context, embargo: Embargo) -> str:
    return in_both_zones(embargo.lifts_at, ZoneInfo(embargo.zone), ctx.config.coalition.tz)
