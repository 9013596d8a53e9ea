"""What a statement asks for, and what it does not say in so many words: proposals that a person corrects."""

from __future__ import annotations

import pytest

from bot.cli.starter.statement import (
    DraftAsk,
    about,
    acts,
    asks,
    bills,
    contact,
    searched,
    title,
    unknown_offices,
    watches,
)

STATEMENT = """
River groups call on the Bureau

We ask the following.

  1. Enforce the Lower Basin shortage guidelines.
     They expire in 2026.
  2) Fund tribal water rights settlements in full.

  • Publish reservoir data daily
  - Keep return flows in the river.

Thank you – we stand ready to help.
"""


PROSE = """Clean Shops Alliance

Dry cleaners use a solvent that causes cancer. We urge the EPA to finish the ban under
section 6 of the Act (15 U.S.C. 2605). The EPA's study of Dec. 2024 found a risk. ATSDR should study workers.

Congress has the power of the purse. We therefore ask Congress to pass S. 1234.

We ask the following:
"""


def test_numbered_and_bulleted_items_are_the_asks_and_what_follows_the_first_sentence_says_why():
    assert asks(STATEMENT) == [
        DraftAsk("Enforce the Lower Basin shortage guidelines.", "They expire in 2026."),
        DraftAsk("Fund tribal water rights settlements in full."),
        DraftAsk("Publish reservoir data daily"),
        DraftAsk("Keep return flows in the river."),
    ]


@pytest.mark.parametrize(
    "marks", [("(a)", "(b)"), ("a)", "b)"), ("A.", "B."), ("(i)", "(ii)"), ("(1)", "(2)"), ("·", "·")]
)
def test_lettered_items_are_asks_too(marks):
    text = f"We ask:\n {marks[0]} Publish data.\n\n {marks[1]} Keep flows\n    in the river.\n"

    assert asks(text) == [DraftAsk("Publish data."), DraftAsk("Keep flows in the river.")]


@pytest.mark.parametrize(
    "sentence",
    ["The agency should withdraw the rule at 90 Fed. Reg. 1234 now.", "Gov. Lee Smith must sign the compact."],
)
def test_a_period_of_an_abbreviation_cuts_no_ask_in_two(sentence):
    assert asks(f"We are a coalition of shops. {sentence}") == [DraftAsk(sentence, "We are a coalition of shops.")]


def test_prose_gives_the_sentences_that_ask_with_their_neighbors_as_reasons():
    assert asks(PROSE) == [
        DraftAsk(
            "We urge the EPA to finish the ban under section 6 of the Act (15 U.S.C. 2605).",
            "Dry cleaners use a solvent that causes cancer. The EPA's study of Dec. 2024 found a risk.",
        ),
        DraftAsk("ATSDR should study workers."),
        DraftAsk("We therefore ask Congress to pass S. 1234.", "Congress has the power of the purse."),
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Free calls. The Bureau of Prisons must keep calls free.", "The Bureau of Prisons must keep calls free."),
        ("Mail: BOP should return to paper mail.", "BOP should return to paper mail."),
        ("Safe water: keep the limit on lead.", "Keep the limit on lead."),
        ("Congress: pass the Custody Act (S. 1234).", "Congress should pass the Custody Act (S. 1234)."),
        ("The FCC: restore the caps.", "The FCC should restore the caps."),
        ("That is why we urge the EPA to test wells.", "We urge the EPA to test wells."),
        ("Lastly, the EPA must test wells.", "The EPA must test wells."),
        ("Lastly: Congress must pass S. 1234.", "Congress must pass S. 1234."),
        # No heading, and no words that lead to a request:
        ("Keep calls free. BOP should say so in a rule.", "Keep calls free. BOP should say so in a rule."),
        ("Gov. Lee Smith must sign the compact.", "Gov. Lee Smith must sign the compact."),
        ("S. 1234 must pass.", "S. 1234 must pass."),
        ("The FCC should forbid commissions: no jail may take a share.",
         "The FCC should forbid commissions: no jail may take a share."),
        ("First responders should be trained.", "First responders should be trained."),
    ],
)  # fmt: skip
def test_an_ask_begins_with_who_should_do_what(item, expected):
    assert asks(f"1. {item}\n2. Publish data.\n")[0].text == expected


