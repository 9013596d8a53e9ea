"""What can be said about a bill because of the other bills of its family."""

from __future__ import annotations

from datetime import date

import pytest

from bot.bills.wording import family_lines, successor
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


@pytest.mark.parametrize(
    ("laws", "line"),
    [
        ({"s1-118": "", "hr2-118": ""}, "118th: S. 1 and H.R. 2 – died Fri Jan 3, 2025"),
        ({"s1-118": ""}, "118th: S. 1 and H.R. 2 – outcome not known; its Congress ended Fri Jan 3, 2025"),
        ({"s1-118": "Public Law 118-9"}, "118th: S. 1 and H.R. 2 – S. 1 became Public Law 118-9"),
    ],
)
def test_a_bill_of_an_ended_congress_died_only_if_its_outcome_is_known(laws, line):
    family = Family.model_validate({"name": "Act", "bills": [{"id": "s1-118"}, {"id": "hr2-118"}]})
    assert family_lines(family, laws, date(2026, 11, 30)) == [line]
