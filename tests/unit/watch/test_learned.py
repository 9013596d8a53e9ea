"""A learned watch: weights of terms in place of a query."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.shared.entry import Agency
from bot.watch import text as txt
from bot.watch.engine import Matcher, judge
from bot.watch.evidence import explain
from bot.watch.index import Index
from bot.watch.learned import Features, Learned, features, fields, is_term
from bot.watch.model import Level, Reason, Watch
from bot.watch.query import Phrase, Query
from tests.kit.alerts import document

LOANS = Learned({"student loan": 4.0, "fafsa": 3.0, "type:notice": 1.0, "audit": -6.0}, 1.0)


def watch(model: Learned) -> Watch:
    return Watch("loans", "Loans", (3,), Level.DIGEST, Query("loans", model))


def test_terms_are_words_pairs_and_fields_without_common_words_and_numbers():
    agencies = fields(["Education Department"], "Notice", ["ED-2025-SCC-0481"])
    assert features(["the", "student", "loan", "", "34", "fafsa", "of", "loan"], agencies) == Features((
        "student", "loan", "fafsa", "student loan", "agency:education department", "type:notice",
        "docket:ed 2025 scc 0481",
    ), 7)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "matches"),
    [("Student-Loan rules", True), ("FAFSA", True), ("A loan for a student", False), ("FAFSA audit", False)],
)
def test_what_is_above_the_threshold_matches_in_the_matcher_as_alone(title, matches):
    entry = document("2026-00001", title)
    alone = judge(watch(LOANS), Index(entry))
    assert Matcher([watch(LOANS)]).match(entry) == ((alone,) if alone else ())
    assert (alone is not None) is matches


def test_a_type_alone_is_not_enough():
    entry = document("2026-00001", "Bridges", type="Notice")
    assert Matcher([watch(Learned({"fafsa": 3.0, "type:notice": 9.0}, 0.0))]).match(entry) == ()


def test_an_agency_is_enough_for_a_title_that_says_nothing():
    matcher = Matcher([watch(Learned({"fafsa": 3.0, "agency:food and nutrition service": 4.0}, 1.0))])
    title, agencies = "Submission for OMB Review; Comment Request", (Agency("Food and Nutrition Service"),)
    (match,) = matcher.match(document("2026-00001", title, agencies=agencies))
    assert match.reasons == (Reason("agency", "Food and Nutrition Service"),)
    assert matcher.match(document("2026-00002", title)) == ()


@pytest.mark.parametrize("term", ["loan", "student loan", "agency:education department", "docket:ed 2025 scc 0481"])
def test_a_term_is_what_an_entry_can_have(term):
    assert is_term(term)


@pytest.mark.parametrize(
    "term", ["", " ", "Loan", "of", "34", "student loan debt", "student-loan", "agency:", "agency:ED", "bureau:navy"]
)
def test_what_no_entry_can_have_is_no_term(term):
    assert not is_term(term)


def test_a_long_summary_counts_no_more_than_a_title():
    short, long = (features(["fafsa", *(f"word{n}" for n in range(count))]) for count in (3, 99))
    assert LOANS.excess(short) == pytest.approx(3 / 4**0.5 - 1)
    assert LOANS.excess(long) == pytest.approx(3 / 100**0.5 - 1)


def test_the_reason_is_in_the_words_of_the_entry():
    (match,) = Matcher([watch(LOANS)]).match(document("2026-00001", "The FAFSA for a Student Loan"))
    assert match.reasons[:2] == (Reason("learned", "Student Loan"), Reason("learned", "FAFSA"))
    withheld = document("2026-00002", "FAFSA of a child").withhold()
    assert all("fafsa" not in reason.words.casefold() for reason in judge(watch(LOANS), Index(withheld)).reasons)


def test_a_reason_is_found_where_its_words_first_follow_one_another():
    title, summary = "Loans; a student’s loan, no student", "A Student Loan\nÉtudiant, the U.S.C. and a student loan"
    index = Index(document("2026-00001", title, summary=summary))
    for words in ("student", "student loan", "no student", "loan etudiant", "usc", "loans", "loan no", "loans a"):
        assert [index.first(words)] == [
            (at, at + len(words.split())) for at in index.find(Phrase((*words.split(),)))[:1]
        ]
    assert index.first("student a") is index.first("udent") is None


def test_a_text_is_read_no_further_than_its_first_reason():
    spans = txt.spans("The FAFSA and what follows")
    assert [next(spans), next(spans)] == [(0, 3), (4, 9)]
    index = Index(document("2026-00001", "Forms", summary="The FAFSA and the FAFSA; a FAFSA audit"))
    quotes = [index.quote(*place) for place in map(index.first, ("fafsa audit", "the fafsa", "audit"))]
    assert [text[start:end] for _, text, (start, end) in quotes] == ["FAFSA audit", "The FAFSA", "audit"]


def test_what_is_below_the_threshold_has_no_explanation():
    for title in ("FAFSA audit", "Bridges"):
        assert str(explain(watch(LOANS), document("2026-00001", title))) == ""


def test_several_models_match_together_what_each_matches_alone():
    dice = Random(1)
    words = [f"{letter}{number}ow" for letter in "abcdefgh" for number in range(5)]
    pairs = [f"{one} {other}" for one in words[:20] for other in words[10:30]]

    def model() -> Learned:
        terms = (*dice.sample(words, 25), *dice.sample(pairs, 60), "type:notice")
        most = dice.choice((1, 1e-9, 1e200))
        return Learned({term: most * dice.uniform(-3, 4) for term in terms}, most * dice.uniform(-0.5, 3))

    watches = [watch(model()) for _ in range(8)]
    matcher, matched = Matcher(watches), 0
    for number in range(200):
        title = " ".join(dice.choices(words, k=12))
        entry = document(f"2026-{number:05}", title, type=dice.choice(("Notice", "Rule")))
        alone = [match for each in watches if (match := judge(each, Index(entry)))]
        assert list(matcher.match(entry)) == alone
        matched += len(alone)
    assert 0 < matched < 8 * 200


def test_a_threshold_beyond_every_weight_decides_for_its_own_model_alone():
    never, always = (replace(LOANS, above=above) for above in (1_000.0, -1_000.0))
    watches = [replace(watch(model), id=id_) for id_, model in (("never", never), ("loans", LOANS), ("always", always))]
    for title, matched in (("FAFSA", ["loans", "always"]), ("FAFSA audit", ["always"]), ("Bridges", [])):
        assert [match.watch for match in Matcher(watches).match(document("2026-00001", title))] == matched


def test_learned_watches_keep_to_their_kinds_and_sources():
    entry = document("2026-00001", "FAFSA")
    other = replace(watch(LOANS), sources=("another",))
    assert len(Matcher([watch(LOANS), other]).match(entry)) == 1
    assert Matcher([other]).match(entry) == ()
