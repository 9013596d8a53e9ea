"""Commands on inquiries: add, pass on, acknowledge, answer, decline, close."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.arguments import matching, read_later, read_moment, read_zone, zone_choices
from bot.commands.model import (
    EVERYONE,
    Choice,
    Context,
    Group,
    Handler,
    Kind,
    Param,
    Refused,
    Reply,
    Role,
    answer,
    confirmation_param,
)
from bot.media.contacts import records
from bot.media.contacts.model import Inquiry, InquiryKind, InquiryState
from bot.media.press import notices
from bot.media.press.picking import PRESS_ROLE, ask_choices, parse_link, pick_ask
from bot.people import pii
from bot.people.members import find_member, find_person, member_choices, person_choices
from bot.people.pii import NO_DETAILS, REACHED, confirm_params
from bot.people.records import names as people_names
from bot.shared.card import Button, Mark
from bot.shared.wording import cap_lines, number

_MAX_LISTED: Final = 8
_MEETING_WORDS: Final = re.compile(
    r"\b(?:interview|speak|talk|meet|connect|introduc|profile|film|put \w+ in touch)", re.IGNORECASE
)


def open_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    return matching((Choice(it.label, f"{it.label} {it.outlet}") for it in records.open_inquiries(ctx.tx)), typed)


INQUIRY: Final = Param("inquiry", "a number such as Q-7", complete=open_choices, longest=60)
# For commands open to every role, because a spokesperson may have any: each handler checks the asker, and no inquiry is
# suggested.
_THEIRS: Final = replace(INQUIRY, complete=None)
QUESTION: Final = Param("question", "what they want to know", kind=Kind.LONG, longest=1_500)
PARAMS: Final = (
    Param("reporter", "who asks", longest=120),
    Param("outlet", "who they write for", longest=120),
    QUESTION,
    Param("due", "their deadline: 2h, today 5pm, Fri noon", longest=40, check=read_moment),
    Param("kind", "what they ask for", choices=tuple(Choice(kind.value, kind.value) for kind in InquiryKind)),
    Param(
        "zone",
        "the deadline's time zone: ET, PT; ours if left out",
        required=False,
        complete=zone_choices,
        longest=40,
        check=read_zone,
    ),
    Param("ask", "the ask it is about", kind=Kind.NUMBER, required=False, complete=ask_choices),
    Param("member", "the member it concerns", required=False, complete=member_choices),
    confirmation_param("not a request to meet a person you serve, and nothing in it identifies one"),
)
LINK: Final = Param("link", "the story, if there is one", required=False, longest=500)
OUTCOME: Final = Param("outcome", "the answer, in one line", longest=500)
WHY: Final = Param("why", "the reason, in one line", required=False, longest=500)


slash = Group("press", who=PRESS_ROLE)


def _change(*params: Param, verb: str | None = None, example: str = "Q-7") -> Callable[[Handler], Handler]:
    """A button on an inquiry's card, for the press role and its spokesperson."""
    return slash.command(verb=verb, example=example, params=(_THEIRS, *params), who=EVERYONE, changes=True, hidden=True)


