"""The table of what may be asked about a bill: what makes it unusable, and rules that are no cell."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.bills.model import Place, Stage
from bot.bills.wording import full_name
from bot.letters.drafting import asks
from bot.letters.templates.template import TemplateProblem
from bot.shared.bill_number import BillNumber
from tests.golden.test_golden_asks import HOUSE, JUDICIARY, NAMES, NOBODY, SENATE, SINCE, at, bill_of

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 4, 1)
CHAIR = """  chair:
    late: bring {bill} to a markup, or to let it come to the floor without one, before the Congress ends
    else: hold a hearing on {bill} and to bring it to a markup"""
COMMITTEE = NAMES["House"][0]
IN_HOUSE, IN_SENATE = NOBODY | {"chamber": "House"}, NOBODY | {"chamber": "Senate"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / asks.FILE).parent.mkdir(parents=True)
    shutil.copy(ROOT / asks.FILE, tmp_path / asks.FILE)
    return tmp_path


def asked(place: Place, record, *, id_: str = HOUSE, today: date = TODAY, companion: bool = False) -> asks.Asked:
    return asks.asked(asks.table(ROOT), bill_of(id_, place, companion=companion), record, today)


@pytest.mark.parametrize(
    ("before", "after", "slip"),
    [
        ("- stages: [law]", "- stages: [lawful]", '"lawful" is not a stage'),
        ("- stages: [law]", "- stages: [lawful]", "the stage law is missing"),
        (
            "  sponsor: tell us whether you expect",
            "  friend: tell us whether you expect",
            '"friend" is not a kind of addressee',
        ),
        (
            "  sponsor: press {chairs} for a markup",
            "  friend: press {chairs} for a markup",
            "there is no cell for sponsor",
        ),
        ("{chairs} that you want a hearing", "{chair} that you want a hearing", "“{chair}” is not known"),
        ("{introduce} a companion to {bill}", "{introduce} {companion} to {bill}", "put it under the condition"),
        (CHAIR, "  chair: { maybe: hold }", '"maybe" is not a condition'),
        (CHAIR, "  chair: { house: hold }", "do not end with else"),
        (CHAIR, "  chair: { as: friend }", '"as: friend" names no cell'),
        (CHAIR, "  chair: 7", "a cell is a text"),
        (CHAIR, "  chair: { ask: [hold] }", "chair: its ask, thanks, refuse and as are texts"),
        (CHAIR, "  chair: { as: [member] }", "chair: its ask, thanks, refuse and as are texts"),
        (CHAIR, "  chair: { thanks: Thank you. }", "chair: it thanks and asks for nothing"),
        (CHAIR, "  chair: { house: { as: chair }, else: hold }", "“as” leads in a circle: chair → chair"),
        ("- stages: [law]", "- stages: law", "the stage law is missing"),
        ("- stages: [law]", "- stages: 7", "the stage law is missing"),
        ("- stages: [law]", "- stages: [law, in-committee]", "the stage in-committee is in two groups"),
    ],
)
def test_a_slip_in_the_table_is_named_and_nothing_is_asked(folder, before, after, slip):
    path = folder / asks.FILE
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")

    assert any(slip in problem for problem in asks.problems(folder)), asks.problems(folder)
    with pytest.raises(TemplateProblem, match="cannot be used"):
        asks.table(folder)


def test_a_folder_without_the_table_says_where_to_get_it(folder):
    (folder / asks.FILE).unlink()
    found = asks.facts_of(folder, bill_of(HOUSE, at(Stage.IN_COMMITTEE, "House"), companion=False), IN_HOUSE, TODAY)
    assert found["ask"] == ""
    assert "Copy it from the bot’s own templates" in found["refusal"]


def test_a_companion_that_is_ahead_is_what_to_ask_for():
    bill = bill_of(SENATE, at(Stage.IN_COMMITTEE, "Senate", committees=(("ssju00", "Judiciary Committee"),)),
                   companion=True)  # fmt: skip
    ahead = replace(bill.twin, place=at(Stage.SENATE_DESK, "Senate", passed=("House",)))
    found = asks.asked(asks.table(ROOT), replace(bill, twin=ahead), IN_SENATE, TODAY)
    assert found.refusal == (
        "H.R. 88, which was introduced with the same text as S. 1234, is ahead of it. H.R. 88 has been at the Senate’s "
        "desk since March 2, 2026, before no committee; the House has passed it. Use bill:hr88-119"
    )


def test_a_rule_that_was_not_used_for_six_weeks_is_no_vote_soon():
    rule = at(Stage.RULE, "House")
    soon, late = (asked(rule, IN_HOUSE, today=SINCE + timedelta(weeks=weeks)) for weeks in (6, 7))
    assert soon.ask.startswith("vote for")
    assert late.ask.startswith("vote for the Relief Act (H.R. 1144), and to press your leaders")


def test_an_unread_bill_asks_for_nothing():
    assert "does not show where H.R. 1144 is" in asked(Place(stage=Stage.UNKNOWN), IN_HOUSE).refusal


@pytest.mark.parametrize(
    ("place", "chamber", "may"),
    [
        (at(Stage.IN_COMMITTEE, "House"), "House", True),
        (at(Stage.ORDERED, "House"), "House", True),
        (at(Stage.ON_CALENDAR, "House"), "House", False),
        (at(Stage.RECOMMITTED, "House"), "House", False),
        (at(Stage.IN_COMMITTEE, "House"), "Senate", False),
        (at(Stage.REFERRED_SECOND, "Senate", passed=("House",)), "House", False),
    ],
)
def test_the_house_takes_cosponsors_until_the_last_committee_reports(place, chamber, may):
    assert asks.may_cosponsor(place, bill_of(HOUSE, place, companion=False), chamber) is may


def test_the_senate_takes_cosponsors_until_the_vote():
    calendar, passed = at(Stage.ON_CALENDAR, "Senate"), at(Stage.PASSED_ONE, "Senate", passed=("Senate",))
    assert asks.may_cosponsor(calendar, bill_of(SENATE, calendar, companion=False), "Senate")
    assert not asks.may_cosponsor(passed, bill_of(SENATE, passed, companion=False), "Senate")


@pytest.mark.parametrize(
    ("id_", "place", "unless"),
    [
        ("sres5-119", at(Stage.IN_COMMITTEE, "Senate"), "it is agreed to"),
        ("hconres5-119", at(Stage.IN_COMMITTEE, "House"), "both chambers have agreed to the same text"),
        (HOUSE, at(Stage.AMENDED, "House", passed=("House", "Senate")), "both chambers have passed the same text"),
        (HOUSE, at(Stage.VETOED, "House", passed=("House", "Senate")), "both chambers have overridden the veto"),
    ],
)
def test_what_would_keep_it_from_ending_depends_on_its_stage(id_, place, unless):
    assert asks.ends(bill_of(id_, place, companion=False), date(2026, 12, 1)).endswith(f"unless {unless} by then.")


@pytest.mark.parametrize(
    ("record", "before", "late"),
    [
        ({"chairs": COMMITTEE, "committee": COMMITTEE}, "hold a hearing", "let it come to the floor"),
        ({}, "want a hearing on it", "taken up before the Congress ends"),
        ({"chamber": "Senate"}, "in the Senate", "again in the next Congress"),
    ],
)
def test_nobody_is_asked_for_a_hearing_or_a_new_bill_in_the_last_sixty_days(record, before, late):
    bill = bill_of(HOUSE, at(Stage.IN_COMMITTEE, "House", committees=(JUDICIARY,)), companion=False)
    early, end = (
        asks.asked(asks.table(ROOT), bill, IN_HOUSE | record, day).ask for day in (date(2026, 11, 3), date(2026, 11, 4))
    )
    assert before in early
    assert late in end


@pytest.mark.parametrize(
    ("today", "place", "says"),
    [
        (date(2026, 11, 3), at(Stage.IN_COMMITTEE, "House"), False),
        (date(2026, 11, 4), at(Stage.IN_COMMITTEE, "House"), True),
        (date(2027, 1, 2), at(Stage.CONFERENCE), True),
        (date(2026, 12, 1), at(Stage.PRESIDENT), False),
        (date(2026, 12, 1), at(Stage.FAILED, "House"), False),
    ],
)
def test_a_letter_says_when_the_bill_ends_from_sixty_days_before(today, place, says):
    ends = (
        "The 119th Congress ends on January 3, 2027, and the bill ends with it unless both chambers have passed the "
        "same text by then."
    )
    assert asks.ends(bill_of(HOUSE, place, companion=False), today) == (ends if says else "")


@pytest.mark.parametrize(
    ("id_", "title", "name"),
    [
        ("hr1-119", "Example Relief Act of 2025", "the Example Relief Act of 2025 (H.R. 1)"),
        ("hr1-119", "The Relief Act", "the Relief Act (H.R. 1)"),
        ("hr1-119", "Protecting Workers Act", "the Protecting Workers Act (H.R. 1)"),
        ("s2255-119", "Trafficking Relief Act of 2025", "the Trafficking Relief Act of 2025 (S. 2255)"),
        ("hr1-119", "Connor’s Law", "Connor’s Law (H.R. 1)"),
        ("s6-119", "A bill to amend the Relief Act of 2025", "S. 6 (to amend the Relief Act of 2025)"),
        ("hr1-119", "Defense Appropriations Act, 2026", "the Defense Appropriations Act, 2026 (H.R. 1)"),
        ("hr1-119", "To amend title 18, United States Code.", "H.R. 1 (to amend title 18, United States Code)"),
        ("s1-119", "A bill to require a strategy.", "S. 1 (to require a strategy)"),
        ("hjres4-119", "Providing for disapproval.", "H.J. Res. 4 (providing for disapproval)"),
        ("sres5-119", "A resolution supporting a day.", "S. Res. 5 (supporting a day)"),
        ("hr9-119", "H.R. 9 (119th)", "H.R. 9"),
        ("hres7-119", f"Providing for {'x' * 300}", "H. Res. 7"),
    ],
)  # fmt: skip
def test_a_bill_s_name_fits_a_sentence(id_, title, name):
    assert full_name(BillNumber.of(id_), title) == name
