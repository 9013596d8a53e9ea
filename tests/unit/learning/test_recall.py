"""The bounds for what is missed contain the true number at the stated rate, whatever that number is."""

from __future__ import annotations

import math
from itertools import product
from random import Random

import pytest

from bot.learning.records import Answer
from bot.learning.samples import CONFIDENCE, Drawn, Sample, Stratum, bounds, draw, load, save
from bot.shared.entry import Agency, Entry, Kind
from bot.watch.learned import Learned
from tests.kit.learning import NOW, stored


def chances(size: int, relevant: int, drawn: int) -> list[float]:
    """The probability of each number of Yes."""
    ways = [math.comb(relevant, yes) * math.comb(size - relevant, drawn - yes) for yes in range(drawn + 1)]
    return [way / math.comb(size, drawn) for way in ways]


@pytest.mark.parametrize("groups", [((30, 6),), ((12, 3), (25, 4)), ((5, 5), (40, 6))])
def test_whatever_the_true_numbers_are_nine_of_ten_samples_give_bounds_around_their_sum(groups):
    answers = {
        yes: bounds([Stratum(size, count, drawn - count) for (size, drawn), count in zip(groups, yes, strict=True)])
        for yes in product(*(range(drawn + 1) for _, drawn in groups))
        if all(count <= size for (size, _), count in zip(groups, yes, strict=True))
    }
    for relevant in product(*(range(size + 1) for size, _ in groups)):
        likely = [chances(size, each, drawn) for (size, drawn), each in zip(groups, relevant, strict=True)]
        covered = sum(
            math.prod(chance[count] for chance, count in zip(likely, yes, strict=True))
            for yes, (low, high) in answers.items()
            if low <= sum(relevant) <= high
        )
        assert covered >= CONFIDENCE - 1e-9, relevant


@pytest.mark.parametrize("first", [1, 2, 3])
def test_simulated_quarters_give_bounds_around_what_is_in_the_first_strata(first):
    dice, covered = Random(first), 0
    rates, sizes, drawn = (0.4, 0.05, 0.002), (40, 300, 3_000), (12, 9, 9)
    for _ in range(200):
        strata, truth = [], []
        for rate, size, count in zip(rates, sizes, drawn, strict=True):
            entries = [dice.random() < rate for _ in range(size)]
            yes = sum(dice.sample(entries, count))
            strata.append(Stratum(size, yes, count - yes))
            truth.append(sum(entries))
        low, high = bounds(strata, first)
        covered += low <= sum(truth[:first]) <= high
    assert covered >= CONFIDENCE * 200


@pytest.mark.parametrize(
    ("strata", "sharing"),
    [
        ([Stratum(300, 2, 4)], 1),
        ([Stratum(300, 2, 4), Stratum(0, 0, 0)], 1),
        ([Stratum(300, 1, 3, unknown=2), Stratum(40, 5, 4)], 2),
        ([Stratum(300, 6, 0), Stratum(1, 0, 1)], 2),
    ],
)
def test_the_bounds_are_the_closest_that_the_answers_do_not_rule_out(strata, sharing):
    """Found here by looking at every number that a stratum may have; an empty stratum takes no share of the risk."""
    risk, low, high = (1 - CONFIDENCE) / 2 / sharing, 0, 0
    for each in strata:
        chance = {
            relevant: chances(each.size, relevant, each.drawn) for relevant in range(each.yes, each.size - each.no + 1)
        }
        low += min(relevant for relevant, of in chance.items() if sum(of[each.yes :]) > risk)
        high += max(relevant for relevant, of in chance.items() if sum(of[: each.yes + each.unknown + 1]) > risk)
    assert bounds(strata) == (low, high)


def test_a_group_that_was_judged_whole_is_known():
    assert bounds([Stratum(3, 1, 2)]) == (1, 1)
    assert bounds([Stratum(3, 1, 1, unknown=1)]) == (1, 2)
    assert bounds([Stratum(3, 3, 0)]) == (3, 3)


def test_the_first_strata_are_bounded_with_their_share_of_the_risk_of_all():
    first, second = Stratum(300, 1, 5), Stratum(300, 2, 4)
    low, high = bounds([first, second])
    assert bounds([first, second], 1) == (low - bounds([second, first], 1)[0], high - bounds([second, first], 1)[1])
    assert bounds([first, second], 1) != bounds([first])


def test_what_is_unknown_widens_the_bounds():
    low, high = bounds([Stratum(200, 2, 4)])
    wider = bounds([Stratum(200, 1, 3, unknown=2)])
    assert wider[0] < low
    assert wider[1] > high


