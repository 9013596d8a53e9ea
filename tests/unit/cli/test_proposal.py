"""What a statement does not say in so many words: offices, ids and first watches."""

from __future__ import annotations

from bot.cli.starter.proposal import key_words, searched, unknown_offices, watches
from bot.cli.starter.statement import DraftAsk

STATEMENT = """We ask the Department of Education to:
1. Forgive the loans of students whose colleges closed.
2. Open FAFSA early.
3. OSHA should inspect shops.
"""


def test_an_id_is_made_of_the_subject():
    assert key_words("Congress should pass the School Meals Expansion Act (H.R. 3113).") == "School Meals Expansion"


def test_an_ask_that_names_no_office_is_to_those_of_the_statement():
    asks = [DraftAsk("Forgive the loans of students whose colleges closed."), DraftAsk("Open FAFSA early.")]
    made = {watch.id: watch for watch in watches(asks, STATEMENT)}

    assert made.keys() == {"cause-agency", "ask-2"}
    assert made["cause-agency"].documents
    assert "agency:education-department" in made["cause-agency"].query
    assert made["ask-2"].query == "FAFSA"
    assert not made["ask-2"].documents


def test_an_ask_that_names_an_office_is_to_that_one_alone():
    made = {watch.id: watch for watch in watches([DraftAsk("OSHA should limit the exposure of welders.")], STATEMENT)}

    assert "education" not in made["ask-1-agency"].query
    assert "agency:occupational-safety-and-health-administration" in made["ask-1-agency"].query


def test_a_body_that_the_catalog_lacks_is_named():
    text = "The Bureau of Dry Cleaning must act, and the Food and Drug Administration. ABCDR should help."

    assert unknown_offices(text) == ["Bureau of Dry Cleaning", "ABCDR"]
    assert unknown_offices("NHTSA and the Bureau of Trailers should act.") == ["Bureau of Trailers"]
    assert unknown_offices("The Bureau of Road Trailers (BRT) must act. BRT should help.") == [
        "Bureau of Road Trailers"
    ]
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
