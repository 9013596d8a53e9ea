"""What counts as a word."""

import pytest

from bot.watch.text import acronyms, clean, raw_words, spans, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Forced-Labor", "forced labor"),
        ("19 U.S.C. § 1307", "19 usc 1307"),
        ("the D.H.S and the U.S.-Mexico border", "the dhs and the us mexico border"),
        ("S.3240 and H.R. 4323", "s 3240 and hr 4323"),
        ("Inc.A plan.The end.", "inc a plan the end"),
        ("Commission's workers' O'Brien", "commission workers o brien"),
        ("COMMISSION’S", "commission"),
        ("Verité café", "verite cafe"),
        ("Verite\u0301 cafe\u0301", "verite cafe"),
        ("Docket 2018-16- 02", "docket 2018 16 02"),
        ("labor¹ Trade™ ﬁnding", "labor trade finding"),
        ("traf\u00adficking traf\u200bficking", "trafficking trafficking"),
        ("“T” Nonimmigrant, ``U'' Nonimmigrant", "t nonimmigrant u nonimmigrant"),
        ("snake_case e-mail@host", "snake case e mail host"),
        ("STRASSE straße", "strasse strasse"),
        ("ИСКРА Искра", "искра искра"),
        ("§ – “ ”", ""),
    ],
)
def test_words(text, expected):
    assert " ".join(words(text)) == expected


def test_only_words_in_capitals_with_two_letters_are_acronyms():
    raw = raw_words(clean("ICE’s D.H.S. T-visa Ice H2B 1307 É.U. A WROs As A's BUSes"))
    assert acronyms(raw) == [(0, "ICE"), (1, "DHS"), (5, "H2B"), (7, "EU"), (9, "WRO")]


@pytest.mark.parametrize("text", ["U.S.C. of Commission's", "U.S.C. of Vérité’s"])
def test_spans_show_the_position_of_each_word(text):
    cleaned = clean(text)
    assert [cleaned[begin:end] for begin, end in spans(cleaned)] == raw_words(cleaned)
