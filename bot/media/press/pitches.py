"""Pitches and embargoes: two members do not pitch one reporter twice, and nothing embargoed goes out unagreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.model import Choice, Context, Form, FormField, Param, Refused, Reply
from bot.commands.replies import answer
from bot.media.press import records, wording
from bot.media.press.model import RECENT, Contact, Embargo, Entry, Logged
from bot.media.press.picking import ask_meant, embargo_meant, in_both, meant, member_meant, member_name, zone_meant
from bot.people.confirm_text import confirm_params
from bot.people.pii import REACHED
from bot.shared.card import Button
from bot.shared.time_phrases import deadline
from bot.shared.urls import web_address
from bot.shared.wording import asks, number, short

_SHOWN: Final = 8

ANGLE: Final = Param("angle", "what it is about, in a line", longest=300)
ANSWER: Final = Param("answer", "what they said: yes, no, later, no answer", longest=200)
RESULT: Final = Param("result", "what came of it: a story's number or address", required=False, longest=500)


def pitch(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Write a pitch down before it is sent: who else has pitched them is said first."""
    contact = meant(ctx, args["contact"])
    if contact.opted_out_at:
        raise Refused(f"{contact.label} {contact.who} has asked not to be written to. Nothing was logged.")
    embargo = _agreed(ctx, contact, args["embargo"]) if "embargo" in args else None
    entry = _entry(ctx, contact, embargo, args)
    earlier = _recent(ctx, contact)
    if earlier and args.get("again") != "yes":
        rest = tuple((key, value) for key, value in args.items() if len(value) <= 100 and key != "contact")
        go_on = Button("Pitch all the same", "press pitch", (("contact", contact.id), *rest, ("again", "yes")))
        return answer(earlier, "Nothing is logged yet.", buttons=(go_on, _open(contact)))
    if ask := confirm_params(ctx, args, f"press contact {contact.label}", ANGLE, usual=REACHED):
        return ask
    records.log(ctx.tx, ctx.config.coalition.id, entry)
    ctx.note(f"press contact {contact.label}", "", f"pitched by {member_name(ctx, entry.pitched_by)}")
    return answer(
        f"Logged: {contact.label} {contact.who}, pitched by {member_name(ctx, entry.pitched_by)}",
        f"“{short(entry.text, 200)}”{f' · {asks((entry.ask,))}' if entry.ask else ''}",
        _lifts(ctx, embargo) if embargo else "",
        "" if contact.email else "There is no e-mail address on the list.",
        buttons=(
            Button("They answered", "press result", (("pitch", entry.id),)),
            Button("Undo", "press unlog", (("entry", entry.id),)),
        ),
    )


def result(ctx: Context, args: Mapping[str, str]) -> Reply:
    """What they said to a pitch, and what came of it."""
    entry = records.entry(ctx.tx, ctx.config.coalition.id, args["pitch"])
    contact = records.contact(ctx.tx, ctx.config.coalition.id, entry.contact) if entry else None
    if entry is None or contact is None:
        raise Refused("That pitch is not there any more. /press find shows what is.", param="pitch")
    if ask := confirm_params(ctx, args, f"press contact {contact.label}", ANSWER, RESULT, usual=REACHED):
        return ask
    after = replace(entry, answer=args["answer"], result=args.get("result", entry.result))
    records.log(ctx.tx, ctx.config.coalition.id, after)
    ctx.note(f"press contact {contact.label}", "", "answered a pitch")
    return answer(f"Noted with {contact.label} {contact.who}: {after.answer}", after.result, buttons=(_open(contact),))


