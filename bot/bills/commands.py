"""/bill: followed bills, their families, and their status."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.bills import facts, records, tracking, wording
from bot.bills.model import BillFacts
from bot.bills.picking import (
    BILL,
    answer,
    bill_arg,
    facts_of,
    family_laws,
    family_of,
    follow_hint,
    long_answer,
    of_bill,
)
from bot.bills.progress import Station, stations_of, stations_text
from bot.commands.group import Group
from bot.commands.model import Context, File, Refused, Reply
from bot.config.coalition import Family
from bot.printing.host import rendered
from bot.printing.parts import DocumentProblem
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord
from bot.shared.bill_steps import steps
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.wording import asks, listed, number

log = logging.getLogger(__name__)

_BUTTONS: Final = 4
_PICTURE: Final = "reports/bill-way.png.typ"

slash = Group("bill")


@slash.command("list", "List our bills by family, and which are followed")
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    families = ctx.config.coalition.bills
    if not families:
        return answer("No bills yet", ctx.hint("bill track", "Follow one: /bill track hr1234-119"))
    sections = [
        Section(_family_name(family), tuple(map(Line, _family_lines(ctx, family)))) for family in families.values()
    ]
    followed = [BillNumber.of(id_).label for id_ in tracking.followed(ctx.config.coalition)]
    line = f"Followed: {listed(followed, 12)}." if followed else "No bill is followed yet."
    head = f"{number(len(families), 'family', 'families')}, {number(len(followed), 'bill')} followed"
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
    sections = [_family_section(ctx, family, bill)] if family else []
    card = Card(
        mark=Mark.BILL,
        head=wording.head(bill_facts),
        badge=asks(family.asks) if family else "",
        lines=(*lines, Line("Page on congress.gov", bill.page)),
        sections=tuple(sections),
        foot=wording.foot(bill_facts, ctx.zone, stored[0].read_at if stored else None),
        buttons=next_buttons(ctx, bill, has_record=bool(stored)),
    )
    return Reply(card=card, file=_picture(ctx, bill_facts, stations) if stations else None)


@slash.command("cosponsors", "List a bill's cosponsors, newest first, and who withdrew", "{bill}", params=(BILL,))
@of_bill
def cosponsors(ctx: Context, bill: BillNumber) -> Reply:
    bill_facts = facts_of(ctx, bill)
    if bill_facts.cosponsors is None or bill_facts.current_cosponsors is None:
        raise Refused(f"The cosponsors of {bill.label} are not known: its record has not been read. {follow_hint(ctx)}")
    everyone = sorted(bill_facts.cosponsors.values(), key=lambda member: member.joined or bill.ends, reverse=True)
    withdrawn = [member for member in everyone if member.withdrawn]
    withdrew = f"{len(withdrawn)} withdrew"
    head = f"{bill.label}: {number(len(bill_facts.current_cosponsors), 'cosponsor')}, {withdrew}"
    lines = [f"Sponsor: {bill_facts.sponsor or 'not known'}", *map(wording.cosponsor, everyone)]
    return long_answer(head, lines, f"cosponsors-{bill.id}.txt", foot=wording.foot(bill_facts, ctx.zone))


def way(ctx: Context, bill: BillNumber, record: BillRecord) -> tuple[Station, ...]:
    """A bill's stations by its record."""
    happened = steps(record.actions)
    return stations_of(bill, happened, facts.place_of(record, ctx.today))


def _picture(ctx: Context, bill_facts: BillFacts, stations: tuple[Station, ...]) -> File | None:
    """The progress picture, or None if it cannot be rendered: the card says the same in words."""
    title = wording.head(bill_facts)
    try:
        data = progress_png(title, stations, ctx.config.folder)
    except DocumentProblem as problem:
        log.warning("Could not render the progress picture of %s: %s", bill_facts.bill.id, problem)
        return None
    return File(f"{bill_facts.bill.id}.png", "image/png", data, f"{title}. {stations_text(stations)}")


@lru_cache(maxsize=64)
def progress_png(title: str, stations: tuple[Station, ...], folder: Path) -> bytes:
    """The progress picture of a bill called `title`, rendered in the limited process. Raises `DocumentProblem`."""
    rows = [
        {
            "name": station.name,
            "state": station.state.value,
            "on": f"{station.on.day} {station.on:%b %Y}" if station.on else "",
        }
        for station in stations
    ]
    return rendered(_PICTURE, {"title": title, "stations": rows}, folder)


def _family_section(ctx: Context, family: Family, bill: BillNumber) -> Section:
    successor = wording.successor(family, family_laws(ctx, family), bill)
    return Section(_family_name(family), tuple(map(Line, filter(None, (successor, *_family_lines(ctx, family))))))


def _family_lines(ctx: Context, family: Family) -> list[str]:
    return wording.family_lines(family, family_laws(ctx, family), ctx.today)


def _family_name(family: Family) -> str:
    return f"{family.name}{f', which we call {family.known_as}' if family.known_as else ''}"


def next_buttons(ctx: Context, bill: BillNumber, *, has_record: bool) -> tuple[Button, ...]:
    """What the asker may do with a bill, most likely first."""
    tracked = bill.id in tracking.followed(ctx.config.coalition)
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
