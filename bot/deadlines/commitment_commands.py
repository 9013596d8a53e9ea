"""/deadlines add, suggest, confirm, set and remove: what offices owe, typed or found in the text of a law."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from bot.commands.arguments import read_asks
from bot.commands.model import EDITORS, Choice, Context, Form, FormField, Group, Param, Refused, Reply, answer
from bot.commands.model import Kind as ParamKind
from bot.deadlines import records, wording
from bot.deadlines.commands import ID, appeal_id, find_commitment, visible_commitments
from bot.deadlines.law_duties import Clock, Kind, find_clocks
from bot.deadlines.model import Basis, Commitment, State, due_on, status_sentence
from bot.deadlines.records import Finding
from bot.people.pii import NO_DETAILS
from bot.shared import wording as say
from bot.shared.answer import Body, FetchFailed
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.time_phrases import parse_day, split_weekday
from bot.shared.urls import typed_address

_DUE: Final = re.compile(
    r"(?P<period>[1-9]\d{0,3} (?:(?:business )?day|month|year)s?) (?:after|from|since) (?P<since>.{6,40})",
    re.IGNORECASE,
)
_LAW: Final = re.compile(r"(?:(?:public law|p\.? ?l\.?) ?)?(?P<congress>\d{2,3})-(?P<number>\d{1,4})", re.IGNORECASE)
_TEXT: Final = "https://www.govinfo.gov/content/pkg/PLAW-{0}publ{1}/html/PLAW-{0}publ{1}.htm"
_PAGE: Final = "https://www.govinfo.gov/app/details/PLAW-{0}publ{1}"
_YEARLY: Final = re.compile(
    r"(?<![\w‐‑-])(?<!semi )(?<!twice )(?:annually|yearly|(?:each|every) (?:(?:calendar|fiscal) )?year|"
    r"annual (?:\w+ )?(?:report|review|survey|plan))\b",
    re.IGNORECASE,
)
_OFFERED: Final = 4  # buttons of a card
_QUOTE: Final = 240  # characters
_YEARS: Final = range(1900, 2200)


def _due(text: str, *_: object) -> tuple[date, str]:
    """`180 days after 2018-12-21`, `1 year after January 23, 2026`, or a day alone. Raises `Refused`."""
    parsed = _DUE.fullmatch(text)
    since, period = parse_day(parsed["since"] if parsed else text), parsed["period"].lower() if parsed else ""
    with suppress(ValueError, OverflowError):
        if since and since.year in _YEARS and due_on(since, period).year in _YEARS:
            return since, period
    weekday, rest = split_weekday(text)
    if (right := parse_day(rest)) and right.weekday() != weekday:
        raise Refused(f"“{text[:60]}” is wrong about the day of the week: it is {day_in_words(right)}", param="due")
    how = "Write “180 days after 12/21/2018”, with days, months or years and the day they run from, or a day."
    raise Refused(f"“{text[:60]}” is not a due date. {how}", param="due")


def _source(text: str, *_: object) -> str:
    address = typed_address(text)
    if not address:
        raise Refused("This is not a web address. Write it like example.gov/report.", param="source")
    return address


_DUE_PARAM: Final = Param("due", "such as “180 days after 12/21/2018”", required=False, longest=80, check=_due)
_SOURCE: Final = Param("source", "the address where it can be read", required=False, longest=500, check=_source)
_KINDS: Final = tuple(Choice(each.value, label) for each, label in wording.BASES.items() if each is not Basis.FOIA)
_FORM: Final = (
    (Param("basis", "what sets it: “6 U.S.C. 645”, or “the hearing of June 3, 2026”", longest=120, free=True,
           formerly=("statute",)), "Law or occasion"),
    (Param("owed", "what is owed, as a noun: “The directive on screening”", longest=300, free=True), "What is owed"),
    (Param("by", "who owes it", longest=200, free=True), "Owed by"),
    (replace(_DUE_PARAM, required=True), "Due"),
    (replace(_SOURCE, required=True), "Source"),
    (Param("kind", "who made it: the law, or an office in an answer, at a hearing or meeting, or in a notice",
           required=False, choices=_KINDS), "Set by"),
    (Param("quote", "its own words", kind=ParamKind.LONG, required=False, longest=1_000, free=True), "Quote"),
    (Param("asks", "the asks it serves, such as “6, 9”", required=False, longest=40), "Asks"),
)  # fmt: skip
_STATE: Final = Param(
    "state",
    "the outcome",
    required=False,
    choices=(
        Choice(State.MET.value, "Met: it was issued"),
        Choice(State.NOT_MET.value, "Not met: a source says so"),
        Choice(State.UNKNOWN.value, "No public record found as of today"),
        Choice(State.MOVED.value, "Moved: its office gave another day"),
    ),
)
_MOVED_TO: Final = Param("to", "the other day, if it moved", required=False, longest=40, check=_due)
_STATE_SOURCE: Final = Param("source", "the address where that can be read", required=False, longest=500, check=_source)

slash = Group("deadlines", who=EDITORS)


@slash.command(
    example='basis:"44 U.S.C. 3520" owed:"The yearly report" by:"the Secretary" '
    'due:"180 days after 2026-01-15" source:https://www.govinfo.gov/app/details/USCODE-2024-title44',
    params=(*(param for param, _ in _FORM), NO_DETAILS),
    changes=True,
)
def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Track what an office owes, by law or because it said so."""
    since, period = _due(args["due"])
    ahead = due_on(since, period) > ctx.today
    taken = {*visible_commitments(ctx), *records.chat_commitments(ctx.tx)}
    commitment = Commitment(
        id=next(id_ for n in range(1, len(taken) + 2) if (id_ := f"d{n}") not in taken),
        kind=Basis(args.get("kind", Basis.LAW)),
        basis=args["basis"],
        quote=args.get("quote", ""),
        owed=args["owed"][0].upper() + args["owed"][1:].rstrip("."),
        by=args["by"],
        since=since,
        period=period,
        source=_source(args["source"]),
        looked_on=ctx.today if ahead else None,  # for a past commitment, its author has read only the law
        confirmed=True,
        asks=tuple(sorted(read_asks(ctx.config.coalition.asks, args.get("asks", "")))),
    )
    _save(ctx, commitment)
    ctx.note(f"commitment {commitment.id}", "", _note_text(commitment))
    set_outcome = Button("Set outcome", "deadlines set", (("id", commitment.id),))
    return answer(
        f"Added {commitment.id}: due {day_in_words(commitment.due)}, {wording.days_away(commitment.due, ctx.today)}",
        f"{commitment.owed} ({commitment.basis}), owed by {commitment.by}.",
        "Reminders are posted 60 and 14 days before and on the day. Until it is met, each quarter's first digest lists "
        "it.",
        *(() if ahead else ("Letters cannot mention it until someone records its outcome.",)),
        buttons=ctx.theirs(
            *(() if ahead else (set_outcome,)), Button("Undo", "deadlines remove", (("id", commitment.id),))
        ),
    )


