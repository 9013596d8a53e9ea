"""The model: from the text of an ask, and from answers, to what is shown next."""

from __future__ import annotations

from random import Random

from bot.learning.ranking import NOISE, ROUND, Lesson, choose, prune, set_threshold, train
from bot.learning.text import features_of
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
    unanswered = train(Lesson([], [DEBT], [RIVER], [lunch]), Random(1))
    answered = train(Lesson([], [DEBT], [RIVER, lunch], []), Random(1))
    assert unanswered.probability(lunch) > 2 * answered.probability(lunch)


def test_the_same_dice_give_the_same_model():
    first, second = (train(Lesson([ASK], [DEBT], [BUS], [RIVER]), Random(7)) for _ in range(2))
    assert (first.weights, first.above) == (second.weights, second.above)


def test_a_round_has_the_likeliest_and_the_most_uncertain():
    likely = [(f"likely{n}", f"Likely {n}", 0.99 - n / 1000) for n in range(12)]
    uncertain = [(f"uncertain{n}", f"Uncertain {n}", 0.5 + n / 1000) for n in range(5)]
    order = choose([*uncertain, *likely])
    assert len(order) == ROUND
    assert order == [*(f"likely{n}" for n in range(7)), "uncertain0", "uncertain1", "uncertain2"]


def test_a_round_has_at_most_two_entries_of_one_form():
    forms = [(f"form{n}", f"Importer of controlled substances: company {n}", 0.99) for n in range(20)]
    others = [(f"other{n}", f"Decision {n}", 0.6) for n in range(4)]
    assert choose([*forms, *others]) == ["form0", "form1", "other0", "other1", "other2", "other3"]


def test_a_term_of_one_document_is_no_weight_of_a_watch():
    yes = [features_of(["Student loan servicer", f"Write to {name} Alder"]) for name in ("Ann", "Bea")]
    model = train(Lesson([], yes, [BUS], [RIVER]), Random(1))
    kept = prune(model, [*yes, BUS, RIVER])
    assert {"student loan", "alder"} <= kept.weights.keys()
    assert not {"ann", "bea", "ann alder"} & kept.weights.keys()


def test_the_threshold_leaves_no_more_noise_above_it_than_allowed():
    model, size = Learned({"loan": 1.0}, 0.0), 10_000
    allowed = round(NOISE * size)
    no = [(3 - number / 100, False) for number in range(200)]
    assert sum(score > set_threshold(model, no, [], size).above for score, _ in no) == allowed
    unanswered = [1 - number / 1_000 for number in range(1_000)]
    above = set_threshold(model, [], unanswered, size).above
    assert allowed - 1 < sum(1 / (1 + 2.718281828**score) for score in unanswered if score > above) <= allowed


def test_the_threshold_goes_down_to_the_first_noise_but_never_to_what_is_hardly_likely():
    model = Learned({"loan": 1.0}, 0.0)
    assert set_threshold(model, [(2.0, True), (0.2, True), (-0.4, False), (-1.0, True)], [], 100).above == -0.4
    assert set_threshold(model, [(2.0, True), (-5.0, True)], [], 100).above == -1.25
