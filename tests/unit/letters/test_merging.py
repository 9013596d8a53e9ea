"""People's edits merged into a fresh rendering: what both keep, what clashes, and that nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.letters.drafting.merging import GONE, OURS, QUESTIONS, REMOVED, THEIRS, merge, merge_letter, merge_written
from bot.letters.lifecycle import Text, Version
from bot.letters.model import Paragraph, Written

BASE = ("We write on the bill.", "It is in committee with 19 cosponsors.", "Please support it.", "Thank you.")


def written(*paragraphs: str, subject: str = "The bill") -> Written:
    return Written(subject=subject, body=tuple(map(Paragraph, paragraphs)))


def merged(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[str]:
    return [part.text for part in merge_written(written(*BASE), written(*ours), written(*theirs)).body]


def changed(at: int, text: str | None) -> tuple[str, ...]:
    """The rendering with one paragraph changed, or left out."""
    return (*BASE[:at], *([] if text is None else [text]), *BASE[at + 1 :])


NEW = changed(1, "It is in committee with 25 cosponsors.")


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        (BASE, NEW, NEW),
        (NEW, BASE, NEW),
        (NEW, NEW, NEW),
        (changed(2, "We urge you to support it."), NEW, (*NEW[:2], "We urge you to support it.", NEW[3])),
        (changed(2, None), NEW, (NEW[0], NEW[1], NEW[3])),
        ((*BASE[:2], "We met in May.", *BASE[2:]), NEW, (*NEW[:2], "We met in May.", *NEW[2:])),
        # both changed one paragraph, in different places
        (
            changed(1, "It is still in committee with 19 cosponsors."),
            NEW,
            changed(1, "It is still in committee with 25 cosponsors."),
        ),
        # in the same place: both are kept, and a person chooses
        (changed(1, "It has 19 friends."), changed(1, "The House passed it."),
         (BASE[0], f"{OURS} It has 19 friends.", f"{THEIRS} The House passed it.", *BASE[2:])),
        (changed(1, None), NEW, (BASE[0], f"{REMOVED} {NEW[1]}", *BASE[2:])),
        (changed(1, "It has 19 friends."), changed(1, None), (BASE[0], f"{GONE} It has 19 friends.", *BASE[2:])),
    ],
)  # fmt: skip
def test_edits_of_different_places_are_both_kept_and_clashes_are_shown(ours, theirs, result):
    assert merged(ours, theirs) == list(result)


def test_a_subject_that_both_changed_asks_too():
    base, ours, theirs = (written("A", subject=text) for text in ("The bill", "Our bill", "The law"))
    assert merge_written(base, ours, theirs).subject == f"{OURS} Our bill {THEIRS} The law"


def test_what_is_left_of_a_joint_letter_keeps_its_edits():
    base, ours, theirs = (
        Text(written(text, "End."), (id_,))
        for text, id_ in (("Dear both", "joint:chair:A+ranking:A"), ("Dear two", "joint:chair:A+ranking:A"),
                          ("Dear both", "ranking:A"))
    )  # fmt: skip
    (text,) = merge_letter((base,), (ours,), (theirs,))
    assert (text.to, text.written.body[0].text) == (("ranking:A",), "Dear two")


LINES = st.lists(st.sampled_from("abcdef"), max_size=8)


@given(LINES, LINES, LINES)
def test_nothing_that_a_side_added_is_lost(base, ours, theirs):
    regions = list(merge(base, ours, theirs))
    kept = [item for region in regions for item in (*region.ours, *region.theirs)]
    assert {*ours, *theirs} - {*base} <= set(kept)
    assert [i for r in merge(base, ours, base) for i in r.ours] == ours
    assert [i for r in merge(base, base, theirs) for i in r.ours] == theirs
    assert [i for r in merge(base, ours, ours) for i in r.ours] == ours


def test_every_question_stops_a_review():
    texts = (Text(written(*sorted(QUESTIONS)), ("office:ovc",)),)
    version = Version(number=1, texts=texts, by="pol", at=datetime(2026, 11, 30, tzinfo=UTC))
    assert version.blanks == sorted(QUESTIONS)
