"""/deadlines list, show, planned, calendar, subscribe and foia. Plans of rules are not deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.alerts import cards, explain
from bot.commands.arguments import matching, read_past_day
from bot.commands.model import (
    EDITORS,
    STAFF,
    Choice,
    Context,
    File,
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
from bot.config.catalog import foia_office
from bot.deadlines import agenda, records, wording
from bot.deadlines.model import Basis, Commitment, State, due_on, status_sentence
from bot.deadlines.records import Finding, load_commitments
from bot.deadlines.windows import Planned, open_windows, planned_rules, upcoming
from bot.entries.records import SHORT_ID
from bot.people import account_notices
from bot.people.pii import NO_DETAILS
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line, Mark
from bot.shared.entry import Kind as EntryKind
from bot.shared.wording import asks, number, short
from bot.watch.model import asks_of

_SHOWN: Final = 9  # lines: an answer is ten
_TITLE: Final = 110  # characters
_PLANNED_FOOT: Final = "Months are the agencies' plans, and most are missed. Each line names its edition."
_NO_SITE: Final = (
    "YOUR-HOST is the host where Slack reaches the bot, with SLACK_MODE=http. Otherwise there is no web site yet "
    "(to turn one on, set WEB_URL in .env and restart the bot): use /deadlines calendar instead."
)


def _complete_deadlines(ctx: Context, typed: str) -> Sequence[Choice]:
    open_ = open_windows(ctx.tx, ctx.now)
    titles = {window.numbers[-1] if window.numbers else window.id: window.title for window in open_}
    titles |= {each.item.id[:SHORT_ID]: cards.story_headline([each.item]) for each in upcoming(ctx.tx, ctx.now)}
    numbered = [Choice(id_, f"{title} [{id_}]") for id_, title in titles.items()]
    return [*matching(numbered, typed), *complete_commitments(ctx, typed)]


slash = Group("deadlines")


@slash.command()
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """List comment periods, hearings and what offices owe, by date."""
    lines = agenda.lines(ctx.tx, ctx.config.coalition, ctx.now, internal=sees_internal(ctx))
    buttons = ctx.theirs(Button("Calendar", "deadlines calendar"), Button("Add a duty", "deadlines add"))
    if not lines:
        comments = "Comment periods come with alerts. For that of a digest line, assign it to someone: /alerts assign"
        add = ctx.hint("deadlines add", "To track what an office owes: /deadlines add")
        return answer("No deadlines", comments, add, buttons=buttons)
    more = [Line(f"and {len(lines) - _SHOWN + 1} more, all in the calendar")] if len(lines) > _SHOWN else []
    shown = lines[: _SHOWN - len(more)]
    head = number(len(lines), "deadline or hearing", "deadlines and hearings")
    return answer(head, *shown, *more, buttons=buttons, foot="/deadlines show ID shows one in full.")


@slash.command(
    example="{duty}",
    params=(
        Param(
            "id",
            "a commitment's id, a document's number in the Register or id on regulations.gov, or a hearing's id",
            complete=_complete_deadlines,
            longest=200,
        ),
    ),
)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show one deadline in full."""
    typed = args["id"]
    commitment = visible_commitments(ctx).get(typed.casefold())
    if commitment:
        card = wording.commitment_card(commitment, ctx.today, mark=Mark.ANSWER)
        id_ = (("id", commitment.id),)
        letter = Button("Letter", "letter draft", (("template", "overdue-duty"), ("duty", commitment.id)))
        theirs = commitment.is_missed(ctx.today) and commitment.kind is not Basis.FOIA and not commitment.is_internal
        missed = (letter, Button("FOIA request", "deadlines foia", id_)) if theirs else ()
        buttons = ctx.theirs(*card.buttons, *missed, Button("Remove", "deadlines remove", id_))
        return Reply(card=replace(card, buttons=buttons))
    entry_ids = {stored.id for stored in explain.find(ctx.tx, typed)}
    for window in open_windows(ctx.tx, ctx.now):
        if window.id in entry_ids or typed in (*window.numbers, window.document, window.id):
            card = wording.window_card(window, ctx.today, mark=Mark.ANSWER)
            return Reply(card=replace(card, buttons=ctx.theirs(*card.buttons[1:])))
    for meeting in upcoming(ctx.tx, ctx.now):
        if meeting.item.id in entry_ids:
            card = cards.card([meeting.item], ctx.config.labels)
            return Reply(card=replace(card, mark=Mark.ANSWER, buttons=ctx.theirs(*card.buttons)))
    raise Refused(f"There is no deadline “{typed[:60]}”. /deadlines list shows all deadlines.", param="id")


