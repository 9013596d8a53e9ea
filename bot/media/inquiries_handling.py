"""What people do with an inquiry: write it down, pass it on, acknowledge, answer, decline, close."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.alerts.later import deadline
from bot.alerts.words import number
from bot.answering import answer
from bot.card import Button, Mark
from bot.command import Choice, Desk, Kind, Param, Refused, Reply, Role, sure
from bot.media import inquiries, inquiries_records, inquiries_words
from bot.media.inquiries_model import Inquiry, State
from bot.media.inquiries_model import Kind as Of
from bot.media.press_asking import ask_meant, asks, member_meant, members, zone_meant, zones
from bot.people import care
from bot.people.asking import look_through
from bot.people.care import REACHED
from bot.people.records import accounts_of, people
from bot.sources.canonical import web_address

_SHOWN: Final = 8
_MEET: Final = re.compile(
    r"\b(?:interview|speak|talk|meet|connect|introduc|profile|film|put \w+ in touch)", re.IGNORECASE
)


def inquiry(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Write an inquiry down and pass it on to who speaks on it."""
    kind = Of(args["kind"])
    if ask := _mind_survivors(desk, kind, args):
        return ask
    zone = zone_meant(args.get("zone", desk.config.coalition.zone))
    due = deadline(args["due"], desk.now, zone)
    if due is None:
        raise Refused(
            f"“{args['due'][:40]}” is no moment within the next year: write 2h, today 17:00, Fri 12:00 or 2026-12-04.",
            param="due",
        )
    assert desk.actor.person
    found = Inquiry(
        id=desk.new_id(),
        number=inquiries_records.next_number(desk.tx, desk.config.coalition.id),
        kind=kind,
        reporter=args["reporter"],
        outlet=args["outlet"],
        question="" if kind is Of.SURVIVOR else args["question"],
        due_at=due,
        zone=zone.key,
        received_at=desk.now,
        received_by=desk.actor.person,
        ask=ask_meant(desk, args["ask"]) if "ask" in args else None,
        member=member_meant(desk, args["member"], "member") if "member" in args else None,
    )
    found = inquiries.routed(desk.tx, desk.config.coalition, found)
    inquiries_records.put(desk.tx, desk.config.coalition.id, found)
    inquiries.announce(desk.tx, desk.config, found, now=desk.now, new_id=desk.new_id)
    desk.note(f"press inquiry {found.label}", "", f"{kind.value}, due {found.due_at:%Y-%m-%d %H:%M} UTC")
    return _shown(desk, found)


def list_(desk: Desk, args: Mapping[str, str]) -> Reply:
    """What is open, the first due first; one alone with what can be done about it."""
    if "inquiry" in args:
        return _shown(desk, _meant(desk, args["inquiry"]))
    waiting = inquiries_records.waiting(desk.tx, desk.config.coalition.id)
    new = Button("New inquiry", "press inquiry", style="primary")
    if not waiting:
        return answer("No inquiry is open", "The press has called? Write it down: /press inquiry", buttons=(new,))
    names = inquiries.names(desk.tx, desk.config.coalition)
    lines = [inquiries_words.line(each, names, desk.now) for each in waiting[:_SHOWN]]
    lines += [f"and {len(waiting) - _SHOWN} more"] if len(waiting) > _SHOWN else []
    show = [Button(f"Show {each.label}", "press inquiries", (("inquiry", each.id),)) for each in waiting[:3]]
    head = f"{number(len(waiting), 'inquiry', 'inquiries')} open"
    return answer(head, *lines, buttons=(*show, new))


def open_(desk: Desk, args: Mapping[str, str]) -> Reply:
    """One inquiry, for the press role and for whom it was passed to."""
    return _shown(desk, _theirs(desk, args["inquiry"]))


def acknowledge(desk: Desk, args: Mapping[str, str]) -> Reply:
    """The reporter was told that they were heard."""
    was = _theirs(desk, args["inquiry"])
    if was.state is not State.RECEIVED:
        return _shown(desk, was)
    return _save(desk, was, replace(was, state=State.ACKNOWLEDGED, acknowledged_at=desk.now))


def answered(desk: Desk, args: Mapping[str, str]) -> Reply:
    """The reporter has their answer; what it was, or what came of it."""
    was = _open(desk, args["inquiry"])
    if ask := _look_through(desk, args, was, OUTCOME):
        return ask
    link = web_address(args["link"]) if "link" in args else ""
    if "link" in args and not link:
        raise Refused("That is no web address: it should begin with https://", param="link")
    heard = was.acknowledged_at or desk.now
    said = "" if was.kind is Of.SURVIVOR else args.get("outcome", "")
    after = replace(
        was, state=State.ANSWERED, acknowledged_at=heard, answered_at=desk.now, outcome=said, link=link or ""
    )
    return _save(desk, was, after)


def decline(desk: Desk, args: Mapping[str, str]) -> Reply:
    """The reporter was told that there will be no answer."""
    was = _open(desk, args["inquiry"])
    if ask := _look_through(desk, args, was, WHY):
        return ask
    heard = was.acknowledged_at or desk.now
    why = "" if was.kind is Of.SURVIVOR else args.get("why", "")
    return _save(desk, was, replace(was, state=State.DECLINED, acknowledged_at=heard, ended_at=desk.now, outcome=why))


def close(desk: Desk, args: Mapping[str, str]) -> Reply:
    """There is nothing to answer any more."""
    was = _open(desk, args["inquiry"])
    return _save(desk, was, replace(was, state=State.CLOSED, ended_at=desk.now))


