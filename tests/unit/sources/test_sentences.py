"""An announcement's text as sentences with pages, and what differs from last year's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shared.entry import Difference
from bot.shared.plain_text import finder
from bot.sources.grants.sentences import Sentence, compare, key, of_pages, of_paragraphs

ADDED, REMOVED = Difference.ADDED, Difference.REMOVED


def page_one(*texts: str) -> list[Sentence]:
    return [Sentence(text, 1) for text in texts]


def quotes(now, before, *phrases):
    return [(quote.difference, quote.text) for quote in compare(now, before, finder(phrases)).quotes]


# --- sentences of pages ----------------------------------------------------------------------------------------------


def test_a_sentence_goes_on_across_lines_and_pages_and_has_the_page_it_begins_on():
    pages = [
        [
            "An application that is made by a provider alone needs no",
            "letter from the police. It is scored like any other",
        ],
        ["application that comes in on time and in full."],
    ]
    assert of_pages(pages) == [
        Sentence("An application that is made by a provider alone needs no letter from the police.", 1),
        Sentence("It is scored like any other application that comes in on time and in full.", 1),
    ]


def test_headings_and_bullets_stand_alone():
    pages = [[
        "Eligibility Information",
        "The following kinds of bodies may apply for this program, each on its own account:",
        "• States and territories",
        "• Tribes that are recognized by the",
        "Secretary of the Interior",
        "1. Victim service providers",
    ]]  # fmt: skip
    assert [sentence.text for sentence in of_pages(pages)] == [
        "Eligibility Information",
        "The following kinds of bodies may apply for this program, each on its own account:",
        "States and territories",
        "Tribes that are recognized by the",
        "Secretary of the Interior",
        "Victim service providers",
    ]


@pytest.mark.parametrize("mark", ["\uf0b7", "\uf0a7"])
def test_a_mark_of_a_symbol_font_begins_an_item(mark):
    page = [
        "Rest and health",
        f"{mark} OSHA should finish its standard for",
        "emergency crews",
        f"{mark} Cap the rents",
    ]
    assert [sentence.text for sentence in of_pages([page])] == [
        "Rest and health",
        "OSHA should finish its standard for emergency crews",
        "Cap the rents",
    ]


def test_running_heads_and_page_numbers_are_no_text():
    words = ["one", "two", "three", "four"]
    pages = [[f"O-OVC-2026-1 page {n}", f"This is the text that stands on page number {words[n]}."] for n in range(4)]
    assert [sentence.page for sentence in of_pages([[*page, str(n)] for n, page in enumerate(pages)])] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text",
    ["It applies in the U.S. and its territories.", "See 34 U.S.C. 20701 for what counts.", "Acme Inc. may apply.",
     "Providers, e.g. Shelters, may apply.", "See No. 5 of the list."],
)  # fmt: skip
def test_a_full_stop_that_only_shortens_a_word_ends_no_sentence(text):
    assert [sentence.text for sentence in of_paragraphs([(f"{text} Then more.", None)])] == [text, "Then more."]


@given(st.lists(st.lists(st.text(max_size=60), max_size=8), max_size=5))
def test_any_pages_are_read(pages):
    assert all(sentence.text for sentence in of_pages(pages))


# --- what is looked for ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "result", "missed"),
    [
        ("letter* of support", "Letters  of\nSupport", "letter in support"),
        ("vice", "vice-style", "advice"),
        ("MOU", "an MOU with", "mount"),
        ("memorand* of understanding", "memoranda of understanding", "memorandum on understanding"),
    ],
)
def test_a_phrase_finds_itself_as_words(phrase, result, missed):
    assert finder([phrase]).search(result)
    assert not finder([phrase]).search(missed)


def test_without_phrases_nothing_is_found():
    assert not finder([]).search("anything")


# --- what differs ----------------------------------------------------------------------------------------------------


def test_a_changed_sentence_is_quoted_next_to_the_old_one():
    was = page_one("A letter of support is welcome.", "Task forces may apply.", "A letter of intent is due.")
    now = page_one("Task forces may apply.", "A letter of support is required.", "Nothing else.")

    assert quotes(now, was, "letter of", "task force*") == [
        (ADDED, "A letter of support is required."),
        (REMOVED, "A letter of support is welcome."),
        (REMOVED, "A letter of intent is due."),
        (None, "Task forces may apply."),
    ]
    assert compare(now, was, finder(["letter of"])).others == 1


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (
            "A letter of support of FY 2025 is due April 3, 2025.",
            "A letter of support of FY 2026 is due March 30, 2026.",
        ),
        ("Letters of support: see page 12.", "Letters of support: see page 14."),
        ("Put letters of support under O-OVC-2025-172456.", "Put letters of support under O-OVC-2026-172999."),
        ("Letters of support: 2024-25.", "Letters of support: 2025-26."),
        ("LETTERS of support - due by Tuesday", "Letters of support – due by Friday"),
    ],
)
def test_years_dates_pages_and_numbers_are_no_difference(was, now):
    assert quotes(page_one(now), page_one(was), "letter* of support") == [(None, now)]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("An award has up to $500,000 for task forces.", "An award has up to $750,000 for task forces."),
        ("2 letters of support by task forces.", "3 letters of support by task forces."),
    ],
)
def test_amounts_are_a_difference(was, now):
    assert quotes(page_one(now), page_one(was), "task force*") == [(ADDED, now), (REMOVED, was)]


def test_a_sentence_that_only_moved_is_no_difference():
    one, other = page_one("A letter of support.", "A task force.")
    assert {q[0] for q in quotes([other, one], [one, other], "letter of support", "task force")} == {None}


def test_without_an_older_text_nothing_is_called_new():
    assert quotes(page_one("A letter of support."), None, "letter of support") == [(None, "A letter of support.")]


@given(st.lists(st.text()), st.lists(st.text()))
def test_any_two_texts_are_compared_and_equal_ones_do_not_differ(one, other):
    wanted = finder(["a*", "1"])
    compare(page_one(*one), page_one(*other), wanted)
    assert all(quote.difference is None for quote in compare(page_one(*one), page_one(*one), wanted).quotes)
    assert key(" ".join(one)) == key(" ".join(one).upper()) or not " ".join(one).isascii()
