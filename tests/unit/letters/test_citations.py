"""What counts as a citation or a quotation, how two are compared, and how long it takes to look."""

from __future__ import annotations

import pytest

from bot.letters.statements.citations import Kind, citations, covers, sentence_spans
from tests.kit.effort import processor_limit


def keys(text: str) -> list[str]:
    return ["/".join(citation.key) for citation in citations(text)]


def test_citations_are_found_in_every_notation():
    cases = {
        # statutes
        "under 22 U.S.C. 9999, and": ["usc/22/9999"],
        "22 USC 7105(c)(3)(A)(i)": ["usc/22/7105/c/3/a/i"],
        "22 U.S.C. § 7105": ["usc/22/7105"],
        "22 U. S. C. §7105": ["usc/22/7105"],
        "18 U.S.C.A. 1593A": ["usc/18/1593a"],
        "18 U.S. Code 1589": ["usc/18/1589"],
        "42 U.S.C. 2000e-5": ["usc/42/2000e-5"],
        "２２ U.S.C. ９９９９": ["usc/22/9999"],
        "22\u00a0U.S.C.\u00a09999": ["usc/22/9999"],
        "section 7105(c) of title 22, United States Code": ["usc/22/7105/c"],
        "section 1589 of title 18": ["usc/18/1589"],
        "title 18, section 1589": ["usc/18/1589"],
        "34 U.S.C. §§ 20709(c)(1)(A) and 20713": ["usc/34/20709/c/1/a", "usc/34/20713"],
        "18 U.S.C. 1591, 1593A, or 9999": ["usc/18/1591", "usc/18/1593a", "usc/18/9999"],
        "18 U.S.C. 3771A(b)(5), (g), and (h)": ["usc/18/3771a/b/5", "usc/18/3771a/g", "usc/18/3771a/h"],
        "18 U.S.C. 1591, and 12 members": ["usc/18/1591"],
        "18 U.S.C. 1591, 22 CFR 41.84": ["usc/18/1591", "cfr/22/41.84"],
        # regulations
        "28 C.F.R. 1100.35": ["cfr/28/1100.35"],
        "28 CFR part 1100": ["cfr/28/1100"],
        "section 1100.35 of title 28, Code of Federal Regulations": ["cfr/28/1100.35"],
        # laws by number, sections by number
        "Public Law 119-73": ["law/119-73"],
        "Pub. L. No. 119–73": ["law/119-73"],
        "P.L. 119-73, section 3(a)": ["law/119-73/3/a"],
        "section 4 of Public Law 119-73": ["law/119-73/4"],
        "139 Stat. 2003": ["stat/139/2003"],
        "§ 307 of the Tariff Act of 1930": ["section/307"],
        "Section 906 of the TVPRA": ["section/906"],
        "sections 2 through 6": ["section/2", "section/6"],
        "Sec. 906(b)": ["section/906/b"],
        # orders, reports, cases
        "Executive Order 13985": ["order/13985"],
        "E.O. 14,159 and EO 12866": ["order/14159", "order/12866"],
        "Proclamation 10931": ["proclamation/10931"],
        "H. Rept. 118-12": ["report/h/118-12"],
        "Roe, 410 U.S. 113": ["case/410/u.s./113"],
        # bills
        "H.R. 4323": ["bill/hr4323"],
        "HR 4323": ["bill/hr4323"],
        "S.3240": ["bill/s3240"],
        "S. 3240 (116th Congress)": ["bill/s3240/116"],
        "H.R. 4323 of the 119th Congress": ["bill/hr4323/119"],
        "H.R. 833 in the 118th Congress": ["bill/hr833/118"],
        "H. Res. 5 and H.J. Res. 44 and S. Con. Res. 7": ["bill/hres5", "bill/hjres44", "bill/sconres7"],
        "Senate bill 9": ["bill/s9"],
        # the Register
        "91 Fed. Reg. 12,345": ["fr/91/12345"],
        "91 FR 12345": ["fr/91/12345"],
        "FR Doc. 2026-00123": ["document/2026-00123"],
        "docket OJP-2026-0001": ["docket/ojp-2026-0001"],
        # votes
        "The House passed it 420-0.": ["vote/420-0"],
        "The Senate passed it, 99–0, in May.": ["vote/99-0"],
        "by a vote of 23 to 2": ["vote/23-2"],
        # quotations
        "“We will end this before the year is out.”": ["quotation/we will end this before the year is out"],
        '"We will end this before the year is out."': ["quotation/we will end this before the year is out"],
        "as ‘we will end this before the year’s end’": ["quotation/we will end this before the years end"],
        "He said: “We will end this before the year": ["quotation/we will end this before the year"],
        "It was “settled.”": ["quotation/settled"],
        "“No more,” the judge wrote.": ["quotation/no more"],
        "a „blunt tool“, and «manifest injustice»": ["quotation/blunt tool", "quotation/manifest injustice"],
        "They call it 'the list' at the providers' offices.": ["quotation/the list"],
        # parts of a law, and the Constitution
        "Subsection (e) and paragraph (4)(B)": ["section/e", "section/4/b"],
        "Title IV, Article 3, Rule 41": ["part/title/iv", "part/article/3", "part/rule/41"],
        "the Fourth Amendment": ["amendment/fourth"],
        "Ramirez v. Hart": ["case/ramirezv.hart"],
    }  # fmt: skip
    assert {text: keys(text) for text in cases} == cases


