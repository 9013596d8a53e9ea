"""Which bill is meant, however it is written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shared.bill_number import BILL_TYPES, BillNumber, PartialBillNumber, parse_bill_number

TYPES, NUMBERS, CONGRESSES = st.sampled_from(sorted(BILL_TYPES)), st.integers(1, 99_999), st.integers(93, 199)


@pytest.mark.parametrize(
    ("text", "bill"),
    [
        ("hr4323-119", "hr4323-119"),
        ("HR4323-119", "hr4323-119"),
        ("H.R. 4323 (119th)", "hr4323-119"),
        ("H.R. 4323, 119th Congress", "hr4323-119"),
        ("119th Congress, H.R. 4323", "hr4323-119"),
        ("s 3240-116", "s3240-116"),
        ("S.3240 of the 116th Congress", "s3240-116"),
        ("S.\u00a0104\u2013115", "s104-115"),
        ("S.J. Res. 12 (118th)", "sjres12-118"),
        ("Senate Joint Resolution 8, 114th Congress", "sjres8-114"),
        ("House Bill 21 (117th)", "hr21-117"),
        ("https://www.congress.gov/bill/119th-congress/house-bill/4323/text?s=1", "hr4323-119"),
        ("www.congress.gov/bill/101st-congress/senate-concurrent-resolution/7", "sconres7-101"),
        ("https://api.congress.gov/v3/bill/119/hr/4323/actions?format=json", "hr4323-119"),
        ("https://www.govinfo.gov/app/details/BILLS-119s2255is", "s2255-119"),
        ("https://www.govinfo.gov/bulkdata/BILLSTATUS/119/hr/BILLSTATUS-119hr4323.xml", "hr4323-119"),
        ("BILLSUM-117hr8672", "hr8672-117"),
    ],
)
def test_a_bill_is_known_however_it_is_written(text, bill):
    parsed = parse_bill_number(text)
    assert parsed is not None
    assert parsed.bill == BillNumber.of(bill)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("S.3240", "s3240"),
        ("HR4323", "hr4323"),
        ("S. Res. 5", "sres5"),
        ("H. Con. Res. 5", "hconres5"),
        ("H.J.Res.5", "hjres5"),
    ],
)
def test_without_its_congress_it_is_a_number_and_no_bill(text, name):
    parsed = parse_bill_number(text)
    assert parsed is not None
    assert (parsed.name, parsed.bill) == (name, None)


@pytest.mark.parametrize(
    "text",
    ["", "x 12", "S. 0", "2026-00001", "3240", "S.", "Ask 4", "hr1-119-3", "119 hr 1 118",
     "BILLS-119s1is BILLS-119s2is", "S. 3240 McSCUSE Act", "Public Law 119-73", "S" * 10_000 + " 5"],
)  # fmt: skip
def test_what_names_no_bill_or_several_is_none(text):
    assert parse_bill_number(text) is None


@given(TYPES, NUMBERS, CONGRESSES)
def test_every_way_we_write_a_bill_is_read_as_that_bill(kind, number, congress):
    bill = BillNumber(congress, kind, number)
    ways = (bill.id, bill.label, bill.page, bill.file, f"v3/{bill.path}", f"{bill.name}, {bill.nth} Congress")
    assert {parse_bill_number(way) for way in ways} == {PartialBillNumber(kind, number, congress)}
    assert parse_bill_number(bill.name) == PartialBillNumber(kind, number, None)


@given(st.text(max_size=400))
def test_whatever_is_written_raises_nothing(text):
    parse_bill_number(text)


def test_a_congress_ends_on_the_third_of_january():
    assert BillNumber(116, "s", 3240).ends == date(2021, 1, 3)
    assert BillNumber(119, "hr", 4323).ends == date(2027, 1, 3)
    assert not BillNumber(119, "hr", 4323).over(date(2027, 1, 2))
    assert BillNumber(119, "hr", 4323).over(date(2027, 1, 3))
