"""What a text states as fact besides what it cites, by kind, and how long it takes to look."""

from __future__ import annotations

from datetime import date

import pytest

from bot.deadlines.model import Claim
from bot.letters.model import Paragraph, Written
from bot.letters.statements import sourcing
from bot.letters.statements.citations import Kind
from bot.letters.statements.extraction import statements
from bot.letters.statements.figures import OWN, tokens
from bot.letters.statements.sourcing import Basis, Citable
from tests.kit.effort import processor_limit


def keys(text: str) -> list[str]:
    return ["/".join(found.key) for found in statements(text) if found.key[0] != OWN]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # figures, in digits and in words
        ("twelve survivors", ["figure/12/survivor"]),
        ("4,850 shipments", ["figure/4850/shipment"]),
        ("72% of applications", ["figure/72 percent/of"]),
        ("nearly two million dollars", ["figure/2 million/dollar"]),
        ("$340 million", ["figure/$340 million/"]),
        ("Four out of five survivors", ["figure/4 out of 5/survivor"]),
        ("one survivor in seven", ["figure/1 survivor in 7/"]),
        ("two thirds of grantees", ["figure/2 thirds/of"]),
        ("hundreds of cases", ["figure/hundreds/of"]),
        ("Two of them died", ["figure/2/of"]),
        ("Your three orders", ["figure/3/order"]),
        ("Not one was helped", ["figure/1/wa", "reversal/not one was helped"]),
        # days
        ("May 4, 2026", ["day/2026/05/04"]),
        ("1 July 2018", ["day/2018/07/01"]),
        ("12/15/2026", ["day/2026/12/15"]),
        ("March 2026", ["day/2026/03"]),
        ("FY27", ["day/2027"]),
        ("the spring of 2019", ["day/2019"]),
        ("Jan. 5", ["day/?/01/05"]),
        ("last Tuesday", ["day/last tuesday"]),
        # what others said and did
        ("The Inspector General concluded that", ["name/inspector general", "statement/inspector general/concluded"]),
        ("It was found by the audit", ["statement/it/found"]),
        ("According to the Urban Institute", ["statement/according to the urban institute", "name/urban institute"]),
        ("Only Customs has opened a case", ["name/only customs", "statement/only customs/opened"]),
        # stages
        ("The bill is law", ["stage/the bill is law"]),
        ("It has already cleared the House", ["stage/it has already cleared the house"]),
        # names
        ("As chair of the Natural Resources Committee, you decide", ["name/natural resources committee"]),
        ("GAO agrees", ["statement/gao/agrees", "name/gao"]),
        # reversals
        ("That is no longer true", ["reversal/that is no longer true"]),
        ("This requirement was repealed", ["reversal/this requirement was repealed"]),
        ("This is a myth", ["reversal/this is a myth"]),
        ("Wrong!", ["reversal/wrong"]),
        ("The following is not true", ["reversal/the following is not true"]),
        ("But nobody believes it", ["reversal/but nobody believes it"]),
    ],
)
def test_statements_are_found_in_every_wording(text, result):
    assert sorted(keys(text)) == sorted(result)


@pytest.mark.parametrize(
    "text",
    [
        "We have two requests, and these three steps are within your reach.",
        "We would welcome a reply within 30 days, or by December 18.",
        "Please call 202-555-0136 after 9 a.m., or come to 1200 K Street NW, Suite 300, Washington, DC 20005.",
        "Ask 4 is on page 2; Form I-914 is attached.",
        "This is sentence two, for reason three.",
        "The two Departments can do this, your two agencies can, and two of us will help the two of you.",
        "We hope that the Senate will pass the bill, and that the President will sign it.",
        "Our members report that trust is returning slowly.",
        "We wrote to the Department of Labor.",
        "It may be so, and in March we march.",
        "It would be wrong to wait. It is not too late, and it need not be so.",
    ],
)
def test_requests_wishes_and_own_words_state_nothing(text):
    assert [key for key in keys(text) if not key.startswith("day/in march")] == []


def basis(text: str, *templated: str, claims: tuple[Claim, ...] = (), topics: Citable | None = None) -> list[Basis]:
    written = Written(subject="A", body=(Paragraph(text),), templated=("A", *templated), claims=claims)
    return [one.basis for one in sourcing.sourced_citations([written], topics or Citable(), Citable())]


def test_the_letter_s_own_deadline_may_be_changed():
    assert basis("We would like a reply within two weeks.", "We would like a written reply within 30 days.") == []
    assert Basis.NONE in basis(
        "We ask that it be granted within 96 hours.", "We ask that it be granted within 72 hours."
    )


