"""/bill list, show and cosponsors; text and compare, for the versions of its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final

from bot.bills import bill_text, facts, records, tracking, wording
from bot.bills.bill_text import Unreadable, read_text
from bot.bills.picking import (
    BILL,
    answer,
    bill_arg,
    facts_of,
    family_of,
    long_answer,
    of_bill,
    track_hint,
)
from bot.bills.progress import Station, stations_of, stations_text
from bot.commands.group import Group
from bot.commands.model import Context, File, Param, Refused, Reply
from bot.commands.replies import LINES
from bot.config.coalition import Family
from bot.shared.answer import FetchFailed
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.bill_record import BillRecord, fill_gaps, text_page
from bot.shared.bill_steps import steps
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.wording import asks, listed, number

_BUTTONS: Final = 4


@dataclass(frozen=True, slots=True)
class Texts:
    """Two fetched versions of a bill's text, or why there are none."""

    names: tuple[str, str] = ("", "")
    bodies: tuple[bytes, bytes] = (b"", b"")
    trouble: str = ""


slash = Group("bill")


@slash.command("list", "List our bills by family, and which are tracked")
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    families = ctx.config.coalition.bills
    if not families:
        return answer("No bills yet", ctx.hint("bill track", "Track one: /bill track hr1234-119"))
    sections = [
        Section(_family_name(family), tuple(map(Line, _family_lines(ctx, family)))) for family in families.values()
    ]
    tracked = [BillNumber.of(id_).label for id_ in tracking.tracked_bills(ctx.config.coalition)]
    line = f"Tracked: {listed(tracked, 12)}." if tracked else "No bill is tracked yet."
    head = f"{number(len(families), 'family', 'families')}, {number(len(tracked), 'bill')} tracked"
    return answer(head, line, sections=sections, foot="/bill show BILL shows one in full.")


@slash.command("show", "Show a bill's status, sponsors and family", "{bill}", params=(BILL,))
@of_bill
def show(ctx: Context, bill: BillNumber) -> Reply:
    bill_facts, stored = facts_of(ctx, bill), records.stored(ctx.tx, bill.id)
    family = family_of(ctx, bill)
    stations = way(ctx, bill, facts.merge_stored(stored)) if stored else ()
    lines = [Line(bill_facts.status)]
    lines += [Line(wording.people(bill_facts))] if stored else []
    lines += [Line(f"Progress: {stations_text(stations)}")] if stations else []
    lines += [Line(f"Sources differ: {text}") for text in facts.disagreements(stored)]
    sections = []
    if family:
        successor = wording.successor(family, facts.family_laws(ctx, family), bill)
        rows = filter(None, (successor, *_family_lines(ctx, family)))
        sections = [Section(_family_name(family), tuple(map(Line, rows)))]
    card = Card(
        mark=Mark.BILL,
        head=wording.head(bill_facts),
        badge=asks(family.asks) if family else "",
        lines=(*lines, Line("Page on congress.gov", bill.page)),
        sections=tuple(sections),
        foot=wording.foot(bill_facts, ctx.zone, stored[0].read_at if stored else None),
        buttons=next_buttons(ctx, bill, has_record=bool(stored)),
    )
    return Reply(card=card)


@slash.command("cosponsors", "List a bill's cosponsors, newest first, and who withdrew", "{bill}", params=(BILL,))
@of_bill
def cosponsors(ctx: Context, bill: BillNumber) -> Reply:
    bill_facts = facts_of(ctx, bill)
    if bill_facts.cosponsors is None or bill_facts.current_cosponsors is None:
        raise Refused(f"The cosponsors of {bill.label} are not known: its record has not been read. {track_hint(ctx)}")
    everyone = sorted(bill_facts.cosponsors.values(), key=lambda member: member.joined or bill.ends, reverse=True)
    withdrawn = [member for member in everyone if member.withdrawn]
    withdrew = f"{len(withdrawn)} withdrew"
    head = f"{bill.label}: {number(len(bill_facts.current_cosponsors), 'cosponsor')}, {withdrew}"
    lines = [f"Sponsor: {bill_facts.sponsor or 'not known'}", *map(wording.cosponsor, everyone)]
    return long_answer(head, lines, f"cosponsors-{bill.id}.txt", foot=wording.foot(bill_facts, ctx.zone))


