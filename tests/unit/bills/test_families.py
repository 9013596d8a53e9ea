"""What looks like one of a family's bills, what does not, and what can be said of a bill because of the others."""

from __future__ import annotations

from datetime import date

import pytest

from bot.bills.intake import fingerprint, match_family
from bot.bills.wording import family_lines, successor
from bot.config.coalition import Coalition, Family
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
        ({"s1-118": ""}, "118th: S. 1 and H.R. 2 – its Congress ended Fri Jan 3, 2025"),
        ({"s1-118": "Public Law 118-9"}, "118th: S. 1 and H.R. 2 – S. 1 became Public Law 118-9"),
    ],
)
def test_a_bill_of_an_ended_congress_died_only_if_its_outcome_is_known(laws, line):
    family = Family.model_validate({"name": "Act", "bills": [{"id": "s1-118"}, {"id": "hr2-118"}]})
    assert family_lines(family, laws, date(2026, 11, 30)) == [line]
