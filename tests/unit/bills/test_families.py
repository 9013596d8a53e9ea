"""What looks like one of a family's bills, and what does not."""

from __future__ import annotations

import pytest

from bot.bills.intake import fingerprint, match_family
from bot.config.coalition import Coalition
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord, Sponsor

LONG = "To provide for the vacating of certain convictions of victims."
COALITION = Coalition.model_validate(
    {
        "id": "us", "name": "Us", "short": "Us", "contact": "us@example.org", "asks": {8: {"title": "relief"}},
        "bills": {"relief": {"name": "Survivors Relief Act", "asks": [8], "official_title": LONG, "bills": [
            {"id": "s1-118", "title": "Survivors Relief Act of 2024"}, {"id": "hr2-119"}]}},
    }
)  # fmt: skip
HELD = {"hr2-119": BillRecord(BillNumber(119, "hr", 2), "Act", LONG, None, (), sponsors=(Sponsor("F1", "Rep. Fry"),))}


def look(bill: str, *titles: str, sponsors: tuple[str, ...] = ()):
    return match_family(BillNumber.of(bill), titles, frozenset(sponsors), COALITION, HELD)


@pytest.mark.parametrize(
    "title",
    [
        "A bill to provide for the vacating of certain convictions of victims.",
        "S. 5 (IS) - A bill to provide for the vacating of certain convictions of victims",
        "TO PROVIDE FOR THE VACATING OF CERTAIN CONVICTIONS OF VICTIMS",
    ],
)
def test_the_long_title_is_known_however_it_is_printed(title):
    assert fingerprint(title) == fingerprint(LONG)
    family_match = look("s5-120", title)
    assert family_match is not None
    assert (family_match.family, family_match.signs) == ("relief", ("Its official title is the same.",))


def test_the_short_title_counts_without_its_year_and_the_sponsor_adds_to_it():
    family_match = look("hr9-120", "Survivors Relief Act of 2027", sponsors=("F1", "X2"))
    assert family_match is not None
    assert family_match.signs == ("Its short title is the same.", "It has the same sponsor.")


@pytest.mark.parametrize(
    ("bill", "titles", "sponsors"),
    [
        ("hr2-119", (LONG,), ()),  # listed already
        ("hr9-117", (LONG,), ()),  # of an earlier Congress: history
        ("hr9-120", ("Relief Act",), ()),  # too short to tell anything
        ("hr9-120", ("Drug Survivors Relief Act of 2027",), ("F1",)),  # the sponsor alone is no sign
        ("hr9-120", ("", " . "), ()),
    ],
)
def test_listed_old_or_only_similar_bills_are_not_proposed(bill, titles, sponsors):
    assert look(bill, *titles, sponsors=sponsors) is None
