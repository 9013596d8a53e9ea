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

    assert next(watches(asks)).query.startswith("agency:indian-affairs-bureau OR ")
    assert searched([DraftAsk("Approve compacts between states.")]) == [[]]


def test_an_agency_that_publishes_little_about_the_subject_is_watched_whole():
    asks = [
        DraftAsk("The Mine Safety and Health Administration (MSHA) should enforce the limit on dust in mines."),
        DraftAsk("Congress should fund clinics."),
    ]
    (whole, *others) = watches(asks)

    assert whole.name == "All of the Mine Safety and Health Administration"
    assert whole.asks == ()  # two asks are to it, so its documents tell neither
    assert next(watches(asks[:1])).asks == (1,)
    assert whole.query == (
        'agency:mine-safety-and-health-administration OR "Mine Safety and Health Administration" OR MSHA'
    )
    assert not [watch for watch in others if watch.documents]


def test_a_bureau_is_watched_whole_and_its_department_is_not_searched_if_the_statement_has_its_words():
    asks = [
        DraftAsk("The Federal Railroad Administration should require two people in the cab of every freight train."),
        DraftAsk(
            "It must grant no waivers from brake tests, and the Department of Transportation should repair crossings."
        ),
    ]
    (whole, *others) = watches(asks)

    assert whole.query == 'agency:federal-railroad-administration OR "Federal Railroad Administration" OR FRA'
    assert not [other.query for other in others if "agency:" in other.query]


def test_a_bureau_of_the_asked_department_is_watched_whole_if_the_statement_has_its_words():
    asks = [
        DraftAsk("The Department of Agriculture should offer breakfast and lunch to every student."),
        DraftAsk("It should keep WIC open to infants and set honest standards for milk."),
    ]

    assert "agency:food-and-nutrition-service" in next(watches(asks)).query


def test_an_acronym_that_others_often_write_does_not_find_an_agency():
    (whole, *_) = watches([DraftAsk("FEMA should update flood maps and pay disaster aid after each hurricane.")])

    assert whole.query == 'agency:federal-emergency-management-agency OR "Federal Emergency Management Agency"'


def test_of_the_agencies_a_statement_names_the_one_it_asks_first_and_alone_is_watched_whole():
    asks = [
        DraftAsk("The Consumer Financial Protection Bureau should cap overdrafts."),
        DraftAsk("The FDIC and the Federal Trade Commission should protect tenants."),
    ]
    first = {watch.name for watch in watches(asks) if watch.id.startswith("agency")}
    second = {watch.name for watch in watches(asks[1:]) if watch.id.startswith("agency")}

    assert first == {"All of the Consumer Financial Protection Bureau"}
    assert second == set()


def test_a_person_corrects_the_agencies():
    asks = [DraftAsk("Offer free breakfast and lunch to every student.", agencies=("education-department",))]

    assert searched(asks) == [("education-department",)]
    assert {watch.id for watch in watches(asks)} == {"ask-1", "ask-1-agency"}
