"""The learned rule on names of people who were harmed: how well it knows them is in tests/bench/test_names.py."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from bot.config.media import PersonalDetails
from bot.people.harmed_names import _CACHED, Context, HarmedNames, _sum, sentences, shipped_model

TEXTS = [
    (item["title"], item["summary"])
    for line in (Path(__file__).parents[1] / "media" / "named_people_set_aside.jsonl").read_text("utf-8").splitlines()
    for item in [json.loads(line)]
]


def test_the_order_of_a_set_which_every_process_has_its_own_of_changes_no_sum():
    features = {"girl", "rescued", "motel"}

    sums = {_sum(dict(zip(features, each, strict=True)), features) for each in permutations((1e20, -4.0, -1e20))}

    assert sums == {-4.0}


def test_to_leave_out_the_features_that_do_not_count_changes_no_sum():
    _, weights, common = shipped_model()
    quick, whole = Context(PersonalDetails(), common, weights), Context(PersonalDetails(), common)

    for text in TEXTS:
        few, every = quick.read(*text).people, whole.read(*text).people
        assert [one.words for one in few] == [one.words for one in every]
        assert [_sum(weights, one.features) for one in few] == [_sum(weights, one.features) for one in every]


def test_a_text_has_the_same_chance_after_more_words_than_are_remembered():
    names = HarmedNames(PersonalDetails())
    first = [names.chance(*text) for text in TEXTS]

    for at in range(3 * _CACHED):
        names.chance("", f"{''.join(chr(97 + int(digit)) for digit in str(at))}q")

    assert [names.chance(*text) for text in TEXTS] == first


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Jane Roe left. “She is safe.” (He is not.)", ["Jane Roe left.", "“She is safe.”", "(He is not.)"]),
        ("Capt. Roe v. the town. It won.", ["Capt. Roe v. the town.", "It won."]),
        ("one\n\n two \nThree", ["one", " two ", "Three"]),
        ("He left.\n \nShe stayed", ["He left.", "She stayed"]),
    ],
)
def test_a_text_is_cut_after_sentences_and_at_new_lines(text, parts):
    assert list(sentences(text)) == parts
