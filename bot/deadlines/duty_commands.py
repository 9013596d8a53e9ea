"""/deadlines: duties by law, written down and followed: add, suggest, confirm, set, remove."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Protocol

from bot.commands.model import Choice, Command, Context, Form, FormField, Param, Refused, Reply, Role
from bot.commands.replies import answer
from bot.deadlines import records, wording
from bot.deadlines.commands import known
from bot.deadlines.duties import duties
from bot.deadlines.model import Duty, State, due_on, told
from bot.deadlines.records import Finding
from bot.deadlines.report_search import Found, limits
from bot.people.confirm_text import NO_SURVIVOR, careful_of, note_confirmed
from bot.shared import wording as say
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.dates import EASTERN, read_date
from bot.shared.urls import web_address
from bot.sources.fetch.http import Body
from bot.sources.model import FetchFailed

_EDITORS: Final = frozenset({Role.ADMINISTRATOR, Role.POLICY})
_DUE: Final = re.compile(
    r"(?P<period>[1-9]\d{0,3} (?:day|month|year)s?) (?:after|from|since) (?P<since>.{6,40})", re.IGNORECASE
)
_LAW: Final = re.compile(r"(?:(?:public law|p\.? ?l\.?) ?)?(?P<congress>\d{2,3})-(?P<number>\d{1,4})", re.IGNORECASE)
_TEXT: Final = "https://www.govinfo.gov/content/pkg/PLAW-{0}publ{1}/html/PLAW-{0}publ{1}.htm"
_PAGE: Final = "https://www.govinfo.gov/app/details/PLAW-{0}publ{1}"
_OFFERED: Final = 4  # buttons of a card
_QUOTE: Final = 240  # characters
_YEARS: Final = range(1900, 2200)


def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Write a duty down; its clock runs from here on."""
    since, period = _due(args["due"])
    ahead = due_on(since, period) > ctx.today
    ask, confirmed = careful_of(ctx, args, "deadlines add", _FREE)
    if ask:
        return ask
    held = duties(ctx.tx, ctx.config.coalition)
    taken = {*held, *records.laid(ctx.tx, ctx.config.coalition.id)}
    duty = Duty(
        id=next(id_ for n in range(1, len(taken) + 2) if (id_ := f"d{n}") not in taken),
        statute=args["statute"],
        owed=args["owed"][0].upper() + args["owed"][1:].rstrip("."),
        by=args["by"],
        since=since,
        period=period,
        source=_source(args["source"]),
        looked_on=ctx.today if ahead else None,  # of what is past, its author has read the law alone
        confirmed=True,
        asks=_asks(ctx, args.get("asks", "")),
    )
    _keep(ctx, duty)
    ctx.note(f"duty {duty.id}", "", _said(duty))
    note_confirmed(ctx, f"duty {duty.id}", confirmed)
    became = Button("What became of it", "deadlines set", (("id", duty.id),))
    return answer(
        f"Clock {duty.id} runs: due {day_in_words(duty.due)}, {wording.away(duty.due, ctx.today)}",
        f"{duty.owed} ({duty.statute}), owed by {duty.by}.",
        "It is said 60 and 14 days before, on the day, and then each month until it is met.",
        *(() if ahead else ("Letters say nothing of it until somebody has looked what became of it.",)),
        buttons=ctx.theirs(*(() if ahead else (became,)), Button("Undo", "deadlines remove", (("id", duty.id),))),
    )