@pytest.mark.parametrize(
    "text",
    [
        "in all 50 U.S. states, and in 12 U.S. districts",
        "Washington, DC 20530-0001, telephone 202-555-0100, room 419 S. Capitol Street",
        "people aged 12-17, within 2 to 3 weeks, open 24/7, call 9-1-1",
        "the House passed it in 2025-26",
        "the next section of this letter, the first part of it, our title",
        "the “Enhanced Collaborative Model Task Force to Combat Human Trafficking”",
        "John S. 5th Street; Plan S; HR department; H.R. staff",
        "$5-10 a day",
    ],
)
def test_text_without_citations_has_none(text):
    assert keys(text) == []


def test_a_citation_has_its_whole_sentence():
    text = "We met Sen. Doe in the U.S. Senate. Under 22 U.S.C. 7105(c), Justice, Inc. No. 3 may act. It should. "
    (citation,) = citations(text)
    assert citation.sentence == "Under 22 U.S.C. 7105(c), Justice, Inc. No. 3 may act."
    assert citation.text == "22 U.S.C. 7105(c)"


def test_a_later_section_of_a_list_is_named_in_full():
    named = [citation.text for citation in citations("See 18 U.S.C. 3771A(b)(5), (g), and 1593A.")]
    assert named == ["18 U.S.C. 3771A(b)(5)", "18 U.S.C. 3771A(g)", "18 U.S.C. 1593A"]


@pytest.mark.parametrize(
    ("stored", "cited", "covered"),
    [
        ("usc/22/7105", "usc/22/7105/c/3", True),
        ("usc/22/7105/c/3", "usc/22/7105", True),
        ("usc/34/20713/a", "usc/34/20713/b", False),
        ("usc/34/20713", "usc/22/20713", False),
        ("usc/18/3771a", "section/3771a/b", True),
        ("law/119-73/4", "section/4", True),
        ("law/119-73", "section/4", False),
        ("law/119-73", "law/119-73/3", True),
        ("section/307", "usc/19/1307", False),
        ("bill/s3240/119", "bill/s3240/116", False),
        ("bill/s3240/119", "bill/s3240", True),
        ("vote/420-0", "vote/99-0", False),
    ],
)
def test_a_key_covers_itself_its_parts_and_its_parents(stored, cited, covered):
    assert covers(tuple(stored.split("/")), tuple(cited.split("/"))) is covered


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    ["22 U.S.C. ", "18 U.S.C. 1591, ", "(a)", "“", "‘a ", '"', "S. ", "section 1 of the ", "1 ", "420-0 ", "Pub. L. ",
     ". A", "§", "title 1, "],
)  # fmt: skip
def test_hostile_text_takes_time_in_proportion_to_its_length(piece):
    with processor_limit(30):
        citations(piece * (800_000 // len(piece)))


def test_an_address_ends_a_sentence():
    assert len(sentence_spans("Write to us at us@alliance.test. It passed 9-1.")) == 2


def test_every_kind_that_is_cited_has_an_example_above():
    texts = "22 U.S.C. 1. H.R. 1. OJP-2026-0001. It passed 9-1. “We shall all want it to be so and no more.”"
    assert {citation.kind for citation in citations(texts)} == {
        Kind.LAW, Kind.BILL, Kind.DOCUMENT, Kind.VOTE, Kind.QUOTATION,
    }  # fmt: skip