def test_prose_begins_with_who_should_do_what_too():
    text = (
        "Crews drop people. That is why we urge the EPA to act.\n\nLastly: Congress must pass it.\n\nS. 1234 must pass."
    )
    assert [ask.text for ask in asks(text)] == [
        "We urge the EPA to act.", "Congress must pass it.", "S. 1234 must pass.",
    ]  # fmt: skip


def test_an_office_with_a_colon_is_asked_in_prose_too():
    text = "Fish die. Congress: pass the Clean Rivers Act. We thank you.\n\nSafe water: the EPA must test wells."
    assert [ask.text for ask in asks(text)] == [
        "Congress should pass the Clean Rivers Act.",
        "The EPA must test wells.",
    ]


def test_a_letter_before_a_number_marks_an_item_unless_it_is_a_bill():
    listed = "We ask EPA to:\na. 30 days of notice must be given\nb. 5 wells must be tested\nc. report it\n"
    assert [ask.text[:3] for ask in asks(listed)] == ["30 ", "5 w", "EPA"]
    for bill in ("S. 1234", "S. Res. 5", "S. J. Res. 5", "H. Con. Res. 7", "H. R. 10"):
        assert [ask.text for ask in asks(f"{bill} should pass.")] == [f"{bill} should pass."]


def test_what_a_reason_says_of_a_duty_is_no_ask():
    item = "The FCC should restore the caps. In 2025 it put off the date by which jails must comply."
    assert asks(f"1. {item}\n2. Publish data.\n")[0] == DraftAsk(*item.split(" In ")[:1], f"In {item.split(' In ')[1]}")


def test_the_department_is_the_one_that_was_named_before():
    text = "The Department of Transportation delayed its rule. The Department should enforce it. That would be just."
    assert asks(text) == [
        DraftAsk(
            "The Department of Transportation should enforce it.",
            "The Department of Transportation delayed its rule. That would be just.",
        )
    ]
    two = "The Department of Labor and the Department of Justice met. The Department should act."
    assert asks(two)[0].text == "The Department should act."


def test_a_row_of_a_table_that_asks_is_an_item():
    rows = [
        "Demand | Why",
        "1 | The FCC should restore the caps | A call cost $11.",
        "Calls | BOP must keep calls free. |",
    ]
    assert asks("\n\n".join([*rows, "• Publish data."])) == [
        DraftAsk("The FCC should restore the caps.", "A call cost $11."),
        DraftAsk("BOP must keep calls free."),
        DraftAsk("Publish data."),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Home Safe: What Washington Must Do About Bus Safety",
        "Why the Department Should Act",
        "WHAT CONGRESS MUST DO",
        "What Congress must do",
    ],
)
def test_a_heading_asks_for_nothing(heading):
    assert asks(f"{heading}\n\nNHTSA should study stop arms.") == [DraftAsk("NHTSA should study stop arms.")]


def test_a_request_without_a_period_is_no_heading():
    for request in ("NHTSA should study stop arms", "We urge the House to pass S. 1234", "Congress Must Pass S. 1234"):
        assert asks(request) == [DraftAsk(request)]


def test_a_numbered_heading_of_items_with_other_marks_is_no_ask():
    text = "1. Pay and time\n• OPM should issue rules.\n2. Health\n• Track smoke.\n3. Cap rents\n• at 15 percent"
    assert [ask.text for ask in asks(text)] == ["OPM should issue rules.", "Track smoke.", "Cap rents", "At 15 percent"]


def test_items_below_a_numbered_heading_are_asked_of_the_office_above_it():
    text = "What we ask of EPA\n1. Air\n• Publish maps.\n2. Pay\n• Report wages.\n\nWhat we ask of Congress\n• Fund it."
    assert [ask.text for ask in asks(text)] == [
        "EPA should publish maps.", "EPA should report wages.", "Congress should fund it.",
    ]  # fmt: skip


