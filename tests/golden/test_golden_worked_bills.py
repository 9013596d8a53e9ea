"""What a letter says at each turn that a bill may take, from the rows of its record: `worked_bills.txt`.

The page is written if it is missing, and the test fails so that a person reads it before it is committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.bills.model import BillFacts, Enacted, Stage
from bot.letters.templates.template import TemplateProblem
from bot.shared.bill_number import BillNumber
from tests.golden import test_golden_letters as letters
from tests.golden.test_golden import as_golden
from tests.golden.test_golden_asks import bill_of
from tests.unit.bills.test_stage import (
    BOTH,
    H_PASSED,
    H_REFERRED,
    H_TWICE,
    PART_I,
    RECEIVED,
    REPORTED,
    S_CALENDAR,
    S_PASSED,
    UNION,
    VETOED,
    at,
)

S_REFERRED = "Read twice and referred to the Committee on the Judiciary. [ssju00]"
S_REPORTED = (
    "Committee on the Judiciary. Reported by Senator Roe without amendment. With written report No. 119-9. [ssju00]"
)
TO_SENATE_COMMITTEE = "Received in the Senate and Read twice and referred to the Committee on the Judiciary. [ssju00]"
AMENDED = "Passed Senate with an amendment by Yea-Nay Vote. 51 - 48."
OVERRODE = (
    "Passed House over veto: Two-thirds of the Members present having voted in the affirmative the bill is passed, "
    "Passed by the Yeas and Nays: (2/3 required): 383 - 41."
)
NOT_OVERRODE = (
    "On passage, the objections of the President to the contrary notwithstanding Failed by the Yeas and Nays: (2/3 "
    "required): 248 - 177."
)
JOINED = "March 3, 2026"
JUDICIARY, S_JUDICIARY = "House Committee on the Judiciary", "Senate Committee on the Judiciary"
FOREIGN = "House Committee on Foreign Affairs"
H, S = {"chamber": "House"}, {"chamber": "Senate"}
DELEGATE = H | {"votes": False}


class Case(NamedTuple):
    what: str
    bill: str
    rows: tuple[str, ...]
    people: Mapping[str, Mapping[str, Any]]
    title: str = "Example Relief Act"
    template: str = "support-a-bill"
    twin: tuple[str, ...] = ()  # the rows of its companion
    enacted: Enacted | None = None


MEMBERS = {"A representative": H, "A senator": S}
CASES = (
    Case("In committee", "s1-119", (S_REFERRED,), {
        "A cosponsor": S | {"cosponsor_since": JOINED},
        "The chair": S | {"committee": S_JUDICIARY, "chairs": S_JUDICIARY},
        "The ranking member": S | {"committee": S_JUDICIARY, "ranking": S_JUDICIARY},
        "A member of the committee": S | {"committee": S_JUDICIARY},
        "A senator": S,
    }),
    Case("Reported, on the calendar", "s1-119", (S_REFERRED, S_REPORTED, S_CALENDAR), MEMBERS),
    Case("Reported by one of two committees", "hr1-119", (H_TWICE, PART_I), {
        "The chair that reported it": H | {"reported": JUDICIARY, "chairs": JUDICIARY},
        "The chair that still has it": H | {"committee": FOREIGN, "chairs": FOREIGN},
    }),
    Case("Recommitted", "hr1-119", (
        H_REFERRED, REPORTED, UNION,
        "On motion to recommit the bill to the Committee on the Judiciary Agreed to by the Yeas and Nays: 210 - 200.",
    ), MEMBERS),
    Case("A discharge petition", "hr1-119", (
        H_REFERRED, "Motion to Discharge Committee filed by Ms. Roe. Petition No: 119-16.",
    ), MEMBERS | {"A delegate": DELEGATE}),
    Case("Cloture not invoked", "s1-119", (
        S_CALENDAR, "Cloture on the motion to proceed to the measure not invoked in Senate by Yea-Nay Vote. 52 - 47.",
    ), MEMBERS),
    Case("Failed under suspension", "hr1-119", (
        H_REFERRED,
        "On motion to suspend the rules and pass the bill Failed by the Yeas and Nays: (2/3 required): 240 - 180.",
    ), MEMBERS),
    Case("Failed in the Senate", "hr1-119", (
        H_PASSED, RECEIVED, "Failed of passage in Senate by Yea-Nay Vote. 45 - 54.",
    ), MEMBERS),
    Case("Passed the Senate, in a House committee", "s1-119", (S_PASSED, "Held at the desk.", H_REFERRED), MEMBERS),
    Case("Passed the House, in a Senate committee", "hr1-119", (H_PASSED, TO_SENATE_COMMITTEE), MEMBERS),
    Case("At the Senate’s desk", "hr1-119", (H_PASSED, "Received in the Senate, read twice."), MEMBERS),
    Case("Held at the House’s desk", "s1-119", (S_PASSED, "Received in the House.", "Held at the desk."), MEMBERS),
    Case("On the Senate’s calendar on arrival", "hr1-119", (
        H_PASSED, f"Received in the Senate. Read twice. {S_CALENDAR}",
    ), MEMBERS),
    Case("Its companion has passed the House", "s1-119", (S_REFERRED,), MEMBERS, twin=(H_PASSED, TO_SENATE_COMMITTEE)),
    Case("Amended by the Senate", "hr1-119", (H_PASSED, RECEIVED, AMENDED), MEMBERS),
    Case("In conference", "hr1-119", (H_PASSED, AMENDED, "Conference held."), MEMBERS),
    Case("Vetoed", "hr1-119", (*BOTH, VETOED), MEMBERS | {"A delegate": DELEGATE}),
    Case("One chamber overrode the veto", "hr1-119", (*BOTH, VETOED, OVERRODE), MEMBERS),
    Case("The override failed", "hr1-119", (*BOTH, VETOED, NOT_OVERRODE), MEMBERS),
    Case("With the President", "hr1-119", (*BOTH, "Presented to President."), MEMBERS),
    Case("A resolution agreed to", "sres1-119", (
        "Submitted in the Senate, considered, and agreed to without amendment by Unanimous Consent.",
    ), MEMBERS, title="A resolution supporting the goals of a day."),
    Case("A cosponsor of it", "sres1-119", ("Resolution agreed to in Senate without amendment by Voice Vote.",), {
        "A cosponsor": S | {"cosponsor_since": JOINED},
    }, title="A resolution supporting the goals of a day.", template="thank-a-cosponsor"),
    Case("Law", "hr1-119", (*BOTH, "Became Public Law No: 119-73."), MEMBERS),
    Case("The twin of a law", "s1-119", (S_REFERRED,), MEMBERS,
         enacted=Enacted(BillNumber.of("hr88-119"), "Public Law 119-73", same_text=True)),
    Case("Of the family of a law", "s1-119", (S_REFERRED,), MEMBERS,
         enacted=Enacted(BillNumber.of("hr88-119"), "Public Law 119-73", same_text=False)),
    Case("A cosponsor who withdrew", "s1-119", (S_REFERRED,), {"The senator": S | {"withdrew_on": "February 2, 2026"}}),
    Case("A joint resolution of disapproval", "hjres1-119", (H_REFERRED,), MEMBERS,
         title="Providing for congressional disapproval of the rule submitted by the Department of Labor."),
    Case("A resolution in committee", "sres1-119", (S_REFERRED,), MEMBERS,
         title="A resolution supporting the goals of a day."),
)  # fmt: skip


def bill(case: Case) -> BillFacts:
    place = at(case.bill, *case.rows, title=case.title)
    law = "Public Law 119-73" if place.stage is Stage.LAW else ""
    found = replace(
        bill_of(case.bill, place, companion=bool(case.twin)),
        title=case.title,
        official_title=case.title,
        law=law,
        checked_at=datetime(2026, 11, 20, 17, tzinfo=UTC),
        cosponsors={},
        enacted=case.enacted,
    )
    if found.twin:
        found = replace(found, twin=replace(found.twin, place=at(found.twin.bill.id, *case.twin)))
    return found


def letter(case: Case, record: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """The paragraphs that say where the bill is and what is asked; or why there is no letter."""
    monkeypatch.setitem(letters.VARIANTS, case.template, {"": {"bill": bill(case), "record": dict(record)}})
    try:
        text = letters.written(case.template, "")
    except TemplateProblem as problem:
        return f"  NO LETTER: {problem}"
    status = bill(case).status_as(BillNumber.of(case.bill).name, letters.day_of_a_letter)
    wanted = ("ask you to", "Thank you for", status)
    said = [part for part in text.split("\n") if any(words in part for words in wanted)]
    return "\n".join(f"  {part}" for part in said)


def test_every_turn_of_a_bill_reads_so(monkeypatch):
    lines = [__doc__.split("\n")[0]]
    for case in CASES:
        lines += ["", f"## {case.what} ({BillNumber.of(case.bill).name})", *(f"  > {row}" for row in case.rows)]
        for who, record in case.people.items():
            lines += [f"{who}:", letter(case, record, monkeypatch)]
    assert date(2026, 11, 30) == letters.TODAY  # five weeks before the 119th Congress ends
    as_golden("\n".join(lines) + "\n", Path(__file__).parent / "worked_bills.txt")
