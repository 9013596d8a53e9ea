"""/meeting: ask offices for meetings, and log what was asked, said and promised there, and the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Final

from bot.bills.facts import BILL, listing
from bot.campaign.meetings import PRIVATE, find, has_step, promises, reply, visible
from bot.commands.arguments import SEEN, mark, read_later, read_moment, read_past_day, refuse_outdated
from bot.commands.model import (
    EDITORS,
    EVERYONE,
    REPRESENTATIVE,
    STAFF,
    Choice,
    Context,
    Form,
    FormField,
    Group,
    Kind,
    Param,
    Refused,
    Reply,
    answer,
    long_answer,
)
from bot.deadlines import records as ledger
from bot.deadlines.model import Basis, Commitment
from bot.offices import records
from bot.offices.model import Answer, Meeting, MeetingAsk, State
from bot.offices.picking import OFFICE, OfficeIndex, office_name
from bot.outbox.messages import may_read
from bot.people.members import find_member, find_person, person_choices
from bot.people.pii import NO_DETAILS
from bot.people.records import names
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.calendar import day_in_words
from bot.shared.card import Button
from bot.shared.wording import number


def _read_step(text: str, now: datetime) -> tuple[str, date]:
    """`A reply by Dec 18`: what, and the day. Raises `Refused`."""
    what, _, day = text.rstrip(". ").rpartition(" by ")
    if not what.strip():
        raise Refused("End with the day: “a reply by Dec 18”. If none was named, write when you will ask again.")
    return what.strip(" ,"), read_moment(day, now, time(0)).astimezone(now.tzinfo).date()


def _read_bill(text: str, *_: object) -> BillNumber:
    which = parse_bill_number(text.removeprefix("bill:"))
    if which is None or which.bill is None:
        raise Refused("Write the bill with its Congress, such as S. 567 (116th) or hr1234-119.")
    return which.bill


def _complete_meeting(ctx: Context, typed: str) -> Sequence[Choice]:
    choices = (Choice(each.label, f"{each.label} {each.office_name}, {day_in_words(each.on)}") for each in visible(ctx))
    return [each for each in choices if typed.casefold() in each.label.casefold()]


def _complete_owner(ctx: Context, typed: str) -> Sequence[Choice]:
    return person_choices(ctx, typed) if ctx.actor.roles & STAFF else ()


MEETING: Final = Param("meeting", "such as M-7", complete=_complete_meeting, longest=20)
_ON: Final = Param("on", "the day", longest=40, check=read_later)
_CAME: Final = Param("organizations", "our members that came, comma-separated", required=False, longest=400)
_BILL: Final = replace(BILL, help="the bill it is about", check=_read_bill)
_ANSWER: Final = Param(
    "answer", "their answer on the bill", choices=tuple(Choice(each, each.capitalize()) for each in Answer)
)
_LOG: Final = (
    OFFICE,
    Param("asked", "what you asked, word for word", longest=500, free=True),
    Param("said", "their answer, in their words", kind=Kind.LONG, longest=1_500, free=True),
    Param("promised", "what, and when: “a reply by Dec 18”", required=False, longest=300, free=True, check=_read_step),
    Param("next", "your next step: “send the text by Friday”", required=False, longest=300, free=True,
          check=_read_step),
    Param("on", "the day; the one asked for, or today, if left out", required=False, longest=40,
          check=read_past_day),
    replace(_BILL, required=False),
    replace(_ANSWER, required=False),
    Param("role", "of the people you met, without names", required=False, longest=80, free=True),
    _CAME,
    Param("owner", "of the next step; you if left out", required=False, complete=_complete_owner, longest=120),
    replace(MEETING, required=False, by_button=True),
    NO_DETAILS,
)  # fmt: skip

_FIELD: Final = {param.name: replace(param, clears=param.name in ("next", "role")) for param in _LOG}
_CORRECTED: Final = ("asked", "said", "next", "on", "role")

slash = Group("meeting", who=EDITORS | REPRESENTATIVE)


@slash.command(
    example='office:{office} on:"Dec 18" for:"the hearing"',
    params=(OFFICE, _ON, Param("for", "what about", longest=300, free=True), _CAME, NO_DETAILS),
    changes=True,
)
def ask(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Note a meeting that you asked for."""
    meeting = replace(_new(ctx, args, State.ASKED, _day(ctx, args)), purpose=args["for"])
    return _save(ctx, None, meeting, f"asked for {day_in_words(meeting.on)}")


