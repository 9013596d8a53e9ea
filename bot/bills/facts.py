"""Facts about a bill, from its stored records or from coalition.yml, and finding the bill that a person typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial, reduce, wraps
from itertools import pairwise
from typing import Final

from bot.bills import records
from bot.bills.model import BillFacts, Cosponsorship, Enacted, Place, Stage, origin, status
from bot.bills.progress import place
from bot.bills.records import StoredBill
from bot.commands import model
from bot.commands.model import Choice, Context, Handler, Param, Refused, Reply, Work
from bot.config.coalition import Coalition, Family, FamilyBill
from bot.entries.source_records import source_states
from bot.shared.bill_events import Kind, event_of
from bot.shared.bill_number import BillNumber, PartialBillNumber, law_number, nth, parse_bill_number
from bot.shared.bill_record import BillRecord, fill_gaps, steps
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line, Mark
from bot.shared.errors import Problem
from bot.shared.wording import number
from bot.store.database import Reader

_STYLES: Final = {"Rep.": "Representative", "Sen.": "Senator", "Del.": "Delegate", "Resident": "Resident Commissioner"}
_MEMBER: Final = re.compile(r"(?P<style>Rep\.|Sen\.|Del\.|Resident) (?:Commissioner )?(?P<name>[^\[]+?) *(?:\[.*\])?$")
_SUFFIX: Final = re.compile(r"(?:Jr|Sr|I{2,3}|IV)\.?")
_BUTTONS: Final = 4  # on one card
answer: Final = partial(model.answer, mark=Mark.BILL)
long_answer: Final = partial(model.long_answer, mark=Mark.BILL)


class UnknownBill(Problem):
    """Neither the store nor coalition.yml has the bill. The text says what to do."""


def bill_facts(db: Reader, coalition: Coalition, bill_id: str, *, now: datetime) -> BillFacts:
    """The facts about a bill such as ``hr1234-119``. Raises `UnknownBill`, and ValueError for an invalid id."""
    bill = BillNumber.of(bill_id)
    listed = listing(coalition, bill_id)
    stored = records.stored(db, bill_id)
    if stored:
        record, today = merge_stored(stored), coalition.day(now)
        basic = _from_record(record, listed[1] if listed else None, today)
        # When a source last checked the record, including checks that found no change.
        cursors = [state.memory.cursor.get("bills", {}).get(bill_id, {}) for state in source_states(db).values()]
        checks = [datetime.fromisoformat(cursor["checked"]) for cursor in cursors if cursor.get("checked")]
        twins = (twin for twin in map(BillNumber.of, record.identical) if origin(twin) != origin(bill))
        companion = min(twins, default=None)
        stored_twin = records.stored(db, companion.id) if companion else []
        return replace(
            basic,
            # A check noted while the clock was ahead is no check.
            checked_at=max((at for at in (stored[0].read_at, *checks) if at <= now), default=record.updated),
            enacted=_enacted(db, coalition, basic, record.identical),
            companion=companion,
            twin=_from_record(merge_stored(stored_twin), None, today) if stored_twin else None,
        )
    if listed is None:
        raise UnknownBill(f"There is no record of {bill.label} yet.", param="bill")
    family, entry = listed
    source = f"coalition.yml ({entry.source})" if entry.source else "coalition.yml"
    basic = BillFacts(
        bill=bill,
        title=entry.title or family.name,
        listed=f"{entry.became or 'Its outcome is not known'}.",
        law=law_number(entry.became),
        source=source,
    )
    return replace(basic, enacted=_enacted(db, coalition, basic, frozenset()))


def _enacted(db: Reader, coalition: Coalition, bill: BillFacts, identical: frozenset[str]) -> Enacted | None:
    """The law the policy became through another bill: one with the same text, else a later one of the family."""
    if bill.law:
        return None
    listed = listing(coalition, bill.bill.id)
    relatives = [BillNumber.of(relative.id) for relative in listed[0].bills] if listed else []
    candidates = [
        *((BillNumber.of(id_), True) for id_ in sorted(identical)),
        *((other, False) for other in relatives if other.congress >= bill.bill.congress and other.id not in identical),
    ]
    laws = ((other, law_of(db, coalition, other.id), same) for other, same in candidates if other != bill.bill)
    enacted = [Enacted(other, law, same) for other, law, same in laws if law]
    return min(enacted, key=lambda law: (not law.same_text, law.bill.congress), default=None)


def law_of(db: Reader, coalition: Coalition, bill_id: str) -> str:
    """The law that a bill became, by its record or by coalition.yml; "" if none is known."""
    if (stored := records.stored(db, bill_id)) and (law := law_name(merge_stored(stored))):
        return law
    listed = listing(coalition, bill_id)
    return law_number(listed[1].became) if listed else ""


def listing(coalition: Coalition, bill_id: str) -> tuple[Family, FamilyBill] | None:
    """The family that lists a bill, and its entry there."""
    matches = ((family, bill) for family in coalition.bills.values() for bill in family.bills if bill.id == bill_id)
    return next(matches, None)


def family_laws(work: Work, family: Family) -> dict[str, str]:
    """The law that each bill of a family became, "" for one that died; without bills of which neither is known."""
    coalition, today = work.config.coalition, work.config.coalition.day(work.now)
    laws = {bill.id: law_of(work.tx, coalition, bill.id) for bill in family.bills}
    stored = {bill.id: records.stored(work.tx, bill.id) for bill in family.bills}
    died = {id_ for id_, rows in stored.items() if rows and place_of(merge_stored(rows), today).stage is Stage.DEAD}
    died |= {bill.id for bill in family.bills if bill.became and not stored[bill.id]}
    return {id_: law for id_, law in laws.items() if law or id_ in died}


def merge_stored(stored: Sequence[StoredBill]) -> BillRecord:
    """The most recently updated record, with gaps filled from the others."""
    return reduce(fill_gaps, (bill.record for bill in stored))


def disagreements(stored: Sequence[StoredBill]) -> list[str]:
    """A line for each difference between two sources' steps, the newer source first."""
    lines = []
    for newer, older in pairwise(stored):
        newer_steps, older_steps = ({step.key: step for step in steps(bill.record.actions)} for bill in (newer, older))
        for has, lacks, missing in (
            (newer, older, [newer_steps[key] for key in newer_steps.keys() - older_steps.keys()]),
            (older, newer, [older_steps[key] for key in older_steps.keys() - newer_steps.keys()]),
        ):
            if missing:
                latest = max(missing, key=lambda step: step.date)
                more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
                lines.append(
                    f"{has.record.source} has “{latest.text[:120]}” of {day_in_words(latest.date)}{more}; "
                    f"{lacks.record.source} does not."
                )
    return lines


