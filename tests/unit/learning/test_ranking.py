"""The model: from the text of an ask, and from answers, to what is shown next."""

from __future__ import annotations

from random import Random

import pytest

from bot.learning.ranking import NOISE, ROUND, Lesson, choose, cross_validate, prune, score_noise, set_threshold, train
from bot.learning.rounds import features_of
from bot.watch.learned import Learned

ASK = features_of(["End school lunch debt"])
DEBT, BUS, RIVER = (
    features_of([text]) for text in ("Rules on school lunch debt", "School bus brakes", "Fireworks on the river")
)


def test_without_answers_the_words_of_the_ask_decide():
    model = train(Lesson([ASK], [], [], [RIVER, BUS]), Random(1))
    assert model.excess(DEBT) > model.excess(BUS) > model.excess(RIVER)
    assert "debt" in model.telling(DEBT)
    assert model.telling(RIVER) == ()


def test_an_answer_outweighs_the_text_of_the_ask():
    model = train(Lesson([ASK], [RIVER], [BUS, BUS], [DEBT]), Random(1))
    assert model.excess(features_of(["River fireworks"])) > model.excess(features_of(["School bus"]))


def test_an_entry_without_an_answer_counts_less_than_a_no():
    lunch = features_of(["School lunch"])
    unseen, unanswered, answered = (
        train(Lesson([], [DEBT], [RIVER, *no], sample), Random(1)).probability(lunch)
        for no, sample in (([], []), ([], [lunch]), ([lunch], []))
    )
    assert 0 < unseen - unanswered < (unseen - answered) / 3


def test_the_same_dice_give_the_same_model():
    first, second = (train(Lesson([ASK], [DEBT], [BUS], [RIVER]), Random(7)) for _ in range(2))
    assert (first.weights, first.above) == (second.weights, second.above)


def test_the_model_is_the_one_whose_rounds_were_measured():
    """Each constant and each weight of an example shows in these figures: a change needs the measures again."""
    no = [BUS, RIVER, features_of(["Lunch of a board"])]
    sample = [features_of([f"Notice of {what}"]) for what in ("halibut", "flood maps", "bus routes", "debt")]
    model = train(Lesson([ASK], [DEBT], no, sample), Random(1))
    assert model.above == pytest.approx(0.332, abs=0.001)
    weights = {"lunch debt": 2.259, "debt": 1.161, "board": -1.562, "brakes": -1.221, "river": -1.248}
    assert {term: model.weights[term] for term in weights} == pytest.approx(weights, abs=0.001)

    only_no = train(Lesson([ASK], [], [BUS, RIVER], []), Random(1))
    assert (only_no.above, only_no.weights["lunch"]) == pytest.approx((0.119, 1.402), abs=0.001)
    only_the_ask = train(Lesson([ASK], [], [], []), Random(1))
    assert (only_the_ask.above, only_the_ask.weights["lunch"]) == pytest.approx((-0.221, 0.475), abs=0.001)


def test_each_no_is_scored_once_by_a_model_that_did_not_see_it():
    yes = [features_of([f"School lunch debt {number}"]) for number in range(10)]
    no = [features_of([f"School lunch {word}"]) for word in ("party", "wear", "forum", "games", "cards")]
    lesson = Lesson([ASK], yes, no, [RIVER, BUS])
    model = prune(train(lesson, Random(1)), lesson)
    unseen = cross_validate(lesson, [], Random(1))
    assert [noise for _, noise in unseen] == [1.0] * 5
    assert min(score for score, _ in unseen) > max(model.excess(entry) for entry in no)


def test_an_entry_is_not_scored_by_a_model_that_learned_from_a_yes_to_it():
    assert cross_validate(Lesson([], [DEBT, DEBT], [], []), [DEBT], Random(1)) == []


def test_of_the_entries_without_an_answer_a_thousand_are_background():
    sample = [BUS] * 1_000
    last = features_of(["Halibut quotas"])
    assert "halibut" not in train(Lesson([], [DEBT], [], [*sample, last]), Random(1)).weights
    assert "halibut" in train(Lesson([], [DEBT], [], [*sample[1:], last]), Random(1)).weights