@slash.command("text", "List the versions of a bill's text", "{bill}", params=(BILL,))
@of_bill
def text(ctx: Context, bill: BillNumber) -> Reply:
    bill_facts, stored = facts_of(ctx, bill), records.stored(ctx.tx, bill.id)
    versions = facts.merge_stored(stored).texts if stored else None
    if not versions:
        why = "Its record has not been read yet." if versions is None else "Its record lists no version of its text."
        new = "" if bill_facts.law else "GovInfo prints a new bill within days."
        return answer(f"{bill.label}: no text", why, new, foot=bill.page)
    in_order = bill_text.in_order(versions)
    lines = []
    for version in in_order:
        day = day_in_words(version.date) if version.date else "no date"
        name = f"{version.name or version.code} ({version.code}), {day}"
        lines.append(Line(name, text_page(bill, version.code)))
    compare = Button("Compare first and last", "bill compare", bill_arg(bill))
    return answer(
        f"{wording.head(bill_facts)}: {number(len(in_order), 'text')}",
        *lines[-LINES:],
        buttons=ctx.theirs(compare) if len(in_order) > 1 else (),
        foot=wording.foot(bill_facts, ctx.zone),
    )


async def read_texts(fetching: Any, args: Mapping[str, str]) -> Texts:
    """Fetch two versions of a bill's text, by default the first and the last."""
    which = parse_bill_number(args["bill"])
    if which is None or which.bill is None:
        return Texts()
    fetched = await fetching.bill(which.bill)
    if isinstance(fetched, FetchFailed):
        return Texts(trouble=f"the bill's record could not be fetched ({fetched.detail})")
    versions = bill_text.in_order(reduce(fill_gaps, fetched).texts or ())
    names = {version.code: version.name for version in versions}
    old, new = args.get("from", next(iter(names), "")).lower(), args.get("to", next(reversed(names), "")).lower()
    if old not in names or new not in names or old == new:
        return Texts(trouble=f"it has these versions: {listed(list(names), 30) or 'none yet'}.")
    bodies = [await fetching.bill_text(which.bill, code) for code in (old, new)]
    for body in bodies:
        if isinstance(body, FetchFailed):
            return Texts(trouble=f"a text could not be fetched ({body.detail})")
    return Texts((names[old], names[new]), (bodies[0].data, bodies[1].data))


@slash.command(
    "compare",
    "Compare two versions of a bill's text",
    "{bill} from:ih to:enr",
    params=(
        BILL,
        Param("from", "the older version's code, such as ih; the first if left out", required=False),
        Param("to", "the newer version's code, such as enr; the last if left out", required=False),
    ),
    fetch=read_texts,
)
@of_bill
def compare(ctx: Context, bill: BillNumber) -> Reply:
    texts: Texts = ctx.fetched
    if texts.trouble:
        raise Refused(f"Not compared: {texts.trouble}", param="bill")
    try:
        before, after = (read_text(body) for body in texts.bodies)
    except Unreadable as error:
        raise Refused(f"Not compared: a text from GovInfo cannot be read, {error}.") from error
    changes = bill_text.changes(before, after)
    head = f"{bill.label}, {' → '.join(texts.names)}: {wording.summary(changes)}"
    lines = [Line(wording.change_line(change)) for change in changes]
    more = [Line(f"and {len(lines) - LINES} more, in the file")] if len(lines) > LINES else []
    text = "\n".join([head, "", *(line for change in changes for line in wording.change_text(change))])
    foot = "Texts: GovInfo. Compared by section, not its number or heading, without text struck by a committee."
    file = File(f"{bill.id}-compared.txt", "text/plain", text.encode())
    return replace(answer(head, *lines[:LINES], *more, foot=foot), file=file if changes else None)


def way(ctx: Context, bill: BillNumber, record: BillRecord) -> tuple[Station, ...]:
    """A bill's stations by its record."""
    happened = steps(record.actions)
    return stations_of(bill, happened, facts.place_of(record, ctx.today))


def _family_lines(ctx: Context, family: Family) -> list[str]:
    return wording.family_lines(family, facts.family_laws(ctx, family), ctx.today)


def _family_name(family: Family) -> str:
    return f"{family.name}{f', which we call {family.known_as}' if family.known_as else ''}"


def next_buttons(ctx: Context, bill: BillNumber, *, has_record: bool) -> tuple[Button, ...]:
    """What the asker may do with a bill, most likely first."""
    tracked = bill.id in tracking.tracked_bills(ctx.config.coalition)
    buttons = [
        Button("Draft letter", "letter draft", bill_arg(bill)),
        Button("Follow", "campaign follow", (("what", f"bill:{bill.id}"),)),
    ]
    if not bill.over(ctx.today) and not tracked:
        buttons.append(Button("Track", "bill track", bill_arg(bill), "primary"))
    if has_record:
        buttons += [
            Button("Cosponsors", "bill cosponsors", bill_arg(bill)),
            Button("Texts", "bill text", bill_arg(bill)),
        ]
    return ctx.theirs(*buttons)[:_BUTTONS]
