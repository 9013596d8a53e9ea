"""What people do with an inquiry: write it down, pass it on, acknowledge, answer, decline, close."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.model import Choice, Context, Kind, Param, Refused, Reply, Role, confirmation_param
from bot.commands.replies import answer
from bot.media.press.inquiries import notices, records, wording
from bot.media.press.inquiries.model import Inquiry, State
from bot.media.press.inquiries.model import Kind as Of
from bot.media.press.picking import ask_meant, asks, member_meant, members, zone_meant, zones
from bot.people import pii
from bot.people.confirm_text import confirm_params
from bot.people.pii import REACHED
from bot.people.records import accounts_of, people
from bot.shared.card import Button, Mark
from bot.shared.time_phrases import deadline
from bot.shared.urls import web_address
from bot.shared.wording import number

_SHOWN: Final = 8
_MEET: Final = re.compile(
    r"\b(?:interview|speak|talk|meet|connect|introduc|profile|film|put \w+ in touch)", re.IGNORECASE
)


def inquiry(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Write an inquiry down and pass it on to who speaks on it."""
    kind = Of(args["kind"])
    if ask := _mind_requests_to_meet(ctx, kind, args):
        return ask
    zone = zone_meant(args.get("zone", ctx.config.coalition.zone))
    due = deadline(args["due"], ctx.now, zone)
    if due is None:
        raise Refused(
            f"“{args['due'][:40]}” is no moment within the next year: write 2h, today 17:00, Fri 12:00 or 2026-12-04.",
            param="due",
        )
    assert ctx.actor.person
    found = Inquiry(
        id=ctx.new_id(),
        number=records.next_number(ctx.tx, ctx.config.coalition.id),
        kind=kind,
        reporter=args["reporter"],
        outlet=args["outlet"],
        question="" if kind is Of.PROTECTED else args["question"],
        due_at=due,
        zone=zone.key,
        received_at=ctx.now,
        received_by=ctx.actor.person,
        ask=ask_meant(ctx, args["ask"]) if "ask" in args else None,
        member=member_meant(ctx, args["member"], "member") if "member" in args else None,
    )
    found = notices.routed(ctx.tx, ctx.config.coalition, found)
    records.put(ctx.tx, ctx.config.coalition.id, found)
    notices.announce(ctx.tx, ctx.config, found, now=ctx.now, new_id=ctx.new_id)
    ctx.note(f"press inquiry {found.label}", "", f"{kind.value}, due {found.due_at:%Y-%m-%d %H:%M} UTC")
    return _shown(ctx, found)


def list_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """What is open, the first due first; one alone with what can be done about it."""
    if "inquiry" in args:
        return _shown(ctx, _meant(ctx, args["inquiry"]))
    waiting = records.waiting(ctx.tx, ctx.config.coalition.id)
    new = Button("New inquiry", "press inquiry", style="primary")
    if not waiting:
        return answer("No inquiry is open", "The press has called? Write it down: /press inquiry", buttons=(new,))
    names = notices.names(ctx.tx, ctx.config.coalition)
    lines = [wording.line(each, names, ctx.now) for each in waiting[:_SHOWN]]
    lines += [f"and {len(waiting) - _SHOWN} more"] if len(waiting) > _SHOWN else []
    show = [Button(f"Show {each.label}", "press inquiries", (("inquiry", each.id),)) for each in waiting[:3]]
    head = f"{number(len(waiting), 'inquiry', 'inquiries')} open"
    return answer(head, *lines, buttons=(*show, new))


def open_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """One inquiry, for the press role and for whom it was passed to."""
    return _shown(ctx, _theirs(ctx, args["inquiry"]))