def test_an_unanswered_entry_is_scored_by_a_model_for_which_it_was_no_background():
    lesson = Lesson([ASK], [DEBT] * 5, [RIVER], [features_of(["Debt of nations"])] * 200)
    seen = train(lesson, Random(1)).excess(lesson.sample[0])
    ((unseen, noise),) = (pair for pair in cross_validate(lesson, lesson.sample[:1], Random(1)) if pair[1] < 1)
    assert unseen > seen + 1
    assert noise == pytest.approx(1 / (1 + 2.718281828**unseen))


def test_a_round_has_the_likeliest_and_the_most_uncertain():
    likely = [(f"likely{n}", f"Likely {n}", 0.99 - n / 1000) for n in range(12)]
    uncertain = [(f"uncertain{n}", f"Uncertain {n}", 0.5 + n / 1000) for n in range(5)]
    unlikely = [(f"unlikely{n}", f"Unlikely {n}", 0.01) for n in range(5)]
    order = choose([*unlikely, *uncertain, *likely])
    assert len(order) == ROUND
    assert order == [*(f"likely{n}" for n in range(7)), "uncertain0", "uncertain1", "uncertain2"]


def test_of_entries_that_score_the_same_the_one_with_the_first_id_is_shown_first():
    likely = [(f"likely{n}", f"Likely {9 - n}", 0.99) for n in reversed(range(7))]
    uncertain = [(f"uncertain{n}", f"Uncertain {9 - n}", 0.5) for n in reversed(range(5))]
    first = [f"likely{n}" for n in range(7)]
    assert choose([*uncertain, *likely]) == [*first, "uncertain0", "uncertain1", "uncertain2"]


def test_a_round_has_at_most_two_entries_of_one_form():
    forms = [(f"form{n}", f"Importer of controlled substances: company {n}", 0.99) for n in range(20)]
    others = [(f"other{n}", f"Decision {n}", 0.6) for n in range(4)]
    assert choose([*forms, *others]) == ["form0", "form1", "other0", "other1", "other2", "other3"]


def test_a_term_of_one_document_is_no_weight_of_a_watch():
    yes = [features_of(["Student loan servicer", f"Write to {name} Alder"]) for name in ("Ann", "Bea")]
    model = train(Lesson([], yes, [BUS], [RIVER]), Random(1))
    kept = prune(model, Lesson([], yes, [BUS], [RIVER]))
    assert {"student loan", "alder"} <= kept.weights.keys()
    assert not {"ann", "bea", "ann alder"} & kept.weights.keys()
    (weight,) = prune(Learned({"loan": 1.23456}, 0.0), Lesson([], [features_of(["Loan"])] * 2, [], [])).weights.values()
    assert weight == 1.235, "as a file has it"


def test_a_term_of_an_ask_is_a_weight_before_any_document_has_it():
    lesson = Lesson([ASK], [features_of(["Meal charges"])], [BUS], [RIVER])
    kept = prune(train(lesson, Random(1)), lesson)
    assert kept.weights["lunch debt"] > 0
    assert "charges" not in kept.weights


def test_the_threshold_leaves_no_more_noise_above_it_than_allowed_by_the_mean_of_both_measures():
    model, size = Learned({"loan": 1.0}, 0.0), 10_000
    no = [(3 - number / 100, 1.0) for number in range(200)]
    for measures, times in (([no], 1), ([no, []], 2), ([no, no], 1)):
        above = set_threshold(model, measures, size).above
        assert sum(score > above for score, _ in no) == round(times * NOISE * size)


def test_an_unanswered_entry_is_noise_as_far_as_it_is_unlikely():
    model, size = Learned({"loan": 1.0}, 0.0), 10_000
    unanswered = [(score, 1 / (1 + 2.718281828**score)) for score in (1 - number / 1_000 for number in range(1_000))]
    ((score, noise),) = score_noise(Learned({"loan": 1.0}, 0.5), [features_of(["Loan"]), BUS])
    assert (score, noise) == pytest.approx((0.207, 0.448), abs=1e-3)
    above = set_threshold(model, [unanswered], size).above
    assert NOISE * size - 1 < sum(noise for score, noise in unanswered if score > above) <= NOISE * size


def test_the_threshold_goes_down_to_the_first_noise_but_never_to_what_is_hardly_likely():
    model = Learned({"loan": 1.0}, 0.0)
    assert set_threshold(model, [[(-0.4, 1.0), (-1.0, 0.0)]], 100).above == -0.4
    assert set_threshold(model, [[(-5.0, 1.0)]], 100).above == -2.5
    assert set_threshold(Learned({"loan": 1.0}, 0.12345), [[]], 100).above == -2.377
