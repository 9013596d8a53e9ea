"""What a letter may say of its addressee and a bill: only what the record says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.bills.model import BillFacts, Cosponsorship, Place, Stage
from bot.congress import records
from bot.letters.committees import UNDATED, committees_of, record_of
from bot.letters.drafting.facts import FACTS
from bot.shared.bill_number import BillNumber
from tests.kit.congress import (
    ACCENT,
    CHAIR,
    COMMISSIONER,
    DELEGATE,
    NAMESAKE,
    NOW,
    SENATOR,
    SENATOR_TOO,
    directory,
    member,
    public,
)


def facts(bill_id: str, **change: Any) -> BillFacts:
    """Ash sponsors it, Velázquez and a former member cosponsor it, Pine has withdrawn."""
    sponsors = {
        "sponsor_id": f"T{NAMESAKE:06}",
        "cosponsors": {
            f"T{ACCENT:06}": Cosponsorship("Rep. Velázquez", date(2025, 3, 3)),
            f"T{DELEGATE:06}": Cosponsorship("Del. Pine", date(2025, 3, 3), date(2025, 4, 4)),
            "L000999": Cosponsorship("Rep. Left", date(2025, 3, 3)),
        },
    }
    return BillFacts(
        **{
            "bill": BillNumber.of(bill_id), "title": "An Act", "official_title": None, "sponsor": "Rep. Ash",
            "introduced": None, "law": "", "as_of": None, "source": "here",
        } | sponsors | change
    )  # fmt: skip


BILL = facts("hr4323-119", committees=("House Judiciary Committee",))
NOTHING = {
    "sponsor": False, "cosponsor_since": "", "withdrew_on": "", "committee": "", "chairs": "", "ranking": "",
    "reported": "", "companion": "", "votes": True, "leads": "",
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
            {"state": "New York", "chamber": "House", "cosponsor_since": "March 3, 2025",
             "committee": HOUSE_JUDICIARY},
        ),
        (
            member(DELEGATE),
            {"state": "Guam", "chamber": "House", "votes": False, "withdrew_on": "April 4, 2025",
             "committee": HOUSE_JUDICIARY},
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
            {"state": "Guam", "chamber": "House", "votes": False, "withdrew_on": "April 4, 2025",
             "committee": HOUSE_JUDICIARY,
             "ranking": f"Subcommittee on the Constitution, Courts, and Records, {HOUSE_JUDICIARY}"},
        ),
        (member(COMMISSIONER), {"state": "Puerto Rico", "chamber": "House", "votes": False}),
    ],
)  # fmt: skip
def test_a_member_s_record_has_the_facts_of_the_directory_and_the_bill(db, id_, earlier):
    assert record_of(db, id_, BILL) == NOTHING | earlier


@pytest.mark.parametrize("id_", ["office:trees", "joint:chair:HSJU+office:trees", "member:X000001", "chair:HSRU"])
def test_an_addressee_who_is_not_a_member_has_no_record(db, id_):
    assert record_of(db, id_, BILL) == {}


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
    record = record_of(db, member(ACCENT), None)
    assert record == NOTHING | {"state": "New York", "chamber": "House"}


def test_chair_and_ranking_member_are_addressed_together_for_the_committee_they_lead(db):
    both = record_of(db, "joint:chair:HSJU10+ranking:HSJU10", BILL)
    alone = record_of(db, "ranking:HSJU10", BILL)

    assert both["ranking"] == alone["ranking"]
    assert both["chamber"] == "House"
    assert not both["sponsor"]


def test_a_state_with_an_article_has_it(tmp_path: Path):
    db, snapshot = directory(tmp_path), public()
    delegate = replace(snapshot.members[0], bioguide="D000001", state="DC")
    with db.write() as tx:
        records.replace(tx, replace(snapshot, members=(delegate,), committees=(), seats=()), now=NOW)

    assert record_of(db, "member:D000001", None)["state"] == "the District of Columbia"


def test_a_committee_belongs_to_its_chamber(db):
    senate = facts("s2255-119", committees=("Senate Judiciary Committee",))
    assert record_of(db, member(CHAIR), senate)["committee"] == ""
    assert record_of(db, member(SENATOR), senate)["committee"] == "Senate Committee on the Judiciary"


def test_a_cosponsor_whose_day_is_not_known_is_still_a_cosponsor(db):
    undated = facts("hr4323-119", cosponsors={f"T{ACCENT:06}": Cosponsorship("Rep. Velázquez", None)})
    assert record_of(db, member(ACCENT), undated)["cosponsor_since"] == UNDATED


def test_the_committees_that_have_a_bill_are_those_of_its_stage_and_not_those_that_had_it(db):
    judiciary, senate = ("hsju00", "Judiciary Committee"), ("ssju00", "Judiciary Committee")
    passed = Place(stage=Stage.REFERRED_SECOND, chamber="Senate", passed=("House",), committees=(senate,))
    calendar = Place(stage=Stage.ON_CALENDAR, chamber="House", reported=(judiciary,))
    listed = ("House Judiciary Committee", "Senate Judiciary Committee")

    gone = record_of(db, member(CHAIR), facts("hr4323-119", committees=listed, place=passed))
    assert (gone["committee"], gone["reported"]) == ("", "")
    there = record_of(db, member(SENATOR), facts("hr4323-119", committees=listed, place=passed))
    assert there["committee"] == "Senate Committee on the Judiciary"
    done = record_of(db, member(CHAIR), facts("hr4323-119", committees=listed, place=calendar))
    assert (done["committee"], done["reported"]) == ("", HOUSE_JUDICIARY)


def test_what_a_member_did_for_the_companion_is_on_their_record(db):
    twin = facts("s99-119", sponsor_id=f"T{SENATOR:06}", cosponsors={})
    bill = facts("hr4323-119", companion=twin.bill, twin=twin)
    assert record_of(db, member(SENATOR), bill)["companion"] == "introducing S. 99"
    joined = {f"T{SENATOR_TOO:06}": Cosponsorship("Sen. Oak", date(2025, 8, 1))}
    bill = replace(bill, twin=replace(twin, cosponsors=joined))
    assert record_of(db, member(SENATOR_TOO), bill)["companion"] == "joining S. 99 as a cosponsor on August 1, 2025"


def test_the_record_has_what_templates_are_promised(db):
    name = "addressee.record."
    promised = {path.removeprefix(name) for path in FACTS if path.startswith(name)}
    asked = {"kind", "thanks", "ask", "ask_again", "refusal"}  # added by the table of asks
    assert set(record_of(db, member(ACCENT), BILL)) == promised - asked