@slash.command(example='{duty} state:"no record found"', params=(ID, _STATE, _STATE_SOURCE, _MOVED_TO), changes=True)
def set_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Record an outcome: met, not met, moved, or no record found."""
    commitment = find_commitment(ctx, args)
    if "state" not in args:
        fields = (
            FormField(replace(_STATE, required=True), "What is the outcome?"),
            FormField(_STATE_SOURCE, "Source"),
            FormField(_MOVED_TO, "Moved to"),
        )
        return _form(f"Outcome of {commitment.id}", "deadlines set", fields, commitment)
    state = State(args["state"])
    if state is State.NOT_MET and commitment.due >= ctx.today:
        raise Refused(f"It is due {day_in_words(commitment.due)}, so it cannot be overdue yet.", param="state")
    if state is not State.UNKNOWN and "source" not in args and not commitment.is_internal:
        raise Refused("Give the source: a web address that others can open.", param="source")
    if (state is State.MOVED) != ("to" in args):
        raise Refused("Give the day to which it moved, and only then.", param="to")
    source = _source(args["source"]) if "source" in args else ""
    moved_to = due_on(*_due(args["to"])) if "to" in args else None
    finding = Finding(ctx.new_id(), commitment.id, state, source, ctx.today, moved_to)
    records.add_finding(ctx.tx, finding, by=ctx.actor.person, now=ctx.now)
    updated = visible_commitments(ctx)[commitment.id]
    ctx.note(f"commitment {commitment.id}", commitment.state.value, f"{state.value} {source}".strip())
    following = () if commitment.state is State.MET else _next(ctx, updated)
    return answer(
        f"Saved: {commitment.owed}, {state.value}",
        status_sentence(updated, ctx.today),
        buttons=ctx.theirs(*following, Button("Undo", "deadlines undo", (("finding", finding.id),))),
    )


def _next(ctx: Context, done: Commitment) -> Iterator[Button]:
    """The button that adds the next one of a yearly duty that was met: a person reads whether the law still has it."""
    if done.state is State.MET and _YEARLY.search(f"{done.owed} {done.quote}"):
        fields = {name: getattr(done, name) for name in ("basis", "owed", "by", "kind", "quote", "source")}
        fields |= {"due": due_on(done.due, "1 year").isoformat(), "asks": ", ".join(map(str, done.asks))}
        records.save_proposals(ctx.tx, [(id_ := ctx.new_id(), fields)], ctx.now)
        yield Button("Add the next", "deadlines take", (("proposal", id_),), "primary")


@slash.command(example="FINDING", params=(Param("finding", "which"),), changes=True, hidden=True)
def undo(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Undo a recorded outcome."""
    newest = next((f for f in records.findings(ctx.tx).values() if f.id == args["finding"]), None)
    if newest is None:
        raise Refused("Nothing to undo: it was already undone, or a newer outcome was recorded since.")
    records.retract_finding(ctx.tx, newest.id, ctx.now)
    commitments = visible_commitments(ctx)
    commitment, appeal = commitments.get(newest.commitment), commitments.get(appeal_id(newest.commitment))
    if appeal and newest.state is State.MET:  # the time to appeal runs from an answer, and this one did not come
        earlier = records.findings(ctx.tx).get(newest.commitment)
        answered = earlier.on if earlier and earlier.state is State.MET else None
        _save(ctx, replace(appeal, since=answered or appeal.since), removed=not answered)
    now = status_sentence(commitment, ctx.today) if commitment else "The commitment itself has been removed."
    ctx.note(f"commitment {newest.commitment}", newest.state.value, "undone")
    return answer("Undone", now, replaces=True)


