"""How two sequences differ, in bounded time."""

from __future__ import annotations

import difflib

import pytest

from bot.shared.plain_text import opcodes


def replayed(old, new):
    """`new`, made of `old` by the steps."""
    made = []
    for kind, a, b, c, d in opcodes(old, new):
        made += old[a:b] if kind == "equal" else new[c:d]
    return made


def test_usual_texts_are_compared_word_by_word():
    old, new = ["we", "ask", "you", "to", "fund", "the", "survivors"], ["we", "ask", "you", "to", "end", "the", "delay"]
    assert opcodes(old, new) == difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 10_000, "b a c " * 6_000),
        ("x " + "a b " * 10_000 + "y", "x " + "b a c " * 6_000 + "y"),
        ("a b " * 9_000, "a b " * 9_001),
        ("a b " * 9_001, "a b " * 9_000),
    ],
)
def test_a_long_text_of_few_words_is_replaced_between_what_it_begins_and_ends_with(old, new):
    # By itself the library would take hours.
    assert replayed(old.split(), new.split()) == new.split()
    assert len(opcodes(old.split(), new.split())) == 3


def test_one_changed_word_of_a_long_paragraph_is_one_step():
    old = ("the delay harms the survivors and " * 2_000).split()
    new = [*old[:5_000], "wording", *old[5_001:]]
    assert [step for step in opcodes(old, new) if step[0] != "equal"] == [("replace", 5_000, 5_001, 5_000, 5_001)]