def member_name(name: str) -> str:
    """A member's name as letters write it: "Rep. Fry, Russell [R-SC-7]" is "Representative Russell Fry"."""
    parsed = _MEMBER.fullmatch(name.strip())
    if parsed is None:
        return name
    last, *given = [part.strip() for part in parsed["name"].split(",")]
    suffix = [part for part in given if _SUFFIX.fullmatch(part)]
    first = [part for part in given if part not in suffix]
    return " ".join((_STYLES[parsed["style"]], *first, last, *suffix))


def place_of(record: BillRecord, today: date) -> Place:
    """Where the bill is by its record. Its list of committees names those whose rows give no name."""
    title = record.official_title or record.title
    at = place(record.number, steps(record.actions), title=title, law=law_name(record), today=today)
    names = {committee.code: committee.name for committee in record.committees or ()}
    if at.stage is Stage.INTRODUCED and names:  # its list of committees is ahead of its rows
        stage = Stage.IN_SEVERAL if len(names) > 1 else Stage.IN_COMMITTEE
        return replace(at, stage=stage, since=None, committees=tuple(names.items()))
    committees, reported, discharged = (
        tuple((code, name or names.get(code, "")) for code, name in pairs)
        for pairs in (at.committees, at.reported, at.discharged)
    )
    return replace(at, committees=committees, reported=reported, discharged=discharged)


def status_of(record: BillRecord, today: date) -> str:
    """Where the bill is by its record, in a sentence."""
    at = place_of(record, today)
    return status(at, record.number, law=law_name(record)) or "Its record has no dated step yet."


def law_name(record: BillRecord) -> str:
    """``Public Law 119-99``, or "". The record's list of laws may lag behind the action that reports one."""
    became = (law for each in record.actions if (law := law_number(each.text)) and event_of(each.text).kind is Kind.LAW)
    return record.law or next(became, "")


def _from_record(record: BillRecord, listed: FamilyBill | None, today: date) -> BillFacts:
    sponsor = next(iter(record.sponsors or ()), None)
    # A member who withdrew and joined again has a row for each time, in no promised order.
    signed = sorted(record.cosponsors or (), key=lambda member: (member.joined or date.min, member.withdrawn is None))
    return BillFacts(
        bill=record.number,
        title=record.title or (listed.title if listed else ""),
        official_title=record.official_title,
        sponsor=None if record.sponsors is None else member_name(sponsor.name) if sponsor else "",
        sponsor_id=sponsor.bioguide if sponsor else None,
        introduced=record.introduced,
        cosponsors=None
        if record.cosponsors is None
        else {m.bioguide or m.name: Cosponsorship(m.name, m.joined, m.withdrawn) for m in signed},
        committees=None
        if record.committees is None
        else tuple(f"{committee.chamber} {committee.name}".strip() for committee in record.committees),
        law=law_name(record),
        as_of=record.updated,
        source=record.source,
        place=place_of(record, today),
    )


