"""What a statement does not say in so many words: offices, ids and first watches."""

from __future__ import annotations

from bot.cli.starter.proposal import agencies, key_words, offices, unknown_offices, watches

STATEMENT = """We ask the Department of Education to:
1. Forgive the loans of students whose colleges closed.
2. Open FAFSA early.
3. OSHA should inspect shops.
"""


def test_an_id_is_made_of_the_subject():
    assert key_words("Congress should pass the School Meals Expansion Act (H.R. 3113).") == "School Meals Expansion"


def test_the_offices_that_a_statement_names_are_found_by_name_and_by_acronym():
    asks = ["USDA should raise the rate.", "The Food and Nutrition Service must keep it.", "Ask the State Department."]

    assert offices(asks) == ["agriculture", "fns", "state"]
    assert agencies(["fns", "bja"]) == ["food-and-nutrition-service"]
    assert offices(["Let every school serve meals."]) == []


def test_an_ask_that_names_no_office_is_to_those_of_the_statement():
    asks = ["Forgive the loans of students whose colleges closed.", "Open FAFSA early."]
    made = {watch.id: watch for watch in watches(asks, STATEMENT)}

    assert made.keys() == {"ask-1-agency", "ask-2"}
    assert made["ask-1-agency"].documents
    assert "agency:education-department" in made["ask-1-agency"].query
    assert made["ask-2"].query == "FAFSA"
    assert not made["ask-2"].documents


def test_an_ask_that_names_an_office_is_to_that_one_alone():
    made = {watch.id: watch for watch in watches(["OSHA should limit the exposure of welders."], STATEMENT)}

    assert "education" not in made["ask-1-agency"].query
    assert "agency:occupational-safety-and-health-administration" in made["ask-1-agency"].query


def test_a_body_that_the_catalog_lacks_is_named():
    text = "The Bureau of Dry Cleaning must act, and the Food and Drug Administration. ATSDR should help."

    assert unknown_offices(text) == ["Bureau of Dry Cleaning", "ATSDR"]
    assert unknown_offices("NHTSA and the Bureau of Trailers should act.") == ["Bureau of Trailers"]