def test_an_ask_may_follow_what_is_supported():
    text = "We support the clinics that treat miners, and ask that Congress fund them in full."

    assert asks(text) == [DraftAsk(text)]


def test_a_bill_is_called_what_the_statement_calls_it():
    text = "Pass the Get the Lead Out of Schools Act (H.R. 5833). The Meals Act (S. 12, 118th Congress) and S. 13 died."
    assert acts("the Better Towns through Buses Act (H.R. 39)") == {("hr", 39): "Better Towns through Buses Act"}
    assert acts(text) == {("hr", 5833): "Get the Lead Out of Schools Act", ("s", 12): "Meals Act"}
    for long in (
        "Notification of Death, Injury, or Illness on Board Act",
        "Stop for School Buses and Protect Every Child on the Way to and from School Act",
    ):
        assert acts(f"Pass the {long} (S. 14).") == {("s", 14): long}


def test_what_should_be_as_a_reason_is_no_ask():
    assert asks("We met in 2016, because no child should drink lead.") == []
    assert asks("EPA, because it knows the risk, should act.") == [
        DraftAsk("EPA, because it knows the risk, should act.")
    ]


def test_items_that_continue_a_sentence_read_on_their_own():
    text = "We ask the Department:\n(a) to publish data; and\n(b) to keep flows in the river.\n"

    assert asks(text) == [DraftAsk("Publish data."), DraftAsk("Keep flows in the river.")]


@pytest.mark.parametrize(
    ("heading", "office"),
    [
        ("What we ask of the Department of Labor", "The Department of Labor"),
        ("What We Ask of the Department of Labor", "The Department of Labor"),
        ("We call on the Department of Education:", "The Department of Education"),
        ("Fish die. We urge EPA to:", "EPA"),
        ("Recommendations for Congress", "Congress"),
        ("To the Department of Labor:", "The Department of Labor"),
        ("The Environmental Protection Agency should", "The Environmental Protection Agency"),
        ("The Department of Labor waits. We ask the Department to:", "The Department of Labor"),
        ("We call on the Department of Labor to take these steps.", "The Department of Labor"),
        ("We call on the Bureau of Lost Rivers to:", "The Bureau of Lost Rivers"),
        ("We ask the Food and Drug Administration to", "The Food and Drug Administration"),
    ],
)
def test_items_are_asked_of_the_office_that_their_heading_names(heading, office):
    text = f"{heading}\n\n1. Publish data.\n\nNobody knows it.\n\n2. to fund wells; and\n3. Congress must pass S. 1.\n"
    assert [ask.text for ask in asks(text)] == [
        f"{office} should publish data.", f"{office} should fund wells.", "Congress must pass S. 1.",
    ]  # fmt: skip
    if heading.rstrip(":").endswith(" to"):
        assert asks(text.replace("Publish", "Offer"))[0].text == f"{office} should offer data."
    other = asks(f"{text}\nOther requests\n\n4. Keep flows in the river.\n")[-1]
    assert other.text == "Keep flows in the river."


@pytest.mark.parametrize("heading", ["EPA, the Navy and Congress", "the EPA and the Navy", "the EPA and Congress"])
def test_items_that_are_asked_of_several_offices_keep_their_words(heading):
    assert asks(f"We ask {heading} to:\n\n1. Publish data.\n2. Fund wells.")[0].text == "Publish data."


