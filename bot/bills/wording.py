"""The bills room's sentences. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from bot.bills.families import by_congress
from bot.bills.model import BillFacts, Cosponsorship
from bot.bills.text_diff import Change
from bot.config.coalition import Family
from bot.shared.bill_number import BillNumber, nth
from bot.shared.calendar import day_in_words
from bot.shared.wording import listed, number, short

_LONG: Final = 160  # characters of a clause in an answer


def head(facts: BillFacts) -> str:
    named = facts.title not in ("", facts.bill.said)  # a bill that was followed unread has no other name
    return f"{facts.bill.said}: {short(facts.title, 120)}" if named else facts.bill.said


def people(facts: BillFacts) -> str:
    """Who brought it in, how many joined, who has it."""
    sponsor = "sponsor not known" if facts.sponsor is None else f"by {facts.sponsor or 'nobody named'}"
    standing = facts.standing
    joined = "cosponsors not known" if standing is None else number(len(standing), "cosponsor")
    committees = (
        "committees not known" if facts.committees is None else listed(list(facts.committees)) or "no committee"
    )
    since = f"Introduced {day_in_words(facts.introduced)} " if facts.introduced else "Introduced "
    return f"{since}{sponsor}; {joined}; {committees}."


def family_lines(family: Family, fates: dict[str, str], today: date) -> list[str]:
    """A line for each Congress: its bills, and what became of them. `fates`: bill → its law, "" for none known."""
    lines = []
    for congress, bills in by_congress([BillNumber.of(bill.id) for bill in family.bills]).items():
        laws = {bill: law for bill in bills if (law := fates.get(bill.id, ""))}
        names = listed([bill.name for bill in bills], 9)
        fate = "; ".join(f"{bill.name} became {law}" for bill, law in laws.items())
        if not laws and bills[0].over(today):
            fate = f"ended {day_in_words(bills[0].ends)}, no law known"
        lines.append(f"{nth(congress)}: {names}{f' – {fate}' if fate else ''}")
    return lines


def successor(family: Family, fates: dict[str, str], bill: BillNumber) -> str:
    """What the family came to elsewhere, not before this bill: the law, or its newest bills."""
    laws = {BillNumber.of(id_): law for id_, law in fates.items() if law and id_ != bill.id}
    if later := [each for each in laws if each.congress >= bill.congress]:
        last = max(later, key=lambda each: each.congress)
        which = "Its successor is law" if last.congress > bill.congress else "Another of its family is law"
        return f"{which}: {last.said} became {laws[last]}."
    newest = max(BillNumber.of(each.id).congress for each in family.bills)
    now = [BillNumber.of(each.id).said for each in family.bills if BillNumber.of(each.id).congress == newest]
    return f"Brought in again as {listed(now)}." if newest > bill.congress else ""


def foot(facts: BillFacts, zone: tzinfo, read_at: datetime | None = None) -> str:
    if facts.as_of is None:
        return f"Source: {facts.source}. No record of it was read."
    as_of = f"as of {moment(facts.as_of, zone)}"
    return f"Source: {facts.source}, {as_of}{f'; read {moment(read_at, zone)}' if read_at else ''}"


def moment(at: datetime, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{day_in_words(there.date())} {there:%H:%M}"


def cosponsor(it: Cosponsorship) -> str:
    joined = f", {day_in_words(it.joined)}" if it.joined else ""
    return f"{it.name}{joined}{f', withdrawn {day_in_words(it.withdrawn)}' if it.withdrawn else ''}"


def change(it: Change) -> str:
    """A change in a line, for an answer."""
    if it.kind == "renumbered":
        return f"Renumbered: {it.section}"
    before, after = it.pairs[0] if it.pairs else ("", "")
    more = f" (and {len(it.pairs) - 1} more in it)" if it.kind == "changed" and len(it.pairs) > 1 else ""
    said = {
        "new": f": “{short(after, _LONG)}”" if after else "",
        "gone": "",
        "changed": f": {_swap(short(before, _LONG), short(after, _LONG))}{more}",
    }[it.kind]
    return f"{it.kind.capitalize()}: {it.section}{said}"


def whole_change(it: Change) -> list[str]:
    """A change in full, for the file."""
    lines = [f"{it.kind.upper()}  {it.section}"]
    for before, after in it.pairs:
        lines += [f"  - {before}"] if before else []
        lines += [f"  + {after}"] if after else []
    return [*lines, ""]


def _swap(before: str, after: str) -> str:
    if not before:
        return f"added “{after}”"
    return f"“{before}” became “{after}”" if after else f"“{before}” left out"


def summary(changes: Sequence[Change]) -> str:
    kinds = [(kind, sum(it.kind == kind for it in changes)) for kind in ("changed", "new", "gone", "renumbered")]
    return listed([f"{count} {kind}" for kind, count in kinds if count], 9) or "nothing changed"
