"""What is known of a bill: its record, as its sources have it, or what coalition.yml says of it.

A bill of an earlier Congress that nobody reads is known from coalition.yml alone, with the source that is named there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from itertools import pairwise
from typing import Final

from bot.alerts import bill_milestones
from bot.bills import records
from bot.bills.model import BillFacts, Cosponsorship, Enacted
from bot.bills.records import Kept
from bot.bills.stage import origin, place
from bot.config.coalition import Coalition, Family, FamilyBill
from bot.entries.records import source_states
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words, day_of_a_letter
from bot.sources.congress.bill_record import BillRecord, filled
from bot.sources.congress.bill_steps import Step, outlives, rank, steps
from bot.store.database import Reader

_STYLES: Final = {"Rep.": "Representative", "Sen.": "Senator", "Del.": "Delegate", "Resident": "Resident Commissioner"}
_MEMBER: Final = re.compile(r"(?P<style>Rep\.|Sen\.|Del\.|Resident) (?:Commissioner )?(?P<name>[^\[]+?) *(?:\[.*\])?$")
_SUFFIX: Final = re.compile(r"(?:Jr|Sr|I{2,3}|IV)\.?")


class UnknownBill(Exception):
    """Nobody told us of that bill. The text says what would."""


def about(db: Reader, coalition: Coalition, bill_id: str, *, now: datetime) -> BillFacts:
    """What is known of ``hr4323-119``. Raises `UnknownBill`, and ValueError for what is no bill's id."""
    bill = BillNumber.of(bill_id)
    listed = listing(coalition, bill_id)
    kept = records.of(db, bill_id)
    if kept:
        record, today = whole(kept), coalition.day(now)
        found = _from_record(record, listed[1] if listed else None, today)
        looked = max(filter(None, (kept[0].read_at, _checked_at(db, bill_id))))
        return replace(
            found,
            checked_at=looked,
            enacted=_enacted(db, coalition, found, record.identical),
            companion=_companion(bill, record.identical),
        )
    if listed is None:
        raise UnknownBill(f"I have no record of {bill.said}. /bill track has it read from now on.")
    family, told = listed
    source = f"coalition.yml ({told.source})" if told.source else "coalition.yml"
    became = told.became or "What became of it is not known"
    found = BillFacts(
        bill=bill,
        title=told.title or family.name,
        official_title=None,
        sponsor=None,
        sponsor_id=None,
        introduced=None,
        became=became,
        became_in_letters=became,
        law=bill_milestones.law_number(told.became),
        as_of=None,
        source=source,
    )
    return replace(found, enacted=_enacted(db, coalition, found, frozenset()))


def _enacted(db: Reader, coalition: Coalition, bill: BillFacts, identical: frozenset[str]) -> Enacted | None:
    """The law that the bill's policy became by another bill: one with its text, else of its family, not before it."""
    if bill.law:
        return None
    listed = listing(coalition, bill.bill.id)
    relatives = [BillNumber.of(each.id) for each in listed[0].bills] if listed else []
    candidates = [
        *((BillNumber.of(id_), True) for id_ in sorted(identical)),
        *((other, False) for other in relatives if other.congress >= bill.bill.congress and other.id not in identical),
    ]
    laws = ((other, law_of(db, coalition, other.id), same) for other, same in candidates if other != bill.bill)
    found = [Enacted(other, law, same) for other, law, same in laws if law]
    return min(found, key=lambda it: (not it.same_text, it.bill.congress), default=None)


def _companion(bill: BillNumber, identical: frozenset[str]) -> BillNumber | None:
    """The first bill with the same text that was introduced in the other chamber."""
    there = (each for each in map(BillNumber.of, identical) if origin(each) != origin(bill))
    return min(there, default=None)


def law_of(db: Reader, coalition: Coalition, bill_id: str) -> str:
    """The law that a bill became, by its record or by coalition.yml; "" for none that we know of."""
    kept = records.of(db, bill_id)
    listed = listing(coalition, bill_id)
    return (law(whole(kept)) if kept else "") or (bill_milestones.law_number(listed[1].became) if listed else "")


def _checked_at(db: Reader, bill_id: str) -> datetime | None:
    """When a source last asked for the bill's record, also where nothing had changed."""
    said = (state.memory.cursor.get("bills", {}).get(bill_id, {}) for state in source_states(db).values())
    found = [datetime.fromisoformat(each["checked"]) for each in said if each.get("checked")]
    return max(found, default=None)