def resolve_bill(ctx: Context, text: str, path: str, param: str) -> BillNumber | Reply:
    """The bill, or a card that asks which Congress; its buttons call `path` with the bill's id as `param`.

    Each Congress uses the same numbers again, so a number without a Congress is asked about even if only one such bill
    is stored. Raises `Refused` for text that names no bill.
    """
    which = parse_bill_number(text.removeprefix("bill:"))
    if which is None:
        raise Refused(f"“{text[:60]}” is not a bill number. Write it like S. 567 (116th) or hr1234-119.", param=param)
    return which.bill or _ask_congress(ctx, which, path, param)


def of_bill(handler: Callable[[Context, BillNumber], Reply]) -> Handler:
    """The handler of a command about the bill in its argument `bill`; it asks which Congress if that is missing."""

    @wraps(handler)
    def handle(ctx: Context, args: Mapping[str, str]) -> Reply:
        bill = resolve_bill(ctx, args["bill"], ctx.call.path, "bill")
        return bill if isinstance(bill, Reply) else handler(ctx, bill)

    return handle


def complete_bills(ctx: Context, typed: str) -> Sequence[Choice]:
    """Completions: the bills in coalition.yml, newest first, then other stored bills."""
    coalition = ctx.config.coalition
    listed = [(bill.id, bill.title or family.name) for family in coalition.bills.values() for bill in family.bills]
    titles = dict(reversed(listed))
    titles |= {id_: title for id_, title in records.titles(ctx.tx).items() if id_ not in titles}
    choices = [Choice(id_, f"{BillNumber.of(id_).label}: {title}") for id_, title in titles.items()]
    wanted, which = typed.casefold(), parse_bill_number(typed)
    start = f"{which.name}-" if which else None
    return [
        choice
        for choice in choices
        if wanted in choice.label.casefold() or wanted in choice.value or (start and choice.value.startswith(start))
    ]


BILL: Final = Param("bill", "the bill, such as H.R. 1234 (119th)", complete=complete_bills, longest=300)


def _ask_congress(ctx: Context, which: PartialBillNumber, path: str, param: str) -> Reply:
    """Ask which of the bills with that number in coalition.yml or the store is meant, the newest Congress first."""
    name = BillNumber(1, which.type, which.number).name
    families = ctx.config.coalition.bills.values()
    listed = {bill.id: bill.title or family.name for family in families for bill in family.bills}
    titles = records.titles(ctx.tx, which.name) | {id_: title for id_, title in listed.items() if title}
    numbered = [(BillNumber.of(id_), title) for id_, title in titles.items()]
    matches = [(bill, title) for bill, title in numbered if (bill.type, bill.number) == which[:2]]
    matches.sort(key=lambda match: -match[0].congress)
    if not matches:
        raise Refused(f"Which Congress? Each Congress has its own {name}. Write it like {name} (119th).", param=param)
    buttons = [Button(f"{nth(bill.congress)}: {title}"[:75], path, ((param, bill.id),)) for bill, title in matches]
    lines = (
        *(Line(f"{bill.label}: {title}", bill.page) for bill, title in matches),
        Line(f"For another Congress, write it like {name} (119th)."),
    )
    head = f"{number(len(matches), 'bill')} called {name}: which Congress?"
    return model.answer(head, *lines, buttons=buttons[:_BUTTONS])


def facts_of(ctx: Context, bill: BillNumber) -> BillFacts:
    try:
        return bill_facts(ctx.tx, ctx.config.coalition, bill.id, now=ctx.now)
    except UnknownBill as unknown:
        raise Refused(f"{unknown} {track_hint(ctx)}", param="bill") from unknown


def track_hint(ctx: Context) -> str:
    """How a bill's record gets read: the command, or who can use it."""
    return ctx.hint("bill track", "Track it with /bill track to have its record read.", "Policy staff can track it.")


def bill_arg(bill: BillNumber) -> tuple[tuple[str, str], ...]:
    return (("bill", bill.id),)


def family_of(ctx: Context, bill: BillNumber) -> Family | None:
    listed = listing(ctx.config.coalition, bill.id)
    return listed[0] if listed else None
