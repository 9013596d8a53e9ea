"""What stays of a stranger's text, and its typographic quotation marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shared.plain_text import clean, typographic
from tests.kit.effort import processor_limit


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ('CO<INF>2</INF> and <E T="03">T</E>', "CO2 and T"),
        ("the ``T'' nonimmigrant", 'the "T" nonimmigrant'),
        ("<p>one</p><p>two<br>three</p>", "one two three"),
        ('<p>CO<b>2</b> and <a href="x">two <i>words</i></a></p>', "CO2 and two words"),
        ("S.&nbsp;5429&nbsp;(IS) -\n\t\t\tA bill", "S. 5429 (IS) - A bill"),
        ("a < b and c > d", "a < b and c > d"),
        ("AT&amp;T", "AT&T"),
        (f"a &#{'9' * 5_000}; b", "a �; b"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("x<script>alert(1)</script><!-- no -->y", "xy"),
        ("pay\u202epal \u200bnow\x00\x1b[31m", "paypal now[31m"),
        ("half a pair \ud83d here", "half a pair here"),
        ("line\u2028para\u2029tab\tend", "line para tab end"),
        ("Velázquez, García – “T”", "Velázquez, García – “T”"),
        ("", ""),
    ],
)
def test_text_becomes_one_plain_line(raw: str, plain: str) -> None:
    assert clean(raw) == plain


FORMATS = "".join(f"<b id={number}>" for number in range(240)) + "<div></b>" * 3_000


@pytest.mark.parametrize(
    "raw", ["<div>" * 200_000, "<p" * 300_000, "<" * 500_000, "&" * 500_000, "<b>" * 300_000, FORMATS]
)
def test_markup_made_to_hurt_costs_no_time(raw: str) -> None:
    with processor_limit(5):
        clean(raw)


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
