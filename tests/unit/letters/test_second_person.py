"""An ask about an office becomes a request to it, where its grammar is plain."""

import pytest

from bot.config.coalition import Ask
from bot.letters.drafting.second_person import addressed, is_to_them, request, subject
from tests.kit import configs

COALITION = configs.shipped().coalition
CONGRESS = ()


def asked(text, *ids):
    return request(text, addressed(COALITION, ids))


@pytest.mark.parametrize(
    ("office", "text", "expected"),
    [
        ("osha", "OSHA should finish a heat standard.", "you to finish a heat standard"),
        ("osha", "The Occupational Safety and Health Administration (OSHA) must finish it.", "you to finish it"),
        ("labor", "The Labor Department needs to post results within 30 days.", "you to post results within 30 days"),
        ("epa", "We urge the EPA Administrator to publish a limit.", "you to publish a limit"),
        ("epa", "We ask that EPA finish a rule.", "you to finish a rule"),
        ("epa", "The agency should therefore test wells.", "you to test wells"),
        ("interior", "The Secretary of the Interior should restore its review.", "you to restore your review"),
        ("osha", "OSHA should inspect and fine its contractors.", "you to inspect and fine your contractors"),
        ("osha", "OSHA should visit farms and publish what it finds.", "you to visit farms and publish what you find"),
        ("epa", "EPA should enforce EPA’s rule.", "you to enforce your rule"),
        ("epa", "Stop the transfer of groundwater.", "you to stop the transfer of groundwater"),
        ("epa", "Fully fund the program.", "you to fully fund the program"),
        ("epa", "Publish data on wells.", "you to publish data on wells"),
        ("epa", "EPA should set what it costs to test.", "you to set what it costs to test"),
        ("epa", "EPA should make it easier to test.", "you to make it easier to test"),
        ("epa", "EPA should not weaken the rule.", "that you not weaken the rule"),
        ("epa", "By 2027, EPA should publish a limit.", "that, by 2027, you publish a limit"),
        ("epa", "EPA and OSHA should ban TCE.", "that you and OSHA ban TCE"),
        ("epa", "EPA, OSHA and HUD should ban TCE.", "that you, OSHA and HUD ban TCE"),
        ("epa", "The Department of Health and Human Services and EPA should ban TCE.",
         "that you and the Department of Health and Human Services ban TCE"),
        ("epa", "EPA should ban TCE, and no shop should use it.", "that you ban TCE, and no shop use it"),
        ("epa", "EPA should test wells, and it should publish the results.",
         "that you test wells, and publish the results"),
        ("epa", "EPA should test wells and must publish the results.", "you to test wells and publish the results"),
        (
            "epa",
            "EPA should set limits (42 U.S.C. 300g(a)(1)), and should list the wells.",
            "you to set limits (42 U.S.C. 300g(a)(1)), and list the wells",
        ),
        ("epa", "EPA should call wells “safe” and must list them.", "you to call wells “safe” and list them"),
        ("epa", "EPA must finish its rule, so that wells are safe, and should list the wells!",
         "you to finish your rule, so that wells are safe, and list the wells"),
        ("epa", "Do not weaken the rule.", "that you not weaken the rule"),
        ("epa", "You should test wells.", "you to test wells"),
        ("osha", "The Labor Department’s Occupational Safety and Health Administration should act.", "you to act"),
        ("owcp", "The Department of Labor's Office of Workers' Compensation Programs must decide claims in time.",
         "you to decide claims in time"),
        ("owcp", "The U.S. Department of Labor’s OWCP and OSHA should meet.", "that you and OSHA meet"),
        ("owcp", "The Office of Workers' Compensation Programs of the Department of Labor must act.", "you to act"),
        ("owcp", "OWCP at the U.S. Department of Labor and OSHA should meet.", "that you and OSHA meet"),
        ("epa", "Both OSHA and EPA should ban TCE.", "that you and OSHA ban TCE"),
    ],
)  # fmt: skip
def test_an_ask_that_names_the_addressee_says_you(office, text, expected):
    assert asked(text, office) == expected
    assert is_to_them(expected)


