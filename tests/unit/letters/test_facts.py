"""The facts a template may use: each in its documented place, plain, and never more than we know."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.bills.model import BillFacts, Cosponsorship, Place, Stage
from bot.congress.model import Addressee
from bot.deadlines.model import Claim, Commitment, State
from bot.letters.drafting import derive, facts
from bot.letters.drafting.facts import FACTS
from bot.letters.facts import of_coalition
from bot.letters.templates import template
from bot.shared.bill_number import BillNumber
from bot.shared.entry import Hearing, Kind
from bot.store import sqlite
from tests.kit import configs
from tests.kit.alerts import document, news

ROOT = Path(__file__).parents[3]
COALITION = configs.shipped().coalition
TODAY = date(2026, 11, 25)
READ = date(2026, 11, 26)  # the day on which what ships was read
ZONE = ZoneInfo("America/New_York")
BILL = BillFacts(
    bill=BillNumber.of("hr4323-119"),
    title="Relief Act",
    official_title=None,
    sponsor=None,
    sponsor_id=None,
    introduced=None,
    cosponsors={
        "A000001": Cosponsorship("Rep. A", date(2025, 3, 3)),
        "B000001": Cosponsorship("Rep. B", date(2025, 3, 3), withdrawn=date(2025, 4, 4)),
    },
    committees=("House Committee on the Judiciary",),
    listed="Referred to committee.",
    law="",
    as_of=datetime(2026, 4, 9, 3, tzinfo=UTC),
    checked_at=datetime(2026, 11, 25, 3, tzinfo=UTC),
    source="GovInfo",
)
DUTY = Commitment(
    id="d",
    basis="6 U.S.C. 645",
    owed="The directive",
    by="the Secretary",
    since=date(2018, 12, 21),
    period="180 days",
    source="https://law.example",
    looked_on=date(2026, 11, 24),
    confirmed=True,
)
HER = Addressee(id="member:D000001", name="Senator Doe", block=("x",), salutation="Dear Senator Doe:")

STORY = news("a", "Gloves seized", outlet="The Example Times", url="https://times.example/gloves")


def paths(group, value):
    if not isinstance(value, dict):
        return {group}
    return set().union(*(paths(f"{group}.{name}", each) for name, each in value.items()))


@pytest.mark.parametrize(
    ("group", "made"),
    [
        ("coalition", of_coalition(COALITION)),
        ("addressee", facts.of_addressee(COALITION, HER)),
        ("ask", facts.of_ask(1, COALITION.asks[1])),
        ("bill", facts.of_bill(BILL, TODAY, ZONE)),
        ("duty", facts.of_duty(DUTY, TODAY)),
        ("entry", derive.facts_of_entry(STORY, COALITION, TODAY)),
    ],
)
def test_each_group_has_exactly_the_facts_that_are_documented_of_their_kinds(group, made):
    kinds = {path: type(example) for path, example in FACTS.items() if path.split(".")[0] == group}

    assert paths(group, made) == set(kinds)
    for path, kind in kinds.items():
        value = made
        for name in path.split(".")[1:]:
            value = value[name]
        assert type(value) is kind, path
    json.dumps(made)


def test_a_bill_s_facts_are_as_of_the_coalition_s_day_and_count_nobody_who_withdrew():
    made = facts.of_bill(BILL, TODAY, ZONE)

    assert made["as_of"] == "November 24, 2026"
    assert (made["number"], made["congress"], made["cosponsors"], made["sponsor"]) == ("H.R. 4323", "119th", 1, "")


def test_a_law_s_facts_include_its_confirmed_duties():
    law = replace(BILL, law="Public Law 119-73")
    owed = [
        replace(
            DUTY, basis="Public Law 119-73, section 3(a)", owed="The report", since=date(2026, 1, 23), period="1 year"
        ),
        replace(DUTY, basis="Public Law 119-73, section 4", owed="Unread", confirmed=False),
        DUTY,
    ]
    assert facts.of_bill(law, TODAY, ZONE, owed)["duties"] == [
        "The report, due January 23, 2027 from the Secretary (Public Law 119-73, section 3(a))"
    ]


@pytest.mark.parametrize(
    ("law", "today", "over"),
    [("", date(2027, 1, 2), False), ("", date(2027, 1, 3), True), ("Public Law 119-73", date(2027, 1, 3), False)],
)
def test_a_bill_is_over_when_its_congress_is_and_it_is_not_law(law, today, over):
    assert facts.of_bill(replace(BILL, law=law), today, ZONE)["over"] is over


def test_a_bill_that_waits_for_its_signature_is_not_over_with_its_congress():
    waiting = replace(BILL, place=Place(stage=Stage.PRESIDENT, since=date(2026, 12, 30)))
    assert facts.of_bill(waiting, date(2027, 1, 5), ZONE)["over"] is False


def test_a_duty_is_past_the_day_after_it_was_due():
    assert facts.of_duty(DUTY, date(2019, 6, 19))["past"] is False
    assert facts.of_duty(DUTY, date(2019, 6, 20)) == {
        "kind": "law",
        "statute": "6 U.S.C. 645",
        "owed": "The directive",
        "by": "the Secretary",
        "due": "June 19, 2019",
        "past": True,
        "state": State.UNKNOWN.value,
    }


def test_an_office_has_an_empty_record_and_a_member_has_theirs():
    assert not any(facts.of_addressee(COALITION, HER)["record"].values())
    assert facts.of_addressee(COALITION, HER, {"freshman": True})["record"]["freshman"] is True


@pytest.fixture
def db(tmp_path):
    made = sqlite.create(tmp_path / "bot.db")
    yield made
    made.close()


def test_the_claim_of_a_duty_writes_its_days_as_letters_do(db):
    claim = facts.current_claim(db, COALITION, "duty:dhs-directive", READ)

    assert claim.id == "duty:dhs-directive"
    assert "was due June 19, 2019; as of November 26, 2026 we have found no public record" in claim.text


def test_an_expired_claim_gives_the_reason(db):
    stored = facts.claims(COALITION, template.meta(ROOT, "business-accountability"), READ)
    claim = stored["forced-labor-imports"]

    assert isinstance(claim, Claim)
    assert facts.current_claim(db, COALITION, claim.id, READ) == claim
    assert "too long ago" in facts.current_claim(db, COALITION, claim.id, date(2028, 1, 1))
    assert "no authority" in facts.current_claim(db, COALITION, "gone", READ)
    assert "There is no commitment" in facts.current_claim(db, COALITION, "duty:gone", READ)


def test_a_story_has_an_outlet_and_a_document_has_none():
    assert derive.facts_of_entry(STORY, COALITION, TODAY)["outlet"] == "The Example Times"
    assert derive.facts_of_entry(document(), COALITION, TODAY)["outlet"] == ""


@pytest.mark.parametrize(
    ("subcommittee", "name"),
    [
        ("", "Senate Judiciary Committee"),
        ("a subcommittee", "Senate Judiciary Committee"),  # whose name its chamber's list does not give
        ("Crime Subcommittee", "Crime Subcommittee of the Senate Judiciary Committee"),
        ("Federal Rights", "Subcommittee on Federal Rights of the Senate Judiciary Committee"),
    ],
)
def test_a_hearing_is_that_of_the_subcommittee_that_holds_it(subcommittee, name):
    hearing = Hearing(
        id="senate:1", chamber="Senate", committee="Senate Judiciary Committee", committee_id="SSJU25", kind="Hearing",
        day=TODAY, subcommittee=subcommittee,
    )  # fmt: skip
    entry = replace(STORY, kind=Kind.HEARING, hearing=hearing)
    assert derive.facts_of_entry(entry, COALITION, TODAY)["committee"] == name


def test_a_withheld_headline_and_its_address_are_no_facts():
    withheld = derive.facts_of_entry(STORY.withhold(), COALITION, TODAY)

    assert (withheld["title"], withheld["url"], withheld["outlet"]) == ("", "", "")


@pytest.mark.parametrize(
    ("dockets", "id_"),
    [
        (("CIS No. 2716-26", "DHS Docket No. USCIS-2026-0010"), "USCIS-2026-0010"),
        (("OMB Number 1121-0339",), ""),
        (("OVC_FRDOC_0001",), ""),
        (None, ""),
    ],
)
def test_the_docket_of_a_document_is_one_that_regulations_gov_has(dockets, id_):
    assert derive.facts_of_entry(document(dockets=dockets), COALITION, TODAY)["docket"] == id_


def test_a_document_is_cited_as_letters_cite_the_register():
    cited = document(citation="91 FR 72130", references=("docket:USCIS-2026-0010", "rin:1615-AC12"))
    made = derive.facts_of_entry(cited, COALITION, TODAY)

    assert (made["citation"], made["rin"]) == ("91 Fed. Reg. 72130", "1615-AC12")


def test_comments_are_closed_the_day_after_the_last_one():
    made = document(comments_close_on=TODAY)

    assert not derive.facts_of_entry(made, COALITION, TODAY)["comments_closed"]
    assert derive.facts_of_entry(made, COALITION, TODAY + timedelta(days=1))["comments_closed"]