def listing(coalition: Coalition, bill_id: str) -> tuple[Family, FamilyBill] | None:
    """The family that a bill belongs to, and what is written there of the bill."""
    found = ((family, bill) for family in coalition.bills.values() for bill in family.bills if bill.id == bill_id)
    return next(found, None)


def fates(db: Reader, coalition: Coalition, family: Family) -> dict[str, str]:
    """The law that each bill of a family became; "" for none that we know of."""
    return {bill.id: law_of(db, coalition, bill.id) for bill in family.bills}


def whole(kept: Sequence[Kept]) -> BillRecord:
    """The record that was touched last, and where it does not say, what the others do."""
    return joined([it.record for it in kept])


def joined(found: Sequence[BillRecord]) -> BillRecord:
    """One record of several of the same bill; the first has the word where it says something."""
    return reduce(filled, found)


def disagreements(kept: Sequence[Kept]) -> list[str]:
    """Where two sources tell of the same bill otherwise, in a line each; the newer speaks first."""
    told = []
    for newer, older in pairwise(kept):
        here, there = ({it.key: it for it in steps(each.record.actions)} for each in (newer, older))
        for one, other, alone in (
            (newer, older, [here[key] for key in here.keys() - there.keys()]),
            (older, newer, [there[key] for key in there.keys() - here.keys()]),
        ):
            if alone:
                last = max(alone, key=lambda step: step.date)
                more = f" and {len(alone) - 1} more" if len(alone) > 1 else ""
                told.append(
                    f"{one.record.source} has “{last.text[:120]}” of {day_in_words(last.date)}{more}; "
                    f"{other.record.source} has not."
                )
    return told


def spoken(name: str) -> str:
    """A member as letters say it: "Rep. Fry, Russell [R-SC-7]" is "Representative Russell Fry"."""
    found = _MEMBER.fullmatch(name.strip())
    if found is None:
        return name
    last, *given = [part.strip() for part in found["name"].split(",")]
    suffix = [part for part in given if _SUFFIX.fullmatch(part)]
    first = [part for part in given if part not in suffix]
    return " ".join((_STYLES[found["style"]], *first, last, *suffix))


def became(record: BillRecord, today: date, day: Callable[[date], str] = day_in_words) -> str:
    """What became of a bill, as far as its record says: "Became Public Law 119-73 on Fri 23 Jan 2026"."""
    happened = steps(record.actions)
    if not happened:
        return "Nothing of it is dated yet"
    last = furthest(happened)
    if record.law or last.type == "Became law":
        return f"Became {law(record)} on {day(last.date)}"
    said = f"{bill_milestones.label(last.type) or last.text} on {day(last.date)}"
    if died(record.number, happened, today):
        ended = day(record.number.ends)
        return f"Died with the {record.number.nth} Congress on {ended}; its furthest step: {said}"
    return said


def died(bill: BillNumber, happened: Sequence[Step], today: date) -> bool:
    """Whether its Congress is over, and nothing of what happened outlives it."""
    return bill.over(today) and not outlives(bill, {step.type for step in happened})


def furthest(happened: Sequence[Step]) -> Step:
    return min(reversed(happened), key=lambda step: rank(step.type))


def law(record: BillRecord) -> str:
    """``Public Law 119-73``; "" where it is none. The list of laws may come later than the action that says so."""
    said = (bill_milestones.law_number(action.text) for action in record.actions)
    return record.law or next(filter(None, said), "")


def _from_record(record: BillRecord, listed: FamilyBill | None, today: date) -> BillFacts:
    sponsor = next(iter(record.sponsors or ()), None)
    happened = steps(record.actions)
    return BillFacts(
        bill=record.number,
        title=record.title or (listed.title if listed else ""),
        official_title=record.official_title,
        sponsor=None if record.sponsors is None else spoken(sponsor.name) if sponsor else "",
        sponsor_id=sponsor.bioguide if sponsor else None,
        introduced=record.introduced,
        cosponsors=_cosponsors(record),
        committees=_committees(record),
        became=became(record, today),
        became_in_letters=became(record, today, day_of_a_letter),
        law=law(record),
        as_of=record.updated,
        source=record.source,
        place=place(record.number, happened, law=law(record), over=died(record.number, happened, today)),
    )


def _cosponsors(record: BillRecord) -> dict[str, Cosponsorship] | None:
    if record.cosponsors is None:
        return None
    return {it.bioguide or it.name: Cosponsorship(it.name, it.joined, it.withdrawn) for it in record.cosponsors}


def _committees(record: BillRecord) -> tuple[str, ...] | None:
    if record.committees is None:
        return None
    return tuple(f"{it.chamber} {it.name}".strip() for it in record.committees)
