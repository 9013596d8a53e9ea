"""However a letter's text is put together, its citations are found, in their sentence, and nothing raises."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.deadlines.model import Claim
from bot.letters.model import Paragraph, Written
from bot.letters.statements import sourcing
from bot.letters.statements.citations import citations, normalize
from bot.letters.statements.sourcing import Basis, Citable

PIECES = [
    "22 U.S.C. 9999", "§ 307", "(a)", "and", "of title 18", "Public Law 119-73", "H.R. 4323", "420-0", "voted",
    "“", "”", "The law says so.", "Sen. Doe", "to", ",", ";", ".", "1593A", "91 FR 1",
    "we will end this before the year is out",
]  # fmt: skip
TEXT = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
PLAIN = st.text(alphabet="abc ABC,;()’“”", max_size=60)


def written(*paragraphs: str, claims: tuple[Claim, ...] = ()) -> Written:
    return Written(subject="A", body=tuple(Paragraph(normalize(text)) for text in paragraphs), claims=claims)


@settings(max_examples=300)
@given(TEXT)
def test_a_citation_is_a_piece_of_its_text_and_of_its_sentence(text):
    whole = normalize(text)
    for citation in citations(text):
        assert 0 <= citation.start < citation.end <= len(whole)
        assert citation.sentence in whole
        assert whole[citation.start : citation.end].strip() in whole


@settings(max_examples=300)
@given(PLAIN, PLAIN)
def test_a_statute_is_found_between_any_words_and_rests_on_nothing(before, after):
    sourced = sourcing.sourced_citations([written(f"{before} 22 U.S.C. 9999 {after}")], Citable(), Citable())
    statutes = [one for one in sourced if one.citation.key[:3] == ("usc", "22", "9999")]
    assert {one.basis for one in statutes} == {Basis.NONE}  # a subsection after it counts on its own


@pytest.mark.long
@settings(max_examples=200)
@example("", ":NAME")
@given(TEXT, TEXT)
def test_no_words_around_a_claim_let_another_sentence_rest_on_it(before, after):
    claim = Claim(id="one", text="The law says so (22 U.S.C. 9999).", source="a", checked_on=date(2026, 1, 1))
    text = written(before, f"Goods are destroyed (22 U.S.C. 9999). {claim.text}", after, claims=(claim,))
    false = [
        one for one in sourcing.sourced_citations([text], Citable(), Citable()) if "destroyed" in one.citation.sentence
    ]
    assert {one.basis for one in false if one.name == "22 U.S.C. 9999"} == {Basis.NONE}