@slash.command(example="{duty}", params=(ID, _DUE_PARAM, _SOURCE), changes=True)
def confirm(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Confirm a date against the current law or record, so letters may use it."""
    commitment = find_commitment(ctx, args)
    if not {"due", "source"} <= args.keys():
        fields = (
            FormField(replace(_DUE_PARAM, required=True), "Due, by the current text", commitment.runs),
            FormField(replace(_SOURCE, required=True), "Where you read the current text", commitment.source),
        )
        return _form(f"Confirm {commitment.id}", "deadlines confirm", fields, commitment)
    since, period = _due(args["due"])
    source = _source(args["source"])
    # Reading the law does not check whether the commitment was met, so `looked_on` stays.
    confirmed = replace(commitment, since=since, period=period, source=source, confirmed=True, note="")
    if commitment.is_internal:  # everyone may read it now, but not that there was a meeting and what was said there
        confirmed = replace(confirmed, basis=f"promised by {commitment.by}", quote="")
    _save(ctx, confirmed)
    ctx.note(f"commitment {commitment.id}", _note_text(commitment), _note_text(confirmed))
    moved = f", moved to {day_in_words(confirmed.due)}" if confirmed.due != confirmed.first_due else ""
    return answer(
        f"Confirmed: {confirmed.owed}, due {day_in_words(confirmed.first_due)}{moved}",
        f"By {ctx.actor.name}, who read it at {source}. Letters may now use the date.",
    )


@slash.command(example="{duty}", params=(ID,), changes=True)
def remove(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Remove a commitment.

    Even one of coalition.yml. Findings on it stay.
    """
    commitment = find_commitment(ctx, args)
    _save(ctx, commitment, removed=True)
    ctx.note(f"commitment {commitment.id}", _note_text(commitment), "")
    undo_ = Button("Undo", "deadlines restore", (("id", commitment.id),))
    no_more = "There are no more reminders of it."
    return answer(f"Removed: {commitment.owed}", no_more, buttons=ctx.theirs(undo_), replaces=True)


@slash.command(example="{duty}", params=(Param("id", "which"),), changes=True, hidden=True)
def restore(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Restore a removed commitment."""
    commitment = records.removed_commitment(ctx.tx, args["id"])
    if commitment is None:
        raise Refused("Nothing to undo: it is already back.")
    _save(ctx, commitment)
    ctx.note(f"commitment {commitment.id}", "", "restored")
    return answer(f"Restored: {commitment.owed}, due {day_in_words(commitment.due)}", replaces=True)


async def fetch_law(network: Any, args: Mapping[str, str]) -> Law | str:
    """Fetch the law's text from GovInfo and find the time limits in it, or the reason it failed."""
    named = _LAW.fullmatch(args["law"])
    if named is None:
        return "Write the number of a public law with its Congress, such as 119-99."
    numbers = named["congress"], named["number"]
    response = await network.get(_TEXT.format(*numbers))
    if isinstance(response, Body):
        # A long act takes a second: neither the event loop nor the writer's lock waits for it.
        clocks = await asyncio.to_thread(find_clocks, response.data.decode("utf-8", "replace"))
        return Law(f"Public Law {'-'.join(numbers)}", _PAGE.format(*numbers), clocks)
    why = response.detail if isinstance(response, FetchFailed) else "empty answer"
    return f"GovInfo did not send the text of Public Law {'-'.join(numbers)} ({why}). Check the number."


@slash.command(
    example="119-99",
    params=(
        Param("law", "a public law's number with its Congress", longest=40),
        Param("first", "the number of the first one to show", kind=ParamKind.NUMBER, required=False),
    ),
    changes=True,
    fetch=fetch_law,
)
def suggest(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Find duties and other time limits in a public law's text."""
    law: Law | str = ctx.fetched
    if isinstance(law, str):
        raise Refused(law, param="law")
    clocks = law.clocks
    first = max(int(args.get("first", "1")), 1)
    offered = list(enumerate(clocks, 1))[first - 1 : first - 1 + _OFFERED]
    if not offered:
        head = f"{law.name} has {len(clocks)} time limits" if clocks else f"No time limits found in {law.name}"
        return answer(head, "Add others by hand: /deadlines add")
    proposals = [(ctx.new_id(), _proposal_fields(clock, law)) for _, clock in offered]
    records.save_proposals(ctx.tx, proposals, ctx.now)
    buttons = [
        Button(f"Add {n}", "deadlines take", (("proposal", id_),))
        for (n, _), (id_, _) in zip(offered, proposals, strict=True)
    ]
    if len(clocks) > (last := offered[-1][0]):
        buttons.append(Button("Show more", "deadlines suggest", (("law", args["law"]), ("first", str(last + 1)))))
    existing = [commitment.id for commitment in visible_commitments(ctx).values() if law.name in commitment.basis]
    return answer(
        f"{say.number(len(clocks), 'time limit')} in {law.name}",
        *([f"Duties of this law already tracked: {say.listed(existing, _OFFERED)}."] if existing else []),
        *(Line(_clock_line(clock, n)) for n, clock in offered),
        buttons=ctx.theirs(*buttons),
        foot=f"Found by the grammar of its sentences. Read the law before you add one: {law.page}",
    )


@slash.command(verb="take", example="PROPOSAL", params=(Param("proposal", "which"),), hidden=True)
def open_proposal(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add a time limit found in a law's text."""
    proposal = records.proposal(ctx.tx, args["proposal"])
    if proposal is None:
        raise Refused("That suggestion is more than a week old. Search the law again with /deadlines suggest.")
    fields = tuple(FormField(param, label, proposal.get(param.name, "")) for param, label in _FORM)
    form = Form(title="New commitment", path="deadlines add", fields=fields, submit="Start the clock", unsaved=True)
    return Reply(form=form)


@dataclass(frozen=True, slots=True)
class Law:
    """A public law, and the time limits in its text."""

    name: str  # "Public Law 119-99"
    page: str
    clocks: list[Clock]


def _save(ctx: Context, commitment: Commitment, *, removed: bool = False) -> None:
    records.save_commitment(ctx.tx, commitment, by=ctx.actor.person, now=ctx.now, removed=removed)


def _form(title: str, path: str, fields: tuple[FormField, ...], commitment: Commitment) -> Reply:
    return Reply(form=Form(title=title, path=path, fields=fields, args={"id": commitment.id}))


def _clock_line(clock: Clock, number: int) -> str:
    """`1. sec. 3(b), due Sat Jan 23, 2027, by the Attorney General, to Congress: “Not later than 1 year after …”`."""
    day = day_in_words(clock.due) if clock.due else "no day yet"
    when = clock.kind if clock.kind is Kind.EVENT else f"{clock.kind} {day}"
    every = f", {clock.every}" if clock.every and clock.due else ""
    until = f" until {day_in_words(clock.until)}" if clock.until else ""
    who = f", by {_owner(clock)}" if clock.by else ", the sentence names no office"
    return f"{number}. {clock.section}, {when}{every}{until}{who}: “{say.short(clock.quote, _QUOTE)}”"


def _owner(clock: Clock) -> str:
    return f"{clock.by}, to {clock.to}" if clock.by and clock.to else clock.by


def _proposal_fields(clock: Clock, law: Law) -> dict[str, str]:
    due = (clock.since.isoformat() if clock.since else "", f"{clock.period} after {clock.since or ''}".strip())
    return {
        "basis": f"{law.name}, {clock.section.replace('sec.', 'section')}".removesuffix(", "),
        "owed": say.short(clock.owed or clock.quote, 300),
        "by": say.short(_owner(clock), 200),
        "due": due[bool(clock.period)],
        "kind": Basis.LAW.value,
        "quote": say.short(clock.quote, 1_000),
        "source": law.page,
    }


def _note_text(commitment: Commitment) -> str:
    unsure = "" if commitment.confirmed else ", not confirmed"
    return f"{say.short(commitment.owed, 120)} ({commitment.basis}), {commitment.runs}{unsure}"