@pytest.mark.parametrize("text", ["", "What we ask", "No list here.\nNone at all.", "1.\n2.\n", "We ask you to:"])
def test_a_text_that_asks_nothing_has_no_asks(text):
    assert asks(text) == []


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            "Expand the Community Eligibility Provision so that every school where many children qualify takes part.",
            "Expand the Community Eligibility Provision",
        ),
        (
            "Congress should pass the School Meals Expansion Act (H.R. 3113) and make Summer EBT available everywhere.",
            "Pass the School Meals Expansion Act (H.R. 3113) and make Summer EBT available everywhere",
        ),
        ("Fund settlements. They are owed.", "Fund settlements"),
        (
            "Reauthorize the Safe Streets and Roads for All grant program in the next surface transportation bill.",
            "Reauthorize the Safe Streets and Roads for All grant program in the next surface transportation bill",
        ),
        (
            (
                "Require a protected bicycle lane on every road that is rebuilt with federal money, so "
                "that nobody has to ride in traffic."
            ),
            "Require a protected bicycle lane on every road that is rebuilt with federal money",
        ),
        (
            (
                "End the use of the 85th percentile speed in the manual because it raises limits on "
                "streets where people walk and ride."
            ),
            "End the use of the 85th percentile speed in the manual",
        ),
        (
            (
                "Direct NHTSA to rate all new cars (and trucks, vans and buses of every size that are "
                "sold in this country and driven on roads) for pedestrians."
            ),
            "Direct NHTSA to rate all new cars",
        ),
        (
            (
                "Enforce Lower Basin Colorado River Compact Drought Contingency Plan Interim Operating "
                "Guidelines Record Of Decision Conditions now."
            ),
            "Enforce Lower Basin Colorado River Compact Drought Contingency Plan Interim",
        ),
        (
            (
                "The Office of the Comptroller of the Currency, the Federal Reserve and the FDIC should also restore "
                "the Community Reinvestment Act rule, and end partnerships of banks with lenders that evade state law."
            ),
            "Restore the Community Reinvestment Act rule",
        ),
        (
            (
                "We call on the Mine Safety and Health Administration (MSHA) to enforce its 2024 rule on respirable "
                "crystalline silica without further delay, and to inspect dust controls unannounced."
            ),
            "Enforce the 2024 rule on respirable crystalline silica without further delay",
        ),
        (
            (
                "Finally, we ask the Centers for Disease Control and Prevention to restore its Childhood Lead "
                "Poisoning Prevention Program and its staff."
            ),
            "Restore the Childhood Lead Poisoning Prevention Program and its staff",
        ),
        (
            "Protect tenants in buildings with federally backed mortgages from eviction without 30 days' notice.",
            "Protect tenants in buildings with federally backed mortgages from eviction without 30 days' notice",
        ),
        (
            (
                "The Centers for Disease Control and Prevention must not end its count of deaths of workers from heat, "
                "which every state has come to use."
            ),
            "The Centers for Disease Control and Prevention must not end its count of deaths of workers from heat",
        ),
        (
            (
                "Facilities must provide video relay service and captioned telephone service wherever they provide a "
                "telephone, as the Americans with Disabilities Act requires."
            ),
            "Facilities must provide video relay service and captioned telephone service",
        ),
        (
            (
                "Congress should fully fund the Drinking Water State Revolving Fund and should provide that the money "
                "for lead service lines be given as grants."
            ),
            "Fully fund the Drinking Water State Revolving Fund",
        ),
        (
            (
                "The Environmental Protection Agency must enforce the Lead Renovation, Repair, and Painting Rule with "
                "inspections in every region each year and publish the results."
            ),
            "Enforce the Lead Renovation, Repair, and Painting Rule with inspections",
        ),
        (
            (
                "Require a risk assessment for lead-based paint before a family with a child under six moves into a "
                "home with a housing choice voucher."
            ),
            "Require a risk assessment for lead-based paint",
        ),
        (
            (
                "CMS should withdraw the proposed obstetrical conditions of participation for critical access "
                "hospitals until it has counted how many units they would close."
            ),
            "Withdraw the proposed obstetrical conditions of participation for critical access hospitals",
        ),
        (
            (
                "States must cover twelve months of postpartum care under Medicaid, and CMS should publish each "
                "quarter how many women lose coverage before that."
            ),
            "States must cover twelve months of postpartum care under Medicaid",
        ),
        (
            (
                "NHTSA should amend Federal Motor Vehicle Safety Standard No. 222 (49 CFR 571.222) to require "
                "lap/shoulder belts at every seat of new school buses over 10,000 pounds."
            ),
            "Amend Federal Motor Vehicle Safety Standard No. 222 (49 CFR 571.222)",
        ),
        (
            (
                "We also ask the FMCSA to require that each drug and alcohol violation of a school bus driver be "
                "reported to the Clearinghouse within one day, because a driver may be behind another wheel the next."
            ),
            "Require that each drug and alcohol violation of a school bus driver be reported to the Clearinghouse",
        ),
        (
            (
                "FDA should set binding limits for lead, arsenic, cadmium and mercury in foods for babies under "
                "section 402(a)(1) of the Food and Drug Act (21 U.S.C. 342(a)(1)), and should finish its levels."
            ),
            "Set binding limits for lead, arsenic, cadmium and mercury in foods for babies",
        ),
        (
            (
                "The Federal Trade Commission (FTC) should act against milks sold with claims that a doctor would not"
                " repeat; e.g., that they are good for the brain."
            ),
            "Act against milks sold with claims that a doctor would not repeat",
        ),
        (
            (
                "Enforce, without another delay, the rule “Ensuring Safe Accommodations for Air Travelers With "
                "Disabilities Using Wheelchairs” (89 FR 102398), under the Air Carrier Access Act (49 U.S.C. 41705)."
            ),
            "Enforce the rule “Ensuring Safe Accommodations for Air Travelers With Disabilities Using Wheelchairs”",
        ),
        (
            (
                "Publish, by Mar. 1, 2027, each carrier’s count of assistance requests that took more than 25 "
                "minutes, in the report required by 14 CFR part 234."
            ),
            "Publish each carrier’s count of assistance requests that took more than 25 minutes",
        ),
        (
            (
                "The Federal Aviation Administration (FAA) must finish the crash tests of in-cabin wheelchair "
                "securement that section 544 of the FAA Reauthorization Act of 2024 (Public Law 118–63) ordered."
            ),
            "Finish the crash tests of in-cabin wheelchair securement",
        ),
        (
            (
                "DOL should publish each year, by March 1, the inspections made under 29 CFR 1928.110 (field "
                "sanitation), and report the fines."
            ),
            "Publish each year, by March 1, the inspections made under 29 CFR 1928.110 (field sanitation)",
        ),
    ],
)
def test_a_title_reads_whole(request_, expected):
    assert title(request_) == expected