@slash.command(
    verb="inquiry",
    example='reporter:"Jo Sample" outlet:"Example Wire" kind:question due:"today 5pm" '
    'question:"What does the new guidance change?"',
    params=PARAMS,
    changes=True,
)
def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Log a press inquiry; it goes to the spokesperson for it."""
    kind = InquiryKind(args["kind"])
    if ask := _check_question(ctx, kind, args):
        return ask
    zone = read_zone(args.get("zone", ctx.config.coalition.zone))
    due = read_later(args["due"], ctx.now.astimezone(zone), param="due")
    created = Inquiry(
        id=ctx.new_id(),
        number=records.next_inquiry_number(ctx.tx),
        kind=kind,
        reporter=args["reporter"],
        outlet=args["outlet"],
        question="" if kind is InquiryKind.PROTECTED else args["question"],
        due_at=due,
        zone=zone.key,
        received_at=ctx.now,
        received_by=ctx.person,
        ask=pick_ask(ctx, args["ask"]) if "ask" in args else None,
        member=find_member(ctx, args["member"], "member") if "member" in args else None,
    )
    speakers = notices.reachable_speakers(ctx.tx, ctx.config.coalition, created)
    created = replace(created, spokesperson=speakers[0].id if speakers else None)
    records.INQUIRIES.save(ctx.tx, created)
    notices.announce(ctx, created)
    ctx.note(f"press inquiry {created.label}", "", f"{kind.value}, due {created.due_at:%Y-%m-%d %H:%M} UTC")
    return _reply(ctx, created)


@slash.command(verb="inquiries", params=(replace(INQUIRY, required=False),), chat_only=True)
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List open press inquiries."""
    if "inquiry" in args:
        return _reply(ctx, _find_permitted(ctx, args["inquiry"]))
    listed = records.open_inquiries(ctx.tx)
    new = Button("New inquiry", "press inquiry", style="primary")
    if not listed:
        return answer("No inquiry is open", "Add one when the press calls: /press inquiry", buttons=(new,))
    names = people_names(ctx.tx)
    lines = []
    for item in listed:
        due = f"{'late, ' if item.late(ctx.now) else ''}due {notices.due_text(item, ctx.zone)}"
        speaker = names.get(item.spokesperson or "", "no one")
        lines.append(f"{item.label} {notices.outlet_name(item)}, {due}: {item.state.value}, with {speaker}")
    show = [Button(f"Show {item.label}", "press inquiries", (("inquiry", item.id),)) for item in listed[:3]]
    head = f"{number(len(listed), 'inquiry', 'inquiries')} open"
    return answer(head, *cap_lines(lines, _MAX_LISTED), buttons=(*show, new))


@slash.command(verb="open", example="Q-7", params=(_THEIRS,), who=EVERYONE, hidden=True)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show an inquiry that was passed to you."""
    return _reply(ctx, _find_permitted(ctx, args["inquiry"]))


@_change()
def acknowledge(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mark an inquiry as acknowledged to the reporter."""
    before = _find_permitted(ctx, args["inquiry"])
    if before.state is not InquiryState.RECEIVED:
        return _reply(ctx, before)
    return _save(ctx, before, replace(before, state=InquiryState.ACKNOWLEDGED, acknowledged_at=ctx.now))


