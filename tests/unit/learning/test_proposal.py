"""The proposed query: few phrases that raise what the model finds and little else."""

from __future__ import annotations

import pytest

from bot.learning.ranking import MOST, propose
from bot.learning.records import Answer
from bot.learning.rounds import features_of
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
    proposal = propose(model(lunch_debt=3, lunch=1, debt=1), yes, no, [], 200)
    assert proposal.query == '"lunch debt"'
    assert (proposal.yes, proposal.all_yes, proposal.no, proposal.all_no) == (3, 3, 0, 3)


def test_a_phrase_of_one_document_is_not_proposed():
    yes = texts("Lunch debt, Tacoma", "Lunch debt, Juneau")
    assert propose(model(tacoma=9, lunch_debt=3), yes, [], [], 1_000).query == '"lunch debt"'
    assert propose(model(tacoma=9), yes, [], [], 1_000).query == ""


def test_likely_entries_without_an_answer_support_a_phrase():
    likely = texts("Meal shaming in Ohio", "Meal shaming in Utah")
    assert propose(model(meal_shaming=5), texts("Lunch debt"), [], likely, 1_000).query == '"meal shaming"'


def test_entries_as_likely_as_not_support_a_phrase():
    entry, weights = texts("Meal shaming in Ohio")[0], {"meal shaming": 5.0}
    even = Learned(weights, Learned(weights, 0.0).excess(entry))
    assert even.probability(entry) == 0.5
    assert propose(even, texts("Lunch debt"), [], [entry, entry], 1_000).query == '"meal shaming"'


def test_of_phrases_that_raise_the_same_the_shortest_is_proposed():
    assert propose(model(lunch_debt=3, lunch=3), texts(*["Lunch debt"] * 3), [], [], 1_000).query == "lunch"


def test_a_yes_that_a_phrase_raises_counts_half_for_the_next():
    both = texts(*["Lunch debt"] * 3)
    assert propose(model(lunch=3, debt=3), both, [], [], 1_000).query == "debt OR lunch"
    no = texts(*["Lunch meeting"] * 11)
    assert propose(model(lunch=3, debt=3), both, no, [], 100_000).query == "debt"


def test_a_phrase_within_a_broader_one_is_not_proposed_with_it():
    yes = texts("Lunch debt", "Lunch debt", "Lunch debt", "Lunch debt", "Unpaid lunch")
    no = texts(*["Lunch meeting"] * 12)
    assert propose(model(lunch_debt=3, lunch=3), yes, no, [], 100_000).query == "lunch"


def test_a_word_within_an_agency_is_not_proposed_with_the_word_alone():
    yes = [*texts(*["Loan notice"] * 5, agency="Education Department"), *texts(*["Loan notice"] * 5)]
    weights = Learned({"loan": 2.0, "agency:education department": 1.0}, 0.5)
    assert propose(weights, yes, [], [], 1_000).query == "loan"


def test_what_all_phrases_raise_is_counted_once_and_what_nobody_answered_not_at_all():
    yes, no = texts(*["Lunch debt"] * 3, *["Meal shaming"] * 2), texts("Lunch meeting", "Debt of a meal")
    likely = texts("Lunch")
    proposal = propose(model(lunch=5, shaming=5), yes, no, likely, 1_000)
    assert proposal.query == "lunch OR shaming"
    assert (proposal.yes, proposal.all_yes, proposal.no, proposal.all_no) == (5, 5, 1, 2)


@pytest.mark.parametrize(("nothing", "size", "proposed"), [(10, 4_100, "lunch"), (10, 3_900, ""), (3, 1_200, "lunch")])
def test_what_is_raised_for_nothing_is_at_most_a_quarter_percent_of_the_window(nothing, size, proposed):
    yes, no = texts(*["Lunch debt"] * 20), texts(*["Lunch meeting"] * nothing)
    assert propose(model(lunch=5), yes, no, [], size).query == proposed


def test_all_phrases_together_raise_no_more_for_nothing_than_one_may():
    yes = texts(*["Lunch debt"] * 20, *["Meal shaming"] * 10)
    no = texts(*["Lunch meeting"] * 2, *["Meal and rest breaks"] * 2)
    assert propose(model(lunch=5, meal=5), yes, no, [], 1_000).query == "lunch"


@pytest.mark.parametrize(("nothing", "proposed"), [(14, "lunch"), (15, "lunch"), (16, "")])
def test_a_phrase_pays_if_its_yes_outweigh_a_tenth_of_what_it_raises_for_nothing(nothing, proposed):
    yes, no = texts(*["Lunch debt"] * 2), texts(*["Lunch meeting"] * nothing)
    assert propose(model(lunch=5), yes, no, [], 100_000).query == proposed


@pytest.mark.parametrize(("weight", "within"), [(0.5, True), (0.0, False)])
def test_a_broad_word_is_asked_for_within_an_agency_that_speaks_for_a_yes(weight, within):
    yes = texts(*["Loan notice"] * 5, agency="Education Department")
    no = texts(*["Loan notice"] * 9, agency="Small Business Administration")
    weights = Learned({"loan": 2.0, "agency:education department": weight}, 0.5)
    query = propose(weights, yes, no, [], 1_000).query
    assert query == ('(agency:"education department" AND (loan))' if within else "")
    assert not within or parse(query).in_words() == 'all of (agency "education department", "loan")'


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
