"""What a letter may say of its addressee and a bill: only what the record says."""

from __future__ import annotations

from datetime import date

import pytest

from bot.bills.model import Cosponsorship
from bot.letters.facts import FACTS
from bot.letters.standing import UNDATED, record_of
from tests.congress_kit import (
    ACCENT,
    CHAIR,
    COMMISSIONER,
    DELEGATE,
    NAMESAKE,
    NEWCOMER,
    SENATOR,
    TODAY,
    directory,
    member,
)
from tests.unit.letters.test_select import facts

BILL = facts("hr4323-119", committees=("House Judiciary Committee",))
NOTHING = {
    "sponsor": False, "cosponsor_since": "", "withdrew_on": "", "committee": "", "chairs": "", "ranking": "",
    "freshman": True,
}  # fmt: skip
HOUSE_JUDICIARY = "House Committee on the Judiciary"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory):
    return directory(tmp_path_factory.mktemp("congress"))


@pytest.mark.parametrize(
    ("id_", "known"),
    [
        (member(NAMESAKE), {"state": "Texas", "chamber": "House", "sponsor": True}),
        (
            member(ACCENT),
            {"state": "New York", "chamber": "House", "cosponsor_since": "March 3, 2025", "freshman": False,
             "committee": HOUSE_JUDICIARY},
        ),
        (
            member(DELEGATE),
            {"state": "Guam", "chamber": "House", "withdrew_on": "April 4, 2025", "committee": HOUSE_JUDICIARY},
        ),
        (
            member(CHAIR),
            {"state": "Ohio", "chamber": "House", "committee": HOUSE_JUDICIARY, "chairs": HOUSE_JUDICIARY},
        ),
        (
            "chair:SSJU",
            {"state": "New York", "chamber": "Senate", "chairs": "Senate Committee on the Judiciary"},
        ),
        (
            "ranking:HSJU10",
            {"state": "Guam", "chamber": "House", "withdrew_on": "April 4, 2025", "committee": HOUSE_JUDICIARY,
             "ranking": f"Subcommittee on the Constitution, Courts, and Records, {HOUSE_JUDICIARY}"},
        ),
        (member(COMMISSIONER), {"state": "Puerto Rico", "chamber": "House"}),
    ],
)  # fmt: skip
def test_what_the_record_says(db, id_, known):
    assert record_of(db, id_, BILL, today=TODAY) == NOTHING | known


@pytest.mark.parametrize("id_", ["office:trees", "joint:chair:HSJU+ranking:HSJU", "member:X000001", "chair:HSRU"])
def test_who_is_no_member_has_no_record(db, id_):
    assert record_of(db, id_, BILL, today=TODAY) == {}


def test_without_a_bill_there_is_the_member_alone(db):
    record = record_of(db, member(ACCENT), None, today=TODAY)
    assert record == NOTHING | {"state": "New York", "chamber": "House", "freshman": False}


def test_a_committee_is_the_one_of_its_own_chamber(db):
    senate = facts("s2255-119", committees=("Senate Judiciary Committee",))
    assert record_of(db, member(CHAIR), senate, today=TODAY)["committee"] == ""
    assert record_of(db, member(SENATOR), senate, today=TODAY)["committee"] == "Senate Committee on the Judiciary"


def test_a_cosponsor_whose_day_is_not_known_is_still_a_cosponsor(db):
    undated = facts("hr4323-119", cosponsors={f"T{ACCENT:06}": Cosponsorship("Rep. Velázquez", None)})
    assert record_of(db, member(ACCENT), undated, today=TODAY)["cosponsor_since"] == UNDATED


@pytest.mark.parametrize(
    ("today", "new"), [(date(2026, 6, 20), True), (date(2027, 1, 2), True), (date(2027, 1, 3), False)]
)
def test_a_freshman_is_one_until_the_next_congress_begins(db, today, new):
    assert record_of(db, member(NEWCOMER), None, today=today)["freshman"] is new


def test_the_record_has_what_templates_are_promised(db):
    name = "addressee.record."
    promised = {fact.path.removeprefix(name) for fact in FACTS if fact.path.startswith(name)}
    assert set(record_of(db, member(ACCENT), BILL, today=TODAY)) == promised
