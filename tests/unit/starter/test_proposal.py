"""The first watch of an ask: what it looks for, and what it leaves out."""

from __future__ import annotations

import pytest

from bot.starter.proposal import key_words, offices, query, terms
from bot.watch.query import parse


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        ("Enforce the Lower Basin shortage guidelines in 2027.", ['"Lower Basin"', '"shortage guideline*"']),
        ("Fund tribal water rights settlements in full.", ['"tribal water" NEAR/6 settlement*']),
        (
            "Reauthorize the Safe Streets and Roads for All grant program in the next surface transportation bill.",
            ['"Safe Streets and Roads for All"', '"surface transportation bill*"'],
        ),
        ("Restore the Clean Water Act's wetland protections.", ['"Clean Water Act"', '"wetland protection*"']),
        (
            "Issue a national drinking water standard for PFAS under 42 U.S.C. § 300g-1.",
            ['"42 U.S.C. 300g-1"', '"PFAS"', '"drinking water standard*"'],
        ),
        (
            "Fund station accessibility under the Americans with Disabilities Act, and long distance routes.",
            ['"Americans with Disabilities Act"', '"station accessibility*"', '"long distance route*"'],
        ),
        ("Carry out Public Law 119-73 in full.", ['"Public Law 119-73"']),
        (
            "Enforce the Clean Air Act and the Endangered Species Act.",
            ['"Clean Air Act"', '"Endangered Species Act"'],
        ),
        (
            "Reauthorize the Library Services and Technology Act at $250 million.",
            ['"Library Services and Technology Act"'],
        ),
        (
            "Service providers should not need a letter of support to receive shelter bed grants.",
            ['"shelter bed grant*"'],
        ),
    ],
)
def test_names_citations_and_subjects_are_looked_for(ask, expected):
    assert terms(ask) == expected


@pytest.mark.parametrize(
    "ask",
    [
        "The Department of Labor and the EPA should publish full data on the methane emissions of gas wells.",
        "DOL and EPA must strengthen enforcement against methane emissions.",
        "We ask you to better fund local services, and to curb methane emissions.",
    ],
)
def test_bodies_and_words_of_every_request_are_left_out(ask):
    assert terms(ask)[0] == '"methane emission*"'
    assert not any(word in query(ask) for word in ("EPA", "DOL", "Labor", "data", "service", "enforcement"))


def test_an_imperative_s_verb_is_no_part_of_its_subject_but_a_first_noun_is():
    assert terms("Fund Complete Streets grants.") == ['"Complete Streets"']
    assert terms("Continued Presence should be granted within 72 hours.") == ['"Continued Presence"']


def test_an_ask_without_a_subject_is_looked_for_by_its_title():
    assert terms("Do more for us now, please.") == []
    assert query("Do more for us now, please.") == '"Do more for us now, please"'


def test_a_body_is_looked_for_only_by_an_ask_that_names_nothing_else():
    library = "Keep the Institute of Museum and Library Services open"
    assert query(f"{library} and fully staffed.") == '"Institute of Museum and Library Services"'
    assert query(f"{library}, and fund summer reading programs.") == '"summer reading*"'


def test_a_long_ask_that_names_nothing_has_no_query():
    assert query("Let the House and Senate do more for all of us now.") == ""


@pytest.mark.parametrize("ask", ["x" * 500, 'Say "yes" OR (no', "A " * 300 + "b", "§ § § 42", "Á é í Ñandú act OR NOT"])
def test_every_proposal_can_be_looked_for(ask):
    parse(query(ask))


def test_two_thousand_words_of_an_ask_give_six_terms():
    assert len(terms("Fund " + ", ".join(f"river{n} settlements" for n in range(2_000)))) == 6


def test_an_acronym_inside_a_name_is_no_term_of_its_own():
    assert terms("Congress should make Summer EBT available, and raise the reimbursement rate.") == ['"Summer EBT"']


def test_an_id_is_made_of_the_subject():
    assert key_words("Congress should pass the School Meals Expansion Act (H.R. 3113).") == "School Meals Expansion"


def test_the_offices_that_asks_name_are_found_by_name_and_by_acronym():
    asks = ["USDA should raise the rate.", "The Food and Nutrition Service must keep the standard."]

    assert offices(asks) == ["agriculture", "fns"]
    assert offices(["Let every school serve meals."]) == []
