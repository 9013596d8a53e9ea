"""The ceilings of 26 U.S.C. 4911, what a cost says, and the quarters of a tax year."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.letters.ledger.model import BRACKETS, MOST, Cost, Status, TaxYear, ceiling, money, reached, read_cost, year_on

BUDGETS = st.integers(min_value=0, max_value=5_000_000_000)  # cents


@pytest.mark.parametrize(
    ("budget", "total", "grassroots"),
    [
        (0, 0, 0),
        (500_000, 100_000, 25_000),
        (1_000_000, 175_000, 43_750),
        (1_500_000, 225_000, 56_250),
        (1_800_000, 240_000, 60_000),
        (17_000_000, 1_000_000, 250_000),
        (90_000_000, 1_000_000, 250_000),
    ],
)
def test_the_ceilings_are_those_of_the_law(budget, total, grassroots):
    limit = ceiling(budget * 100)
    assert (limit.total, limit.grassroots) == (total * 100, grassroots * 100)


@given(BUDGETS)
def test_between_the_steps_each_further_dollar_adds_its_bracket_s_share(budget):
    """The law's table summed up another way: 20, 15, 10 and 5 cents of each dollar in turn, at most a million."""
    ends = [*(over * 100 for over, _, _ in BRACKETS[1:]), None]
    parts = 0
    for (over, _, percent), end in zip(BRACKETS, ends, strict=True):
        inside = max((budget if end is None else min(budget, end)) - over * 100, 0)
        parts += inside * percent
    assert ceiling(budget).total == min(parts // 100, MOST * 100)


@given(BUDGETS, BUDGETS)
def test_a_larger_budget_never_has_a_lower_ceiling(one, other):
    low, high = sorted((one, other))
    assert ceiling(low).total <= ceiling(high).total
    assert ceiling(low).grassroots == ceiling(low).total // 4


def test_the_computation_is_shown():
    assert ceiling(180_000_000).how == (
        "$225,000 + 5% of the $300,000 over $1,500,000 = $240,000; grassroots a quarter of that, $60,000"
    )
    assert "at most $1,000,000 = $1,000,000" in ceiling(2_000_000_000).how


@pytest.mark.parametrize(
    ("typed", "cost"),
    [
        ("$300", Cost(30_000)),
        ("1,200.5", Cost(120_050)),
        ("0", Cost(0)),
        ("3 h at $45", Cost(13_500, 180, 4_500)),
        ("2:30 at 45.50", Cost(11_375, 150, 4_550)),
        ("2.5 hours x $45.50/hour", Cost(11_375, 150, 4_550)),
        (".5 h at $45", None),
        ("0.33h @ 10", Cost(333, 20, 1_000)),
        ("three hours", None),
        ("3 h", None),
        ("-5", None),
        ("$1e9", None),
        ("12,34", None),
    ],
)
def test_a_cost_is_hours_at_a_rate_or_an_amount(typed, cost):
    assert read_cost(typed) == cost


@given(st.integers(0, 99_999), st.integers(0, 99_999_999))
def test_what_is_shown_of_a_cost_is_read_back(minutes, rate):
    if minutes < 60 * 1_000:
        cost = Cost((minutes * rate + 30) // 60, minutes, rate)
        assert read_cost(cost.words.partition(", $")[0]) == cost
    assert read_cost(money(rate)) == Cost(rate)


@pytest.mark.parametrize(
    ("day", "month", "begins"),
    [
        (date(2026, 6, 30), 7, date(2025, 7, 1)),
        (date(2026, 7, 1), 7, date(2026, 7, 1)),
        (date(2026, 12, 31), 1, date(2026, 1, 1)),
    ],
)
def test_a_tax_year_begins_in_its_own_month(day, month, begins):
    year = TaxYear(organization="x", begins=year_on(day, month), elects=Status.ELECTS, budget_cents=0)
    assert year.begins == begins
    assert year.holds(day)
    assert 1 <= year.quarter_of(day) <= 4


@pytest.mark.parametrize(
    ("spent", "limit", "steps"),
    [(0, 0, []), (1, 0, [100, 80, 50]), (49, 100, []), (50, 100, [50]), (99, 100, [80, 50])],
)
def test_a_share_of_a_ceiling_is_reached(spent, limit, steps):
    assert reached(spent, limit) == steps
