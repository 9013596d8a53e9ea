"""The model: from the text of an ask, and from answers, to what is shown next."""

from __future__ import annotations

from random import Random

from bot.learning.ranking import ROUND, choose, train
from bot.learning.text import contain_any, phrases, terms, words_of

ASK = terms(words_of("End school lunch debt"))
DEBT, BUS, RIVER = (
    terms(words_of(text)) for text in ("Rules on school lunch debt", "School bus brakes", "Fireworks on the river")
)


def test_without_answers_the_words_of_the_ask_decide():
    model = train([ASK], [], [], [RIVER, BUS], Random(1))
    assert model.score(DEBT) > model.score(BUS) > model.score(RIVER)
    assert "debt" in model.telling(DEBT)
    assert model.telling(RIVER) == ()


def test_an_answer_outweighs_the_text_of_the_ask():
    model = train([ASK], [RIVER], [BUS, BUS], [DEBT], Random(1))
    assert model.score(terms(words_of("River fireworks"))) > model.score(terms(words_of("School bus")))


def test_an_entry_without_an_answer_counts_less_than_a_no():
    lunch = terms(words_of("School lunch"))
    unanswered = train([], [DEBT], [RIVER], [lunch], Random(1))
    answered = train([], [DEBT], [RIVER, lunch], [], Random(1))
    assert unanswered.score(lunch) > 2 * answered.score(lunch)


def test_the_same_dice_give_the_same_model():
    first, second = (train([ASK], [DEBT], [BUS], [RIVER], Random(7)) for _ in range(2))
    assert first == second


def test_a_round_has_the_likeliest_and_the_most_uncertain():
    likely = [(f"likely{n}", 0.99 - n / 1000) for n in range(12)]
    uncertain = [(f"uncertain{n}", 0.5 + n / 1000) for n in range(5)]
    order = choose([*uncertain, *likely])
    assert len(order) == ROUND
    assert order == [*(f"likely{n}" for n in range(7)), "uncertain0", "uncertain1", "uncertain2"]


def test_phrases_neither_span_two_texts_nor_end_in_a_common_word():
    runs = phrases(words_of("Debt of the school", "Lunch 2026"))
    assert {"debt", "school", "lunch", "debt of the school"} == runs


def test_a_phrase_is_looked_for_as_whole_words():
    words = words_of("A school lunchroom", "debt")
    assert not contain_any(words, ["school lunch"])
    assert not contain_any(words, ["lunchroom debt"])
    assert contain_any(words, ["debt"])