def test_an_ask_of_an_office_named_by_another_that_is_not_above_it_stays_in_the_third_person():
    assert asked("The President’s EPA should ban TCE.", "epa") == "that the President’s EPA ban TCE"
    assert asked("The nine governors’ EPA should ban TCE.", "epa") == "that the nine governors’ EPA ban TCE"


@pytest.mark.parametrize(
    "rest", ["EPA and OSHA each name an officer", "EPA’s rule be finished", "EPA, with OSHA, ban TCE"]
)
def test_we_ask_that_says_you_only_where_the_verb_follows_the_addressee(rest):
    assert asked(f"We ask that {rest}.", "epa") == f"that {rest}"


def test_a_joint_letter_says_you_to_all_whom_the_ask_names():
    assert asked("EPA and OSHA should ban TCE.", "epa", "osha") == "you to ban TCE"
    text = "The Secretary of Health and Human Services and the Secretary of Labor should ban TCE."
    assert asked(text, "labor", "hhs") == "you to ban TCE"


def test_who_is_above_an_office_is_asked_to_direct_it_and_congress_to_urge_it():
    assert asked("OSHA should inspect farms.", "labor") == "you to direct OSHA to inspect farms"
    assert asked("The Forest Service should not burn.", *CONGRESS) == "you to urge the Forest Service not to burn"
    assert asked("OSHA should inspect farms.", "epa") == "that OSHA inspect farms"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EPA should ban a solvent that it licensed.", "that EPA ban a solvent that it licensed"),
        ("EPA should publish a rule and its analysis.", "that EPA publish a rule and its analysis"),
        ("EPA should explain its rule and its effects.", "that EPA explain its rule and its effects"),  # of the rule
        ("EPA should share its data with Ohio and its towns.", "that EPA share its data with Ohio and its towns"),
        ("EPA should fund the office that EPA closed.", "that EPA fund the office that EPA closed"),
        ("Employers should test wells.", "that employers test wells"),
        ("Service providers should be paid.", "that service providers be paid"),
        (
            "Department of Justice grants should not require a partner.",
            "that Department of Justice grants not require a partner",
        ),
        ("Congress should fund the tests.", "that Congress fund the tests"),
        ("Wells that EPA tested should be closed.", "that wells that EPA tested be closed"),
        ("A fair share.", "you to act on this request: A fair share"),
        ("The rule that EPA must issue should cover shops.", None),
    ],
)
def test_what_could_be_misread_stays_in_the_third_person_for_the_author_to_reword(text, expected):
    expected = expected or f"you to act on this request: {text[:-1]}"
    assert asked(text, "epa") == expected
    assert not is_to_them(expected)


def test_each_sentence_that_asks_is_asked_and_the_others_follow():
    text = "Wells are tainted. EPA should publish a limit. It should also fund tests."
    assert asked(text, "epa") == "you to publish a limit. We also ask you to fund tests. Wells are tainted"


@pytest.mark.parametrize("end", ["", ".", ". ", " should", " should."])
def test_a_text_of_any_shape_gives_a_request(end):
    for text in ("EPA", "should", "We ask", "EPA should, " * 400, "it " * 1_000, "(" * 1_000, ""):
        assert asked(f"{text}{end}", "epa")


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("EPA should ban TCE. It kills.", "A ban", "to ban TCE"),
        ("EPA should not ban TCE.", "A ban", "that you not ban TCE"),
        (f"EPA should ban TCE{' and more' * 20}.", "EPA should ban TCE", "to ban TCE"),
        ("A ban.", "A ban on TCE", ""),
        ("", "EPA should ban TCE", "to ban TCE"),
    ],
)
def test_an_ask_follows_the_word_request_in_short(text, title, expected):
    assert subject(Ask(title=title, text=text), addressed(COALITION, ["epa"])) == expected