@_change(OUTCOME, LINK, NO_DETAILS, verb="answered", example='inquiry:Q-7 outcome:"Sent it"')
def mark_answered(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mark an inquiry as answered."""
    before = _find_open(ctx, args["inquiry"])
    if ask := _confirm_outcome(ctx, args, before, OUTCOME):
        return ask
    link = parse_link(args)
    after = _with_outcome(ctx, before, InquiryState.ANSWERED, args.get("outcome", ""))
    return _save(ctx, before, replace(after, answered_at=ctx.now, link=link))


@_change(WHY, NO_DETAILS)
def decline(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mark an inquiry as declined."""
    before = _find_open(ctx, args["inquiry"])
    if ask := _confirm_outcome(ctx, args, before, WHY):
        return ask
    after = _with_outcome(ctx, before, InquiryState.DECLINED, args.get("why", ""))
    return _save(ctx, before, replace(after, ended_at=ctx.now))


@_change()
def close(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Close an inquiry without an answer."""
    before = _find_open(ctx, args["inquiry"])
    return _save(ctx, before, replace(before, state=InquiryState.CLOSED, ended_at=ctx.now))


@_change()
def reopen(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Open an inquiry again."""
    before = _find_permitted(ctx, args["inquiry"])
    if before.state.open:
        return _reply(ctx, before)
    state = InquiryState.ACKNOWLEDGED if before.acknowledged_at else InquiryState.RECEIVED
    return _save(ctx, before, replace(before, state=state, answered_at=None, ended_at=None, outcome="", link=""))


@slash.command(
    example='inquiry:Q-7 to:"Maria Lopez"',
    params=(INQUIRY, Param("to", "the person", complete=person_choices, longest=120)),
    changes=True,
)
def pass_on(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Assign an inquiry to a person."""
    before = _find_open(ctx, args["inquiry"])
    person = find_person(ctx, args["to"], "to")
    if not person.accounts:
        raise Refused(
            f"{person.name} has no account here, so the bot cannot reach them. Contact them yourself, or name another "
            "person.",
            param="to",
        )
    if before.spokesperson == person.id:
        return _reply(ctx, before)
    after = replace(before, spokesperson=person.id)
    reply = _save(ctx, before, after)
    notices.notify_speaker(ctx, after)
    return reply


def _with_outcome(ctx: Context, before: Inquiry, state: InquiryState, outcome: str) -> Inquiry:
    saved = "" if before.kind is InquiryKind.PROTECTED else outcome
    return replace(before, state=state, acknowledged_at=before.acknowledged_at or ctx.now, outcome=saved)


def _confirm_outcome(ctx: Context, args: Mapping[str, str], before: Inquiry, param: Param) -> Reply | None:
    """Ask to confirm personal details in an outcome; a request to meet someone served is saved without one."""
    if before.kind is InquiryKind.PROTECTED:
        return None
    return confirm_params(ctx, args, f"press inquiry {before.label}", param, usual=(*REACHED, before.reporter))


def _check_question(ctx: Context, kind: InquiryKind, args: Mapping[str, str]) -> Reply | None:
    """Stop a request to meet someone served that was entered as another kind, and a question that may identify one.

    If both apply, the refusal names both, because one `sure:yes` confirms both.
    """
    if kind is InquiryKind.PROTECTED:
        return None
    question, reporter = args["question"], args.get("reporter", "")
    usual = REACHED if pii.signs(reporter, ctx.config.coalition, REACHED) else (*REACHED, reporter)
    words = [re.escape(pattern.words).replace(r"\*", r"\w*") for pattern in ctx.config.coalition.care.meet]
    mentions = words and re.search(rf"\b(?:{'|'.join(words)})", question, re.IGNORECASE)
    if args.get("sure") != "yes" and mentions and _MEETING_WORDS.search(question):
        signs = pii.signs(question, ctx.config.coalition, usual)
        details = f" It also seems to contain {' and '.join(signs)}: remove that first." if signs else ""
        served = ctx.config.coalition.care.served
        raise Refused(
            f"This looks like a request to meet a {served}, which is never passed on automatically. Choose kind "
            f"“{InquiryKind.PROTECTED.value}”; the question is then not saved.{details} If not, add sure:yes.",
            param="kind",
        )
    return confirm_params(ctx, args, "a press inquiry", QUESTION, *PARAMS[:2], usual=usual)


def _find_permitted(ctx: Context, typed: str) -> Inquiry:
    """The inquiry, for the press role and its spokesperson; anyone else gets the answer for an unknown one."""
    match = records.find_inquiry(ctx.tx, typed)
    if match is None or (Role.PRESS not in ctx.actor.roles and match.spokesperson != ctx.actor.person):
        raise Refused("That inquiry does not exist, or is not yours to open.", param="inquiry")
    return match


def _find_open(ctx: Context, typed: str) -> Inquiry:
    match = _find_permitted(ctx, typed)
    if not match.state.open:
        raise Refused(f"{match.label} is {match.state.value} already. /press inquiries lists open ones.")
    return match


def _save(ctx: Context, before: Inquiry, after: Inquiry) -> Reply:
    if after.spokesperson != before.spokesperson:
        notices.take_back(ctx, before)
    records.INQUIRIES.save(ctx.tx, after)
    notices.update_cards(ctx, after)
    passed = "passed on" if after.spokesperson != before.spokesperson else after.state.value
    ctx.note(f"press inquiry {after.label}", before.state.value, passed)
    return _reply(ctx, after)


def _reply(ctx: Context, shown: Inquiry) -> Reply:
    """The inquiry's card, with a button to reopen it, or for the press role to pass it on."""
    card = notices.inquiry_card(ctx, shown, Mark.ANSWER)
    args = (("inquiry", shown.id),)
    if not shown.state.open:
        return Reply(card=replace(card, buttons=(Button("Reopen", "press reopen", args),)))
    if Role.PRESS in ctx.actor.roles:
        first, *rest = card.buttons
        return Reply(card=replace(card, buttons=(first, *rest[:2], Button("Pass on", "press pass-on", args))))
    return Reply(card=card)
