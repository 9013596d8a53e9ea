"""Dates, names and lists in words, and the first sentence of an abstract."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shared import wording
from bot.shared.wording import first_sentence

EASTERN = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "sentence"),
    [
        (timedelta(hours=1), "9 a.m."),
        (timedelta(hours=11), "Mon 11 p.m."),
        (timedelta(days=6), "Wed 10 a.m."),
        (timedelta(days=7), "Tue Nov 17, 2026, 10 a.m."),
        (timedelta(days=-1), "Wed Nov 25, 2026, 10 a.m."),
    ],
)
def test_a_moment_is_written_as_shortly_as_it_is_clear(ago, sentence):
    assert wording.clock(NOW - ago, EASTERN, NOW) == sentence


@pytest.mark.parametrize(
    ("items", "sentence"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abcdef"), "a, b, c and 3 more")]
)
def test_lists_are_written_as_people_say_them(items, sentence):
    assert wording.listed(items) == sentence


@pytest.mark.parametrize(
    ("identity", "sentence"),
    [
        ("hr4323-119", "H.R. 4323 (119th)"),
        ("sconres3-112", "S. Con. Res. 3 (112th)"),
        ("s1-121", "S. 1 (121st)"),
        ("x", "x"),
    ],
)
def test_a_bill_is_written_as_people_write_it(identity, sentence):
    assert wording.bill(identity) == sentence


@given(st.text(max_size=400), st.integers(10, 150))
def test_a_cut_keeps_within_its_length_and_loses_only_space_and_points(text, most):
    head, rest = wording.cut(text, most)
    assert len(head) <= most
    rejoined = (head.removesuffix("…") + rest.removeprefix("…")) if rest else head
    drop = str.maketrans("", "", " ,;:-–—…")
    assert "".join(rejoined.translate(drop).split()) == "".join(text.translate(drop).split())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("CBP found gloves. They were made by convicts.", "CBP found gloves."),
        ("The U.S. Department of Labor asks for comments. Write by Friday.",
         "The U.S. Department of Labor asks for comments."),
        ("Under Sec. 307 of Pub. L. 71-361, goods are barred. More follows.",
         "Under Sec. 307 of Pub. L. 71-361, goods are barred."),
        ("Gloves of Example Co. Ltd. are detained. Since May.", "Gloves of Example Co. Ltd. are detained."),
        ("It says “stop.” Then it goes on.", "It says “stop.”"),
        ("What is asked? Everything.", "What is asked?"),
        ("one line\n that goes on\n\nwithout an end", "one line that goes on without an end"),
        ("version 2.0 is out now. Read it.", "version 2.0 is out now."),
        ("", ""),
    ],
)  # fmt: skip
def test_it_ends_where_the_sentence_does(text, sentence):
    assert first_sentence(text, 280) == sentence


def test_a_long_one_is_cut_at_a_word():
    cut = first_sentence("gloves and socks " * 40, 100)

    assert len(cut) <= 100
    assert cut.endswith("…")
