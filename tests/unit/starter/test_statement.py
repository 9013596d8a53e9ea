"""What a statement asks for, as proposals that a person corrects."""

from __future__ import annotations

import pytest

from bot.starter.statement import bills, requests, title

STATEMENT = """
River groups call on the Bureau

We ask the following.

  1. Enforce the Lower Basin shortage guidelines.
     They expire in 2026.
  2) Fund tribal water rights settlements in full.

  • Publish reservoir data daily
  - Keep return flows in the river.

Thank you – we stand ready to help.
"""


def test_numbered_and_bulleted_items_are_the_requests():
    assert requests(STATEMENT) == [
        "Enforce the Lower Basin shortage guidelines. They expire in 2026.",
        "Fund tribal water rights settlements in full.",
        "Publish reservoir data daily",
        "Keep return flows in the river.",
    ]


@pytest.mark.parametrize("text", ["", "No list here.\nNone at all.", "1.\n2.\n"])
def test_a_text_without_a_list_has_no_requests(text):
    assert requests(text) == []


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            "Expand the Community Eligibility Provision so that every school where many children qualify takes part.",
            "Expand the Community Eligibility Provision",
        ),
        (
            "Congress should pass the School Meals Expansion Act (H.R. 3113) and make Summer EBT available everywhere.",
            "Congress should pass the School Meals Expansion Act (H.R. 3113)",
        ),
        ("Fund settlements. They are owed.", "Fund settlements"),
        (
            "Reauthorize the Safe Streets and Roads for All grant program in the next surface transportation bill.",
            "Reauthorize the Safe Streets and Roads for All grant program",
        ),
        (
            (
                "Require a protected bicycle lane on every road that is rebuilt with federal money, so "
                "that nobody has to ride in traffic."
            ),
            "Require a protected bicycle lane on every road that is rebuilt with federal money",
        ),
        (
            (
                "End the use of the 85th percentile speed in the manual because it raises limits on "
                "streets where people walk and ride."
            ),
            "End the use of the 85th percentile speed in the manual",
        ),
        (
            (
                "Direct NHTSA to rate all new cars (and trucks, vans and buses of every size that are "
                "sold in this country and driven on roads) for pedestrians."
            ),
            "Direct NHTSA to rate all new cars",
        ),
        (
            (
                "Enforce Lower Basin Colorado River Compact Drought Contingency Plan Interim Operating "
                "Guidelines Record Of Decision Conditions now."
            ),
            "Enforce Lower Basin Colorado River Compact Drought Contingency Plan Interim Operating",
        ),
    ],
)
def test_a_title_reads_whole(request_, expected):
    assert title(request_) == expected


def test_the_bills_that_a_request_names_are_found_without_their_congress():
    text = "Pass H.R. 3113, S. 12 and H.J.Res. 5, and HR 3113 again, under 42 U.S.C. 1758; the hr 9 team agrees."

    assert bills(text) == [("hr", 3113), ("s", 12), ("hjres", 5)]


@pytest.mark.parametrize("length", range(20, 57))
def test_a_title_never_ends_in_the_middle(length):
    words = "fund the bridges and the ferries of a county with money from the budget for every year to come " * 3
    made = title(" ".join(words.split()[:length]) + ".")

    assert len(made) <= 90
    assert "…" not in made
    assert made.split()[-1] not in {"the", "and", "of", "a", "with", "from", "for", "every", "to"}


def test_a_word_without_a_space_is_cut_to_the_length_of_a_title():
    assert title("x" * 500) == "x" * 90


def test_two_megabytes_of_a_statement_take_no_time():
    assert len(requests("1. Fund tribal water rights.\n" * 70_000)) == 70_000
