"""What changed between two texts, section by section; and how a text is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bills import wording
from bot.bills.bill_text import Change, Section, Unreadable, changes, in_order, read_text
from bot.shared.bill_record import TextVersion

SHORT = Section("1", "Short title", "This Act may be cited as the Act of 2025.")
RELIEF = Section("2", "Relief", "A court shall grant it; and may seal the record.")
PLAIN = b"""<html><body><pre>[Congressional Bills 119th Congress] [From the U.S. Government Publishing Office]
SECTION 1. SHORT TITLE.
    This Act may be cited as the ``Relief Act''.
SEC. 2. RELIEF.
[[Page 2]]
    A court &amp; clerk shall grant it.
</pre></body></html>"""
SECTIONS = st.lists(
    st.builds(
        Section, st.sampled_from("123456"), st.sampled_from(["Relief", "Report", ""]), st.text("ab;. ", max_size=20)
    ),
    max_size=5,
)


def test_a_clause_that_changed_is_shown_as_it_was_and_as_it_is():
    after = Section("2", "Relief", "A court may grant it; and may seal the record.")
    assert changes([SHORT, RELIEF], [SHORT, after]) == [
        Change("Sec. 2. Relief", "A court shall grant it;", "A court may grant it;")
    ]


def test_a_section_that_only_moved_did_not_change():
    after = [SHORT, Section("2", "Findings", "Congress finds."), Section("3", "Relief", RELIEF.text)]
    assert changes([SHORT, RELIEF], after) == [Change("Sec. 2. Findings", "", "Congress finds.")]


def test_a_section_that_moved_and_changed_is_compared_with_itself():
    moved = Section("3", "Relief", "A court may grant it; and may seal the record.")
    assert changes([SHORT, RELIEF], [SHORT, Section("2", "Findings", "Congress finds."), moved]) == [
        Change("Sec. 2. Findings", "", "Congress finds."),
        Change("Sec. 3. Relief", "A court shall grant it;", "A court may grant it;"),
    ]


def test_sections_that_changed_places_are_compared_with_themselves():
    findings = Section("2", "Findings", "Congress finds.")
    swapped = [Section("2", "Relief", RELIEF.text), Section("3", "Findings", "Congress finds.")]
    assert changes([findings, Section("3", "Relief", RELIEF.text)], swapped) == []
    assert changes([SHORT, findings, RELIEF], [SHORT, RELIEF, Section("3", "Findings", "Congress found.")]) == [
        Change("Sec. 3. Findings", "Congress finds.", "Congress found.")
    ]


def test_a_long_bill_of_which_every_section_changed_is_compared_clause_by_clause():
    def bill(day):
        return [Section(str(n), f"Part {n}", f"One; two {n}; by {day}; four; five; six; seven.") for n in range(400)]

    assert {(each.before, each.after) for each in changes(bill("May"), bill("June"))} == {("by May;", "by June;")}


def test_that_only_headings_changed_is_not_said_to_be_nothing():
    assert changes([RELIEF], [Section("2", "Remedies", RELIEF.text)]) == []
    assert wording.summary([]) == "no section’s text changed"


def test_a_section_that_is_gone_is_named():
    assert changes([SHORT, RELIEF], [SHORT]) == [Change("Sec. 2. Relief", RELIEF.text, "")]


def test_a_section_of_thousands_of_like_clauses_is_compared_in_bounded_time():
    before, after = (Section("2", "Relief", f"Begin. {'Alike. ' * 5_000}Now {sign}.") for sign in "ab")
    assert changes([before], [after]) == [Change("Sec. 2. Relief", "Now a.", "Now b.")]


def test_two_texts_that_begin_alike_are_not_said_to_have_become_the_same():
    change = Change("Sec. 2. Relief", f"{'A court shall ' * 99}grant it.", f"{'A court shall ' * 99}seal it.")
    assert wording.change_line(change) == "Sec. 2. Relief: rewritten; both texts are in the file"


@given(SECTIONS)
def test_a_text_does_not_differ_from_itself(sections):
    assert changes(sections, sections) == []


@given(SECTIONS, SECTIONS)
def test_every_clause_is_either_common_or_in_a_change(before, after):
    def words(texts: Iterable[str]) -> Counter[str]:
        return Counter(" ".join(texts).split())

    results = changes(before, after)
    removed, added = words(each.before for each in results), words(each.after for each in results)
    assert words(each.text for each in before) - removed == words(each.text for each in after) - added


def test_versions_without_dates_stand_in_the_order_a_bill_gets_them():
    codes = ("enr", "ih", "rds", "eh", "rh", "")
    assert [item.code for item in in_order([TextVersion(code, code) for code in codes])] == [
        "ih",
        "rh",
        "eh",
        "rds",
        "enr",
    ]


def test_plain_text_is_read_by_its_section_headings():
    assert read_text(PLAIN) == (
        Section("1", "Short title", 'This Act may be cited as the "Relief Act".'),
        Section("2", "Relief", "A court & clerk shall grant it."),
    )


def test_what_a_committee_struck_out_and_what_is_only_quoted_are_no_sections_of_the_text():
    text = b"""<?xml version="1.0"?><bill><legis-body reported-display-style="strikethrough"><section><enum>1.</enum>
    <header>Old</header><text>Old.</text></section></legis-body><legis-body><section><enum>1.</enum><header>New</header>
    <text>Amend it<quoted-block><section><enum>9.</enum><header>Quoted</header><text>Q.</text></section></quoted-block>
    </text></section></legis-body></bill>"""
    (section,) = read_text(text)
    assert (section.name, section.text) == ("Sec. 1. New", "Amend it 9. Quoted Q.")


@pytest.mark.parametrize("data", [b"", b"<html><title>404</title></html>", b"<?xml version='1.0'?><bill>", b"\xff\xfe"])
def test_a_file_that_is_not_a_bill_text_is_refused_with_a_reason(data):
    with pytest.raises(Unreadable):
        read_text(data)


def test_an_entity_bomb_is_not_unfolded():
    bomb = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "xxxxxxxxxx"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>
    <bill><legis-body><section><enum>1.</enum><text>&c;</text></section></legis-body></bill>"""
    assert "x" not in read_text(bomb)[0].text
