"""/deadlines foia: a request for records about a commitment that was not met, and its clocks. A person sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.commands.arguments import read_past_day
from bot.commands.group import Group
from bot.commands.model import EDITORS, Choice, Context, Form, FormField, Param, Refused, Reply, answer
from bot.config.catalog import foia_office
from bot.deadlines import records
from bot.deadlines.commitment_commands import ID, find_commitment
from bot.deadlines.model import Basis, Commitment, State, status_sentence
from bot.deadlines.records import Finding, load_commitments
from bot.people.pii import NO_DETAILS
from bot.shared.calendar import day_in_words
from bot.shared.card import Button

# 5 U.S.C. 552(a)(6): the answer within 20 days "excepting Saturdays, Sundays, and legal public holidays" after the
# right component has the request, ten more by written notice; an appeal within what the agency allows, 90 days or more.
_STATUTE: Final = "5 U.S.C. 552(a)(6)"
_DETERMINATION, _EXTENDED, _APPEAL = "20 business days", "30 business days", "90 days"
_LATE: Final = (
    "If no answer has come by then: call the agency's FOIA Public Liaison, or ask OGIS to mediate (ogis@nara.gov)."
)
_STEP: Final = Param(
    "step",
    "what happened to the request; without it, how to prepare one",
    required=False,
    choices=(
        Choice("received", "Received: the office has it"),
        Choice("extended", "Extended: it took ten more business days, in writing"),
        Choice("answered", "Answered, in full, in part or not: the time to appeal begins"),
    ),
)
_ON: Final = Param(
    "on", "the day: of receipt, of the notice, of the answer", required=False, longest=40, check=read_past_day
)
_NUMBER: Final = Param("number", "the agency's number for it", required=False, longest=60, free=True)

slash = Group("deadlines", who=EDITORS)


@slash.command(
    "foia",
    "Request records on a missed commitment, and track the request",
    "{duty}",
    params=(ID, _STEP, _ON, _NUMBER, NO_DETAILS),
    changes=True,
)
def foia(ctx: Context, args: Mapping[str, str]) -> Reply:
    about = find_commitment(ctx, args)
    step = args.get("step")
    if step is None:
        return _prepare(ctx, about)
    if "on" not in args:
        fields = (FormField(replace(_ON, required=True), "Which day"), FormField(_NUMBER, "Their number"))
        form = Form(title=f"FOIA request {step}", path="deadlines foia", fields=fields[: 1 + (step == "received")],
                    args={"id": about.id, "step": step})  # fmt: skip
        return Reply(form=form)
    on = read_past_day(args["on"], ctx.local_now)
    request = load_commitments(ctx.tx, ctx.config.coalition).get(f"{about.id}-foia")
    if step == "received":
        return _track(ctx, _determination(ctx, about, on, args.get("number", "")))
    if request is None:
        raise Refused(f"First enter the day on which they received it: /deadlines foia {about.id} step:received")
    if step == "extended":
        note = f"Extended in writing on {day_in_words(on)}. {_LATE}"
        return _track(ctx, replace(request, period=_EXTENDED, note=note), is_new=False)
    finding = Finding(ctx.new_id(), request.id, State.MET, "", on)
    records.add_finding(ctx.tx, finding, by=ctx.actor.person, now=ctx.now)
    take_back = Button("Undo the answer", "deadlines undo", (("finding", finding.id),))
    return _track(ctx, _appeal(ctx, about, request, on), take_back)


def _prepare(ctx: Context, about: Commitment) -> Reply:
    """How a person sends the request: its draft, its office, and what starts the clock."""
    if not about.is_missed(ctx.today):
        raise Refused(status_sentence(about, ctx.today), param="id")
    office = foia_office(about.by)
    name = ctx.config.coalition.all_offices[office].name if office else ""
    where = f"To {name}. Check its address on foia.gov before you send: it is not verified." if office else (
        "The bot knows no FOIA office for it: look on foia.gov. FOIA does not reach Congress, the courts or GAO."
    )  # fmt: skip
    draft = (("template", "foia-request"), ("duty", about.id), *((("to", f"office:{office}"),) if office else ()))
    received = (("id", about.id), ("step", "received"))
    return answer(
        f"FOIA request about {about.id}: {about.owed}",
        where,
        "A person sends it. The 20 business days begin when the right office has it: enter that day then.",
        buttons=ctx.theirs(
            Button("Draft the request", "letter draft", draft), Button("Received", "deadlines foia", received)
        ),
    )


def _determination(ctx: Context, about: Commitment, on: date, number: str) -> Commitment:
    office, what = foia_office(about.by), about.owed[:1].lower() + about.owed[1:]
    return Commitment(
        id=f"{about.id}-foia",
        kind=Basis.FOIA,
        basis=f"{_STATUTE}(A)(i)",
        owed=f"The answer to our FOIA request{f' {number}' if number else ''} about {what}",
        by=ctx.config.coalition.all_offices[office].name if office else about.by,
        since=on,
        period=_DETERMINATION,
        source="https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title5-section552&num=0&edition=prelim",
        looked_on=None,
        confirmed=True,
        asks=about.asks,
        note=_LATE,
    )


def _appeal(ctx: Context, about: Commitment, request: Commitment, on: date) -> Commitment:
    """Our own day. An agency may allow longer, or count business days: the letter says."""
    coalition = ctx.config.coalition
    return replace(
        request,
        id=f"{about.id}-appeal",
        basis=f"{_STATUTE}(A)(i)(III)",
        owed=request.owed.replace("The answer to", "Our appeal, if any, of the answer to"),
        by=coalition.short or coalition.name,
        since=on,
        period=_APPEAL,
        note="Use the day in the agency's letter if it gives one: /deadlines confirm changes it.",
        state=State.UNKNOWN,
        moved_to=None,
    )


def _track(ctx: Context, commitment: Commitment, *buttons: Button, is_new: bool = True) -> Reply:
    if is_new:  # what was found on an earlier request is not about this one
        records.retract_findings(ctx.tx, commitment.id, ctx.now)
    records.save_commitment(ctx.tx, commitment, by=ctx.actor.person, now=ctx.now, removed=False)
    ctx.note(f"commitment {commitment.id}", "", commitment.runs)
    if is_new:
        buttons += (Button("Remove this day", "deadlines remove", (("id", commitment.id),)),)
    when, runs = f"{commitment.owed}: due {day_in_words(commitment.due)}", day_in_words(commitment.since)
    return answer(when, f"{commitment.period} after {runs}.", commitment.note, buttons=ctx.theirs(*buttons))