def set_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Say what became of a duty: met or not met, with a source; or that one looked and found no record."""
    duty = _duty(ctx, args)
    if "state" not in args:
        fields = (FormField(replace(_STATE, required=True), "What became of it?"), FormField(_STATE_SOURCE, "Source"))
        return _form(f"What became of {duty.id}", "deadlines set", fields, duty)
    state = State(args["state"])
    if state is State.NOT_MET and duty.due >= ctx.today:
        raise Refused(f"It is due {day_in_words(duty.due)}, so it cannot be late before that day ends.", param="state")
    if state is not State.UNKNOWN and "source" not in args:
        raise Refused("Where is that known from? Give an address that others can open.", param="source")
    source = _source(args["source"]) if "source" in args else ""
    finding = Finding(ctx.new_id(), duty.id, state, source, ctx.today)
    records.find(ctx.tx, ctx.config.coalition.id, finding, by=ctx.actor.person, now=ctx.now)
    now = duties(ctx.tx, ctx.config.coalition)[duty.id]
    ctx.note(f"duty {duty.id}", duty.state.value, f"{state.value} {source}".strip())
    return answer(
        f"Noted: {duty.owed}, {state.value}",
        told(now, ctx.today),
        buttons=ctx.theirs(Button("Undo", "deadlines undo", (("finding", finding.id),))),
    )


def undo(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Take back the newest finding about a duty."""
    coalition = ctx.config.coalition
    newest = next((it for it in records.findings(ctx.tx, coalition.id).values() if it.id == args["finding"]), None)
    if newest is None:
        raise Refused("There is nothing to undo: it was taken back already, or somebody has found out more since.")
    records.take_back(ctx.tx, coalition.id, newest.id, ctx.now)
    duty = duties(ctx.tx, coalition).get(newest.duty)
    now = told(duty, ctx.today) if duty else "The duty itself was removed meanwhile."
    ctx.note(f"duty {newest.duty}", newest.state.value, "taken back")
    return answer("Taken back", now, replaces=True)