def test_the_bills_that_a_request_names_are_found_without_their_congress():
    text = "Pass H.R. 3113, S. 12 and H.J.Res. 5, and HR 3113 again, under 42 U.S.C. 1758; the hr 9 team agrees."

    assert bills(text) == [("hr", 3113, None), ("s", 12, None), ("hjres", 5, None)]


def test_a_bill_that_is_named_with_its_congress_keeps_it():
    text = (
        "Pass H.R. 5813, 118th Congress, S. 12 (117th) and H.J.Res. 5 of the 116th Congress. S. 12 has 30 cosponsors. "
        "H.R. 77 (120th percentile) has none."
    )

    assert bills(text) == [("hr", 5813, 118), ("s", 12, 117), ("hjres", 5, 116), ("hr", 77, None)]


@pytest.mark.parametrize("length", range(22, 57))
def test_a_title_never_ends_in_the_middle(length):
    words = "fund the bridges and the ferries of a county with money from the budget for every year to come " * 3
    made = title(" ".join(words.split()[:length]) + ".")

    assert len(made) <= 90
    assert "…" not in made
    assert made.split()[-1] not in {"the", "and", "of", "a", "with", "from", "for", "every", "to"}


def test_a_word_without_a_space_is_cut_to_the_length_of_a_title():
    assert title("x" * 500) == "x" * 90


@pytest.mark.long
def test_two_megabytes_of_a_statement_take_no_time():
    assert len(asks("1. Fund tribal water rights.\n" * 70_000)) == 70_000
    assert len(asks("We ask Congress to fund tribal water. " * 50_000)) == 50_000


def test_what_a_statement_says_of_the_coalition_ends_its_letters():
    text = (
        "Clean Shops\n\nClean Shops is a group of tailors. We test wells.\n\nWe urge EPA to ban TCE.\n\n1. We are here."
    )
    assert about(text, "Clean Shops") == "Clean Shops is a group of tailors. We test wells."
    signed = "Clean Shops is a group of tailors. Contact: jo@shops.example"
    assert about(signed, "Clean Shops") == "Clean Shops is a group of tailors."
    assert about("We are tailors. What follows is what we want.", "Clean Shops") == "We are tailors."
    assert about("We are tailors. We write to the Secretary and to Congress.", "Clean Shops") == "We are tailors."
    assert about("We are tailors and urge EPA to ban TCE.", "Clean Shops") == ""
    assert about("", "Clean Shops") == ""