def reopen(desk: Desk, args: Mapping[str, str]) -> Reply:
    """It was not over."""
    was = _theirs(desk, args["inquiry"])
    if was.state.open:
        return _shown(desk, was)
    state = State.ACKNOWLEDGED if was.acknowledged_at else State.RECEIVED
    return _save(desk, was, replace(was, state=state, answered_at=None, ended_at=None))


def pass_on(desk: Desk, args: Mapping[str, str]) -> Reply:
    """A press person gives it to somebody by hand."""
    was = _open(desk, args["inquiry"])
    everybody = people(desk.tx, desk.config.coalition.id)
    typed = args["to"]
    exact = [each for each in everybody if typed in (each.id, each.name)]
    found = exact or [each for each in everybody if typed.casefold() in each.name.casefold()]
    if len(found) != 1:
        known = ", ".join(each.name for each in found[:5]) or "nobody here"
        raise Refused(f"“{typed[:60]}” is {known}. Write one whole name, as in /campaign people.", param="to")
    to = found[0]
    if not accounts_of(desk.tx, desk.config.coalition.id, to.id):
        raise Refused(
            f"{to.name} has no account here, so it would reach nobody: tell them yourself, or name somebody else.",
            param="to",
        )
    if was.spokesperson == to.id:
        return _shown(desk, was)
    after = replace(was, spokesperson=to.id)
    reply = _save(desk, was, after)
    inquiries.pass_on(desk.tx, desk.config, after, now=desk.now, new_id=desk.new_id)
    return reply


def choices(desk: Desk, typed: str) -> Sequence[Choice]:
    waiting = inquiries_records.waiting(desk.tx, desk.config.coalition.id)
    offered = [Choice(each.label, f"{each.label} {each.outlet}") for each in waiting]
    return [each for each in offered if typed.casefold() in each.label.casefold()]


def everybody(desk: Desk, typed: str) -> Sequence[Choice]:
    known = people(desk.tx, desk.config.coalition.id)
    return [Choice(each.id, each.name) for each in known if typed.casefold() in each.name.casefold()]


def _look_through(desk: Desk, args: Mapping[str, str], was: Inquiry, param: Param) -> Reply | None:
    """What to ask before what was answered is kept; of a request to meet a survivor nothing is."""
    if was.kind is Of.SURVIVOR:
        return None
    return look_through(desk, args, f"press inquiry {was.label}", param, usual=REACHED)


def _mind_survivors(desk: Desk, kind: Of, args: Mapping[str, str]) -> Reply | None:
    """A request to meet a survivor must not be passed on because somebody chose the wrong word for it; nor may the
    question lead to one. Of both at once both are said, for they are confirmed with one word.
    """
    if kind is Of.SURVIVOR:
        return None
    question = args["question"]
    words = [re.escape(one.words).replace(r"\*", r"\w*") for one in desk.config.coalition.care.meet]
    named = words and re.search(rf"\b(?:{'|'.join(words)})", question, re.IGNORECASE)
    if args.get("sure") != "yes" and named and _MEET.search(question):
        found = care.signs(question, desk.config.coalition, REACHED)
        holds = f" It also seems to hold {' and '.join(found)}: take that out first." if found else ""
        raise Refused(
            "This reads as a request to meet a survivor, which is never passed on by itself: choose kind “survivor "
            f"interview”, and nothing of the question is kept.{holds} If it is not one, add sure:yes.",
            param="kind",
        )
    return look_through(desk, args, "a press inquiry", QUESTION, usual=REACHED)


def _meant(desk: Desk, typed: str) -> Inquiry:
    found = inquiries_records.find(desk.tx, desk.config.coalition.id, typed)
    if found is None:
        raise Refused("That inquiry does not exist, or is not yours to open.", param="inquiry")
    return found


def _theirs(desk: Desk, typed: str) -> Inquiry:
    """For the press role, and for whom it was passed to; for others it is not there."""
    found = _meant(desk, typed)
    if Role.PRESS not in desk.actor.roles and found.spokesperson != desk.actor.person:
        raise Refused("That inquiry does not exist, or is not yours to open.", param="inquiry")
    return found


def _open(desk: Desk, typed: str) -> Inquiry:
    found = _theirs(desk, typed)
    if not found.state.open:
        raise Refused(f"{found.label} is {found.state.value} already. /press inquiries shows what is open.")
    return found


def _save(desk: Desk, was: Inquiry, after: Inquiry) -> Reply:
    if after.spokesperson != was.spokesperson:
        inquiries.take_back(desk.tx, desk.config, was)
    inquiries_records.put(desk.tx, desk.config.coalition.id, after)
    inquiries.refresh(desk.tx, desk.config, after, now=desk.now, new_id=desk.new_id)
    passed = "passed on" if after.spokesperson != was.spokesperson else after.state.value
    desk.note(f"press inquiry {after.label}", was.state.value, passed)
    return _shown(desk, after)


def _shown(desk: Desk, found: Inquiry) -> Reply:
    """With a way back, and for the press role with a way to somebody else."""
    names = inquiries.names(desk.tx, desk.config.coalition)
    card = inquiries_words.card(found, names, desk.now, Mark.ANSWER)
    its = (("inquiry", found.id),)
    if not found.state.open:
        return Reply(card=replace(card, buttons=(Button("It is not over", "press reopen", its),)))
    if Role.PRESS in desk.actor.roles:
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
    sure("no request to meet a survivor, and nothing in it identifies one"),
)
