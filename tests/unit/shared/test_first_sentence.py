"""The first sentence of an abstract, as alert cards show it."""

import pytest

from bot.shared.wording import first_sentence


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