@slash.command(
    params=(Param("about", "an ask's number, a RIN, or words of the agency or title", required=False, longest=200),)
)
def planned(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List rules that agencies plan, with the month they give."""
    plans = planned_rules(ctx.tx, ctx.now)
    about = args.get("about", "")
    if about:
        plans = [plan for plan in plans if _is_about(plan, about)]
    if not plans:
        hint = "Its source is the Unified Agenda; your watches decide which of its rules matter."
        sources = ctx.config.feeds.sources.values()
        if not any(source.enabled and source.brings is EntryKind.PLANNED_RULE for source in sources):
            hint = "The Unified Agenda, which lists them, is not read: add unified-agenda to the sources in feeds.yml."
        raise Refused(f"No planned rule {f'about “{about[:60]}” ' if about else ''}matched a watch. {hint}")
    lines = []
    for plan in plans:  # `NPRM planned for 2026-04 by OVC, RIN 1121-AA12, per the Spring 2026 agenda: Title (Ask 1)`
        served = asks(asks_of(plan.item.matches))
        passed = "; that month has passed" if plan.rule.late(ctx.today) else ""
        title = short(plan.item.entry.title, _TITLE)
        lines.append(f"{plan.rule.plan}{passed}: {title}{f' ({served})' if served else ''}")
    return long_answer(number(len(plans), "planned rule"), lines, "planned-rules.txt", foot=_PLANNED_FOOT)


@slash.command(chat_only=True)
def calendar(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Export all deadlines as a calendar file."""
    data = agenda.file(ctx.tx, ctx.config.coalition, ctx.now)
    count = data.count(b"BEGIN:VEVENT")
    reply = answer(
        f"{count} calendar entr{'y' if count == 1 else 'ies'}" if count else "No calendar entries yet",
        "Open the file with your calendar app. It does not update: later changes are not in it.",
        ctx.hint("deadlines subscribe", "For a calendar that updates itself: /deadlines subscribe"),
    )
    return replace(reply, file=File("deadlines.ics", agenda.MEDIA_TYPE, data))


@slash.command(
    params=(Param("renew", "yes: a new address; the old one stops working", kind=Kind.YES_NO, required=False),),
    who=STAFF,
    changes=True,
)
def subscribe(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show the secret address for calendar apps to subscribe to."""
    renew = args.get("renew") == "yes"
    path = agenda.address(ctx.tx, new_id=ctx.new_id, renew=renew)
    if renew:
        ctx.note("the calendar's address", "", "renewed: the old one no longer works")
        text = f"{ctx.actor.name} renewed the calendar address of {ctx.config.coalition.short}"
        account_notices.notify_each_administrator(ctx, f"{text}: calendars that use it need the new one")
    return answer(
        "New calendar address: the old one no longer works" if renew else "The calendar's secret address",
        f"{ctx.config.site or 'https://YOUR-HOST'}{path}",
        "" if ctx.config.site else _NO_SITE,
        "Anyone with the address can read the deadlines, so do not share it outside the coalition.",
        buttons=(Button("Renew address", "deadlines subscribe", (("renew", "yes"),)),),
    )


def complete_commitments(ctx: Context, typed: str) -> Sequence[Choice]:
    """Completions: the commitments whose name, basis or id contains the typed text."""
    current = visible_commitments(ctx).values()
    return matching((Choice(each.id, f"{each.owed} ({each.basis}) [{each.id}]") for each in current), typed)


def sees_internal(ctx: Context) -> bool:
    """Whether the asker may read what was promised to us in meetings, in the ledger: staff."""
    return bool(ctx.actor.roles & STAFF)


def visible_commitments(ctx: Context) -> dict[str, Commitment]:
    """The commitments that the asker may read, by id, the earliest due first."""
    return load_commitments(ctx.tx, ctx.config.coalition, internal=sees_internal(ctx))


def _is_about(plan: Planned, about: str) -> bool:
    typed = about.casefold().removeprefix("ask").strip(" :")
    if typed.isdecimal():
        return int(typed) in asks_of(plan.item.matches)
    agencies = " ".join(agency.name for agency in plan.item.entry.agencies or ())
    text = f"{plan.rule.rin} {plan.rule.acronym} {agencies} {plan.item.entry.title}".casefold()
    return all(word in text for word in about.casefold().split())


ID: Final = Param("id", "its id, as /deadlines list shows it", complete=complete_commitments, longest=60)


def find_commitment(ctx: Context, args: Mapping[str, str]) -> Commitment:
    commitment = visible_commitments(ctx).get(args["id"].casefold())
    if commitment is None:
        raise Refused(f"There is no commitment “{args['id'][:60]}”. /deadlines list shows all.", param="id")
    return commitment


# --- requests for records, which a person sends -----------------------------------------------------------------------

# 5 U.S.C. 552(a)(6): the answer within 20 days "excepting Saturdays, Sundays, and legal public holidays" after the
# right component has the request, ten more by written notice; an appeal within what the agency allows, 90 days or more.
_STATUTE: Final = "5 U.S.C. 552(a)(6)"
_DETERMINATION, _EXTENSION, _EXTENDED, _APPEAL = "20 business days", "10 business days", "30 business days", "90 days"
_IN_WRITING: Final = "Extended in writing on"  # how the note of an extended request begins
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


@slash.command(example="{duty}", params=(ID, _STEP, _ON, _NUMBER, NO_DETAILS), who=EDITORS, changes=True)
def foia(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Request records on a missed commitment, and track the request."""
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
    request = visible_commitments(ctx).get(f"{about.id}-foia")
    if step == "received":
        return _track(ctx, _determination(ctx, about, on, args.get("number", "")))
    if request is None:
        raise Refused(f"First enter the day on which they received it: /deadlines foia {about.id} step:received")
    if request.period and on < request.since:  # else a person has confirmed another day
        raise Refused(f"They received it on {day_in_words(request.since)}, which is later.", param="on")
    if step == "extended":
        return _extend(ctx, request, on)
    finding = Finding(ctx.new_id(), request.id, State.MET, "", on)
    records.add_finding(ctx.tx, finding, by=ctx.actor.person, now=ctx.now)
    take_back = Button("Undo the answer", "deadlines undo", (("finding", finding.id),))
    return _track(ctx, _appeal(ctx, request, on), take_back)


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


def appeal_id(request_id: str) -> str:
    """The id of our appeal of the answer to a request: `d1-appeal` of `d1-foia`; "" of another commitment."""
    return f"{request_id.removesuffix('-foia')}-appeal" if request_id.endswith("-foia") else ""


def _appeal(ctx: Context, request: Commitment, on: date) -> Commitment:
    """Our own day. An agency may allow longer, or count business days: the letter says."""
    coalition = ctx.config.coalition
    return replace(
        request,
        id=appeal_id(request.id),
        basis=f"{_STATUTE}(A)(i)(III)",
        owed=request.owed.replace("The answer to", "Our appeal, if any, of the answer to"),
        by=coalition.short or coalition.name,
        since=on,
        period=_APPEAL,
        note="Use the day in the agency's letter if it gives one: /deadlines confirm changes it.",
        state=State.UNKNOWN,
        moved_to=None,
    )


def _extend(ctx: Context, request: Commitment, on: date) -> Reply:
    """Ten more business days, once, also after the day to which the clock was moved or that a person has confirmed."""
    if request.state is State.MET:
        raise Refused(status_sentence(request, ctx.today), param="step")
    note = f"{_IN_WRITING} {day_in_words(on)}. {_LATE}"
    if request.note.startswith(_IN_WRITING):
        return _track(ctx, replace(request, note=note), is_new=False)
    if request.moved_to:
        later = due_on(request.moved_to, _EXTENSION)
        finding = Finding(ctx.new_id(), request.id, State.MOVED, request.state_source, ctx.today, later)
        records.add_finding(ctx.tx, finding, by=ctx.actor.person, now=ctx.now)
        request = replace(request, moved_to=later)
    runs = {"period": _EXTENDED} if request.period else {"since": due_on(request.since, _EXTENSION)}
    return _track(ctx, replace(request, **runs, note=note), is_new=False)


def _track(ctx: Context, commitment: Commitment, *buttons: Button, is_new: bool = True) -> Reply:
    if is_new:  # what was found on an earlier request is not about this one
        records.retract_findings(ctx.tx, commitment.id, ctx.now)
    records.save_commitment(ctx.tx, commitment, by=ctx.actor.person, now=ctx.now, removed=False)
    ctx.note(f"commitment {commitment.id}", "", commitment.runs)
    if is_new:
        buttons += (Button("Remove this day", "deadlines remove", (("id", commitment.id),)),)
    when, runs = f"{commitment.owed}: due {day_in_words(commitment.due)}", day_in_words(commitment.since)
    plain = commitment.period and not commitment.moved_to
    by = f"{commitment.period} after {runs}." if plain else status_sentence(commitment, ctx.today)
    return answer(when, by, commitment.note, buttons=ctx.theirs(*buttons))