def confirm(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Somebody has read the text in force: from here on the date may stand in letters."""
    duty = _duty(ctx, args)
    if not {"due", "source"} <= args.keys():
        fields = (
            FormField(replace(_DUE_PARAM, required=True), "Due, as the text in force has it", _due_text(duty)),
            FormField(replace(_SOURCE, required=True), "Where you read the text in force", duty.source),
        )
        return _form(f"Confirm {duty.id}", "deadlines confirm", fields, duty)
    since, period = _due(args["due"])
    source = _source(args["source"])
    # Who reads the law has not looked what became of it, so `looked_on` stays.
    sure = replace(duty, since=since, period=period, source=source, confirmed=True, note="")
    _keep(ctx, sure)
    ctx.note(f"duty {duty.id}", _said(duty), _said(sure))
    return answer(
        f"Confirmed: {sure.owed}, due {day_in_words(sure.due)}",
        f"By {ctx.actor.name}, who has read it at {source}. Letters may say it now.",
    )


def remove(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Take a duty out, also one of coalition.yml; what was found out about it stays."""
    duty = _duty(ctx, args)
    _keep(ctx, duty, removed=True)
    ctx.note(f"duty {duty.id}", _said(duty), "")
    undo_ = Button("Undo", "deadlines restore", (("id", duty.id),))
    return answer(f"Removed: {duty.owed}", "It is reminded of no more.", buttons=ctx.theirs(undo_), replaces=True)


def restore(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Put a removed duty back."""
    duty = records.taken_out(ctx.tx, ctx.config.coalition.id, args["id"])
    if duty is None:
        raise Refused("There is nothing to undo: it is back already.")
    _keep(ctx, duty)
    ctx.note(f"duty {duty.id}", "", "put back")
    return answer(f"Back: {duty.owed}, due {day_in_words(duty.due)}", replaces=True)


def suggest(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - `fetch` has read them
    """The limits of time in a law's text, each to be taken up as a duty by a person who has read it."""
    law: Law | str = ctx.fetched
    if isinstance(law, str):
        raise Refused(law, param="law")
    found = limits(law.text)
    if not found:
        return answer(
            f"{law.name} sets nobody a limit that I understand",
            "I look for “not later than … after …”. What is put in other words you add by hand: /deadlines add",
        )
    made = [(ctx.new_id(), _filled(one, law)) for one in found[:_OFFERED]]
    records.propose(ctx.tx, ctx.config.coalition.id, made, ctx.now)
    lines = [Line(f"{n}. {say.short(one.quote, _QUOTE)}") for n, one in enumerate(found[: _OFFERED * 2], 1)]
    buttons = (Button(f"Take up {n}", "deadlines take", (("proposal", id_),)) for n, (id_, _) in enumerate(made, 1))
    more = len(found) - len(lines)
    held = [duty.id for duty in duties(ctx.tx, ctx.config.coalition).values() if law.name in duty.statute]
    return answer(
        f"{say.number(len(found), 'limit')} of time in {law.name}",
        *([f"Duties of this law that are followed already: {say.listed(held, _OFFERED)}."] if held else []),
        *lines,
        *([f"and {more} more in the text"] if more > 0 else []),
        buttons=ctx.theirs(*buttons),
        foot=f"Read by rule, so read it yourself first: {law.page}",
    )


def take(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The form for a new duty, filled in as far as the law's text says."""
    known_ = records.proposal(ctx.tx, ctx.config.coalition.id, args["proposal"])
    if known_ is None:
        raise Refused("That suggestion is more than a week old. /deadlines suggest reads the law again.")
    fields = tuple(FormField(param, label, known_.get(param.name, "")) for param, label in _FORM)
    return Reply(form=Form(title="New duty", path="deadlines add", fields=fields, submit="Start the clock"))


@dataclass(frozen=True, slots=True)
class Law:
    """A public law and its text as it was fetched."""

    name: str  # "Public Law 119-73"
    page: str
    text: str


class _Network(Protocol):
    async def get(self, url: str) -> Any: ...


async def fetch_law(network: _Network, args: Mapping[str, str]) -> Law | str:
    """The law's text from GovInfo, or why there is none."""
    named = _LAW.fullmatch(args["law"])
    if named is None:
        return "Write the number of a public law with its Congress, such as 119-73."
    numbers = named["congress"], named["number"]
    got = await network.get(_TEXT.format(*numbers))
    if isinstance(got, Body):
        text = got.data.decode("utf-8", "replace")
        return Law(f"Public Law {'-'.join(numbers)}", _PAGE.format(*numbers), text)
    why = got.detail if isinstance(got, FetchFailed) else "it sent nothing"
    return f"GovInfo did not give the text of Public Law {'-'.join(numbers)} ({why}). Is the number right?"


def _duty(ctx: Context, args: Mapping[str, str]) -> Duty:
    found = duties(ctx.tx, ctx.config.coalition).get(args["id"].casefold())
    if found is None:
        raise Refused(f"There is no duty “{args['id'][:60]}”. /deadlines list shows those there are.", param="id")
    return found


def _keep(ctx: Context, duty: Duty, *, removed: bool = False) -> None:
    coalition = ctx.config.coalition.id
    records.put(ctx.tx, coalition, duty, by=ctx.actor.person, now=ctx.now, removed=removed)


def _form(title: str, path: str, fields: tuple[FormField, ...], duty: Duty) -> Reply:
    return Reply(form=Form(title=title, path=path, fields=fields, args={"id": duty.id}))


def _due(text: str) -> tuple[date, str]:
    """`180 days after 2018-12-21`, `1 year after January 23, 2026`. Raises `Refused`."""
    found = _DUE.fullmatch(text)
    since = _day(found["since"]) if found else None
    try:
        if found and since and since.year in _YEARS and due_on(since, found["period"].lower()).year in _YEARS:
            return since, found["period"].lower()
    except (ValueError, OverflowError):
        pass
    raise Refused(f"“{text[:60]}” gives no day: {_DUE_HINT}.", param="due")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        when = read_date(text)
        return when.astimezone(EASTERN).date() if when else None


def _due_text(duty: Duty) -> str:
    return f"{duty.period} after {duty.since}"


def _source(text: str) -> str:
    address = web_address(text)
    if not address:
        raise Refused("That is no web address: it should begin with https://", param="source")
    return address


def _asks(ctx: Context, text: str) -> tuple[int, ...]:
    numbers = tuple(sorted({int(number) for number in re.findall(r"\d{1,4}", text)}))
    unknown = [number for number in numbers if number not in ctx.config.coalition.asks]
    if unknown:
        known_ = ", ".join(map(str, ctx.config.coalition.asks))
        raise Refused(f"There is no ask {unknown[0]}. coalition.yml has {known_}.", param="asks")
    return numbers


def _filled(found: Found, law: Law) -> dict[str, str]:
    return {
        "statute": law.name,
        "owed": say.short(found.owed or found.quote, 300),
        "by": found.by,
        "due": f"{found.period} after {found.since or ''}".strip(),
        "source": law.page,
    }


def _said(duty: Duty) -> str:
    unsure = "" if duty.confirmed else ", not confirmed"
    return f"{say.short(duty.owed, 120)} ({duty.statute}), {_due_text(duty)}{unsure}"


_ID: Final = Param("id", "a duty's id, as /deadlines list shows it", complete=known, longest=60)
_DUE_HINT: Final = "write “180 days after 2018-12-21”, with days, months or years and the day they run from"
_DUE_PARAM: Final = Param("due", "such as “180 days after 2018-12-21”", required=False, longest=80)
_SOURCE: Final = Param("source", "the address where it can be read", required=False, longest=500)
_STATE_SOURCE: Final = Param("source", "the address where that can be read", required=False, longest=500)
_STATE: Final = Param(
    "state",
    "what became of it",
    required=False,
    choices=(
        Choice(State.MET.value, "Met: it was issued"),
        Choice(State.NOT_MET.value, "Not met: a source says so"),
        Choice(State.UNKNOWN.value, "No record found: I looked today"),
    ),
)
_FORM: Final = (
    (Param("statute", "the law, such as “6 U.S.C. 645”", longest=120), "Statute"),
    (Param("owed", "what is owed, as a noun: “The directive on screening”", longest=300), "What is owed"),
    (Param("by", "who owes it", longest=200), "By whom"),
    (replace(_DUE_PARAM, required=True), "Due"),
    (replace(_SOURCE, required=True), "Source"),
    (Param("asks", "the asks it serves, such as “6, 9”", required=False, longest=40), "Asks"),
)
_FREE: Final = _FORM[:3]  # what is written in one's own words

COMMANDS: Final = (
    Command(
        group="deadlines",
        verb="add",
        help="Start the clock of a duty that a law sets",
        example=(
            '/deadlines add statute:"6 U.S.C. 645" owed:"The screening protocol" by:"the Secretary" '
            'due:"180 days after 2018-12-21" source:https://www.govinfo.gov/app/details/PLAW-115publ392'
        ),
        handler=add,
        params=(*(param for param, _ in _FORM), NO_SURVIVOR),
        who=_EDITORS,
        changes=True,
    ),
    Command(
        group="deadlines",
        verb="suggest",
        help="Find the limits of time in a public law's text",
        example="/deadlines suggest 119-73",
        handler=suggest,
        params=(Param("law", "a public law's number with its Congress", longest=40),),
        who=_EDITORS,
        changes=True,
        fetch=fetch_law,
    ),
    Command(
        group="deadlines",
        verb="take",
        help="Take up a limit that was found in a law's text",
        example="/deadlines take PROPOSAL",
        handler=take,
        params=(Param("proposal", "which"),),
        who=_EDITORS,
        hidden=True,
    ),
    Command(
        group="deadlines",
        verb="confirm",
        help="Say that you have read the text in force; then letters may say the date",
        example="/deadlines confirm gao-assessment",
        handler=confirm,
        params=(_ID, _DUE_PARAM, _SOURCE),
        who=_EDITORS,
        changes=True,
    ),
    Command(
        group="deadlines",
        verb="set",
        help="Say what became of a duty: met or not met, with its source; or no record found",
        example='/deadlines set dhs-directive state:"no record found"',
        handler=set_,
        params=(_ID, _STATE, _STATE_SOURCE),
        who=_EDITORS,
        changes=True,
    ),
    Command(
        group="deadlines",
        verb="undo",
        help="Take back what was said about a duty",
        example="/deadlines undo FINDING",
        handler=undo,
        params=(Param("finding", "which"),),
        who=_EDITORS,
        changes=True,
        hidden=True,
    ),
    Command(
        group="deadlines",
        verb="remove",
        help="Follow a duty no more",
        example="/deadlines remove gao-assessment",
        handler=remove,
        params=(_ID,),
        who=_EDITORS,
        changes=True,
    ),
    Command(
        group="deadlines",
        verb="restore",
        help="Put back a duty that was removed",
        example="/deadlines restore gao-assessment",
        handler=restore,
        params=(Param("id", "which"),),
        who=_EDITORS,
        changes=True,
        hidden=True,
    ),
)
