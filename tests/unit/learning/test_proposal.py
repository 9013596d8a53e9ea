"""The proposed query: few phrases that raise what the model finds and little else."""

from __future__ import annotations

import pytest

from bot.learning.proposal import MOST, propose
from bot.learning.records import Answer
from bot.learning.text import features_of
from bot.watch.learned import Learned, fields
from bot.watch.query import Query, parse
from tests.kit.learning import LUNCH_ASK, invented, learn, raised, stored


def texts(*titles, agency=""):
    return [features_of([title], fields([agency], None, ())) for title in titles]


def model(**weights):
    return Learned({term.replace("_", " "): weight for term, weight in weights.items()}, 0.5)


def test_the_phrase_that_all_yes_share_is_proposed():
    yes = texts("School lunch debt in Ohio", "Unpaid lunch debt", "Lunch debt of families")
    no = texts("Lunch meeting", "National debt", "School bus")
    proposal = propose(model(lunch_debt=3, lunch=1, debt=1), yes, no, [], 1_000)
    assert proposal.query == '"lunch debt"'
    assert (proposal.yes, proposal.all_yes, proposal.no, proposal.all_no) == (3, 3, 0, 3)


def test_a_phrase_of_one_document_is_not_proposed():
    yes = texts("Lunch debt, Tacoma", "Lunch debt, Juneau")
    assert propose(model(tacoma=9, lunch_debt=3), yes, [], [], 1_000).query == '"lunch debt"'
    assert propose(model(tacoma=9), yes, [], [], 1_000).query == ""


def test_likely_entries_without_an_answer_support_a_phrase():
    likely = texts("Meal shaming in Ohio", "Meal shaming in Utah")
    assert propose(model(meal_shaming=5), texts("Lunch debt"), [], likely, 1_000).query == '"meal shaming"'


@pytest.mark.parametrize(("size", "proposed"), [(3_400, "lunch"), (3_300, "")])
def test_what_is_raised_for_nothing_is_at_most_three_in_a_thousand_of_the_window(size, proposed):
    yes, no = texts(*["Lunch debt"] * 20), texts(*["Lunch meeting"] * 10)
    assert propose(model(lunch=5), yes, no, [], size).query == proposed


def test_a_broad_word_is_asked_for_within_an_agency():
    yes = texts(*["Loan notice"] * 5, agency="Education Department")
    no = texts(*["Loan notice"] * 9, agency="Small Business Administration")
    weights = Learned({"loan": 2.0, "agency:education department": 2.0}, 0.5)
    query = propose(weights, yes, no, [], 1_000).query
    assert query == '(agency:"education department" AND (loan))'
    assert parse(query).in_words() == 'all of (agency "education department", "loan")'


def test_there_are_at_most_ten_phrases_and_each_is_valid_in_the_query_language():
    subjects = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta", "iota", "kappa", "lambda", "sigma",
                "omega", "not", "near")  # fmt: skip
    yes = texts(*(subject for subject in subjects for _ in range(2)))
    proposal = propose(model(**dict.fromkeys(subjects, 2)), yes, [], [], 1_000)
    assert len(proposal.phrases) == MOST
    assert parse(proposal.query).in_words()


@pytest.mark.parametrize("seed", [1, 2])
def test_from_an_ask_and_answers_to_watches_for_documents_that_were_not_answered(tmp_path, seed):
    documents = invented(480, seed)
    answered = {id_: entry for n, (id_, (entry, _)) in enumerate(documents.items()) if n % 2}
    rest = [pair for n, pair in enumerate(documents.values()) if not n % 2]
    db = stored(tmp_path, answered)
    ours = [entry for entry, wanted in rest if wanted]
    others = [entry for entry, wanted in rest if not wanted]

    def oracle(id_):
        return Answer.YES if documents[id_][1] else Answer.NO

    ((learned, proposal),) = learn(db, [LUNCH_ASK], oracle, clicks=(60,), seed=seed)
    db.close()
    for query in (Query("learned", learned), parse(proposal.query)):
        assert raised(query, ours) >= 0.85 * len(ours), query.text
        assert raised(query, others) <= 0.02 * len(others), query.text