def test_without_answers_all_or_none_may_be_relevant():
    assert bounds([Stratum(200, 0, 0, unknown=6)]) == (0, 200)
    assert bounds([]) == (0, 0)


def test_more_answers_give_narrower_bounds():
    widths = [high - low for low, high in (bounds([Stratum(3_000 * n, 0, 6 * n)]) for n in (1, 6, 12))]
    assert widths[0] / 1 > widths[1] / 6 > widths[2] / 12


def test_the_strata_share_the_risk_of_an_error():
    """With the whole risk for each, the sum would be wrong oftener than stated: three chances to be wrong."""
    alone = bounds([Stratum(300, 1, 5)])
    together = bounds([Stratum(300, 1, 5)] * 3)
    assert together[0] < 3 * alone[0] or together[1] > 3 * alone[1]
    third = (1 - CONFIDENCE) / 2 / 3
    assert sum(chances(300, together[1] // 3, 6)[:2]) > third >= sum(chances(300, together[1] // 3 + 1, 6)[:2])


@pytest.mark.parametrize(("answered", "enough"), [(6, True), (5, False)])
def test_a_sample_needs_an_answer_to_half_of_its_entries(answered, enough):
    sample = Sample("2026-11", (Drawn(40, ("a", "b", "c")), Drawn(200, tuple("defgh")), Drawn(900, tuple("ijkl"))))
    answers = dict.fromkeys("abcdefghijkl", Answer.SKIP)
    answers |= zip("abcdefghijkl"[:answered], (Answer.YES, Answer.NO) * 3, strict=False)
    assert sample.suffices(answers) is enough


def test_entries_are_drawn_from_the_stratum_of_their_score(tmp_path):
    titles = {"a" * 32: "Lunch debt in schools", "b" * 32: "Lunch of a board", "c" * 32: "Halibut quotas"}
    entries = {
        id_: Entry(source="register", kind=Kind.DOCUMENT, identity=(f"fr:{id_}",), thread=f"fr:{id_}", title=title)
        for id_, title in titles.items()
    }
    db = stored(tmp_path, entries)
    model = Learned({"debt": 4.0, "lunch": 2.0}, 2.0)
    sample = draw(db, model, "2026-11", [*titles, "d" * 32], Random(1))
    assert [(each.size, set(each.ids)) for each in sample.strata] == [
        (1, {"a" * 32}),
        (1, {"b" * 32}),
        (2, {"c" * 32, "d" * 32}),  # of one that is no longer stored no word speaks for a Yes
    ]


def test_an_entry_whose_agency_speaks_for_a_yes_is_likely_whatever_its_title(tmp_path):
    agencies = {"a" * 32: "Food and Nutrition Service", "b" * 32: "Coast Guard"}
    entries = {
        id_: Entry(source="register", kind=Kind.DOCUMENT, identity=(f"fr:{id_}",), thread=f"fr:{id_}", type="Notice",
                   title=f"Comment Request {id_[0]}", agencies=(Agency(agency),))
        for id_, agency in agencies.items()
    }  # fmt: skip
    model = Learned({"lunch": 2.0, "type:notice": 1.0, "agency:food and nutrition service": 9.0}, 1.0)
    sample = draw(stored(tmp_path, entries), model, "2026-11", [*agencies], Random(1))
    assert [each.ids for each in sample.strata] == [("a" * 32,), (), ("b" * 32,)]


def test_samples_come_newest_first_and_a_quarter_keeps_the_one_that_was_drawn_first(tmp_path):
    db = stored(tmp_path, {})
    june, july = (Sample(month, (Drawn(4, ("a",)), Drawn(9, ("b", "c")))) for month in ("2026-06", "2026-09"))
    with db.write() as tx:
        for sample in (june, july, Sample("2026-06", (Drawn(5, ("d",)),))):
            save(tx, sample, NOW)
    assert load(db) == [july, june]
    assert june.waiting({"a": Answer.SKIP}, {"a", "b"}) == ["b"]


def test_what_was_drawn_and_has_neither_yes_nor_no_is_unknown():
    answers = dict(zip("abcd", (Answer.YES, Answer.NO, Answer.NO, Answer.SKIP), strict=True))
    sample = Sample("2026-06", (Drawn(40, ("a", "b", "c", "d", "e")), Drawn(9, ())))
    assert sample.answered(answers) == [Stratum(40, 1, 2, unknown=2), Stratum(9, 0, 0)]