def acknowledge(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The reporter was told that they were heard."""
    was = _theirs(ctx, args["inquiry"])
    if was.state is not State.RECEIVED:
        return _shown(ctx, was)
    return _save(ctx, was, replace(was, state=State.ACKNOWLEDGED, acknowledged_at=ctx.now))


def answered(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The reporter has their answer; what it was, or what came of it."""
    was = _open(ctx, args["inquiry"])
    if ask := _look_through(ctx, args, was, OUTCOME):
        return ask
    link = web_address(args["link"]) if "link" in args else ""
    if "link" in args and not link:
        raise Refused("That is no web address: it should begin with https://", param="link")
    heard = was.acknowledged_at or ctx.now
    said = "" if was.kind is Of.PROTECTED else args.get("outcome", "")
    after = replace(
        was, state=State.ANSWERED, acknowledged_at=heard, answered_at=ctx.now, outcome=said, link=link or ""
    )
    return _save(ctx, was, after)


def decline(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The reporter was told that there will be no answer."""
    was = _open(ctx, args["inquiry"])
    if ask := _look_through(ctx, args, was, WHY):
        return ask
    heard = was.acknowledged_at or ctx.now
    why = "" if was.kind is Of.PROTECTED else args.get("why", "")
    return _save(ctx, was, replace(was, state=State.DECLINED, acknowledged_at=heard, ended_at=ctx.now, outcome=why))


def close(ctx: Context, args: Mapping[str, str]) -> Reply:
    """There is nothing to answer any more."""
    was = _open(ctx, args["inquiry"])
    return _save(ctx, was, replace(was, state=State.CLOSED, ended_at=ctx.now))


def reopen(ctx: Context, args: Mapping[str, str]) -> Reply:
    """It was not over."""
    was = _theirs(ctx, args["inquiry"])
    if was.state.open:
        return _shown(ctx, was)
    state = State.ACKNOWLEDGED if was.acknowledged_at else State.RECEIVED
    return _save(ctx, was, replace(was, state=state, answered_at=None, ended_at=None))


def pass_on(ctx: Context, args: Mapping[str, str]) -> Reply:
    """A press person gives it to somebody by hand."""
    was = _open(ctx, args["inquiry"])
    everybody = people(ctx.tx, ctx.config.coalition.id)
    typed = args["to"]
    exact = [each for each in everybody if typed in (each.id, each.name)]
    found = exact or [each for each in everybody if typed.casefold() in each.name.casefold()]
    if len(found) != 1:
        known = ", ".join(each.name for each in found[:5]) or "nobody here"
        raise Refused(f"“{typed[:60]}” is {known}. Write one whole name, as in /campaign people.", param="to")
    to = found[0]
    if not accounts_of(ctx.tx, ctx.config.coalition.id, to.id):
        raise Refused(
            f"{to.name} has no account here, so it would reach nobody: tell them yourself, or name somebody else.",
            param="to",
        )
    if was.spokesperson == to.id:
        return _shown(ctx, was)
    after = replace(was, spokesperson=to.id)
    reply = _save(ctx, was, after)
    notices.pass_on(ctx.tx, ctx.config, after, now=ctx.now, new_id=ctx.new_id)
    return reply


def choices(ctx: Context, typed: str) -> Sequence[Choice]:
    waiting = records.waiting(ctx.tx, ctx.config.coalition.id)
    offered = [Choice(each.label, f"{each.label} {each.outlet}") for each in waiting]
    return [each for each in offered if typed.casefold() in each.label.casefold()]


def everybody(ctx: Context, typed: str) -> Sequence[Choice]:
    known = people(ctx.tx, ctx.config.coalition.id)
    return [Choice(each.id, each.name) for each in known if typed.casefold() in each.name.casefold()]


def _look_through(ctx: Context, args: Mapping[str, str], was: Inquiry, param: Param) -> Reply | None:
    """What to ask before what was answered is kept; of a request to meet someone served nothing is."""
    if was.kind is Of.PROTECTED:
        return None
    return confirm_params(ctx, args, f"press inquiry {was.label}", param, usual=REACHED)


def _mind_requests_to_meet(ctx: Context, kind: Of, args: Mapping[str, str]) -> Reply | None:
    """A request to meet someone served must not be passed on because somebody chose the wrong word for it; nor may the
    question lead to one. Of both at once both are said, for they are confirmed with one word.
    """
    if kind is Of.PROTECTED:
        return None
    question = args["question"]
    words = [re.escape(one.words).replace(r"\*", r"\w*") for one in ctx.config.coalition.care.meet]
    named = words and re.search(rf"\b(?:{'|'.join(words)})", question, re.IGNORECASE)
    if args.get("sure") != "yes" and named and _MEET.search(question):
        found = pii.signs(question, ctx.config.coalition, REACHED)
        served = ctx.config.coalition.care.served
        holds = f" It also seems to hold {' and '.join(found)}: take that out first." if found else ""
        raise Refused(
            f"This reads as a request to meet a {served}, which is never passed on by itself:"
            f" choose kind “{Of.PROTECTED.value}”, and nothing of the question is stored.{holds} If it is not one, add "
            "sure:yes.",
            param="kind",
        )
    return confirm_params(ctx, args, "a press inquiry", QUESTION, usual=REACHED)


def _meant(ctx: Context, typed: str) -> Inquiry:
    found = records.find(ctx.tx, ctx.config.coalition.id, typed)
    if found is None:
        raise Refused("That inquiry does not exist, or is not yours to open.", param="inquiry")
    return found


def _theirs(ctx: Context, typed: str) -> Inquiry:
    """For the press role, and for whom it was passed to; for others it is not there."""
    found = _meant(ctx, typed)
    if Role.PRESS not in ctx.actor.roles and found.spokesperson != ctx.actor.person:
        raise Refused("That inquiry does not exist, or is not yours to open.", param="inquiry")
    return found


def _open(ctx: Context, typed: str) -> Inquiry:
    found = _theirs(ctx, typed)
    if not found.state.open:
        raise Refused(f"{found.label} is {found.state.value} already. /press inquiries shows what is open.")
    return found


def _save(ctx: Context, was: Inquiry, after: Inquiry) -> Reply:
    if after.spokesperson != was.spokesperson:
        notices.take_back(ctx.tx, ctx.config, was)
    records.put(ctx.tx, ctx.config.coalition.id, after)
    notices.refresh(ctx.tx, ctx.config, after, now=ctx.now, new_id=ctx.new_id)
    passed = "passed on" if after.spokesperson != was.spokesperson else after.state.value
    ctx.note(f"press inquiry {after.label}", was.state.value, passed)
    return _shown(ctx, after)


def _shown(ctx: Context, found: Inquiry) -> Reply:
    """With a way back, and for the press role with a way to somebody else."""
    names = notices.names(ctx.tx, ctx.config.coalition)
    card = wording.card(found, names, ctx.now, Mark.ANSWER)
    its = (("inquiry", found.id),)
    if not found.state.open:
        return Reply(card=replace(card, buttons=(Button("It is not over", "press reopen", its),)))
    if Role.PRESS in ctx.actor.roles:
        first, *rest = card.buttons
        return Reply(card=replace(card, buttons=(first, *rest[:2], Button("Pass on", "press pass-on", its))))
    return Reply(card=card)


INQUIRY: Final = Param("inquiry", "a number such as Q-7", complete=choices, longest=60)
QUESTION: Final = Param("question", "what they want to know", kind=Kind.LONG, longest=1_500)
OUTCOME: Final = Param("outcome", "what was answered, in a line", longest=500)
LINK: Final = Param("link", "the story, where there is one", required=False, longest=500)
WHY: Final = Param("why", "why, in a line", required=False, longest=500)
PARAMS: Final = (
    Param("reporter", "who asks", longest=120),
    Param("outlet", "for whom they write", longest=120),
    QUESTION,
    Param("due", "their deadline: 2h, today 17:00, Fri 12:00", longest=40),
    Param("kind", "what they ask for", choices=tuple(Choice(kind.value, kind.value) for kind in Of)),
    Param("zone", "the zone of that deadline: ET, PT; ours if left out", required=False, complete=zones, longest=40),
    Param("ask", "the ask it is about", kind=Kind.NUMBER, required=False, complete=asks),
    Param("member", "the member whose matter it is", required=False, complete=members),
    confirmation_param("no request to meet a person you serve, and nothing in it identifies one"),
)