def embargo(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Set an embargo, show one, or note who agreed to it in writing."""
    known = embargo_meant(ctx, args["about"])
    if known is None and args["about"].upper().startswith("E-"):
        raise Refused(
            f"There is no embargo {args['about'][:20]}. /press embargoes shows those there are.", param="about"
        )
    if ask := confirm_params(ctx, args, "an embargo", ABOUT, AGREED, usual=REACHED):
        return ask
    if known is None or "lifts" in args:
        known = _set(ctx, known, args)
    if "contact" in args:
        return _agree(ctx, known, args)
    return _shown(ctx, known)


def embargoes(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """All that are not lifted yet, and the last that were."""
    known = records.embargoes(ctx.tx, ctx.config.coalition.id)
    if not known:
        how = "Something to show before it may be published? Set its hour first: /press embargo"
        return answer("No embargoes", how, buttons=(Button("Set one", "press embargo"),))
    lines = [f"{each.label} {short(each.about, 80)}: {_lifts(ctx, each)}" for each in known[:_SHOWN]]
    return answer(number(len(known), "embargo", "embargoes"), *lines, foot="/press embargo E-1 tells who agreed.")


def embargo_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    known = records.embargoes(ctx.tx, ctx.config.coalition.id)
    offered = [Choice(each.label, f"{each.label} {each.about}") for each in known]
    return [each for each in offered if typed.casefold() in each.label.casefold()]


ABOUT: Final = Param("about", "what is embargoed; or E-1", complete=embargo_choices, longest=200)
AGREED: Final = Param("agreed", "where they said yes in writing: mail of 24 Nov", required=False, longest=300)


# --- pitches --------------------------------------------------------------------------------------------------------


def _entry(ctx: Context, contact: Contact, embargo: Embargo | None, args: Mapping[str, str]) -> Entry:
    assert ctx.actor.person
    link = web_address(args["link"]) if "link" in args else ""
    if "link" in args and not link:
        raise Refused("That is no web address: it should begin with https://", param="link")
    return Entry(
        id=ctx.new_id(),
        contact=contact.id,
        kind=Logged.PITCH,
        text=args["angle"],
        person=ctx.actor.person,
        at=ctx.now,
        pitched_by=member_meant(ctx, args["by"], "by") if "by" in args else ctx.actor.organisation or "",
        ask=ask_meant(ctx, args["ask"]) if "ask" in args else None,
        link=link,
        embargo=embargo.id if embargo else None,
    )


def _recent(ctx: Context, contact: Contact) -> str:
    """What is to be known before a second pitch; "" where there was none of late."""
    entries = records.history_of(ctx.tx, ctx.config.coalition.id, contact.id)
    of_late = [each for each in entries if each.kind is Logged.PITCH and ctx.now - each.at < RECENT]
    whose = {id_: member_name(ctx, id_) for id_ in ("", *ctx.config.coalition.members)}
    zone = ctx.config.coalition.tz
    said = wording.last_pitch(of_late, whose, ctx.now, zone)
    return f"{contact.label} {contact.who}. {said}" if said else ""


def _agreed(ctx: Context, contact: Contact, typed: str) -> Embargo:
    """The embargo that they have agreed to in writing. Raises `Refused`: a word on the telephone binds nobody."""
    known = embargo_meant(ctx, typed)
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


def _set(ctx: Context, known: Embargo | None, args: Mapping[str, str]) -> Embargo:
    """A new one, or another hour for one: then everybody has to agree anew."""
    if not {"lifts", "zone"} <= args.keys():
        missing = "lifts" if "lifts" not in args else "zone"
        raise Refused(
            "An embargo needs its day, its hour and its zone: a missing one is how embargoes break. For example "
            "lifts:“2026-12-01 10:00” zone:ET",
            param=missing,
        )
    zone = zone_meant(args["zone"])
    at = deadline(args["lifts"], ctx.now, zone) if ":" in args["lifts"] else None
    if at is None:
        raise Refused(
            f"“{args['lifts'][:40]}” is no day and hour within the next year: write 2026-12-01 10:00 or Fri 10:00.",
            param="lifts",
        )
    coalition = ctx.config.coalition.id
    last = records.embargoes(ctx.tx, coalition)
    after = Embargo(
        id=known.id if known else ctx.new_id(),
        number=known.number if known else (last[0].number + 1 if last else 1),
        about=known.about if known else args["about"],
        lifts_at=at,
        zone=zone.key,
    )
    records.put_embargo(ctx.tx, coalition, after)
    records.no_more_agreed(ctx.tx, coalition, after.id)
    ctx.note(f"embargo {after.label}", _lifts(ctx, known) if known else "", _lifts(ctx, after))
    return after


def _agree(ctx: Context, known: Embargo, args: Mapping[str, str]) -> Reply:
    contact = meant(ctx, args["contact"])
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
    records.agree(ctx.tx, ctx.config.coalition.id, known.id, contact.id, args["agreed"], ctx.now)
    ctx.note(f"embargo {known.label}", "", f"{contact.label} agreed")
    return _shown(ctx, replace(known, agreed={**known.agreed, contact.id: args["agreed"]}))


def _shown(ctx: Context, known: Embargo) -> Reply:
    everybody = {each.id: each for each in records.contacts(ctx.tx, ctx.config.coalition.id)}
    agreed = [
        f"{everybody[id_].label} {everybody[id_].who}: {short(where, 120)}" for id_, where in known.agreed.items()
    ]
    more = [f"and {len(agreed) - _SHOWN} more"] if len(agreed) > _SHOWN else []
    return answer(
        f"{known.label} {short(known.about, 120)}: {_lifts(ctx, known)}",
        *(agreed[:_SHOWN] or ["Nobody has agreed in writing yet, so no pitch may bear it."]),
        *more,
        f"Put at the top of what is sent: EMBARGOED until {_hour(ctx, known)}",
    )


def _lifts(ctx: Context, known: Embargo) -> str:
    done = known.lifts_at <= ctx.now
    return f"{'lifted' if done else 'lifts'} {_hour(ctx, known)}"


def _hour(ctx: Context, known: Embargo) -> str:
    return in_both(known.lifts_at, ZoneInfo(known.zone), ctx.config.coalition.tz)