RENDERED = "The notice was published on January 15, 2026, and comments close on March 16, 2026."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (RENDERED, False),
        ("The notice was published on January 15, 2026.", False),
        ("The notice was published on January 16, 2026, and comments close on March 16, 2026.", True),
        ("The notice was published on March 16, 2026, and comments close on March 16, 2026.", True),
        ("The notice was not published on January 15, 2026, and comments close on March 16, 2026.", True),
        ("Comments close in March 2026.", False),
    ],
)
def test_what_the_template_wrote_may_be_said_again_but_not_changed(text, named):
    assert (Basis.NONE in basis(text, RENDERED)) is named


def test_a_claim_in_other_words_has_no_basis():
    claim = Claim(id="one", text="The Secretary must issue a directive on screening all adults and children.",
                  source="a", checked_on=date(2026, 1, 1))  # fmt: skip
    assert basis(claim.text, claim.text, claims=(claim,)) == []
    assert basis("The Secretary may issue a directive on screening adults.", claim.text, claims=(claim,)) == [
        Basis.NONE
    ]


def test_facts_of_the_record_may_be_stated_and_speakers_speak_for_themselves():
    topics = sourcing.citable(
        (), facts=["January 15, 2026", "19 cosponsors", "Senator Jane Doe"], speakers=["Alpha House"]
    )
    said = "It has 19 cosponsors. The notice is of January 15, 2026. Thank you, Senator Doe. Alpha House reported it."
    assert basis(said, topics=topics) == []
    assert basis("It has 20 cosponsors.", topics=topics) == [Basis.NONE]
    assert basis("The House reported it.", topics=topics) == [Basis.NONE]
    assert basis("It was reported by the House.", topics=topics) == [Basis.NONE]
    cast = sourcing.citable((), speakers=["Coalition to Abolish Slavery and Trafficking"])
    assert basis("CAST has documented this.", topics=cast) == []


def test_what_is_found_is_a_piece_of_its_text():
    text = "In March 2026 the GAO found that 80 percent of them are not trained, and it passed the House."
    for found in statements(text):
        assert text[found.start : found.end] == found.text
    assert {found.kind for found in statements(text)} >= {Kind.DAY, Kind.FIGURE, Kind.STATEMENT, Kind.STAGE}


@pytest.mark.parametrize("after", ["while arrests fell", "because of it", "did not", "in five years"])
def test_a_figure_ends_before_a_word_that_nothing_counts(after):
    assert statements(f"Calls rose by 44 percent {after}.")[0].text == "44 percent"


@pytest.mark.parametrize("rate", ["a year", "each year", "per year"])
def test_a_rate_is_named_by_its_sum(rate):
    assert [each.text for each in statements(f"Fund it at $3 billion {rate}.")] == ["$3 billion"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Districts report ten creditable applicants for each seat.", "ten creditable applicants"),
        ("Since then, 152 rural hospitals have closed.", "152 rural hospitals"),
        ("Nearly 26 million children ride one.", "26 million children"),
        ("End the 2 percent Medicare sequester.", "2 percent"),
        ("It pays 9 percent today.", "9 percent"),
        ("There are 90 open, of all seats.", "90"),
    ],
)
def test_a_figure_is_named_with_the_noun_that_it_counts(text, name):
    assert [each.text for each in statements(text) if each.kind is Kind.FIGURE] == [name]


def test_a_day_is_named_without_the_comma_after_it():
    found = statements("The last day was December 27, 2020, with 1,200, of 43,000 beds.")
    assert [each.text for each in found] == ["December 27, 2020", "1,200", "43,000 beds"]


def test_the_number_of_a_standard_is_no_figure():
    found = statements("NHTSA should amend Safety Standard No. 222 of 49 CFR and Nos. 213 and others.")
    assert [each.text for each in found if each.kind is Kind.FIGURE] == []


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    ["1 ", "not ", "has ", "has not ", "March 3, 2026 ", "two of ", "The Office said that ", "GAO ", "the bill ", "“",
     "a@b.c ", "12 K Street ", "one hundred and ", "The Department of ", "The law was not. "],
)  # fmt: skip
def test_hostile_text_beside_a_rendered_one_takes_time_in_proportion_to_its_length(piece):
    written = Written(subject="A", body=(Paragraph(piece * (160_000 // len(piece))),), templated=(RENDERED,))
    with processor_limit(60):
        list(sourcing.sourced_citations([written], Citable(), Citable()))


@pytest.mark.long
def test_a_row_of_numbers_is_read_once_however_long():
    assert len(tokens("1-" * 100_000)) == 200_000  # to look at all that follows each would take minutes
    texts = [token.text for token in tokens("F-35A, a 12-inch pipe in 2026-27")]
    assert texts == ["F-35A", ",", "a", "12-inch", "pipe", "in", "2026", "-", "27"]