def test_the_contact_is_the_first_address_that_a_statement_gives():
    assert contact("Write to Jo (press@clean-shops.example), not to @shops or x@y.") == "press@clean-shops.example"
    assert contact("Write to us.") == "campaign@example.org"


def test_no_ask_is_as_long_as_a_book():
    for text in (
        "1. Congress must " + "act, " * 9_000 + "\n2. EPA should publish it.\n",
        "We urge you to " + "act, " * 9_000,
    ):
        assert 2_000 < len(asks(text)[0].text) <= 3_000


SCHOOLS = """We ask the Department of Education to:
1. Forgive the loans of students whose colleges closed.
2. Open FAFSA early.
3. OSHA should inspect shops.
"""


def test_an_ask_that_names_no_office_is_to_those_of_the_statement():
    asks = [DraftAsk("Forgive the loans of students whose colleges closed."), DraftAsk("Open FAFSA early.")]
    made = {watch.id: watch for watch in watches(asks, SCHOOLS)}

    assert made.keys() == {"cause-agency", "ask-2"}
    assert made["cause-agency"].documents
    assert "agency:education-department" in made["cause-agency"].query
    assert made["ask-2"].query == "FAFSA"
    assert not made["ask-2"].documents


def test_an_ask_that_names_an_office_is_to_that_one_alone():
    made = {watch.id: watch for watch in watches([DraftAsk("OSHA should limit the exposure of welders.")], SCHOOLS)}

    assert "education" not in made["ask-1-agency"].query
    assert "agency:occupational-safety-and-health-administration" in made["ask-1-agency"].query


def test_a_body_that_the_catalog_lacks_is_named():
    text = "The Bureau of Dry Cleaning must act, and the Food and Drug Administration. ABCDR should help."

    assert unknown_offices(text) == ["Bureau of Dry Cleaning", "ABCDR"]
    assert unknown_offices("The Access Board should revise its guidelines.") == ["Access Board"]
    assert unknown_offices("NHTSA and the Bureau of Trailers should act.") == ["Bureau of Trailers"]
    assert unknown_offices("The Bureau of Road Trailers (BRT) must act. BRT should help.") == [
        "Bureau of Road Trailers"
    ]
    assert unknown_offices("The Secretary of Transportation and the Attorney General should act.") == []
    assert unknown_offices("The Centers for Medicare & Medicaid Services (CMS) should enforce screening.") == []


def test_a_passing_mention_of_an_agency_asks_it_for_nothing():
    asks = [DraftAsk("Congress should fund school meals.")]
    text = (
        "A study by the Department of Defense found hunger. We call on Congress and the Department of Education to act."
    )

    assert searched(asks, text) == [["education-department"]]


def test_without_any_agency_those_are_searched_whose_documents_use_the_words():
    asks = [DraftAsk("Offer free breakfast and lunch to every student."), DraftAsk("Keep WIC open to infants.")]

    assert searched(asks) == [["food-and-nutrition-service"]] * 2
    assert searched([DraftAsk("Let everyone vote.")]) == [[]]


def test_two_telling_words_are_enough_for_an_agency_whose_subject_they_are():
    asks = [
        DraftAsk("Approve gaming compacts between tribes and states."),
        DraftAsk("Take land into trust for tribes."),
    ]

    assert next(watches(asks)).query == "agency:indian-affairs-bureau AND (compact* OR land*)"
    assert searched([DraftAsk("Approve compacts between states.")]) == [[]]


def test_a_person_corrects_the_agencies():
    asks = [DraftAsk("Offer free breakfast and lunch to every student.", agencies=("education-department",))]

    assert searched(asks) == [("education-department",)]
    assert {watch.id for watch in watches(asks)} == {"ask-1", "ask-1-agency"}