@slash.command(
    example='office:{office} asked:"A call" said:"Yes" promised:"a day by Dec 18"', params=_LOG, changes=True
)
def log(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Log a meeting: ask, answer, promise and next step."""
    before = _find_own(ctx, args["meeting"]) if "meeting" in args else None
    usual = min(before.on, ctx.today) if before else ctx.today
    on = read_past_day(args["on"], ctx.local_now) if "on" in args else usual
    meeting = before or _new(ctx, args, State.HELD, on)
    if meeting.state is not State.HELD:
        meeting = replace(meeting, state=State.HELD, on=on)
    elif "on" in args and on != meeting.on:
        raise Refused(
            f"{meeting.label} was held on {day_in_words(meeting.on)}. Leave out the day, or log another one.",
            param="on",
        )
    came = _came(ctx, args) if "organizations" in args else meeting.organizations
    meeting = replace(meeting, role=args.get("role", meeting.role), organizations=came)
    if "next" in args:
        step, by = _read_step(args["next"], ctx.local_now)
        owner = _owner(ctx, meeting, args.get("owner", ""))
        meeting = replace(meeting, next_step=step, next_on=by, next_by=owner, reminded_at=None, done_at=None)
    records.save_meeting(ctx.tx, meeting)
    _save_ask(ctx, meeting, args)
    return _save(ctx, before, meeting, f"held {day_in_words(meeting.on)}")


@slash.command(params=(replace(OFFICE, required=False),), who=EVERYONE)
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List meetings, latest first."""
    office = OfficeIndex(ctx).find(args["office"]).id if "office" in args else ""
    about, owners, lines = (("office", office),) if office else (), names(ctx.tx), []
    owed = promises(ctx)
    shown = [meeting for meeting in visible(ctx) if office in ("", meeting.office)]
    for meeting in shown:
        count, by = len(owed[meeting.promise_id]), meeting.next_on if meeting.has_open_step else None
        parts = [meeting.state.value, number(count, "promise") if count else ""]
        parts += [f"next step by {day_in_words(by)}, {owners.get(meeting.next_by or '', 'no one')}" if by else ""]
        head = f"{meeting.label} {day_in_words(meeting.on)}, {meeting.office_name}"
        lines.append(f"{head}: {', '.join(filter(None, parts))}")
    log = Button("Log a meeting", "meeting log", about, "primary")
    open_ = (Button(f"Show {each.label}", "meeting show", (("meeting", each.label),)) for each in shown[:2])
    buttons = ctx.theirs(*open_, log, Button("Ask for one", "meeting ask", about))
    head = number(len(lines), "meeting") if lines else "No meetings"
    return long_answer(head, lines, "meetings.txt", buttons=buttons, foot=PRIVATE)


@slash.command(example="M-7", params=(MEETING,), who=EVERYONE)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show a meeting."""
    return reply(ctx, find(ctx, args["meeting"]))


@slash.command(example='M-7 on:"Dec 18"', params=(MEETING, _ON), changes=True)
def move(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Move a meeting that is ahead."""
    meeting = _find_own(ctx, args["meeting"], ahead=True)
    moved = replace(meeting, state=State.ASKED, on=_day(ctx, args))
    return _save(ctx, meeting, moved, f"moved to {day_in_words(moved.on)}")


@slash.command(example="M-7", params=(MEETING,), changes=True)
def cancel(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Cancel a meeting that is ahead."""
    meeting = _find_own(ctx, args["meeting"], ahead=True)
    return _save(ctx, meeting, replace(meeting, state=State.CANCELED), "canceled")


@slash.command(verb="done", example="M-7", params=(MEETING,), who=EVERYONE, changes=True, hidden=True)
def finish_step(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mark the next step of a meeting as done."""
    meeting = find(ctx, args["meeting"])
    if not has_step(ctx, meeting):
        raise Refused(f"{meeting.label} has no open next step of yours.", param="meeting")
    return _save(ctx, meeting, replace(meeting, done_at=ctx.now), "next step done")


@slash.command(
    verb="answer",
    example='M-7 bill:{bill} answer:"said yes"',
    params=(MEETING, _BILL, _ANSWER),
    changes=True,
    hidden=True,
)
def note_answer(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Note their answer on a bill."""
    meeting = _find_own(ctx, args["meeting"])
    for last in records.asks_of(ctx.tx, [meeting])[meeting.id][-1:]:
        about, given = _read_bill(args["bill"]).id, Answer(args["answer"])
        records.ASKS.save(ctx.tx, replace(last, bill=about, answer=given))
    return _save(ctx, meeting, meeting, "answer on a bill noted")


@slash.command(
    example='M-7 said:"Yes"',
    params=(MEETING, *(replace(_FIELD[name], required=False) for name in _CORRECTED), SEEN, NO_DETAILS),
    changes=True,
)
def correct(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Correct a logged meeting; its number and promises stay."""
    meeting = _find_own(ctx, args["meeting"])
    asked = records.asks_of(ctx.tx, [meeting])[meeting.id]
    if meeting.state is not State.HELD or not asked:
        raise Refused(f"{meeting.label} is not logged yet: /meeting log", param="meeting")
    step = f"{meeting.next_step} by {day_in_words(meeting.next_on)}" if meeting.next_on else ""
    before = {"asked": asked[-1].asked, "said": asked[-1].reply, "next": step, "on": day_in_words(meeting.on),
              "role": meeting.role}  # fmt: skip
    if args.keys() <= {"meeting"}:
        fields = tuple(FormField(_FIELD[name], name.capitalize(), before[name]) for name in _CORRECTED)
        carried = {"meeting": meeting.label, SEEN.name: mark(before)}
        title = f"Correct {meeting.label}{': last ask' if len(asked) > 1 else ''}"
        form = Form(title=title, path="meeting correct", fields=fields, args=carried)
        return Reply(form=form)
    given = {name: args[name] for name in _CORRECTED if name in args and args[name] != before[name]}
    if not given:
        return reply(ctx, meeting)
    refuse_outdated(args, before, meeting.label)
    was = _basis(meeting)
    if "on" in given:
        meeting = replace(meeting, on=read_past_day(given["on"], ctx.local_now))
    if given.get("next"):
        what, by = _read_step(given["next"], ctx.local_now)
        owner = meeting.next_by or ctx.person
        meeting = replace(meeting, next_step=what, next_on=by, next_by=owner, reminded_at=None, done_at=None)
    elif "next" in given:
        meeting = replace(meeting, next_step="", next_on=None, next_by=None)
    meeting = replace(meeting, role=given.get("role", meeting.role))
    last = asked[-1]
    records.ASKS.save(ctx.tx, replace(last, asked=given.get("asked", last.asked), reply=given.get("said", last.reply)))
    records.save_meeting(ctx.tx, meeting)
    for each in ledger.promises(ctx.tx, meeting.promise_id):
        quote = given.get("said", each.quote) if each.quote == before["said"] else each.quote
        basis = each.basis.replace(was, _basis(meeting))  # one that everyone may read names no meeting
        promise = replace(each, basis=basis, quote=quote)
        if promise != each:
            ledger.save_commitment(ctx.tx, promise, by=ctx.person, now=ctx.now, removed=False)
    ctx.note(f"meeting {meeting.label}", "", f"corrected: {', '.join(given)}")
    return reply(ctx, meeting)


@slash.command(example="M-7", params=(MEETING,), changes=True)
def remove(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Remove a meeting and its promises."""
    meeting = _find_own(ctx, args["meeting"])
    for each in ledger.promises(ctx.tx, meeting.promise_id):
        ledger.save_commitment(ctx.tx, each, by=ctx.person, now=ctx.now, removed=True)
    _save(ctx, meeting, replace(meeting, removed_at=ctx.now), "removed")
    undo = Button("Undo", "meeting restore", (("meeting", meeting.label),))
    return answer(f"Removed: {meeting.label}, {meeting.office_name}", buttons=(undo,), replaces=True)


@slash.command(example="M-7", params=(replace(MEETING, complete=None),), changes=True, hidden=True)
def restore(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Restore a removed meeting."""
    own = [each for each in records.meetings(ctx.tx, removed=True) if each.is_changed_by(ctx.actor)]
    meeting = find(ctx, args["meeting"], own)
    for each in ledger.promises(ctx.tx, meeting.promise_id, removed_at=meeting.removed_at):
        ledger.save_commitment(ctx.tx, each, by=ctx.person, now=ctx.now, removed=False)
    return replace(_save(ctx, None, replace(meeting, removed_at=None), "restored"), replaces=True)


def _find_own(ctx: Context, typed: str, *, ahead: bool = False) -> Meeting:
    """The meeting, if the asker may change it, and it was not held if it must be `ahead`. Raises `Refused`."""
    meeting = find(ctx, typed)
    if not meeting.is_changed_by(ctx.actor):
        raise Refused(f"{meeting.label} is the coalition's: ask policy staff to change it.", param="meeting")
    if ahead and meeting.state is State.HELD:
        raise Refused(f"{meeting.label} was held on {day_in_words(meeting.on)}.", param="meeting")
    return meeting


def _day(ctx: Context, args: Mapping[str, str]) -> date:
    return read_later(args["on"], ctx.local_now).astimezone(ctx.zone).date()


def _new(ctx: Context, args: Mapping[str, str], state: State, on: date) -> Meeting:
    office = OfficeIndex(ctx).find(args["office"]).id
    return Meeting(
        id=ctx.new_id(), number=records.next_meeting(ctx.tx), office=office, office_name=office_name(ctx, office),
        state=state, on=on, logged_by=ctx.person, logged_at=ctx.now, organizations=_came(ctx, args),
    )  # fmt: skip


def _came(ctx: Context, args: Mapping[str, str]) -> tuple[str, ...]:
    """Our members that came, by id. A representative reports visits of their own member alone."""
    typed = filter(None, map(str.strip, args.get("organizations", "").split(",")))
    came = {find_member(ctx, each, "organizations") for each in typed}
    own = set() if ctx.actor.roles & EDITORS else {ctx.actor.organisation or ""}
    if own and came - own:
        what = "You report visits of your own organization alone. Policy staff can log a joint one."
        raise Refused(what, param="organizations")
    return tuple(sorted(came | own))


def _owner(ctx: Context, meeting: Meeting, typed: str) -> str:
    """Who takes the next step: someone who may read the meeting, for a representative the asker. Raises `Refused`."""
    person = find_person(ctx, typed, "owner").id if typed and ctx.actor.roles & STAFF else ctx.person
    if not may_read(ctx.tx, person, meeting.readers, ctx.config.coalition.members):
        raise Refused("They may not read this meeting: their organization did not come.", param="owner")
    return person


def _save_ask(ctx: Context, meeting: Meeting, args: Mapping[str, str]) -> None:
    """Save an ask with the answer in their words, and put what they promised into the ledger of commitments."""
    about = _read_bill(args["bill"]) if "bill" in args else None
    if bool(about) != ("answer" in args):
        raise Refused("Give the bill and their answer on it together.", param="answer" if about else "bill")
    noted = MeetingAsk(
        id=ctx.new_id(), meeting=meeting.id, asked=args["asked"], reply=args["said"], noted_at=ctx.now,
        bill=about.id if about else None, answer=Answer(args["answer"]) if about else None,
    )  # fmt: skip
    records.ASKS.save(ctx.tx, noted)
    if "promised" not in args:
        return
    what, by = _read_step(args["promised"], ctx.local_now)
    family = listing(ctx.config.coalition, about.id) if about else None
    taken, first = ledger.chat_commitments(ctx.tx), meeting.promise_id
    ids = (first, *(f"{first}-{n}" for n in range(2, len(taken) + 3)))
    promise = Commitment(
        id=next(id_ for id_ in ids if id_ not in taken), kind=Basis.MEETING, confirmed=True, source="",
        basis=_basis(meeting), owed=what[0].upper() + what[1:], by=meeting.office_name, since=by, period="",
        quote=args["said"], looked_on=ctx.today if by > ctx.today else None, asks=family[0].asks if family else (),
    )  # fmt: skip
    ledger.save_commitment(ctx.tx, promise, by=ctx.person, now=ctx.now, removed=False)


def _basis(meeting: Meeting) -> str:
    return f"meeting {meeting.label} with {meeting.office_name}, {day_in_words(meeting.on)}"


def _save(ctx: Context, before: Meeting | None, meeting: Meeting, done: str) -> Reply:
    records.save_meeting(ctx.tx, meeting)
    ctx.note(f"meeting {meeting.label}", before.state.value if before else "", done)
    return reply(ctx, meeting)
