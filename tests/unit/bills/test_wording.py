"""What can be said about a bill because of the other bills of its family."""

from __future__ import annotations

import pytest

from bot.bills.wording import successor
from bot.config.coalition import Family
from bot.shared.bill_number import BillNumber

FAMILY = Family.model_validate(
    {"name": "Relief", "asks": [8], "bills": [{"id": id_} for id_ in ("hr1-115", "s2-115", "hr3-116", "hr4-117")]}
)


@pytest.mark.parametrize(
    ("bill", "law", "text"),
    [
        ("hr1-115", "hr3-116", "Its successor is law: H.R. 3 (116th) became Public Law 1-1."),
        ("hr1-115", "s2-115", "Another bill of its family is law: S. 2 (115th) became Public Law 1-1."),
        ("hr3-116", "hr1-115", "Reintroduced as H.R. 4 (117th)."),
        ("hr4-117", "hr1-115", ""),
        ("hr4-117", "hr4-117", ""),
    ],
)
def test_a_law_of_an_earlier_congress_is_not_a_successor(bill, law, text):
    assert successor(FAMILY, {law: "Public Law 1-1"}, BillNumber.of(bill)) == text
