"""Where a bill is, by its steps, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.bills.stage import Place, Stage, place
from bot.shared.bill_number import BillNumber
from bot.sources.congress.bill_steps import Step

HOUSE, SENATE = "House", "Senate"


def at(id_: str, *types: str, law: str = "", over: bool = False) -> Place:
    first = date(2025, 7, 10)
    happened = [Step(str(n), first + timedelta(n), None, type_, type_) for n, type_ in enumerate(types)]
    return place(BillNumber.of(id_), happened, law=law, over=over)


@pytest.mark.parametrize(
    ("id_", "types", "stage", "before", "passed"),
    [
        ("hr1-119", ("Introduced", "Referred"), Stage.COMMITTEE, HOUSE, ()),
        ("s1-119", ("Introduced", "Referred", "Hearing held", "Markup held"), Stage.COMMITTEE, SENATE, ()),
        ("hr1-119", ("Introduced", "Referred", "Ordered reported"), Stage.REPORTED, HOUSE, ()),
        ("hr1-119", ("Introduced", "Reported", "Placed on calendar", "Rule"), Stage.REPORTED, HOUSE, ()),
        ("s1-119", ("Introduced", "Referred", "Discharged"), Stage.REPORTED, SENATE, ()),
        ("hr1-119", ("Introduced", "Reported", "Passed House"), Stage.COMMITTEE, SENATE, (HOUSE,)),
        ("hr1-119", ("Reported", "Passed House", "Received in Senate", "Referred"), Stage.COMMITTEE, SENATE, (HOUSE,)),
        ("hr1-119", ("Reported", "Passed House", "Placed on calendar"), Stage.REPORTED, SENATE, (HOUSE,)),
        ("s1-119", ("Reported", "Passed Senate", "Received in House", "Reported"), Stage.REPORTED, HOUSE, (SENATE,)),
        ("hr1-119", ("Passed House", "Passed Senate"), Stage.AGREED, "", (HOUSE, SENATE)),
        ("s1-119", ("Passed Senate", "Passed House"), Stage.AGREED, "", (SENATE, HOUSE)),
        ("hr1-119", ("Passed House", "Passed Senate", "Conference"), Stage.CONFERENCE, "", (HOUSE, SENATE)),
        ("hr1-119", ("Passed House", "Passed Senate", "Chambers agreed"), Stage.AGREED, "", (HOUSE, SENATE)),
        ("hr1-119", ("Passed House", "Passed Senate", "Presented to President"), Stage.PRESIDENT, "", (HOUSE, SENATE)),
        ("hr1-119", ("Passed House", "Passed Senate", "Presented to President", "Vetoed by President"), Stage.VETOED,
         HOUSE, (HOUSE, SENATE)),
        ("hr1-119", ("Passed House", "Passed Senate", "Became law"), Stage.LAW, "", (HOUSE, SENATE)),
        ("hres1-119", ("Introduced", "Passed House"), Stage.DONE, "", (HOUSE,)),
        ("hconres1-119", ("Passed House",), Stage.COMMITTEE, SENATE, (HOUSE,)),
        ("hconres1-119", ("Passed House", "Passed Senate"), Stage.DONE, "", (HOUSE, SENATE)),
    ],
)  # fmt: skip
def test_steps_give_the_stage_and_the_chamber_that_acts_next(id_, types, stage, before, passed):
    result = at(id_, *types)
    assert (result.stage, result.before, result.passed) == (stage, before, passed)


def test_a_law_is_law_before_its_step_is_on_record_and_a_dead_bill_waits_for_nobody():
    assert at("hr1-119", "Passed House", law="Public Law 119-1").stage is Stage.LAW
    dead = at("hr1-119", "Introduced", over=True)
    assert (dead.stage, dead.before, dead.since) == (Stage.OVER, "", date(2027, 1, 3))


def test_the_day_is_that_of_the_step_that_brought_it_there():
    assert at("hr1-119", "Introduced", "Ordered reported").since == date(2025, 7, 11)
    assert at("hr1-119", "Passed House", "Passed Senate").since == date(2025, 7, 11)
