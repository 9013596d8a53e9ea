"""The proposed query: few phrases that raise what was answered Yes and little else."""

from __future__ import annotations

import pytest

from bot.learning.proposal import MOST, additions, propose
from bot.learning.records import Answer
from bot.learning.text import words_of
from bot.watch.query import parse
from tests.kit.learning import LUNCH_ASK, invented, learn, raised, stored


def texts(*titles):
    return [words_of(title, "") for title in titles]


def test_the_phrase_that_all_yes_share_is_proposed():
    yes = texts("School lunch debt in Ohio", "Unpaid lunch debt", "Lunch debt of families")
    no = texts("Lunch meeting", "National debt", "School bus")
    proposal = propose(yes, no, [], [])
    assert proposal.query == '"lunch debt"'
    assert (proposal.yes, proposal.all_yes, proposal.no, proposal.all_no) == (3, 3, 0, 3)


def test_a_phrase_that_raises_too_much_else_is_not_proposed():
    yes = texts("School rules", "School debt")
    proposal = propose(yes, texts(*(f"School bus {n}" for n in range(50))), [], [])
    assert set(proposal.phrases) == {"school rules", "school debt"}


@pytest.mark.parametrize(("raised_too", "proposed"), [(38, ("lunch debt",)), (44, ())])
def test_a_phrase_may_raise_at_most_two_percent_of_what_has_no_yes(raised_too, proposed):
    """An entry without an answer counts half; 100 Yes would pay for many more than 40 of 1,000."""
    yes = texts(*["Lunch debt"] * 100)
    other = texts(*["Lunch debt"] * raised_too, *(f"Bridge {n}" for n in range(1_000 - raised_too)))
    assert propose(yes, [], other, []).phrases == proposed


def test_a_broad_word_gives_way_to_longer_phrases_that_raise_nothing_else():
    yes = texts(
        *(f"School meal {word}" for word in ("debt", "charges", "shaming")), *(f"Unpaid meal {n}" for n in "abcd")
    )
    no = texts("Meal breaks of drivers", "Airline meal service", *(f"School bus {n}" for n in range(120)))
    proposal = propose(yes, no, [], [])
    assert set(proposal.phrases) == {"school meal", "unpaid meal"}
    assert (proposal.yes, proposal.no) == (7, 0)


def test_a_common_word_adds_nothing_to_a_phrase():
    yes, common = (
        texts("Notice of quarry blasting", "Notice of quarry permits"),
        texts("Notice of flood", "Notice of drought"),
    )
    assert propose(yes, [], common, []).phrases == ("quarry",)


def test_there_are_at_most_ten_phrases_and_each_is_valid_in_the_query_language():
    subjects = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta", "iota", "kappa", "lambda", "sigma",
                "omega", "not", "near")  # fmt: skip
    yes = texts(*(f"{a} {b} reform" for a, b in zip(subjects, reversed(subjects), strict=True)))
    proposal = propose(yes, texts(*(f"reform of {n} things" for n in range(20))), [], [])
    assert len(proposal.phrases) <= MOST
    assert parse(proposal.query).in_words()


def test_without_a_yes_there_is_no_query():
    assert propose([], texts("School bus"), texts("River"), []).query == ""


def test_only_phrases_for_what_a_watch_misses_are_additions():
    proposal = propose(texts("School lunch debt", "Meal shaming"), texts("Bus", "River"), [], [])
    assert additions(proposal, texts("Meal shaming")) == tuple(
        phrase for phrase in proposal.phrases if "meal" in phrase or "shaming" in phrase
    )
    assert additions(proposal, []) == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_from_an_ask_and_answers_to_a_query_for_documents_that_were_not_answered(tmp_path, seed):
    documents = invented(240, seed)
    recall, noise = [0, 0], [0, 0]
    for half in (0, 1):
        answered = {id_: entry for n, (id_, (entry, _)) in enumerate(documents.items()) if n % 2 == half}
        rest = [pair for n, pair in enumerate(documents.values()) if n % 2 != half]
        folder = tmp_path / str(half)
        folder.mkdir()
        db = stored(folder, answered)
        session = learn(
            db, [LUNCH_ASK], lambda id_: Answer.YES if documents[id_][1] else Answer.NO, clicks=60, seed=seed
        )
        db.close()
        assert session.clicks == 60
        assert len(session.proposal.phrases) <= MOST
        for total, wanted in ((recall, True), (noise, False)):
            listed = [entry for entry, ours in rest if ours is wanted]
            total[0] += raised(session.proposal.query, listed)
            total[1] += len(listed)
    assert recall[0] >= 0.85 * recall[1], (recall, noise)
    assert noise[0] <= 0.02 * noise[1], (recall, noise)
