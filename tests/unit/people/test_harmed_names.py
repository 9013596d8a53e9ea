"""The learned rule on names of people who were harmed: how well it knows them is in tests/bench/test_names.py."""

from __future__ import annotations

from itertools import permutations

from bot.people.harmed_names import _sum


def test_the_order_of_a_set_which_every_process_has_its_own_of_changes_no_sum():
    features = {"girl", "rescued", "motel"}

    sums = {_sum(dict(zip(features, each, strict=True)), features) for each in permutations((1e20, -4.0, -1e20))}

    assert sums == {-4.0}
