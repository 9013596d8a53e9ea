"""The first watch of an ask: what it looks for, and what it leaves out."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import catalog
from bot.watch.drafts import is_prose, queries
from bot.watch.lexicon import Lexicon, shipped, singular, spelled_out
from bot.watch.query import parse

SMALL = Lexicon(
    documents=10_000,
    authors={"ocean": 40, "aviation": 500, "schooling": 100, "small-business": 90},
    counts={
        "whale": 6, "gear": 45, "fishing": 90, "seal": 15, "sealant": 60, "loan": 80, "servicer": 1, "student": 50,
        "student loan": 6, "income": 70, "income driven": 3, "marine mammal": 90, "mammal": 95, "marine": 250,
        "school": 90, "data": 900, "closed": 700,
    },
    agencies={
        "mammal": {"ocean": 80}, "whale": {"ocean": 6}, "gear": {"ocean": 43, "aviation": 12},
        "seal": {"aviation": 10, "ocean": 3},
        "sealant": {}, "loan": {"small-business": 20}, "student": {"schooling": 19}, "school": {"schooling": 9},
    },
    singles=("fishing", "gear", "income", "loan", "mammal", "marine", "school", "seal", "sealant", "servicer",
             "student", "whale"),
)  # fmt: skip


def draft(
    text: str, *agencies: str, lexicon: Lexicon = SMALL, bodies: tuple[str, ...] = ("EPA", "DOL"), explained: str = ""
) -> tuple[str, str]:
    return queries([(text, agencies)], lexicon, bodies, spelled_out(explained))[1]


def test_a_noun_that_few_documents_of_one_agency_have_is_looked_for_alone():
    assert draft("Protect whales.") == ("whale*", "")


def test_a_region_and_never_tell_no_subject():
    text = "Enforce the silica rule with inspections in every region, never on paper."
    drafted = draft(text, "environmental-protection-agency", lexicon=shipped())
    assert drafted == ("silica*", "agency:environmental-protection-agency AND inspection*")


def test_how_often_or_how_late_tells_no_subject():
    text = "Stop plans from paying rural hospitals later, at least once and too often behind the wheel."
    drafted = draft(text, "health-resources-and-services-administration", lexicon=shipped())
    assert [word for word in ("often", "later", "least") if word in " ".join(drafted)] == []


def test_the_name_of_an_act_is_looked_for_whole_however_long_it_is():
    name = "Tim Hart Wildland Firefighter Classification and Pay Protection Act"
    assert draft(f"Congress must pass the {name}.", lexicon=shipped()) == (f'"{name}"', "")


def test_what_was_left_or_spent_tells_no_subject():
    text = "Count the time that whales spent at sea, and the nets left there."
    assert not {"left*", "spent*"} & {*" ".join(draft(text, "ocean", lexicon=shipped())).replace('"', "").split()}


def test_emphasis_by_underscores_is_no_part_of_a_word():
    assert draft("_Protect_ the __whales__.") == ("whale*", "")


def test_a_pair_is_a_phrase_if_documents_use_it_and_no_verb_or_adjective_gets_into_it():
    assert draft("Keep income-driven repayment affordable.")[0] == 'repayment* OR "income driven*"'
    assert draft("Count marine mammals every year.")[0] == '"marine mammal*"'
    assert "closed" not in " ".join(draft("Forgive the loans of students whose schools closed.", "schooling"))


def test_half_a_compound_gets_into_no_phrase():
    drafted = draft("Provide year-round housing for crews.", "land-management-bureau", lexicon=shipped())
    assert drafted == ("", "agency:land-management-bureau AND (crew* OR housing*)")


def test_a_common_noun_is_looked_for_in_the_documents_of_the_asked_agencies():
    alone, of_agencies = draft("Forgive the loans of students.", "schooling", "treasury")

    assert alone == ""
    assert of_agencies == "(agency:schooling OR agency:treasury) AND (student* OR loan*)"


def test_a_noun_that_other_agencies_use_is_not_looked_for_everywhere():
    assert draft("Protect seals.", "ocean") == ("", "agency:ocean AND (seal OR seals)")


def test_a_rare_noun_that_others_use_more_than_the_asked_agencies_is_looked_for_in_theirs_alone():
    counts = SMALL.counts | {"crossing": 8}
    theirs, others = ({**SMALL.agencies, "crossing": {"ocean": n, "aviation": 8 - n}} for n in (4, 3))

    assert draft("Close crossings.", "ocean", lexicon=replace(SMALL, counts=counts, agencies=theirs)) == (
        "crossing*",
        "",
    )
    assert draft("Close crossings.", "ocean", lexicon=replace(SMALL, counts=counts, agencies=others)) == (
        "", "agency:ocean AND crossing*")  # fmt: skip


def test_the_common_nouns_of_a_statement_together_raise_little():
    asks = [("Free whales from gear.", ["ocean"]), ("Forgive the loans of students.", ["schooling"])]

    # Of 10,000 documents, 19 of the asked agency have students, and 43 gear. Half of them may be of another subject,
    # of which a statement may raise 30.
    shared = replace(
        SMALL, agencies=SMALL.agencies | {"gear": {"ocean": 43, "aviation": 43}}, counts=SMALL.counts | {"gear": 86}
    )
    assert queries(asks, shared, ()) == [
        ("", "agency:schooling AND (student* OR loan*)"), ("whale*", ""), ("", ""),
    ]  # fmt: skip


def test_a_query_for_the_cause_has_at_most_three_times_eight_terms():
    names = " and ".join(f"the {letter}lpha {letter}eta Act" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    assert queries([(f"Pass {names}.", [])] * 4, SMALL, ())[0][0].count(" OR ") == 23


def test_a_common_noun_of_a_large_agency_is_likely_off_the_subject():
    """Of 40 documents, 20 may be of another subject if the agency has 40, and nearly all if it has 900."""
    shared = replace(SMALL, counts=SMALL.counts | {"gear": 45}, agencies=SMALL.agencies | {"gear": {"ocean": 40}})
    large = replace(shared, authors=SMALL.authors | {"ocean": 900})

    assert draft("Free us from gear.", "ocean", lexicon=shared) == ("", "agency:ocean AND gear*")
    assert draft("Free us from gear.", "ocean", lexicon=large) == ("", "")


def test_a_word_of_two_asks_tells_the_cause_and_no_ask():
    asks = [("Free whales from servicers.", []), ("Count whales.", []), ("Act.", [])]

    assert queries(asks, SMALL, ()) == [("whale*", ""), ("servicer*", ""), ("", ""), ("", "")]
    assert queries([asks[0], asks[2]], SMALL, ())[0] == ("", "")


def test_a_word_of_others_tells_the_cause_unless_there_is_one_ask():
    asks = [("Count whales.", ["ocean"]), ("Forgive the loans of servicers.", ["schooling"])]

    assert queries(asks, SMALL, ()) == [("", "agency:schooling AND loan*"), ("whale*", ""), ("servicer*", "")]
    assert queries(asks[1:], SMALL, ()) == [("", ""), ("servicer*", "agency:schooling AND loan*")]


def test_a_generic_noun_of_half_of_the_asks_tells_the_cause_beside_another():
    asks = [
        "Replace every lead service line.",
        "Remove lead paint.",
        "Ban lead in toys.",
        "Fund clinics.",
        "Fund wards.",
    ]

    drafted = queries([(ask, []) for ask in asks], shipped(), ())

    assert drafted[1] == ('"lead service*"', "")
    assert drafted[2] == ("(lead OR leads) NEAR/2 paint*", "")
    assert "fund" not in str(drafted)


def test_quotation_marks_are_no_part_of_what_an_acronym_stands_for():
    assert spelled_out('Close the "generally recognized as safe" (GRAS) loophole.') == {
        "GRAS": "generally recognized as safe"
    }


def test_where_other_words_begin_with_the_noun_its_plural_is_spelled_out():
    found, _ = draft("Protect seals.", "aviation")

    assert found == "(seal OR seals)"


def test_a_child_has_children():
    counts = SMALL.counts | {"child": 15, "childhood": 60}
    lexicon = replace(SMALL, counts=counts, singles=sorted(word for word in counts if " " not in word))
    assert draft("Protect each child.", "aviation", lexicon=lexicon)[1] == "agency:aviation AND (child OR children)"


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        ("Restore the Clean Water Act's wetlands.", '"Clean Water Act" OR wetland*'),
        ("Reauthorize the Safe Streets and Roads for All grant program.", '"Safe Streets and Roads for All"'),
        ("Enforce the Clean Air Act and the Rivers Act.", '"Clean Air Act" OR "Rivers Act"'),
        ("Keep hours-of-service limits.", '"hours of service*"'),
        ("Keep the H-2A and H-2B programs.", '"H 2A" OR "H 2B"'),
        ("Keep the 340B program.", "340B"),
        ("Keep Public Service Loan Forgiveness.", '"Public Service Loan Forgiveness*"'),
        ("Stop cuts to SNAP and WIC.", "SNAP OR WIC"),
        ("Protect Pell Grants from cuts.", '"Pell Grant*"'),
        ("Carry out Public Law 119-73 in full.", '"Public Law 119-73"'),
        ("Change 34 CFR part 685 now.", '"34 CFR 685" OR "34 CFR part 685"'),
        ("Change 49 CFR 571.222 now.", '"49 CFR 571.222"'),
        ("Set a limit for PFAS under 42 U.S.C. § 300g-1.", 'PFAS OR "42 U.S.C. 300g-1"'),
        ("Congress should make Summer EBT available.", '"Summer EBT"'),
        ("Continued Presence should be granted within 72 hours.", '"Continued Presence*"'),
    ],
)
def test_names_acronyms_and_citations_are_looked_for(ask, expected):
    assert draft(ask)[0] == expected


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        ("Restore the CRA.", 'CRA OR "Community Reinvestment Act"'),
        ("Restore the Community Reinvestment Act rule.", '"Community Reinvestment Act" OR CRA'),
        ("Keep IDR open.", 'IDR OR "income-driven repayment*"'),
    ],
)
def test_an_acronym_that_the_statement_explains_is_looked_for_in_both_forms(ask, expected):
    explained = "The Community Reinvestment Act (CRA) and income-driven repayment (IDR) help (all agree)."

    assert draft(ask, explained=explained)[0] == expected


def test_the_acronym_of_an_agency_that_is_in_every_document_is_not_looked_for():
    table = replace(SMALL, counts={**SMALL.counts, "faa": 400})

    assert draft("The FAA should protect whales.", lexicon=table)[0] == "whale*"


def test_two_words_that_tell_little_alone_are_a_phrase_and_an_adjective_ends_none():
    table = replace(SMALL, counts={**SMALL.counts, "lung": 17, "black": 22})

    assert draft("End black lung.", lexicon=table) == ('"black lung*"', "")
    assert draft("Keep lungs affordable.", lexicon=table) == ("", "")


def test_what_is_done_to_a_noun_is_not_looked_for():
    assert draft("Replace stranded whales without lowering whales.") == ("whale*", "")


def test_what_they_do_or_what_is_done_to_them_and_words_of_grammar_are_not_looked_for():
    text = (
        "Slow the poultry lines, since they hurt and should not be thrown miles apart, far away and with fewer breaks."
    )
    drafted = " ".join(draft(text, "food-safety-and-inspection-service", lexicon=shipped()))
    assert "poultry" in drafted
    assert not {"hurt*", "thrown*", "apart", "away", "fewer"} & {*drafted.replace("(", "").replace(")", "").split()}


@pytest.mark.parametrize(
    "ask",
    [
        "The Department of Labor and the EPA should publish full data on methane.",
        "DOL and EPA must strengthen enforcement against methane.",
        "We ask you to better fund local services, and to curb methane.",
    ],
)
def test_bodies_and_words_of_every_request_are_left_out(ask):
    assert draft(ask) == ("methane*", "")


def test_an_agency_whose_name_ends_on_its_subject_is_a_body_too():
    ask = "Centers for Disease Control and Prevention must protect whales."

    assert draft(ask, bodies=("Centers for Disease Control and Prevention",))[0] == "whale*"


def test_a_body_is_looked_for_only_by_an_ask_that_names_nothing_else():
    assert draft("Keep the Institute of Museum and Library Services open.")[0] == (
        '"Institute of Museum and Library Service*"'
    )
    assert draft("Keep the Institute of Museum and Library Services open for whales.")[0] == "whale*"


def test_words_that_no_document_has_are_the_last_resort_and_an_ask_without_a_subject_has_none():
    assert draft("Fund tribal settlements.", lexicon=shipped())[0] == '"tribal settlement*"'
    assert draft("Let the House and Senate do more for all of us now.") == ("", "")


def test_a_plural_of_a_word_that_tells_nothing_tells_nothing_either():
    assert draft("Fund enough inspectors for whales and keep field offices open.", lexicon=shipped())[0] == "whale*"


@pytest.mark.parametrize("ask", ["x" * 500, 'Say "yes" OR (no', "A " * 300 + "b", "§ § § 42", "Á é í Ñandú act OR NOT"])
def test_every_draft_can_be_looked_for(ask):
    found = [query for query in draft(f"{ask} Protect whales.", "schooling") if query]
    assert found
    for query in found:
        parse(query)


@pytest.mark.long
def test_two_thousand_words_of_an_ask_give_eight_terms():
    found, _ = draft("Fund " + ", ".join(f"river{chr(97 + n % 26)}{n} settlements" for n in range(2_000)))

    assert found.count(" OR ") == 7


def test_the_table_that_ships_knows_the_catalog_s_departments_and_most_of_its_agencies():
    listed = {slug for by_agency in shipped().agencies.values() for slug in by_agency}
    wanted = {slug for office in catalog.offices().values() for slug in office.get("agencies", ())}
    unlisted = wanted - listed  # the Register names them in another way, or too rarely for the table
    services = {f"{service}-department" for service in ("air-force", "army", "navy")}

    assert {slug for slug in unlisted if slug.endswith("-department")} <= services
    assert len(unlisted) < len(wanted) / 4


def test_the_table_that_ships_knows_common_words_and_the_agencies_that_use_them():
    table = shipped()

    assert table.documents > 10_000
    assert table.rate("notice") > 0.1
    assert table.rate("student aid") > 0
    assert table.share("loan", ["education-department"]) < table.rate("loan")
    assert list(table.beginning("perchlo")) == ["perchloroethylene"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("policies", "policy"), ("loans", "loan"), ("classes", "class"), ("grass", "grass"), ("basis", "basis"),
        ("buses", "bus"), ("campuses", "campus"), ("houses", "house"), ("causes", "cause"), ("abuses", "abuse"),
        ("nurses", "nurse"),
    ],
)  # fmt: skip
def test_a_plural_and_its_singular_are_one_word_of_the_table(word, expected):
    assert singular(word) == expected


def test_a_document_is_counted_once_for_each_word_and_pair_within_one_text(tmp_path):
    documents, slugs = tmp_path / "documents.jsonl", tmp_path / "slugs.json"
    document = {"title": "Student loans", "abstract": "Loans for the student", "publication_date": "2025-01-02",
                "agencies": [{"slug": "education-department"}]}  # fmt: skip
    documents.write_text(f"{json.dumps(document)}\n" * 3)
    slugs.write_text('["education-department"]')
    maker = [sys.executable, "bin/register_words.py", documents, "--slugs", slugs]
    table = subprocess.run(maker, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True).stdout
    assert table.splitlines() == ["3 education-department:3", "loan 3 0:3", "student 3 0:3|loan 3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Keep income-driven repayment affordable for borrowers.", True),
        ("wages for guest workers", True),
        ("guest workers", False),
        ("forced labor cotton", False),
        ("wages AND for workers", False),
        ('the "guest workers"', False),
        ("title:wages for us", False),
    ],
)
def test_a_sentence_is_told_from_a_query_by_its_words_of_grammar(text, expected):
    assert is_prose(text) is expected


def test_a_short_noun_is_looked_for_without_what_begins_like_it():
    drafted = " ".join(draft("Put ramps on buses, and let no one be spat on.", "federal-transit-administration",
                             lexicon=shipped()))  # fmt: skip

    assert "(bus OR buses)" in drafted
    assert "*" not in drafted.replace("ramp*", "")  # not spatial
