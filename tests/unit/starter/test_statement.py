"""What a statement asks for, as proposals that a person corrects."""

from __future__ import annotations

import pytest

from bot.starter.statement import phrases, requests, title
from bot.watch.query import parse

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


def test_a_title_is_the_first_sentence_cut_between_words():
    assert title("Fund settlements. They are owed.") == "Fund settlements"
    long = title("Enforce the Lower Basin shortage guidelines for the whole Colorado River in the year 2027 and after")
    assert long == "Enforce the Lower Basin shortage guidelines for the whole Colorado …"


def test_phrases_name_what_a_request_is_about():
    assert phrases("Enforce the Lower Basin shortage guidelines for the Colorado River in 2027.") == [
        "Lower Basin shortage guidelines",
        "Colorado River",
    ]
    assert phrases("Fund tribal water rights settlements in full.")[0] == "tribal water rights settlements"
    assert phrases("Do more for us now, please.") == []


@pytest.mark.parametrize("ask", requests(STATEMENT))
def test_every_phrase_can_be_looked_for(ask):
    for phrase in phrases(ask):
        parse(f'"{phrase}"')


def test_two_megabytes_of_a_statement_take_no_time():
    assert len(requests("1. Fund tribal water rights.\n" * 70_000)) == 70_000
