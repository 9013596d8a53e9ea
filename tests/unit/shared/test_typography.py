"""Straight quotation marks become typographic ones, except in addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shared.plain_text import typographic


@pytest.mark.parametrize(
    ("straight", "curly"),
    [
        ('Henry C. "Hank" Johnson', "Henry C. “Hank” Johnson"),
        ("Clear survivors' records", "Clear survivors’ records"),
        ('"It\'s," she said, "a \'national\' disgrace."', "“It’s,” she said, “a ‘national’ disgrace.”"),
        ("(\"'Nested' first\") in the '90s", "(“‘Nested’ first”) in the ’90s"),
        ('a word—"quoted"', "a word—“quoted”"),
        ("see https://x.org/?a='b' or o'neil@x.org", "see https://x.org/?a='b' or o'neil@x.org"),
        ("It’s “right” as it is", "It’s “right” as it is"),
        ("on “Eligibility for “T” Status,” of “May”", "on “Eligibility for ‘T’ Status,” of “May”"),
        ('on “Eligibility for "T" Status”', "on “Eligibility for ‘T’ Status”"),
        ("“Open and “shut”", "“Open and “shut”"),
    ],
)
def test_quotation_marks_and_apostrophes_become_typographic(straight, curly):
    assert typographic(straight) == curly


@given(st.text(alphabet="ab \"'(—9’“”.@"))
def test_a_text_keeps_its_length_and_changes_once(text):
    once = typographic(text)

    assert len(once) == len(text)
    assert typographic(once) == once
