"""What a letter may say of its addressee and a bill: only what the record says."""

from __future__ import annotations

from datetime import date

import pytest

from bot.bills.model import Cosponsorship
from bot.bills.stage import UNREAD, Place, Stage
from bot.letters.drafting.facts import FACTS
from bot.letters.recipients.committees import UNDATED, committees_of, in_a_sentence, may_cosponsor, record_of, waits_for
from bot.shared.bill_number import BillNumber
from tests.kit.congress import (
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
    "freshman": True, "turn": "", "may_cosponsor": True,
}  # fmt: skip
HOUSE_JUDICIARY = "House Committee on the Judiciary"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory):
    return directory(tmp_path_factory.mktemp("congress"))


@pytest.mark.parametrize(
    ("id_", "earlier"),
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
            {"state": "New York", "chamber": "Senate", "chairs": "Senate Committee on the Judiciary", "turn": "other",
             "may_cosponsor": False},
        ),
        (
            "ranking:HSJU10",
            {"state": "Guam", "chamber": "House", "withdrew_on": "April 4, 2025", "committee": HOUSE_JUDICIARY,
             "ranking": f"Subcommittee on the Constitution, Courts, and Records, {HOUSE_JUDICIARY}"},
        ),
        (member(COMMISSIONER), {"state": "Puerto Rico", "chamber": "House"}),
    ],
)  # fmt: skip
def test_a_member_s_record_has_the_facts_of_the_directory_and_the_bill(db, id_, earlier):
    assert record_of(db, id_, BILL, today=TODAY) == NOTHING | earlier


@pytest.mark.parametrize("id_", ["office:trees", "joint:chair:HSJU+office:trees", "member:X000001", "chair:HSRU"])
def test_an_addressee_who_is_not_a_member_has_no_record(db, id_):
    assert record_of(db, id_, BILL, today=TODAY) == {}


@pytest.mark.parametrize(
    ("id_", "ids"),
    [
        ("office:trees", ()),
        ("chair:SSJU", ("SSJU",)),
        ("ranking:HSJU10", ("HSJU10", "HSJU")),
        ("joint:chair:SSJU+ranking:HSJU10", ("SSJU", "HSJU10", "HSJU")),
        (member(NAMESAKE), ()),
    ],
)
def test_leaders_act_for_the_committee_they_lead_and_for_the_one_above_it(db, id_, ids):
    assert committees_of(db, id_) == ids


def test_a_member_acts_for_the_committees_on_which_they_sit(db):
    assert "HSJU" in committees_of(db, member(CHAIR))


def test_without_a_bill_the_record_has_only_the_member(db):
    record = record_of(db, member(ACCENT), None, today=TODAY)
    assert record == NOTHING | {"state": "New York", "chamber": "House", "freshman": False, "may_cosponsor": False}


def test_chair_and_ranking_member_are_addressed_together_for_the_committee_they_lead(db):
    both = record_of(db, "joint:chair:HSJU10+ranking:HSJU10", BILL, today=TODAY)
    alone = record_of(db, "ranking:HSJU10", BILL, today=TODAY)

    assert both["ranking"] == alone["ranking"]
    assert both["chamber"] == "House"
    assert not both["sponsor"]


@pytest.mark.parametrize(
    ("state", "text"), [("DC", "the District of Columbia"), ("VI", "the Virgin Islands"), ("NY", "New York")]
)
def test_a_state_is_written_as_in_a_sentence(state, text):
    assert in_a_sentence(state) == text


BOTH = ("House", "Senate")


@pytest.mark.parametrize(
    ("place", "house", "senate"),
    [
        (UNREAD, ("", True), ("other", False)),
        (Place(stage=Stage.IN_COMMITTEE, chamber="House"), ("committee", True), ("other", False)),
        (Place(stage=Stage.ON_CALENDAR, chamber="House"), ("floor", False), ("other", False)),
        (
            Place(stage=Stage.REFERRED_SECOND, chamber="Senate", passed=("House",)),
            ("passed", False),
            ("committee", False),
        ),
        (Place(stage=Stage.ON_ARRIVAL, chamber="Senate", passed=("House",)), ("passed", False), ("floor", False)),
        (Place(stage=Stage.ENROLLING, passed=BOTH), ("both", False), ("both", False)),
        (Place(stage=Stage.CONFERENCE, passed=BOTH), ("conference", False), ("conference", False)),
        (Place(stage=Stage.VETOED, chamber="House", passed=BOTH), ("veto", False), ("veto", False)),
    ],
)
def test_what_a_house_bill_waits_for_depends_on_the_chamber(place, house, senate):
    bill = BillNumber.of("hr1144-119")
    for chamber, expected in (("House", house), ("Senate", senate)):
        assert (waits_for(place, bill, chamber), may_cosponsor(place, bill, chamber)) == expected


def test_a_senate_bill_takes_cosponsors_until_the_vote():
    bill = BillNumber.of("s1-119")
    assert may_cosponsor(Place(stage=Stage.ON_CALENDAR, chamber="Senate"), bill, "Senate")
    assert not may_cosponsor(Place(stage=Stage.REFERRED_SECOND, chamber="House", passed=("Senate",)), bill, "Senate")


def test_a_committee_belongs_to_its_chamber(db):
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
